//! A phone at the level of the protocol: it enrols, proves itself and sends rounds as JSON, and keeps no book. Made
//! of blocking sockets, so that thousands of them can be played by a few threads.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guidebook_domain::{DeviceId, Edit, GuideId, Hlc, MemberId, Operation, OperationId};
use guidebook_sync::device_key::DeviceKey;
use guidebook_wire::enrol::enrol_proof;
use guidebook_wire::protocol::{CHALLENGE_PATH, ENROL_PATH, LIVE_PATH, REFRESH_PATH, ROUND_PATH, SESSION_PATH};
use guidebook_wire::session::{ChallengeRequestRecord, MAC_HEADER, TIME_HEADER, request_mac, session_proof};
use guidebook_wire::{ChallengeRecord, EnrolRecord, EnrolledRecord, ProofRecord, RefreshRecord, SessionRecord};
use serde_json::{Value, json};

use super::Failure;
use super::load::answer_end;
use crate::simulation::chance::Chance;

/// The oldest protocol's words, which every server must answer.
const WORDS_OF: u16 = guidebook_wire::protocol::OLDEST_PROTOCOL;

/// A kept connection to a server.
pub struct Line {
    stream: TcpStream,
    held: Vec<u8>,
}

impl Line {
    /// Connects to `address`, `http://host:port`.
    pub fn to(address: &str) -> Result<Line, Failure> {
        let stream = TcpStream::connect(address.trim_start_matches("http://").trim_end_matches('/'))?;
        stream.set_nodelay(true)?;
        Ok(Line { stream, held: Vec::new() })
    }

    /// Posts `body`; the answer's body, or its status and words where it is no success.
    pub fn post(&mut self, path: &str, headers: &str, body: &[u8]) -> Result<Vec<u8>, Failure> {
        self.stream.write_all(&[head(path, headers, body.len()).as_bytes(), body].concat())?;
        self.held.clear();
        let mut chunk = [0; 64 * 1024];
        loop {
            if let Some(end) = answer_end(&self.held) {
                let answer = self.held.get(end.body..end.end).ok_or("a broken answer")?.to_vec();
                return if end.status == 200 {
                    Ok(answer)
                } else {
                    Err(format!("status {}: {}", end.status, String::from_utf8_lossy(&answer)).into())
                };
            }
            match self.stream.read(&mut chunk)? {
                0 => return Err("the server hung up".into()),
                n => self.held.extend_from_slice(&chunk[..n]),
            }
        }
    }
}

/// A phone.
pub struct RawPhone {
    device: DeviceId,
    guide: GuideId,
    key: DeviceKey,
    session: Option<SessionRecord>,
    standing: Value,
    chance: Chance,
    count: u16,
}

impl RawPhone {
    /// Enrols with HQ's `code`; `seed` decides the phone's key and the ids of its operations.
    pub fn enrol(line: &mut Line, code: &str, seed: u64) -> Result<RawPhone, Failure> {
        let mut chance = Chance::new(seed);
        let key = DeviceKey::from_secret(&chance.bytes());
        let record = EnrolRecord {
            code: code.to_owned(),
            public_key: key.public_text(),
            device_name: "bench".to_owned(),
            signature: key.sign_text(&enrol_proof(code, &key.public())),
            returning: None,
        };
        let enrolled: EnrolledRecord = ask(line, ENROL_PATH, &record)?;
        let standing = json!({"epoch": null, "cursor": {"feed": 0, "catalogue": 0}});
        Ok(RawPhone { device: enrolled.device, guide: enrolled.guide.id, key, session: None, standing, chance, count: 0 })
    }

