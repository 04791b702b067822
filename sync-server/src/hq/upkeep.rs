//! What the server does by itself, for all retailers: goes on with jobs, settles handovers whose time has come, ends what
//! has a last day. Each part decides inside its write transaction, so that many servers may run it at the same time.

use guidebook_domain::Limits;

use super::handover::settle::Settled;
use super::handover::{job, settle};
use super::terms;
use crate::db::Database;
use crate::error::ServiceError;
use crate::import::count_purchases;
use crate::service::coupons::{CouponSecret, reclaim};

/// What one turn did.
#[derive(Debug, Default)]
pub struct Upkeep {
    /// Jobs that it ended.
    pub jobs: usize,
    /// Handovers that it settled.
    pub settled: Settled,
    /// Guides and bindings that it ended.
    pub terms: usize,
    /// Codes that it took back after their coupons' last day.
    pub reclaimed: usize,
    /// Codes that tills held too long.
    pub released: usize,
    /// Redemptions of which it told guides.
    pub told: usize,
    /// Members whose purchases it counted, for an import that brought their orders was broken off.
    pub recounted: usize,
}

/// One turn.
pub fn upkeep(db: &dyn Database, coupons: Option<&CouponSecret>, limits: &Limits, now_ms: u64) -> Result<Upkeep, ServiceError> {
    let jobs = job::resume(db, limits, now_ms)?;
    let settled = settle::settle_due(db, None, limits, now_ms)?;
    let terms = terms::end_all(db, now_ms)?;
    let reclaimed = coupons.map_or(Ok(0), |secret| reclaim::reclaim(db, secret, now_ms))?;
    let released = reclaim::release(db, now_ms)?;
    let told = reclaim::tell_redeemed(db)?;
    reclaim::sweep(db, now_ms)?;
    let recounted = count_purchases(db)?;
    Ok(Upkeep { jobs, settled, terms, reclaimed, released, told, recounted })
}
