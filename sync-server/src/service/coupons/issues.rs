//! What phones say of their codes: given out, taken back before it was handed over, given back unused.
//!
//! A coupon that was given out is in somebody's hands, whatever the server makes of it. So what fits is booked; what does not
//! is refused with its reason and stands in HQ's report ([`crate::db::grants::Conflict`]).

use guidebook_domain::coupon::signed::{Hash, PublicKey};
use guidebook_domain::coupon::{CouponRefusal, IssueEvent, SignedIssueEvent, SignedSurrender};
use guidebook_domain::{GrantId, Operation, Outcome, Redirected, Refusal};
use guidebook_wire::coupon::MemberCouponState;

use super::books::{self, conflict};
use super::reclaim::renew;
use crate::db::coupons::{Coupon, CouponState, Retired};
use crate::db::grants::{ChainHead, Conflict, IssueRow};
use crate::db::{Result, Tx};
use crate::error::ServerError;
use crate::service::reconcile::Desk;

/// A phone's clock may be so far behind its lease before that is worth a line, in milliseconds.
const LATE_MS: u64 = 5 * 60 * 1000;

fn refused(why: CouponRefusal) -> Result<Outcome> {
    Ok(Outcome::Refused(Refusal::Coupon(why)))
}

/// A coupon was given out.
pub fn issued(
    tx: &mut dyn Tx,
    desk: &Desk<'_>,
    operation: &Operation,
    sent: &SignedIssueEvent,
    redirected: Option<Redirected>,
) -> Result<Outcome> {
    let event = &sent.event;
    let by_this = event.device == desk.who.device && event.guide == desk.who.guide && operation.member.is_some();
    if !by_this || !sent.holds(&PublicKey(desk.key)) {
        return refused(CouponRefusal::NotSigned);
    }
    let tenant = &desk.who.tenant;
    let campaign = tx.look_at_campaign(tenant, &event.campaign)?.map(|row| row.campaign);
    let mut row = row_of(desk, operation, sent)?;
    let note =
        |tx: &mut dyn Tx, kind: &str, detail: &str| tx.put_conflict(tenant, &conflict(operation.id, kind, &row, campaign.as_ref(), detail));
    follow_chain(tx, desk, event, &note)?;
    let Some(mut coupon) = tx.coupon_of_turn(tenant, event.grant, event.turn)?.filter(|coupon| is_leased_to(coupon, event)) else {
        return match tx.retired_of_turn(tenant, event.grant, event.turn)? {
            None => {
                note(tx, "not_leased", "given out, but not leased to this phone")?;
                refused(CouponRefusal::NotLeased)
            }
            Some(Retired { why, .. }) if why == EXPIRED => {
                note(tx, "late", "heard of after its last day")?;
                refused(CouponRefusal::Expired)
            }
            Some(_) => {
                note(tx, "given_after_surrender", "given out by a copy of a phone that had given it back")?;
                refused(CouponRefusal::Surrendered)
            }
        };
    };
    if tx.issue(tenant, event.grant, event.turn)?.is_some() {
        note(tx, "given_twice", "given to two customers by copies of one phone")?;
        return refused(CouponRefusal::GivenTwice);
    }
    if coupon.state == CouponState::Void {
        // What was taken back was given out before, and says so after a restore: the phone sends first what was never answered.
        let taken_back = IssueRow { serial: coupon.serial, generation: coupon.generation, voided_ms: Some(desk.now_ms), ..row };
        tx.put_issue(tenant, &taken_back)?;
        books::tell_issued(tx, tenant, &taken_back, MemberCouponState::Void)?;
        return Ok(redirected.map_or(Outcome::Applied, Outcome::Redirected));
    }
    let lease_ended = coupon.lease.as_ref().is_some_and(|lease| event.at_ms > lease.until_ms.saturating_add(LATE_MS));
    if lease_ended {
        note(tx, "after_lease", "given out after the lease's end")?;
    }
    let before = tx.issues_to(tenant, &row.member)?;
    let had = before.iter().filter(|(issue, _)| issue.campaign == row.campaign && issue.voided_ms.is_none()).count();
    if campaign.as_ref().and_then(|campaign| campaign.per_member).is_some_and(|limit| had >= limit as usize) {
        note(tx, "member_limit", "more than one member may have; two guides without a network")?;
    }
    let from = coupon.state;
    coupon.issued = true;
    if from == CouponState::Leased {
        coupon.state = CouponState::Issued;
    }
    if let Some(lease) = &mut coupon.lease {
        lease.good_until_ms = lease.good_until_ms.min(event.expires_ms);
    }
    tx.move_coupon(tenant, &coupon, from)?;
    (row.serial, row.generation) = (coupon.serial, coupon.generation);
    tx.put_issue(tenant, &row)?;
    let state = if from == CouponState::Redeemed { MemberCouponState::Redeemed } else { MemberCouponState::Issued };
    books::tell_issued(tx, tenant, &row, state)?;
    Ok(redirected.map_or(Outcome::Applied, Outcome::Redirected))
}

/// Why a code was retired whose coupon was over.
pub const EXPIRED: &str = "expired";
/// Why a code was retired that a phone gave back.
pub const SURRENDERED: &str = "surrendered";

fn is_leased_to(coupon: &Coupon, event: &IssueEvent) -> bool {
    coupon.campaign == event.campaign
        && coupon.lease.as_ref().is_some_and(|lease| lease.device == event.device && lease.value == event.value)
}

