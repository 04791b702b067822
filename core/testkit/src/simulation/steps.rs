//! What may happen: edits, rounds over a bad network, kills at a write, clocks that jump, HQ's hand in the dictionary
//! and in who serves whom.

use guidebook_domain::{Consents, Edit, GuideField, MemberId, Private, StoreId, Tag, TagFate, TagGroupId, Walkin};
use guidebook_server::db::{DatabaseExt, Write};
use guidebook_server::error::ServerError;
use guidebook_server::service::round::round;
use guidebook_server::service::serving;
use guidebook_store::{Key, Moment, Store, StoreError, failpoint};
use guidebook_sync::round::prepare;
use guidebook_wire::{RoundAnswerRecord, RoundRecord};

use super::world::{CHOICES, MEMBERS, TAGS, World, guide_id, phone_number, tag_id};

/// Something happens.
pub fn random_step(world: &mut World) -> Result<(), String> {
    world.now_ms += world.chance.number() % 60_000;
    let phone = world.chance.below(world.phones.len());
    match world.chance.below(100) {
        0..=44 => edit(world, phone),
        45..=49 => undo(world, phone),
        50..=79 => sync_over_a_bad_network(world, phone),
        80..=84 => deliver_late(world),
        85..=87 => jump_clock(world, phone),
        88..=91 => change_dictionary(world),
        92..=96 => change_ownership(world),
        _ => {
            restart(world, phone);
            Ok(())
        }
    }
}

/// The edits have stopped: the network is whole, and everyone syncs until nothing is left.
pub fn everyone_syncs(world: &mut World) -> Result<(), String> {
    while !world.late.is_empty() {
        deliver_late(world)?;
    }
    for _ in 0..2 {
        for phone in 0..world.phones.len() {
            for _ in 0..20 {
                let record = prepare(world.phones[phone].book()).map_err(text)?;
                let answer = ask(world, phone, &record)?;
                let more = answer.more;
                take_in(world, phone, answer, None)?;
                if !more && world.phones[phone].book().open_operations().map_err(text)?.0 == 0 {
                    break;
                }
            }
        }
    }
    Ok(())
}

fn moment(world: &mut World, phone: usize) -> Moment {
    Moment { wall_ms: world.wall_ms(phone), random: world.chance.bytes() }
}

fn edit(world: &mut World, phone: usize) -> Result<(), String> {
    if world.chance.percent(12) {
        return enrol_walk_in(world, phone);
    }
    let members: Vec<MemberId> = world.phones[phone].model.view().into_keys().collect();
    if members.is_empty() {
        return Ok(());
    }
    let member = world.chance.pick(&members).clone();
    let on = world.chance.percent(60);
    let edit = match world.chance.below(6) {
        0..=2 => Edit::Tag { tag: tag_id(TAGS[world.chance.below(TAGS.len())]), on },
        3 => Edit::Choose {
            group: TagGroupId::new("age").expect("an id"),
            tag: on.then(|| tag_id(CHOICES[world.chance.below(CHOICES.len())])),
        },
        4 => Edit::Note { text: Private::new(format!("note {}", world.chance.below(1000))) },
        _ => Edit::Field { field: GuideField::RemarkName, value: Private::new(format!("r{}", world.chance.below(5))) },
    };
    let moment = moment(world, phone);
    write(world, phone, |store| store.edit(&member, edit.clone(), moment).map(drop))
}

fn enrol_walk_in(world: &mut World, phone: usize) -> Result<(), String> {
    // Numbers of the store's members and a few that nobody has yet.
    let number = world.chance.below(MEMBERS + 3);
    let walkin = Walkin {
        name: "walk-in".into(),
        phone: phone_number(number),
        gender: None,
        birthday: None,
        store: StoreId::new("S1").expect("an id"),
        consents: Consents { membership: true, ..Consents::default() },
    };
    let moment = moment(world, phone);
    write(world, phone, |store| store.enrol_walk_in(walkin.clone(), moment).map(drop))
}

fn undo(world: &mut World, phone: usize) -> Result<(), String> {
    let entries = world.phones[phone].book().operations(0, 10).map_err(text)?;
    if entries.is_empty() {
        return Ok(());
    }
    let op = world.chance.pick(&entries).operation.id;
    let moment = moment(world, phone);
    write(world, phone, |store| store.undo(op, moment).map(drop))
}

/// Writes an edit, now and then with a kill at the write. What the rules forbid changes nothing.
fn write(world: &mut World, phone: usize, work: impl Fn(&mut Store) -> Result<(), StoreError>) -> Result<(), String> {
    let kill = world.chance.percent(10).then(|| world.chance.below(2) as u32);
    failpoint::arm(kill);
    let result = work(world.phones[phone].book_mut());
    failpoint::arm(None);
    match result {
        Ok(()) => {
            let operation = last_waiting(world, phone)?;
            world.acknowledged.insert(operation.id, phone);
            world.phones[phone].model.edited(operation);
        }
        Err(StoreError::OnRequest(at)) => {
            restart(world, phone);
            // Killed after the commit: the edit is on the disk, though nobody was told.
            if at.ends_with("after_commit") {
                let operation = last_waiting(world, phone)?;
                world.phones[phone].model.edited(operation);
            }
        }
        Err(StoreError::Rule(_) | StoreError::AlreadyMember(_) | StoreError::NotUndoable | StoreError::NotFound) => {}
        Err(other) => return Err(text(other)),
    }
    Ok(())
}

