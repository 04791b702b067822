//! What befalls a phone: a kill, a full disk, a clock that jumps, a backup put back, a clone, a wipe.

use super::beginning::enrolled;
use super::disk;
use super::last_words;
use super::phone_model::PhoneModel;
use super::world::{SimPhone, World};

/// More phones than this there are never.
const MOST: usize = 5;

/// A kill and a start: what is in memory is gone, what is in the file stays.
pub fn restart(world: &mut World, phone: usize) {
    world.phones[phone].restart(|_, _| ());
}

/// The clock is put ahead or back.
pub fn jump_clock(world: &mut World, phone: usize) {
    let jumps = [0, 60_000, -60_000, 2 * 24 * 3_600_000, -2 * 24 * 3_600_000];
    world.phones[phone].ahead_ms = *world.chance.pick(&jumps);
}

/// The disk is nearly or wholly full from now on, or has room again.
pub fn fill_disk(world: &mut World, phone: usize) {
    let room = *world.chance.pick(&[Some(0), Some(0), Some(1), None]);
    give_room(&mut world.phones[phone], room);
}

/// Lets the book grow by so many pages, or by any number.
pub fn give_room(phone: &mut SimPhone, pages: Option<u32>) {
    if pages.is_none() && !phone.full {
        return;
    }
    phone.full = pages.is_some();
    phone.restart(|_, conn| disk::give_room(conn, pages));
}

/// The file is copied.
pub fn back_up(world: &mut World, phone: usize) {
    let sim = &mut world.phones[phone];
    sim.backup = Some((sim.copied(), sim.model.clone()));
}

/// The file is put back as it was, and its key is still there. What the phone had written since is gone with it.
pub fn restore(world: &mut World, phone: usize) {
    let sim = &mut world.phones[phone];
    let Some((copy, model)) = sim.backup.take() else { return };
    sim.restart(|disk, conn| disk.put(conn, &copy));
    sim.full = false;
    sim.model = model.clone();
    sim.backup = Some((copy, model));
    world.forgive_what_is_gone();
}

/// The file and its key come to lie on a second phone.
pub fn clone(world: &mut World, phone: usize) {
    if world.phones.len() >= MOST {
        return;
    }
    let sim = &mut world.phones[phone];
    let copy = sim.copied();
    let mut twin = SimPhone::new(&copy, sim.who.clone(), sim.model.clone());
    twin.ahead_ms = sim.ahead_ms;
    world.phones.push(twin);
}

/// The phone was told to forget everything. It says its last words, if the network lets it; what the server does not hear
/// is gone. Its guide gets another phone, unless she has left.
pub fn wipe(world: &mut World, phone: usize) -> Result<(), String> {
    last_words::say(world, phone)?;
    let gone = world.phones.remove(phone);
    world.forgive_what_is_gone();
    let guide = gone.who.guide.clone();
    let stays = !world.truth.is_gone(&guide) && !world.truth.is_over(&guide, world.now_ms);
    if stays && !world.phones.iter().any(|phone| phone.who.guide == guide) {
        let (conn, who) = enrolled(&world.db, &mut world.chance, &guide, world.now_ms);
        world.truth.enrols(&who);
        world.phones.push(SimPhone::new(&conn, who, PhoneModel::default()));
    }
    Ok(())
}
