//! Tills without a network: the lane's own verifier and ledger, and the upload afterwards.

use std::cell::RefCell;
use std::path::PathBuf;

use guidebook_domain::coupon::signed::PublicKey;
use guidebook_server::db::DatabaseExt;
use guidebook_server::error::{ServerError, ServiceError};
use guidebook_server::failpoint;
use guidebook_server::service::coupons::keys;
use guidebook_server::service::till::offline::{TakenLine, TakenRequest, upload as book};
use guidebook_till::till::Sale;
use guidebook_till::{Caps, Ledger, Taken, Till, TillError};
use guidebook_wire::pos::{Booked as Answer, RedemptionRecord};
use tempfile::TempDir;

use super::beginning::root;
use super::booked::{Answered, Used};
use super::tills::SPEND_FEN;
use super::world::World;
use crate::simulation::beginning::shop;
use crate::simulation::world::text;

/// Where ledgers lie: in memory where there is such a place, for each line is on the disk before anybody hears of it.
const MEMORY: &str = "/dev/shm";

thread_local! {
    static FOLDER: RefCell<Option<TempDir>> = const { RefCell::new(None) };
}

/// A customer shows a voucher at a till without a network.
pub fn take(world: &mut World) -> Result<(), String> {
    let Some(id) = world.any_issue() else { return Ok(()) };
    let till = world.chance.below(world.tills.len());
    world.calls += 1;
    let order = format!("offline {}", world.calls);
    let voucher = world.customers.issue(id).ok_or("an issue that nobody knows")?.voucher.clone();
    begin(world, till)?;
    let lane = world.tills[till].lane.as_ref().ok_or("a lane")?;
    match lane.take(&voucher, Sale { order: &order, spend_fen: SPEND_FEN }, world.now_ms) {
        Ok(_) => {
            world.note("taken without a network");
            Ok(())
        }
        Err(TillError::Refused(_)) => Ok(()),
        Err(other) => Err(text(other)),
    }
}

/// A till tells what it took. It asks again until it is answered.
pub fn upload(world: &mut World, till: usize) -> Result<(), String> {
    let Some(lane) = &world.tills[till].lane else { return Ok(()) };
    let taken = lane.to_upload().map_err(text)?;
    if !taken.is_empty() {
        let dies = (!world.calm && world.chance.percent(20)).then(|| world.chance.below(6) as u32);
        failpoint::arm(dies);
        let mut made = send(world, till, &taken);
        failpoint::arm(None);
        world.server_changed = true;
        let lost = !world.calm && world.chance.percent(15);
        if lost || matches!(&made, Err(ServiceError::Server(ServerError::OnRequest(_)))) {
            world.note("upload repeated");
            made = send(world, till, &taken);
        }
        match made {
            Ok(lines) => hear(world, till, &taken, lines)?,
            // It comes back in a minute.
            Err(ServiceError::Server(ServerError::Busy { .. })) => return Ok(()),
            Err(error) => return Err(text(error)),
        }
    }
    let now_ms = world.now_ms;
    world.tills[till].lane.as_ref().map_or(Ok(()), |lane| lane.contact(now_ms)).map_err(text)
}

/// The lane, with a list of trust and a contact of this moment.
fn begin(world: &mut World, till: usize) -> Result<(), String> {
    if world.tills[till].lane.is_some() {
        return Ok(());
    }
    let (root, store) = (PublicKey::of(&root()), world.tills[till].store_number);
    let lane = Till { root, store, lane: format!("lane {till}"), caps: Caps::default(), ledger: Ledger::at(fresh(till)?) };
    let trust = world.db.reading(|tx| keys::trust(tx, &world.tenant)).map_err(|error: ServerError| text(error))?;
    let (_, list) = trust.ok_or("a retailer with keys")?;
    lane.trust(list).map_err(text)?;
    lane.contact(world.now_ms).map_err(text)?;
    world.tills[till].lane = Some(lane);
    Ok(())
}

