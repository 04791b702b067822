//! Fates, undoing, applying again, and forgetting old edits; what the clocks say about a book.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use guidebook_domain::*;
use guidebook_store::{Fate, Identity, Key, Moment, Store, StoreError};
use guidebook_wire::*;
use uuid::Uuid;

const NOW: u64 = 1_800_000_000_000;
const DAY: u64 = 24 * 60 * 60 * 1_000;

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

fn id(text: &str) -> MemberId {
    MemberId::new(text).unwrap()
}

fn note(text: &str) -> Edit {
    Edit::Note { text: text.into() }
}

fn size(text: &str) -> Edit {
    Edit::Field { field: GuideField::SizeShoe, value: text.into() }
}

fn put_on(tag: &str) -> Edit {
    Edit::Tag { tag: TagId::new(tag).unwrap(), on: true }
}

fn an_answer(server_ms: u64, feed: u64) -> RoundAnswerRecord {
    RoundAnswerRecord {
        epoch: Some(Uuid::from_bytes([9; 16])),
        server_ms,
        guide: Some(guide()),
        cursor: Some(CursorRecord { feed, catalogue: 3 }),
        ..RoundAnswerRecord::default()
    }
}

fn a_member(number: &str, state: MemberState) -> ChangeRecord {
    let profile = MemberProfile { name: "张三丰".into(), ..Default::default() };
    ChangeRecord::Member(Box::new(MemberRecord::new(id(number), profile, state)))
}

fn a_tag(tag: &str, fate: TagFate) -> ChangeRecord {
    ChangeRecord::Tag(Tag { id: TagId::new(tag).unwrap(), group: TagGroupId::new("likes").unwrap(), name: tag.into(), fate })
}

/// An enrolled book with member M1 and tags T1 and T2.
fn a_book(folder: &Path) -> Store {
    let mut store = open(folder);
    let identity = Identity {
        server: "http://127.0.0.1:1".into(),
        tenant: TenantId::new("rainbow").unwrap(),
        guide: guide(),
        device: DeviceId::from_uuid(Uuid::from_bytes([1; 16])),
        secret_key: [3; 32],
    };
    store.set_identity(identity, NOW, NOW).unwrap();
    let likes = TagGroup {
        id: TagGroupId::new("likes").unwrap(),
        name: "偏好".into(),
        choice: Choice::Multi,
        editable_by: EditableBy::Guides,
        brand: None,
        store: None,
    };
    let changes =
        vec![ChangeRecord::Group(likes), a_tag("T1", TagFate::Live), a_tag("T2", TagFate::Live), a_member("M1", MemberState::default())];
    store.absorb(RoundAnswerRecord { changes, ..an_answer(NOW, 2) }, NOW).unwrap();
    store
}

fn open(folder: &Path) -> Store {
    Store::open(&folder.join("book.db"), &Key::from_bytes(&[1; 32]).unwrap()).unwrap()
}

/// The server answers an edit, and the record contains it.
fn answered(store: &mut Store, op: OperationId, outcome: Outcome) {
    let receipts = vec![ReceiptRecord { op, outcome: OutcomeRecord::Known(outcome), position: 3 }];
    let mut state = store.member(&id("M1")).unwrap().record.state;
    state.apply(&store.operation(op).unwrap().operation);
    store.absorb(RoundAnswerRecord { receipts, changes: vec![a_member("M1", state)], ..an_answer(NOW, 3) }, NOW).unwrap();
}

/// Chen's later edit of M1 arrives.
fn chen_edits(store: &mut Store, at: u8, edit: Edit) -> OperationId {
    let operation = Operation {
        id: OperationId::from_time(NOW + u64::from(at), [at; 10]),
        device: DeviceId::from_uuid(Uuid::from_bytes([2; 16])),
        guide: GuideId::new("G2").unwrap(),
        hlc: Hlc::new(NOW + u64::from(at), 0),
        member: None,
        edit,
    };
    let mut state = store.member(&id("M1")).unwrap().record.state;
    state.apply(&operation);
    store.absorb(RoundAnswerRecord { changes: vec![a_member("M1", state)], ..an_answer(NOW, 4) }, NOW).unwrap();
    operation.id
}

