//! Tills against a retailer whose phone holds codes.

use std::sync::Arc;

use guidebook_domain::coupon::Grant;
use guidebook_domain::{CampaignId, Edit, StoreId};
use serde_json::Value;
use uuid::Uuid;

use super::calls::{Call, CallRequest, TillAnswer, call};
use super::decide::{HELD_MS, Verb};
use super::offline::{TakenRequest, upload};
use super::{conduct, terminals};
use crate::db::{Database, DatabaseExt};
use crate::error::ServiceError;
use crate::hq::coupon_report::report;
use crate::service::coupons::reclaim;
use crate::service::coupons::secret::Mint;
use crate::service::coupons::tests::{Signer, issue, leased, line, push, secret, signer, with_codes, world};
use crate::service::testing::{NOW, World};
use guidebook_domain::Outcome;
use guidebook_wire::ErrorCode;
use guidebook_wire::coupon::MemberCouponState;

/// A retailer whose guide Li holds twenty codes, and tills.
struct Shop {
    world: World,
    li: Signer,
    grant: Grant,
    calls: u128,
}

impl Shop {
    fn new() -> Self {
        let mut world = world();
        with_codes(&world, 60);
        let li = signer(&mut world, "LI", 5);
        let grant = leased(&world, &li, 1, 20);
        Shop { world, li, grant, calls: 0 }
    }

    fn till(&self, store: &str, n: u8, explains: bool) -> String {
        let store = StoreId::new(store).unwrap();
        terminals::make(&self.world.db, &self.world.tenant, &store, "收银台", explains, [n; 48], NOW).unwrap().1
    }

    fn code(&self, place: usize) -> String {
        self.grant.codes[place].code.grouped()
    }

    fn ask(&mut self, till: &str, verb: Verb, place: usize, now_ms: u64) -> (u16, Value) {
        self.calls += 1;
        let (key, code) = (format!("k{}", self.calls), self.code(place));
        said(&ask(&self.world.db, till, &key, verb, &code, &CallRequest::default(), now_ms).unwrap())
    }
}

