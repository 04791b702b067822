//! Asking for codes, and which of what comes is taken.

use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::coupon::{CampaignState, Face, GrantedCode};
use guidebook_domain::{DeviceId, GrantId};
use guidebook_wire::coupon::DeniedReason;
use guidebook_wire::{ChangeRecord, CouponAnswerRecord, DeniedRecord, RoundAnswerRecord};
use uuid::Uuid;

use crate::counter::*;

fn absorb(counter: &mut Counter, hq: &Hq, coupons: CouponAnswerRecord) {
    let answer = RoundAnswerRecord { coupons: Some(coupons), ..counter.an_answer(hq) };
    counter.store.absorb(answer, counter.wall_ms).unwrap();
}

#[test]
fn more_is_asked_for_at_three_tenths_and_a_request_keeps_its_id_until_it_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    for _ in 0..6 {
        counter.issue("M1").unwrap();
        assert_eq!(counter.ask(), None);
    }
    counter.issue("M1").unwrap();
    let ask = counter.ask().unwrap();
    assert_eq!((ask.asks.len(), ask.trust), (1, 3));
    assert_eq!(ask.asks[0].request.uuid().get_version_num(), 7);
    // The answer is lost, the phone is killed.
    counter.coupons(&mut hq);
    counter.killed();
    assert_eq!(counter.ask().unwrap(), ask);
    counter.sync(&mut hq);
    assert_eq!((counter.left(), counter.ask()), (13, None));
}

#[test]
fn a_phone_that_enrolled_before_there_were_keys_learns_the_root_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::without_root(folder.path(), &hq);
    assert!(counter.ask().unwrap().rootless);
    // A server that does not tell it gives nothing that could be believed.
    let told = counter.coupons(&mut hq);
    absorb(&mut counter, &hq, CouponAnswerRecord { root: None, ..told.clone() });
    assert_eq!(counter.left(), 0);
    counter.killed();
    absorb(&mut counter, &hq, told);
    assert_eq!(counter.left(), 10);
    // What it knows it keeps, also after a start.
    counter.killed();
    let stranger = ed25519_dalek::SigningKey::from_bytes(&[8; 32]);
    let other = CouponAnswerRecord {
        trust: Some(trust(9, &stranger).sign(&stranger)),
        root: Some(PublicKey::of(&stranger)),
        ..CouponAnswerRecord::default()
    };
    absorb(&mut counter, &hq, other);
    for _ in 0..7 {
        counter.issue("M1").unwrap();
    }
    let ask = counter.ask().unwrap();
    assert_eq!((ask.rootless, ask.trust), (false, 3));
}

#[test]
fn a_grant_that_comes_twice_is_taken_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::enrolled(folder.path(), &hq);
    let coupons = counter.coupons(&mut hq);
    absorb(&mut counter, &hq, coupons.clone());
    counter.issue("M1").unwrap();
    absorb(&mut counter, &hq, coupons);
    assert_eq!(counter.left(), 9);
    while counter.issue("M2").is_ok() {}
    assert_eq!(counter.shown.len(), 10);
}

#[test]
fn only_what_headquarters_has_signed_for_this_phone_and_mark_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::enrolled(folder.path(), &hq);
    let ask = counter.ask().unwrap();
    let good = counter.coupons(&mut hq);
    let grant = good.grants[0].verify(&trust(3, &hq_key()), device(), ask.mark, NOW).unwrap();
    let stranger = ed25519_dalek::SigningKey::from_bytes(&[8; 32]);
    let mut altered = good.grants[0].clone();
    altered.text = altered.text.replace("\"value\":5000", "\"value\":9000");
    let bad = [
        grant.sign(1, &stranger),
        grant.sign(2, &hq_key()),
        altered,
        guidebook_domain::coupon::Grant { device: DeviceId::from_uuid(Uuid::from_u128(4)), ..grant.clone() }.sign(1, &hq_key()),
        guidebook_domain::coupon::Grant { mark: guidebook_domain::MarkId::from_uuid(Uuid::from_u128(4)), ..grant.clone() }
            .sign(1, &hq_key()),
    ];
    for grant in bad {
        absorb(&mut counter, &hq, CouponAnswerRecord { grants: vec![grant], ..good.clone() });
        assert_eq!(counter.left(), 0);
        assert_eq!(counter.ask().unwrap().asks, ask.asks, "it was no answer");
    }
    absorb(&mut counter, &hq, good);
    assert_eq!(counter.left(), 10);
}

