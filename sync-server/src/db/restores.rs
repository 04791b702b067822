//! Restores from a backup: what came before, and since when the database has forgotten.

use guidebook_domain::TenantId;
use uuid::Uuid;

use super::Result;

/// A restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restore {
    /// The epoch that it ended.
    pub before: Uuid,
    /// The time of the newest thing that the backup remembers, Unix milliseconds.
    pub forgotten_since_ms: u64,
}

/// Rows about restores.
pub trait RestoreTx {
    /// The tenant's restores, oldest first.
    fn restores(&mut self, tenant: &TenantId) -> Result<Vec<Restore>>;
    /// Ends the tenant's epoch and begins another.
    fn begin_epoch(&mut self, tenant: &TenantId, ended: &Restore, epoch: Uuid) -> Result<()>;
}
