//! What every storage must do, written once and run against each.

use std::collections::BTreeSet;

use guidebook_domain::{DeviceId, GuideId, Hlc, MemberId, MemberProfile, OperationId, Outcome, Phone, StoreId, TenantId};
use guidebook_wire::CursorRecord;
use guidebook_wire::patch::Path;
use guidebook_wire::slices::slice_of;
use guidebook_wire::snapshot::SnapshotRecord;
use uuid::Uuid;

use super::devices::{Device, DeviceState};
use super::directory::{Guide, Store};
use super::feeds::{EntityKind, FeedHead, FeedRow};
use super::live::FeedPosition;
use super::members::{Member, Serving};
use super::needs::Needs;
use super::operations::Change;
use super::operations::StoredOperation;
use super::postgres::testing::TestSchema;
use super::restores::Restore;
use super::{Database, DatabaseExt, Result, SqliteDatabase, Tx, Write};
use crate::error::ServerError;

/// A retailer.
pub fn tenant(id: &str) -> TenantId {
    TenantId::new(id).unwrap()
}

/// A guide of each.
pub fn li() -> GuideId {
    GuideId::new("LI").unwrap()
}

/// A member of each.
pub fn m1() -> MemberId {
    MemberId::new("M1").unwrap()
}

/// Two tenants, each with a store, a guide and a member of the same ids.
pub fn furnish(db: &dyn Database) {
    db.writing(Write::Setup, |tx| {
        for id in ["A", "B"] {
            let tenant = tenant(id);
            assert!(tx.add_tenant(&tenant, Uuid::from_u128(1))?);
            assert!(!tx.add_tenant(&tenant, Uuid::from_u128(2))?);
            let store = StoreId::new("S1").unwrap();
            tx.put_store(&tenant, &Store { id: store.clone(), name: id.to_owned(), city: String::new(), time_zone: String::new() })?;
            let (brand, joined, left, left_at_hq, heir, until, level) = (None, None, None, None, None, None, None);
            tx.put_guide(&tenant, &Guide { id: li(), name: id.to_owned(), store, brand, joined, left, left_at_hq, heir, until, level })?;
            tx.put_member(&tenant, &member(id, "13800000001"))?;
        }
        Ok::<_, ServerError>(())
    })
    .unwrap();
}

/// [`m1`], with this name and phone.
pub fn member(name: &str, phone: &str) -> Member {
    let phone = Some(Phone::parse(phone).unwrap());
    Member::of(m1(), MemberProfile { name: name.into(), phone, ..MemberProfile::default() })
}

/// An operation on [`m1`].
pub fn operation(n: u64) -> StoredOperation {
    StoredOperation {
        id: OperationId::from_time(n, [1; 10]),
        device: DeviceId::HQ,
        sent_to: Some(m1()),
        sent_hlc: Hlc::from_bits(u64::MAX),
        operation: None,
        outcome: Outcome::Applied,
        position: 7,
        received_ms: 9,
    }
}

/// A line of the change log.
pub fn change(kind: &str) -> Change {
    let (kind, outcome) = (kind.to_owned(), "applied".to_owned());
    let (device, guide, detail) = (DeviceId::HQ, GuideId::hq(), serde_json::Value::Null);
    Change { seq: 0, at_ms: 1, device_ms: None, device, guide, op: None, member: None, kind, detail, outcome }
}

fn a_failed_write_leaves_nothing(db: &dyn Database) {
    let a = tenant("A");
    let failed: Result<()> = db.writing(Write::Round, |tx| {
        tx.put_feed_head(&a, &li(), &FeedHead { position: 1, ..FeedHead::default() })?;
        tx.put_feed_row(&a, &li(), &a_row("M1", EntityKind::Member, 1, true))?;
        tx.put_member(&a, &member("another", "13800000009"))?;
        tx.put_operation(&a, &operation(1))?;
        tx.log(&a, &change("never"))?;
        Err(ServerError::Task)
    });
    assert!(matches!(failed, Err(ServerError::Task)));
    db.reading(|tx| {
        assert_eq!((tx.feed_head(&a, &li())?, tx.operation(&a, operation(1).id)?), (FeedHead::default(), None));
        assert!(tx.changes_after(&a, 0, 9)?.is_empty());
        assert_eq!(&*tx.member(&a, &m1())?.unwrap().profile.name, "A");
        Ok::<_, ServerError>(())
    })
    .unwrap();
}

