//! Campaigns, grants, issues and what comes back, against one database.

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;
use guidebook_domain::coupon::signed::{Hash, PublicKey};
use guidebook_domain::coupon::{
    Campaign, CampaignState, CouponRefusal, Face, Grant, IssueEvent, SignedGrant, Surrender, TrustList, Validity,
};
use guidebook_domain::{CampaignId, DeviceId, Edit, GrantId, MarkId, MemberId, Operation, Outcome, Refusal, StoreId};
use guidebook_wire::coupon::{CouponAnswerRecord, CouponAskRecord, DeniedReason, GrantAskRecord, MemberCouponState};
use guidebook_wire::{ChangeRecord, ErrorCode};
use serde_json::json;
use uuid::Uuid;

use super::keys::KeyChance;
use super::{CouponSecret, granting, keys, reclaim};
use crate::db::DatabaseExt;

use crate::error::ServiceError;
use crate::hq::campaigns::{CampaignChange, CampaignLine, change, create, one};
use crate::service::testing::{NOW, TestPhone, World, members};

/// A campaign of ¥50 coupons.
pub fn campaign(id: &str) -> Campaign {
    Campaign {
        id: CampaignId::new(id).unwrap(),
        version: 1,
        name: "双11".to_owned(),
        face: Face::Amount { fen: 5_000 },
        least_spend_fen: 0,
        validity: Validity::FromIssue { days: 30 },
        stores: BTreeSet::new(),
        brands: BTreeSet::new(),
        products: Vec::new(),
        per_member: None,
        issuers: Default::default(),
        stackable: false,
        state: CampaignState::Running,
        offline: false,
        class: 'K',
    }
}

const DAY: u64 = 24 * 3_600_000;

pub fn secret() -> CouponSecret {
    CouponSecret::new([9; 32])
}

fn root() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn chance(n: u8) -> KeyChance {
    KeyChance { key: [n; 32], nonce: [n; 24] }
}

/// A retailer with keys.
pub fn world() -> World {
    with_keys(World::new())
}

fn with_keys(world: World) -> World {
    keys::init(&world.db, &secret(), &world.tenant, &root(), &chance(2), NOW).unwrap();
    world
}

fn made(world: &World, body: serde_json::Value) -> Result<CampaignLine, ServiceError> {
    create(&world.db, Some(&secret()), &world.tenant, &serde_json::from_value(body).unwrap(), NOW)
}

/// A campaign C1 of ¥50 coupons with so many codes.
pub fn with_codes(world: &World, codes: u64) -> CampaignLine {
    let body = json!({"id": "C1", "name": "双11", "face": {"amount": {"fen": 5000}}, "validity": {"from_issue": {"days": 30}},
        "budget": {"codes": codes}});
    made(world, body).unwrap()
}

pub fn line(world: &World) -> CampaignLine {
    let line = one(&world.db, &world.tenant, &CampaignId::new("C1").unwrap()).unwrap();
    assert!(line.codes.add_up());
    line
}

fn altered(world: &World, body: serde_json::Value) -> Result<CampaignLine, ServiceError> {
    let asked: CampaignChange = serde_json::from_value(body).unwrap();
    change(&world.db, Some(&secret()), &world.tenant, &CampaignId::new("C1").unwrap(), &asked, NOW)
}

fn mark(n: u128) -> MarkId {
    MarkId::from_uuid(Uuid::from_u128(n))
}

fn request(n: u128) -> GrantId {
    GrantId::from_uuid(Uuid::from_u128(n))
}

/// A phone that can sign: its key is in the database.
pub struct Signer {
    /// The phone.
    pub phone: TestPhone,
    /// Its key, which only it and whoever steals it have.
    pub key: SigningKey,
    sequence: u64,
    previous: Hash,
}

pub fn signer(world: &mut World, guide: &str, n: u8) -> Signer {
    let key = SigningKey::from_bytes(&[n; 32]);
    let phone = world.phone_of_key(guide, PublicKey::of(&key).0);
    Signer { phone, key, sequence: 0, previous: Hash([0; 32]) }
}

fn ask(world: &World, signer: &Signer, by: MarkId, n: u128, wanted: u16, now_ms: u64) -> CouponAnswerRecord {
    let asked = GrantAskRecord { request: request(n), campaign: CampaignId::new("C1").unwrap(), value: 5_000, wanted };
    let record = CouponAskRecord { asks: vec![asked], mark: by, trust: 0, rootless: false };
    granting::answer(&world.db, &secret(), &signer.phone.who, &record, now_ms).unwrap()
}

