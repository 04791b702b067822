//! Locks on what has no row of its own: a retailer's dictionary, its imports, a phone number that nobody has yet.
//!
//! They are advisory locks of the transaction: queued in the order in which they were asked for and let go by the commit.

use std::collections::BTreeSet;

use guidebook_domain::{Phone, TenantId};
use sha2::{Digest, Sha256};

use super::row::PgTx;
use crate::db::{Result, Write};

/// Phone numbers share so many locks for each retailer, so that a large import does not fill the database's table of
/// locks.
const PHONE_LOCKS: u64 = 1024;

/// What a transaction has locked.
pub struct Locks {
    /// The database's own name: others may keep locks in the same cluster.
    site: String,
    held: BTreeSet<(i64, bool)>,
}

impl Locks {
    /// No locks.
    pub fn new(site: &str) -> Self {
        Locks { site: site.to_owned(), held: BTreeSet::new() }
    }

    fn key(&self, tenant: &TenantId, thing: &str) -> i64 {
        let digest = Sha256::new().chain_update(&self.site).chain_update([0]).chain_update(thing).chain_update([0]);
        let digest = digest.chain_update(tenant.as_str()).finalize();
        let mut key = [0; 8];
        key.copy_from_slice(&digest[..8]);
        i64::from_be_bytes(key)
    }

    fn phone(&self, tenant: &TenantId, phone: &Phone) -> i64 {
        let digest = Sha256::digest(phone.expose());
        let lock = u64::from(u16::from_be_bytes([digest[0], digest[1]])) % PHONE_LOCKS;
        self.key(tenant, &format!("phone {lock}"))
    }
}

impl PgTx<'_> {
    /// Nobody changes the dictionary before this transaction has ended; whoever changes it is alone.
    pub(super) fn lock_catalogue(&mut self, tenant: &TenantId) -> Result<()> {
        match self.what {
            None => Ok(()),
            Some(Write::Tags | Write::Restore) => self.lock_catalogue_alone(tenant),
            Some(Write::Import) => {
                // Imports depend on each other's rows in every direction: one batch at a time, whoever runs it.
                self.lock(vec![self.locks.key(tenant, "import")], false)?;
                self.lock(vec![self.locks.key(tenant, "catalogue")], true)
            }
            Some(
                Write::Setup
                | Write::Round
                | Write::Page
                | Write::Enrol
                | Write::Session
                | Write::Snapshot
                | Write::Ownership
                | Write::Unmerge
                | Write::Campaign
                | Write::Grant
                | Write::Till,
            ) => self.lock(vec![self.locks.key(tenant, "catalogue")], true),
        }
    }

    /// This transaction changes the dictionary.
    pub(super) fn lock_catalogue_alone(&mut self, tenant: &TenantId) -> Result<()> {
        self.lock(vec![self.locks.key(tenant, "catalogue")], false)
    }

    /// Nobody else numbers handovers and jobs before this transaction has ended.
    pub(super) fn lock_handovers(&mut self, tenant: &TenantId) -> Result<()> {
        self.lock(vec![self.locks.key(tenant, "handovers")], false)
    }

    /// Nobody else looks these numbers up, or gives them to a member, before this transaction has ended.
    pub(super) fn lock_phones<'p>(&mut self, tenant: &TenantId, phones: impl IntoIterator<Item = &'p Phone>) -> Result<()> {
        let keys: BTreeSet<i64> = phones.into_iter().map(|phone| self.locks.phone(tenant, phone)).collect();
        self.lock(keys.into_iter().collect(), false)
    }

    /// Takes the locks that are not held, in the order of their keys.
    fn lock(&mut self, mut keys: Vec<i64>, shared: bool) -> Result<()> {
        keys.retain(|key| !self.locks.held.contains(&(*key, false)) && !self.locks.held.contains(&(*key, shared)));
        if !self.writes() || keys.is_empty() {
            return Ok(());
        }
        keys.sort_unstable();
        let sql = if shared {
            "SELECT pg_advisory_xact_lock_shared(key) FROM unnest($1::bigint[]) AS key"
        } else {
            "SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS key"
        };
        self.rows(sql, &[&keys])?;
        self.locks.held.extend(keys.into_iter().map(|key| (key, shared)));
        Ok(())
    }
}