fn what_is_gathered_is_what_is_there(db: &dyn Database) {
    let (a, m2) = (tenant("A"), MemberId::new("M2").unwrap());
    let needs = Needs {
        guides: BTreeSet::from([li()]),
        // A file may name a guide whom nobody knows.
        feeds: BTreeSet::from([li(), GuideId::new("NOBODY").unwrap()]),
        tells: BTreeSet::from([(li(), m1()), (li(), m2.clone()), (GuideId::new("NOBODY").unwrap(), m1())]),
        members: BTreeSet::from([m1(), m2.clone(), MemberId::new("M-old").unwrap()]),
        phones: BTreeSet::from([Phone::parse("13800000001").unwrap()]),
        operations: BTreeSet::from([operation(2).id]),
    };
    let look = |tx: &mut dyn Tx| {
        tx.gather(&a, &needs)?;
        assert_eq!(&*tx.member(&a, &m1())?.unwrap().profile.name, "A");
        assert_eq!((tx.member(&a, &m2)?, tx.operation(&a, operation(2).id)?, tx.feed_head(&a, &li())?.position), (None, None, 0));
        assert_eq!((tx.servings(&a, &m1())?, tx.alias(&a, &m1())?), (vec![], None));
        assert!(!tx.serves(&a, &m1(), &li(), None)? && tx.members_of(&a, &li())?.is_empty());
        assert_eq!(tx.feed_row(&a, &li(), EntityKind::Member, m2.as_str())?, None);
        Ok::<_, ServerError>(())
    };
    db.reading(look).unwrap();
    db.writing(Write::Round, look).unwrap();
}

fn what_was_written_is_read_in_the_same_transaction(db: &dyn Database) {
    let (a, old) = (tenant("A"), MemberId::new("M-old").unwrap());
    let undone: Result<()> = db.writing(Write::Unmerge, |tx| {
        let more = Member { profile: MemberProfile { points: 7, ..member("A", "13800000001").profile }, ..member("A", "13800000001") };
        tx.put_member(&a, &more)?;
        assert_eq!((tx.member(&a, &m1())?, tx.members_after(&a, None, 9)?), (Some(more.clone()), vec![more]));
        tx.put_operation(&a, &operation(3))?;
        assert_eq!(tx.operation(&a, operation(3).id)?, Some(operation(3)));
        assert_eq!(tx.operations_sent_to(&a, &m1())?, [operation(3)]);
        tx.put_alias(&a, &old, &m1(), 5)?;
        assert_eq!((tx.alias(&a, &old)?, tx.losers_of(&a, &m1())?), (Some(m1()), vec![old.clone()]));
        tx.remove_alias(&a, &old)?;
        assert_eq!((tx.alias(&a, &old)?, tx.losers_of(&a, &m1())?), (None, vec![]));
        Err(ServerError::Task)
    });
    assert!(matches!(undone, Err(ServerError::Task)));
}

fn any_character_is_kept(db: &dyn Database) {
    let (a, id) = (tenant("A"), StoreId::new("S0").unwrap());
    let store = Store { id: id.clone(), name: "a\0b\u{10fffe}\u{1f980}".to_owned(), city: "\0".to_owned(), time_zone: String::new() };
    db.writing(Write::Import, |tx| tx.put_store(&a, &store)).unwrap();
    assert_eq!(db.reading(|tx| tx.store(&a, &id)).unwrap(), Some(store));
}

fn a_row(entity: &str, kind: EntityKind, position: u64, present: bool) -> FeedRow {
    FeedRow { kind, entity: entity.to_owned(), position, present, whole: position, parts: Vec::new() }
}

