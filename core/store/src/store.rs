//! Opening a book, and what is kept in memory while it is open.

use std::collections::BTreeMap;
use std::path::Path;

use ed25519_dalek::SigningKey;
use guidebook_domain::coupon::{Campaign, IssueClock};
use guidebook_domain::{CampaignId, Catalogue, HlcClock, MarkId, MemberId};
use guidebook_wire::DirectoryRecord;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::coupons::marks::KnownMarks;
use crate::coupons::state::CouponStanding;
use crate::outbox::OperationEntry;
use crate::positions::Positions;
use crate::search::{IndexEntry, SearchIndex};
use crate::settings::{self, CHECK, ENROLMENT_KEY, IDENTITY, STANDING, Standing};
use crate::terms::Terms;
use crate::vault::Vault;
use crate::{Identity, Key, StoreError, failpoint, schema};

const CHECK_WORD: &str = "guidebook";

/// An open book. Dropping it zeroes the key and the index.
pub struct Store {
    pub(crate) conn: Connection,
    pub(crate) vault: Vault,
    pub(crate) marks: KnownMarks,
    pub(crate) memory: Memory,
}

/// What is kept in memory while the book is open: all that a list or a search needs.
#[derive(Default)]
pub(crate) struct Memory {
    pub identity: Option<Identity>,
    pub standing: Standing,
    pub clock: HlcClock,
    /// The certain time that was last written down; none before the first look at the clocks.
    pub time_written_ms: Option<u64>,
    pub catalogue: Catalogue,
    pub directory: DirectoryRecord,
    pub aliases: BTreeMap<MemberId, MemberId>,
    /// Edits shown on top of records, by the member whom they are about today.
    pub shown: BTreeMap<MemberId, Vec<OperationEntry>>,
    pub index: SearchIndex,
    pub positions: Positions,
    pub terms: Terms,
    pub campaigns: BTreeMap<CampaignId, Campaign>,
    pub coupons: CouponStanding,
    /// Derived from the identity's secret key at its first use.
    pub device_key: Option<SigningKey>,
    /// The mark under which this process has asked for codes; none before, and while the marks cannot be reached.
    pub mark: Option<MarkId>,
    /// Campaigns and values of which no codes are asked for, up to a certain time.
    pub coupon_pauses: BTreeMap<(CampaignId, u32), u64>,
    /// Members of a snapshot that is being taken in, to be indexed when all are there.
    pub coming: Vec<IndexEntry>,
}

impl Store {
    /// Opens the book at `path`, or makes an empty one if there is no file. A wrong key or a newer version is an
    /// error that leaves the file as it is.
    pub fn open(path: &Path, key: &Key) -> Result<Self, StoreError> {
        if path.exists() {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let looking = Connection::open_with_flags(path, flags)?;
            if schema::version(&looking)? > 0 {
                check_key(&looking, &Vault::new(key))?;
            }
        }
        Self::from_connection(Connection::open(path)?, key)
    }

    /// Opens the book in `conn`; for tests, which keep the connection when they stop a phone.
    pub fn from_connection(mut conn: Connection, key: &Key) -> Result<Self, StoreError> {
        conn.set_prepared_statement_cache_capacity(64);
        // Otherwise a kept statement with `LIMIT ?` is compiled anew each time that it is run.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // Not by PRAGMA, which throws kept statements away.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
             PRAGMA temp_store = MEMORY;",
        )?;
        schema::upgrade(&mut conn)?;
        let vault = Vault::new(key);
        if settings::load::<String>(&conn, &vault, CHECK).is_ok_and(|word| word.is_none()) && is_blank(&conn)? {
            let tx = conn.transaction()?;
            settings::save(&tx, &vault, CHECK, &CHECK_WORD)?;
            tx.commit()?;
        }
        check_key(&conn, &vault)?;
        let mut store = Store { conn, vault, marks: KnownMarks::default(), memory: Memory::default() };
        store.load()?;
        Ok(store)
    }

    /// Closes the book and gives the connection back; for tests.
    pub fn into_connection(self) -> Connection {
        self.conn
    }

    /// Who this phone is, once it is enrolled.
    pub fn identity(&self) -> Option<&Identity> {
        self.memory.identity.as_ref()
    }

    /// Where the phone stands.
    pub fn standing(&self) -> &Standing {
        &self.memory.standing
    }

    /// The tag dictionary, with the guide's own tags.
    pub fn catalogue(&self) -> &Catalogue {
        &self.memory.catalogue
    }

    /// Names of stores, brands and colleagues.
    pub fn directory(&self) -> &DirectoryRecord {
        &self.memory.directory
    }

    /// How many members the book holds.
    pub fn member_count(&self) -> usize {
        self.memory.index.len()
    }

    /// Writes down who this phone is. `server_ms` is the server's time, `wall_ms` this phone's.
    pub fn set_identity(&mut self, identity: Identity, server_ms: u64, wall_ms: u64) -> Result<(), StoreError> {
        let standing = Standing {
            clock_offset_ms: settings::clock_offset_ms(server_ms, wall_ms),
            last_contact_ms: Some(server_ms),
            time: self.memory.standing.time.at_contact(server_ms),
            issue_clock: IssueClock::at_contact(server_ms),
            ..self.memory.standing.clone()
        };
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        settings::save(&tx, &self.vault, IDENTITY, &identity)?;
        settings::save(&tx, &self.vault, STANDING, &standing)?;
        failpoint::hit("store.setting.before_commit")?;
        tx.commit()?;
        failpoint::hit("store.setting.after_commit")?;
        self.memory.identity = Some(identity);
        self.memory.contact_stands(standing);
        Ok(())
    }

    /// The secret key with which this phone enrols. Made at the first call and on the disk before it is given out.
    pub fn enrolment_key(&mut self) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        if let Some(key) = settings::load::<[u8; 32]>(&self.conn, &self.vault, ENROLMENT_KEY)? {
            return Ok(Zeroizing::new(key));
        }
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(key.as_mut_slice()).map_err(|_| StoreError::NoRandomness)?;
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        settings::save(&tx, &self.vault, ENROLMENT_KEY, &*key)?;
        tx.commit()?;
        Ok(key)
    }

    /// The time by the server's clock, as far as this phone knows it. Unix milliseconds.
    pub fn corrected_ms(&self, wall_ms: u64) -> u64 {
        wall_ms.saturating_add_signed(self.memory.standing.clock_offset_ms)
    }
}

/// Whether nothing was ever sealed here.
fn is_blank(conn: &Connection) -> Result<bool, StoreError> {
    Ok(conn.query_row("SELECT NOT EXISTS (SELECT 1 FROM setting)", [], |row| row.get(0))?)
}

fn check_key(conn: &Connection, vault: &Vault) -> Result<(), StoreError> {
    match settings::load::<String>(conn, vault, CHECK) {
        Ok(Some(word)) if word == CHECK_WORD => Ok(()),
        Ok(_) if is_blank(conn)? => Ok(()),
        Ok(_) | Err(StoreError::Damaged(_)) => Err(StoreError::WrongKey),
        Err(other) => Err(other),
    }
}
