//! What the server does by itself, for all retailers: goes on with jobs, settles handovers whose time has come, ends what
//! has a last day. Each part decides inside its write transaction, so that many servers may run it at the same time.

use guidebook_domain::Limits;

use super::handover::settle::Settled;
use super::handover::{job, settle};
use super::terms;
use crate::db::Database;
use crate::error::ServiceError;

/// What one turn did.
#[derive(Debug, Default)]
pub struct Upkeep {
    /// Jobs that it ended.
    pub jobs: usize,
    /// Handovers that it settled.
    pub settled: Settled,
    /// Guides and bindings that it ended.
    pub terms: usize,
}

/// One turn.
pub fn upkeep(db: &dyn Database, limits: &Limits, now_ms: u64) -> Result<Upkeep, ServiceError> {
    let jobs = job::resume(db, limits, now_ms)?;
    let settled = settle::settle_due(db, None, limits, now_ms)?;
    let terms = terms::end_all(db, now_ms)?;
    Ok(Upkeep { jobs, settled, terms })
}