fn a_feed_holds_one_row_an_entity(db: &dyn Database) {
    let (a, b) = (tenant("A"), tenant("B"));
    let mut head = FeedHead { position: 4, ..FeedHead::default() };
    head.sums.add(&m1(), 3);
    let parts = vec![(Path::of(&["profile", "points"]), 4)];
    let changed = FeedRow { parts, whole: 1, ..a_row("M2", EntityKind::Member, 4, true) };
    let rows = db.writing(Write::Round, |tx| {
        tx.hold_feed_head(&a, &li())?;
        tx.put_feed_row(&a, &li(), &a_row("M1", EntityKind::Member, 1, true))?;
        tx.put_feed_row(&a, &li(), &a_row("M1", EntityKind::PersonalTag, 2, true))?;
        tx.put_feed_row(&a, &li(), &a_row("M1", EntityKind::Member, 3, false))?;
        tx.put_feed_row(&a, &li(), &changed)?;
        tx.put_feed_head(&a, &li(), &head)?;
        Ok::<_, ServerError>((tx.feed_after(&a, &li(), 2, 10)?, tx.feed_after(&a, &li(), 2, 1)?.len()))
    });
    assert_eq!(rows.unwrap(), (vec![a_row("M1", EntityKind::Member, 3, false), changed.clone()], 1));
    db.reading(|tx| {
        assert_eq!(tx.feed_head(&a, &li())?, head);
        assert_eq!(tx.feed_head(&b, &li())?, FeedHead::default());
        assert_eq!(tx.feed_row(&a, &li(), EntityKind::Member, "M2")?, Some(changed.clone()));
        assert_eq!(tx.feed_row(&b, &li(), EntityKind::Member, "M2")?, None);
        assert_eq!((tx.feed_count_after(&a, &li(), 0, 2)?, tx.feed_count_after(&a, &li(), 2, 9)?), (2, 2));
        assert_eq!((tx.feed_count_missing(&a, &li(), 0)?, tx.feed_count_missing(&a, &li(), 1)?), (3, 2));
        let in_slice = tx.feed_slice(&a, &li(), slice_of(&"M2".parse().unwrap()))?;
        assert_eq!(in_slice, std::slice::from_ref(&changed));
        // M2 is in the feed, but there is no such member.
        assert_eq!(tx.feed_members(&a, &li())?, []);
        Ok::<_, ServerError>(())
    })
    .unwrap();
    db.writing(Write::Round, |tx| tx.put_feed_row(&b, &li(), &a_row("M1", EntityKind::Member, 7, true))).unwrap();
    let members = db.reading(|tx| tx.feed_members(&b, &li())).unwrap();
    assert_eq!(members, [(7, member("B", "13800000001"))]);
}

fn a_snapshot_is_read_from_any_byte_on(db: &dyn Database) {
    let (a, b) = (tenant("A"), tenant("B"));
    let snapshot = |name: &str, position| SnapshotRecord { name: name.to_owned(), position, key: "k".to_owned(), chunks: Vec::new() };
    db.writing(Write::Snapshot, |tx| {
        tx.put_snapshot(&a, &li(), &snapshot("old", 3), b"old", 10)?;
        tx.put_snapshot(&a, &li(), &snapshot("new", 5), b"0123456789", 20)?;
        // The same again is the same.
        tx.put_snapshot(&a, &li(), &snapshot("new", 5), b"0123456789", 30)
    })
    .unwrap();
    db.reading(|tx| {
        assert_eq!(tx.newest_snapshot(&a, &li())?, Some(snapshot("new", 5)));
        assert_eq!(tx.newest_snapshot(&b, &li())?, None);
        assert_eq!(tx.snapshot_bytes("new", 7)?, Some((b"789".to_vec(), 10)));
        assert_eq!(tx.snapshot_bytes("new", 10)?, Some((Vec::new(), 10)));
        assert_eq!(tx.snapshot_bytes("none", 0)?, None);
        Ok::<_, ServerError>(())
    })
    .unwrap();
    db.writing(Write::Snapshot, |tx| tx.drop_snapshots(&a, &li(), 99)).unwrap();
    let left = db.reading(|tx| Ok::<_, ServerError>((tx.snapshot_bytes("old", 0)?, tx.snapshot_bytes("new", 0)?.is_some())));
    assert_eq!(left.unwrap(), (None, true));
}

fn an_epoch_ends_and_positions_leap(db: &dyn Database) {
    let a = tenant("A");
    let restore = Restore { before: Uuid::from_u128(1), forgotten_since_ms: 77 };
    let (before, after) = db
        .writing(Write::Restore, |tx| {
            let before = (tx.feed_head(&a, &li())?.position, tx.tenant(&a)?.unwrap().catalogue);
            tx.begin_epoch(&a, &restore, Uuid::from_u128(2))?;
            tx.leap(&a, 1000)?;
            Ok::<_, ServerError>((before, (tx.feed_head(&a, &li())?.position, tx.tenant(&a)?.unwrap().catalogue)))
        })
        .unwrap();
    assert_eq!(after, (before.0 + 1000, before.1 + 1000));
    let held = db.reading(|tx| Ok::<_, ServerError>((tx.tenant(&a)?.unwrap().epoch, tx.restores(&a)?, tx.restores(&tenant("B"))?)));
    assert_eq!(held.unwrap(), (Uuid::from_u128(2), vec![restore], vec![]));
}