fn last_waiting(world: &World, phone: usize) -> Result<guidebook_domain::Operation, String> {
    let waiting = world.phones[phone].book().next_push().map_err(text)?;
    waiting.into_iter().next_back().ok_or_else(|| "invariant 1: a written edit does not wait".to_owned())
}

/// One request and its answer, each of which the network may lose, repeat or keep for later.
fn sync_over_a_bad_network(world: &mut World, phone: usize) -> Result<(), String> {
    let record = prepare(world.phones[phone].book()).map_err(text)?;
    if world.chance.percent(10) {
        return Ok(());
    }
    if world.chance.percent(15) {
        let who = world.phones[phone].who.clone();
        world.late.push((who, record.clone()));
    }
    let mut answer = ask(world, phone, &record)?;
    if world.chance.percent(15) {
        answer = ask(world, phone, &record)?;
    }
    if world.chance.percent(20) {
        return Ok(());
    }
    let kill = world.chance.percent(10).then(|| world.chance.below(2) as u32);
    take_in(world, phone, answer, kill)
}

fn ask(world: &mut World, phone: usize, record: &RoundRecord) -> Result<RoundAnswerRecord, String> {
    world.now_ms += 5;
    let mut answer = round(&world.db, &world.phones[phone].who, record, world.now_ms).map_err(text)?;
    // Nothing here makes a phone and the server differ, so their sums never do.
    if answer.compare || !answer.slices.is_empty() {
        return Err("invariant 3: the sums of phone and server differ".to_owned());
    }
    answer.expand(record);
    Ok(answer)
}

/// The phone takes in an answer; `kill`: before (0) or after (1) the commit.
fn take_in(world: &mut World, phone: usize, answer: RoundAnswerRecord, kill: Option<u32>) -> Result<(), String> {
    let wall_ms = world.wall_ms(phone);
    failpoint::arm(kill);
    let result = world.phones[phone].book_mut().absorb(answer.clone(), wall_ms);
    failpoint::arm(None);
    match result {
        Ok(_) => world.phones[phone].model.answered(&answer),
        Err(StoreError::OnRequest(at)) => {
            if at.ends_with("after_commit") {
                world.phones[phone].model.answered(&answer);
            }
            restart(world, phone);
        }
        Err(other) => return Err(text(other)),
    }
    Ok(())
}

/// The network delivers an old request once more; nobody hears the answer.
fn deliver_late(world: &mut World) -> Result<(), String> {
    if world.late.is_empty() {
        return Ok(());
    }
    let at = world.chance.below(world.late.len());
    let (who, record) = world.late.swap_remove(at);
    round(&world.db, &who, &record, world.now_ms).map(drop).map_err(text)
}

fn jump_clock(world: &mut World, phone: usize) -> Result<(), String> {
    let jumps = [0, 60_000, -60_000, 2 * 24 * 3_600_000, -2 * 24 * 3_600_000];
    world.phones[phone].ahead_ms = *world.chance.pick(&jumps);
    Ok(())
}

/// HQ renames, merges or deletes a tag.
fn change_dictionary(world: &mut World) -> Result<(), String> {
    let tag = TAGS[world.chance.below(TAGS.len())];
    let fate = match world.chance.below(3) {
        0 => TagFate::Live,
        1 if tag != TAGS[0] => TagFate::MergedInto(tag_id(TAGS[0])),
        _ if tag != TAGS[0] => TagFate::Deleted,
        _ => TagFate::Live,
    };
    let group = TagGroupId::new("likes").expect("an id");
    let name = format!("{tag} renamed {}", world.chance.below(10));
    let tenant = world.tenant.clone();
    let changed = Tag { id: tag_id(tag), group, name, fate };
    let result = world.db.writing(Write::Tags, |tx| {
        let position = tx.next_catalogue_position(&tenant)?;
        tx.put_tag(&tenant, &changed, position)
    });
    result.map_err(|e: ServerError| text(e))
}

/// A member passes from one guide to another, or gets one more.
fn change_ownership(world: &mut World) -> Result<(), String> {
    let member = MemberId::new(format!("M{}", world.chance.below(MEMBERS))).expect("an id");
    let (from, to) = (guide_id(world.chance.below(3)), guide_id(world.chance.below(3)));
    if from == to {
        return Ok(());
    }
    let (tenant, now_ms) = (world.tenant.clone(), world.now_ms);
    let result = world.db.writing(Write::Ownership, |tx| {
        serving::end(tx, &tenant, &member, &from, now_ms)?;
        serving::start(tx, &tenant, &member, &to, "hq", now_ms)
    });
    result.map(drop).map_err(|e: ServerError| text(e))
}

/// A kill and a start: what is in memory is gone, what is in the file stays.
fn restart(world: &mut World, phone: usize) {
    let sim = &mut world.phones[phone];
    let conn = sim.store.take().expect("a phone is open between steps").into_connection();
    let key = Key::from_bytes(&[phone as u8 + 1; 32]).expect("32 bytes");
    sim.store = Some(Store::from_connection(conn, &key).expect("the book opens again"));
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
