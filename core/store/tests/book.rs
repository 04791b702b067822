//! The book as a whole: edits, answers, keys, and what lies in the file.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use guidebook_domain::*;
use guidebook_store::search::{Query, Sort};
use guidebook_store::{Fate, Identity, Key, Moment, Store, StoreError};
use guidebook_wire::*;
use uuid::Uuid;

const NOW: u64 = 1_800_000_000_000;

fn key(n: u8) -> Key {
    Key::from_bytes(&[n; 32]).unwrap()
}

fn moment(n: u8) -> Moment {
    Moment { wall_ms: NOW + u64::from(n), random: [n; 10] }
}

fn guide() -> GuideRecord {
    GuideRecord {
        id: GuideId::new("G1").unwrap(),
        name: "李娜晴".into(),
        store: StoreId::new("S1").unwrap(),
        brand: None,
        until: None,
        level: None,
    }
}

fn identity() -> Identity {
    Identity {
        server: "http://127.0.0.1:1".into(),
        tenant: TenantId::new("rainbow").unwrap(),
        guide: guide(),
        device: DeviceId::from_uuid(Uuid::from_bytes([1; 16])),
        secret_key: [3; 32],
    }
}

fn id(text: &str) -> MemberId {
    MemberId::new(text).unwrap()
}

fn tag(text: &str) -> TagId {
    TagId::new(text).unwrap()
}

fn put_on(text: &str) -> Edit {
    Edit::Tag { tag: tag(text), on: true }
}

fn a_member(number: &str, name: &str, phone: &str) -> MemberRecord {
    let profile = MemberProfile { name: name.into(), phone: Some(Phone::parse(phone).unwrap()), ..Default::default() };
    MemberRecord::new(id(number), profile, MemberState::default())
}

fn an_answer(feed: u64, changes: Vec<ChangeRecord>) -> RoundAnswerRecord {
    RoundAnswerRecord {
        epoch: Some(Uuid::from_bytes([9; 16])),
        server_ms: NOW,
        guide: Some(guide()),
        changes,
        cursor: Some(CursorRecord { feed, catalogue: 3 }),
        ..RoundAnswerRecord::default()
    }
}

fn receipt(op: OperationId, outcome: Outcome, position: u64) -> ReceiptRecord {
    ReceiptRecord { op, outcome: OutcomeRecord::Known(outcome), position }
}

fn a_tag(id: &str, fate: TagFate) -> ChangeRecord {
    ChangeRecord::Tag(Tag { id: tag(id), group: TagGroupId::new("likes").unwrap(), name: id.into(), fate })
}

fn first_changes() -> Vec<ChangeRecord> {
    let likes = TagGroup {
        id: TagGroupId::new("likes").unwrap(),
        name: "偏好".into(),
        choice: Choice::Multi,
        editable_by: EditableBy::Guides,
        brand: None,
        store: None,
    };
    vec![
        ChangeRecord::Group(likes),
        a_tag("T1", TagFate::Live),
        a_tag("T2", TagFate::Live),
        ChangeRecord::Member(Box::new(a_member("M1", "张三丰", "13812345678"))),
        ChangeRecord::Member(Box::new(a_member("M2", "单小曼", "13900001111"))),
    ]
}

fn a_book(path: &Path) -> Store {
    let mut store = Store::open(path, &key(1)).unwrap();
    store.set_identity(identity(), NOW, NOW).unwrap();
    store.absorb(an_answer(2, first_changes()), NOW).unwrap();
    store
}

fn found(store: &Store, text: &str) -> Vec<String> {
    let query = Query { text: text.into(), tags: None, birthday: None, due_by: None, sort: Sort::Name, offset: 0, limit: 50 };
    store.search(&query).ids.iter().map(ToString::to_string).collect()
}

fn a_walkin(phone: &str) -> Walkin {
    Walkin {
        name: " 赵敏 ".into(),
        phone: Phone::parse(phone).unwrap(),
        gender: None,
        birthday: None,
        store: StoreId::new("S1").unwrap(),
        consents: Consents { membership: true, ..Default::default() },
    }
}

#[test]
fn an_acknowledged_edit_is_there_after_a_kill_and_waits() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("book.db");
    let mut store = a_book(&path);
    let op = store.edit(&id("M1"), put_on("T1"), moment(1)).unwrap();
    let (walk_in, _) = store.enrol_walk_in(a_walkin("13700002222"), moment(2)).unwrap();
    // A kill: no destructor runs.
    std::mem::forget(store);
    let store = Store::open(&path, &key(1)).unwrap();
    let view = store.member(&id("M1")).unwrap();
    assert!(view.record.state.tags[&tag("T1")].value && view.waiting == 1);
    assert_eq!(store.next_push().unwrap()[0].id, op);
    assert_eq!(found(&store, "zhaom"), [walk_in.to_string()]);
    assert_eq!(store.open_operations().unwrap(), (2, 0));
}

