//! What befalls a phone's file and its vault: a backup put back with or without the marks, a clone, a lost vault, a wipe.

use guidebook_server::failpoint;
use guidebook_server::service::last_words::hear;
use guidebook_sync::last_words::words;
use guidebook_wire::LastWordsRecord;

use super::vault::MemoryMarks;
use super::world::{CouponPhone, World};
use crate::simulation::beginning::enrolled;
use crate::simulation::phone_model::PhoneModel;
use crate::simulation::world::{SimPhone, text};

/// More phones than this there are never.
const MOST: usize = 6;

/// The file is copied, and the vault beside it where that can be.
pub fn back_up(world: &mut World, phone: usize) {
    let sim = &mut world.phones[phone];
    sim.backup = Some((sim.sim.copied(), sim.marks.copied()));
}

/// The file is put back as it was. The marks are those of today, or others because the phone is another, or (where vaults
/// can be copied) those of then.
pub fn restore(world: &mut World, phone: usize) -> Result<(), String> {
    let Some((copy, marks)) = world.phones[phone].backup.take() else { return Ok(()) };
    let fresh = world.chance.percent(25).then(|| MemoryMarks::begin(&mut world.chance));
    let put_back = world.vaults_copied && world.chance.percent(50);
    let sim = &mut world.phones[phone];
    if let Some(fresh) = fresh {
        sim.marks = fresh;
    } else if put_back {
        sim.marks = marks.copied();
    }
    sim.restart(|disk, conn| disk.put(conn, &copy));
    sim.backup = Some((copy, marks));
    sim.honest = false;
    world.books_lost = true;
    world.note("book put back");
    Ok(())
}

/// The marks are gone; the book begins others.
pub fn lose_vault(world: &mut World, phone: usize) {
    world.phones[phone].marks = MemoryMarks::begin(&mut world.chance);
    world.phones[phone].restart(|_, _| ());
    world.note("vault lost");
}

/// The file and its key come to lie on a second phone, whose vault is its own; or beside the first on the same phone, with
/// one vault for both; or (where vaults can be copied) with a copy of it.
pub fn clone(world: &mut World, phone: usize) {
    if world.phones.len() >= MOST {
        return;
    }
    let sim = &mut world.phones[phone];
    let copy = sim.sim.copied();
    let marks = match world.chance.below(10) {
        0..=2 => sim.marks.clone(),
        3..=6 if world.vaults_copied => sim.marks.copied(),
        _ => MemoryMarks::begin(&mut world.chance),
    };
    let (who, ahead_ms) = (sim.sim.who.clone(), sim.sim.ahead_ms);
    let mut twin = CouponPhone::new(SimPhone::new(&copy, who, PhoneModel::default()), marks);
    twin.sim.ahead_ms = ahead_ms;
    twin.honest = false;
    world.phones.push(twin);
    world.books_lost = true;
    world.note("cloned");
}

/// The phone was told to forget everything. It says its last words, if the network lets it; its guide gets another phone.
pub fn wipe(world: &mut World, phone: usize) -> Result<(), String> {
    if world.chance.percent(70)
        && let Some(words) = words(world.phones[phone].book(), 0).map_err(text)?
    {
        let record: LastWordsRecord = serde_json::from_slice(&words.body).map_err(text)?;
        let dies = (!world.calm && world.chance.percent(10)).then(|| world.chance.below(2) as u32);
        failpoint::arm(dies);
        // They may come too late, or from the second of two copies: then nobody listens.
        let _ = hear(&world.db, Some(&world.secret), &words.body, &record, &words.signature, world.now_ms);
        failpoint::arm(None);
        world.server_changed = true;
    }
    let gone = world.phones.remove(phone);
    world.books_lost = true;
    world.note("wiped");
    let guide = gone.sim.who.guide.clone();
    if !world.phones.iter().any(|phone| phone.sim.who.guide == guide) {
        let (conn, who) = enrolled(&world.db, &mut world.chance, &guide, world.now_ms);
        let sim = SimPhone::new(&conn, who, PhoneModel::default());
        world.add_enrolled(sim);
    }
    Ok(())
}
