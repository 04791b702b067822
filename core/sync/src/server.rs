//! The server's endpoints, over HTTP with rustls.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guidebook_wire::last_words::SIGNATURE_HEADER;
use guidebook_wire::packing::{ENCODING, unpack};
use guidebook_wire::protocol::{
    CHALLENGE_PATH, ENROL_PATH, LAST_WORDS_PATH, LIVE_PATH, REFRESH_PATH, ROUND_PATH, SESSION_PATH, SNAPSHOT_PATH,
};
use guidebook_wire::session::{AUTHORIZATION, ChallengeRequestRecord, MAC_HEADER, SENT_MAC_BYTES, TIME_HEADER};
use guidebook_wire::{
    ChallengeRecord, EnrolRecord, EnrolledRecord, ErrorCode, ErrorRecord, LastWordsAnswerRecord, LiveAnswerRecord, ProofRecord,
    RefreshRecord, RoundAnswerRecord, SessionRecord,
};
use reqwest::{RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::SyncError;

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 64 << 20;
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// A connection on which nothing comes is looked after so often: one that waits for news and has died is known soon.
const KEPT_ALIVE_BY: Duration = Duration::from_secs(15);
/// When a server is busy and does not say for how long.
const USUAL_PAUSE_S: u32 = 30;

/// A server at an address. Connections are kept between requests.
#[derive(Clone)]
pub struct Server {
    client: reqwest::Client,
    base: Url,
}

/// What a signed request carries beside its body.
pub struct Proof {
    /// The protocol that the server speaks.
    pub protocol: u16,
    /// The access token.
    pub token: String,
    /// The time under the HMAC, Unix milliseconds.
    pub time_ms: u64,
    /// The HMAC.
    pub mac: [u8; 32],
}

impl Proof {
    fn mac_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.mac)
    }

    fn credential(&self) -> String {
        match self.protocol {
            1 => format!("Guidebook {}", self.token),
            _ => format!("Guidebook {}.{}.{}", self.token, self.time_ms, URL_SAFE_NO_PAD.encode(&self.mac[..SENT_MAC_BYTES])),
        }
    }
}

impl Server {
    /// The server at `https://…`, or at `http://` on loopback.
    pub fn at(address: &str) -> Result<Self, SyncError> {
        let base = Url::parse(address).map_err(|_| SyncError::BadAddress)?;
        let loopback = matches!(base.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if base.scheme() != "https" && !(base.scheme() == "http" && loopback) {
            return Err(SyncError::BadAddress);
        }
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .tcp_keepalive(KEPT_ALIVE_BY)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|_| SyncError::BadAddress)?;
        Ok(Server { client, base })
    }

    /// Answers to HQ's code.
    pub async fn enrol(&self, record: &EnrolRecord) -> Result<EnrolledRecord, SyncError> {
        self.post(ENROL_PATH, record).await
    }

    /// Asks for a challenge.
    pub async fn challenge(&self, record: &ChallengeRequestRecord) -> Result<ChallengeRecord, SyncError> {
        self.post(CHALLENGE_PATH, record).await
    }

    /// Proves the device's key.
    pub async fn session(&self, record: &ProofRecord) -> Result<SessionRecord, SyncError> {
        self.post(SESSION_PATH, record).await
    }

    /// Renews a session.
    pub async fn refresh(&self, record: &RefreshRecord) -> Result<SessionRecord, SyncError> {
        self.post(REFRESH_PATH, record).await
    }

    /// One round. `body` is what the proof covers; `packed`: whether it is compressed.
    pub async fn round(&self, body: Vec<u8>, packed: bool, proof: &Proof) -> Result<RoundAnswerRecord, SyncError> {
        let url = self.base.join(ROUND_PATH).map_err(|_| SyncError::BadAddress)?;
        let mut request = self.client.post(url).body(body).header(AUTHORIZATION, proof.credential());
        request = match proof.protocol {
            1 => request.header("content-type", "application/json").header(TIME_HEADER, proof.time_ms).header(MAC_HEADER, proof.mac_text()),
            _ => request.header("accept-encoding", ENCODING),
        };
        if packed {
            request = request.header("content-encoding", ENCODING);
        }
        read(request).await
    }

    /// Waits for news, no longer than `within`. `body` is what the proof covers.
    pub async fn live(&self, body: Vec<u8>, proof: &Proof, within: Duration) -> Result<LiveAnswerRecord, SyncError> {
        read(self.request(LIVE_PATH, body)?.header(AUTHORIZATION, proof.credential()).timeout(within)).await
    }

