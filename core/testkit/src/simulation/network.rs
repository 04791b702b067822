//! Rounds over a bad network: requests and answers that are lost, cut, repeated or late, a server that dies or has no
//! room, and a second server over the same database.

use std::sync::Mutex;

use guidebook_domain::Operation;
use guidebook_server::db::devices::DeviceState;
use guidebook_server::db::standing::Standing;
use guidebook_server::db::{Database, DatabaseExt, SqliteDatabase, Write};
use guidebook_server::error::{ServerError, ServiceError};
use guidebook_server::failpoint as server_failpoint;
use guidebook_server::service::round::{DeviceSession, round_of};
use guidebook_store::{Store, StoreError, failpoint};
use guidebook_sync::round::prepare;
use guidebook_wire::{CursorRecord, ErrorCode, OperationRecord, OutcomeRecord, RoundAnswerRecord, RoundRecord};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::instances::Shared;
use super::invariants;
use super::phones::wipe;
use super::snapshots;
use super::trace;
use super::world::{World, text};

/// What a phone hears of a request.
pub enum Heard {
    /// An answer.
    Answer(Box<RoundAnswerRecord>),
    /// That it is to forget everything.
    Revoked,
    /// Nothing, or that the server is in trouble.
    Nothing,
}

impl Heard {
    /// Whether the phone is to forget everything.
    pub fn wipes(&self) -> bool {
        match self {
            Heard::Answer(answer) => answer.wipe,
            Heard::Revoked => true,
            Heard::Nothing => false,
        }
    }
}

/// What a server made of a request.
type Made = Result<RoundAnswerRecord, ServiceError>;

/// One request of a phone and its answer.
pub fn sync(world: &mut World, phone: usize) -> Result<(), String> {
    let record = request(world, phone)?;
    if world.chance.percent(8) {
        return Ok(());
    }
    if world.chance.percent(12) {
        let who = world.phones[phone].who.clone();
        world.late.push((who, record.clone()));
    }
    if world.chance.percent(3) {
        return cut(world, &record);
    }
    if world.phones.len() > 1 && world.chance.percent(12) {
        return sync_beside_another(world, phone, &record);
    }
    let who = world.phones[phone].who.clone();
    let mut heard = ask(world, &who, &record)?;
    if world.chance.percent(12) {
        heard = ask(world, &who, &record)?;
    }
    if world.chance.percent(15) {
        return Ok(());
    }
    if let Heard::Answer(answer) = &heard
        && world.chance.percent(5)
    {
        return cut(world, answer.as_ref());
    }
    let kill = world.chance.percent(10).then(|| world.chance.below(2) as u32);
    hear(world, phone, heard, kill)?;
    if let Some(phone) = world.phones.iter().position(|phone| phone.who == who && phone.book().incoming().is_some()) {
        let most = world.chance.below(4);
        snapshots::fetch(world, phone, most, true)?;
    }
    invariants::nobody_too_many(world, &who)
}

/// What the phone sends next, no more than one request carries.
pub fn request(world: &World, phone: usize) -> Result<RoundRecord, String> {
    let mut record = prepare(world.phones[phone].book()).map_err(text)?;
    record.operations.truncate(world.sizes.push);
    Ok(record)
}

/// A server takes a request; now and then it dies at a write, or has no room.
pub fn ask(world: &mut World, who: &DeviceSession, record: &RoundRecord) -> Result<Heard, String> {
    world.now_ms += 5;
    let (dies, full) = (world.chance.percent(6), world.chance.percent(3));
    let dies = dies.then(|| world.chance.below(2) as u32);
    if full {
        world.db.limit_growth(Some(0)).map_err(text)?;
    }
    server_failpoint::passed();
    server_failpoint::arm(dies);
    let made = round_of(world.sizes, &world.db, None, who, record, world.now_ms);
    server_failpoint::arm(None);
    let committed = Committed::of(&made);
    if full {
        world.db.limit_growth(None).map_err(text)?;
    }
    answered(world, who, record, made, committed)
}

