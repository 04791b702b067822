//! What a simulation does to a database in memory: copies it, as a backup does, and takes its room away.

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{SqliteDatabase, lock, prepare};
use crate::db::Result;
use crate::error::ServerError;

/// More pages than any database in memory comes to have: SQLite's own default.
const NO_LIMIT: u32 = 0xffff_fffe;

impl SqliteDatabase {
    /// A database in memory that holds the same.
    pub fn copy(&self) -> Result<Self> {
        let mut writer = Connection::open_in_memory()?;
        if Backup::new(&lock(&self.writer), &mut writer)?.step(-1)? != StepResult::Done {
            return Err(ServerError::Corrupt("a whole copy"));
        }
        prepare(&writer)?;
        Ok(SqliteDatabase { writer: writer.into(), path: None, readers: Default::default(), catalogues: Default::default() })
    }

    /// Lets the database grow by at most `pages`, as on a disk that is nearly full; by any number again for `None`.
    pub fn limit_growth(&self, pages: Option<u32>) -> Result<()> {
        let writer = lock(&self.writer);
        let held: u32 = writer.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let most = pages.map_or(NO_LIMIT, |pages| held + pages);
        Ok(writer.query_row(&format!("PRAGMA max_page_count = {most}"), [], |_| Ok(()))?)
    }
}
