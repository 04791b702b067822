//! What must be true. The numbers are those of the plan (`DESIGN`, section 10).

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{MemberId, MemberState, OperationId, Outcome, Phone, Stamp, TagId};
use guidebook_server::db::DatabaseExt;
use guidebook_server::error::ServerError;
use guidebook_server::service::round::DeviceSession;
use guidebook_wire::{RoundAnswerRecord, RoundRecord};

use super::truth::{Held, Seen};
use super::world::{GUIDES, SMALL_SNAPSHOTS, World, guide_id, text};

/// What can be seen at any moment.
pub fn after_a_step(world: &mut World) -> Result<(), String> {
    for n in 0..world.phones.len() {
        if std::mem::take(&mut world.phones[n].changed) {
            screens_show_word_and_pending(world, n)?;
            holds_what_waits(world, n)?;
        }
    }
    nothing_acknowledged_is_lost(world)?;
    let rows = world.db.rows_changed();
    if std::mem::take(&mut world.server_changed) || rows != world.compared_at {
        world.compared_at = rows;
        server_holds_the_truth(world)?;
    }
    Ok(())
}

/// What holds when the edits have stopped and everyone has synced.
pub fn at_the_end(world: &World) -> Result<(), String> {
    for op in &world.acknowledged {
        if !has_receipt(world, *op)? {
            return Err(format!("invariant 1: the server has no receipt for {op}"));
        }
    }
    nothing_twice(world)?;
    let server = server_states(world)?;
    for n in 0..world.phones.len() {
        phone_agrees(world, n, &server)?;
        sums_agree(world, n)?;
    }
    Ok(())
}

/// 3. A phone has of each member the very version that the server counts in its sums.
fn sums_agree(world: &World, n: usize) -> Result<(), String> {
    let phone = &world.phones[n];
    let head = world.db.reading(|tx| tx.feed_head(&phone.who.tenant, &phone.who.guide)).map_err(|e: ServerError| text(e))?;
    if head.sums == phone.book().sums() { Ok(()) } else { Err(format!("invariant 3: the sums of phone {n} and the server differ")) }
}

/// 3. Only a restore makes phone and server differ, so that sums are to be compared.
///    A phone that gave a snapshot up asks for it itself.
pub fn nothing_to_repair(world: &World, record: &RoundRecord, answer: &RoundAnswerRecord) -> Result<(), String> {
    let gave_up = record.sums.is_some() && world.sizes.snapshot == SMALL_SNAPSHOTS;
    if world.restored || gave_up || (!answer.compare && answer.slices.is_empty()) {
        return Ok(());
    }
    Err("invariant 3: the sums of phone and server differ, and no server was restored".to_owned())
}

/// 1. A phone holds exactly its unanswered edits, in their order.
fn holds_what_waits(world: &World, n: usize) -> Result<(), String> {
    let phone = &world.phones[n];
    let waits: Vec<OperationId> = phone.book().next_push().map_err(text)?.iter().map(|o| o.id).collect();
    if waits == phone.model.waiting() { Ok(()) } else { Err(format!("invariant 1: phone {n} does not hold exactly its unanswered edits")) }
}

/// 1. An acknowledged edit is on a phone, or the server has its receipt.
fn nothing_acknowledged_is_lost(world: &mut World) -> Result<(), String> {
    let waiting = world.waiting();
    let looked_for: Vec<_> = world.acknowledged.iter().filter(|op| !waiting.contains(op) && !world.settled.contains(op)).copied().collect();
    for op in looked_for {
        let answered = || world.phones.iter().any(|phone| phone.book().operation(op).is_ok());
        if has_receipt(world, op)? {
            world.settled.insert(op);
        } else if !(world.restored && answered()) {
            return Err(format!("invariant 1: edit {op} is neither on a phone nor at the server"));
        }
    }
    Ok(())
}

