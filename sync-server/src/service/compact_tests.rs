//! Rounds of protocol 2: changed fields, sums, restores and snapshots.

use guidebook_domain::{Edit, MemberId, MemberProfile, Operation, TagId};
use guidebook_wire::protocol::PROTOCOL;
use guidebook_wire::slices::{SliceSums, slice_of};
use guidebook_wire::snapshot::{open_chunk, read_chunk};
use guidebook_wire::{ChangeRecord, OperationRecord, RoundAnswerRecord, RoundRecord};

use super::round::round;
use super::testing::{NOW, TestPhone, World, members, note};
use crate::db::members::Member;
use crate::db::{DatabaseExt, Write};
use crate::import::read::Table;

/// A phone of the newest protocol.
fn a_phone(world: &mut World, guide: &str) -> TestPhone {
    TestPhone { protocol: PROTOCOL, ..world.phone(guide) }
}

#[test]
fn a_phone_is_told_only_the_fields_that_changed() {
    let mut world = World::new();
    let (mut li, mut chen) = (a_phone(&mut world, "LI"), a_phone(&mut world, "CHEN"));
    crate::hq::assign::assign(&world.db, &world.tenant, &"M1".parse().unwrap(), &chen.who.guide, NOW).unwrap();
    let before = members(&li.round(&world.db, &[]).unwrap())[0].clone();
    let mine = world.edit(&chen, "M1", NOW, note("喜欢红色"));
    let secret = Edit::PersonalTag { tag: TagId::personal(&chen.who.guide, mine.id).unwrap(), name: "老友".into() };
    let secret = world.edit(&chen, "none", NOW, secret);
    let secret = Operation { member: None, ..secret };
    let put_on = Edit::Tag { tag: TagId::personal(&chen.who.guide, mine.id).unwrap(), on: true };
    let put_on = world.edit(&chen, "M1", NOW, put_on);
    let answer = chen.round(&world.db, &[&mine, &secret, &put_on]).unwrap();
    assert!(answer.receipts.is_empty() && answer.applied_at.is_some());
    let answer = li.round(&world.db, &[]).unwrap();
    let [ChangeRecord::MemberChanged { id, patch }] = answer.changes.as_slice() else { panic!("{:?}", answer.changes) };
    assert_eq!(id.as_str(), "M1");
    let fields: Vec<&str> = patch.0["state"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((patch.0.as_object().unwrap().len(), fields), (1, vec!["notes"]));
    let after = patch.clone().apply(&before).unwrap();
    assert_eq!(after.state.notes[&mine.id].text, "喜欢红色".into());
    // Nothing is said twice, and nothing is left to say.
    let answer = li.round(&world.db, &[]).unwrap();
    assert_eq!((answer.epoch, answer.cursor, answer.changes.len()), (None, None, 0));
}

#[test]
fn sums_that_differ_bring_the_slices_that_do() {
    let mut world = World::new();
    let mut li = a_phone(&mut world, "LI");
    li.round(&world.db, &[]).unwrap();
    let head = world.db.reading(|tx| tx.feed_head(&world.tenant, &li.who.guide)).unwrap();
    let ask = |total: String, sums: Option<SliceSums>, li: &TestPhone| {
        let (epoch, cursor) = (li.epoch, li.cursor);
        let record = RoundRecord { protocol: PROTOCOL, epoch, cursor, total: Some(total), sums, ..RoundRecord::default() };
        round(&world.db, &li.who, &record, NOW).unwrap()
    };
    assert!(!ask(head.sums.total(), None, &li).compare);
    let empty = SliceSums::default();
    assert!(ask(empty.total(), None, &li).compare);
    let repaired = ask(empty.total(), Some(empty), &li);
    assert_eq!(repaired.slices, [slice_of(&"M1".parse().unwrap())]);
    assert_eq!((members(&repaired).len(), repaired.more, repaired.compare), (1, false, false));
    let mut positions = SliceSums::default();
    repaired.member_positions().zip(members(&repaired)).for_each(|(position, member)| positions.add(&member.id, position));
    assert_eq!(positions, head.sums);
}

#[test]
fn changed_fields_are_those_since_the_phone_had_everything() {
    let mut world = World::new();
    let mut li = a_phone(&mut world, "LI");
    li.round(&world.db, &[]).unwrap();
    let had_all_at = li.cursor.feed;
    let first = world.edit(&li, "M1", NOW, note("first"));
    li.round(&world.db, &[&first]).unwrap();
    // Another phone of hers was amid pages up to here when she changed once more, and so has not heard of the first.
    let amid = li.cursor;
    let second = world.edit(&li, "M1", NOW + 1, note("second"));
    li.round(&world.db, &[&second]).unwrap();
    let notes = |whole: Option<u64>| {
        let record = RoundRecord { protocol: PROTOCOL, epoch: li.epoch, cursor: amid, whole, ..RoundRecord::default() };
        match round(&world.db, &li.who, &record, NOW).unwrap().changes.as_slice() {
            [ChangeRecord::MemberChanged { patch, .. }] => patch.0["state"]["notes"].as_object().unwrap().len(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((notes(None), notes(Some(had_all_at))), (1, 2));
}

/// A push by a phone that writes out its own edits itself: what it asked, and the answer.
fn terse_push(world: &World, li: &TestPhone, operation: &Operation) -> (RoundRecord, RoundAnswerRecord) {
    let operations = vec![OperationRecord::Known(Box::new(operation.clone()))];
    let (epoch, cursor) = (li.epoch, li.cursor);
    let record = RoundRecord { protocol: PROTOCOL, epoch, cursor, terse: true, operations, ..RoundRecord::default() };
    let answer = round(&world.db, &li.who, &record, NOW).unwrap();
    (record, answer)
}

#[test]
fn what_a_terse_phone_did_itself_is_said_by_its_place_and_what_another_did_beside_is_written_out() {
    let mut world = World::new();
    let (mut li, mut twin) = (a_phone(&mut world, "LI"), a_phone(&mut world, "LI"));
    li.round(&world.db, &[]).unwrap();
    twin.round(&world.db, &[]).unwrap();
    let mine = world.edit(&li, "M1", NOW, note("mine"));
    let (record, mut answer) = terse_push(&world, &li, &mine);
    assert_eq!(answer.changes, [ChangeRecord::Own(vec![0])]);
    assert_eq!(answer.positions.len(), 1);
    answer.expand(&record);
    let [ChangeRecord::MemberChanged { patch, .. }] = answer.changes.as_slice() else { panic!("{:?}", answer.changes) };
    assert_eq!(patch.0["state"]["notes"][mine.id.to_string()]["text"], "mine");
    // Her other phone writes on the same member, of which this one has not heard.
    li.cursor = answer.cursor.unwrap();
    let other = world.edit(&twin, "M1", NOW + 1, note("other"));
    twin.round(&world.db, &[&other]).unwrap();
    let second = world.edit(&li, "M1", NOW + 2, note("second"));
    let (_, answer) = terse_push(&world, &li, &second);
    let [ChangeRecord::MemberChanged { patch, .. }] = answer.changes.as_slice() else { panic!("{:?}", answer.changes) };
    assert_eq!(patch.0["state"]["notes"].as_object().unwrap().len(), 2);
    // A fast clock is filed at another time than it says, so the phone could not know.
    li.cursor = answer.cursor.unwrap();
    let fast = world.edit(&li, "M1", NOW + 3_600_000, note("fast"));
    let (_, answer) = terse_push(&world, &li, &fast);
    assert!(matches!(answer.changes.as_slice(), [ChangeRecord::MemberChanged { .. }]));
}

#[test]
fn after_a_restore_a_phone_compares_and_sends_again_what_was_forgotten() {
    let mut world = World::new();
    let mut li = a_phone(&mut world, "LI");
    let op = world.edit(&li, "M1", NOW, note("x"));
    li.round_at(&world.db, &[&op], NOW + 5).unwrap();
    let before = li.cursor;
    let old = li.epoch;
    crate::service::restore::begin_epoch(&world.db, &world.tenant, [7; 20], NOW + 9).unwrap();
    let answer = li.round(&world.db, &[]).unwrap();
    assert_eq!((answer.compare, answer.forgotten_since_ms), (true, Some(NOW + 5)));
    assert!(answer.epoch.is_some() && answer.epoch != old);
    // No position is ever given out twice, so the cursor stands.
    let head = world.db.reading(|tx| tx.feed_head(&world.tenant, &li.who.guide)).unwrap();
    assert!(li.cursor.feed == before.feed && head.position > before.feed + (1 << 32));
    // HQ's cursor goes on: the line of the restore lies behind all that was ever told.
    let log = crate::hq::tell::changes(&world.db, &world.tenant, 0, 1000).unwrap().changes;
    assert!(log.last().unwrap().kind == "restore" && log.last().unwrap().seq > log[log.len() - 2].seq + (1 << 32));
    // One that missed two restores hears of the older one.
    crate::service::restore::begin_epoch(&world.db, &world.tenant, [8; 20], NOW + 99).unwrap();
    li.epoch = old;
    assert_eq!(li.round(&world.db, &[]).unwrap().forgotten_since_ms, Some(NOW + 5));
    // So does one of an epoch that the backup does not know: it may have begun between the two.
    li.epoch = Some(uuid::Uuid::from_u128(77));
    assert_eq!(li.round(&world.db, &[]).unwrap().forgotten_since_ms, Some(NOW + 5));
}

#[test]
fn a_feed_that_was_empty_in_the_backup_begins_where_no_position_was_given_out() {
    let mut world = World::new();
    let assign = |world: &World, guide: &str| {
        crate::hq::assign::assign(&world.db, &world.tenant, &"M1".parse().unwrap(), &guide.parse().unwrap(), NOW).unwrap();
        world.db.reading(|tx| tx.feed_head(&world.tenant, &guide.parse().unwrap())).unwrap().position
    };
    world.import(Table::Guides, "工号,姓名,门店号,品牌号,入职日期,离职日期\nNEW,新,S1,,,\nNEWER,新,S1,,,\n");
    assert!(assign(&world, "NEW") < 1 << 32);
    crate::service::restore::begin_epoch(&world.db, &world.tenant, [7; 20], NOW + 9).unwrap();
    assert!(assign(&world, "NEWER") > 1 << 32);
}

#[test]
fn a_phone_that_begins_with_many_members_is_offered_a_snapshot_that_is_made_once() {
    let mut world = World::new();
    let mut li = a_phone(&mut world, "LI");
    world
        .db
        .writing(Write::Import, |tx| {
            for n in 0..300 {
                let id: MemberId = format!("X{n}").parse().unwrap();
                tx.put_member(&world.tenant, &Member::of(id.clone(), MemberProfile { points: n, ..Default::default() }))?;
                crate::service::serving::start(tx, &world.tenant, &id, &li.who.guide, "import", NOW)?;
            }
            Ok::<_, crate::error::ServerError>(())
        })
        .unwrap();
    let answer = li.round(&world.db, &[]).unwrap();
    let record = answer.snapshot.clone().unwrap();
    assert!(members(&answer).is_empty() && li.cursor.feed == 0 && li.cursor.catalogue > 0);
    assert_eq!((record.members(), record.chunks.len()), (301, 2));
    let (bytes, length) = crate::service::snapshot::bytes(&world.db, &record.name, 0).unwrap();
    assert_eq!((bytes.len() as u64, length), (record.bytes(), record.bytes()));
    let key: [u8; 32] = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, &record.key).unwrap().try_into().unwrap();
    let first = open_chunk(&key, 0, &bytes[..record.chunks[0].bytes as usize]).unwrap();
    assert_eq!(read_chunk(&first).unwrap().len(), 200);
    // A few changes later it is still the one; an older phone gets pages.
    crate::hq::assign::assign(&world.db, &world.tenant, &"X1".parse().unwrap(), &"CHEN".parse().unwrap(), NOW).unwrap();
    assert_eq!(a_phone(&mut world, "LI").round(&world.db, &[]).unwrap().snapshot, Some(record.clone()));
    assert_eq!(members(&world.phone("LI").round(&world.db, &[]).unwrap()).len(), 301);
    li.cursor.feed = record.position;
    assert!(li.round(&world.db, &[]).unwrap().snapshot.is_none());
}
