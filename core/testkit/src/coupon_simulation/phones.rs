//! What guides do with coupons, and what befalls their phones' clocks and marks.

use guidebook_domain::coupon::CampaignState;
use guidebook_domain::{CampaignId, OperationId};
use guidebook_server::db::DatabaseExt;
use guidebook_server::error::ServerError;
use guidebook_store::{CouponState, Moment, StoreError, failpoint};

use super::world::World;
use crate::simulation::world::{MEMBERS, member_id, text};

/// A guide gives a coupon out, and mostly hands it over. The phone may die at each write.
pub fn issue(world: &mut World, phone: usize) -> Result<(), String> {
    let Some((campaign, value)) = choice(world, phone) else { return Ok(()) };
    let kill = world.chance.percent(15).then(|| world.chance.below(4) as u32);
    let Some(id) = issue_of(world, phone, &campaign, value, kill)? else { return Ok(()) };
    if world.chance.percent(75) {
        hand_over(world, phone, id)?;
    }
    Ok(())
}

/// A campaign of the phone's, and a value.
fn choice(world: &mut World, phone: usize) -> Option<(CampaignId, u32)> {
    let campaigns: Vec<_> = world.phones[phone].book().campaigns().cloned().collect();
    if campaigns.is_empty() {
        return None;
    }
    let campaign = world.chance.pick(&campaigns).clone();
    let value = *world.chance.pick(&campaign.face.values());
    Some((campaign.id, value))
}

/// Gives out one coupon of this value, if the phone allows it.
pub fn issue_of(
    world: &mut World,
    phone: usize,
    campaign: &CampaignId,
    value: u32,
    kill: Option<u32>,
) -> Result<Option<OperationId>, String> {
    let member = member_id(world.chance.below(MEMBERS));
    let moment = Moment { wall_ms: world.wall_ms(phone), random: world.chance.bytes() };
    failpoint::arm(kill);
    let made = world.phones[phone].book_mut().issue_coupon(&member, campaign, value, moment);
    failpoint::arm(None);
    match made {
        Ok(id) => {
            let entry = world.phones[phone].book().coupon(id, moment.wall_ms).map_err(text)?;
            if entry.campaign.state != CampaignState::Running {
                return Err("a campaign that does not run gives coupons".to_owned());
            }
            within_lease(world, phone, &entry)?;
            world.given(phone, entry)?;
            within_limit(world, phone, id)?;
            Ok(Some(id))
        }
        Err(StoreError::CannotIssue(_) | StoreError::NotFound | StoreError::NoMarks) => Ok(None),
        Err(StoreError::OnRequest(_)) => {
            world.phones[phone].restart(|_, _| ());
            world.note("phone died while giving out");
            world.shows(phone, 1).map(|()| None)
        }
        Err(other) => Err(text(other)),
    }
}

/// A phone whose clock was never touched gives nothing out after the lease's end.
fn within_lease(world: &World, phone: usize, entry: &guidebook_store::CouponEntry) -> Result<(), String> {
    if !world.phones[phone].honest {
        return Ok(());
    }
    let grant = world.db.reading(|tx| tx.grant(&world.tenant, entry.event.grant)).map_err(|error: ServerError| text(error))?;
    match grant {
        Some(grant) if world.now_ms > grant.lease_until_ms => Err("a coupon is given out after its lease's end".to_owned()),
        Some(_) | None => Ok(()),
    }
}

/// No phone gives one member more than it knows that she may have.
fn within_limit(world: &World, phone: usize, id: OperationId) -> Result<(), String> {
    let wall_ms = world.wall_ms(phone);
    let book = world.phones[phone].book();
    let made = book.coupon(id, wall_ms).map_err(text)?;
    let Some(most) = made.campaign.per_member else { return Ok(()) };
    let own = book.coupons(0, 100, wall_ms).map_err(text)?;
    let counts = |entry: &&guidebook_store::CouponEntry| {
        let holds = !matches!(entry.state, CouponState::Void | CouponState::Refused(_));
        holds && (&entry.event.campaign, &entry.event.member) == (&made.event.campaign, &made.event.member)
    };
    if own.iter().filter(counts).count() > most as usize {
        return Err("a phone gives a member more than she may have".to_owned());
    }
    Ok(())
}

/// A coupon goes to its member.
fn hand_over(world: &mut World, phone: usize, id: OperationId) -> Result<(), String> {
    let kill = world.chance.percent(8).then(|| world.chance.below(2) as u32);
    failpoint::arm(kill);
    let done = world.phones[phone].book_mut().hand_over_coupon(id);
    failpoint::arm(None);
    match done {
        Ok(()) => {
            if let Some(given) = world.customers.issue_mut(id) {
                given.handed_over = true;
            }
            Ok(())
        }
        Err(StoreError::OnRequest(_)) => {
            world.phones[phone].restart(|_, _| ());
            Ok(())
        }
        Err(other) => Err(text(other)),
    }
}

/// A guide hands over a coupon that she made before.
pub fn hand_over_one(world: &mut World, phone: usize) -> Result<(), String> {
    match one_made(world, phone)? {
        Some(id) => hand_over(world, phone, id),
        None => Ok(()),
    }
}

/// A guide takes a coupon back.
pub fn void(world: &mut World, phone: usize) -> Result<(), String> {
    let Some(id) = one_made(world, phone)? else { return Ok(()) };
    let moment = Moment { wall_ms: world.wall_ms(phone), random: world.chance.bytes() };
    let kill = world.chance.percent(15).then(|| world.chance.below(2) as u32);
    failpoint::arm(kill);
    let made = world.phones[phone].book_mut().void_coupon(id, moment);
    failpoint::arm(None);
    let done = match made {
        Ok(_) => true,
        Err(StoreError::OnRequest(at)) => {
            world.phones[phone].restart(|_, _| ());
            at.ends_with("after_commit")
        }
        Err(other) => return Err(text(other)),
    };
    if done && let Some(given) = world.customers.issue_mut(id) {
        given.taken_back = true;
        world.note("taken back");
    }
    Ok(())
}

/// A coupon that the phone says can still be taken back.
fn one_made(world: &mut World, phone: usize) -> Result<Option<OperationId>, String> {
    let wall_ms = world.wall_ms(phone);
    let made: Vec<OperationId> = world.phones[phone]
        .book()
        .coupons(0, 100, wall_ms)
        .map_err(text)?
        .into_iter()
        .filter(|entry| entry.state == CouponState::Issued)
        .map(|entry| entry.id)
        .collect();
    Ok(if made.is_empty() { None } else { Some(*world.chance.pick(&made)) })
}

/// The clock is put ahead or back.
pub fn jump_clock(world: &mut World, phone: usize) {
    let jumps = [0, 60_000, -60_000, -10 * 60_000, 80 * 3_600_000, -80 * 3_600_000];
    world.phones[phone].sim.ahead_ms = *world.chance.pick(&jumps);
    world.phones[phone].honest = false;
}

/// The marks cannot be reached from now on, or again.
pub fn vault_down(world: &mut World, phone: usize) {
    let down = world.chance.percent(50);
    world.phones[phone].marks.set_down(down);
    world.phones[phone].restart(|_, _| ());
}
