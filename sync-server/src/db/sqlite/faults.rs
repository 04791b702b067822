//! What a simulation does to a database in memory: lays it on a connection of its own, copies it, as a backup does, and
//! takes its room away.

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{SqliteDatabase, lock, prepare, schema};
use crate::db::Result;
use crate::error::ServerError;

/// More pages than any database in memory comes to have: SQLite's own default.
const NO_LIMIT: u32 = 0xffff_fffe;

impl SqliteDatabase {
    /// The database that lies in `writer`, which nobody reads beside it, or a new one where nothing does.
    pub fn from_connection(mut writer: Connection) -> Result<Self> {
        prepare(&writer)?;
        schema::upgrade(&mut writer)?;
        Ok(SqliteDatabase { writer: writer.into(), path: None, readers: Default::default(), catalogues: Default::default() })
    }

    /// Stops serving and gives the connection back.
    pub fn into_connection(self) -> Connection {
        self.writer.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The server stops, something happens to its database, and it starts again.
    pub fn restart(&mut self, work: impl FnOnce(&Connection)) {
        work(&lock(&self.writer));
        self.catalogues = Default::default();
    }

    /// How many rows were ever written or deleted over this connection: where the number stands still, nothing has changed.
    pub fn rows_changed(&self) -> u64 {
        lock(&self.writer).total_changes()
    }

    /// Another database in memory that holds the same.
    pub fn copy(&self) -> Result<Connection> {
        let mut copy = Connection::open_in_memory()?;
        if Backup::new(&lock(&self.writer), &mut copy)?.step(-1)? != StepResult::Done {
            return Err(ServerError::Corrupt("a whole copy"));
        }
        Ok(copy)
    }

    /// Lets the database grow by at most `pages`, as on a disk that is nearly full; by any number again for `None`.
    pub fn limit_growth(&self, pages: Option<u32>) -> Result<()> {
        let writer = lock(&self.writer);
        let held: u32 = writer.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let most = pages.map_or(NO_LIMIT, |pages| held + pages);
        Ok(writer.query_row(&format!("PRAGMA max_page_count = {most}"), [], |_| Ok(()))?)
    }
}
