//! The round: request, answer, book; again until nothing waits and nothing is left to pull.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guidebook_domain::GrantId;
use guidebook_store::{Changed, Identity, Store, StoreError};
use guidebook_wire::packing::pack;
use guidebook_wire::protocol::{COMPACT_PROTOCOL, OLDEST_PROTOCOL, PROTOCOL, ROUND_PATH};
use guidebook_wire::session::{ChallengeRequestRecord, request_mac, session_proof};
use guidebook_wire::{
    CouponAskRecord, ErrorCode, OperationRecord, ProofRecord, RefreshRecord, RoundAnswerRecord, RoundRecord, SessionRecord,
};
use std::collections::BTreeSet;
use std::time::Instant;
use zeroize::Zeroizing;

use crate::device_key::DeviceKey;
use crate::download::Download;
use crate::server::{Proof, Server};
use crate::{SharedBook, SyncError};

/// A session is renewed this long before it ends, in seconds.
const RENEW_BEFORE_S: u64 = 60;
/// The most comparisons of sums in one round: one a slice, and a few.
const MOST_COMPARISONS: u32 = 70;

/// A round that has asked for codes so often leaves the rest to the next one.
const MOST_REQUESTS: usize = 1_000;

/// What a finished round did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoundReport {
    /// Requests that carried operations or brought a page.
    pub requests: u32,
    /// Operations answered.
    pub answered: u32,
    /// Members changed.
    pub members: u32,
    /// The server's wish for the time until the next round.
    pub come_back_s: Option<u32>,
}

/// What the phone sends next, from what it has. Changes nothing: what is to be asked for or given back of coupons is made by
/// [`Store::settle_coupons`] before.
pub fn prepare(store: &Store) -> Result<RoundRecord, StoreError> {
    let standing = store.standing();
    let operations = store.next_push()?;
    let sums = store.sums();
    Ok(RoundRecord {
        protocol: PROTOCOL,
        epoch: standing.epoch,
        cursor: standing.cursor,
        whole: standing.epoch.and((standing.whole != standing.cursor.feed).then_some(standing.whole)),
        total: standing.epoch.map(|_| sums.total()),
        sums: standing.compare.then_some(sums),
        guide: standing.epoch.and_then(|_| Some(store.identity()?.guide.mark())),
        terse: !operations.is_empty(),
        coupons: store.coupon_ask()?,
        operations: operations.into_iter().map(|o| OperationRecord::Known(Box::new(o))).collect(),
    })
}

/// Syncs one book; keeps its session between rounds, and what has come of a chunk that is not complete.
#[derive(Default)]
pub struct Syncer {
    session: Option<Session>,
    /// The protocol that the server speaks, once it has refused a newer one.
    protocol: Option<u16>,
    download: Download,
    /// The address and the connections of waits.
    line: Option<(String, Server)>,
}

struct Session {
    token: String,
    mac_key: Zeroizing<[u8; 32]>,
    refresh: String,
    began: Instant,
    lives_s: u64,
    server_ms: u64,
}

/// Runs a whole round. `wall_ms` is this phone's clock; `tell` hears of each page that was applied.
pub async fn run(
    book: &SharedBook,
    syncer: &mut Syncer,
    wall_ms: &(dyn Fn() -> u64 + Sync),
    tell: &(dyn Fn(&Changed) + Sync),
) -> Result<RoundReport, SyncError> {
    let identity = book.with(|store| store.identity().cloned().ok_or(SyncError::SignedOut))?;
    let server = Server::at(&identity.server)?;
    let mut report = RoundReport::default();
    let mut comparisons = 0;
    let mut asked = BTreeSet::new();
    book.with(|store| Ok(store.settle_coupons(wall_ms(), &mut random)?))?;
    loop {
        let mut record = book.with(|store| Ok(prepare(store)?))?;
        comparisons += u32::from(record.sums.is_some());
        asked.extend(requests(&record.coupons));
        let mut answer = syncer.ask(&server, &identity, &mut record).await?;
        if answer.wipe {
            return Err(SyncError::Wipe);
        }
        answer.expand(&record);
        report.requests += 1;
        report.come_back_s = answer.come_back_s;
        let answered = answer.receipts.len();
        let (mut changed, waiting) = book.with(|store| {
            let mut changed = store.absorb(answer, wall_ms())?;
            store.settle_coupons(wall_ms(), &mut random)?;
            // A campaign that this page told of, for instance.
            changed.more |= asked.len() < MOST_REQUESTS && requests(&store.coupon_ask()?).any(|request| !asked.contains(&request));
            Ok((changed, store.open_operations()?.0))
        })?;
        report.answered += answered as u32;
        report.members += changed.members.len() as u32;
        tell(&changed);
        if changed.snapshot {
            let mut tell_of_chunk = |chunk: &Changed| {
                report.members += chunk.members.len() as u32;
                tell(chunk);
            };
            match syncer.download.run(book, &server, wall_ms, &mut tell_of_chunk).await {
                Ok(()) => changed.more = true,
                // What the snapshot holds comes in pages as well.
                Err(SyncError::NotUnderstood) => syncer.protocol = Some(OLDEST_PROTOCOL),
                Err(other) => return Err(other),
            }
            continue;
        }
        // Operations without an answer wait for the next round: a server that passes them over must not hold us here,
        // nor one that wants to compare for ever.
        let more = changed.more && comparisons <= MOST_COMPARISONS;
        if !more && (waiting == 0 || answered == 0) {
            return Ok(report);
        }
    }
}