fn shoe(store: &Store) -> String {
    let state = store.member(&id("M1")).unwrap().record.state;
    state.fields.get(&GuideField::SizeShoe).map(|cell| cell.value.expose().to_owned()).unwrap_or_default()
}

fn problem<T: std::fmt::Debug>(result: Result<T, StoreError>) -> EditReason {
    match result {
        Err(StoreError::Rule(problem)) => problem.reason,
        other => panic!("no rule broken: {other:?}"),
    }
}

#[test]
fn an_edit_that_lost_can_be_applied_again_and_then_holds() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(dir.path());
    let op = store.edit(&id("M1"), size("38"), moment(1)).unwrap();
    answered(&mut store, op, Outcome::Applied);
    let winner = chen_edits(&mut store, 50, size("39"));
    let Fate::Answered(Outcome::Superseded(by)) = store.operation(op).unwrap().fate else { panic!("not superseded") };
    assert_eq!((by.op, by.at.unix_ms(), shoe(&store).as_str()), (winner, NOW + 50, "39"));
    let again = store.apply_again(op, moment(60)).unwrap();
    let made = store.operation(again).unwrap();
    assert!(made.fate == Fate::Waiting && made.operation.hlc > by.at && shoe(&store) == "38");
    assert_eq!(problem(store.apply_again(op, moment(61))), EditReason::NoChange);
}

#[test]
fn a_refused_edit_is_applied_again_to_the_tag_and_member_of_today() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(dir.path());
    let op = store.edit(&id("M1"), put_on("T1"), moment(1)).unwrap();
    answered(&mut store, op, Outcome::Refused(Refusal::NotYourMember));
    let changes = vec![
        a_tag("T1", TagFate::MergedInto(TagId::new("T2").unwrap())),
        ChangeRecord::MemberGone { id: id("M1"), became: Some(id("M2")) },
        a_member("M2", MemberState::default()),
    ];
    store.absorb(RoundAnswerRecord { changes, ..an_answer(NOW, 5) }, NOW).unwrap();
    let again = store.apply_again(op, moment(2)).unwrap();
    let made = store.operation(again).unwrap().operation;
    assert_eq!((made.member, made.edit), (Some(id("M2")), put_on("T2")));
    store.absorb(RoundAnswerRecord { changes: vec![a_tag("T2", TagFate::Deleted)], ..an_answer(NOW, 6) }, NOW).unwrap();
    assert_eq!(problem(store.apply_again(op, moment(3))), EditReason::Unknown);
    let gone = vec![ChangeRecord::MemberGone { id: id("M2"), became: None }];
    store.absorb(RoundAnswerRecord { changes: gone, ..an_answer(NOW, 7) }, NOW).unwrap();
    assert!(matches!(store.apply_again(op, moment(4)), Err(StoreError::NotFound)));
}

#[test]
fn a_note_is_brought_back_rather_than_written_twice() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(dir.path());
    let op = store.edit(&id("M1"), note("size 38"), moment(1)).unwrap();
    assert_eq!(problem(store.apply_again(op, moment(2))), EditReason::NoChange);
    answered(&mut store, op, Outcome::Applied);
    store.undo(op, moment(3)).unwrap();
    store.apply_again(op, moment(4)).unwrap();
    let state = store.member(&id("M1")).unwrap().record.state;
    assert_eq!(state.standing_notes().map(|(note, _)| note).collect::<Vec<_>>(), [op]);
    assert_eq!(problem(store.apply_again(op, moment(5))), EditReason::NoChange);
}

