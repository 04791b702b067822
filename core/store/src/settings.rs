//! What the phone knows of itself: who it is, where it stands in the feed, what time it is.

use guidebook_domain::coupon::IssueClock;
use guidebook_domain::{DeviceId, Editor, Hlc, TenantId, TrustedTime};
use guidebook_wire::snapshot::SnapshotRecord;
use guidebook_wire::{CursorRecord, GuideRecord};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::StoreError;
use crate::vault::Vault;

/// Who this phone is to the server. The device's secret key is zeroed when dropped.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Identity {
    /// Where the server is, for instance `https://guidebook.example`.
    pub server: String,
    /// The retailer.
    #[zeroize(skip)]
    pub tenant: TenantId,
    /// The guide.
    #[zeroize(skip)]
    pub guide: GuideRecord,
    /// This phone.
    #[zeroize(skip)]
    pub device: DeviceId,
    /// Its Ed25519 secret key.
    pub secret_key: [u8; 32],
}

impl Identity {
    /// The guide as the rules know her.
    pub fn editor(&self) -> Editor {
        Editor { guide: self.guide.id.clone(), store: self.guide.store.clone(), brand: self.guide.brand.clone() }
    }
}

/// Where the phone stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Standing {
    /// The server's epoch in which the cursor was given.
    pub epoch: Option<Uuid>,
    /// Up to where the feeds have been applied.
    pub cursor: CursorRecord,
    /// Up to where all of the guide's feed lies here. Behind the cursor amid pages, and 0 while something is to be repaired.
    #[serde(default)]
    pub whole: u64,
    /// Counts the times that the feed had to be taken from the beginning.
    pub generation: i64,
    /// Whether members of an older generation wait to be swept out once the feed has been read to its end.
    pub sweeping: bool,
    /// The generation up to which, itself not, they are swept out: a snapshot begins another one, and may be given up. A book
    /// that was written before this was kept means its newest.
    #[serde(default)]
    pub sweep_below: Option<i64>,
    /// A snapshot that is being taken in.
    #[serde(default)]
    pub snapshot: Option<Incoming>,
    /// Whether the next round is to compare what lies here slice by slice.
    #[serde(default)]
    pub compare: bool,
    /// Server's time minus this phone's, at the last contact, in milliseconds; 0 where it does not matter.
    pub clock_offset_ms: i64,
    /// The last contact, by the server's clock, Unix milliseconds.
    pub last_contact_ms: Option<u64>,
    /// The newest stamp given or seen.
    pub last_hlc: Hlc,
    /// The time that this phone trusts.
    #[serde(default)]
    pub time: TrustedTime,
    /// The time by which coupons are given out.
    #[serde(default)]
    pub issue_clock: IssueClock,
}

impl Standing {
    /// The generation below which members wait to be swept out; none if nobody does.
    pub(crate) fn to_sweep(&self) -> Option<i64> {
        // While a snapshot comes, an older book waits for that one alone, which sweeps by itself at its end.
        let newest = self.snapshot.is_none().then_some(self.generation);
        self.sweep_below.or(newest).filter(|_| self.sweeping)
    }

    /// From now on members below this generation wait to be swept out, or nobody.
    pub(crate) fn sweep(&mut self, below: Option<i64>) {
        (self.sweeping, self.sweep_below) = (below.is_some(), below);
    }
}

/// A snapshot that is being taken in, chunk by chunk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Incoming {
    /// Which.
    pub record: SnapshotRecord,
    /// The number of the next chunk.
    pub next: u32,
}

/// A clock that is off by no more than this is taken as right, in milliseconds: phones keep network time, and the
/// way of an answer takes longer than such clocks differ.
const RIGHT_WITHIN_MS: i64 = 5_000;

/// How far the server's clock is ahead of this phone's, as far as it matters.
pub(crate) fn clock_offset_ms(server_ms: u64, wall_ms: u64) -> i64 {
    let offset = server_ms as i64 - wall_ms as i64;
    if offset.abs() <= RIGHT_WITHIN_MS { 0 } else { offset }
}

pub(crate) const IDENTITY: &str = "identity";
pub(crate) const STANDING: &str = "standing";
/// The secret key with which the phone enrols; the identity holds the same once it has.
pub(crate) const ENROLMENT_KEY: &str = "enrolment_key";
/// A known word, sealed: opens only with the right key.
pub(crate) const CHECK: &str = "check";

pub(crate) fn load<T: DeserializeOwned>(conn: &Connection, vault: &Vault, name: &str) -> Result<Option<T>, StoreError> {
    let mut query = conn.prepare_cached("SELECT sealed FROM setting WHERE name = ?1")?;
    let sealed: Option<Vec<u8>> = query.query_row([name], |row| row.get(0)).optional()?;
    sealed.map(|sealed| vault.open("setting", name, &sealed)).transpose()
}

pub(crate) fn save<T: Serialize>(tx: &Transaction<'_>, vault: &Vault, name: &str, value: &T) -> Result<(), StoreError> {
    let sealed = vault.seal("setting", name, value)?;
    tx.prepare_cached("INSERT OR REPLACE INTO setting (name, sealed) VALUES (?1, ?2)")?.execute(params![name, sealed])?;
    Ok(())
}
