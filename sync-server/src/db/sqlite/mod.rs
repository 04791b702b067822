//! SQLite: one writer behind a lock, readers on their own connections, every commit on disk before it is answered.

mod campaigns;
mod catalogue;
mod coupon_report;
mod coupons;
mod devices;
mod directory;
#[cfg(feature = "failpoints")]
mod faults;
mod feeds;
mod grants;
mod handovers;
mod held;
mod imports;
mod live;
mod members;
mod operations;
mod orders;
mod restores;
mod row;
pub mod schema;
mod secrets;
mod sent;
mod signing;
mod snapshots;
mod standing;
mod terms;
mod tills;
pub(crate) mod work;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{CatalogueCache, Database, Result, Tx, Work, Write};
use crate::failpoint;
use held::Held;
use row::SqliteTx;

/// How many idle readers are kept. To open one costs more than most of what is read.
const IDLE_READERS: usize = 16;

/// How long a connection waits for another process, such as `guidebook-server import`.
const BUSY: Duration = Duration::from_secs(30);

/// Memory for the writer's pages, KiB: an import goes to and fro over all members. Readers do with SQLite's own.
const WRITER_PAGES_KIB: i64 = 20 * 1024;

/// How far the WAL grows before its pages are put where they belong, pages of 4 KiB. An import and a push of a thousand edits
/// write the same pages again and again: the more there are in it, the fewer are written twice.
const WAL_PAGES: i64 = 8 * 1024;

/// A database in a file, or in memory.
pub struct SqliteDatabase {
    writer: Mutex<Connection>,
    /// Where readers find it. In memory there is one connection for all.
    path: Option<PathBuf>,
    readers: Mutex<Vec<Connection>>,
    catalogues: CatalogueCache,
}

impl SqliteDatabase {
    /// Opens or creates the database at `path`.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        make_private(&path)?;
        let mut writer = Connection::open(&path)?;
        writer.busy_timeout(BUSY)?;
        // Look at the version before anything is written.
        check_version(&writer)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        writer.pragma_update(None, "cache_size", -WRITER_PAGES_KIB)?;
        writer.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
        prepare(&writer)?;
        schema::upgrade(&mut writer)?;
        Ok(SqliteDatabase {
            writer: Mutex::new(writer),
            path: Some(path),
            readers: Mutex::default(),
            catalogues: CatalogueCache::default(),
        })
    }

    /// A database that lives as long as this value.
    pub fn in_memory() -> Result<Self> {
        let mut writer = Connection::open_in_memory()?;
        prepare(&writer)?;
        schema::upgrade(&mut writer)?;
        Ok(SqliteDatabase { writer: Mutex::new(writer), path: None, readers: Mutex::default(), catalogues: CatalogueCache::default() })
    }

    fn reader(&self, path: &Path) -> Result<Connection> {
        if let Some(idle) = lock(&self.readers).pop() {
            return Ok(idle);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = Connection::open_with_flags(path, flags)?;
        reader.busy_timeout(BUSY)?;
        keep_statements(&reader)?;
        Ok(reader)
    }
}

impl Database for SqliteDatabase {
    fn read(&self, work: Work<'_>) -> Result<()> {
        let Some(path) = &self.path else { return run_read(&lock(&self.writer), work) };
        let reader = self.reader(path)?;
        let ended = run_read(&reader, work);
        let mut idle = lock(&self.readers);
        if idle.len() < IDLE_READERS && reader.is_autocommit() {
            idle.push(reader);
        }
        ended
    }

    fn write(&self, what: Write, work: Work<'_>) -> Result<()> {
        let mut writer = lock(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut tx = SqliteTx { connection: &transaction, held: Held::writing(what) };
        work(&mut tx)?;
        tx.settle_heads()?;
        failpoint::hit(what.before_commit())?;
        transaction.commit()?;
        failpoint::hit(what.after_commit())
    }

    fn catalogues(&self) -> &CatalogueCache {
        &self.catalogues
    }

    fn reads_at_once(&self) -> bool {
        // In memory, readers share the writer's connection.
        self.path.is_some()
    }
}

impl Tx for SqliteTx<'_> {}

/// Makes the file, if it is not there, for its owner alone; its WAL takes after it.
fn make_private(path: &Path) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

fn run_read(connection: &Connection, work: Work<'_>) -> Result<()> {
    let snapshot = Snapshot::begin(connection)?;
    work(&mut SqliteTx { connection: snapshot.0, held: Held::default() })
}

/// A transaction that reads. Its statements are kept compiled, as all are: to compile them would cost as much as a small read.
struct Snapshot<'c>(&'c Connection);

impl<'c> Snapshot<'c> {
    fn begin(connection: &'c Connection) -> Result<Self> {
        connection.prepare_cached("BEGIN DEFERRED")?.execute([])?;
        Ok(Snapshot(connection))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        let ended = self.0.prepare_cached("ROLLBACK").and_then(|mut statement| statement.execute([]));
        // SQLite itself ends a transaction after some errors; then there is none to end.
        debug_assert!(ended.is_ok() || self.0.is_autocommit());
    }
}

fn check_version(connection: &Connection) -> Result<()> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > schema::VERSION {
        return Err(crate::error::ServerError::NewerDatabase { found, known: schema::VERSION });
    }
    Ok(())
}

fn prepare(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Not by PRAGMA, which throws all compiled statements away.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)?;
    keep_statements(connection)
}

/// Statements are kept compiled. Without the guarantee of stable plans, one with `LIMIT ?` is compiled anew at each run.
fn keep_statements(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(128);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// A panic inside a transaction has rolled it back when its connection was let go, so the lock is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
