//! What a book does with snapshots, changed fields, sums and a restored server.

#![allow(clippy::unwrap_used)]

use guidebook_domain::{Edit, GuideId, MemberId, MemberProfile, MemberState, OperationId, Outcome, Private, StoreId, TenantId};
use guidebook_store::search::{Query, Sort};
use guidebook_store::{Identity, Key, Moment, Store, StoreError};
use guidebook_wire::patch::MemberPatch;
use guidebook_wire::slices::slice_of;
use guidebook_wire::snapshot::{ChunkRecord, SnapshotMember, SnapshotRecord};
use guidebook_wire::{ChangeRecord, CursorRecord, GuideRecord, MemberRecord, OutcomeRecord, ReceiptRecord, RoundAnswerRecord};
use serde_json::json;
use uuid::Uuid;

const NOW: u64 = 1_800_000_000_000;

fn id(n: u64) -> MemberId {
    MemberId::new(format!("M{n}")).unwrap()
}

fn a_member(n: u64) -> MemberRecord {
    let profile = MemberProfile { name: Private::new(format!("王{n}")), points: n as i64, ..Default::default() };
    MemberRecord::new(id(n), profile, MemberState::default())
}

fn an_answer() -> RoundAnswerRecord {
    RoundAnswerRecord { server_ms: NOW, ..RoundAnswerRecord::default() }
}

fn at(feed: u64) -> Option<CursorRecord> {
    Some(CursorRecord { feed, catalogue: 1 })
}

fn members(numbers: impl IntoIterator<Item = u64>) -> Vec<ChangeRecord> {
    numbers.into_iter().map(|n| ChangeRecord::Member(Box::new(a_member(n)))).collect()
}

/// An enrolled book in epoch 1 with the members 1 to 9, each at her number's position.
fn a_book(folder: &std::path::Path) -> Store {
    let mut store = Store::open(&folder.join("book.db"), &Key::from_bytes(&[1; 32]).unwrap()).unwrap();
    let guide = GuideRecord {
        id: GuideId::new("G1").unwrap(),
        name: "Li".into(),
        store: StoreId::new("S1").unwrap(),
        brand: None,
        until: None,
        level: None,
    };
    let identity = Identity {
        server: "https://guidebook.example".into(),
        tenant: TenantId::new("rainbow").unwrap(),
        guide,
        device: guidebook_domain::DeviceId::from_uuid(Uuid::from_u128(1)),
        secret_key: [3; 32],
    };
    store.set_identity(identity, NOW, NOW).unwrap();
    let epoch = Some(Uuid::from_u128(1));
    let (changes, positions) = (members(1..=9), vec![1; 9]);
    store.absorb(RoundAnswerRecord { epoch, changes, positions, cursor: at(9), ..an_answer() }, NOW).unwrap();
    store
}

fn reopened(folder: &std::path::Path) -> Store {
    Store::open(&folder.join("book.db"), &Key::from_bytes(&[1; 32]).unwrap()).unwrap()
}

fn total(store: &Store, text: &str) -> usize {
    let query = Query { text: text.into(), tags: None, birthday: None, due_by: None, sort: Sort::Name, offset: 0, limit: 50 };
    store.search(&query).total
}

fn moment(n: u8) -> Moment {
    Moment { wall_ms: NOW, random: [n; 10] }
}

fn note(store: &mut Store, n: u64, text: &str) -> OperationId {
    store.edit(&id(n), Edit::Note { text: Private::new(text) }, moment(n as u8)).unwrap()
}

fn applied(op: OperationId, position: u64) -> ReceiptRecord {
    ReceiptRecord { op, outcome: OutcomeRecord::Known(Outcome::Applied), position }
}

/// A snapshot at `position` in chunks of these members.
fn a_snapshot(position: u64, chunks: &[&[u64]]) -> (SnapshotRecord, Vec<Vec<SnapshotMember>>) {
    let record = SnapshotRecord {
        name: format!("snapshot at {position}"),
        position,
        key: "k".into(),
        chunks: chunks.iter().map(|chunk| ChunkRecord { bytes: 1, members: chunk.len() as u32 }).collect(),
    };
    let member = |n: &u64| SnapshotMember { position: 100 + n, record: a_member(*n) };
    (record, chunks.iter().map(|chunk| chunk.iter().map(member).collect()).collect())
}

