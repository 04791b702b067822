//! A phone that is copied while it waits for codes, gives out what it then gets, and is put back to the copy: it asks once more
//! for what it has had. What comes is kept from its customers twice over: by the mark, and by what was asked under another.

use super::files::{back_up, restore};
use super::headquarters::budget;
use super::phones::issue;
use super::rounds::{Heard, ask, hear, request, settle};
use super::world::World;

/// So many coupons a guide gives out on either side of it.
const COUPONS: usize = 3;

/// Plays it, if the phone wants codes.
pub fn play(world: &mut World, phone: usize) -> Result<(), String> {
    // There may be codes to be had again.
    budget(world)?;
    settle(world, phone, None)?;
    let record = request(world, phone)?;
    if record.coupons.is_none() {
        return Ok(());
    }
    let who = world.phones[phone].sim.who.clone();
    // Nobody hears the answer.
    ask(world, &who, &record)?;
    back_up(world, phone);
    if !once(world, phone)? {
        return Ok(());
    }
    (0..COUPONS).try_for_each(|_| issue(world, phone))?;
    restore(world, phone)?;
    world.note("put back to before an answer");
    if once(world, phone)? {
        (0..COUPONS).try_for_each(|_| issue(world, phone))?;
    }
    Ok(())
}

/// One round. Whether the phone is still there.
fn once(world: &mut World, phone: usize) -> Result<bool, String> {
    settle(world, phone, None)?;
    let (who, record) = (world.phones[phone].sim.who.clone(), request(world, phone)?);
    let heard = ask(world, &who, &record)?;
    let stays = !matches!(heard, Heard::Wipe);
    hear(world, phone, heard, None)?;
    Ok(stays)
}