/// 2. Nothing is applied twice: HQ's change log names no operation twice.
fn nothing_twice(world: &World) -> Result<(), String> {
    let changes = world.db.reading(|tx| tx.changes_after(&world.tenant, 0, 100_000)).map_err(|e: ServerError| text(e))?;
    let mut seen = BTreeSet::new();
    for op in changes.iter().filter_map(|c| c.op) {
        if !seen.insert(op) {
            return Err(format!("invariant 2: edit {op} was applied twice"));
        }
    }
    Ok(())
}

/// 2 and 3. HQ sees what the reference model says, and nobody else serves anyone.
fn server_holds_the_truth(world: &World) -> Result<(), String> {
    let members = world.db.reading(|tx| tx.members_after(&world.tenant, None, 100_000)).map_err(|e: ServerError| text(e))?;
    let mut truth = world.truth.view();
    for member in members {
        let held = (member.profile.phone.clone(), seen(&member.state));
        let expected = truth.remove(&member.id).map(|(phone, seen)| (Some(phone), seen));
        if expected.as_ref() != Some(&held) {
            return Err(format!("invariant 2 or 3: of {} the server holds {}", member.id, differs(&held, expected.as_ref())));
        }
    }
    if let Some(member) = truth.keys().next() {
        return Err(format!("invariant 3: the server does not hold {member}"));
    }
    for n in 0..GUIDES {
        let serves = members_of(world, n)?;
        if serves != world.truth.members_of(&guide_id(n)) {
            return Err(format!("invariant 3: guide {n} serves others than the model says"));
        }
    }
    Ok(())
}

/// 5. A phone that has read its feed to the end holds nobody but whom its guide serves, and walk-ins still to be sent.
pub fn nobody_too_many(world: &World, who: &DeviceSession) -> Result<(), String> {
    let Some(phone) = world.phones.iter().find(|phone| phone.who == *who) else { return Ok(()) };
    // A leaver's walk-ins are her heir's as soon as they are pushed; her phone is wiped with its last push, which is looked at there.
    if world.truth.is_gone(&who.guide) || world.truth.is_over(&who.guide, world.now_ms) {
        return Ok(());
    }
    let standing = phone.book().standing();
    let (tenant, head, serves) = world
        .db
        .reading(|tx| {
            Ok((tx.tenant(&who.tenant)?, tx.feed_head(&who.tenant, &who.guide)?.position, tx.members_of(&who.tenant, &who.guide)?))
        })
        .map_err(|e: ServerError| text(e))?;
    if standing.epoch != tenant.map(|tenant| tenant.epoch) || standing.cursor.feed != head || standing.compare {
        return Ok(());
    }
    let unsent: BTreeSet<MemberId> = phone.model.unsent_walk_ins();
    let held = phone.model.view().into_keys().find(|id| !serves.contains(id) && !unsent.contains(id));
    held.map_or(Ok(()), |member| Err(format!("invariant 5: a phone that has synced holds {member}")))
}

/// 3 and 5. A phone holds exactly the members whom its guide serves, each as the server has her for this guide.
fn phone_agrees(world: &World, n: usize, server: &BTreeMap<MemberId, MemberState>) -> Result<(), String> {
    let phone = &world.phones[n];
    let guide = &phone.who.guide;
    let serves = world.truth.members_of(guide);
    let holds: BTreeSet<MemberId> = phone.model.view().into_keys().collect();
    if let Some(member) = holds.difference(&serves).next() {
        return Err(format!("invariant 5: phone {n} still holds {member}"));
    }
    if let Some(member) = serves.difference(&holds).next() {
        return Err(format!("invariant 3: phone {n} does not hold {member}"));
    }
    for member in &serves {
        let here = phone.book().member(member).map_err(text)?.record.state;
        let foreign = |tag: &TagId| tag.is_personal() && !tag.belongs_to(guide);
        if here.tags.keys().any(foreign) {
            return Err(format!("invariant 5: phone {n} sees another guide's own tag on {member}"));
        }
        let mut there = server.get(member).cloned().unwrap_or_default();
        there.tags.retain(|tag, _| !foreign(tag));
        if here != there {
            let differing = differs(&(None, seen(&here)), Some(&(None, seen(&there))));
            return Err(format!("invariant 3: phone {n} and the server differ on {member}: {differing}"));
        }
    }
    Ok(())
}