#[test]
fn a_snapshot_survives_a_kill_between_chunks_and_sweeps_out_who_is_not_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_book(folder.path());
    let op = note(&mut store, 3, "喜欢红色");
    let (record, mut chunks) = a_snapshot(200, &[&[11, 12], &[3, 13], &[14]]);
    let offer = || RoundAnswerRecord { snapshot: Some(record.clone()), ..an_answer() };
    assert!(store.absorb(RoundAnswerRecord { receipts: vec![applied(op, 150)], ..offer() }, NOW).unwrap().snapshot);
    store.absorb_chunk(chunks.remove(0), NOW).unwrap();
    assert_eq!(store.standing().cursor.feed, 9);
    drop(store);
    let mut store = reopened(folder.path());
    assert_eq!(store.incoming().unwrap().next, 1);
    // The server offers the same again: nothing that came is asked for twice.
    store.absorb(offer(), NOW).unwrap();
    assert_eq!(store.incoming().unwrap().next, 1);
    store.absorb_chunk(chunks.remove(0), NOW).unwrap();
    let changed = store.absorb_chunk(chunks.remove(0), NOW).unwrap();
    assert!(store.incoming().is_none() && changed.more && changed.members.contains(&id(1)));
    assert_eq!((store.standing().cursor.feed, store.member_count(), total(&store, "王")), (200, 5, 5));
    assert!(store.member(&id(1)).is_err());
    // The note on member 3, contained at 150, shows no more on top of what the snapshot says.
    assert!(store.member(&id(3)).unwrap().record.state.notes.is_empty());
    let sums = store.sums();
    drop(store);
    assert_eq!(reopened(folder.path()).sums(), sums);
}

#[test]
fn a_book_that_begins_finds_the_first_chunk_before_the_rest_has_come() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_book(folder.path());
    let (empty, mut none) = a_snapshot(50, &[&[]]);
    store.absorb(RoundAnswerRecord { snapshot: Some(empty), ..an_answer() }, NOW).unwrap();
    store.absorb_chunk(none.remove(0), NOW).unwrap();
    assert_eq!(store.member_count(), 0);
    let (record, mut chunks) = a_snapshot(200, &[&[21, 22], &[23]]);
    store.absorb(RoundAnswerRecord { snapshot: Some(record), ..an_answer() }, NOW).unwrap();
    store.absorb_chunk(chunks.remove(0), NOW).unwrap();
    assert_eq!(total(&store, "王2"), 2);
    note(&mut store, 21, "x");
    store.absorb_chunk(chunks.remove(0), NOW).unwrap();
    assert_eq!((total(&store, "王2"), store.member(&id(21)).unwrap().waiting), (3, 1));
}

#[test]
fn a_snapshot_that_is_offered_no_more_sweeps_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_book(folder.path());
    let (record, mut chunks) = a_snapshot(200, &[&[1], &[2]]);
    store.absorb(RoundAnswerRecord { snapshot: Some(record), ..an_answer() }, NOW).unwrap();
    store.absorb_chunk(chunks.remove(0), NOW).unwrap();
    let changed = store.absorb(an_answer(), NOW).unwrap();
    assert!(changed.more && store.standing().compare);
    assert_eq!(store.member_count(), 9);
}

