//! Giving out: durable, sealed, signed, by the rules.

use guidebook_domain::coupon::signed::Hash;
use guidebook_domain::coupon::{CampaignState, IssueProblem, Validity};
use guidebook_domain::{BrandId, Edit, GrantId};
use guidebook_store::StoreError;
use guidebook_store::coupons::CouponState;
use guidebook_store::search::{Query, Sort};
use guidebook_wire::{ChangeRecord, MemberCouponRecord, MemberCouponState};
use uuid::Uuid;

use crate::counter::*;

#[test]
fn a_coupon_is_there_after_a_kill_and_its_edit_waits() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    assert_eq!(counter.left(), 10);
    let coupon = counter.issue("M1").unwrap();
    counter.killed();
    let kept = counter.store.coupon(coupon.id, NOW).unwrap();
    assert_eq!((kept.code, kept.voucher, kept.state), (coupon.code, coupon.voucher, CouponState::Issued));
    assert_eq!(counter.store.next_push().unwrap()[0].id, coupon.id);
    assert_eq!(counter.left(), 9);
    counter.issue("M1").unwrap();
    counter.sync(&mut hq);
    assert_eq!((hq.given.len(), counter.store.open_operations().unwrap()), (2, (0, 0)));
}

#[test]
fn a_coupon_brings_its_member_to_the_top_of_the_list_as_a_start_does() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    let list = |counter: &Counter| {
        let everyone = Query { text: String::new(), tags: None, birthday: None, due_by: None, sort: Sort::Recent, offset: 0, limit: 9 };
        counter.store.search(&everyone).ids
    };
    counter.issue("M3").unwrap();
    counter.wall_ms += 2_000;
    let taken_back = counter.issue("M5").unwrap().id;
    // The clock is set back by less than would stop it: where she stands is what the file says.
    counter.wall_ms -= 1_000;
    counter.issue("M3").unwrap();
    counter.store.void_coupon(taken_back, counter.moment()).unwrap();
    let seen = list(&counter);
    assert_eq!(seen[..3], [id("M3"), id("M5"), id("M1")]);
    counter.killed();
    assert_eq!(list(&counter), seen);
}

#[test]
fn events_are_signed_and_form_a_chain_also_over_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    for n in 0..4 {
        counter.issue("M2").unwrap();
        if n == 1 {
            counter.killed();
        }
    }
    counter.sync(&mut hq);
    let (mut sequence, mut hash) = (0, Hash([0; 32]));
    for event in &hq.events {
        assert!(event.follows(sequence, hash), "event {}", event.sequence);
        (sequence, hash) = (event.sequence, event.hash());
    }
    assert_eq!(sequence, 4);
    assert_eq!((hq.events[0].campaign_version, hq.events[0].at_ms, hq.events[0].value), (1, NOW, VALUE));
}

#[test]
fn nothing_of_a_code_lies_in_the_file_in_the_clear_nor_in_an_edit() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    let coupon = counter.issue("M1").unwrap();
    let pushed = serde_json::to_string(&counter.store.next_push().unwrap()).unwrap();
    assert!(!pushed.contains(&coupon.code.plain()) && !pushed.contains(&coupon.voucher.0));
    assert!(!format!("{coupon:?}").contains(&coupon.code.plain()) && !format!("{coupon:?}").contains(&coupon.voucher.0));
    counter.killed();
    for file in ["book.db", "book.db-wal"] {
        let bytes = std::fs::read(folder.path().join(file)).unwrap_or_default();
        for text in [coupon.code.plain(), coupon.code.grouped(), coupon.voucher.0.clone(), "双11满减".into()] {
            assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{file}");
        }
    }
}

#[test]
fn the_rules_of_the_campaign_hold_with_their_reasons_and_cost_no_code() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    let mut change = |counter: &mut Counter, change: fn(&mut guidebook_domain::coupon::Campaign)| {
        let mut campaign = a_campaign();
        change(&mut campaign);
        counter.tell(&mut hq, vec![ChangeRecord::Campaign(Box::new(campaign))]);
        let before = counter.vault.marks.lock().unwrap().clone();
        let said = counter.store.check_coupon(&id("M1"), &campaign_id(), VALUE, NOW).unwrap();
        let issued = problem(counter.issue("M1"));
        assert_eq!(Some(&issued), said.as_ref());
        assert_eq!(*counter.vault.marks.lock().unwrap(), before, "{issued}");
        issued
    };
    assert_eq!(change(&mut counter, |c| c.state = CampaignState::Paused), IssueProblem::Paused);
    assert_eq!(change(&mut counter, |c| c.state = CampaignState::Ended), IssueProblem::Over);
    let from = "2027-02-01".parse().unwrap();
    assert_eq!(
        change(&mut counter, |c| c.validity = Validity::Fixed { from: "2027-02-01".parse().unwrap(), to: "2027-02-09".parse().unwrap() }),
        IssueProblem::NotYet { from }
    );
    assert_eq!(change(&mut counter, |c| c.brands = [BrandId::new("B1").unwrap()].into()), IssueProblem::NoMembership);
    counter.tell(&mut hq, vec![ChangeRecord::Campaign(Box::new(a_campaign()))]);
    assert_eq!(counter.store.check_coupon(&id("M1"), &campaign_id(), VALUE, NOW).unwrap(), None);
    assert_eq!(problem(counter.store.issue_coupon(&id("M1"), &campaign_id(), 77, counter.moment())), IssueProblem::NoSuchValue);
    assert!(matches!(counter.store.issue_coupon(&id("M99"), &campaign_id(), VALUE, counter.moment()), Err(StoreError::NotFound)));
    counter.issue("M1").unwrap();
}