fn row_of(desk: &Desk<'_>, operation: &Operation, sent: &SignedIssueEvent) -> Result<IssueRow> {
    let event = &sent.event;
    Ok(IssueRow {
        request: event.grant,
        turn: event.turn,
        campaign: event.campaign.clone(),
        serial: 0,
        generation: 0,
        member: operation.member.clone().unwrap_or_else(|| event.member.clone()),
        guide: event.guide.clone(),
        store: event.store.clone(),
        device: event.device,
        value: event.value,
        at_ms: event.at_ms,
        expires_ms: event.expires_ms,
        heard_ms: desk.now_ms,
        voided_ms: None,
        event: serde_json::to_string(sent).map_err(|_| ServerError::Corrupt("JSON"))?,
    })
}

/// Moves the phone's chain on. A gap or a fork is what a restored or copied phone leaves; the event itself still counts.
fn follow_chain(tx: &mut dyn Tx, desk: &Desk<'_>, event: &IssueEvent, note: &impl Fn(&mut dyn Tx, &str, &str) -> Result<()>) -> Result<()> {
    let at = tx.chain(desk.who.device)?.unwrap_or(ChainHead { sequence: 0, head: [0; 32] });
    if !event.follows(at.sequence, Hash(at.head)) {
        note(tx, "chain", "does not follow the phone's last event: restored or copied")?;
    }
    if event.sequence > at.sequence {
        tx.put_chain(desk.who.device, &ChainHead { sequence: event.sequence, head: event.hash().0 })?;
    }
    Ok(())
}

/// A coupon was taken back before it was handed over.
pub fn voided(tx: &mut dyn Tx, desk: &Desk<'_>, grant: GrantId, turn: u64) -> Result<Outcome> {
    let tenant = &desk.who.tenant;
    let leased_here = |coupon: &Coupon| coupon.lease.as_ref().is_some_and(|lease| lease.device == desk.who.device);
    let Some(mut coupon) = tx.coupon_of_turn(tenant, grant, turn)?.filter(leased_here) else {
        return match tx.retired_of_turn(tenant, grant, turn)? {
            None => refused(CouponRefusal::NotLeased),
            Some(Retired { why, .. }) if why == EXPIRED => refused(CouponRefusal::Expired),
            Some(_) => refused(CouponRefusal::Surrendered),
        };
    };
    let from = coupon.state;
    match from {
        CouponState::Leased | CouponState::Issued => {}
        CouponState::Reserved => return refused(CouponRefusal::Reserved),
        CouponState::Redeemed => return refused(CouponRefusal::Redeemed),
        CouponState::Void => return refused(CouponRefusal::Voided),
        CouponState::Free => return refused(CouponRefusal::NotLeased),
    }
    let cost_fen = std::mem::take(&mut coupon.cost_fen);
    coupon.state = CouponState::Void;
    tx.move_coupon(tenant, &coupon, from)?;
    tx.give_back(tenant, &coupon.campaign, cost_fen)?;
    if let Some(issue) = tx.issue(tenant, grant, turn)? {
        let voided = IssueRow { voided_ms: Some(desk.now_ms), ..issue };
        tx.put_issue(tenant, &voided)?;
        books::tell_state(tx, tenant, &voided.member, (grant, turn), MemberCouponState::Void)?;
    }
    Ok(Outcome::Applied)
}

/// Codes come back unused. Their places in the budget get other codes, so that even a copy of the phone that has them still can
/// give nobody what somebody else gets.
pub fn surrendered(tx: &mut dyn Tx, desk: &Desk<'_>, operation: &Operation, sent: &SignedSurrender) -> Result<Outcome> {
    let (tenant, surrender) = (&desk.who.tenant, &sent.surrender);
    if surrender.device != desk.who.device || !sent.holds(&PublicKey(desk.key)) {
        return refused(CouponRefusal::NotSigned);
    }
    // A server without coupons has leased nothing.
    let Some(secret) = desk.coupons else { return refused(CouponRefusal::NotLeased) };
    let (mut known, mut back, mut given) = (0, 0, 0);
    for turn in &surrender.turns {
        let Some(coupon) = tx.coupon_of_turn(tenant, surrender.grant, *turn)? else {
            known += usize::from(tx.retired_of_turn(tenant, surrender.grant, *turn)?.is_some());
            continue;
        };
        let lease = coupon.lease.as_ref();
        if lease.is_none_or(|lease| lease.device != surrender.device || lease.mark != surrender.mark) {
            continue;
        }
        known += 1;
        match coupon.state {
            CouponState::Leased => {
                tx.give_back(tenant, &coupon.campaign, coupon.cost_fen)?;
                renew(tx, secret, tenant, coupon, SURRENDERED, desk.now_ms)?;
                back += 1;
            }
            CouponState::Issued | CouponState::Reserved | CouponState::Redeemed => given += 1,
            CouponState::Free | CouponState::Void => {}
        }
    }
    if given > 0 {
        let campaign = tx.grant(tenant, surrender.grant)?.map(|grant| grant.campaign);
        tx.put_conflict(
            tenant,
            &Conflict {
                id: operation.id.to_string(),
                kind: "surrendered_but_given".to_owned(),
                campaign,
                store: None,
                guide: Some(desk.who.guide.clone()),
                device: Some(desk.who.device),
                money_fen: 0,
                at_ms: surrender.at_ms,
                heard_ms: desk.now_ms,
                detail: format!("{given} codes given back that a copy of the phone had given out"),
            },
        )?;
    }
    match (known, back) {
        (0, _) => refused(CouponRefusal::NotLeased),
        (_, 0) => refused(CouponRefusal::Surrendered),
        (_, _) => Ok(Outcome::Applied),
    }
}