#[test]
fn who_was_handed_away_after_her_edit_was_taken_goes_with_the_pages_after_a_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_book(folder.path());
    let (stays, goes) = (note(&mut store, 1, "x"), note(&mut store, 2, "x"));
    let (record, mut chunks) = a_snapshot(200, &[&[3]]);
    let receipts = vec![applied(stays, 201), applied(goes, 202)];
    store.absorb(RoundAnswerRecord { receipts, snapshot: Some(record), ..an_answer() }, NOW).unwrap();
    store.absorb_chunk(chunks.remove(0), NOW).unwrap();
    // Both may come yet.
    assert_eq!(store.member_count(), 3);
    let page = |more, changes: Vec<ChangeRecord>| RoundAnswerRecord { positions: vec![201; changes.len()], changes, more, ..an_answer() };
    store.absorb(page(true, vec![]), NOW).unwrap();
    assert_eq!(store.member_count(), 3);
    let changed = store.absorb(RoundAnswerRecord { cursor: at(202), ..page(false, members([1])) }, NOW).unwrap();
    assert!(changed.members.contains(&id(2)) && store.member(&id(1)).is_ok() && store.member(&id(2)).is_err());
    assert_eq!((store.member_count(), reopened(folder.path()).member_count()), (2, 2));
}

#[test]
fn a_member_whose_merge_was_undone_is_herself_again_when_she_comes_with_a_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_book(folder.path());
    note(&mut store, 1, "喜欢红色");
    let merged = vec![ChangeRecord::MemberGone { id: id(1), became: Some(id(2)) }];
    store.absorb(RoundAnswerRecord { changes: merged, positions: vec![10], cursor: at(10), ..an_answer() }, NOW).unwrap();
    let (record, mut chunks) = a_snapshot(200, &[&[2, 1], &[3]]);
    store.absorb(RoundAnswerRecord { snapshot: Some(record), ..an_answer() }, NOW).unwrap();
    assert_eq!(store.member(&id(2)).unwrap().waiting, 1);
    let changed = store.absorb_chunk(chunks.remove(0), NOW).unwrap();
    assert!(changed.members.contains(&id(2)));
    for store in [store, reopened(folder.path())] {
        let one = store.member(&id(1)).unwrap();
        assert_eq!((&one.record.id, one.waiting, one.record.state.notes.len()), (&id(1), 1, 1));
        let two = store.member(&id(2)).unwrap();
        assert_eq!((two.waiting, two.record.state.notes.len()), (0, 0));
    }
}

#[test]
fn changed_fields_are_put_into_the_record_and_a_stranger_s_ask_for_a_comparison() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_book(folder.path());
    let patch = |n: u64| ChangeRecord::MemberChanged { id: id(n), patch: MemberPatch(json!({"profile": {"points": 77}})) };
    let before = store.sums();
    store.absorb(RoundAnswerRecord { changes: vec![patch(3)], positions: vec![10], cursor: at(10), ..an_answer() }, NOW).unwrap();
    let record = store.member(&id(3)).unwrap().record;
    assert_eq!((record.profile.points, &record.profile.name), (77, &Private::new("王3")));
    assert_eq!(before.unlike(&store.sums()), [slice_of(&id(3))]);
    assert!(!store.standing().compare);
    store.absorb(RoundAnswerRecord { changes: vec![patch(99)], positions: vec![11], cursor: at(11), ..an_answer() }, NOW).unwrap();
    assert!(store.standing().compare);
}

fn a_walk_in() -> guidebook_domain::Walkin {
    guidebook_domain::Walkin {
        name: "赵敏".into(),
        phone: guidebook_domain::Phone::parse("13700002222").unwrap(),
        gender: None,
        birthday: None,
        store: StoreId::new("S1").unwrap(),
        consents: guidebook_domain::Consents { membership: true, ..Default::default() },
    }
}

