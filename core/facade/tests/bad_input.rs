//! Bad input for each public call, and the typed error that it gets; nothing is written by any of it.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use guidebook_core::request::{EnrolRequest, MemberField, RevealReason, WalkinRequest};
use guidebook_core::view::{BookState, CodeView};
use guidebook_core::{Guidebook, GuidebookError, InvalidReason, Topic};
use shared::{FIRST, Vault, a_book, a_list, request, wait};
use uuid::Uuid;

mod shared;

fn invalid<T>(result: Result<T, GuidebookError>, field: &str, reason: InvalidReason) {
    let error = result.map(drop).expect_err(field);
    assert_eq!(error, GuidebookError::Invalid { field: field.into(), reason });
}

fn a_walkin() -> WalkinRequest {
    WalkinRequest {
        name: "赵敏".into(),
        phone: "13700002222".into(),
        gender: None,
        birthday: None,
        agrees_to_membership: true,
        agrees_to_marketing: false,
        agrees_to_brands: Vec::new(),
    }
}

#[test]
fn the_table_of_bad_input() {
    use InvalidReason as R;
    let folder = tempfile::tempdir().unwrap();
    let (book, _) = a_book(folder.path());
    book.unlock().unwrap();
    let m = || "M1".to_owned();
    let s = str::to_owned;
    invalid(book.list(a_list("a AND")), "tags", R::Malformed);
    invalid(book.member(s("张三")), "member", R::Malformed);
    assert_eq!(book.member(s("M9")).err(), Some(GuidebookError::NotFound));
    invalid(book.set_tag(m(), s("no tag"), true), "tag", R::Malformed);
    invalid(book.set_tag(m(), s("nowhere"), true), "tag", R::Unknown);
    invalid(book.set_tag(m(), s("value.t"), true), "tag", R::HqOnly);
    invalid(book.set_tag(m(), s("likes.t"), false), "tag", R::NoChange);
    assert_eq!(book.set_tag(s("M9"), s("likes.t"), true).err(), Some(GuidebookError::NotFound));
    invalid(book.write_note(m(), s(" ")), "note", R::Empty);
    invalid(book.write_note(m(), "字".repeat(1001)), "note", R::TooLong { limit: 1000 });
    invalid(book.add_follow_up(m(), s("call"), s("2026-02-30")), "due", R::Malformed);
    invalid(book.add_follow_up(m(), s(""), s("2026-02-20")), "follow_up", R::Empty);
    invalid(book.set_follow_up_done(m(), s("x"), true), "follow_up", R::Malformed);
    invalid(book.set_follow_up_done(m(), Uuid::from_bytes([5; 16]).to_string(), true), "follow_up", R::Unknown);
    invalid(book.set_field(m(), MemberField::SizeRing, "x".repeat(21)), "size_ring", R::TooLong { limit: 20 });
    invalid(book.enrol_walk_in(WalkinRequest { name: s(""), ..a_walkin() }), "name", R::Empty);
    invalid(book.enrol_walk_in(WalkinRequest { phone: s("12"), ..a_walkin() }), "phone", R::Malformed);
    invalid(book.enrol_walk_in(WalkinRequest { birthday: Some(s("1990-02-30")), ..a_walkin() }), "birthday", R::Malformed);
    invalid(book.enrol_walk_in(WalkinRequest { agrees_to_membership: false, ..a_walkin() }), "membership", R::NoConsent);
    invalid(book.enrol_walk_in(WalkinRequest { agrees_to_brands: vec![s("B9")], ..a_walkin() }), "brand", R::Unknown);
    let known = book.enrol_walk_in(WalkinRequest { phone: s("+86 138 1234 5678"), ..a_walkin() });
    assert_eq!(known.err(), Some(GuidebookError::AlreadyMember { member: m() }));
    invalid(book.make_personal_tag(s(" ")), "name", R::Empty);
    invalid(book.make_personal_tag("字".repeat(31)), "name", R::TooLong { limit: 30 });
    invalid(book.make_personal_tag(s("糖尿病")), "name", R::Sensitive { topic: Topic::Health });
    invalid(book.rename_personal_tag(s("likes.t"), s("x")), "tag", R::Unknown);
    invalid(book.undo(s("x")), "edit", R::Malformed);
    assert_eq!(book.undo(Uuid::from_bytes([5; 16]).to_string()).err(), Some(GuidebookError::NotFound));
    invalid(book.edit_fate(s("")), "edit", R::Malformed);
    invalid(book.edit_history(Some(s("张三")), 0, 50), "member", R::Malformed);
    invalid(book.apply_again(s("x")), "edit", R::Malformed);
    assert_eq!(book.apply_again(Uuid::from_bytes([5; 16]).to_string()).err(), Some(GuidebookError::NotFound));
    invalid(book.reveal_phone(s("张三"), RevealReason::Call), "member", R::Malformed);
    assert_eq!(book.reveal_phone(s("M9"), RevealReason::Call).err(), Some(GuidebookError::NotFound));
    invalid(book.member_by_phone(s("1381234567")), "phone", R::Malformed);
    for text in [s(""), "x".repeat(10_000), s("https://"), s("guidebook://enrol?code=%"), s("\0")] {
        assert!(book.read_code(text) == Ok(CodeView::Unknown));
    }
    assert_eq!(book.sync_state().unwrap().waiting, 0, "bad input leaves nothing behind");
    let enrolled = book.enrol_walk_in(a_walkin()).unwrap();
    assert!(matches!(book.apply_again(enrolled.edit.clone()), Err(GuidebookError::AlreadyMember { member }) if member == enrolled.member));
    invalid(book.undo(enrolled.edit), "edit", R::NotUndoable);
}

