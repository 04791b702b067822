//! Bad input for each public call, and the typed error that it gets; nothing is written by any of it.

#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use guidebook_core::request::{EnrolRequest, ListRequest, MemberField, MemberOrder, OpenRequest, WalkinRequest};
use guidebook_core::view::BookState;
use guidebook_core::{Guidebook, GuidebookError, InvalidReason, KeyVault, KeyVaultError, Topic};
use guidebook_domain::{
    Choice, DeviceId, EditableBy, GuideId, MemberId, MemberProfile, MemberState, Phone, StoreId, Tag, TagFate, TagGroup, TagGroupId, TagId,
    TenantId,
};
use guidebook_store::{Identity, Key, Store};
use guidebook_wire::{ChangeRecord, CursorRecord, GuideRecord, MemberRecord, RoundAnswerRecord};
use uuid::Uuid;

/// A key store in memory, which can be told to fail.
#[derive(Default)]
struct Vault {
    key: Mutex<Option<Vec<u8>>>,
    broken: Mutex<bool>,
}

impl Vault {
    fn usable(&self) -> Result<(), KeyVaultError> {
        if *self.broken.lock().unwrap() { Err(KeyVaultError::Unavailable) } else { Ok(()) }
    }
}

impl KeyVault for Vault {
    fn load(&self) -> Result<Option<Vec<u8>>, KeyVaultError> {
        self.usable()?;
        Ok(self.key.lock().unwrap().clone())
    }

    fn save(&self, key: Vec<u8>) -> Result<(), KeyVaultError> {
        self.usable()?;
        *self.key.lock().unwrap() = Some(key);
        Ok(())
    }

    fn erase(&self) -> Result<(), KeyVaultError> {
        self.usable()?;
        *self.key.lock().unwrap() = None;
        Ok(())
    }
}

/// A group of one tag, `<group>.t`.
fn a_group(id: &str, choice: Choice, editable_by: EditableBy) -> [ChangeRecord; 2] {
    let group = TagGroupId::new(id).unwrap();
    let row = TagGroup { id: group.clone(), name: id.into(), choice, editable_by, brand: None, store: None };
    let tag = Tag { id: TagId::new(format!("{id}.t")).unwrap(), group, name: id.into(), fate: TagFate::Live };
    [ChangeRecord::Group(row), ChangeRecord::Tag(tag)]
}

/// An enrolled book with one member, M1.
fn a_book(folder: &std::path::Path) -> (Arc<Guidebook>, Arc<Vault>) {
    let key = Key::from_bytes(&[1; 32]).unwrap();
    let mut store = Store::open(&folder.join("book.db"), &key).unwrap();
    let guide =
        GuideRecord { id: GuideId::new("G1").unwrap(), name: "Li".into(), store: StoreId::new("S1").unwrap(), brand: None, until: None };
    let identity = Identity {
        server: "http://127.0.0.1:1".into(),
        tenant: TenantId::new("rainbow").unwrap(),
        guide: guide.clone(),
        device: DeviceId::from_uuid(Uuid::from_bytes([1; 16])),
        secret_key: [3; 32],
    };
    store.set_identity(identity, 1, 1).unwrap();
    let phone = Some(Phone::parse("13812345678").unwrap());
    let profile = MemberProfile { name: "张三丰".into(), phone, ..MemberProfile::default() };
    let id = MemberId::new("M1").unwrap();
    let record = MemberRecord { id, profile, state: MemberState::default(), extra: Default::default() };
    let mut changes = vec![ChangeRecord::Member(Box::new(record))];
    changes.extend(a_group("likes", Choice::Multi, EditableBy::Guides));
    changes.extend(a_group("value", Choice::Multi, EditableBy::Hq));
    let cursor = CursorRecord { feed: 1, catalogue: 1 };
    let epoch = Uuid::from_bytes([9; 16]);
    let answer = RoundAnswerRecord {
        epoch: Some(epoch),
        server_ms: 1,
        guide: Some(guide),
        changes,
        cursor: Some(cursor),
        ..RoundAnswerRecord::default()
    };
    store.absorb(answer, 1).unwrap();
    drop(store);
    let vault = Arc::new(Vault::default());
    *vault.key.lock().unwrap() = Some(vec![1; 32]);
    let request = OpenRequest { directory: folder.to_string_lossy().into_owned() };
    (Guidebook::open(request, vault.clone(), None).unwrap(), vault)
}

fn invalid<T>(result: Result<T, GuidebookError>, field: &str, reason: InvalidReason) {
    let error = result.map(drop).expect_err(field);
    assert_eq!(error, GuidebookError::Invalid { field: field.into(), reason });
}

fn a_list(tags: &str) -> ListRequest {
    ListRequest { text: String::new(), tags: tags.into(), order: MemberOrder::Name, offset: 0, limit: 50 }
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
    assert_eq!(book.sync_state().unwrap().waiting, 0, "bad input leaves nothing behind");
    let enrolled = book.enrol_walk_in(a_walkin()).unwrap();
    invalid(book.undo(enrolled.edit), "edit", R::NotUndoable);
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[test]
fn a_locked_or_missing_book_says_so_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let (book, vault) = a_book(folder.path());
    assert_eq!(book.state(), Ok(BookState::Locked));
    assert_eq!(book.list(a_list("")).err(), Some(GuidebookError::Locked));
    assert_eq!(book.write_note("M1".into(), "x".into()).err(), Some(GuidebookError::Locked));
    assert_eq!(wait(book.sync_now()).err(), Some(GuidebookError::Locked));
    *vault.key.lock().unwrap() = Some(vec![2; 32]);
    assert_eq!(book.unlock(), Err(GuidebookError::WrongKey));
    *vault.key.lock().unwrap() = Some(vec![2; 31]);
    assert_eq!(book.unlock(), Err(GuidebookError::WrongKey));
    *vault.broken.lock().unwrap() = true;
    assert_eq!(book.unlock(), Err(GuidebookError::StorageFault));
    *vault.broken.lock().unwrap() = false;
    *vault.key.lock().unwrap() = None;
    assert_eq!((book.state(), book.unlock()), (Ok(BookState::Empty), Err(GuidebookError::SignedOut)));
}

#[test]
fn a_bad_enrolment_says_what_is_wrong_and_leaves_an_enrolled_book_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (book, _) = a_book(folder.path());
    let request = |server: &str| EnrolRequest { server: server.into(), code: "0123456789".into(), device_name: "x".into() };
    assert_eq!(wait(book.enrol(request("http://127.0.0.1:1"))).err(), Some(GuidebookError::Locked));
    assert_eq!(book.state(), Ok(BookState::Locked));
    book.unlock().unwrap();
    invalid(wait(book.enrol(request("http://127.0.0.1:1"))), "book", InvalidReason::NoChange);
    let elsewhere = tempfile::tempdir().unwrap();
    let open = OpenRequest { directory: elsewhere.path().to_string_lossy().into_owned() };
    let fresh = Guidebook::open(open, Arc::new(Vault::default()), None).unwrap();
    assert_eq!(wait(fresh.sync_now()).err(), Some(GuidebookError::SignedOut));
    invalid(wait(fresh.enrol(request("http://guidebook.example"))), "server", InvalidReason::Malformed);
    assert_eq!(wait(fresh.enrol(request("http://127.0.0.1:1"))).err(), Some(GuidebookError::Offline));
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
    assert!(!folder.path().join("book.db").exists());
}
