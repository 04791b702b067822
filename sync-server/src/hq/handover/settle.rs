//! What becomes of a handover that waits: its time comes, or the customer refuses.

use std::collections::BTreeMap;

use guidebook_domain::handover::{Arrival, HandoverState, settle};
use guidebook_domain::{GuideId, Limits, MemberId, TenantId};

use super::desk::{log_state, pass};
use crate::db::handovers::Handover;
use crate::db::needs::Needs;
use crate::db::{Database, DatabaseExt, Result, Tx, Write};
use crate::error::ServiceError;
use crate::service::merging;

/// How many ended in which state.
pub type Settled = BTreeMap<HandoverState, u64>;

/// Settles what is due, of one retailer or of all, in batches.
pub fn settle_due(
    db: &dyn Database,
    tenant: Option<&TenantId>,
    limits: &Limits,
    now_ms: u64,
) -> std::result::Result<Settled, ServiceError> {
    let mut settled = Settled::new();
    while !db.reading(|tx| tx.handovers_due(tenant, now_ms, 1))?.is_empty() {
        let batch = db.writing(Write::Ownership, |tx| settle_batch(tx, tenant, limits, now_ms))?;
        if batch.is_empty() {
            // Another server has them in hand.
            break;
        }
        for (state, count) in batch {
            *settled.entry(state).or_default() += count;
        }
    }
    Ok(settled)
}

fn settle_batch(tx: &mut dyn Tx, tenant: Option<&TenantId>, limits: &Limits, now_ms: u64) -> Result<Settled> {
    let mut settled = Settled::new();
    let due = tx.handovers_due(tenant, now_ms, limits.handover_members)?;
    let mut needs: BTreeMap<TenantId, Needs> = BTreeMap::new();
    for (tenant, handover) in &due {
        let needs = needs.entry(tenant.clone()).or_default();
        needs.members.insert(handover.member.clone());
        for guide in [&handover.from, &handover.to] {
            needs.guides.insert(guide.clone());
            needs.feeds.insert(guide.clone());
        }
    }
    for (tenant, needs) in &needs {
        tx.gather(tenant, needs)?;
    }
    for (tenant, handover) in due {
        *settled.entry(settle_one(tx, &tenant, handover, limits, now_ms)?).or_default() += 1;
    }
    Ok(settled)
}

fn settle_one(tx: &mut dyn Tx, tenant: &TenantId, handover: Handover, limits: &Limits, now_ms: u64) -> Result<HandoverState> {
    // She may have been merged into another since.
    let member = merging::stands_for(tx, tenant, &handover.member)?.unwrap_or_else(|| handover.member.clone());
    let arrival = Arrival {
        served_by_giver: tx.serves(tenant, &member, &handover.from, None)?,
        served_by_taker: tx.serves(tenant, &member, &handover.to, None)?,
        taker_left: tx.guide(tenant, &handover.to)?.is_none_or(|guide| guide.left.is_some()),
        taker_members: tx.count_members_of(tenant, &handover.to)?,
    };
    let state = settle(arrival, limits);
    if state == HandoverState::Done {
        pass(tx, tenant, &member, &handover, now_ms)?;
    }
    end(tx, tenant, handover, state, now_ms)
}

/// The customer refuses to pass to `to`: whoever had her keeps her. What is due by now must have been settled. Gives the
/// handover; `not_found` if none waits.
pub fn refuse(
    db: &dyn Database,
    tenant: &TenantId,
    member: &MemberId,
    to: &GuideId,
    now_ms: u64,
) -> std::result::Result<Handover, ServiceError> {
    db.writing(Write::Ownership, |tx| {
        let waiting = tx.waiting_handover(tenant, member, to)?.ok_or_else(|| ServiceError::not_found("handover"))?;
        let state = end(tx, tenant, waiting.clone(), HandoverState::Refused, now_ms)?;
        Ok(Handover { state, ended_ms: Some(now_ms), ..waiting })
    })
}

fn end(tx: &mut dyn Tx, tenant: &TenantId, handover: Handover, state: HandoverState, now_ms: u64) -> Result<HandoverState> {
    tx.end_handover(tenant, handover.seq, state, now_ms)?;
    log_state(tx, tenant, &Handover { state, ..handover }, now_ms)?;
    Ok(state)
}