fn a_look_up_by_phone_follows_the_member(db: &dyn Database) {
    let a = tenant("A");
    let found = |tx: &mut dyn Tx, phone: &str| tx.members_of_phone(&a, &Phone::parse(phone).unwrap());
    db.writing(Write::Import, |tx| {
        assert_eq!(found(tx, "13800000001")?, [m1()]);
        tx.put_member(&a, &member("A", "13800000002"))?;
        assert_eq!((found(tx, "13800000001")?, found(tx, "13800000002")?), (vec![], vec![m1()]));
        tx.put_member(&a, &Member { merged: true, ..member("A", "13800000002") })?;
        assert!(found(tx, "13800000002")?.is_empty() && tx.members_after(&a, None, 9)?.is_empty());
        assert_eq!(&*tx.member(&tenant("B"), &m1())?.unwrap().profile.name, "B");
        tx.put_member(&a, &member("A", "13800000002"))
    })
    .unwrap();
}

fn serving_has_a_beginning_and_an_end(db: &dyn Database) {
    let a = tenant("A");
    db.writing(Write::Ownership, |tx| {
        let serving = Serving { guide: li(), source: "hq".to_owned(), from_ms: 10, entered: 3 };
        tx.put_serving(&a, &m1(), &serving, None)?;
        assert_eq!((tx.servings(&a, &m1())?, tx.members_of(&a, &li())?), (vec![serving], vec![m1()]));
        assert!(tx.end_serving(&a, &m1(), &li(), 20)?);
        assert!(!tx.end_serving(&a, &m1(), &li(), 20)?);
        assert!(!tx.serves(&a, &m1(), &li(), None)? && tx.serves(&a, &m1(), &li(), Some(20))? && !tx.serves(&a, &m1(), &li(), Some(21))?);
        assert!(!tx.serves(&tenant("B"), &m1(), &li(), Some(0))?);
        Ok::<_, ServerError>(())
    })
    .unwrap();
}

fn an_operation_is_kept_as_it_was_whatever_its_clock(db: &dyn Database) {
    let a = tenant("A");
    let stored = operation(4);
    db.writing(Write::Round, |tx| {
        tx.put_operation(&a, &stored)?;
        assert_eq!(tx.operation(&a, stored.id)?, Some(stored.clone()));
        assert_eq!(tx.operations_sent_to(&a, &m1())?, std::slice::from_ref(&stored));
        assert_eq!(tx.operation(&tenant("B"), stored.id)?, None);
        Ok::<_, ServerError>(())
    })
    .unwrap();
}

fn an_import_sees_a_key_once_a_run(db: &dyn Database) {
    let (a, run, other) = (tenant("A"), Uuid::from_u128(1), Uuid::from_u128(2));
    db.writing(Write::Import, |tx| {
        tx.start_run(&a, run, "members", 100)?;
        tx.start_run(&a, other, "members", 200)?;
        assert_eq!((tx.see(&a, run, "k", 3)?, tx.see(&a, run, "k", 4)?, tx.see(&a, other, "k", 5)?), (None, Some(3), None));
        tx.forget_seen(&a, run, 150)?;
        assert_eq!((tx.seen(&a, run, "k")?, tx.seen(&a, other, "k")?), (None, Some(5)));
        assert!(!tx.run_exists(&tenant("B"), run)?);
        Ok::<_, ServerError>(())
    })
    .unwrap();
}

fn buyers_are_noted_once_until_they_are_counted(db: &dyn Database) {
    let (a, b) = (tenant("A"), tenant("B"));
    let (m2, nobody) = (MemberId::new("M2").unwrap(), MemberId::new("M3").unwrap());
    db.writing(Write::Import, |tx| {
        // She was merged.
        tx.put_alias(&a, &m2, &m1(), 5)?;
        tx.note_buyers(&a, &[nobody.clone()].into())?;
        tx.note_buyers(&b, &[m1()].into())?;
        tx.note_buyers(&a, &[m2.clone(), m1()].into())?;
        tx.note_buyers(&a, &[m1()].into())?;
        tx.note_buyers(&a, &[].into())?;
        assert_eq!(tx.noted_buyers(2)?, [(a.clone(), m1()), (a.clone(), m2.clone())]);
        tx.forget_buyers(&a, &[m1(), m2.clone()].into())?;
        assert_eq!(tx.noted_buyers(2)?, [(b.clone(), m1())]);
        tx.forget_buyers(&b, &[m1()].into())?;
        tx.forget_buyers(&b, &[].into())?;
        tx.remove_alias(&a, &m2)
    })
    .unwrap();
}

