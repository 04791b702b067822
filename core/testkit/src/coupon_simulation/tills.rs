//! Tills with a network: calls, the same call again, two tills at once, and a server that acts on what it read long before.

use std::sync::Mutex;

use guidebook_domain::OperationId;
use guidebook_domain::coupon::CouponCode;
use guidebook_server::db::coupons::{Coupon, CouponState};
use guidebook_server::db::tills::Redemption;
use guidebook_server::db::{Database, DatabaseExt, Write};
use guidebook_server::error::{ServerError, ServiceError};
use guidebook_server::failpoint;
use guidebook_server::service::coupons::CouponSecret;
use guidebook_server::service::till::calls::{Call, CallRequest, TillAnswer, call};
use guidebook_server::service::till::decide::Verb;
use guidebook_till::Till;
use serde_json::Value;
use uuid::Uuid;

use super::beginning::TillSecret;
use super::booked::Used;
use super::world::World;
use crate::simulation::instances::Shared;
use crate::simulation::world::text;

/// What every basket comes to, fen.
pub const SPEND_FEN: u32 = 100_000;

/// For so long a server keeps what it has answered: a week.
const KEPT_MS: u64 = 7 * 24 * 3_600_000;

/// A till.
pub struct SimTill {
    /// The secret that it shows.
    pub secret: String,
    /// The number of its store.
    pub store_number: u16,
    /// The lane behind it, once it was without a network.
    pub lane: Option<Till>,
}

/// What a till has said.
#[derive(Clone)]
pub struct Said {
    /// Which till.
    pub till: usize,
    /// Its key of the call.
    pub key: String,
    /// What it asked.
    pub verb: Verb,
    /// The code, as it was typed.
    pub code: String,
    /// The voucher, where it was scanned.
    pub voucher: Option<String>,
    /// Chance for the ledger's row.
    pub random: [u8; 16],
    /// When, by the server.
    pub at_ms: u64,
}

impl SimTill {
    /// A till that has a network.
    pub fn new(known: &TillSecret) -> Self {
        SimTill { secret: known.secret.clone(), store_number: known.store_number, lane: None }
    }
}

/// A customer shows a code at a till. The till asks again until it is answered.
pub fn redeem(world: &mut World) -> Result<(), String> {
    let verb = *world.chance.pick(&[Verb::Verify, Verb::Reserve, Verb::Commit, Verb::Commit, Verb::Commit, Verb::Reverse]);
    let Some(id) = world.any_issue() else { return Ok(()) };
    let one = a_call(world, id, verb)?;
    if verb == Verb::Commit && world.chance.percent(30) {
        return race(world, id, &one);
    }
    let dies = world.chance.percent(12).then(|| world.chance.below(2) as u32);
    failpoint::arm(dies);
    let made = say(world, &one);
    failpoint::arm(None);
    world.server_changed = true;
    if matches!(&made, Err(ServiceError::Server(ServerError::OnRequest(_)))) {
        world.note("till asked again");
        // Meanwhile the customer may have gone to the other till.
        if verb == Verb::Commit && world.chance.percent(40) {
            let other = Said { till: 1 - one.till, ..a_call(world, id, Verb::Commit)? };
            let answer = say(world, &other);
            hear(world, &other, answer)?;
        }
        let again = say(world, &one);
        return hear(world, &one, again);
    }
    hear(world, &one, made)
}

/// A call about an issue's code. Now and then it is mistyped.
pub fn a_call(world: &mut World, id: OperationId, verb: Verb) -> Result<Said, String> {
    world.calls += 1;
    let till = world.chance.below(world.tills.len());
    let scanned = world.chance.percent(60);
    let mistyped = !scanned && world.chance.percent(3);
    let given = world.customers.issue(id).ok_or("an issue that nobody knows")?;
    let mut code = given.code.plain();
    let voucher = scanned.then(|| given.voucher.clone());
    if mistyped {
        code = CouponCode::from_parts('K', u128::from(world.calls)).map_err(text)?.plain();
    }
    Ok(Said { till, key: format!("key {}", world.calls), verb, code, voucher, random: world.chance.bytes(), at_ms: world.now_ms })
}

/// Two tills at once: the one's call comes between two transactions of the other's.
fn race(world: &mut World, id: OperationId, one: &Said) -> Result<(), String> {
    let other = Said { till: 1 - one.till, ..a_call(world, id, Verb::Commit)? };
    let at = world.chance.below(2) as u32;
    let other_answer = Mutex::new(None);
    let answer = {
        let (db, coupons, tills, now_ms) = (&world.db, &world.secret, &world.tills, world.now_ms);
        let (secret, other_secret) = (tills[one.till].secret.as_str(), tills[other.till].secret.as_str());
        let beside = || *other_answer.lock().expect("one thread") = Some(said_to(db, coupons, other_secret, &other, now_ms));
        let shared = Shared::new(db, at, beside);
        said_to(&shared, coupons, secret, one, now_ms)
    };
    world.server_changed = true;
    world.note("two tills at once");
    match other_answer.into_inner().expect("one thread") {
        Some(other_answer) => {
            hear(world, &other, other_answer)?;
            hear(world, one, answer)
        }
        None => {
            hear(world, one, answer)?;
            let answer = say(world, &other);
            hear(world, &other, answer)
        }
    }
}