#[test]
fn after_the_sync_undo_takes_back_what_holds_and_never_a_later_edit() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(dir.path());
    let op = store.edit(&id("M1"), size("38"), moment(1)).unwrap();
    answered(&mut store, op, Outcome::Applied);
    store.undo(op, moment(2)).unwrap();
    assert_eq!(shoe(&store), "");
    let op = store.edit(&id("M1"), size("38"), moment(3)).unwrap();
    answered(&mut store, op, Outcome::Applied);
    chen_edits(&mut store, 50, size("39"));
    assert!(matches!(store.undo(op, moment(51)), Err(StoreError::NotUndoable)));
    // Nor one of her own.
    let first = store.edit(&id("M1"), size("40"), moment(60)).unwrap();
    store.edit(&id("M1"), size("41"), moment(61)).unwrap();
    assert!(matches!(store.undo(first, moment(62)), Err(StoreError::NotUndoable)));
    assert_eq!(shoe(&store), "41");
}

#[test]
fn the_edits_on_a_member_are_listed_newest_first_under_all_her_ids() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(dir.path());
    store.absorb(RoundAnswerRecord { changes: vec![a_member("M2", MemberState::default())], ..an_answer(NOW, 3) }, NOW).unwrap();
    let first = store.edit(&id("M1"), note("1"), moment(1)).unwrap();
    let other = store.edit(&id("M2"), note("2"), moment(2)).unwrap();
    let gone = vec![ChangeRecord::MemberGone { id: id("M1"), became: Some(id("M3")) }, a_member("M3", MemberState::default())];
    store.absorb(RoundAnswerRecord { changes: gone, ..an_answer(NOW, 4) }, NOW).unwrap();
    let third = store.edit(&id("M3"), note("3"), moment(3)).unwrap();
    let listed = |entries: Vec<guidebook_store::OperationEntry>| entries.iter().map(|e| e.operation.id).collect::<Vec<_>>();
    for known_as in ["M1", "M3"] {
        assert_eq!(listed(store.operations_on(&id(known_as), 0, 50).unwrap()), [third, first]);
    }
    assert_eq!(listed(store.operations_on(&id("M3"), 1, 1).unwrap()), [first]);
    assert_eq!(listed(store.operations(0, 50).unwrap()), [third, other, first]);
}

#[test]
fn an_edit_made_on_a_walk_in_s_old_id_learns_that_it_lost() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(dir.path());
    store.absorb(RoundAnswerRecord { changes: vec![a_member("w-1", MemberState::default())], ..an_answer(NOW, 2) }, NOW).unwrap();
    let op = store.edit(&id("w-1"), size("38"), moment(1)).unwrap();
    let redirected = Outcome::Redirected(Redirected { member: Some(id("M1")), tag: None });
    answered(&mut store, op, redirected);
    chen_edits(&mut store, 50, size("39"));
    assert!(matches!(store.operation(op).unwrap().fate, Fate::Answered(Outcome::Superseded(_))));
    // When she leaves the book, what was done under her old id goes with her.
    let gone = vec![ChangeRecord::MemberGone { id: id("M1"), became: None }];
    store.absorb(RoundAnswerRecord { changes: gone, ..an_answer(NOW, 9) }, NOW).unwrap();
    assert!(matches!(store.operation(op), Err(StoreError::NotFound)));
}