fn feeds_of_those_who_wait_are_read_at_once(db: &dyn Database) {
    let (a, b) = (tenant("A"), tenant("B"));
    let device = |n: u128| DeviceId::from_uuid(Uuid::from_u128(n));
    let enrolled = |tenant: &TenantId, n: u128, state: DeviceState| Device {
        tenant: tenant.clone(),
        id: device(n),
        guide: li(),
        public_key: [n as u8; 32],
        name: String::new(),
        state,
        enrolled_ms: 1,
        last_seen_ms: 1,
        last_hlc: Hlc::default(),
        cursor: CursorRecord::default(),
    };
    let expected = db
        .writing(Write::Enrol, |tx| {
            for (tenant, n, state) in
                [(&a, 71, DeviceState::Active), (&b, 72, DeviceState::Closing { at_ms: 5 }), (&b, 73, DeviceState::Revoked)]
            {
                tx.put_device(&enrolled(tenant, n, state))?;
            }
            let mut expected = Vec::new();
            for (tenant, n, active) in [(&a, 71, true), (&b, 72, false), (&b, 73, false)] {
                let (row, feed) = (tx.tenant(tenant)?.unwrap(), tx.feed_head(tenant, &li())?.position);
                let newest = CursorRecord { feed, catalogue: row.catalogue };
                expected.push(FeedPosition { device: device(n), active, epoch: row.epoch, newest });
            }
            Ok::<_, ServerError>(expected)
        })
        .unwrap();
    assert!(expected[0].newest.feed > 1_000 && expected[1].newest.feed == 0, "one feed that moved, and one that never did");
    let asked = [device(73), device(70), device(72), device(71)];
    let mut found = db.reading(|tx| tx.feed_positions(&asked)).unwrap();
    found.sort_by_key(|at| at.device);
    assert_eq!(found, expected);
    assert_eq!(db.reading(|tx| tx.feed_positions(&[])).unwrap(), []);
}

fn conforms(db: &dyn Database) {
    furnish(db);
    a_failed_write_leaves_nothing(db);
    what_is_gathered_is_what_is_there(db);
    what_was_written_is_read_in_the_same_transaction(db);
    any_character_is_kept(db);
    a_feed_holds_one_row_an_entity(db);
    a_snapshot_is_read_from_any_byte_on(db);
    a_look_up_by_phone_follows_the_member(db);
    serving_has_a_beginning_and_an_end(db);
    an_operation_is_kept_as_it_was_whatever_its_clock(db);
    an_import_sees_a_key_once_a_run(db);
    buyers_are_noted_once_until_they_are_counted(db);
    an_epoch_ends_and_positions_leap(db);
    feeds_of_those_who_wait_are_read_at_once(db);
    super::conformance_purchases::conforms(db);
    super::conformance_coupons::conforms(db);
    super::conformance_rails::conforms(db);
    super::conformance_ownership::conforms(db);
    super::conformance_standing::conforms(db);
}

#[test]
fn sqlite_in_memory_conforms() {
    conforms(&SqliteDatabase::in_memory().unwrap());
}

#[test]
fn sqlite_in_a_file_conforms_and_remembers() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("guidebook.db");
    conforms(&SqliteDatabase::open(&path).unwrap());
    let reopened = SqliteDatabase::open(&path).unwrap();
    assert_eq!(reopened.reading(|tx| tx.feed_head(&tenant("A"), &li())).unwrap().position, 1004);
}

#[test]
fn postgres_conforms_and_remembers() {
    let Some(schema) = TestSchema::new() else { return };
    conforms(&schema.open());
    assert_eq!(schema.open().reading(|tx| tx.feed_head(&tenant("A"), &li())).unwrap().position, 1004);
}

#[test]
fn names_of_writes_are_unique() {
    let names: BTreeSet<_> = Write::ALL.iter().map(|write| write.before_commit()).collect();
    assert_eq!(names.len(), Write::ALL.len());
}