fn said(answer: &TillAnswer) -> (u16, Value) {
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

fn ask(
    db: &dyn Database,
    till: &str,
    key: &str,
    verb: Verb,
    code: &str,
    request: &CallRequest,
    now_ms: u64,
) -> Result<TillAnswer, ServiceError> {
    let raw = format!("{code}:{verb:?}{request:?}");
    let hash = crate::service::hash(&format!("{till}{key}"));
    let random = std::array::from_fn(|n| hash[n]);
    let asked = Call { secret: till, key, verb, code, request, raw: raw.as_bytes(), random };
    call(db, &secret(), &asked, now_ms)
}

#[test]
fn a_coupon_is_reserved_used_taken_back_and_used_again() {
    let mut shop = Shop::new();
    let (one, two) = (shop.till("S1", 1, true), shop.till("S1", 2, true));
    assert_eq!(shop.ask(&one, Verb::Verify, 0, NOW).1["money_fen"], 5_000);
    assert_eq!(shop.ask(&one, Verb::Reserve, 0, NOW).1["held_until_ms"], NOW + HELD_MS);
    assert_eq!(line(&shop.world).codes.reserved, 1);
    assert_eq!(shop.ask(&two, Verb::Commit, 0, NOW).1["reason"], "held");
    assert_eq!(shop.ask(&two, Verb::Reverse, 0, NOW).1["reason"], "nothing_to_reverse");
    assert_eq!(shop.ask(&one, Verb::Reverse, 0, NOW).1["state"], "released");
    assert_eq!(shop.ask(&two, Verb::Commit, 0, NOW).1["state"], "redeemed");
    assert_eq!(shop.ask(&one, Verb::Commit, 0, NOW).1["reason"], "used");
    let elsewhere = shop.till("S2", 3, true);
    assert_eq!(shop.ask(&elsewhere, Verb::Reverse, 0, NOW).1["reason"], "nothing_to_reverse");
    assert_eq!(shop.ask(&one, Verb::Reverse, 0, NOW).1["state"], "reversed");
    assert_eq!(shop.ask(&one, Verb::Commit, 0, NOW).0, 200);
    let codes = line(&shop.world).codes;
    assert_eq!((codes.redeemed, codes.leased, codes.issued, codes.reserved), (1, 19, 0, 0));
}

#[test]
fn a_hold_ends_after_fifteen_minutes() {
    let mut shop = Shop::new();
    let (one, two) = (shop.till("S1", 1, true), shop.till("S1", 2, true));
    assert_eq!(shop.ask(&one, Verb::Reserve, 0, NOW).0, 200);
    assert_eq!(shop.ask(&one, Verb::Reserve, 1, NOW).0, 200);
    assert_eq!(shop.ask(&two, Verb::Reserve, 0, NOW + HELD_MS - 1).0, 409);
    assert_eq!(shop.ask(&two, Verb::Reserve, 0, NOW + HELD_MS).0, 200);
    assert_eq!(reclaim::release(&shop.world.db, NOW + HELD_MS + 1).unwrap(), 1);
    assert_eq!(line(&shop.world).codes.reserved, 1);
}

#[test]
fn the_same_key_gets_the_same_answer_ten_times_and_another_body_a_conflict() {
    let shop = Shop::new();
    let till = shop.till("S1", 1, false);
    let (code, plain) = (shop.code(0), CallRequest::default());
    let first = ask(&shop.world.db, &till, "a", Verb::Commit, &code, &plain, NOW).unwrap();
    let before = line(&shop.world);
    for n in 0..10 {
        let again = ask(&shop.world.db, &till, "a", Verb::Commit, &code, &plain, NOW + n * 100_000).unwrap();
        assert_eq!((again.status, &again.body, again.again), (200, &first.body, true));
    }
    assert_eq!(line(&shop.world).codes, before.codes);
    let other = CallRequest { receipt: "R2".to_owned(), ..plain };
    assert_eq!(ask(&shop.world.db, &till, "a", Verb::Commit, &code, &other, NOW).unwrap_err().code(), ErrorCode::Conflict);
    // Another till's keys are its own.
    let second = shop.till("S1", 2, false);
    assert_eq!(ask(&shop.world.db, &second, "a", Verb::Commit, &code, &CallRequest::default(), NOW).unwrap().status, 404);
    let unknown = ask(&shop.world.db, "gbpos_none", "a", Verb::Commit, &code, &CallRequest::default(), NOW);
    assert_eq!(unknown.unwrap_err().code(), ErrorCode::SignedOut);
}

#[test]
fn unknown_used_and_expired_look_the_same_to_a_till_without_rights() {
    let mut shop = Shop::new();
    let till = shop.till("S1", 1, false);
    let mut answers = Vec::new();
    assert_eq!(shop.ask(&till, Verb::Commit, 0, NOW).0, 200);
    answers.push(shop.ask(&till, Verb::Commit, 0, NOW));
    let unknown = guidebook_domain::coupon::CouponCode::from_parts('K', 77).unwrap().plain();
    answers.push(said(&ask(&shop.world.db, &till, "u", Verb::Commit, &unknown, &CallRequest::default(), NOW).unwrap()));
    answers.push(shop.ask(&till, Verb::Commit, 1, shop.grant.expires_ms));
    answers.push(shop.ask(&till, Verb::Reverse, 2, NOW));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(answers[0].0, 404);
    assert!(!answers[0].1.to_string().contains(&shop.code(0)));
}

#[test]
fn ten_wrong_codes_lock_typing_but_a_scanned_voucher_goes_on() {
    let mut shop = Shop::new();
    let till = shop.till("S1", 1, false);
    for n in 0..10 {
        let wrong = guidebook_domain::coupon::CouponCode::from_parts('K', 1_000 + n).unwrap().plain();
        let answer = ask(&shop.world.db, &till, &format!("w{n}"), Verb::Verify, &wrong, &CallRequest::default(), NOW).unwrap();
        assert_eq!(answer.status, 404);
    }
    assert_eq!(shop.ask(&till, Verb::Commit, 0, NOW).0, 423);
    let scanned = CallRequest { voucher: Some(shop.grant.codes[0].voucher.clone()), ..CallRequest::default() };
    let (code, other) = (shop.code(0), shop.code(1));
    assert_eq!(ask(&shop.world.db, &till, "o", Verb::Commit, &other, &scanned, NOW).unwrap().status, 423);
    assert_eq!(ask(&shop.world.db, &till, "s", Verb::Commit, &code, &scanned, NOW).unwrap().status, 200);
    assert_eq!(shop.ask(&till, Verb::Verify, 1, NOW + conduct::LOCKED_MS).0, 200);
    for _ in 0..conduct::CALLS {
        shop.ask(&till, Verb::Verify, 1, NOW + conduct::LOCKED_MS + 100_000);
    }
    assert_eq!(shop.ask(&till, Verb::Verify, 1, NOW + conduct::LOCKED_MS + 100_000).0, 429);
}

fn taken(n: u128, voucher: &str, at_ms: u64) -> TakenRequest {
    TakenRequest { id: Uuid::from_u128(n), voucher: voucher.to_owned(), at_ms, receipt: String::new(), spend_fen: None }
}

#[test]
fn the_second_of_two_lanes_without_a_network_is_a_conflict_that_the_store_bears() {
    let mut shop = Shop::new();
    let (one, two) = (shop.till("S1", 1, false), shop.till("S1", 2, false));
    let voucher = shop.grant.codes[0].voucher.clone();
    let send = |shop: &Shop, till: &str, n, now_ms| {
        let lines = upload(&shop.world.db, &secret(), till, &[taken(n, &voucher, NOW)], now_ms).unwrap();
        (lines[0].outcome, lines[0].kind.clone())
    };
    for _ in 0..3 {
        assert_eq!(send(&shop, &one, 1, NOW + 1000), ("booked", None));
        assert_eq!(send(&shop, &two, 2, NOW + 2000), ("conflict", Some("second".to_owned())));
    }
    assert_eq!(shop.ask(&one, Verb::Commit, 0, NOW).0, 404);
    // The phone says later that it gave it out.
    let given = issue(&mut shop.world, &mut shop.li, &shop.grant, 0, "M1");
    assert_eq!(push(&shop.world, &mut shop.li, &[&given]), [Outcome::Applied]);
    let report = report(&shop.world.db, &shop.world.tenant, &CampaignId::new("C1").unwrap(), NOW + 3000).unwrap();
    let store = &report.stores[&StoreId::new("S1").unwrap()];
    assert_eq!((store.taken, store.taken_offline, store.taken_fen, store.conflicts, store.conflict_fen), (1, 1, 5_000, 1, 5_000));
    assert_eq!((report.total.issued, report.total.redeemed, report.total.rate_bp, report.total.money_fen), (1, 1, 10_000, 5_000));
    assert_eq!((report.data_as_of_ms, report.stranded_codes), (NOW, 0));
}

#[test]
fn what_a_phone_never_gives_back_is_reported_as_stranded() {
    let shop = Shop::new();
    let at = |now_ms| report(&shop.world.db, &shop.world.tenant, &CampaignId::new("C1").unwrap(), now_ms).unwrap();
    assert_eq!((at(shop.grant.lease_until_ms).stranded_codes, at(shop.grant.lease_until_ms + 1).stranded_codes), (0, 20));
    assert_eq!(at(shop.grant.lease_until_ms + 1).stranded_fen, 100_000);
    assert_eq!(at(shop.grant.lease_until_ms + 1).data_as_of_ms, NOW);
}

#[test]
fn a_members_guides_hear_what_was_used_and_what_was_taken_back() {
    let mut shop = Shop::new();
    let till = shop.till("S1", 1, false);
    let given = issue(&mut shop.world, &mut shop.li, &shop.grant, 0, "M1");
    assert_eq!(push(&shop.world, &mut shop.li, &[&given]), [Outcome::Applied]);
    let state = |shop: &Shop| {
        reclaim::tell_redeemed(&shop.world.db).unwrap();
        let member = shop.world.db.reading(|tx| tx.member(&shop.world.tenant, &"M1".parse().unwrap())).unwrap().unwrap();
        member.coupons[0].state
    };
    assert_eq!(shop.ask(&till, Verb::Commit, 0, NOW).0, 200);
    assert_eq!(state(&shop), MemberCouponState::Redeemed);
    assert_eq!(shop.ask(&till, Verb::Reverse, 0, NOW).0, 200);
    assert_eq!(state(&shop), MemberCouponState::Issued);
    assert_eq!(reclaim::tell_redeemed(&shop.world.db).unwrap(), 0);
    // Used, taken back at the till, and then by the guide, before anybody was told of the first two.
    assert_eq!(shop.ask(&till, Verb::Commit, 0, NOW).0, 200);
    assert_eq!(shop.ask(&till, Verb::Reverse, 0, NOW).0, 200);
    let edit = Edit::CouponVoided { grant: shop.grant.request, turn: shop.grant.codes[0].turn };
    let void = shop.world.edit(&shop.li.phone, "M1", NOW, edit);
    assert_eq!(push(&shop.world, &mut shop.li, &[&void]), [Outcome::Applied]);
    assert_eq!(state(&shop), MemberCouponState::Void);
}

/// How many codes are raced for; the whole proof is 1,000.
const RACES: &str = "GUIDEBOOK_COUPON_RACES";

#[test]
fn of_sixty_four_tills_that_race_for_one_code_one_wins() {
    let races: usize = std::env::var(RACES).ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let shop = Shop::new();
    let tills: Vec<String> = (0..64).map(|n| shop.till("S1", n, true)).collect();
    let db: Arc<dyn Database> = Arc::clone(&shop.world.db);
    let mut won = 0;
    for race in 0..races {
        let code = {
            let mut li = signer_of(&shop, race);
            li.remove(0)
        };
        // Each race twenty minutes later, so that no till asks too often, nor loses too often in a row.
        let now_ms = NOW + race as u64 * 20 * 60_000;
        let winners: usize = std::thread::scope(|scope| {
            let racers: Vec<_> = tills
                .iter()
                .map(|till| {
                    let (db, code) = (&db, &code);
                    scope.spawn(move || {
                        let key = format!("race {race}");
                        let answer = ask(db, till, &key, Verb::Commit, code, &CallRequest::default(), now_ms).unwrap();
                        usize::from(answer.status == 200)
                    })
                })
                .collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).sum()
        });
        assert_eq!(winners, 1, "race {race}");
        won += winners;
    }
    assert_eq!((won, line(&shop.world).codes.redeemed), (races, races as u64));
}