/// An old call once more: it is answered as it was, and nothing is done.
pub fn replay(world: &mut World) -> Result<(), String> {
    if world.said.is_empty() {
        return Ok(());
    }
    let old = world.chance.pick(&world.said).clone();
    if world.now_ms - old.at_ms >= KEPT_MS {
        return Ok(());
    }
    world.server_changed = true;
    match say(world, &old).map_err(text)? {
        // It would have been told to wait as well.
        TillAnswer { status: 423 | 429, .. } => Ok(()),
        answer if answer.again => Ok(()),
        _ => Err("a till's call is carried out twice".to_owned()),
    }
}

fn say(world: &World, said: &Said) -> Result<TillAnswer, ServiceError> {
    said_to(&world.db, &world.secret, &world.tills[said.till].secret, said, world.now_ms)
}

fn said_to(db: &dyn Database, coupons: &CouponSecret, secret: &str, said: &Said, now_ms: u64) -> Result<TillAnswer, ServiceError> {
    let request = CallRequest { receipt: said.key.clone(), spend_fen: Some(SPEND_FEN), voucher: said.voucher.clone() };
    let raw = format!("{:?} {} {:?}", said.verb, said.code, request);
    let (key, raw, random) = (said.key.as_str(), raw.as_bytes(), said.random);
    let asked = Call { secret, key, verb: said.verb, code: &said.code, request: &request, raw, random };
    call(db, coupons, &asked, now_ms)
}

/// The first answer to a call.
fn hear(world: &mut World, said: &Said, answer: Result<TillAnswer, ServiceError>) -> Result<(), String> {
    let answer = answer.map_err(text)?;
    if matches!(answer.status, 423 | 429) {
        world.note("till told to wait");
        return Ok(());
    }
    world.said.push(said.clone());
    if answer.status != 200 {
        return Ok(());
    }
    let body: Value = serde_json::from_str(&answer.body).map_err(text)?;
    match body["state"].as_str() {
        Some("redeemed") => {
            world.note("redeemed");
            let id = world.customers.of_code(&said.code).first().copied();
            let given = id.and_then(|id| world.customers.issue(id)).ok_or("a code is redeemed that no phone has shown")?;
            let used = Used { campaign: given.campaign.clone(), fen: body["money_fen"].as_u64().unwrap_or(0), by: said.key.clone() };
            world.booked.redeems(&said.code, used)
        }
        Some("reversed") => {
            world.note("reversed");
            world.booked.reverses(&said.code);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A server that read a code before it was redeemed acts on it now. Either of two things alone keeps it from redeeming it
/// again: the update under its condition, and the ledger's one row. Nothing of it is kept.
pub fn stale(world: &mut World) -> Result<(), String> {
    let used: Vec<String> = world.booked.used.keys().cloned().collect();
    if used.is_empty() {
        return Ok(());
    }
    let code = CouponCode::parse(world.chance.pick::<String>(&used)).map_err(text)?;
    let hash = world.secret.codes(&world.tenant).hash(&code);
    let tenant = &world.tenant;
    let mut held = (false, false);
    let undone = world.db.writing(Write::Till, |tx| {
        let coupon = tx.coupon_of_hash(tenant, &hash)?.ok_or(ServerError::Corrupt("a code in use"))?;
        let row = tx.redemption_of(tenant, &coupon.campaign, coupon.serial, coupon.generation)?.ok_or(ServerError::Corrupt("a row"))?;
        let twice = Redemption { id: Uuid::from_u128(u128::from(row.at_ms) + 1), receipt: "stale".to_owned(), ..row };
        let used = Coupon { state: CouponState::Redeemed, ..coupon };
        held.0 = !tx.move_coupon(tenant, &used, CouponState::Issued)?;
        held.1 = !tx.put_redemption(tenant, &twice)?;
        Err::<(), _>(ServerError::RolledBack)
    });
    world.note("server acted on old news");
    match (undone, held) {
        (_, (true, true)) => Ok(()),
        (Err(ServerError::RolledBack), (false, _)) => Err("invariant 4: a code is redeemed again by who read it before".to_owned()),
        (Err(ServerError::RolledBack), (_, false)) => Err("invariant 4: the ledger takes a second row of one code".to_owned()),
        (undone, _) => Err(format!("a code in use is not found: {undone:?}")),
    }
}
