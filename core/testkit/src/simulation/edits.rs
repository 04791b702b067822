//! What guides do: edits, walk-ins, their own tags, and taking back; now and then with a kill at the write, or no room.

use guidebook_domain::{Consents, Edit, GuideField, MemberId, Private, RevealReason, TagGroupId, TagId, Walkin};
use guidebook_store::{Moment, Store, StoreError, failpoint};

use super::beginning::shop;
use super::world::{CHOICES, MEMBERS, TAGS, World, phone_number, tag_id, text};

/// A guide edits a member, or enrols a walk-in.
pub fn edit(world: &mut World, phone: usize) -> Result<(), String> {
    if world.chance.percent(12) {
        return enrol_walk_in(world, phone);
    }
    let Some(member) = any_member(world, phone) else { return Ok(()) };
    let on = world.chance.percent(60);
    let edit = match world.chance.below(7) {
        0..=2 => Edit::Tag { tag: tag_id(TAGS[world.chance.below(TAGS.len())]), on },
        3 => Edit::Choose {
            group: TagGroupId::new("age").expect("an id"),
            tag: on.then(|| tag_id(CHOICES[world.chance.below(CHOICES.len())])),
        },
        4 => {
            // Where there is little room, a note that takes a page of its own meets its end.
            let more = if world.phones[phone].full { "长".repeat(900) } else { String::new() };
            Edit::Note { text: Private::new(format!("note {}{more}", world.chance.below(1000))) }
        }
        5 => Edit::Reveal { reason: RevealReason::Call },
        _ => {
            let field = if on { GuideField::RemarkName } else { GuideField::SizeShoe };
            Edit::Field { field, value: Private::new(format!("r{}", world.chance.below(5))) }
        }
    };
    let moment = moment(world, phone);
    write(world, phone, |store| store.edit(&member, edit.clone(), moment).map(drop))
}

/// A guide names a tag of her own, or puts one on a member or takes it off.
pub fn personal_tag(world: &mut World, phone: usize) -> Result<(), String> {
    let guide = world.phones[phone].who.guide.clone();
    let held = world.phones[phone].model.personal_tags();
    let own: Vec<TagId> = held.into_iter().filter(|tag| tag.belongs_to(&guide)).collect();
    let moment = moment(world, phone);
    let name = Private::new(format!("own {}", world.chance.below(10)));
    if own.is_empty() || world.chance.percent(20) {
        let tag = own.first().cloned().filter(|_| world.chance.percent(50));
        return write(world, phone, |store| store.name_personal_tag(tag.clone(), name.clone(), moment).map(drop));
    }
    let Some(member) = any_member(world, phone) else { return Ok(()) };
    let edit = Edit::Tag { tag: world.chance.pick(&own).clone(), on: world.chance.percent(70) };
    write(world, phone, |store| store.edit(&member, edit.clone(), moment).map(drop))
}

/// A guide takes one of her latest edits back.
pub fn undo(world: &mut World, phone: usize) -> Result<(), String> {
    let entries = world.phones[phone].book().operations(0, 10).map_err(text)?;
    if entries.is_empty() {
        return Ok(());
    }
    let op = world.chance.pick(&entries).operation.id;
    let moment = moment(world, phone);
    write(world, phone, |store| store.undo(op, moment).map(drop))
}

fn enrol_walk_in(world: &mut World, phone: usize) -> Result<(), String> {
    // Numbers of the store's members and a few that nobody has yet.
    let number = world.chance.below(MEMBERS + 3);
    let walkin = Walkin {
        name: "walk-in".into(),
        phone: phone_number(number),
        gender: None,
        birthday: None,
        store: shop(),
        consents: Consents { membership: true, ..Consents::default() },
    };
    let moment = moment(world, phone);
    write(world, phone, |store| store.enrol_walk_in(walkin.clone(), moment).map(drop))
}

fn any_member(world: &mut World, phone: usize) -> Option<MemberId> {
    let model = &world.phones[phone].model;
    // A walk-in may turn out to be somebody else while edits on her wait.
    let unsent: Vec<MemberId> = model.unsent_walk_ins().into_iter().collect();
    if !unsent.is_empty() && world.chance.percent(40) {
        return Some(world.chance.pick(&unsent).clone());
    }
    let members: Vec<MemberId> = model.view().into_keys().collect();
    (!members.is_empty()).then(|| world.chance.pick(&members).clone())
}

fn moment(world: &mut World, phone: usize) -> Moment {
    Moment { wall_ms: world.wall_ms(phone), random: world.chance.bytes() }
}

/// A guide edits a member, and her phone lives through it.
pub fn edit_plainly(world: &mut World, phone: usize, member: &MemberId, edit: &Edit) -> Result<(), String> {
    let moment = moment(world, phone);
    write_or_die(world, phone, None, |store| store.edit(member, edit.clone(), moment).map(drop))
}

/// Writes an edit; now and then the phone dies at it.
fn write(world: &mut World, phone: usize, work: impl Fn(&mut Store) -> Result<(), StoreError>) -> Result<(), String> {
    let kill = world.chance.percent(10).then(|| world.chance.below(2) as u32);
    write_or_die(world, phone, kill, work)
}

/// Writes an edit. What the rules forbid changes nothing; nor does a write for which there is no room.
fn write_or_die(
    world: &mut World,
    phone: usize,
    kill: Option<u32>,
    work: impl Fn(&mut Store) -> Result<(), StoreError>,
) -> Result<(), String> {
    failpoint::arm(kill);
    let result = work(world.phones[phone].book_mut());
    failpoint::arm(None);
    match result {
        Ok(()) => {
            let op = is_written(world, phone)?;
            world.acknowledged.insert(op);
        }
        Err(StoreError::OnRequest(at)) => {
            world.phones[phone].restart(|_, _| ());
            // Killed after the commit: the edit is on the disk, though nobody was told.
            if at.ends_with("after_commit") {
                is_written(world, phone)?;
            }
        }
        Err(StoreError::Rule(_) | StoreError::AlreadyMember(_) | StoreError::NotUndoable | StoreError::NotFound | StoreError::Full) => {}
        Err(other) => return Err(text(other)),
    }
    Ok(())
}

fn is_written(world: &mut World, phone: usize) -> Result<guidebook_domain::OperationId, String> {
    let waiting = world.phones[phone].book().next_push().map_err(text)?;
    let operation = waiting.into_iter().next_back().ok_or_else(|| "invariant 1: a written edit does not wait".to_owned())?;
    let op = operation.id;
    if !world.made.insert(op) {
        return Err(format!("invariant 1 or 2: an edit was written, but the last that waits is an older one, {op}, or has its id"));
    }
    world.phones[phone].model.edited(operation);
    Ok(op)
}
