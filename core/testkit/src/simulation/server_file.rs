//! What befalls the server's database: a backup, and the backup put back.

use guidebook_server::hq::terms::set_guide_until;
use guidebook_server::service::restore::begin_epoch;

use super::beginning::comes_back;
use super::world::{World, text};

/// The database is copied.
pub fn back_up(world: &mut World) -> Result<(), String> {
    let copy = world.db.copy().map_err(text)?;
    world.backup = Some((copy, world.truth.clone()));
    Ok(())
}

/// The database is put back as it was, in another epoch.
/// Phones that were enrolled since come back with a code.
pub fn restore(world: &mut World) -> Result<(), String> {
    let Some((copy, truth)) = world.backup.take() else { return Ok(()) };
    world.put_server(&copy);
    world.truth = truth.clone();
    world.backup = Some((copy, truth.clone()));
    begin_epoch(&world.db, &world.tenant, world.chance.bytes(), world.now_ms).map_err(text)?;
    for phone in world.phones.iter_mut().filter(|phone| !truth.knows(phone.who.device)) {
        // HQ has to say again that she stays.
        let guide = &phone.who.guide;
        if world.truth.is_gone(guide) || world.truth.is_over(guide, world.now_ms) {
            set_guide_until(&world.db, &world.tenant, guide, None, world.now_ms).map_err(text)?;
            world.truth.guide_stays_until(guide, None, world.now_ms);
        }
        comes_back(&world.db, &mut world.chance, phone, world.now_ms);
        world.truth.enrols(&phone.who);
    }
    world.restored = true;
    world.settled.clear();
    world.server_changed = true;
    let kept: Vec<_> = world.phones.iter().map(|phone| phone.book()).collect();
    // An edit that neither the backup nor any phone has is lost: one on a member who has left the phone since it was
    // answered, for its answer had gone with her.
    world.acknowledged.retain(|op| world.truth.has_receipt(*op) || kept.iter().any(|book| book.operation(*op).is_ok()));
    Ok(())
}
