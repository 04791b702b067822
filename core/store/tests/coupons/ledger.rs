//! The phone's own list: what became of each coupon.

use guidebook_domain::coupon::CouponRefusal;
use guidebook_domain::{Edit, MemberId, OperationId, Outcome, Refusal};
use guidebook_store::StoreError;
use guidebook_store::coupons::CouponState;
use guidebook_wire::{ChangeRecord, MemberCouponRecord, MemberCouponState, OutcomeRecord, ReceiptRecord};

use crate::counter::*;

fn state(counter: &Counter, id: OperationId) -> CouponState {
    counter.store.coupon(id, counter.wall_ms).unwrap().state
}

fn refused(counter: &mut Counter, hq: &Hq, op: OperationId, refusal: CouponRefusal) {
    let mut answer = counter.an_answer(hq);
    answer.receipts = vec![ReceiptRecord { op, outcome: OutcomeRecord::Known(Outcome::Refused(Refusal::Coupon(refusal))), position: 0 }];
    counter.store.absorb(answer, counter.wall_ms).unwrap();
}

#[test]
fn a_coupon_is_taken_back_only_before_it_is_handed_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    let (one, two) = (counter.issue("M1").unwrap(), counter.issue("M2").unwrap());
    counter.store.hand_over_coupon(one.id).unwrap();
    assert!(matches!(counter.store.void_coupon(one.id, counter.moment()), Err(StoreError::NotUndoable)));
    counter.store.void_coupon(two.id, counter.moment()).unwrap();
    assert!(matches!(counter.store.void_coupon(two.id, counter.moment()), Err(StoreError::NotUndoable)));
    assert_eq!([state(&counter, one.id), state(&counter, two.id)], [CouponState::HandedOver, CouponState::Void]);
    let pushed = counter.store.next_push().unwrap();
    let Edit::CouponVoided { grant, turn } = &pushed[2].edit else { panic!("{:?}", pushed[2]) };
    assert_eq!((*grant, *turn, pushed[2].member.as_ref()), (two.event.grant, two.event.turn, Some(&two.event.member)));
    assert_eq!(counter.left(), 8, "its code is used up");
    counter.killed();
    assert_eq!([state(&counter, one.id), state(&counter, two.id)], [CouponState::HandedOver, CouponState::Void]);
    let newest_first: Vec<OperationId> = counter.store.coupons(0, 50, NOW).unwrap().iter().map(|coupon| coupon.id).collect();
    assert_eq!(newest_first, [two.id, one.id]);
}

#[test]
fn a_coupon_of_a_member_who_was_handed_away_is_told_again_to_a_server_that_forgot_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    let (kept, back) = (counter.issue("M1").unwrap(), counter.issue("M1").unwrap());
    let voided = counter.store.void_coupon(back.id, counter.moment()).unwrap();
    let note = counter.store.edit(&id("M1"), Edit::Note { text: "x".into() }, counter.moment()).unwrap();
    counter.sync(&mut hq);
    counter.tell(&mut hq, vec![ChangeRecord::MemberGone { id: id("M1"), became: None }]);
    assert!(counter.store.operation(note).is_err(), "a note goes with its member");
    let restored = guidebook_wire::RoundAnswerRecord {
        epoch: Some(uuid::Uuid::from_bytes([8; 16])),
        forgotten_since_ms: Some(0),
        compare: true,
        ..counter.an_answer(&hq)
    };
    counter.store.absorb(restored, counter.wall_ms).unwrap();
    let again: Vec<OperationId> = counter.store.next_push().unwrap().iter().map(|operation| operation.id).collect();
    assert_eq!(again, [kept.id, back.id, voided]);
}

#[test]
fn what_the_server_says_of_a_coupon_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    let coupon = counter.issue("M1").unwrap();
    counter.sync(&mut hq);
    let mut record = a_member("M1");
    record.set_coupons(&[MemberCouponRecord {
        grant: coupon.event.grant,
        turn: coupon.event.turn,
        campaign: campaign_id(),
        value: VALUE,
        issued_ms: NOW,
        expires_ms: coupon.event.expires_ms,
        state: MemberCouponState::Redeemed,
    }]);
    hq.feed += 1;
    let answer = guidebook_wire::RoundAnswerRecord { changes: vec![ChangeRecord::Member(Box::new(record))], ..counter.an_answer(&hq) };
    assert!(counter.store.absorb(answer, NOW).unwrap().coupons, "screens are told");
    assert_eq!(state(&counter, coupon.id), CouponState::Redeemed);
    let other = counter.issue("M2").unwrap();
    counter.wall_ms = other.event.expires_ms;
    assert_eq!(state(&counter, other.id), CouponState::Expired);
}

#[test]
fn a_refusal_shows_with_its_reason_and_a_refused_void_leaves_the_coupon_standing() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    let (one, two) = (counter.issue("M1").unwrap(), counter.issue("M2").unwrap());
    refused(&mut counter, &hq, one.id, CouponRefusal::GivenTwice);
    let CouponState::Refused(fate) = state(&counter, one.id) else { panic!("not refused") };
    assert!(format!("{fate:?}").contains("GivenTwice"));
    assert_eq!(counter.store.open_operations().unwrap().1, 1, "it waits for a person");
    let void = counter.store.void_coupon(two.id, counter.moment()).unwrap();
    assert_eq!(state(&counter, two.id), CouponState::Void);
    refused(&mut counter, &hq, void, CouponRefusal::Reserved);
    assert_eq!(state(&counter, two.id), CouponState::Issued);
    let of_her: Vec<OperationId> = counter.store.coupons_of(&id("M2"), NOW).unwrap().iter().map(|coupon| coupon.id).collect();
    assert_eq!(of_her, [two.id]);
    assert!(counter.store.coupons_of(&MemberId::new("M9").unwrap(), NOW).unwrap().is_empty());
}