fn requests(ask: &Option<CouponAskRecord>) -> impl Iterator<Item = GrantId> + '_ {
    ask.iter().flat_map(|ask| &ask.asks).map(|ask| ask.request)
}

fn random() -> Result<[u8; 10], StoreError> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(|_| StoreError::NoRandomness)?;
    Ok(random)
}

impl Syncer {
    /// Sends one request; a session that has ended in between is made anew, once, and so is a request that the server
    /// is too old for.
    async fn ask(&mut self, server: &Server, identity: &Identity, record: &mut RoundRecord) -> Result<RoundAnswerRecord, SyncError> {
        match self.send(server, identity, record).await {
            Err(SyncError::Refused { code: ErrorCode::SignedOut, .. }) => self.session = None,
            Err(SyncError::UpgradeNeeded) if self.protocol.is_none() => self.protocol = Some(OLDEST_PROTOCOL),
            other => return other,
        }
        self.send(server, identity, record).await
    }

    async fn send(&mut self, server: &Server, identity: &Identity, record: &mut RoundRecord) -> Result<RoundAnswerRecord, SyncError> {
        record.protocol = self.protocol.unwrap_or(PROTOCOL);
        let body = serde_json::to_vec(record).map_err(|_| SyncError::NotUnderstood)?;
        let packed = pack(&body).filter(|_| record.protocol >= COMPACT_PROTOCOL);
        let is_packed = packed.is_some();
        let body = packed.unwrap_or(body);
        let proof = self.session(server, identity).await?.proof(ROUND_PATH, &body, record.protocol);
        server.round(body, is_packed, &proof).await
    }

    /// The proof of a request of today's protocol.
    pub(crate) async fn proof(&mut self, server: &Server, identity: &Identity, path: &str, body: &[u8]) -> Result<Proof, SyncError> {
        Ok(self.session(server, identity).await?.proof(path, body, PROTOCOL))
    }

    /// The server at `address`, over connections that are kept from wait to wait. A round makes its own: one that has died
    /// unnoticed would hold it up.
    pub(crate) fn line(&mut self, address: &str) -> Result<Server, SyncError> {
        if let Some((_, server)) = self.line.as_ref().filter(|(at, _)| at == address) {
            return Ok(server.clone());
        }
        let server = Server::at(address)?;
        self.line = Some((address.to_owned(), server.clone()));
        Ok(server)
    }

    /// The session: the one at hand, renewed when it is about to end, or one made with the device's key.
    async fn session(&mut self, server: &Server, identity: &Identity) -> Result<&Session, SyncError> {
        let session = match self.session.take() {
            Some(session) if session.is_fresh() => session,
            Some(session) => match server.refresh(&RefreshRecord { refresh: session.refresh }).await {
                Ok(record) => Session::of(record)?,
                Err(SyncError::Refused { .. }) => prove(server, identity).await?,
                Err(other) => return Err(other),
            },
            None => prove(server, identity).await?,
        };
        Ok(self.session.insert(session))
    }
}

async fn prove(server: &Server, identity: &Identity) -> Result<Session, SyncError> {
    let device = identity.device;
    let challenge = server.challenge(&ChallengeRequestRecord { device }).await?.challenge;
    let signature = DeviceKey::from_secret(&identity.secret_key).sign_text(&session_proof(device, &challenge));
    Session::of(server.session(&ProofRecord { device, challenge, signature }).await?)
}

impl Session {
    fn of(record: SessionRecord) -> Result<Self, SyncError> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(&record.mac_key).map_err(|_| SyncError::NotUnderstood)?);
        let mac_key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| SyncError::NotUnderstood)?;
        Ok(Session {
            token: record.token,
            mac_key: Zeroizing::new(mac_key),
            refresh: record.refresh,
            began: Instant::now(),
            lives_s: record.expires_in_s,
            server_ms: record.server_ms,
        })
    }

    fn is_fresh(&self) -> bool {
        self.began.elapsed().as_secs() + RENEW_BEFORE_S < self.lives_s
    }

    /// The time is the server's at the session's beginning plus what has passed since: this phone's clock may be wrong.
    fn proof(&self, path: &str, body: &[u8], protocol: u16) -> Proof {
        let time_ms = self.server_ms + self.began.elapsed().as_millis() as u64;
        let mac = request_mac(&self.mac_key, "POST", path, body, time_ms);
        Proof { protocol, token: self.token.clone(), time_ms, mac }
    }
}
