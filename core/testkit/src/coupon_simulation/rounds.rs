//! Rounds over a bad network: requests and answers that are lost, repeated or late, a server that dies, a second server.

use std::sync::Mutex;

use guidebook_server::db::Database;
use guidebook_server::error::ServiceError;
use guidebook_server::failpoint as server_failpoint;
use guidebook_server::service::round::{DeviceSession, round_of};
use guidebook_store::{StoreError, failpoint};
use guidebook_sync::round::prepare;
use guidebook_wire::coupon::DeniedReason;
use guidebook_wire::{CouponAnswerRecord, ErrorCode, RoundAnswerRecord, RoundRecord};

use super::files::wipe;
use super::world::World;
use crate::simulation::instances::Shared;
use crate::simulation::network::is_asked_for;
use crate::simulation::world::text;

/// What a phone hears of a request.
pub enum Heard {
    /// An answer.
    Answer(Box<RoundAnswerRecord>),
    /// That it is to forget everything.
    Wipe,
    /// Nothing, or that the server is in trouble.
    Nothing,
}

/// What a server made of a request.
type Made = Result<RoundAnswerRecord, ServiceError>;

/// One request of a phone and its answer, over a bad network.
pub fn sync(world: &mut World, phone: usize) -> Result<(), String> {
    let kill = world.chance.percent(6).then(|| world.chance.below(6) as u32);
    if !settle(world, phone, kill)? {
        return Ok(());
    }
    let record = request(world, phone)?;
    if world.chance.percent(6) {
        return Ok(());
    }
    let who = world.phones[phone].sim.who.clone();
    if world.chance.percent(12) {
        world.late.push((who.clone(), record.clone()));
    }
    if world.phones.len() > 1 && world.chance.percent(12) {
        return beside_another(world, phone, &record);
    }
    let mut heard = ask(world, &who, &record)?;
    if world.chance.percent(10) {
        heard = ask(world, &who, &record)?;
    }
    if world.chance.percent(15) {
        world.note("answer lost");
        return Ok(());
    }
    let kill = world.chance.percent(8).then(|| world.chance.below(2) as u32);
    hear(world, phone, heard, kill)
}

/// Before a round: what is over goes back, what is low is asked for. Whether the phone lived through it.
pub fn settle(world: &mut World, phone: usize, kill: Option<u32>) -> Result<bool, String> {
    let wall_ms = world.wall_ms(phone);
    let chance = &mut world.chance;
    failpoint::arm(kill);
    let settled = world.phones[phone].book_mut().settle_coupons(wall_ms, &mut || Ok(chance.bytes()));
    failpoint::arm(None);
    match settled {
        Ok(()) => Ok(true),
        Err(StoreError::OnRequest(_)) => {
            world.phones[phone].restart(|_, _| ());
            world.note("phone died while settling");
            Ok(false)
        }
        Err(other) => Err(text(other)),
    }
}

/// What the phone sends next.
pub fn request(world: &World, phone: usize) -> Result<RoundRecord, String> {
    let mut record = prepare(world.phones[phone].book()).map_err(text)?;
    record.operations.truncate(world.sizes.push);
    Ok(record)
}

/// A server takes a request; now and then it dies at a write.
pub fn ask(world: &mut World, who: &DeviceSession, record: &RoundRecord) -> Result<Heard, String> {
    world.now_ms += 5;
    let dies = (!world.calm && world.chance.percent(8)).then(|| world.chance.below(6) as u32);
    server_failpoint::arm(dies);
    let made = round_of(world.sizes, &world.db, Some(&world.secret), who, record, world.now_ms);
    server_failpoint::arm(None);
    answered(world, record, made)
}