fn trust(answer: &CouponAnswerRecord) -> TrustList {
    answer.trust.as_ref().unwrap().accept(0, &PublicKey::of(&root())).unwrap()
}

fn opened(signer: &Signer, answer: &CouponAnswerRecord, by: MarkId) -> Grant {
    answer.grants[0].verify(&trust(answer), signer.phone.who.device, by, NOW).unwrap()
}

pub fn leased(world: &World, signer: &Signer, n: u128, wanted: u16) -> Grant {
    opened(signer, &ask(world, signer, mark(1), n, wanted, NOW), mark(1))
}

fn event(signer: &mut Signer, grant: &Grant, place: usize, member: &str) -> IssueEvent {
    signer.sequence += 1;
    let event = IssueEvent {
        sequence: signer.sequence,
        previous: signer.previous,
        device: signer.phone.who.device,
        guide: signer.phone.who.guide.clone(),
        store: StoreId::new("S1").unwrap(),
        member: MemberId::new(member).unwrap(),
        campaign: grant.campaign.clone(),
        campaign_version: grant.campaign_version,
        grant: grant.request,
        turn: grant.codes[place].turn,
        value: grant.value,
        at_ms: NOW,
        expires_ms: grant.expires_ms - 3 * DAY,
    };
    signer.previous = event.hash();
    event
}

pub fn issue(world: &mut World, signer: &mut Signer, grant: &Grant, place: usize, member: &str) -> Operation {
    let signed = event(signer, grant, place, member).sign(&signer.key);
    world.edit(&signer.phone, member, NOW, Edit::CouponIssued { event: Box::new(signed) })
}

fn surrender(world: &mut World, signer: &Signer, grant: &Grant, places: std::ops::Range<usize>) -> Operation {
    let turns = grant.codes[places].iter().map(|code| code.turn).collect();
    let surrender = Surrender { device: signer.phone.who.device, mark: grant.mark, grant: grant.request, turns, at_ms: NOW };
    let edit = Edit::CodesSurrendered { surrender: Box::new(surrender.sign(&signer.key)) };
    Operation { member: None, ..world.edit(&signer.phone, "M1", NOW, edit) }
}

/// What becomes of operations in a push of a phone, on a server that has the secret.
pub fn push(world: &World, signer: &mut Signer, operations: &[&Operation]) -> Vec<Outcome> {
    crate::service::testing::outcomes(&signer.phone.round_with(&world.db, Some(&secret()), operations).unwrap())
}

fn refusal(why: CouponRefusal) -> Outcome {
    Outcome::Refused(Refusal::Coupon(why))
}

fn kinds(world: &World) -> Vec<String> {
    let mut kinds: Vec<String> =
        world.db.reading(|tx| tx.conflicts(&world.tenant, None, 99)).unwrap().into_iter().map(|row| row.kind).collect();
    kinds.sort();
    kinds
}

#[test]
fn a_campaign_mints_its_budget_and_goes_down_to_phones() {
    let mut world = world();
    let line = with_codes(&world, 300);
    assert_eq!((line.codes.minted, line.codes.free, line.budget.version), (300, 300, 1));
    assert_eq!(with_codes(&world, 300).codes.minted, 300);
    let other = json!({"id": "C1", "name": "双12", "face": {"amount": {"fen": 5000}}, "validity": {"from_issue": {"days": 30}},
        "budget": {"codes": 300}});
    assert_eq!(made(&world, other).unwrap_err().code(), ErrorCode::Conflict);
    let mut phone = world.phone("LI");
    phone.protocol = 2;
    let told = |phone: &mut TestPhone, world: &World| {
        let answer = phone.round(&world.db, &[]).unwrap();
        let campaign = |change: &ChangeRecord| match change {
            ChangeRecord::Campaign(campaign) => Some(campaign.state),
            _ => None,
        };
        answer.changes.iter().filter_map(campaign).collect::<Vec<_>>()
    };
    assert_eq!(told(&mut phone, &world), [CampaignState::Running]);
    altered(&world, json!({"state": "paused"})).unwrap();
    assert_eq!(told(&mut phone, &world), [CampaignState::Paused]);
    assert_eq!(told(&mut phone, &world), []);
}

