//! What befalls the server's database: a backup, and the backup put back.

use guidebook_server::service::setup::new_epoch;

use super::world::{World, text};

/// The database is copied.
pub fn back_up(world: &mut World) -> Result<(), String> {
    let copy = world.db.copy().map_err(text)?;
    world.backup = Some((copy, world.truth.clone()));
    Ok(())
}

/// The database is put back as it was, in another epoch.
///
/// Not put back is one that does not know a phone which is enrolled today: such a phone would have to enrol again.
/// Unless the mix allows it, nor is one that does not know an answer which a phone has heard: see the README.
pub fn restore(world: &mut World) -> Result<(), String> {
    let Some((copy, truth)) = world.backup.take() else { return Ok(()) };
    let known = world.phones.iter().all(|phone| truth.knows(phone.who.device));
    let heard = world.phones.iter().flat_map(|phone| phone.model.answered_edits());
    if !known || (!world.mix.server_forgets && !heard.into_iter().all(|op| truth.has_receipt(op))) {
        return Ok(());
    }
    world.db = copy.copy().map_err(text)?;
    world.truth = truth.clone();
    world.backup = Some((copy, truth));
    new_epoch(&world.db, &world.tenant, world.chance.bytes()).map_err(text)?;
    world.settled.clear();
    world.server_changed = true;
    let kept: Vec<_> = world.phones.iter().map(|phone| phone.book()).collect();
    // An edit that neither the backup nor any phone has went with two disasters.
    world.acknowledged.retain(|op| world.truth.has_receipt(*op) || kept.iter().any(|book| book.operation(*op).is_ok()));
    Ok(())
}