#[test]
fn a_walk_in_who_waited_through_a_snapshot_goes_if_she_has_not_come_when_she_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_book(folder.path());
    let (walk_in, enrolment) = store.enrol_walk_in(a_walk_in(), moment(1)).unwrap();
    let (record, mut chunks) = a_snapshot(200, &[&[3]]);
    store.absorb(RoundAnswerRecord { snapshot: Some(record), ..an_answer() }, NOW).unwrap();
    store.absorb_chunk(chunks.remove(0), NOW).unwrap();
    store.absorb(an_answer(), NOW).unwrap();
    assert_eq!(store.member_count(), 2, "the server has not heard of her");
    let mut store = reopened(folder.path());
    // It had: the answer was lost, and she was handed away before the snapshot was taken.
    let answer = || RoundAnswerRecord { receipts: vec![applied(enrolment, 200)], cursor: at(200), ..an_answer() };
    let more = RoundAnswerRecord { more: true, ..answer() };
    store.absorb(more, NOW).unwrap();
    assert_eq!(store.member_count(), 2, "she may come with the next page");
    let changed = store.absorb(answer(), NOW).unwrap();
    assert!(changed.members.contains(&walk_in) && store.member(&walk_in).is_err());
    assert!(!store.standing().sweeping);
}

#[test]
fn a_walk_in_who_waited_through_a_snapshot_goes_though_another_one_was_begun_and_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_book(folder.path());
    let (walk_in, enrolment) = store.enrol_walk_in(a_walk_in(), moment(1)).unwrap();
    let offer = |record: SnapshotRecord| RoundAnswerRecord { snapshot: Some(record), ..an_answer() };
    let (first, mut chunks) = a_snapshot(200, &[&[3, 4]]);
    store.absorb(offer(first), NOW).unwrap();
    store.absorb_chunk(chunks.remove(0), NOW).unwrap();
    let (second, mut chunks) = a_snapshot(300, &[&[3], &[4]]);
    store.absorb(offer(second), NOW).unwrap();
    store.absorb_chunk(chunks.remove(0), NOW).unwrap();
    store.absorb(an_answer(), NOW).unwrap();
    assert_eq!(store.member_count(), 3, "the server has not heard of her, and member 4 has only not come again");
    let mut store = reopened(folder.path());
    // It had: the answer was lost, and she was handed away before the first snapshot was taken.
    let answer = RoundAnswerRecord { receipts: vec![applied(enrolment, 200)], cursor: at(200), ..an_answer() };
    let changed = store.absorb(answer, NOW).unwrap();
    assert!(changed.members.contains(&walk_in) && store.member(&walk_in).is_err());
    assert_eq!(store.member_count(), 2);
    assert!(!store.standing().sweeping);
}

#[test]
fn a_slice_that_comes_whole_takes_out_who_did_not_come_but_no_unsent_walk_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_book(folder.path());
    let (walk_in, _) = store.enrol_walk_in(a_walk_in(), moment(1)).unwrap();
    let slices = vec![slice_of(&id(4)), slice_of(&walk_in)];
    let answer = RoundAnswerRecord { slices: slices.clone(), ..an_answer() };
    let changed = store.absorb(answer, NOW).unwrap();
    let in_slices = (1..=9).filter(|n| slices.contains(&slice_of(&id(*n)))).count();
    assert_eq!(store.member_count(), 9 - in_slices + 1);
    assert!(changed.members.contains(&id(4)) && store.member(&walk_in).is_ok());
}

#[test]
fn after_a_restore_only_what_was_answered_since_is_sent_again_and_shows_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_book(folder.path());
    let old = note(&mut store, 1, "old");
    store.absorb(RoundAnswerRecord { receipts: vec![applied(old, 10)], server_ms: NOW + 10, cursor: at(10), ..an_answer() }, NOW).unwrap();
    let new = note(&mut store, 2, "new");
    store.absorb(RoundAnswerRecord { receipts: vec![applied(new, 11)], server_ms: NOW + 20, cursor: at(11), ..an_answer() }, NOW).unwrap();
    assert!(store.member(&id(2)).unwrap().record.state.notes.is_empty());
    let restored = RoundAnswerRecord {
        epoch: Some(Uuid::from_u128(2)),
        forgotten_since_ms: Some(NOW + 15),
        compare: true,
        cursor: at(1 << 33),
        ..an_answer()
    };
    let changed = store.absorb(restored, NOW).unwrap();
    assert!(changed.more && changed.operations.contains(&new) && !changed.operations.contains(&old));
    let waiting: Vec<OperationId> = store.next_push().unwrap().into_iter().map(|operation| operation.id).collect();
    assert_eq!(waiting, [new]);
    assert_eq!(store.member(&id(2)).unwrap().record.state.notes.len(), 1);
    assert_eq!(store.member_count(), 9);
}

