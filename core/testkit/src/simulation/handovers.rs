//! Members who pass from guide to guide, at once or after a day; a guide who leaves; a customer who refuses.

use guidebook_domain::GuideId;
use guidebook_domain::handover::HandoverKind;
use guidebook_server::error::ServiceError;
use guidebook_server::hq::assign;
use guidebook_server::hq::handover::{Effective, HandoverReport, HandoverRequest, hand_over, job, settle};

use super::headquarters::risking_death;
use super::world::{GUIDES, MEMBERS, World, guide_id, member_id, text};

/// A guide comes to serve a member beside others, or members pass from one guide to another.
pub fn ownership(world: &mut World) -> Result<(), String> {
    let member = member_id(world.chance.below(MEMBERS));
    let (from, to) = (world.chance.below(GUIDES), world.chance.below(GUIDES));
    if from != to && world.chance.percent(60) {
        let effective = effective(world);
        let (from, to, kind, members) = (guide_id(from), guide_id(to), HandoverKind::OnJob, Some(vec![member]));
        return hand(world, HandoverRequest { from, to, kind, members, effective, dry_run: false });
    }
    let (tenant, guide, now_ms) = (world.tenant.clone(), guide_id(to), world.now_ms);
    let done = risking_death(world, |world| assign::assign(&world.db, &tenant, &member, &guide, now_ms))?;
    if done.is_some() {
        world.truth.assigns(&member, &guide, None);
    }
    Ok(())
}

/// A guide leaves; one who stays takes all her members. One guide always stays.
pub fn resign(world: &mut World) -> Result<(), String> {
    let (from, to) = (guide_id(world.chance.below(GUIDES)), guide_id(world.chance.below(GUIDES)));
    let staying = (0..GUIDES).filter(|n| !world.truth.is_gone(&guide_id(*n))).count();
    if from == to || staying < 2 || world.truth.has_left(&from) {
        return Ok(());
    }
    let effective = effective(world);
    hand(world, HandoverRequest { from, to, kind: HandoverKind::Resigned, members: None, effective, dry_run: false })
}

fn effective(world: &mut World) -> Effective {
    if world.chance.percent(50) { Effective::AtOnce } else { Effective::AfterWait }
}

/// A customer refuses to pass to another guide.
pub fn refuse(world: &mut World) -> Result<(), String> {
    settle_due(world)?;
    let waiting = world.truth.waiting();
    // Now and then one of whom nobody asked.
    let asked = if waiting.is_empty() || world.chance.percent(10) {
        (member_id(world.chance.below(MEMBERS)), guide_id(world.chance.below(GUIDES)))
    } else {
        world.chance.pick(&waiting).clone()
    };
    let ((member, to), tenant, now_ms) = (asked, world.tenant.clone(), world.now_ms);
    let done = risking_death(world, |world| settle::refuse(&world.db, &tenant, &member, &to, now_ms))?;
    if done.is_some() && !world.truth.refuses(&member, &to) {
        return Err("invariant 3: a handover is refused that does not wait".to_owned());
    }
    Ok(())
}

/// The server takes up the handovers whose time has come.
pub fn settle_due(world: &mut World) -> Result<(), String> {
    let (limits, now_ms) = (world.limits.clone(), world.now_ms);
    let done = risking_death(world, |world| settle::settle_due(&world.db, None, &limits, now_ms))?;
    let Some(settled) = done else { return Ok(()) };
    let expected = world.truth.settles(limits.members_per_guide, now_ms);
    let Some(settled) = settled else { return Ok(()) };
    let settled = settled.into_iter().map(|(state, count)| (state.word(), count)).collect();
    if expected == settled { Ok(()) } else { Err(format!("invariant 3: handovers end as {settled:?}, expected {expected:?}")) }
}

/// What the dry run says is what happens.
pub fn hand(world: &mut World, request: HandoverRequest) -> Result<(), String> {
    settle_due(world)?;
    let (tenant, limits, now_ms) = (world.tenant.clone(), world.limits.clone(), world.now_ms);
    let rehearsal = HandoverRequest { dry_run: true, ..request.clone() };
    let plan = match hand_over(&world.db, &tenant, &rehearsal, &limits, now_ms) {
        Err(ServiceError::Refused(_)) => return Ok(()),
        other => other.map_err(text)?,
    };
    let done = risking_death(world, |world| hand_over(&world.db, &tenant, &request, &limits, now_ms))?;
    let Some(report) = done else { return Ok(()) };
    if report.is_none() && request.members.is_none() {
        // The server died when it had begun a job. When another has seen it idle for a minute, it goes on with it.
        world.now_ms += 61_000;
        job::resume(&world.db, &limits, world.now_ms).map_err(text)?;
    }
    if report.is_some_and(|report| outcome(&report) != outcome(&plan)) {
        return Err("invariant 3: the dry run of a handover says otherwise than what happens".to_owned());
    }
    if request.kind == HandoverKind::Resigned {
        world.truth.leaves(&request.from, &request.to, now_ms);
    }
    passes(world, &request.from, &request.to, &plan);
    Ok(())
}

fn outcome(report: &HandoverReport) -> HandoverReport {
    HandoverReport { dry_run: false, job: None, ..report.clone() }
}

fn passes(world: &mut World, from: &GuideId, to: &GuideId, plan: &HandoverReport) {
    for member in &plan.done {
        world.truth.ends(member, from, world.now_ms);
        world.truth.starts(member, to, false);
    }
    for member in &plan.waiting {
        world.truth.will_pass(member, from, to, plan.due_ms);
    }
}
