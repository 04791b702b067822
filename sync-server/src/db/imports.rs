//! Runs of the importer, what they saw and what they refused.

use guidebook_domain::TenantId;
use serde::Serialize;
use uuid::Uuid;

use super::Result;

/// A refused row of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedRow {
    /// Its number among the refused, from 1.
    pub seq: u64,
    /// The file, for instance `members`.
    pub file: String,
    /// The line at which the row begins.
    pub line: u64,
    /// The column.
    pub field: String,
    /// Why.
    pub reason: String,
}

/// Rows of import runs.
pub trait ImportTx {
    /// Adds a run.
    fn start_run(&mut self, tenant: &TenantId, run: Uuid, table: &str, at_ms: u64) -> Result<()>;
    /// Whether there is such a run.
    fn run_exists(&mut self, tenant: &TenantId, run: Uuid) -> Result<bool>;
    /// Notes that this run saw `key` at `line`, unless it did before: then the line of that time is given.
    fn see(&mut self, tenant: &TenantId, run: Uuid, key: &str, line: u64) -> Result<Option<u64>>;
    /// The line at which this run saw `key`.
    fn seen(&mut self, tenant: &TenantId, run: Uuid, key: &str) -> Result<Option<u64>>;
    /// Forgets what this run saw, and all runs that began before `before_ms`.
    fn forget_seen(&mut self, tenant: &TenantId, run: Uuid, before_ms: u64) -> Result<()>;
    /// Adds a refused row.
    fn refuse(&mut self, tenant: &TenantId, run: Uuid, row: &RefusedRow) -> Result<()>;
    /// Refused rows after `after`, at most `limit`.
    fn refusals_after(&mut self, tenant: &TenantId, run: Uuid, after: u64, limit: usize) -> Result<Vec<RefusedRow>>;
}
