//! Guides and bindings that end by themselves: a stand-in for a holiday. A term is her last day, by the calendar of
//! Asia/Shanghai; it is over at the midnight after it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use guidebook_domain::{GuideId, TenantId};
use guidebook_wire::ErrorCode;
use serde_json::json;

use super::tell::log_hq;
use crate::clock::shanghai_day;
use crate::db::directory::Guide;
use crate::db::needs::Needs;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::ServiceError;
use crate::service::leaving::{end_guide, end_of, is_over};
use crate::service::{feeding, serving};

/// How many are ended in one transaction.
const BATCH: usize = 100;

/// Sets a guide's last day, or takes it away. One whom her last day ended comes back by that; her phones do not, they
/// enrol anew. Her phones learn of the day with their next round and keep to it without a network.
///
/// Errors: `not_found`, `invalid` for a day that is over, `conflict` for a guide who left otherwise.
pub fn set_guide_until(
    db: &dyn Database,
    tenant: &TenantId,
    id: &GuideId,
    until: Option<NaiveDate>,
    now_ms: u64,
) -> Result<(), ServiceError> {
    refuse_past(until, now_ms)?;
    db.writing(Write::Ownership, |tx| {
        let guide = tx.guide(tenant, id)?.ok_or_else(|| ServiceError::not_found("guide"))?;
        let ended_by_term = is_over(&guide, now_ms) || (guide.left_at_hq.is_none() && guide.heir.is_none() && guide.left == guide.until);
        if guide.left.is_some() && !ended_by_term {
            return Err(ServiceError::about(ErrorCode::Conflict, "guide", "has left"));
        }
        // Her phones were to forget at that date, whether or not the server has noted it yet.
        end_guide(tx, tenant, id, now_ms)?;
        if guide.left.is_some() || guide.until != until {
            log_hq(tx, tenant, None, "guide_until", json!({ "guide": id, "until": until }), now_ms)?;
            tx.put_guide(tenant, &Guide { until, left: None, ..guide })?;
            feeding::nudge(tx, tenant, id)?;
        }
        Ok(())
    })
}

/// Refuses a last day that is over.
pub fn refuse_past(until: Option<NaiveDate>, now_ms: u64) -> Result<(), ServiceError> {
    if until.is_some_and(|until| until < shanghai_day(now_ms)) {
        return Err(ServiceError::invalid("until", "is over"));
    }
    Ok(())
}

/// Ends the guides and bindings, of all retailers, whose last day is over; how many.
pub fn end_all(db: &dyn Database, now_ms: u64) -> Result<usize, ServiceError> {
    let mut all = 0;
    loop {
        let due = db.reading(|tx| some_are_over(tx, now_ms))?;
        let ended = if due { db.writing(Write::Ownership, |tx| end_batch(tx, now_ms))? } else { 0 };
        all += ended;
        if ended == 0 {
            return Ok(all);
        }
    }
}

fn some_are_over(tx: &mut dyn Tx, now_ms: u64) -> crate::db::Result<bool> {
    let today = shanghai_day(now_ms);
    Ok(!tx.guides_past(today, 1)?.is_empty() || !tx.servings_past(today, 1)?.is_empty())
}

fn end_batch(tx: &mut dyn Tx, now_ms: u64) -> crate::db::Result<usize> {
    let (today, mut ended) = (shanghai_day(now_ms), 0);
    for (tenant, guide) in tx.guides_past(today, BATCH)? {
        ended += usize::from(end_guide(tx, &tenant, &guide, now_ms)?);
    }
    let past = tx.servings_past(today, BATCH)?;
    let mut needs: BTreeMap<&TenantId, Needs> = BTreeMap::new();
    for (tenant, member, guide, _) in &past {
        let needs = needs.entry(tenant).or_default();
        needs.members.insert(member.clone());
        needs.feeds.insert(guide.clone());
    }
    for (tenant, needs) in &needs {
        tx.gather(tenant, needs)?;
    }
    for (tenant, member, guide, term) in past {
        // As of that midnight, however late this runs; never before it began.
        ended += usize::from(serving::end(tx, &tenant, &member, &guide, end_of(term))?);
        log_hq(tx, &tenant, Some(&member), "term_ended", json!({ "guide": guide, "until": term }), now_ms)?;
    }
    Ok(ended)
}
