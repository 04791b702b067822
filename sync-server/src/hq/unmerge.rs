//! Undoing a merge: both members as if it had never been.

use guidebook_domain::{Consents, Edit, GuideId, MemberId, MemberState, Outcome, TenantId, Walkin};
use serde_json::json;

use super::tell::log_hq;
use crate::db::members::Member;
use crate::db::operations::StoredOperation;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::{ServerError, ServiceError};
use crate::service::feeding::News;
use crate::service::merging::merge_source;
use crate::service::{serving, walk_in};

/// What was sent to a member and to all who were merged into her.
#[derive(Default)]
struct Replayed {
    state: MemberState,
    consents: Consents,
    /// Her own enrolment, where a guide made her.
    walkin: Option<(Walkin, u64)>,
    /// The guides who enrolled her.
    guides: Vec<GuideId>,
}

/// Undoes the merge of `loser` into whom she stands for. Both states are rebuilt from the operations that were sent to
/// each; the guides who came with the loser go back to her. Gives the member whom she was merged into.
pub fn unmerge(db: &dyn Database, tenant: &TenantId, loser: &MemberId, now_ms: u64) -> Result<MemberId, ServiceError> {
    db.writing(Write::Unmerge, |tx| {
        let winner = tx.alias(tenant, loser)?.ok_or_else(|| ServiceError::not_found("member"))?;
        tx.remove_alias(tenant, loser)?;
        let (theirs, ours) = (replay(tx, tenant, loser)?, replay(tx, tenant, &winner)?);
        revive(tx, tenant, loser, &theirs)?;
        give_back(tx, tenant, loser, &winner, &theirs.guides, now_ms)?;
        let kept = tx.member(tenant, &winner)?.ok_or(ServerError::Corrupt("a member"))?;
        let hers = tx.member(tenant, loser)?.map_or(Vec::new(), |loser| loser.coupons);
        let coupons = kept.coupons.iter().filter(|coupon| !hers.contains(coupon)).cloned().collect();
        tx.put_member(tenant, &Member { state: ours.state, consents: ours.consents, coupons, ..kept })?;
        for member in [loser, &winner] {
            serving::tell(tx, tenant, member, News::Whole)?;
        }
        log_hq(tx, tenant, Some(loser), "unmerge", json!({ "from": winner }), now_ms)?;
        Ok(winner)
    })
}

fn replay(tx: &mut dyn Tx, tenant: &TenantId, member: &MemberId) -> Result<Replayed, ServiceError> {
    let mut replayed = Replayed::default();
    let mut waiting = vec![member.clone()];
    // Each id has one winner, so no id comes twice.
    while let Some(id) = waiting.pop() {
        for stored in tx.operations_sent_to(tenant, &id)? {
            replay_one(&mut replayed, member, stored);
        }
        waiting.extend(tx.losers_of(tenant, &id)?);
    }
    Ok(replayed)
}

fn replay_one(replayed: &mut Replayed, member: &MemberId, stored: StoredOperation) {
    let StoredOperation { id, operation, outcome, received_ms, .. } = stored;
    let Some(operation) = operation else { return };
    if matches!(outcome, Outcome::Refused(_)) {
        return;
    }
    if let Edit::Enrol { walkin } = &operation.edit {
        crate::service::merging::add_consents(&mut replayed.consents, &walkin.consents);
        replayed.guides.push(operation.guide.clone());
        if MemberId::walk_in(id) == *member {
            replayed.walkin = Some(((**walkin).clone(), received_ms));
        }
    }
    replayed.state.apply(&operation);
}

/// Brings the loser back: her row, or, where a counter met a known phone, who she said she was.
fn revive(tx: &mut dyn Tx, tenant: &TenantId, loser: &MemberId, theirs: &Replayed) -> Result<(), ServiceError> {
    let kept = match (tx.member(tenant, loser)?, &theirs.walkin) {
        (Some(kept), _) => kept,
        (None, Some((walkin, at_ms))) => Member::of(loser.clone(), walk_in::profile(walkin, *at_ms)),
        (None, None) => return Err(ServiceError::not_found("member")),
    };
    let (state, consents) = (theirs.state.clone(), theirs.consents.clone());
    Ok(tx.put_member(tenant, &Member { state, consents, merged: false, ..kept })?)
}

/// The guides whom the merge bound to the winner serve the loser again, and so do those who enrolled her.
fn give_back(
    tx: &mut dyn Tx,
    tenant: &TenantId,
    loser: &MemberId,
    winner: &MemberId,
    enrolled_by: &[GuideId],
    now_ms: u64,
) -> Result<(), ServiceError> {
    let source = merge_source(loser);
    for held in tx.servings(tenant, winner)? {
        if held.source == source {
            serving::end(tx, tenant, winner, &held.guide, now_ms)?;
            serving::start(tx, tenant, loser, &held.guide, "enrol", now_ms)?;
        }
    }
    for guide in enrolled_by {
        let Some(guide) = tx.guide(tenant, guide)? else { continue };
        let serving_her = if guide.left.is_some() { guide.heir } else { Some(guide.id) };
        if let Some(guide) = serving_her {
            serving::start(tx, tenant, loser, &guide, "enrol", now_ms)?;
        }
    }
    Ok(())
}
