//! A guide who leaves, by HQ's word, by a handover or at her date: her devices push once more and are wiped. Whom she
//! served stays bound to her, seen by nobody, until HQ hands those members over.

use chrono::NaiveDate;
use guidebook_domain::{GuideId, TenantId};
use guidebook_wire::ErrorCode;
use serde_json::json;

use crate::clock::{shanghai_day, shanghai_midnight_ms};
use crate::db::devices::{Device, DeviceState};
use crate::db::directory::Guide;
use crate::db::{Database, DatabaseExt, Result, Tx, Write};
use crate::error::ServiceError;
use crate::hq::tell::log_hq;

/// Lets the devices of a guide who left at `at_ms` push once more.
pub fn close_all(tx: &mut dyn Tx, tenant: &TenantId, guide: &GuideId, at_ms: u64) -> Result<()> {
    for device in tx.devices(tenant, Some(guide))? {
        if device.state == DeviceState::Active {
            tx.put_device(&Device { state: DeviceState::Closing { at_ms }, ..device })?;
        }
    }
    Ok(())
}

/// Whether a guide's last day is over and nobody has noted yet that she left.
pub fn is_over(guide: &Guide, now_ms: u64) -> bool {
    guide.left.is_none() && guide.until.is_some_and(|until| until < shanghai_day(now_ms))
}

/// Ends a guide whose last day is over, as of the midnight after it; whether she was there to be ended.
pub fn end_guide(tx: &mut dyn Tx, tenant: &TenantId, guide: &GuideId, now_ms: u64) -> Result<bool> {
    let found = tx.guide(tenant, guide)?.filter(|guide| is_over(guide, now_ms));
    let Some((guide, until)) = found.and_then(|guide| guide.until.map(|until| (guide, until))) else { return Ok(false) };
    close_all(tx, tenant, &guide.id, end_of(until))?;
    log_hq(tx, tenant, None, "guide_ended", json!({ "guide": guide.id, "until": until }), now_ms)?;
    tx.put_guide(tenant, &Guide { left: Some(until), ..guide })?;
    Ok(true)
}

/// The same in a transaction of its own, for a round that meets her before the server's own upkeep does.
pub fn end_guide_now(db: &dyn Database, tenant: &TenantId, guide: &GuideId, now_ms: u64) -> std::result::Result<(), ServiceError> {
    db.writing(Write::Ownership, |tx| end_guide(tx, tenant, guide, now_ms)).map(|_| ()).map_err(ServiceError::from)
}

/// The last moment of a day in Asia/Shanghai, Unix milliseconds.
pub fn end_of(day: NaiveDate) -> u64 {
    shanghai_midnight_ms(day.succ_opt().unwrap_or(day)).saturating_sub(1)
}

/// Refuses a guide who has left.
pub fn refuse_left(guide: &Guide, now_ms: u64) -> std::result::Result<(), ServiceError> {
    if guide.left.is_some() || is_over(guide, now_ms) {
        return Err(ServiceError::about(ErrorCode::Conflict, "guide", "has left"));
    }
    Ok(())
}
