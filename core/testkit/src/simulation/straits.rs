//! What takes several things in a row, each of them rare: one seed in four has one of these as its theme.

use guidebook_domain::handover::HandoverKind;
use guidebook_domain::{Edit, MemberId, RevealReason};
use guidebook_server::hq::assign;
use guidebook_server::hq::handover::{Effective, HandoverRequest};

use super::headquarters::risking_death;
use super::network::{ask_plainly, hear, request};
use super::truth::day;
use super::world::{GUIDES, MEMBERS, TAGS, World, guide_id, member_id, tag_id};
use super::{edits, handovers, headquarters, phones, server_file, snapshots, terms};

const HOUR_MS: u64 = 3_600_000;

/// The last day of a guide with a member passes on her phone, by its own clocks, before the server has ended anything.
pub fn midnight(world: &mut World, phone: usize) -> Result<(), String> {
    let guide = world.phones[phone].who.guide.clone();
    let served = (0..MEMBERS).map(member_id).filter(|id| world.truth.members_of(&guide).contains(id)).collect::<Vec<_>>();
    // Where there is no room, the phone can't write down what time has passed.
    if served.is_empty() || world.phones[phone].full {
        return Ok(());
    }
    let member = world.chance.pick(&served).clone();
    let (tenant, now_ms) = (world.tenant.clone(), world.now_ms);
    let today = Some(day(now_ms));
    if risking_death(world, |world| assign::assign_until(&world.db, &tenant, &member, &guide, today, now_ms))?.is_some() {
        world.truth.assigns(&member, &guide, today);
    }
    // A phone looks at its clocks before each round.
    let looked_ms = world.now_ms;
    world.phones[phone].looks_at_clocks(looked_ms);
    if !round(world, phone)? {
        return Ok(());
    }
    // Long enough to be written down.
    world.now_ms += HOUR_MS + world.chance.number() % (30 * HOUR_MS);
    world.phones[phone].looks_at_clocks(world.now_ms);
    world.phones[phone].model.time_passes(world.now_ms - looked_ms);
    Ok(())
}

/// While a member waits to pass to a guide, that guide comes to serve as many as she may.
pub fn fills_up(world: &mut World) -> Result<(), String> {
    let (from, to) = (guide_id(world.chance.below(GUIDES)), guide_id(world.chance.below(GUIDES)));
    let served = world.truth.members_of(&from);
    let free = |world: &World, id: &MemberId| !world.truth.members_of(&to).contains(id);
    let Some(member) = served.into_iter().find(|id| free(world, id)).filter(|_| from != to) else { return Ok(()) };
    let (kind, effective) = (HandoverKind::OnJob, Effective::AfterWait);
    handovers::hand(world, HandoverRequest { from, to: to.clone(), kind, members: Some(vec![member.clone()]), effective, dry_run: false })?;
    let others: Vec<MemberId> = (0..MEMBERS).map(member_id).filter(|id| *id != member && free(world, id)).collect();
    for other in others {
        if world.truth.members_of(&to).len() < world.limits.members_per_guide && world.chance.percent(80) {
            let (tenant, now_ms) = (world.tenant.clone(), world.now_ms);
            if risking_death(world, |world| assign::assign(&world.db, &tenant, &other, &to, now_ms))?.is_some() {
                world.truth.assigns(&other, &to, None);
            }
        }
    }
    world.now_ms += 20 * HOUR_MS + world.chance.number() % (10 * HOUR_MS);
    terms::upkeep(world)
}

/// The server is put back from one backup twice, and then from a later one; a phone was answered between the first and the
/// second, and has heard of neither since.
pub fn restores_in_a_row(world: &mut World, phone: usize) -> Result<(), String> {
    server_file::back_up(world)?;
    server_file::restore(world)?;
    // Until it has compared, and has pushed what it wrote since.
    for _ in 0..3 {
        edits::edit(world, phone)?;
        if !round(world, phone)? {
            return Ok(());
        }
    }
    server_file::restore(world)?;
    world.now_ms += world.chance.number() % HOUR_MS;
    server_file::back_up(world)?;
    server_file::restore(world)
}

/// A phone has some of a snapshot, and the server is put back to where it offers none.
pub fn gives_up(world: &mut World, phone: usize) -> Result<(), String> {
    server_file::back_up(world)?;
    if world.chance.percent(50) {
        headquarters::import(world)?;
    }
    if !round(world, phone)? {
        return Ok(());
    }
    let most = 1 + world.chance.below(3);
    snapshots::fetch(world, phone, most, true)?;
    if world.chance.percent(80) {
        server_file::restore(world)?;
    }
    round(world, phone).map(drop)
}

/// The clock of a phone and of its clone stands still, so that both write at one moment under one name.
pub fn one_moment(world: &mut World, phone: usize) -> Result<(), String> {
    let count = world.phones.len();
    phones::clone(world, phone);
    let view = world.phones[phone].model.view();
    let members: Vec<MemberId> = view.keys().cloned().collect();
    if world.phones.len() == count || members.is_empty() {
        return Ok(());
    }
    let (member, tag) = (world.chance.pick(&members).clone(), tag_id(TAGS[world.chance.below(TAGS.len())]));
    let is_on = view[&member].tags.get(&tag).is_some_and(|cell| cell.value);
    let puts = |on| Edit::Tag { tag: tag.clone(), on };
    // The second edits of the two have one moment; the first lets either be a change.
    let first = [puts(!is_on), Edit::Reveal { reason: RevealReason::Call }];
    let second = [puts(is_on), puts(!is_on)];
    for (n, phone) in [phone, count].into_iter().enumerate() {
        edits::edit_plainly(world, phone, &member, &first[n])?;
        edits::edit_plainly(world, phone, &member, &second[n])?;
    }
    Ok(())
}

/// A whole round of a phone over a good network. Whether it is still there.
fn round(world: &mut World, phone: usize) -> Result<bool, String> {
    let (who, record) = (world.phones[phone].who.clone(), request(world, phone)?);
    let heard = ask_plainly(world, &who, &record)?;
    let stays = !heard.wipes();
    hear(world, phone, heard, None)?;
    Ok(stays)
}
