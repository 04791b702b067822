//! What a member's record says of her coupons, and what does not fit.

use guidebook_domain::coupon::Campaign;
use guidebook_domain::{GrantId, MemberId, OperationId, TenantId};
use guidebook_wire::MemberRecord;
use guidebook_wire::coupon::{MemberCouponRecord, MemberCouponState};

use super::super::feeding::News;
use super::super::{merging, serving};
use crate::db::grants::{Conflict, IssueRow};
use crate::db::{Result, Tx};

/// A member's record tells of so many coupons, the latest.
pub const MOST_TOLD: usize = 50;

/// Tells of a coupon that a member was given.
pub fn tell_issued(tx: &mut dyn Tx, tenant: &TenantId, issue: &IssueRow, state: MemberCouponState) -> Result<()> {
    change(tx, tenant, &issue.member, |coupons| {
        coupons.retain(|coupon| (coupon.grant, coupon.turn) != (issue.request, issue.turn));
        coupons.push(MemberCouponRecord {
            grant: issue.request,
            turn: issue.turn,
            campaign: issue.campaign.clone(),
            value: issue.value,
            issued_ms: issue.at_ms,
            expires_ms: issue.expires_ms,
            state,
        });
        coupons.sort_by_key(|coupon| (coupon.issued_ms, coupon.grant, coupon.turn));
        let forgotten = coupons.len().saturating_sub(MOST_TOLD);
        coupons.drain(..forgotten);
    })
}

/// Tells what has become of one.
pub fn tell_state(
    tx: &mut dyn Tx,
    tenant: &TenantId,
    member: &MemberId,
    (grant, turn): (GrantId, u64),
    state: MemberCouponState,
) -> Result<()> {
    change(tx, tenant, member, |coupons| {
        coupons.iter_mut().filter(|coupon| (coupon.grant, coupon.turn) == (grant, turn)).for_each(|coupon| coupon.state = state);
    })
}

/// Changes a member's coupons and tells her guides, if they are others then.
fn change(tx: &mut dyn Tx, tenant: &TenantId, member: &MemberId, work: impl FnOnce(&mut Vec<MemberCouponRecord>)) -> Result<()> {
    let member = merging::stands_for(tx, tenant, member)?.unwrap_or_else(|| member.clone());
    let Some(mut row) = tx.member(tenant, &member)? else { return Ok(()) };
    let before = row.coupons.clone();
    work(&mut row.coupons);
    if row.coupons == before {
        return Ok(());
    }
    tx.put_member(tenant, &row)?;
    serving::tell(tx, tenant, &member, News::Fields(&[MemberRecord::coupons_path()]))
}

/// What of an operation does not fit. The campaign and the money are the code's.
pub fn conflict(op: OperationId, kind: &str, issue: &IssueRow, campaign: Option<&Campaign>, detail: &str) -> Conflict {
    Conflict {
        id: op.to_string(),
        kind: kind.to_owned(),
        campaign: Some(issue.campaign.clone()),
        store: Some(issue.store.clone()),
        guide: Some(issue.guide.clone()),
        device: Some(issue.device),
        money_fen: campaign.map_or(0, |campaign| campaign.face.money_at_most(issue.value).into()),
        at_ms: issue.at_ms,
        heard_ms: issue.heard_ms,
        detail: detail.to_owned(),
    }
}