/// A ledger in which nothing was written yet. One schedule at a time plays on a thread.
fn fresh(till: usize) -> Result<PathBuf, String> {
    FOLDER.with_borrow_mut(|folder| {
        if folder.is_none() {
            let made = if std::path::Path::new(MEMORY).is_dir() { TempDir::new_in(MEMORY) } else { TempDir::new() };
            *folder = Some(made.map_err(text)?);
        }
        let path = folder.as_ref().ok_or("a folder")?.path().join(format!("ledger {till}"));
        if path.exists() {
            std::fs::remove_file(&path).map_err(text)?;
        }
        Ok(path)
    })
}

fn send(world: &World, till: usize, taken: &[Taken]) -> Result<Vec<TakenLine>, ServiceError> {
    let record = |taken: &Taken| serde_json::to_value(RedemptionRecord::from(taken.clone())).and_then(serde_json::from_value);
    let requests: Vec<TakenRequest> = taken.iter().map(|taken| record(taken).expect("as over HTTP")).collect();
    book(&world.db, &world.secret, &world.tills[till].secret, &requests, world.now_ms)
}

/// What the server makes of what was taken: booked, or a conflict that the store bears.
fn hear(world: &mut World, till: usize, taken: &[Taken], lines: Vec<TakenLine>) -> Result<(), String> {
    if lines.len() != taken.len() {
        return Err("an upload is answered in part".to_owned());
    }
    for (taken, line) in taken.iter().zip(lines) {
        let answer = match line.outcome {
            "booked" => Answer::Booked,
            "conflict" => Answer::Conflict,
            _ => continue,
        };
        answered(world, till, taken, answer, line.kind.as_deref())?;
        let lane = world.tills[till].lane.as_ref().ok_or("a lane")?;
        lane.answered(taken.id, answer).map_err(text)?;
    }
    Ok(())
}

fn answered(world: &mut World, till: usize, taken: &Taken, answer: Answer, kind: Option<&str>) -> Result<(), String> {
    let issue = world.customers.issues().find(|(_, given)| given.voucher == taken.voucher);
    let given = issue.map(|(_, given)| given.clone()).ok_or("a voucher that no phone has shown")?;
    let code = given.code.plain();
    world.booked.answered.insert(taken.id, Answered { answer, till });
    match (answer, kind) {
        (Answer::Booked, _) => {
            world.note("booked afterwards");
            let used = Used { campaign: given.campaign, fen: taken.discount_fen.into(), by: taken.id.to_string() };
            world.booked.redeems(&code, used)
        }
        (Answer::Conflict, Some("second")) if world.booked.used.contains_key(&code) => {
            world.note("second of two tills");
            Ok(())
        }
        // A guide took it back though the customer had it: her book was put back to before she had, or a copied vault gave the code
        // to another customer too.
        (Answer::Conflict, Some("void")) if world.customers.was_taken_back(&given) => Ok(()),
        // The server was put back to before its lease.
        (Answer::Conflict, Some("unknown" | "retired")) if world.restored => Ok(()),
        // A copied vault gave it back, not knowing that another copy had given it out.
        (Answer::Conflict, Some("retired")) if world.vaults_copied => Ok(()),
        // Its place had gone back to the budget, two days after the coupon's end: a till that was cut off for so long.
        (Answer::Conflict, Some("retired")) if world.now_ms > given.expires_ms => Ok(()),
        (Answer::Conflict | Answer::Later, kind) => Err(format!("invariant 4: what a till took is a conflict without cause: {kind:?}")),
    }
}

/// Whether what was answered stands in the server's books: a redemption, or a conflict that the store bears.
pub fn stands(world: &World) -> Result<(), String> {
    for (id, answered) in &world.booked.answered {
        let tenant = &world.tenant;
        let (row, conflict) = world
            .db
            .reading(|tx| Ok((tx.redemption(tenant, *id)?, tx.conflict(tenant, &format!("till {id}"))?)))
            .map_err(|error: ServerError| text(error))?;
        let holds = match answered.answer {
            Answer::Booked => row.is_some_and(|row| row.offline) && conflict.is_none(),
            Answer::Conflict => row.is_none() && conflict.is_some_and(|conflict| conflict.store == Some(shop())),
            Answer::Later => false,
        };
        if !holds {
            return Err(format!("what till {} took without a network is neither redeemed nor booked to the store", answered.till));
        }
    }
    Ok(())
}