#[test]
fn a_budget_changes_only_from_the_version_that_was_read() {
    let mut world = world();
    with_codes(&world, 300);
    let signer = signer(&mut world, "LI", 5);
    leased(&world, &signer, 1, 40);
    let raise = |version: u32, codes: u64, fen: Option<u64>| {
        altered(&world, json!({"budget_version": version, "budget": {"codes": codes, "fen": fen}})).map_err(|error| error.code())
    };
    let line = raise(1, 500, Some(300_000)).unwrap();
    assert_eq!((line.budget.version, line.codes.minted, line.budget.out_fen), (2, 500, 200_000));
    assert_eq!(raise(1, 600, None).unwrap_err(), ErrorCode::Conflict);
    assert_eq!(raise(2, 39, None).unwrap_err(), ErrorCode::Conflict);
    assert_eq!(raise(2, 40, Some(199_999)).unwrap_err(), ErrorCode::Conflict);
    raise(2, 40, None).unwrap();
    assert_eq!(ask(&world, &signer, mark(2), 9, 1, NOW).denied[0].reason, DeniedReason::BudgetSpent);
    altered(&world, json!({"state": "ended"})).unwrap();
    assert_eq!(altered(&world, json!({"state": "running"})).unwrap_err().code(), ErrorCode::Conflict);
}

#[test]
fn a_request_gets_the_same_grant_for_ever_and_no_more_than_a_phone_may_hold() {
    let mut world = world();
    with_codes(&world, 300);
    let (li, chen) = (signer(&mut world, "LI", 5), signer(&mut world, "CHEN", 6));
    let first = ask(&world, &li, mark(1), 1, 30, NOW);
    let again = ask(&world, &li, mark(1), 1, 30, NOW + DAY);
    assert_eq!(first.grants, again.grants);
    let grant = opened(&li, &first, mark(1));
    assert_eq!((grant.codes.len(), grant.value, grant.lease_until_ms), (30, 5_000, NOW + 3 * DAY));
    // ¥2,000 is 40 of ¥50.
    assert_eq!(opened(&li, &ask(&world, &li, mark(1), 2, 200, NOW), mark(1)).codes.len(), 10);
    assert_eq!(ask(&world, &li, mark(1), 3, 1, NOW).denied[0].reason, DeniedReason::LeasedEnough);
    // Another's request is not answered with what is not hers.
    assert_eq!(ask(&world, &chen, mark(7), 1, 1, NOW).denied[0].reason, DeniedReason::Unknown);
    let hers = opened(&chen, &ask(&world, &chen, mark(7), 4, 40, NOW), mark(7));
    let all: BTreeSet<_> = grant.codes.iter().chain(&hers.codes).map(|code| code.code.plain()).collect();
    assert_eq!(all.len(), 70);
    let line = line(&world);
    assert_eq!((line.codes.leased, line.codes.free, line.budget.out_fen), (80, 220, 400_000));
    altered(&world, json!({"state": "paused"})).unwrap();
    assert_eq!(ask(&world, &chen, mark(8), 5, 1, NOW).denied[0].reason, DeniedReason::NotOpen);
    assert_eq!(ask(&world, &li, mark(1), 1, 30, NOW).grants, first.grants);
}

#[test]
fn a_dump_of_the_database_holds_no_code_no_voucher_and_no_private_key() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = with_keys(World::in_file(&dir.path().join("dump.db")));
    with_codes(&world, 50);
    let mut li = signer(&mut world, "LI", 5);
    let grant = leased(&world, &li, 1, 20);
    let (given, back) = (issue(&mut world, &mut li, &grant, 0, "M1"), surrender(&mut world, &li, &grant, 1..10));
    assert_eq!(push(&world, &mut li, &[&given, &back]), [Outcome::Applied, Outcome::Applied]);
    let bytes: Vec<u8> = std::fs::read_dir(dir.path()).unwrap().flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(holds(&secret().codes(&world.tenant).hash(&grant.codes[0].code)), "the file was read");
    for code in &grant.codes {
        assert!(!holds(code.code.plain().as_bytes()) && !holds(code.code.grouped().as_bytes()) && !holds(code.voucher.as_bytes()));
        assert!(!holds(&code.code.random().to_be_bytes()[7..]));
    }
    assert!(!holds(&[2; 32]) && !holds(&[1; 32]) && !holds(&[9; 32]));
}

