//! How long a book is kept and shown: without contact, without its key, beside another guide's, and after a wipe that
//! was cut short.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use guidebook_core::edit_view::EditFate;
use guidebook_core::request::{EnrolRequest, OpenRequest, WalkinRequest};
use guidebook_core::shelf::{books, make_book};
use guidebook_core::view::BookState;
use guidebook_core::{Guidebook, GuidebookError, InvalidReason};
use shared::{CONTACT, Clock, FIRST, SECOND, Vault, a_book, a_list, a_store, open, request, wait};

mod shared;

const HOUR: u64 = 60 * 60 * 1_000;
const DAY: u64 = 24 * HOUR;

fn enrolment() -> EnrolRequest {
    EnrolRequest { server: "http://127.0.0.1:1".into(), code: "0123456789".into(), device_name: "x".into() }
}

fn is_locked<T: std::fmt::Debug + PartialEq>(what: &str, result: Result<T, GuidebookError>) {
    assert_eq!(result.err(), Some(GuidebookError::Locked), "{what}");
}

#[test]
fn without_contact_for_72_hours_no_call_tells_of_a_member_and_what_waits_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (book, vault) = a_book(folder.path());
    book.unlock().unwrap();
    let note = book.write_note("M1".into(), "喜欢羊绒".into()).unwrap();
    drop(book);
    let book = open(folder.path(), &vault, CONTACT + 72 * HOUR);
    book.unlock().unwrap();
    assert_eq!(book.state(), Ok(BookState::Hidden));
    let m = || "M1".to_owned();
    is_locked("list", book.list(a_list("")).map(drop));
    is_locked("member", book.member(m()).map(drop));
    is_locked("tag_groups", book.tag_groups().map(drop));
    is_locked("edit_history", book.edit_history(None, 0, 50).map(drop));
    is_locked("edit_fate", book.edit_fate(note.clone()).map(drop));
    is_locked("digest", book.digest());
    is_locked("set_tag", book.set_tag(m(), "likes.t".into(), true));
    is_locked("undo", book.undo(note.clone()));
    is_locked("apply_again", book.apply_again(note.clone()));
    let known = WalkinRequest {
        name: "赵敏".into(),
        phone: "13812345678".into(),
        gender: None,
        birthday: None,
        agrees_to_membership: true,
        agrees_to_marketing: false,
        agrees_to_brands: Vec::new(),
    };
    is_locked("enrol_walk_in, which would tell whose number it is", book.enrol_walk_in(known).map(drop));
    assert_eq!(book.sync_state().unwrap().waiting, 1);
    // The round is tried: there is no server here.
    assert_eq!(wait(book.sync_now()).err(), Some(GuidebookError::Offline));
    drop(book);
    // A clock set back shows nothing again; a contact does.
    let book = open(folder.path(), &vault, CONTACT);
    book.unlock().unwrap();
    assert_eq!(book.state(), Ok(BookState::Hidden));
    drop(book);
    contact(&folder, CONTACT + 73 * HOUR);
    let book = open(folder.path(), &vault, CONTACT + 73 * HOUR);
    book.unlock().unwrap();
    assert_eq!(book.state(), Ok(BookState::Open));
    assert_eq!(book.member("M1".into()).unwrap().notes.len(), 1);
    assert_eq!(book.edit_fate(note).unwrap().fate, EditFate::Waiting);
}

/// The server answers at `server_ms`, as a round would take it in.
fn contact(folder: &tempfile::TempDir, server_ms: u64) {
    let mut store = shared::store_at(folder.path(), FIRST, 1);
    store.absorb(shared::an_answer(server_ms), server_ms).unwrap();
}

#[test]
fn a_clock_set_ahead_within_a_process_is_not_heard() {
    let folder = tempfile::tempdir().unwrap();
    let (_, vault) = a_book(folder.path());
    let clock = Clock::at(CONTACT);
    let book = Guidebook::open(request(folder.path(), None), vault, Some(clock.clone()), None).unwrap();
    book.unlock().unwrap();
    *clock.0.lock().unwrap() = CONTACT + 20 * DAY;
    assert_eq!(book.state(), Ok(BookState::Open));
}

#[test]
fn a_clock_set_ahead_before_a_start_hides_and_shreds_nothing_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (_, vault) = a_book(folder.path());
    let book = open(folder.path(), &vault, CONTACT + 3_650 * DAY);
    book.unlock().unwrap();
    assert_eq!(book.state(), Ok(BookState::Hidden));
}

#[test]
fn after_14_days_without_contact_the_book_is_shredded_at_unlocking() {
    let folder = tempfile::tempdir().unwrap();
    let (_, vault) = a_book(folder.path());
    // What other processes have seen: the claim stood for a day of use.
    for (wall_ms, since_boot_ms) in [(CONTACT + 15 * DAY, 1), (CONTACT + 16 * DAY, 1 + DAY)] {
        shared::store_at(folder.path(), FIRST, 1).look_at_clocks(wall_ms, since_boot_ms);
    }
    let book = open(folder.path(), &vault, CONTACT + 16 * DAY);
    assert_eq!(book.unlock(), Err(GuidebookError::Wiped));
    assert_eq!(book.state(), Ok(BookState::Empty));
    assert!(vault.keys.lock().unwrap().is_empty());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert_eq!(book.unlock(), Err(GuidebookError::SignedOut));
}

