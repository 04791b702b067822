//! What must be true of coupons after every step: invariants 4 and 7 of the plan.

use guidebook_domain::CampaignId;
use guidebook_server::db::coupons::CouponState;
use guidebook_server::db::{DatabaseExt, Tx};
use guidebook_server::error::ServerError;
use guidebook_server::hq::campaigns::one;
use guidebook_server::service::coupons::issues::EXPIRED;
use guidebook_server::service::coupons::reclaim::GRACE_MS;

use super::beginning::campaigns;
use super::customers::Given;
use super::world::World;
use crate::simulation::world::text;

/// Later than any schedule.
const NEVER_MS: u64 = 1 << 50;

/// After each step in which the server's database may have changed.
pub fn after_a_step(world: &mut World) -> Result<(), String> {
    let rows = world.db.rows_changed();
    if !world.server_changed && rows == world.compared_at {
        return Ok(());
    }
    world.compared_at = rows;
    for id in campaigns() {
        budget_holds(world, &id)?;
    }
    let seen: &World = world;
    seen.db.reading(|tx| Ok::<_, ServerError>(everyones_place(tx, seen))).map_err(text)??;
    world.server_changed = false;
    Ok(())
}

/// 7: the buckets add up and say what the rows say. 4: what is out and what was used stays within the budget, in count and
/// money, and is what tills know.
fn budget_holds(world: &World, id: &CampaignId) -> Result<(), String> {
    let line = one(&world.db, &world.tenant, id).map_err(text)?;
    let (codes, budget) = (line.codes, world.booked.budgets[id]);
    let (free, leased, taken) = world
        .db
        .reading(|tx| {
            let free = tx.free_coupons(&world.tenant, id, None, usize::MAX >> 1)?.len() as u64;
            let taken: u64 = tx.redeemed_sums(&world.tenant, id)?.iter().map(|sum| sum.redeemed).sum();
            Ok((free, tx.stranded(&world.tenant, id, NEVER_MS)?, taken))
        })
        .map_err(|error: ServerError| text(error))?;
    if !codes.add_up() || (codes.free, codes.leased, codes.redeemed) != (free, leased.codes, taken) {
        return Err(format!("invariant 7: the buckets do not say what the rows say: {codes:?}; {free} free, {leased:?}, {taken} taken"));
    }
    let out = codes.leased + codes.issued + codes.reserved + codes.redeemed;
    if (line.budget.codes, line.budget.fen) != (budget.codes, budget.fen) || out > budget.codes {
        return Err(format!("invariant 4: {out} codes are out of a budget of {}", budget.codes));
    }
    if budget.fen.is_some_and(|fen| line.budget.out_fen > fen) {
        return Err(format!("invariant 4: {} fen are out of a budget of {:?}", line.budget.out_fen, budget.fen));
    }
    let costs = line.campaign.face.values().into_iter().map(|value| u64::from(line.campaign.face.money_at_most(value)));
    let (least, most) = (costs.clone().min().unwrap_or(0), costs.max().unwrap_or(0));
    if !(least * out..=most * out).contains(&line.budget.out_fen) {
        return Err(format!("invariant 7: {out} codes are out, and {} fen", line.budget.out_fen));
    }
    let (redeemed, fen) = world.booked.redeemed(id);
    if redeemed != codes.redeemed {
        return Err(format!("invariant 7: the server counts {} redeemed coupons, tills {redeemed}", codes.redeemed));
    }
    if redeemed > budget.codes || budget.fen.is_some_and(|most| fen > most) {
        return Err(format!("invariant 4: {redeemed} coupons, {fen} fen, are redeemed of a budget of {budget:?}"));
    }
    Ok(())
}

/// 4: what a customer has keeps its place in the budget until two days after its end, so that nobody else is given that place.
fn everyones_place(tx: &mut dyn Tx, world: &World) -> Result<(), String> {
    for (_, given) in world.customers.issues() {
        let found = tx.coupon_of_hash(&world.tenant, &given.hash).map_err(text)?;
        let Some(coupon) = found.filter(|coupon| coupon.state != CouponState::Free) else {
            is_over_or_forgotten(tx, world, given)?;
            continue;
        };
        if coupon.lease.as_ref().is_none_or(|lease| (lease.request, lease.turn) != (given.grant, given.turn)) {
            return Err("invariant 4: a customer's code is leased to somebody else".to_owned());
        }
        let in_use = world.booked.used.contains_key(&given.code.plain());
        if in_use != (coupon.state == CouponState::Redeemed) {
            return Err(format!("invariant 7: a code is {:?} at the server, in use at tills: {in_use}", coupon.state));
        }
        if coupon.state == CouponState::Void && !world.customers.was_taken_back(given) {
            return Err("a customer's code is void, and nobody took it back".to_owned());
        }
    }
    Ok(())
}

/// A customer's code that is no place's today: two days after its end, or of a lease that a server put back has forgotten.
fn is_over_or_forgotten(tx: &mut dyn Tx, world: &World, given: &Given) -> Result<(), String> {
    let grant = tx.grant(&world.tenant, given.grant).map_err(text)?;
    let known = grant.is_some_and(|grant| grant.codes.iter().any(|code| code.turn == given.turn));
    if !known {
        return if world.restored { Ok(()) } else { Err("a customer's code was leased to nobody".to_owned()) };
    }
    match tx.retired_of_turn(&world.tenant, given.grant, given.turn).map_err(text)? {
        Some(retired) if retired.why == EXPIRED && retired.at_ms >= given.expires_ms + GRACE_MS => Ok(()),
        Some(retired) if retired.why == EXPIRED => Err("invariant 4: a customer's place went back before her coupon's end".to_owned()),
        // By a copy that did not know of it.
        Some(_) if world.vaults_copied => Ok(()),
        Some(retired) => Err(format!("invariant 4: a customer's place went back: {}", retired.why)),
        None => Err("invariant 4: a customer's code is no place's".to_owned()),
    }
}
