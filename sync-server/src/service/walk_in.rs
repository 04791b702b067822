//! A walk-in enrolled at a counter: a member whom HQ knows already, one whom another phone enrolled, or somebody new.

use guidebook_domain::handover::{HandoverState, due};
use guidebook_domain::{EditProblem, EditReason, MemberId, MemberProfile, Operation, Outcome, Redirected, Refusal, TenantId, Walkin};

use super::feeding::{self, News};
use super::merging::{add_consents, merge_source, owner_of_phone};
use super::reconcile::Desk;
use super::serving;
use crate::clock::shanghai_day;
use crate::db::feeds::EntityKind;
use crate::db::handovers::{Handover, HandoverFilter};
use crate::db::members::{Member, Serving};
use crate::db::{Result, Tx};

/// Enrols the walk-in of `operation`, whose rules hold. Gives the member who she is and what became of it.
pub fn enrol(tx: &mut dyn Tx, desk: &Desk<'_>, operation: &Operation, walkin: &Walkin) -> Result<(Option<MemberId>, Outcome)> {
    let id = MemberId::walk_in(operation.id);
    if let Some(problem) = problem(tx, &desk.who.tenant, operation, walkin)? {
        return Ok((None, Outcome::Refused(Refusal::Rule(problem))));
    }
    let Some(owner) = owner_of_phone(tx, &desk.who.tenant, &walkin.phone)? else {
        add(tx, desk, id.clone(), walkin)?;
        return Ok((Some(id), Outcome::Applied));
    };
    let owner = join(tx, desk, owner, &id, walkin)?;
    let redirected = Redirected { member: Some(owner.clone()), tag: None };
    Ok((Some(owner), Outcome::Redirected(redirected)))
}

/// What is wrong with it that only the database can tell.
fn problem(tx: &mut dyn Tx, tenant: &TenantId, operation: &Operation, walkin: &Walkin) -> Result<Option<EditProblem>> {
    let id = MemberId::walk_in(operation.id);
    if operation.member.as_ref() != Some(&id) || tx.member(tenant, &id)?.is_some() {
        return Ok(Some(EditProblem::new("member", EditReason::Malformed)));
    }
    if tx.store(tenant, &walkin.store)?.is_none() {
        return Ok(Some(EditProblem::new("store", EditReason::Unknown)));
    }
    for brand in &walkin.consents.brands {
        if tx.brand(tenant, brand)?.is_none() {
            return Ok(Some(EditProblem::new("brands", EditReason::Unknown)));
        }
    }
    Ok(None)
}

/// The profile of a walk-in who joined on the day of `at_ms`.
pub fn profile(walkin: &Walkin, at_ms: u64) -> MemberProfile {
    MemberProfile {
        name: walkin.name.clone(),
        phone: Some(walkin.phone.clone()),
        gender: walkin.gender,
        birthday: walkin.birthday,
        joined: Some(shanghai_day(at_ms)),
        store: Some(walkin.store.clone()),
        ..MemberProfile::default()
    }
}

fn add(tx: &mut dyn Tx, desk: &Desk<'_>, id: MemberId, walkin: &Walkin) -> Result<()> {
    let mut member = Member::of(id, profile(walkin, desk.now_ms));
    member.consents = walkin.consents.clone();
    tx.put_member(&desk.who.tenant, &member)?;
    bind(tx, desk, &member.id, "enrol")
}

fn join(tx: &mut dyn Tx, desk: &Desk<'_>, mut owner: Member, id: &MemberId, walkin: &Walkin) -> Result<MemberId> {
    let tenant = &desk.who.tenant;
    tx.put_alias(tenant, id, &owner.id, desk.now_ms)?;
    let before = owner.clone();
    add_consents(&mut owner.consents, &walkin.consents);
    tx.put_member(tenant, &owner)?;
    bind(tx, desk, &owner.id, &merge_source(id))?;
    serving::tell_difference(tx, tenant, &before, &owner)?;
    // The phone that enrolled her shows her under the id it made: tell it what became of that.
    feeding::put(tx, tenant, &desk.who.guide, EntityKind::Member, id.as_str(), News::Gone)?;
    Ok(owner.id)
}

/// Binds the guide to the member. One who has left served her until then, and her heir does today. Where there is no heir,
/// or the members of the guide who left wait to pass to her, this one waits with them.
fn bind(tx: &mut dyn Tx, desk: &Desk<'_>, member: &MemberId, source: &str) -> Result<()> {
    let (tenant, guide) = (&desk.who.tenant, &desk.who.guide);
    let Some(left_ms) = desk.closing_ms else {
        serving::start(tx, tenant, member, guide, source, desk.now_ms)?;
        return Ok(());
    };
    let others = waiting(tx, desk)?;
    let Some(heir) = desk.heir.as_ref().filter(|_| others.is_none()) else {
        serving::start(tx, tenant, member, guide, source, desk.now_ms)?;
        return others.map_or(Ok(()), |others| wait_with(tx, desk, member, others));
    };
    if !tx.serves(tenant, member, guide, Some(left_ms))? {
        let serving = Serving { guide: guide.clone(), source: source.to_owned(), from_ms: left_ms, entered: 0 };
        tx.put_serving(tenant, member, &serving, Some(left_ms))?;
    }
    serving::start(tx, tenant, member, heir, source, desk.now_ms)?;
    Ok(())
}

/// One of the handovers by which members of the guide who left wait to pass to her heir.
fn waiting(tx: &mut dyn Tx, desk: &Desk<'_>) -> Result<Option<Handover>> {
    let Some(heir) = &desk.heir else { return Ok(None) };
    let (from, to, state) = (Some(desk.who.guide.clone()), Some(heir.clone()), Some(HandoverState::Waiting));
    let filter = HandoverFilter { from, to, state, ..HandoverFilter::default() };
    let first = tx.handovers_after(&desk.who.tenant, &filter, 0, 1)?.pop();
    Ok(first.filter(|handover| !due(handover.due_ms, desk.now_ms)))
}

fn wait_with(tx: &mut dyn Tx, desk: &Desk<'_>, member: &MemberId, others: Handover) -> Result<()> {
    let tenant = &desk.who.tenant;
    if tx.waiting_handover(tenant, member, &others.to)?.is_none() {
        tx.add_handover(tenant, &Handover { member: member.clone(), asked_ms: desk.now_ms, ..others })?;
    }
    Ok(())
}