#[test]
fn an_issue_is_booked_once_and_a_clones_second_is_refused_and_reported() {
    let mut world = world();
    with_codes(&world, 50);
    let mut li = signer(&mut world, "LI", 5);
    let grant = leased(&world, &li, 1, 20);
    let given = issue(&mut world, &mut li, &grant, 0, "M1");
    assert_eq!(push(&world, &mut li, &[&given]), [Outcome::Applied]);
    assert_eq!(push(&world, &mut li, &[&given]), [Outcome::Applied]);
    assert_eq!((line(&world).codes.issued, line(&world).codes.leased), (1, 19));
    assert_eq!(kinds(&world), [] as [String; 0]);
    // The copy has the same turn and gives it to somebody else.
    let mut copy = Signer { phone: world.phone("LI"), key: li.key.clone(), sequence: 0, previous: Hash([0; 32]) };
    copy.phone.who = li.phone.who.clone();
    let twice = issue(&mut world, &mut copy, &grant, 0, "M2");
    assert_eq!(push(&world, &mut copy, &[&twice]), [refusal(CouponRefusal::GivenTwice)]);
    assert_eq!(kinds(&world), ["chain", "given_twice"]);
    let codes = line(&world).codes;
    assert_eq!((codes.issued, codes.leased), (1, 19));
    // The member's guides are told.
    let mut fresh = world.phone("LI");
    let answer = fresh.round(&world.db, &[]).unwrap();
    let coupons = members(&answer).iter().find(|member| member.id.as_str() == "M1").unwrap().coupons();
    assert_eq!((coupons.len(), coupons[0].state, coupons[0].turn), (1, MemberCouponState::Issued, grant.codes[0].turn));
}

#[test]
fn what_is_not_signed_or_not_leased_is_refused() {
    let mut world = world();
    with_codes(&world, 50);
    let (mut li, mut chen) = (signer(&mut world, "LI", 5), signer(&mut world, "CHEN", 6));
    let grant = leased(&world, &li, 1, 20);
    let mut forged = event(&mut li, &grant, 0, "M1").sign(&li.key);
    forged.event.member = MemberId::new("M2").unwrap();
    let forged = world.edit(&li.phone, "M2", NOW, Edit::CouponIssued { event: Box::new(forged) });
    assert_eq!(push(&world, &mut li, &[&forged]), [refusal(CouponRefusal::NotSigned)]);
    let hers = issue(&mut world, &mut chen, &grant, 1, "M2");
    assert_eq!(push(&world, &mut chen, &[&hers]), [refusal(CouponRefusal::NotLeased)]);
    let back = surrender(&mut world, &chen, &grant, 1..2);
    assert_eq!(push(&world, &mut chen, &[&back]), [refusal(CouponRefusal::NotLeased)]);
    assert_eq!(line(&world).codes.leased, 20);
    assert_eq!(kinds(&world), ["not_leased"]);
}

#[test]
fn a_coupon_not_yet_handed_over_can_be_taken_back_once() {
    let mut world = world();
    with_codes(&world, 20);
    let mut li = signer(&mut world, "LI", 5);
    let grant = leased(&world, &li, 1, 20);
    let given = issue(&mut world, &mut li, &grant, 3, "M1");
    let edit = Edit::CouponVoided { grant: grant.request, turn: grant.codes[3].turn };
    let (void, again) = (world.edit(&li.phone, "M1", NOW, edit.clone()), world.edit(&li.phone, "M1", NOW, edit));
    assert_eq!(push(&world, &mut li, &[&given, &void, &again]), [Outcome::Applied, Outcome::Applied, refusal(CouponRefusal::Voided)]);
    let line = line(&world);
    assert_eq!((line.codes.void, line.codes.leased, line.budget.out_fen), (1, 19, 95_000));
    // What was wasted is made up for.
    assert_eq!(altered(&world, json!({})).unwrap().codes.free, 1);
}