    /// The bytes of a snapshot from `from` on, as they come.
    pub async fn snapshot(&self, name: &str, from: u64) -> Result<Response, SyncError> {
        let url = self.base.join(&format!("{SNAPSHOT_PATH}{name}")).map_err(|_| SyncError::BadAddress)?;
        let mut request = self.client.get(url);
        if from > 0 {
            request = request.header("range", format!("bytes={from}-"));
        }
        let response = request.send().await.map_err(|_| SyncError::Offline)?;
        match response.status() {
            StatusCode::OK if from == 0 => Ok(response),
            StatusCode::PARTIAL_CONTENT if from > 0 => Ok(response),
            status if status.is_server_error() => Err(SyncError::Offline),
            _ => Err(SyncError::NotUnderstood),
        }
    }

    /// Last words of a revoked phone. `body` is the serialised record that the signature covers; the answer is waited for
    /// no longer than `within`.
    pub async fn last_words(&self, body: Vec<u8>, signature: String, within: Duration) -> Result<LastWordsAnswerRecord, SyncError> {
        read(self.request(LAST_WORDS_PATH, body)?.header(SIGNATURE_HEADER, signature).timeout(within)).await
    }

    async fn post<A: DeserializeOwned>(&self, path: &str, record: &impl Serialize) -> Result<A, SyncError> {
        let body = serde_json::to_vec(record).map_err(|_| SyncError::NotUnderstood)?;
        read(self.request(path, body)?).await
    }

    fn request(&self, path: &str, body: Vec<u8>) -> Result<RequestBuilder, SyncError> {
        let url = self.base.join(path).map_err(|_| SyncError::BadAddress)?;
        Ok(self.client.post(url).header("content-type", "application/json").body(body))
    }
}

async fn read<A: DeserializeOwned>(request: RequestBuilder) -> Result<A, SyncError> {
    let mut response = request.send().await.map_err(|_| SyncError::Offline)?;
    let status = response.status();
    let packed = response.headers().get("content-encoding").is_some_and(|encoding| encoding == ENCODING);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| SyncError::Offline)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(SyncError::NotUnderstood);
        }
        body.extend_from_slice(&chunk);
    }
    if packed {
        body = unpack(&body, LONGEST_ANSWER).map_err(|_| SyncError::NotUnderstood)?;
    }
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|_| SyncError::NotUnderstood);
    }
    Err(refusal(status, &body))
}

/// The error for a refused request: the server's own word, or what the status says where a proxy has answered.
fn refusal(status: StatusCode, body: &[u8]) -> SyncError {
    let Ok(record) = serde_json::from_slice::<ErrorRecord>(body) else {
        return if status.is_server_error() { SyncError::Offline } else { SyncError::NotUnderstood };
    };
    match record.error {
        ErrorCode::Revoked => SyncError::Revoked,
        ErrorCode::UpgradeNeeded => SyncError::UpgradeNeeded,
        ErrorCode::Busy => SyncError::Busy { come_back_s: record.come_back_s.unwrap_or(USUAL_PAUSE_S) },
        code @ (ErrorCode::Invalid
        | ErrorCode::SignedOut
        | ErrorCode::Forbidden
        | ErrorCode::NotFound
        | ErrorCode::Conflict
        | ErrorCode::TooLarge
        | ErrorCode::Internal
        | ErrorCode::Unknown) => SyncError::Refused { code, field: record.field.unwrap_or_default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_or_loopback_is_an_address() {
        for good in ["https://guidebook.example", "http://127.0.0.1:8080", "http://[::1]:1"] {
            assert!(Server::at(good).is_ok(), "{good}");
        }
        for bad in ["", "guidebook.example", "http://guidebook.example", "http://127.0.0.1.example", "file:///etc"] {
            assert!(matches!(Server::at(bad), Err(SyncError::BadAddress)), "{bad}");
        }
    }

    #[test]
    fn a_proxy_s_own_error_page_means_no_answer() {
        assert!(matches!(refusal(StatusCode::BAD_GATEWAY, b"<html>"), SyncError::Offline));
        let revoked = refusal(StatusCode::FORBIDDEN, br#"{"error":"revoked"}"#);
        assert!(matches!(revoked, SyncError::Revoked));
        let word_of_tomorrow = refusal(StatusCode::IM_A_TEAPOT, br#"{"error":"teapot"}"#);
        assert!(matches!(word_of_tomorrow, SyncError::Refused { code: ErrorCode::Unknown, .. }));
    }
}