/// 6. What a screen shows is the server's last word plus the phone's own pending edits.
fn screens_show_word_and_pending(world: &World, n: usize) -> Result<(), String> {
    let phone = &world.phones[n];
    let view = phone.model.view();
    // While a snapshot comes, what is behind its first chunk is on the disk, but not listed yet.
    let listed = phone.book().member_count();
    if listed > view.len() || (listed < view.len() && phone.book().incoming().is_none()) {
        return Err(format!("invariant 6: phone {n} shows {listed} members, not {}", view.len()));
    }
    for (member, state) in view {
        let shown = phone.book().member(&member).map_err(|_| format!("invariant 6: phone {n} does not show {member}"))?;
        if shown.record.state != state {
            return Err(format!("invariant 6: phone {n} shows {member} otherwise than word and pending edits say"));
        }
    }
    Ok(())
}

/// The kind of an outcome.
pub fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Applied => "applied",
        Outcome::Superseded(_) => "superseded",
        Outcome::Redirected(_) => "redirected",
        Outcome::Refused(_) => "refused",
    }
}

fn seen(state: &MemberState) -> Seen {
    Seen {
        tags: state.tags.iter().map(|(tag, cell)| (tag.clone(), held(cell.value, &cell.stamp))).collect(),
        choices: state
            .choices
            .iter()
            .map(|(group, cell)| (group.clone(), held(cell.value.as_ref().map_or("", TagId::as_str).to_owned(), &cell.stamp)))
            .collect(),
        fields: state.fields.iter().map(|(field, cell)| (*field, held(cell.value.expose().to_owned(), &cell.stamp))).collect(),
        notes: state.notes.iter().map(|(op, note)| (*op, note.text.expose().to_owned())).collect(),
        withdrawn: state.withdrawn.iter().map(|(op, cell)| (*op, held(cell.value, &cell.stamp))).collect(),
    }
}

fn held<T>(value: T, stamp: &Stamp) -> Held<T> {
    (value, stamp.hlc, stamp.device)
}

/// The first part in which two differ. All members of a simulation are made up.
fn differs(held: &(Option<Phone>, Seen), expected: Option<&(Option<Phone>, Seen)>) -> String {
    let Some((phone, there)) = expected else { return "somebody whom the model does not know".to_owned() };
    let here = &held.1;
    if held.0 != *phone {
        return "another number".to_owned();
    }
    if here.tags != there.tags {
        return format!("tags {:?}, expected {:?}", here.tags, there.tags);
    }
    if here.choices != there.choices {
        return format!("choices {:?}, expected {:?}", here.choices, there.choices);
    }
    if here.fields != there.fields {
        return format!("fields {:?}, expected {:?}", here.fields, there.fields);
    }
    if here.notes != there.notes {
        return format!("{} notes, expected {}", here.notes.len(), there.notes.len());
    }
    format!("withdrawn {:?}, expected {:?}; or another writer", here.withdrawn, there.withdrawn)
}

fn has_receipt(world: &World, op: OperationId) -> Result<bool, String> {
    let found = world.db.reading(|tx| tx.operation(&world.tenant, op)).map_err(|e: ServerError| text(e))?;
    Ok(found.is_some())
}

fn members_of(world: &World, guide: usize) -> Result<BTreeSet<MemberId>, String> {
    let serves = world.db.reading(|tx| tx.members_of(&world.tenant, &guide_id(guide))).map_err(|e: ServerError| text(e))?;
    Ok(serves.into_iter().collect())
}

fn server_states(world: &World) -> Result<BTreeMap<MemberId, MemberState>, String> {
    let members = world.db.reading(|tx| tx.members_after(&world.tenant, None, 100_000)).map_err(|e: ServerError| text(e))?;
    Ok(members.into_iter().map(|m| (m.id, m.state)).collect())
}