/// Asks without any fault.
pub fn ask_plainly(world: &mut World, who: &DeviceSession, record: &RoundRecord) -> Result<Heard, String> {
    world.now_ms += 5;
    server_failpoint::passed();
    let made = round_of(world.sizes, &world.db, None, who, record, world.now_ms);
    let committed = Committed::of(&made);
    answered(world, who, record, made, committed)
}

/// A phone that was answered a moment ago need not ask again.
const A_MOMENT_MS: u64 = 1_000;

/// Whether this request would bring nothing: the phone was answered a moment ago and has nothing to say, and its feed and its
/// dictionary are the server's, to the sums.
pub fn hears_nothing(db: &SqliteDatabase, who: &DeviceSession, book: &Store, record: &RoundRecord, now_ms: u64) -> Result<bool, String> {
    let says = !record.operations.is_empty() || record.coupons.is_some() || record.sums.is_some();
    let answered_ms = book.standing().last_contact_ms.unwrap_or_default();
    if says || book.incoming().is_some() || now_ms.saturating_sub(answered_ms) > A_MOMENT_MS {
        return Ok(false);
    }
    let standing = db.reading(|tx| tx.standing(who.device)).map_err(|error: ServerError| text(error))?;
    let Some(Standing { tenant, device, head, .. }) = standing else { return Ok(false) };
    let there = CursorRecord { feed: head.position, catalogue: tenant.catalogue };
    let same = record.epoch == Some(tenant.epoch) && record.cursor == there && head.sums == book.sums();
    Ok(same && device.state == DeviceState::Active && !book.standing().compare)
}

/// Tells the reference model what was committed, and compares the answer with it.
fn answered(world: &mut World, who: &DeviceSession, record: &RoundRecord, made: Made, committed: Committed) -> Result<Heard, String> {
    let was_revoked = world.truth.is_revoked(who.device);
    trace::say(|| {
        let pushed: Vec<_> = operations(&record.operations).iter().map(|operation| operation.id).collect();
        let failed = made.as_ref().err();
        format!("  the server hears device {} of {} push {pushed:?} from {:?}: {failed:?}", who.device, who.guide, record.cursor)
    });
    if committed.end {
        world.truth.ends_guide(&who.guide, world.now_ms);
        world.server_changed = true;
    }
    if committed.push {
        if was_revoked {
            return Err("invariant 5: a revoked device is served".to_owned());
        }
        world.truth.hears(who, &operations(&record.operations), world.sizes.push, world.now_ms);
        world.server_changed |= !record.operations.is_empty();
    }
    let ends_here = !was_revoked && world.truth.is_revoked(who.device);
    match made {
        Ok(mut answer) => {
            if answer.wipe != ends_here {
                return Err("invariant 5: a phone is told to wipe though its guide stays, or not told though she has left".to_owned());
            }
            invariants::nothing_to_repair(world, record, &answer)?;
            answer.expand(record);
            receipts_agree(world, record, &answer)?;
            Ok(Heard::Answer(Box::new(answer)))
        }
        Err(ServiceError::Refused(refused)) if refused.code == ErrorCode::Revoked => {
            if was_revoked {
                Ok(Heard::Revoked)
            } else {
                Err("invariant 1: a device is turned away that nobody revoked".to_owned())
            }
        }
        Err(ServiceError::Server(error)) if is_asked_for(&error) => Ok(Heard::Nothing),
        Err(error) => Err(text(error)),
    }
}

/// What a server has committed of a request, answered or not. A push is a transaction of its own: the server may die, or
/// have no room, before and after it.
#[derive(Clone, Copy)]
struct Committed {
    /// That the guide's last day is over.
    end: bool,
    /// The push.
    push: bool,
}

impl Committed {
    /// By the failpoints that were passed.
    fn of(made: &Made) -> Committed {
        let passed = server_failpoint::passed();
        let is_passed = |what: Write| passed.contains(&what.after_commit());
        Committed { end: is_passed(Write::Ownership), push: made.is_ok() || is_passed(Write::Round) }
    }
}

/// A failure that the schedule brought about.
pub fn is_asked_for(error: &ServerError) -> bool {
    match error {
        ServerError::OnRequest(_) => true,
        ServerError::Sqlite(rusqlite::Error::SqliteFailure(cause, _)) => cause.code == rusqlite::ErrorCode::DiskFull,
        _ => false,
    }
}

