//! Stopped at every step: what was shown is kept, what was not shown is given to nobody else, and nothing is said twice.

use guidebook_store::failpoint;

use crate::counter::*;

#[test]
fn an_issue_stopped_at_any_step_gives_no_code_twice() {
    let mut stopped = 0;
    for step in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let mut hq = Hq::new(a_campaign());
        let mut counter = Counter::with_codes(folder.path(), &mut hq);
        counter.issue("M1").unwrap();
        failpoint::arm(Some(step));
        let issued = counter.issue("M2");
        failpoint::arm(None);
        let Err(error) = issued else { break };
        stopped += 1;
        counter.killed();
        let kept = counter.store.coupons(0, 50, NOW).unwrap();
        // Only behind the commit is there a coupon that was not shown: it is in her list, and the guide can show it.
        let committed = error.to_string().contains("after_commit");
        assert_eq!(kept.len(), 1 + usize::from(committed), "{error}");
        counter.shown.extend(kept.iter().map(|coupon| coupon.code.plain()).filter(|code| *code != counter.shown[0]).collect::<Vec<_>>());
        let moved = !error.to_string().contains("before_mark");
        assert_eq!(counter.left(), if moved { 8 } else { 9 }, "{error}");
        while counter.issue("M3").is_ok() {}
        counter.sync(&mut hq);
        let lost = usize::from(moved && !committed);
        assert_eq!(hq.given.len(), 10 - lost, "{error}");
        let turns: std::collections::BTreeSet<u64> = hq.events.iter().map(|event| event.turn).collect();
        assert_eq!(turns.len(), 10 - lost, "{error}");
    }
    assert_eq!(stopped, 4, "before the mark, behind it, before the commit, behind it");
}

#[test]
fn a_surrender_stopped_at_any_step_gives_back_nothing_that_is_given_out_later() {
    let mut stopped = 0;
    for step in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let mut hq = Hq::new(a_campaign());
        let mut counter = Counter::with_codes(folder.path(), &mut hq);
        counter.issue("M1").unwrap();
        counter.wall_ms = NOW + 72 * HOUR;
        hq.lease_until_ms = NOW + 144 * HOUR;
        failpoint::arm(Some(step));
        let settled = counter.store.settle_coupons(counter.wall_ms, &mut || Ok([7; 10]));
        failpoint::arm(None);
        let Err(error) = settled else { break };
        stopped += 1;
        counter.killed();
        counter.sync(&mut hq);
        counter.sync(&mut hq);
        let moved_only = error.to_string().contains("after_mark") || error.to_string().contains("edit.before_commit");
        assert_eq!(hq.surrendered.len(), if moved_only { 0 } else { 9 }, "{error}");
        while counter.issue("M3").is_ok() {}
        counter.sync(&mut hq);
        assert_eq!(hq.given.len(), 11, "{error}");
    }
    assert_eq!(stopped, 4);
}

#[test]
fn a_void_or_a_handing_over_stopped_at_any_step_is_done_or_not_done() {
    for step in 0..2 {
        let folder = tempfile::tempdir().unwrap();
        let mut hq = Hq::new(a_campaign());
        let mut counter = Counter::with_codes(folder.path(), &mut hq);
        let (one, two) = (counter.issue("M1").unwrap().id, counter.issue("M2").unwrap().id);
        failpoint::arm(Some(step));
        assert!(counter.store.void_coupon(one, counter.moment()).is_err());
        failpoint::arm(Some(step));
        assert!(counter.store.hand_over_coupon(two).is_err());
        failpoint::arm(None);
        counter.killed();
        use guidebook_store::coupons::CouponState;
        let state = |id| counter.store.coupon(id, NOW).unwrap().state;
        let expected = if step == 0 { [CouponState::Issued, CouponState::Issued] } else { [CouponState::Void, CouponState::HandedOver] };
        assert_eq!([state(one), state(two)], expected);
        assert_eq!(counter.store.open_operations().unwrap().0, 2 + u64::from(step));
    }
}
