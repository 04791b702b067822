//! Files that are put back, copied, or opened twice; marks that fail, are lost, or are another phone's.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use guidebook_domain::coupon::{Campaign, CampaignState, IssueProblem};
use guidebook_store::StoreError;
use guidebook_wire::ChangeRecord;

use crate::counter::*;

#[test]
fn a_file_that_is_put_back_gives_no_code_out_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    let copy = folder.path().join("copy.db");
    counter.issue("M1").unwrap();
    counter.copy(&copy);
    for member in ["M2", "M3", "M4"] {
        counter.issue(member).unwrap();
    }
    counter.put_back(&copy);
    // `issue` fails the test if it shows a code that was shown before.
    assert_eq!(counter.left(), 6, "what was given out since the copy is known to be out");
    while counter.issue("M5").is_ok() {}
    assert_eq!(counter.shown.len(), 10);
    counter.sync(&mut hq);
    for _ in 0..5 {
        counter.issue("M6").unwrap();
    }
    counter.sync(&mut hq);
}

#[test]
fn a_file_put_back_from_before_the_answer_asks_again_and_filters_what_comes() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::enrolled(folder.path(), &hq);
    let asked = counter.ask().unwrap();
    let copy = folder.path().join("copy.db");
    counter.copy(&copy);
    counter.sync(&mut hq);
    for _ in 0..4 {
        counter.issue("M1").unwrap();
    }
    counter.put_back(&copy);
    assert_eq!(counter.ask().unwrap().asks, asked.asks, "the request is what it was");
    counter.sync(&mut hq);
    assert_eq!(counter.left(), 6, "the same grant, less what is out");
    while counter.issue("M5").is_ok() {}
    assert_eq!(counter.shown.len(), 10);
}

#[test]
fn a_copy_with_another_vault_gives_out_nothing_of_the_first_phones() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    let elsewhere = folder.path().join("elsewhere.db");
    counter.copy(&elsewhere);
    let mut clone = Counter { path: elsewhere.clone(), vault: Arc::default(), store: open(&elsewhere), wall_ms: NOW, shown: Vec::new() };
    clone.store.keep_marks_in(clone.vault.clone());
    assert_eq!(clone.left(), 0);
    assert_eq!(problem(clone.issue("M1")), IssueProblem::NoCodeLeft);
    let (ask, mine) = (clone.ask().unwrap(), counter.vault.marks.lock().unwrap().clone());
    assert!(!mine.contains_key(&ask.mark.to_string().replace('-', "")), "a mark of its own");
    clone.sync(&mut hq);
    clone.shown.clone_from(&counter.shown);
    for member in ["M1", "M2", "M3"] {
        counter.issue(member).unwrap();
        clone.shown.extend(counter.shown.last().cloned());
        clone.issue(member).unwrap();
    }
}

#[test]
fn marks_that_were_lost_or_never_there_make_the_codes_useless() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    counter.issue("M1").unwrap();
    counter.vault.marks.lock().unwrap().clear();
    counter.killed();
    assert_eq!(problem(counter.issue("M2")), IssueProblem::NoCodeLeft);
    counter.sync(&mut hq);
    counter.issue("M2").unwrap();
    // A shell that lends no place for marks.
    std::mem::forget(std::mem::replace(&mut counter.store, open(&counter.path)));
    assert!(matches!(counter.issue("M3"), Err(StoreError::NoMarks)));
    assert!(counter.ask().is_none());
}

#[test]
fn a_request_under_lost_marks_is_not_said_again_though_its_campaign_is_paused() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::enrolled(folder.path(), &hq);
    let asked = counter.ask().unwrap();
    let paused = Campaign { version: 2, state: CampaignState::Paused, ..a_campaign() };
    counter.tell(&mut hq, vec![ChangeRecord::Campaign(Box::new(paused))]);
    assert_eq!(counter.ask().unwrap().asks, asked.asks, "its answer may be on its way");
    counter.vault.marks.lock().unwrap().clear();
    counter.killed();
    assert_eq!(counter.ask(), None, "what it brings would be another's");
    let running = Campaign { version: 3, ..a_campaign() };
    counter.tell(&mut hq, vec![ChangeRecord::Campaign(Box::new(running))]);
    assert_ne!(counter.ask().unwrap().asks[0].request, asked.asks[0].request);
}

#[test]
fn marks_that_cannot_be_reached_cost_nothing_and_stop_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    counter.issue("M1").unwrap();
    counter.vault.broken.store(true, Ordering::SeqCst);
    assert!(matches!(counter.issue("M2"), Err(StoreError::NoMarks)));
    assert_eq!(counter.store.coupons(0, 50, NOW).unwrap().len(), 1);
    counter.sync(&mut hq);
    assert_eq!(counter.store.open_operations().unwrap(), (0, 0), "edits are sent all the same");
    counter.vault.broken.store(false, Ordering::SeqCst);
    assert_eq!(counter.left(), 9);
    counter.issue("M2").unwrap();
}

#[test]
fn two_processes_over_one_book_never_take_the_same_turn() {
    let folder = tempfile::tempdir().unwrap();
    let mut hq = Hq::new(a_campaign());
    let mut counter = Counter::with_codes(folder.path(), &mut hq);
    let mut second =
        Counter { path: counter.path.clone(), vault: counter.vault.clone(), store: open(&counter.path), wall_ms: NOW, shown: Vec::new() };
    second.store.keep_marks_in(second.vault.clone());
    // Both have read the marks before either gives out.
    assert_eq!((counter.left(), second.left()), (10, 10));
    for _ in 0..5 {
        counter.issue("M1").unwrap();
        second.shown.clone_from(&counter.shown);
        second.issue("M2").unwrap();
        counter.shown.clone_from(&second.shown);
    }
    assert_eq!(problem(counter.issue("M3")), IssueProblem::NoCodeLeft);
    assert_eq!(counter.shown.len(), 10);
}