/// The edits that this phone knows how to read.
pub fn operations(records: &[OperationRecord]) -> Vec<Operation> {
    let known = |record: &OperationRecord| match record {
        OperationRecord::Known(operation) => Some((**operation).clone()),
        OperationRecord::Unknown(_) => None,
    };
    records.iter().filter_map(known).collect()
}

/// Every operation has its receipt, of the kind that the model says.
fn receipts_agree(world: &World, record: &RoundRecord, answer: &RoundAnswerRecord) -> Result<(), String> {
    if answer.receipts.len() != record.operations.len() {
        return Err("invariant 1: an edit came and got no receipt".to_owned());
    }
    for receipt in &answer.receipts {
        let word = match &receipt.outcome {
            OutcomeRecord::Known(outcome) => invariants::word(outcome),
            OutcomeRecord::Unknown(_) => "unknown",
        };
        let expected = world.truth.receipt(receipt.op);
        if expected != Some(word) {
            return Err(format!("invariant 2: edit {} is {word}, the model says {expected:?}", receipt.op));
        }
    }
    Ok(())
}

/// What was cut in the middle is read as nothing by either side.
fn cut<T: Serialize + DeserializeOwned>(world: &mut World, record: &T) -> Result<(), String> {
    let bytes = serde_json::to_vec(record).map_err(text)?;
    let kept = world.chance.below(bytes.len());
    match serde_json::from_slice::<T>(&bytes[..kept]) {
        Ok(_) => Err(format!("a record of {} bytes that was cut after {kept} is read all the same", bytes.len())),
        Err(_) => Ok(()),
    }
}

/// While one server is at a phone's request, another takes one of another phone.
fn sync_beside_another(world: &mut World, phone: usize, record: &RoundRecord) -> Result<(), String> {
    world.now_ms += 5;
    let (now_ms, sizes, at) = (world.now_ms, world.sizes, 1 + world.chance.below(2) as u32);
    let other = (phone + 1 + world.chance.below(world.phones.len() - 1)) % world.phones.len();
    if [phone, other].iter().any(|n| world.truth.is_over(&world.phones[*n].who.guide, world.now_ms)) {
        return Ok(());
    }
    let (who, other_who) = (world.phones[phone].who.clone(), world.phones[other].who.clone());
    let other_record = request(world, other)?;
    let other_made: Mutex<Option<Made>> = Mutex::new(None);
    let made = {
        let db = &world.db;
        let beside = || *other_made.lock().expect("one thread") = Some(round_of(sizes, db, None, &other_who, &other_record, now_ms));
        let shared = Shared::new(db, at, beside);
        round_of(sizes, &shared as &dyn Database, None, &who, record, now_ms)
    };
    let other_made = other_made.into_inner().expect("one thread");
    // The first transaction of a request only reads, the second takes its push.
    let mut both = vec![(phone, who, record.clone(), made)];
    if let Some(other_made) = other_made {
        both.insert(usize::from(at > 1), (other, other_who, other_record, other_made));
    }
    // The device may have been closed by its twin between the two looks at it: then it hears so.
    let mut heard = Vec::new();
    for (phone, who, record, made) in both {
        // Nobody dies here, and no guide comes to her end.
        let committed = Committed { end: false, push: made.is_ok() };
        heard.push((phone, answered(world, &who, &record, made, committed)?));
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
        Heard::Revoked => return wipe(world, phone),
        Heard::Answer(answer) if answer.wipe => return wipe(world, phone),
        Heard::Answer(answer) => *answer,
    };
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
            world.phones[phone].restart(|_, _| ());
        }
        Err(StoreError::Full) => {}
        Err(other) => return Err(text(other)),
    }
    Ok(())
}

/// The network delivers an old request once more; nobody hears the answer.
pub fn deliver_late(world: &mut World) -> Result<(), String> {
    if world.late.is_empty() {
        return Ok(());
    }
    let at = world.chance.below(world.late.len());
    let (who, record) = world.late.swap_remove(at);
    if world.truth.knows(who.device) { ask(world, &who, &record).map(drop) } else { Ok(()) }
}