#[test]
fn codes_come_back_by_a_signed_surrender_and_the_old_ones_are_dead() {
    let mut world = world();
    with_codes(&world, 40);
    let (mut li, chen) = (signer(&mut world, "LI", 5), signer(&mut world, "CHEN", 6));
    let grant = leased(&world, &li, 1, 40);
    let given = issue(&mut world, &mut li, &grant, 0, "M1");
    let back = surrender(&mut world, &li, &grant, 1..40);
    assert_eq!(push(&world, &mut li, &[&given, &back]), [Outcome::Applied, Outcome::Applied]);
    let codes = line(&world).codes;
    assert_eq!((codes.free, codes.issued, codes.leased, codes.minted), (39, 1, 0, 40));
    let hers = opened(&chen, &ask(&world, &chen, mark(7), 9, 40, NOW), mark(7));
    let old: BTreeSet<_> = grant.codes.iter().map(|code| code.code.plain()).collect();
    assert_eq!(hers.codes.len(), 39);
    assert!(hers.codes.iter().all(|code| !old.contains(&code.code.plain())));
    // A copy of the phone gives out one that came back, and gives back one that was given out.
    let late = issue(&mut world, &mut li, &grant, 5, "M1");
    let given_back = surrender(&mut world, &li, &grant, 0..1);
    let outcomes = push(&world, &mut li, &[&late, &given_back]);
    assert_eq!(outcomes, [refusal(CouponRefusal::Surrendered), refusal(CouponRefusal::Surrendered)]);
    assert_eq!(kinds(&world), ["given_after_surrender", "surrendered_but_given"]);
    assert_eq!(ask(&world, &li, mark(1), 1, 40, NOW).grants[0].text, signed_text(&grant));
}

fn signed_text(grant: &Grant) -> String {
    serde_json::to_string(grant).unwrap()
}

#[test]
fn nothing_is_reclaimed_at_the_leases_end_and_all_after_the_coupons_own() {
    let mut world = world();
    with_codes(&world, 40);
    let mut li = signer(&mut world, "LI", 5);
    let grant = leased(&world, &li, 1, 40);
    let given = issue(&mut world, &mut li, &grant, 0, "M1");
    assert_eq!(push(&world, &mut li, &[&given]), [Outcome::Applied]);
    for now_ms in [grant.lease_until_ms + 1, grant.expires_ms, grant.expires_ms + reclaim::GRACE_MS] {
        assert_eq!(reclaim::reclaim(&world.db, &secret(), now_ms).unwrap(), 0);
    }
    assert_eq!(reclaim::reclaim(&world.db, &secret(), grant.expires_ms + reclaim::GRACE_MS + 1).unwrap(), 40);
    let line = line(&world);
    assert_eq!((line.codes.free, line.codes.minted, line.budget.out_fen), (40, 40, 0));
    let late = issue(&mut world, &mut li, &grant, 1, "M1");
    assert_eq!(push(&world, &mut li, &[&late]), [refusal(CouponRefusal::Expired)]);
}

#[test]
fn two_keys_live_at_a_time_and_what_the_first_signed_stays_good() {
    let mut world = world();
    with_codes(&world, 40);
    let li = signer(&mut world, "LI", 5);
    let before = ask(&world, &li, mark(1), 1, 5, NOW);
    let later = NOW + 90 * DAY;
    assert!(keys::list(&world.db, &world.tenant, later).unwrap()[0].due);
    assert_eq!(keys::rotate(&world.db, &secret(), &world.tenant, &root(), &chance(3), later).unwrap(), 1);
    let other = SigningKey::from_bytes(&[8; 32]);
    assert_eq!(keys::rotate(&world.db, &secret(), &world.tenant, &other, &chance(4), later).unwrap_err().code(), ErrorCode::Invalid);
    let after = ask(&world, &li, mark(1), 2, 5, later);
    let list = trust(&after);
    assert_eq!((list.number, list.keys.len()), (2, 2));
    let holds = |grant: &SignedGrant| grant.verify(&list, li.phone.who.device, mark(1), later).is_ok();
    assert!(holds(&before.grants[0]) && holds(&after.grants[0]));
    assert_eq!((before.grants[0].kid, after.grants[0].kid), (0, 1));
    let known = granting::answer(
        &world.db,
        &secret(),
        &li.phone.who,
        &CouponAskRecord { asks: vec![], mark: mark(1), trust: 2, rootless: true },
        later,
    );
    let known = known.unwrap();
    assert_eq!((known.trust, known.root), (None, Some(PublicKey::of(&root()))));
    assert_eq!((after.root, before.root), (None, None));
    assert_eq!(keys::init(&world.db, &secret(), &world.tenant, &root(), &chance(2), NOW).unwrap_err().code(), ErrorCode::Conflict);
    let _ = DeviceId::HQ;
}

mod restored;