#[test]
fn after_a_restore_a_walk_in_who_was_answered_and_never_came_is_compared_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_book(folder.path());
    let told = store.sums();
    let (wu, enrolment) = store.enrol_walk_in(a_walk_in(), moment(1)).unwrap();
    assert_eq!(store.sums(), told, "no server can know of her");
    // She was enrolled by a request whose answer was lost, and is another guide's since. The restored server's feed goes on
    // from its head, and so never says that she is gone.
    let epoch = Some(Uuid::from_u128(2));
    let restored = RoundAnswerRecord { epoch, receipts: vec![applied(enrolment, 70)], cursor: at(70), compare: true, ..an_answer() };
    store.absorb(restored, NOW).unwrap();
    assert_eq!(store.sums().unlike(&told), [slice_of(&wu)]);
    drop(store);
    let mut store = reopened(folder.path());
    assert_eq!(store.sums().unlike(&told), [slice_of(&wu)]);
    let neighbours = (1..=9).filter(|n| slice_of(&id(*n)) == slice_of(&wu));
    let (changes, slices) = (members(neighbours), vec![slice_of(&wu)]);
    store.absorb(RoundAnswerRecord { changes, slices, cursor: at(70), ..an_answer() }, NOW).unwrap();
    assert!(store.member(&wu).is_err() && store.member_count() == 9);
}

#[test]
fn a_member_whose_last_day_is_over_is_hidden_without_a_network_until_the_clock_or_hq_says_otherwise() {
    const DAY: u64 = 24 * 3_600_000;
    /// 2026-10-08T00:00 in Shanghai.
    const MIDNIGHT: u64 = 1_791_388_800_000;
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_book(folder.path());
    let bound = |until: &str| {
        let mut member = a_member(7);
        member.set_until(until.parse().ok());
        ChangeRecord::Member(Box::new(member))
    };
    let contact = |store: &mut Store, server_ms: u64, feed: u64, changes: Vec<ChangeRecord>| {
        store.absorb(RoundAnswerRecord { server_ms, cursor: at(feed), changes, ..an_answer() }, server_ms).unwrap();
    };
    contact(&mut store, MIDNIGHT - DAY, 90, vec![bound("2026-10-07")]);
    let all = total(&store, "");
    let sees = |store: &Store| (total(store, "") == all, store.member(&id(7)).is_ok());
    assert_eq!(sees(&store), (true, true));
    store.look_at_clocks(MIDNIGHT - DAY, 1_000);
    store.look_at_clocks(MIDNIGHT - DAY, 1_000 + DAY - 1);
    assert_eq!(sees(&store), (true, true));
    store.look_at_clocks(MIDNIGHT - DAY, 1_000 + DAY);
    assert_eq!((sees(&store), total(&store, "")), ((false, false), all - 1));
    // She can't be edited, and an opening changes nothing.
    let refused = store.edit(&id(7), Edit::Note { text: "x".into() }, moment(9));
    assert!(matches!(refused, Err(StoreError::NotFound)));
    drop(store);
    let mut store = reopened(folder.path());
    store.look_at_clocks(MIDNIGHT, 1_000 + DAY);
    assert_eq!(sees(&store), (false, false));
    // The phone's clock was wrong: a contact tells, and she is back.
    contact(&mut store, MIDNIGHT - DAY, 91, vec![]);
    assert_eq!(sees(&store), (true, true));
    // HQ lets her stay longer, and then for good.
    contact(&mut store, MIDNIGHT, 92, vec![]);
    assert_eq!(sees(&store), (false, false));
    contact(&mut store, MIDNIGHT, 93, vec![bound("2026-10-08")]);
    assert_eq!(sees(&store), (true, true));
    contact(&mut store, MIDNIGHT + DAY, 94, vec![bound("never")]);
    assert_eq!(sees(&store), (true, true));
}