#[test]
fn a_key_store_that_does_not_answer_removes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (book, vault) = a_book(folder.path());
    *vault.broken.lock().unwrap() = true;
    let opened = Guidebook::open(request(folder.path(), None), vault.clone(), None, None).map(drop);
    assert_eq!(opened, Err(GuidebookError::StorageFault));
    assert_eq!((book.state(), book.unlock()), (Err(GuidebookError::StorageFault), Err(GuidebookError::StorageFault)));
    assert_eq!(wait(book.enrol(enrolment())).err(), Some(GuidebookError::StorageFault));
    *vault.broken.lock().unwrap() = false;
    book.unlock().unwrap();
    assert_eq!(book.list(a_list("")).unwrap().total, 1);
}

#[test]
fn a_key_store_that_says_none_for_a_while_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (_, vault) = a_book(folder.path());
    vault.put(FIRST, None);
    let book = open(folder.path(), &vault, CONTACT);
    assert_eq!((book.state(), book.unlock()), (Ok(BookState::Empty), Err(GuidebookError::SignedOut)));
    vault.put(FIRST, Some(vec![1; 32]));
    book.unlock().unwrap();
    assert_eq!(book.list(a_list("")).unwrap().total, 1);
}

#[test]
fn a_backup_without_its_key_is_never_read_and_an_enrolment_takes_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let (_, vault) = a_book(folder.path());
    vault.put(FIRST, None);
    let restored = std::fs::read(folder.path().join(FIRST).join("book.db")).unwrap();
    let book = open(folder.path(), &vault, CONTACT);
    assert_eq!(book.state(), Ok(BookState::Empty));
    assert_eq!(wait(book.enrol(enrolment())).err(), Some(GuidebookError::Offline));
    assert_eq!(book.state(), Ok(BookState::Unenrolled));
    assert_eq!(book.list(a_list("")).unwrap().total, 0);
    let key = vault.keys.lock().unwrap()[FIRST].clone();
    assert_ne!(key, vec![1; 32]);
    assert_ne!(std::fs::read(folder.path().join(FIRST).join("book.db")).unwrap(), restored);
}

#[test]
fn a_wipe_that_the_key_store_holds_up_is_finished_later_and_nothing_is_read_in_between() {
    let folder = tempfile::tempdir().unwrap();
    let (book, vault) = a_book(folder.path());
    book.unlock().unwrap();
    *vault.broken.lock().unwrap() = true;
    assert_eq!(book.wipe(), Err(GuidebookError::StorageFault));
    is_locked("list", book.list(a_list("")).map(drop));
    assert_eq!(Guidebook::open(request(folder.path(), None), vault.clone(), None, None).map(drop), Err(GuidebookError::StorageFault));
    *vault.broken.lock().unwrap() = false;
    assert_eq!((book.state(), book.unlock()), (Ok(BookState::Empty), Err(GuidebookError::Wiped)));
    assert!(vault.keys.lock().unwrap().is_empty() && books(request(folder.path(), None).directory).unwrap().is_empty());
}

#[test]
fn two_guides_on_one_phone_see_nothing_of_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let (first, vault) = a_book(folder.path());
    drop(a_store(folder.path(), SECOND, 2));
    vault.put(SECOND, Some(vec![2; 32]));
    first.unlock().unwrap();
    first.write_note("M1".into(), "喜欢羊绒".into()).unwrap();
    let second = first.switch_book(SECOND.into()).unwrap();
    // The first is locked, and the second has its own files, edits and key.
    assert_eq!((first.state(), second.state()), (Ok(BookState::Locked), Ok(BookState::Open)));
    is_locked("the first", first.list(a_list("")).map(drop));
    assert_ne!(second.guide().unwrap().device, "01010101-0101-0101-0101-010101010101");
    assert!(second.member("M1".into()).unwrap().notes.is_empty());
    assert!(second.edit_history(None, 0, 50).unwrap().is_empty());
    assert_eq!(books(request(folder.path(), None).directory).unwrap(), [SECOND, FIRST], "the last used comes first");
    assert_eq!(Guidebook::open(request(folder.path(), None), vault.clone(), None, None).unwrap().name(), SECOND);
    vault.put(FIRST, Some(vec![2; 32]));
    assert_eq!(first.unlock(), Err(GuidebookError::WrongKey), "one's key does not open the other's book");
    vault.put(FIRST, Some(vec![1; 32]));
    second.wipe().unwrap();
    first.unlock().unwrap();
    assert_eq!(first.member("M1".into()).unwrap().notes.len(), 1, "one's wipe leaves the other's book");
}

#[test]
fn a_second_guide_gets_a_place_of_her_own_before_she_enrols() {
    let folder = tempfile::tempdir().unwrap();
    let (first, vault) = a_book(folder.path());
    let name = make_book(request(folder.path(), None).directory).unwrap();
    let second = first.switch_book(name.clone()).unwrap();
    assert_eq!((second.state(), second.name()), (Ok(BookState::Empty), name.clone()));
    assert_eq!(wait(second.enrol(enrolment())).err(), Some(GuidebookError::Offline));
    assert_eq!(vault.keys.lock().unwrap().len(), 2);
    let named = |book: &str| {
        let request = OpenRequest { book: Some(book.into()), ..request(folder.path(), None) };
        Guidebook::open(request, Arc::<Vault>::default(), None, None).map(drop)
    };
    for bad in ["..", "", "A1", "../00000000000000a1", "00000000000000A1"] {
        assert_eq!(named(bad), Err(GuidebookError::Invalid { field: "book".into(), reason: InvalidReason::Malformed }), "{bad}");
    }
    assert_eq!(named("ffffffffffffffff"), Err(GuidebookError::Invalid { field: "book".into(), reason: InvalidReason::Unknown }));
}