#[test]
fn a_members_limit_counts_each_coupon_once_and_none_that_was_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(guidebook_domain::coupon::Campaign { per_member: Some(2), ..a_campaign() });
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    let own = counter.issue("M1").unwrap();
    // A colleague has given her one, and the server tells of both.
    let told = |grant, turn, state| MemberCouponRecord {
        grant,
        turn,
        campaign: campaign_id(),
        value: VALUE,
        issued_ms: NOW,
        expires_ms: NOW + 24 * HOUR,
        state,
    };
    let other = GrantId::from_uuid(Uuid::from_u128(77));
    let mut record = a_member("M1");
    record.set_coupons(&[told(own.event.grant, own.event.turn, MemberCouponState::Issued), told(other, 1, MemberCouponState::Redeemed)]);
    counter.sync(&mut hq);
    counter.tell(&mut hq, vec![ChangeRecord::Member(Box::new(record.clone()))]);
    assert_eq!(problem(counter.issue("M1")), IssueProblem::MemberLimit { limit: 2 });
    counter.issue("M2").unwrap();
    counter.store.void_coupon(own.id, counter.moment()).unwrap();
    let second = counter.issue("M1").unwrap();
    assert_eq!(problem(counter.issue("M1")), IssueProblem::MemberLimit { limit: 2 });
    // The server does not take the second: it does not count.
    record.set_coupons(&[told(own.event.grant, own.event.turn, MemberCouponState::Void), told(other, 1, MemberCouponState::Redeemed)]);
    let mut answer = counter.an_answer(&hq);
    let outcome = guidebook_wire::OutcomeRecord::Known(guidebook_domain::Outcome::Refused(guidebook_domain::Refusal::Coupon(
        guidebook_domain::coupon::CouponRefusal::NotLeased,
    )));
    answer.receipts = vec![guidebook_wire::ReceiptRecord { op: second.id, outcome, position: 0 }];
    counter.store.absorb(answer, NOW).unwrap();
    counter.tell(&mut hq, vec![ChangeRecord::Member(Box::new(record))]);
    counter.issue("M1").unwrap();
}

#[test]
fn a_clock_set_back_stops_until_a_contact_and_one_set_forward_ends_the_lease() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    counter.wall_ms = NOW - 4 * 60_000;
    counter.issue("M1").unwrap();
    counter.wall_ms = NOW - 6 * 60_000;
    assert_eq!(problem(counter.issue("M1")), IssueProblem::ClockSetBack);
    counter.wall_ms = NOW;
    assert_eq!(problem(counter.issue("M1")), IssueProblem::ClockSetBack, "set right again");
    counter.killed();
    assert_eq!(problem(counter.issue("M1")), IssueProblem::ClockSetBack, "after a start");
    counter.sync(&mut hq);
    counter.issue("M1").unwrap();
    counter.wall_ms = NOW + 72 * HOUR;
    assert_eq!(problem(counter.issue("M1")), IssueProblem::LeaseOver);
    counter.wall_ms = NOW;
    assert_eq!(problem(counter.issue("M1")), IssueProblem::ClockSetBack, "the time that was seen is not taken back");
}

#[test]
fn a_coupon_cannot_be_undone_or_made_again_as_if_it_were_an_edit() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    let coupon = counter.issue("M1").unwrap();
    assert!(matches!(counter.store.undo(coupon.id, counter.moment()), Err(StoreError::NotUndoable)));
    assert!(matches!(counter.store.apply_again(coupon.id, counter.moment()), Err(StoreError::NotUndoable)));
    let pushed = counter.store.next_push().unwrap();
    assert_eq!(pushed.iter().filter(|operation| matches!(operation.edit, Edit::CouponIssued { .. })).count(), 1);
}
