//! A database that says when something was written that somebody may wait for.

use std::sync::Arc;

use super::Hub;
use crate::db::secrets::Hash;
use crate::db::{CatalogueCache, Database, Result, Work, Write};

/// A database and the hub that hears of its commits.
pub struct Stirring {
    db: Arc<dyn Database>,
    hub: Arc<Hub>,
}

impl Stirring {
    /// `db`, whose commits `hub` hears of.
    pub fn new(db: Arc<dyn Database>, hub: Arc<Hub>) -> Self {
        Stirring { db, hub }
    }
}

impl Database for Stirring {
    fn read(&self, work: Work<'_>) -> Result<()> {
        self.db.read(work)
    }

    fn write(&self, what: Write, work: Work<'_>) -> Result<()> {
        self.db.write(what, work)?;
        if may_be_news(what) {
            self.hub.stir();
        }
        Ok(())
    }

    fn catalogues(&self) -> &CatalogueCache {
        self.db.catalogues()
    }

    fn reads_at_once(&self) -> bool {
        self.db.reads_at_once()
    }

    fn grew(&self) {
        self.db.grew();
    }

    fn shares_secret(&self, fingerprint: &Hash) -> Result<bool> {
        self.db.shares_secret(fingerprint)
    }
}

/// Whether such a write may move a feed or end a device's time.
fn may_be_news(what: Write) -> bool {
    match what {
        Write::Round
        | Write::Enrol
        | Write::Restore
        | Write::Import
        | Write::Tags
        | Write::Ownership
        | Write::Unmerge
        | Write::Campaign => true,
        Write::Setup | Write::Page | Write::Session | Write::Snapshot | Write::Grant | Write::Till => false,
    }
}