fn answered(world: &mut World, record: &RoundRecord, made: Made) -> Result<Heard, String> {
    world.server_changed |= !record.operations.is_empty();
    match made {
        Ok(mut answer) => {
            if answer.wipe {
                return Ok(Heard::Wipe);
            }
            answer.expand(record);
            is_known(&answer)?;
            count(world, answer.coupons.as_ref());
            Ok(Heard::Answer(Box::new(answer)))
        }
        Err(ServiceError::Refused(refused)) if refused.code == ErrorCode::Revoked => Ok(Heard::Wipe),
        // An old request of a device that a server put back does not know.
        Err(ServiceError::Refused(refused)) if refused.code == ErrorCode::SignedOut && world.restored => Ok(Heard::Nothing),
        Err(ServiceError::Server(error)) if is_asked_for(&error) => Ok(Heard::Nothing),
        Err(error) => Err(text(error)),
    }
}

fn count(world: &mut World, coupons: Option<&CouponAnswerRecord>) {
    let Some(coupons) = coupons else { return };
    coupons.grants.iter().for_each(|_| world.note("grants"));
    coupons.denied.iter().for_each(|_| world.note("requests denied"));
}

/// A request is answered to who made it, for what it was made.
fn is_known(answer: &RoundAnswerRecord) -> Result<(), String> {
    let denied = answer.coupons.iter().flat_map(|coupons| &coupons.denied);
    match denied.into_iter().find(|denied| denied.reason == DeniedReason::Unknown) {
        Some(_) => Err("a request for codes bears the name of another".to_owned()),
        None => Ok(()),
    }
}

/// While one server is at a phone's request, another takes one of another phone.
fn beside_another(world: &mut World, phone: usize, record: &RoundRecord) -> Result<(), String> {
    world.now_ms += 5;
    let (now_ms, sizes, at) = (world.now_ms, world.sizes, world.chance.below(5) as u32);
    let other = (phone + 1 + world.chance.below(world.phones.len() - 1)) % world.phones.len();
    if !settle(world, other, None)? {
        return Ok(());
    }
    let (who, other_who) = (world.phones[phone].sim.who.clone(), world.phones[other].sim.who.clone());
    let other_record = request(world, other)?;
    let other_made: Mutex<Option<Made>> = Mutex::new(None);
    let made = {
        let (db, secret) = (&world.db, &world.secret);
        let beside =
            || *other_made.lock().expect("one thread") = Some(round_of(sizes, db, Some(secret), &other_who, &other_record, now_ms));
        let shared = Shared::new(db, at, beside);
        round_of(sizes, &shared as &dyn Database, Some(secret), &who, record, now_ms)
    };
    let other_made = other_made.into_inner().expect("one thread");
    let mut heard = vec![(phone, answered(world, record, made)?)];
    if let Some(other_made) = other_made {
        world.note("two servers at once");
        heard.push((other, answered(world, &other_record, other_made)?));
    }
    // A wipe takes a phone out of the list, so the later ones are heard first.
    heard.sort_by_key(|(phone, _)| std::cmp::Reverse(*phone));
    for (phone, heard) in heard {
        hear(world, phone, heard, None)?;
    }
    Ok(())
}

/// The phone takes in what it heard; `kill`: before (0) or after (1) its commit.
pub fn hear(world: &mut World, phone: usize, heard: Heard, kill: Option<u32>) -> Result<(), String> {
    let answer = match heard {
        Heard::Nothing => return Ok(()),
        Heard::Wipe => return wipe(world, phone),
        Heard::Answer(answer) => *answer,
    };
    let wall_ms = world.wall_ms(phone);
    failpoint::arm(kill);
    let taken = world.phones[phone].book_mut().absorb(answer, wall_ms);
    failpoint::arm(None);
    match taken {
        Ok(_) => settle(world, phone, None).map(drop),
        Err(StoreError::OnRequest(_)) => {
            world.phones[phone].restart(|_, _| ());
            Ok(())
        }
        Err(other) => Err(text(other)),
    }
}

/// The network delivers an old request once more; nobody hears the answer.
pub fn deliver_late(world: &mut World) -> Result<(), String> {
    if world.late.is_empty() {
        return Ok(());
    }
    let at = world.chance.below(world.late.len());
    let (who, record) = world.late.swap_remove(at);
    ask(world, &who, &record).map(drop)
}
