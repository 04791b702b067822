//! What the server takes back by itself: codes whose coupons are over, and what tills held and let go of.

use std::collections::BTreeMap;

use guidebook_domain::{CampaignId, TenantId};
use guidebook_wire::coupon::MemberCouponState;

use super::issues::EXPIRED;
use super::secret::Mint;
use super::{CouponSecret, books};
use crate::db::coupons::{Coupon, CouponState, Retired};
use crate::db::{Database, DatabaseExt, Result, Tx, Write};
use crate::error::{ServerError, ServiceError};

/// A coupon's code goes back to the budget so long after the end of its last day: a till without a network may have taken it
/// then, and has 24 hours to say so.
pub const GRACE_MS: u64 = 48 * 3_600_000;

/// How many are looked at in one transaction.
const BATCH: usize = 500;

/// Puts another code in the place of one that is nobody's any more: that one, unless it was not as `coupon` says.
pub fn renew(tx: &mut dyn Tx, secret: &CouponSecret, tenant: &TenantId, coupon: Coupon, why: &str, now_ms: u64) -> Result<Option<Coupon>> {
    let row = tx.look_at_campaign(tenant, &coupon.campaign)?.ok_or(ServerError::Corrupt("a code's campaign"))?;
    let codes = Mint::of(tx, secret, tenant)?;
    let generation = (coupon.generation + 1).max(codes.first_generation());
    let hash = codes.hash(&codes.code(&row.campaign, coupon.serial, generation)?);
    let fresh = Coupon::free(coupon.campaign.clone(), coupon.serial, generation, hash);
    let renewed = tx.renew_coupon(tenant, &Retired { coupon, why: why.to_owned(), at_ms: now_ms }, &hash, generation)?;
    Ok(renewed.then_some(fresh))
}

/// Takes back the codes of all retailers whose coupons are over; how many.
pub fn reclaim(db: &dyn Database, secret: &CouponSecret, now_ms: u64) -> std::result::Result<usize, ServiceError> {
    let before_ms = now_ms.saturating_sub(GRACE_MS);
    batches(
        db,
        |tx, limit| tx.coupons_past(before_ms, limit),
        |tx, past| {
            let mut money: BTreeMap<(TenantId, CampaignId), u64> = BTreeMap::new();
            for (tenant, coupon) in past {
                let (key, cost_fen) = ((tenant.clone(), coupon.campaign.clone()), coupon.cost_fen);
                if renew(tx, secret, &tenant, coupon, EXPIRED, now_ms)?.is_some() {
                    *money.entry(key).or_default() += cost_fen;
                }
            }
            for ((tenant, campaign), fen) in money {
                tx.give_back(&tenant, &campaign, fen)?;
            }
            Ok(())
        },
    )
}

/// Lets go of what tills held and did not use in time; how many.
pub fn release(db: &dyn Database, now_ms: u64) -> std::result::Result<usize, ServiceError> {
    batches(
        db,
        |tx, limit| tx.holds_past(now_ms, limit),
        |tx, past| {
            for (tenant, coupon) in past {
                let back = let_go(coupon);
                tx.move_coupon(&tenant, &back, CouponState::Reserved)?;
            }
            Ok(())
        },
    )
}

/// Forgets what tills were answered a week ago: no till repeats itself after so long.
pub fn sweep(db: &dyn Database, now_ms: u64) -> std::result::Result<(), ServiceError> {
    let before_ms = now_ms.saturating_sub(7 * 24 * 3_600_000);
    if db.reading(|tx| tx.has_answered_before(before_ms))? {
        db.writing(Write::Till, |tx| tx.sweep_answered(before_ms))?;
    }
    Ok(())
}

/// A code as it was before a till held it.
pub fn let_go(coupon: Coupon) -> Coupon {
    let state = if coupon.issued { CouponState::Issued } else { CouponState::Leased };
    Coupon { state, hold: None, ..coupon }
}

/// Tells members' guides of what was redeemed, or taken back at a till; how many.
pub fn tell_redeemed(db: &dyn Database) -> std::result::Result<usize, ServiceError> {
    let mut all = 0;
    loop {
        if db.reading(|tx| tx.untold(1))?.is_empty() {
            return Ok(all);
        }
        // As a round, whose feeds it moves.
        let told = db.writing(Write::Round, |tx| {
            let rows = tx.untold(BATCH)?;
            for (tenant, row) in &rows {
                let coupon = tx.issue_of(tenant, &row.campaign, row.serial, row.generation)?;
                if let Some(issue) = coupon {
                    let stands = tx.redemption_of(tenant, &row.campaign, row.serial, row.generation)?.is_some();
                    let state = if stands {
                        MemberCouponState::Redeemed
                    } else if issue.voided_ms.is_some() {
                        // By her guide, since the till took it back.
                        MemberCouponState::Void
                    } else {
                        MemberCouponState::Issued
                    };
                    books::tell_state(tx, tenant, &issue.member, (issue.request, issue.turn), state)?;
                }
                tx.told(tenant, row.id)?;
            }
            Ok::<_, ServiceError>(rows.len())
        })?;
        all += told;
        if told < BATCH {
            return Ok(all);
        }
    }
}

fn batches(
    db: &dyn Database,
    find: impl Fn(&mut dyn Tx, usize) -> Result<Vec<(TenantId, Coupon)>>,
    mut work: impl FnMut(&mut dyn Tx, Vec<(TenantId, Coupon)>) -> Result<()>,
) -> std::result::Result<usize, ServiceError> {
    let mut all = 0;
    loop {
        if db.reading(|tx| find(tx, 1))?.is_empty() {
            return Ok(all);
        }
        let done = db.writing(Write::Till, |tx| {
            let past = find(tx, BATCH)?;
            let count = past.len();
            work(tx, past)?;
            Ok::<_, ServiceError>(count)
        })?;
        all += done;
        if done < BATCH {
            return Ok(all);
        }
    }
}