#[test]
fn a_locked_or_missing_book_says_so_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let (book, vault) = a_book(folder.path());
    assert_eq!(book.state(), Ok(BookState::Locked));
    assert_eq!(book.list(a_list("")).err(), Some(GuidebookError::Locked));
    assert_eq!(book.write_note("M1".into(), "x".into()).err(), Some(GuidebookError::Locked));
    assert_eq!(book.reveal_phone("M1".into(), RevealReason::Other).err(), Some(GuidebookError::Locked));
    assert_eq!(book.member_by_phone("13812345678".into()).err(), Some(GuidebookError::Locked));
    assert_eq!(book.brands().err(), Some(GuidebookError::Locked));
    assert_eq!(wait(book.sync_now()).err(), Some(GuidebookError::Locked));
    vault.put(FIRST, Some(vec![2; 32]));
    assert_eq!(book.unlock(), Err(GuidebookError::WrongKey));
    vault.put(FIRST, Some(vec![2; 31]));
    assert_eq!(book.unlock(), Err(GuidebookError::WrongKey));
    *vault.broken.lock().unwrap() = true;
    assert_eq!(book.unlock(), Err(GuidebookError::StorageFault));
    *vault.broken.lock().unwrap() = false;
    vault.put(FIRST, None);
    assert_eq!((book.state(), book.unlock()), (Ok(BookState::Empty), Err(GuidebookError::SignedOut)));
}

#[test]
fn a_bad_enrolment_says_what_is_wrong_and_leaves_an_enrolled_book_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (book, _) = a_book(folder.path());
    let enrol = |server: &str| EnrolRequest { server: server.into(), code: "0123456789".into(), device_name: "x".into() };
    assert_eq!(wait(book.enrol(enrol("http://127.0.0.1:1"))).err(), Some(GuidebookError::Locked));
    assert_eq!(book.state(), Ok(BookState::Locked));
    book.unlock().unwrap();
    invalid(wait(book.enrol(enrol("http://127.0.0.1:2"))), "book", InvalidReason::NoChange);
    // Its own server is asked: it may have forgotten this phone.
    assert_eq!(wait(book.enrol(enrol("http://127.0.0.1:1"))).err(), Some(GuidebookError::Offline));
    assert_eq!(book.state(), Ok(BookState::Open));
    let elsewhere = tempfile::tempdir().unwrap();
    let fresh = Guidebook::open(request(elsewhere.path(), None), Arc::new(Vault::default()), None, None).unwrap();
    assert_eq!(wait(fresh.sync_now()).err(), Some(GuidebookError::SignedOut));
    invalid(wait(fresh.enrol(enrol("http://guidebook.example"))), "server", InvalidReason::Malformed);
    assert_eq!(wait(fresh.enrol(enrol("http://127.0.0.1:1"))).err(), Some(GuidebookError::Offline));
    assert_eq!(fresh.state(), Ok(BookState::Unenrolled));
    assert_eq!(fresh.enrol_walk_in(a_walkin()).err(), Some(GuidebookError::SignedOut));
}

/// An observer with a fault of its own.
struct Faulty;

impl guidebook_core::BookObserver for Faulty {
    fn changed(&self, _: guidebook_core::BookChange) {
        panic!("the observer's own fault");
    }
}

#[test]
fn an_observer_that_throws_spoils_neither_an_edit_nor_a_second_undo() {
    let folder = tempfile::tempdir().unwrap();
    let (book, _) = a_book(folder.path());
    book.unlock().unwrap();
    book.observe(Some(Arc::new(Faulty)));
    let note = book.write_note("M1".into(), "喜欢羊绒".into()).unwrap();
    book.undo(note.clone()).unwrap();
    invalid(book.undo(note), "note", InvalidReason::NoChange);
    assert!(book.member("M1".into()).unwrap().notes.is_empty());
    assert_eq!(wait(book.sync_now()).err(), Some(GuidebookError::Offline));
    assert!(!book.sync_state().unwrap().running);
}

#[test]
fn without_a_network_a_failed_round_is_tried_again_by_itself_and_the_edit_waits() {
    let folder = tempfile::tempdir().unwrap();
    let (book, _) = a_book(folder.path());
    book.unlock().unwrap();
    book.write_note("M1".into(), "喜欢羊绒".into()).unwrap();
    assert_eq!(wait(book.sync_now()).err(), Some(GuidebookError::Offline));
    let state = book.sync_state().unwrap();
    assert!(state.retrying && state.waiting == 1);
    book.wipe().unwrap();
    assert_eq!(book.state(), Ok(BookState::Empty));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
}
