//! Two servers over one database: between two transactions of one request, the other server carries out something else.

use std::sync::Mutex;

use guidebook_server::db::{CatalogueCache, Database, Result, SqliteDatabase, Work, Write};

/// What the other server does, once.
type Other<'w> = Box<dyn FnOnce() + Send + 'w>;

/// A database of which another server makes use as well.
pub struct Shared<'w> {
    db: &'w SqliteDatabase,
    /// Before how many more transactions the other server's turn is, and what it does.
    other: Mutex<(u32, Option<Other<'w>>)>,
}

impl<'w> Shared<'w> {
    /// `other` happens before transaction `at` of the request, counted from 0.
    pub fn new(db: &'w SqliteDatabase, at: u32, other: impl FnOnce() + Send + 'w) -> Self {
        Shared { db, other: Mutex::new((at, Some(Box::new(other)))) }
    }

    fn turn(&self) {
        let mut other = self.other.lock().expect("one thread plays a schedule");
        match other.0.checked_sub(1) {
            Some(left) => other.0 = left,
            None => {
                if let Some(work) = other.1.take() {
                    work();
                }
            }
        }
    }
}

impl Database for Shared<'_> {
    fn read(&self, work: Work<'_>) -> Result<()> {
        self.turn();
        self.db.read(work)
    }

    fn catalogues(&self) -> &CatalogueCache {
        self.db.catalogues()
    }

    fn write(&self, what: Write, work: Work<'_>) -> Result<()> {
        self.turn();
        self.db.write(what, work)
    }
}