    /// One round with these edits; the answer. Where the phone stands is kept.
    pub fn round(&mut self, line: &mut Line, operations: &[Operation]) -> Result<Value, Failure> {
        let mut record = json!({"protocol": WORDS_OF, "cursor": self.standing["cursor"]});
        if !self.standing["epoch"].is_null() {
            record["epoch"] = self.standing["epoch"].clone();
        }
        if !operations.is_empty() {
            record["operations"] = serde_json::to_value(operations)?;
        }
        let body = serde_json::to_vec(&record)?;
        let session = match self.session.take() {
            Some(session) => session,
            None => self.prove(line)?,
        };
        let headers = signed(&session, ROUND_PATH, &body)?;
        let answer: Value = serde_json::from_slice(&line.post(ROUND_PATH, &headers, &body)?)?;
        self.session = Some(session);
        self.standing = json!({"epoch": answer["epoch"], "cursor": answer["cursor"]});
        Ok(answer)
    }

    /// The bytes of a request that waits for news, for at most so many seconds. Needs a session, as after a round.
    pub fn live_request(&self, wait_s: u32) -> Result<Vec<u8>, Failure> {
        let session = self.session.as_ref().ok_or("no session")?;
        let body = serde_json::to_vec(&json!({"epoch": self.standing["epoch"], "cursor": self.standing["cursor"], "wait_s": wait_s}))?;
        let head = head(LIVE_PATH, &signed(session, LIVE_PATH, &body)?, body.len());
        Ok([head.as_bytes(), &body].concat())
    }

    /// Pulls everything; the members' records.
    pub fn pull(&mut self, line: &mut Line) -> Result<Vec<Value>, Failure> {
        let mut members = Vec::new();
        loop {
            let mut answer = self.round(line, &[])?;
            let changes = answer["changes"].as_array_mut().map(std::mem::take).unwrap_or_default();
            members.extend(changes.into_iter().map(|mut change| change["member"].take()).filter(|member| !member.is_null()));
            if answer["more"] != json!(true) {
                return Ok(members);
            }
        }
    }

    /// An edit of `member`.
    pub fn edit(&mut self, member: &str, edit: Edit) -> Result<Operation, Failure> {
        let now = now_ms();
        self.count = self.count.wrapping_add(1);
        let id = OperationId::from_time(now, self.chance.bytes());
        let member = Some(MemberId::new(member)?);
        Ok(Operation { id, device: self.device, guide: self.guide.clone(), hlc: Hlc::new(now, self.count), member, edit })
    }

    /// Gets a session.
    pub fn prove(&self, line: &mut Line) -> Result<SessionRecord, Failure> {
        let device = self.device;
        let challenge = ask::<ChallengeRecord>(line, CHALLENGE_PATH, &ChallengeRequestRecord { device })?.challenge;
        let signature = self.key.sign_text(&session_proof(device, &challenge));
        ask(line, SESSION_PATH, &ProofRecord { device, challenge, signature })
    }

    /// Renews the session, before it ends or after.
    pub fn renew(&mut self, line: &mut Line) -> Result<(), Failure> {
        let refresh = self.session.take().ok_or("no session")?.refresh;
        self.session = Some(ask(line, REFRESH_PATH, &RefreshRecord { refresh })?);
        Ok(())
    }

    /// Gets a session now, so that the next round needs none.
    pub fn sign_in(&mut self, line: &mut Line) -> Result<(), Failure> {
        self.session = Some(self.prove(line)?);
        Ok(())
    }
}

fn head(path: &str, headers: &str, length: usize) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\n\r\n")
}

/// The headers by which a session proves a request.
fn signed(session: &SessionRecord, path: &str, body: &[u8]) -> Result<String, Failure> {
    let key: [u8; 32] = URL_SAFE_NO_PAD.decode(&session.mac_key)?.try_into().map_err(|_| "not a key")?;
    let time_ms = now_ms();
    let mac = URL_SAFE_NO_PAD.encode(request_mac(&key, "POST", path, body, time_ms));
    Ok(format!("authorization: Guidebook {}\r\n{TIME_HEADER}: {time_ms}\r\n{MAC_HEADER}: {mac}\r\n", session.token))
}

fn ask<A: serde::de::DeserializeOwned>(line: &mut Line, path: &str, record: &impl serde::Serialize) -> Result<A, Failure> {
    Ok(serde_json::from_slice(&line.post(path, "", &serde_json::to_vec(record)?)?)?)
}

/// Unix milliseconds.
pub fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_millis() as u64)
}
