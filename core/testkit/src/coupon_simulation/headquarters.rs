//! What headquarters and the server's own upkeep do meanwhile, and what befalls the server's database.

use guidebook_domain::Limits;
use guidebook_domain::coupon::CampaignState;
use guidebook_domain::handover::HandoverKind;
use guidebook_server::db::DatabaseExt;
use guidebook_server::error::{ServerError, ServiceError};
use guidebook_server::failpoint;
use guidebook_server::hq::campaigns::{BudgetRequest, CampaignChange, change, one};
use guidebook_server::hq::devices;
use guidebook_server::hq::handover::{Effective, HandoverRequest, hand_over};
use guidebook_server::hq::upkeep::upkeep as turn;
use guidebook_server::service::restore::begin_epoch;

use super::beginning::campaigns;
use super::world::World;
use crate::simulation::beginning::comes_back;
use crate::simulation::network::is_asked_for;
use crate::simulation::world::{GUIDES, MEMBERS, guide_id, member_id, text};

const HOUR_MS: u64 = 3_600_000;

/// HQ changes a budget, by what it read; now and then it read that before somebody else changed it.
pub fn budget(world: &mut World) -> Result<(), String> {
    let id = world.chance.pick(&campaigns()).clone();
    let line = one(&world.db, &world.tenant, &id).map_err(text)?;
    let codes = (line.budget.codes + world.chance.number() % 5).saturating_sub(2).max(1);
    let fen = line.budget.fen.map(|fen| (fen + world.chance.number() % 200_000).saturating_sub(80_000).max(1));
    let outdated = world.chance.percent(20);
    let budget = BudgetRequest { codes, fen };
    let budget_version = Some(line.budget.version - u32::from(outdated));
    let asked = CampaignChange { budget_version, budget: Some(budget), ..CampaignChange::default() };
    match risking_death(world, |world| change(&world.db, Some(&world.secret), &world.tenant, &id, &asked, world.now_ms))? {
        Done::Yes if outdated => Err("invariant 4: a budget is changed by who has not seen the last change".to_owned()),
        Done::Yes => {
            world.note("budget changed");
            world.booked.budgets.insert(id, budget);
            Ok(())
        }
        Done::No => Ok(()),
        Done::Unknown => {
            let line = one(&world.db, &world.tenant, &id).map_err(text)?;
            world.booked.budgets.insert(id, BudgetRequest { codes: line.budget.codes, fen: line.budget.fen });
            Ok(())
        }
    }
}

/// HQ pauses a campaign, lets it run again, or (seldom) ends it.
pub fn state(world: &mut World) -> Result<(), String> {
    let id = world.chance.pick(&campaigns()).clone();
    let state = match world.chance.below(9) {
        0..=3 => CampaignState::Paused,
        4..=7 => CampaignState::Running,
        _ => CampaignState::Ended,
    };
    let asked = CampaignChange { state: Some(state), ..CampaignChange::default() };
    risking_death(world, |world| change(&world.db, Some(&world.secret), &world.tenant, &id, &asked, world.now_ms)).map(drop)
}

/// HQ changes how many a member may have.
pub fn member_limit(world: &mut World) -> Result<(), String> {
    let id = world.chance.pick(&campaigns()).clone();
    let asked = CampaignChange { per_member: Some(1 + world.chance.below(3) as u32), ..CampaignChange::default() };
    risking_death(world, |world| change(&world.db, Some(&world.secret), &world.tenant, &id, &asked, world.now_ms)).map(drop)
}

/// A member passes from one guide to another.
pub fn hand_member(world: &mut World) -> Result<(), String> {
    let (from, to) = (world.chance.below(GUIDES), world.chance.below(GUIDES));
    if from == to {
        return Ok(());
    }
    let members = Some(vec![member_id(world.chance.below(MEMBERS))]);
    let (from, to, kind) = (guide_id(from), guide_id(to), HandoverKind::OnJob);
    let asked = HandoverRequest { from, to, kind, members, effective: Effective::AtOnce, dry_run: false };
    world.note("member handed over");
    risking_death(world, |world| hand_over(&world.db, &world.tenant, &asked, &Limits::default(), world.now_ms)).map(drop)
}

/// HQ revokes the device of a phone.
pub fn revoke(world: &mut World, phone: usize) -> Result<(), String> {
    let device = world.phones[phone].sim.who.device;
    risking_death(world, |world| devices::revoke(&world.db, &world.tenant, device, world.now_ms)).map(drop)
}

/// Hours pass, seldom days, and the server does what has become due.
pub fn upkeep(world: &mut World) -> Result<(), String> {
    let most = *world.chance.pick(&[HOUR_MS, 40 * HOUR_MS, 40 * HOUR_MS, 80 * HOUR_MS, 220 * HOUR_MS]);
    world.now_ms += world.chance.number() % most;
    risking_death(world, upkeep_once).map(drop)
}

/// One turn of the server's own.
pub fn upkeep_once(world: &World) -> Result<(), ServiceError> {
    turn(&world.db, Some(&world.secret), &Limits::default(), world.now_ms).map(drop)
}

/// The database is copied.
pub fn back_up(world: &mut World) -> Result<(), String> {
    let copy = world.db.copy().map_err(text)?;
    world.backup = Some((copy, world.booked.clone()));
    Ok(())
}

/// The database is put back as it was, in another epoch. Phones that were enrolled since come back with a code.
pub fn restore(world: &mut World) -> Result<(), String> {
    let Some((copy, booked)) = world.backup.take() else { return Ok(()) };
    world.put_server(&copy);
    world.booked = booked.clone();
    world.backup = Some((copy, booked));
    begin_epoch(&world.db, &world.tenant, world.chance.bytes(), world.now_ms).map_err(text)?;
    for n in 0..world.phones.len() {
        let device = world.phones[n].sim.who.device;
        let known = world.db.reading(|tx| tx.find_device(device)).map_err(|error: ServerError| text(error))?;
        if known.is_none() {
            comes_back(&world.db, &mut world.chance, &mut world.phones[n].sim, world.now_ms);
        }
    }
    // A till's call that the server has forgotten may be carried out once more.
    world.said.clear();
    world.restored = true;
    world.note("server put back");
    Ok(())
}

/// What became of something that a server may have died at.
enum Done {
    Yes,
    No,
    Unknown,
}

fn risking_death<T>(world: &mut World, work: impl FnOnce(&World) -> Result<T, ServiceError>) -> Result<Done, String> {
    let dies = (!world.calm && world.chance.percent(10)).then(|| world.chance.below(4) as u32);
    failpoint::arm(dies);
    let made = work(world);
    failpoint::arm(None);
    world.server_changed = true;
    match made {
        Ok(_) => Ok(Done::Yes),
        Err(ServiceError::Refused(_)) => Ok(Done::No),
        Err(ServiceError::Server(error)) if is_asked_for(&error) => Ok(Done::Unknown),
        Err(error) => Err(text(error)),
    }
}
