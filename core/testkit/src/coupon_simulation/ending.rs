//! The end of a schedule: faults stop, phones give out what they still can, tills tell what they took, all sync, leases end.
//! Then headquarters' report is what the phones' own ledgers say, and what is missing has a name.

use std::collections::BTreeMap;

use guidebook_domain::coupon::CouponRefusal;
use guidebook_domain::{CampaignId, OperationId, Outcome, Refusal};
use guidebook_server::db::DatabaseExt;
use guidebook_server::error::ServerError;
use guidebook_server::hq::coupon_report::{Report, report};
use guidebook_store::{CouponEntry, CouponState, Fate};
use guidebook_wire::CouponAskRecord;

use super::beginning::campaigns;
use super::headquarters::upkeep_once;
use super::rounds::{Heard, ask, deliver_late, hear, request, settle};
use super::world::World;
use super::{invariants, lanes, phones};
use crate::simulation::network::hears_nothing;
use crate::simulation::world::text;

const MINUTE_MS: u64 = 60_000;
/// A little more than a lease.
const LEASE_MS: u64 = 73 * 60 * MINUTE_MS;
/// So many coupons of one value a phone gives out at the end.
const MOST_AT_END: u32 = 6;
/// A phone that has nothing new to say is through after far fewer requests.
const MOST_REQUESTS: u32 = 80;

/// Plays it.
pub fn play(world: &mut World) -> Result<(), String> {
    calm_down(world);
    if world.chance.percent(50) {
        give_out_what_is_left(world)?;
    }
    while !world.late.is_empty() {
        deliver_late(world)?;
    }
    everyone_syncs(world)?;
    tills_tell(world)?;
    turn(world)?;
    everyone_syncs(world)?;
    invariants::after_a_step(world)?;
    world.now_ms += LEASE_MS;
    turn(world)?;
    everyone_syncs(world)?;
    // For what the others brought.
    everyone_syncs(world)?;
    invariants::after_a_step(world)?;
    lanes::stands(world)?;
    let listed = listed(world)?;
    campaigns().iter().try_for_each(|id| agree(world, id, &listed))
}

/// Clocks are right and marks can be reached; the server and the network stay.
fn calm_down(world: &mut World) {
    world.calm = true;
    for phone in &mut world.phones {
        phone.sim.ahead_ms = 0;
        phone.marks.set_down(false);
        phone.restart(|_, _| ());
    }
}

/// Two books with the same codes would now give them to two customers.
fn give_out_what_is_left(world: &mut World) -> Result<(), String> {
    for phone in 0..world.phones.len() {
        let open: Vec<_> = world.phones[phone].book().campaigns().cloned().collect();
        for campaign in open {
            for value in campaign.face.values() {
                for _ in 0..MOST_AT_END {
                    if phones::issue_of(world, phone, &campaign.id, value, None)?.is_none() {
                        break;
                    }
                }
            }
        }
    }
    Ok(())
}

fn turn(world: &mut World) -> Result<(), String> {
    world.server_changed = true;
    upkeep_once(world).map_err(text)
}

/// What waits for another till's hold is told again when that is over.
fn tills_tell(world: &mut World) -> Result<(), String> {
    for _ in 0..2 {
        world.now_ms += 16 * MINUTE_MS;
        turn(world)?;
        (0..world.tills.len()).try_for_each(|till| lanes::upload(world, till))?;
    }
    let waits = |lane: &guidebook_till::Till| lane.to_upload().map(|taken| !taken.is_empty());
    for lane in world.tills.iter().filter_map(|till| till.lane.as_ref()) {
        if waits(lane).map_err(text)? {
            return Err("what a till took is never answered".to_owned());
        }
    }
    Ok(())
}

/// Everyone syncs until nothing waits. A wiped phone's successor is the last in the list.
fn everyone_syncs(world: &mut World) -> Result<(), String> {
    let mut phone = 0;
    while phone < world.phones.len() {
        if syncs_to_the_end(world, phone)? {
            phone += 1;
        }
    }
    Ok(())
}

/// Whether the phone is still there afterwards.
fn syncs_to_the_end(world: &mut World, phone: usize) -> Result<bool, String> {
    let mut asked: Option<CouponAskRecord> = None;
    settle(world, phone, None)?;
    for _ in 0..MOST_REQUESTS {
        let who = world.phones[phone].sim.who.clone();
        let record = request(world, phone)?;
        if hears_nothing(&world.db, &who, world.phones[phone].book(), &record, world.now_ms)? {
            return Ok(true);
        }
        let heard = ask(world, &who, &record)?;
        let last = match &heard {
            Heard::Answer(answer) => !answer.more,
            Heard::Wipe => {
                hear(world, phone, heard, None)?;
                return Ok(false);
            }
            Heard::Nothing => return Err("a server without faults does not answer".to_owned()),
        };
        hear(world, phone, heard, None)?;
        let book = world.phones[phone].book();
        let (waiting, _) = book.open_operations().map_err(text)?;
        asked = book.coupon_ask().map_err(text)?;
        if last && !book.standing().compare && waiting == 0 && asked.is_none() {
            return Ok(true);
        }
    }
    Err(format!("a phone syncs without end; it asks for {asked:?}"))
}

/// Headquarters' report and the phones' own ledgers.
fn agree(world: &mut World, id: &CampaignId, listed: &BTreeMap<OperationId, Listed>) -> Result<(), String> {
    let report = report(&world.db, &world.tenant, id, world.now_ms).map_err(text)?;
    let listed: Vec<&Listed> = listed.values().filter(|listed| listed.entry.event.campaign == *id).collect();
    booked_at_headquarters(world, &listed, &report)?;
    nothing_made_up(world, id, &report)?;
    if !world.books_lost && !world.restored {
        no_difference(&listed, &report)?;
    }
    let (redeemed, fen) = world.booked.redeemed(id);
    if (report.total.redeemed, report.total.money_fen) != (redeemed, fen) {
        return Err(format!("the report tells of {} fen, tills of {fen}", report.total.money_fen));
    }
    stranded_is_named(world, id, &report)
}

