//! What a phone offers before it forgets all.

use guidebook_server::error::{ServerError, ServiceError};
use guidebook_server::failpoint;
use guidebook_server::service::last_words::hear;
use guidebook_sync::last_words::words;
use guidebook_wire::{ErrorCode, LastWordsRecord};

use super::network::{is_asked_for, operations};
use super::world::{World, text};

/// A phone that was told to wipe offers what waits, unless the network is gone. A copy may arrive a second time.
pub fn say(world: &mut World, phone: usize) -> Result<(), String> {
    if world.chance.percent(30) {
        return Ok(());
    }
    let Some(words) = words(world.phones[phone].book(), 0).map_err(text)? else { return Ok(()) };
    let record: LastWordsRecord = serde_json::from_slice(&words.body).map_err(text)?;
    for _ in 0..if world.chance.percent(20) { 2 } else { 1 } {
        arrive(world, phone, &words.body, &record, &words.signature)?;
    }
    Ok(())
}

fn arrive(world: &mut World, phone: usize, body: &[u8], record: &LastWordsRecord, signature: &str) -> Result<(), String> {
    let who = world.phones[phone].who.clone();
    let dies = world.chance.percent(10).then(|| world.chance.below(2) as u32);
    let listens = world.truth.would_hear(who.device, world.now_ms);
    failpoint::arm(dies);
    let heard = hear(&world.db, None, body, record, signature, world.now_ms);
    failpoint::arm(None);
    world.server_changed = true;
    let taken = match heard {
        Ok(answer) if answer.heard as usize != record.operations.len() => {
            return Err("invariant 1: of last words some were not heard".to_owned());
        }
        Ok(_) => true,
        Err(ServiceError::Server(ServerError::OnRequest(at))) => at.ends_with("after_commit"),
        Err(ServiceError::Server(error)) if is_asked_for(&error) => false,
        Err(ServiceError::Refused(refused)) if refused.code == ErrorCode::Revoked && !listens => false,
        Err(error) => return Err(format!("invariant 1: last words are not heard: {error}")),
    };
    match (taken, listens) {
        (true, false) => Err("invariant 5: last words are heard that nobody may say".to_owned()),
        (true, true) => {
            world.truth.hears_last_words(&who, &operations(&record.operations), world.now_ms);
            Ok(())
        }
        (false, _) => Ok(()),
    }
}