#[test]
fn only_old_answered_edits_that_the_records_contain_are_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(dir.path());
    let contained = store.edit(&id("M1"), size("38"), moment(1)).unwrap();
    answered(&mut store, contained, Outcome::Applied);
    let refused = store.edit(&id("M1"), size("39"), moment(2)).unwrap();
    answered(&mut store, refused, Outcome::Refused(Refusal::NotYourMember));
    let behind = store.edit(&id("M1"), size("40"), moment(3)).unwrap();
    let receipts = vec![ReceiptRecord { op: behind, outcome: OutcomeRecord::Known(Outcome::Applied), position: 9 }];
    store.absorb(RoundAnswerRecord { receipts, ..an_answer(NOW, 4) }, NOW).unwrap();
    let waiting = store.edit(&id("M1"), size("41"), moment(4)).unwrap();
    store.absorb(an_answer(NOW + 90 * DAY, 4), NOW + 90 * DAY).unwrap();
    assert_eq!(store.prune().unwrap(), 0, "not yet");
    store.absorb(an_answer(NOW + 91 * DAY, 4), NOW + 91 * DAY).unwrap();
    assert_eq!(store.prune().unwrap(), 1);
    assert!(matches!(store.operation(contained), Err(StoreError::NotFound)));
    for kept in [refused, behind, waiting] {
        assert!(store.operation(kept).is_ok());
    }
    assert_eq!((shoe(&store).as_str(), store.prune().unwrap()), ("41", 0));
}

#[test]
fn a_wrong_clock_forgets_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(dir.path());
    let op = store.edit(&id("M1"), size("38"), moment(1)).unwrap();
    answered(&mut store, op, Outcome::Applied);
    store.look_at_clocks(NOW + 3_650 * DAY, 1);
    assert_eq!(store.prune().unwrap(), 0);
}

#[test]
fn the_time_that_has_passed_outlives_a_kill_and_a_clock_set_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(dir.path());
    assert_eq!(store.look_at_clocks(NOW, 1_000), Retention::Visible);
    assert_eq!(store.look_at_clocks(0, 1_000 + 71 * DAY / 24), Retention::Visible);
    store.edit(&id("M1"), note("x"), moment(1)).unwrap();
    std::mem::forget(store);
    // The phone starts again, ten years earlier.
    let mut store = open(dir.path());
    assert_eq!(store.look_at_clocks(NOW - 3_650 * DAY, 2_000), Retention::Visible);
    assert_eq!(store.look_at_clocks(NOW - 3_650 * DAY, 2_000 + DAY / 24), Retention::Hidden);
    std::mem::forget(store);
    let mut store = open(dir.path());
    assert_eq!(store.look_at_clocks(NOW - 3_650 * DAY, 1), Retention::Hidden);
    assert_eq!(store.look_at_clocks(NOW - 3_650 * DAY, 1 + 12 * DAY), Retention::Shredded);
    // What waits is still there, and a contact makes all as it was.
    assert_eq!(store.open_operations().unwrap(), (1, 0));
    store.absorb(an_answer(NOW + 15 * DAY, 4), NOW).unwrap();
    assert_eq!(store.look_at_clocks(NOW, 2 + 12 * DAY), Retention::Visible);
}

#[test]
fn time_that_passes_after_a_contact_has_set_it_back_outlives_a_kill_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(dir.path());
    store.look_at_clocks(NOW, 1_000);
    assert_eq!(store.look_at_clocks(NOW + 4 * DAY, 1_000 + 4 * DAY), Retention::Hidden);
    store.absorb(an_answer(NOW, 4), NOW + 4 * DAY).unwrap();
    assert_eq!(store.look_at_clocks(NOW + 8 * DAY, 1_000 + 8 * DAY), Retention::Hidden);
    std::mem::forget(store);
    // The phone starts again, and its clock was set back.
    let mut store = open(dir.path());
    assert_eq!(store.look_at_clocks(NOW, 1_000), Retention::Hidden);
}

#[test]
fn a_stand_in_s_members_hide_when_her_last_day_is_over_without_any_contact() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = a_book(dir.path());
    let today = chrono::DateTime::from_timestamp_millis(NOW as i64).unwrap().date_naive();
    let guide = GuideRecord { until: Some(today), ..guide() };
    store.absorb(RoundAnswerRecord { guide: Some(guide), ..an_answer(NOW, 3) }, NOW).unwrap();
    assert_eq!(store.look_at_clocks(NOW, 1), Retention::Visible);
    assert_eq!(store.look_at_clocks(NOW, 1 + DAY), Retention::Hidden);
}