#[test]
fn a_wrong_key_and_a_newer_version_are_errors_that_touch_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("book.db");
    drop(a_book(&path));
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Store::open(&path, &key(2)), Err(StoreError::WrongKey)));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Store::open(&path, &key(1)), Err(StoreError::Newer { found: 99, .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn an_applied_edit_stays_visible_until_the_record_contains_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(&dir.path().join("book.db"));
    let op = store.edit(&id("M1"), put_on("T1"), moment(1)).unwrap();
    let mut answer = an_answer(2, Vec::new());
    answer.receipts = vec![receipt(op, Outcome::Applied, 7)];
    store.absorb(answer, NOW).unwrap();
    let view = store.member(&id("M1")).unwrap();
    assert!(view.record.state.tags[&tag("T1")].value && view.waiting == 0);
    // The record as of position 7 has lost the tag to somebody else's edit: the book shows just that.
    store.absorb(an_answer(7, vec![ChangeRecord::Member(Box::new(a_member("M1", "张三丰", "13812345678")))]), NOW).unwrap();
    assert!(store.member(&id("M1")).unwrap().record.state.tags.is_empty());
}

#[test]
fn a_refused_edit_leaves_no_trace_on_the_record_and_waits_for_a_person() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(&dir.path().join("book.db"));
    let op = store.edit(&id("M1"), put_on("T1"), moment(1)).unwrap();
    let mut answer = an_answer(3, vec![a_tag("T1", TagFate::Deleted)]);
    let parked = Outcome::Refused(Refusal::TagDeleted(tag("T1")));
    answer.receipts = vec![receipt(op, parked.clone(), 3)];
    store.absorb(answer, NOW).unwrap();
    assert!(store.member(&id("M1")).unwrap().record.state.tags.is_empty());
    assert_eq!(store.operation(op).unwrap().fate, Fate::Answered(parked));
    assert_eq!(store.open_operations().unwrap(), (0, 1));
    // Nor does one whose tag lives, also while the feed is behind.
    let op = store.edit(&id("M1"), put_on("T2"), moment(2)).unwrap();
    let mut answer = an_answer(3, Vec::new());
    answer.receipts = vec![receipt(op, Outcome::Refused(Refusal::NotYourMember), 9)];
    store.absorb(answer, NOW).unwrap();
    assert!(store.member(&id("M1")).unwrap().record.state.tags.is_empty());
}

#[test]
fn the_loser_of_a_tag_learns_by_whom_it_was_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(&dir.path().join("book.db"));
    let op = store.edit(&id("M1"), put_on("T1"), moment(1)).unwrap();
    let mut answer = an_answer(3, Vec::new());
    answer.receipts = vec![receipt(op, Outcome::Applied, 3)];
    store.absorb(answer, NOW).unwrap();
    let chen = Operation {
        id: OperationId::from_time(NOW + 50, [5; 10]),
        device: DeviceId::from_uuid(Uuid::from_bytes([2; 16])),
        guide: GuideId::new("G2").unwrap(),
        hlc: Hlc::new(NOW + 50, 0),
        member: None,
        edit: Edit::Tag { tag: tag("T1"), on: false },
    };
    let mut record = a_member("M1", "张三丰", "13812345678");
    record.state.apply(&chen);
    let changed = store.absorb(an_answer(4, vec![ChangeRecord::Member(Box::new(record))]), NOW).unwrap();
    assert_eq!(changed.operations, BTreeSet::from([op]));
    let Fate::Answered(Outcome::Superseded(by)) = store.operation(op).unwrap().fate else { panic!("not superseded") };
    assert_eq!((by.guide.as_str(), by.op), ("G2", chen.id));
}

#[test]
fn a_walk_in_whom_headquarters_knows_becomes_that_member_with_all_edits() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(&dir.path().join("book.db"));
    let (walk_in, op) = store.enrol_walk_in(a_walkin("13700002222"), moment(1)).unwrap();
    store.edit(&walk_in, put_on("T1"), moment(2)).unwrap();
    let redirected = Outcome::Redirected(Redirected { member: Some(id("M9")), tag: None });
    let mut answer = an_answer(5, vec![ChangeRecord::Member(Box::new(a_member("M9", "赵敏", "13700002222")))]);
    answer.receipts = vec![receipt(op, redirected, 5)];
    store.absorb(answer, NOW).unwrap();
    assert_eq!(found(&store, "zm"), ["M9"]);
    let view = store.member(&walk_in).unwrap();
    assert_eq!(view.record.id, id("M9"));
    assert!(view.record.state.tags[&tag("T1")].value && view.waiting == 1);
}

#[test]
fn a_known_number_is_answered_with_its_member() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(&dir.path().join("book.db"));
    let known = store.enrol_walk_in(a_walkin("+86 138 1234 5678"), moment(1));
    assert!(matches!(known, Err(StoreError::AlreadyMember(m)) if m == id("M1")));
}