/// A coupon in a phone's own ledger, and whether its member is on that phone.
struct Listed {
    entry: CouponEntry,
    sees_member: bool,
}

/// The coupons in all phones' own ledgers, each once.
fn listed(world: &World) -> Result<BTreeMap<OperationId, Listed>, String> {
    let mut listed = BTreeMap::new();
    for phone in 0..world.phones.len() {
        let (book, wall_ms) = (world.phones[phone].book(), world.wall_ms(phone));
        for entry in book.coupons(0, 1_000, wall_ms).map_err(text)? {
            let sees_member = book.member(&entry.event.member).is_ok();
            listed.insert(entry.id, Listed { entry, sees_member });
        }
    }
    Ok(listed)
}

/// What a phone lists is in headquarters' books, or refused for a reason.
fn booked_at_headquarters(world: &World, listed: &[&Listed], report: &Report) -> Result<(), String> {
    let mut twice = 0;
    for Listed { entry, sees_member } in listed {
        if let CouponState::Refused(fate) = &entry.state {
            twice += u64::from(may_be_refused(world, fate)?);
            continue;
        }
        let issue = world
            .db
            .reading(|tx| tx.issue(&world.tenant, entry.event.grant, entry.event.turn))
            .map_err(|error: ServerError| text(error))?;
        let issue = issue.filter(|issue| issue.member == entry.event.member && issue.guide == entry.event.guide);
        let Some(issue) = issue else {
            return Err("a coupon that a phone gave out is not in headquarters' books".to_owned());
        };
        let used = world.booked.used.contains_key(&entry.code.plain());
        let (void, redeemed) = (entry.state == CouponState::Void, entry.state == CouponState::Redeemed);
        // What a clone took back is not told any more after its last day.
        let voided = issue.voided_ms.is_some() && entry.state != CouponState::Expired;
        if *sees_member && ((voided, used && !void) != (void, redeemed)) {
            return Err(format!("a phone says {:?} of a coupon, headquarters void {voided}, used {used}", entry.state));
        }
    }
    match report.conflicts.get("given_twice").copied().unwrap_or_default() {
        told if told < twice => Err(format!("{twice} coupons were refused as given twice, {told} are in the report")),
        _ => Ok(()),
    }
}

/// Whether the code was given twice; an error where there is no reason for a refusal.
fn may_be_refused(world: &World, fate: &Fate) -> Result<bool, String> {
    let Fate::Answered(Outcome::Refused(Refusal::Coupon(why))) = fate else {
        return Err(format!("a coupon is refused: {fate:?}"));
    };
    match why {
        // It was heard of after its last day.
        CouponRefusal::Expired => Ok(false),
        CouponRefusal::NotLeased if world.restored => Ok(false),
        CouponRefusal::GivenTwice if world.vaults_copied => Ok(true),
        CouponRefusal::Surrendered | CouponRefusal::Voided if world.vaults_copied => Ok(false),
        other => Err(format!("a coupon is refused without cause: {other:?}")),
    }
}

/// What is in headquarters' books was shown by a phone.
fn nothing_made_up(world: &World, id: &CampaignId, report: &Report) -> Result<(), String> {
    let mut known = 0;
    let mut places = std::collections::BTreeSet::new();
    for (_, given) in world.customers.issues().filter(|(_, given)| given.campaign == *id) {
        let issue = world.db.reading(|tx| tx.issue(&world.tenant, given.grant, given.turn)).map_err(|error: ServerError| text(error))?;
        known += u64::from(issue.is_some() && places.insert((given.grant, given.turn)));
    }
    if known != report.total.issued + report.total.void {
        return Err(format!("headquarters has {:?}, phones have given out {known} of them", report.total));
    }
    Ok(())
}

/// Where no book was ever lost, the sums are the same to the last coupon.
fn no_difference(listed: &[&Listed], report: &Report) -> Result<(), String> {
    let mut by_guide: BTreeMap<_, (u64, u64)> = BTreeMap::new();
    for Listed { entry, .. } in listed.iter().filter(|listed| !matches!(listed.entry.state, CouponState::Refused(_))) {
        let sums = by_guide.entry(entry.event.guide.clone()).or_default();
        if entry.state == CouponState::Void { sums.1 += 1 } else { sums.0 += 1 }
    }
    let told: BTreeMap<_, (u64, u64)> = report.guides.iter().map(|(guide, sums)| (guide.clone(), (sums.issued, sums.void))).collect();
    if told != by_guide {
        return Err(format!("the report says {told:?}, the phones' ledgers {by_guide:?} (given out, taken back)"));
    }
    Ok(())
}

/// What is leased is on a phone that may give it out, or in the report as stranded.
fn stranded_is_named(world: &mut World, id: &CampaignId, report: &Report) -> Result<(), String> {
    let mut usable = 0;
    for phone in 0..world.phones.len() {
        let wall_ms = world.wall_ms(phone);
        let left = world.phones[phone].book_mut().codes_left(id, wall_ms).map_err(text)?;
        usable += left.iter().map(|left| left.codes).sum::<u64>();
    }
    if report.codes.leased != usable + report.stranded_codes {
        let leased = report.codes.leased;
        return Err(format!("{leased} codes are leased, phones have {usable}, the report calls {} stranded", report.stranded_codes));
    }
    Ok(())
}