#[test]
fn a_trust_list_of_another_root_or_an_older_one_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::enrolled(folder.path(), &hq);
    let stranger = ed25519_dalek::SigningKey::from_bytes(&[8; 32]);
    let good = counter.coupons(&mut hq);
    let forged = CouponAnswerRecord { trust: Some(trust(9, &stranger).sign(&stranger)), ..good.clone() };
    absorb(&mut counter, &hq, forged);
    assert_eq!((counter.left(), counter.ask().unwrap().trust), (0, 0));
    absorb(&mut counter, &hq, CouponAnswerRecord { grants: Vec::new(), ..good.clone() });
    // One that headquarters has withdrawn since, with a key that signs for a stranger.
    let older = CouponAnswerRecord { trust: Some(trust(2, &stranger).sign(&root_key())), ..CouponAnswerRecord::default() };
    absorb(&mut counter, &hq, older);
    assert_eq!(counter.ask().unwrap().trust, 3);
    absorb(&mut counter, &hq, CouponAnswerRecord { trust: None, ..good });
    assert_eq!(counter.left(), 10);
    assert_eq!(PublicKey::of(&hq_key()), trust(3, &hq_key()).keys[0].public);
}

#[test]
fn what_is_denied_is_asked_for_again_after_a_while_or_when_the_campaign_changes() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::enrolled(folder.path(), &hq);
    let ask = counter.ask().unwrap();
    let request = ask.asks[0].request;
    let denied = vec![DeniedRecord { request, reason: DeniedReason::BudgetSpent }];
    absorb(&mut counter, &hq, CouponAnswerRecord { denied, ..Default::default() });
    assert_eq!(counter.ask(), None);
    counter.tell(&mut hq, vec![ChangeRecord::Campaign(Box::new(a_campaign()))]);
    let again = counter.ask().unwrap().asks[0].request;
    assert!(again != request && again != GrantId::from_uuid(Uuid::nil()));
}

#[test]
fn nothing_is_asked_for_of_campaigns_that_are_closed_or_for_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::enrolled(folder.path(), &hq);
    let mut campaign = a_campaign();
    campaign.state = CampaignState::Paused;
    counter.tell(&mut hq, vec![ChangeRecord::Campaign(Box::new(campaign))]);
    assert_eq!(counter.ask(), None);
    let mut campaign = a_campaign();
    campaign.issuers.guides = [guidebook_domain::GuideId::new("G2").unwrap()].into();
    counter.tell(&mut hq, vec![ChangeRecord::Campaign(Box::new(campaign))]);
    assert_eq!(counter.ask(), None);
}

#[test]
fn a_range_is_asked_for_value_by_value_so_that_the_money_of_a_lease_reaches_for_all() {
    let folder = tempfile::tempdir().unwrap();
    let mut campaign = a_campaign();
    campaign.face = Face::Range { least_fen: 10_000, most_fen: 30_000, step_fen: 10_000 };
    let mut hq = Hq::new(campaign);
    let mut counter = Counter::enrolled(folder.path(), &hq);
    let asks = counter.ask().unwrap().asks;
    // ¥2,000 are three times ¥100 + ¥200 + ¥300, and some.
    let mut wanted: Vec<(u32, u16)> = asks.iter().map(|ask| (ask.value, ask.wanted)).collect();
    wanted.sort_unstable();
    assert_eq!(wanted, [(10_000, 3), (20_000, 3), (30_000, 3)]);
    counter.sync(&mut hq);
    // Each value has turns and a mark of its own: the dearest first does not pass the others by.
    let most = counter.store.issue_coupon(&id("M1"), &campaign_id(), 30_000, counter.moment()).unwrap();
    assert_eq!(counter.store.coupon(most, NOW).unwrap().event.turn, 1);
    assert_eq!(counter.left(), 8);
    let GrantedCode { turn, .. } = a_code(10_000, 1);
    let least = counter.store.issue_coupon(&id("M1"), &campaign_id(), 10_000, counter.moment()).unwrap();
    assert_eq!(counter.store.coupon(least, NOW).unwrap().event.turn, turn);
}