#[test]
fn a_member_handed_over_is_gone_with_her_history_but_unsent_edits_are_still_sent() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(&dir.path().join("book.db"));
    let sent = store.edit(&id("M1"), put_on("T1"), moment(1)).unwrap();
    let mut answer = an_answer(3, Vec::new());
    answer.receipts = vec![receipt(sent, Outcome::Applied, 3)];
    store.absorb(answer, NOW).unwrap();
    let unsent = store.edit(&id("M1"), put_on("T2"), moment(2)).unwrap();
    store.absorb(an_answer(4, vec![ChangeRecord::MemberGone { id: id("M1"), became: None }]), NOW).unwrap();
    assert!(matches!(store.member(&id("M1")), Err(StoreError::NotFound)));
    assert!(matches!(store.operation(sent), Err(StoreError::NotFound)));
    assert_eq!(store.next_push().unwrap().iter().map(|o| o.id).collect::<Vec<_>>(), [unsent]);
    assert!(found(&store, "张").is_empty());
}

#[test]
fn undo_brings_back_what_was_there_before_and_after_the_sync() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(&dir.path().join("book.db"));
    let op = store.edit(&id("M1"), put_on("T1"), moment(1)).unwrap();
    store.undo(op, moment(2)).unwrap();
    assert!(!store.member(&id("M1")).unwrap().record.state.tags[&tag("T1")].value);
    assert!(matches!(store.undo(op, moment(3)), Err(StoreError::Rule(EditProblem { reason: EditReason::NoChange, .. }))));
    let (_, enrolled) = store.enrol_walk_in(a_walkin("13700002222"), moment(4)).unwrap();
    assert!(matches!(store.undo(enrolled, moment(5)), Err(StoreError::NotUndoable)));
}

#[test]
fn a_changed_epoch_sweeps_out_members_that_do_not_come_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(&dir.path().join("book.db"));
    let (walk_in, _) = store.enrol_walk_in(a_walkin("13700002222"), moment(1)).unwrap();
    let mut page = an_answer(1, vec![ChangeRecord::Member(Box::new(a_member("M1", "张三丰", "13812345678")))]);
    page.epoch = Some(Uuid::from_bytes([8; 16]));
    page.more = true;
    store.absorb(page.clone(), NOW).unwrap();
    assert_eq!(store.member_count(), 3);
    page.changes.clear();
    page.more = false;
    store.absorb(page, NOW).unwrap();
    assert_eq!(store.member_count(), 2);
    assert!(store.member(&walk_in).is_ok() && store.member(&id("M2")).is_err());
}

#[test]
fn an_edit_made_after_seeing_a_later_stamp_is_filed_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(&dir.path().join("book.db"));
    let mut record = a_member("M1", "张三丰", "13812345678");
    let stamp =
        Stamp { hlc: Hlc::new(NOW + 60_000, 0), device: DeviceId::HQ, op: OperationId::from_time(1, [1; 10]), guide: GuideId::hq() };
    record.state.tags.insert(tag("T1"), Cell { value: true, stamp });
    store.absorb(an_answer(3, vec![ChangeRecord::Member(Box::new(record))]), NOW).unwrap();
    store.edit(&id("M1"), Edit::Tag { tag: tag("T1"), on: false }, moment(1)).unwrap();
    assert!(!store.member(&id("M1")).unwrap().record.state.tags[&tag("T1")].value);
}

#[test]
fn names_phones_and_notes_lie_nowhere_in_the_clear_in_files_nor_in_debug() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(&dir.path().join("book.db"), &key(1)).unwrap();
    store.set_identity(identity(), NOW, NOW).unwrap();
    let names: Vec<String> = (0..1000).map(|n| format!("欧阳{}娜", char::from_u32(0x5000 + n).unwrap())).collect();
    let phones: Vec<String> = (0..1000).map(|n| format!("138{:08}", n * 7919)).collect();
    let mut changes = first_changes();
    for n in 0..1000 {
        changes.push(ChangeRecord::Member(Box::new(a_member(&format!("X{n}"), &names[n], &phones[n]))));
    }
    store.absorb(an_answer(9, changes), NOW).unwrap();
    for n in 0..200u8 {
        let note = Edit::Note { text: Private::new(names[usize::from(n)].clone()) };
        store.edit(&id(&format!("X{n}")), note, moment(n)).unwrap();
    }
    let mut files = Vec::new();
    // What a log or a panic could show: everything that can be printed for a programmer.
    for n in 0..1000 {
        let known = a_walkin(&phones[n]);
        let walkin = Walkin { name: Private::new(names[n].clone()), ..known };
        let told = store.enrol_walk_in(walkin.clone(), moment(1)).map(drop);
        let view = store.member(&id(&format!("X{n}"))).unwrap();
        files.extend(format!("{walkin:?} {told:?} {view:?}").into_bytes());
    }
    files.extend(format!("{:?}", store.operations(0, 1000).unwrap()).into_bytes());
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        files.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let holds = |text: &str| files.windows(text.len()).any(|w| w == text.as_bytes());
    // The check finds what is in the clear.
    assert!(holds("X777") && holds("waiting"));
    let any_of = |texts: &[String], length: usize| {
        let needles: std::collections::HashSet<&[u8]> = texts.iter().map(String::as_bytes).collect();
        files.windows(length).any(|w| needles.contains(w))
    };
    assert!(!any_of(&names, 12) && !any_of(&phones, 11));
    assert!(!holds("ouyang"));
}
