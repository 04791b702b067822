//! One step of a schedule, and its end.

use super::mix::Event;
use super::network::{Heard, ask_plainly, deliver_late, hear, hears_nothing, request, sync};
use super::world::{World, text};
use super::{edits, handovers, headquarters, phones, server_file, snapshots, straits, terms, trace};

/// Something happens.
pub fn random_step(world: &mut World) -> Result<(), String> {
    world.now_ms += world.chance.number() % 60_000;
    let event = world.mix.draw(&mut world.chance);
    if world.phones.is_empty() {
        return Ok(());
    }
    let phone = world.chance.below(world.phones.len());
    trace::say(|| format!("{event:?}, phone {phone} of {}, {}", world.phones[phone].who.guide, world.now_ms));
    match event {
        Event::Edit => edits::edit(world, phone)?,
        Event::Undo => edits::undo(world, phone)?,
        Event::PersonalTag => edits::personal_tag(world, phone)?,
        Event::Sync => sync(world, phone)?,
        Event::Late => deliver_late(world)?,
        Event::Clock => phones::jump_clock(world, phone),
        Event::Dictionary => headquarters::dictionary(world)?,
        Event::Ownership => handovers::ownership(world)?,
        Event::Resign => handovers::resign(world)?,
        Event::LastDay => terms::last_day(world)?,
        Event::Refuse => handovers::refuse(world)?,
        Event::Upkeep => {
            world.now_ms += world.chance.number() % (30 * 3_600_000);
            terms::upkeep(world)?;
        }
        Event::Import => headquarters::import(world)?,
        Event::Revoke => headquarters::revoke(world, phone)?,
        Event::Restart => phones::restart(world, phone),
        Event::PhoneDisk => phones::fill_disk(world, phone),
        Event::PhoneBackup => phones::back_up(world, phone),
        Event::PhoneRestore => phones::restore(world, phone),
        Event::PhoneClone => phones::clone(world, phone),
        Event::ServerBackup => server_file::back_up(world)?,
        Event::ServerRestore => server_file::restore(world)?,
        Event::Midnight => straits::midnight(world, phone)?,
        Event::FillsUp => straits::fills_up(world)?,
        Event::RestoresInARow => straits::restores_in_a_row(world, phone)?,
        Event::GivesUp => straits::gives_up(world, phone)?,
        Event::OneMoment => straits::one_moment(world, phone)?,
    }
    Ok(())
}

/// The edits have stopped: disks have room, the network is whole, and everyone syncs until nothing is left.
pub fn everyone_syncs(world: &mut World) -> Result<(), String> {
    world.phones.iter_mut().for_each(|phone| phones::give_room(phone, None));
    world.calm = true;
    terms::upkeep(world)?;
    while !world.late.is_empty() {
        deliver_late(world)?;
    }
    // The second time for what the others brought; a wiped phone's successor is the last in the list.
    for _ in 0..2 {
        let mut phone = 0;
        while phone < world.phones.len() {
            if syncs_to_the_end(world, phone)? {
                phone += 1;
            }
        }
    }
    Ok(())
}

/// Whether the phone is still there afterwards.
fn syncs_to_the_end(world: &mut World, phone: usize) -> Result<bool, String> {
    for _ in 0..400 {
        let who = world.phones[phone].who.clone();
        let record = request(world, phone)?;
        if hears_nothing(&world.db, &who, world.phones[phone].book(), &record, world.now_ms)? {
            return Ok(true);
        }
        let heard = ask_plainly(world, &who, &record)?;
        let (last, wiped) = match &heard {
            // After a snapshot come the changes since.
            Heard::Answer(answer) => (!answer.more && answer.snapshot.is_none(), answer.wipe),
            Heard::Revoked => (true, true),
            Heard::Nothing => return Err("invariant 3: a server without faults does not answer".to_owned()),
        };
        hear(world, phone, heard, None)?;
        if wiped {
            return Ok(false);
        }
        snapshots::fetch(world, phone, usize::MAX, false)?;
        let compared = world.phones[phone].book().incoming().is_none() && !world.phones[phone].book().standing().compare;
        if last && compared && world.phones[phone].book().open_operations().map_err(text)?.0 == 0 {
            return Ok(true);
        }
    }
    Err("invariant 3: a phone syncs without end".to_owned())
}