/// The code of a race: leased to a phone of its own kind, as many as are needed.
fn signer_of(shop: &Shop, race: usize) -> Vec<String> {
    if race < shop.grant.codes.len() {
        return vec![shop.code(race)];
    }
    let tenant = &shop.world.tenant;
    // More than one phone may hold: taken from the campaign itself, as a grant would.
    shop.world
        .db
        .writing(crate::db::Write::Grant, |tx| {
            let id = CampaignId::new("C1").unwrap();
            let codes = Mint::of(tx, &secret(), tenant)?;
            let mut row = tx.campaign(tenant, &id)?.unwrap();
            if tx.free_coupons(tenant, &id, None, 1)?.is_empty() {
                let first = row.serials;
                let hash = codes.hash(&codes.code(&row.campaign, first, 0)?);
                tx.mint(tenant, &id, first, 0, &[hash])?;
                row.serials += 1;
            }
            let mut coupon = tx.free_coupons(tenant, &id, None, 1)?.remove(0);
            row.turns += 1;
            tx.put_campaign(tenant, &row)?;
            let before = tx.coupon_of_turn(tenant, shop.grant.request, shop.grant.codes[0].turn)?.unwrap().lease.unwrap();
            coupon.lease = Some(crate::db::coupons::Lease { turn: row.turns, ..before });
            coupon.state = crate::db::coupons::CouponState::Leased;
            tx.move_coupon(tenant, &coupon, crate::db::coupons::CouponState::Free)?;
            let code = codes.code(&row.campaign, coupon.serial, coupon.generation)?;
            Ok::<_, ServiceError>(vec![code.plain()])
        })
        .unwrap()
}

mod stolen;
