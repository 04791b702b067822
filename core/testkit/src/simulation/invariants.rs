//! What must be true. The numbers are those of the plan (`DESIGN`, section 10).

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{DeviceId, Edit, Hlc, MemberId, MemberState, Operation, OperationId, Outcome, TagId};
use guidebook_server::db::DatabaseExt;
use guidebook_server::db::operations::StoredOperation;
use guidebook_server::error::ServerError;
use guidebook_server::service::merging;

use super::world::World;

/// What can be seen at any moment.
pub fn after_a_step(world: &World) -> Result<(), String> {
    for (n, phone) in world.phones.iter().enumerate() {
        screens_show_word_and_pending(world, n)?;
        let waits: Vec<OperationId> = phone.book().next_push().map_err(text)?.iter().map(|o| o.id).collect();
        if waits != phone.model.waiting() {
            return Err(format!("invariant 1: phone {n} does not hold exactly its unanswered edits"));
        }
    }
    nothing_acknowledged_is_lost(world)
}

/// What holds when the edits have stopped and everyone has synced.
pub fn at_the_end(world: &World) -> Result<(), String> {
    let operations = stored_operations(world)?;
    for op in world.acknowledged.keys() {
        if !operations.contains_key(op) {
            return Err(format!("invariant 1: the server has no receipt for {op}"));
        }
    }
    nothing_twice(world)?;
    let server = server_states(world)?;
    server_holds_what_the_rules_say(world, &operations, &server)?;
    for n in 0..world.phones.len() {
        phone_agrees(world, n, &server)?;
    }
    Ok(())
}

/// 1. An acknowledged edit is on its phone, or the server has its receipt.
fn nothing_acknowledged_is_lost(world: &World) -> Result<(), String> {
    for (op, phone) in &world.acknowledged {
        let on_phone = world.phones[*phone].model.waiting().contains(op);
        if !on_phone && stored(world, *op)?.is_none() {
            return Err(format!("invariant 1: edit {op} is neither on its phone nor at the server"));
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

/// Invariant 3: the server holds what the plain rules say, of each cell the last write by (time, device), on before
/// off, and every note that was taken.
fn server_holds_what_the_rules_say(
    world: &World,
    operations: &BTreeMap<OperationId, StoredOperation>,
    server: &BTreeMap<MemberId, MemberState>,
) -> Result<(), String> {
    let mut tags: BTreeMap<(MemberId, TagId), (Hlc, DeviceId, bool)> = BTreeMap::new();
    let mut notes: BTreeMap<MemberId, BTreeSet<OperationId>> = BTreeMap::new();
    for stored in operations.values() {
        let (Some(operation), false) = (&stored.operation, matches!(stored.outcome, Outcome::Refused(_))) else { continue };
        let Operation { member: Some(member), hlc, device, .. } = operation else { continue };
        let member = stands_for(world, member)?;
        match &operation.edit {
            Edit::Tag { tag, on } => {
                let write = (*hlc, *device, *on);
                let cell = tags.entry((member, tag.clone())).or_insert(write);
                *cell = (*cell).max(write);
            }
            Edit::Note { .. } => drop(notes.entry(member).or_default().insert(operation.id)),
            Edit::Choose { .. }
            | Edit::Field { .. }
            | Edit::WithdrawNote { .. }
            | Edit::FollowUp { .. }
            | Edit::FollowUpDone { .. }
            | Edit::Enrol { .. }
            | Edit::PersonalTag { .. } => {}
        }
    }
    for ((member, tag), (_, _, on)) in &tags {
        let held = server.get(member).and_then(|s| s.tags.get(tag)).map(|cell| cell.value);
        if held != Some(*on) {
            return Err(format!("invariant 3: of {tag} on {member} the server holds {held:?}, the last write says {on}"));
        }
    }
    for (member, expected) in notes {
        let held: BTreeSet<OperationId> = server.get(&member).map(|s| s.notes.keys().copied().collect()).unwrap_or_default();
        if held != expected {
            return Err(format!("invariant 2 or 3: {} notes on {member} at the server, {} were taken", held.len(), expected.len()));
        }
    }
    Ok(())
}

/// 3 and 5. A phone holds exactly the members whom its guide serves, each as the server has her.
fn phone_agrees(world: &World, n: usize, server: &BTreeMap<MemberId, MemberState>) -> Result<(), String> {
    let phone = &world.phones[n];
    let serves = world.db.reading(|tx| tx.members_of(&world.tenant, &phone.who.guide)).map_err(|e: ServerError| text(e))?;
    let serves: BTreeSet<MemberId> = serves.into_iter().collect();
    let holds: BTreeSet<MemberId> = phone.model.view().into_keys().collect();
    if let Some(member) = holds.difference(&serves).next() {
        return Err(format!("invariant 5: phone {n} still holds {member}"));
    }
    if let Some(member) = serves.difference(&holds).next() {
        return Err(format!("invariant 3: phone {n} does not hold {member}"));
    }
    for member in &serves {
        let state = phone.book().member(member).map_err(text)?.record.state;
        if Some(&state) != server.get(member) {
            let differing = server.get(member).map_or("everything".to_owned(), |there| difference(&state, there));
            return Err(format!("invariant 3: phone {n} and the server differ on {member}: {differing}"));
        }
    }
    Ok(())
}

/// 6. What a screen shows is the server's last word plus the phone's own pending edits.
fn screens_show_word_and_pending(world: &World, n: usize) -> Result<(), String> {
    let phone = &world.phones[n];
    let view = phone.model.view();
    if phone.book().member_count() != view.len() {
        return Err(format!("invariant 6: phone {n} shows {} members, not {}", phone.book().member_count(), view.len()));
    }
    for (member, state) in view {
        let shown = phone.book().member(&member).map_err(|_| format!("invariant 6: phone {n} does not show {member}"))?;
        if shown.record.state != state {
            return Err(format!("invariant 6: phone {n} shows {member} otherwise than word and pending edits say"));
        }
    }
    Ok(())
}

/// The cells in which two states differ, the first state's first.
fn difference(here: &MemberState, there: &MemberState) -> String {
    let mut parts = Vec::new();
    for tag in here.tags.keys().chain(there.tags.keys()).collect::<BTreeSet<_>>() {
        if here.tags.get(tag) != there.tags.get(tag) {
            parts.push(format!("{tag}: {:?} and {:?}", here.tags.get(tag), there.tags.get(tag)));
        }
    }
    if here.choices != there.choices {
        parts.push(format!("choices: {:?} and {:?}", here.choices, there.choices));
    }
    if here.fields != there.fields {
        parts.push(format!("fields: {:?} and {:?}", here.fields, there.fields));
    }
    if here.notes != there.notes {
        parts.push(format!("notes: {:?} and {:?}", here.notes, there.notes));
    }
    if here.withdrawn != there.withdrawn {
        parts.push(format!("withdrawn: {:?} and {:?}", here.withdrawn, there.withdrawn));
    }
    parts.join("; ")
}

fn stored(world: &World, op: OperationId) -> Result<Option<StoredOperation>, String> {
    world.db.reading(|tx| tx.operation(&world.tenant, op)).map_err(|e: ServerError| text(e))
}

/// Every operation of the change log, with its receipt.
fn stored_operations(world: &World) -> Result<BTreeMap<OperationId, StoredOperation>, String> {
    let changes = world.db.reading(|tx| tx.changes_after(&world.tenant, 0, 100_000)).map_err(|e: ServerError| text(e))?;
    let mut operations = BTreeMap::new();
    for op in changes.iter().filter_map(|c| c.op).chain(world.acknowledged.keys().copied()) {
        if let Some(operation) = stored(world, op)? {
            operations.insert(op, operation);
        }
    }
    Ok(operations)
}

fn server_states(world: &World) -> Result<BTreeMap<MemberId, MemberState>, String> {
    let members = world.db.reading(|tx| tx.members_after(&world.tenant, None, 100_000)).map_err(|e: ServerError| text(e))?;
    Ok(members.into_iter().filter(|m| !m.merged).map(|m| (m.id, m.state)).collect())
}

fn stands_for(world: &World, member: &MemberId) -> Result<MemberId, String> {
    let winner = world.db.reading(|tx| merging::stands_for(tx, &world.tenant, member)).map_err(|e: ServerError| text(e))?;
    Ok(winner.unwrap_or_else(|| member.clone()))
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
