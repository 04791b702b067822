//! Sync rounds: receipts, refusals, clocks, redirects, walk-ins, leavers and strangers.

use guidebook_domain::{Edit, EditReason, Limits, MemberId, Operation, Outcome, Redirected, Refusal, RevealReason};
use guidebook_wire::protocol::PROTOCOL;
use guidebook_wire::round::{Foreign, OperationRecord};
use guidebook_wire::{ChangeRecord, ErrorCode, RoundRecord};

use super::round::{round, round_of};
use super::sizes::Sizes;
use super::testing::{NOW, TestPhone, World, gone, members, note, outcomes};
use crate::hq::handover::{HandoverRequest, hand_over};
use crate::hq::{devices, tags, tell};

fn refused(outcome: &Outcome) -> &Refusal {
    let Outcome::Refused(refusal) = outcome else { panic!("not refused: {outcome:?}") };
    refusal
}

fn resign(world: &World, from: &str, to: &str, now_ms: u64) {
    let request = format!(r#"{{"from":"{from}","to":"{to}","kind":"resigned","effective":"at_once"}}"#);
    let request: HandoverRequest = serde_json::from_str(&request).unwrap();
    hand_over(&world.db, &world.tenant, &request, &Limits::default(), now_ms).unwrap();
}

#[test]
fn a_new_phone_gets_its_guide_s_members_and_no_others() {
    let mut world = World::new();
    let mut li = world.phone("LI");
    let answer = li.round(&world.db, &[]).unwrap();
    assert_eq!(members(&answer).iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["M1"]);
    assert!(!answer.more && li.cursor.feed > 0 && li.cursor.catalogue > 0);
    let again = li.round(&world.db, &[]).unwrap();
    assert!(again.changes.is_empty() && again.cursor == answer.cursor);
}

#[test]
fn a_guide_sees_only_the_tags_of_her_brand_and_store() {
    let mut world = World::new();
    let sees = |answer: &guidebook_wire::RoundAnswerRecord| {
        answer.changes.iter().any(|change| matches!(change, ChangeRecord::Tag(tag) if tag.name == "美白"))
    };
    let (mut li, mut wu) = (world.phone("LI"), world.phone("WU"));
    assert!(sees(&li.round(&world.db, &[]).unwrap()));
    assert!(!sees(&wu.round(&world.db, &[]).unwrap()));
}

#[test]
fn a_resent_operation_gets_its_first_answer_and_is_applied_once() {
    let mut world = World::new();
    let mut li = world.phone("LI");
    let op = world.edit(&li, "M1", NOW, note("likes cashmere"));
    let first = li.round(&world.db, &[&op]).unwrap();
    let second = li.round(&world.db, &[&op]).unwrap();
    assert_eq!(outcomes(&first), [Outcome::Applied]);
    assert_eq!(outcomes(&second), [Outcome::Applied]);
    assert_eq!(first.receipts[0].position, second.receipts[0].position);
    assert!(first.receipts[0].position <= first.cursor.unwrap().feed);
    assert!(second.changes.is_empty());
    assert_eq!(members(&first)[0].state.notes.len(), 1);
}

#[test]
fn a_refused_edit_does_not_block_those_behind_it() {
    let mut world = World::new();
    let mut li = world.phone("LI");
    let bad = world.edit(&li, "M1", NOW, note("  "));
    let good = world.edit(&li, "M1", NOW + 1, note("size 38"));
    let outcomes = li.push(&world.db, &[&bad, &good]);
    assert!(matches!(refused(&outcomes[0]), Refusal::Rule(problem) if problem.reason == EditReason::Empty));
    assert_eq!(outcomes[1], Outcome::Applied);
}

#[test]
fn a_number_that_was_seen_stands_in_the_change_feed_and_changes_nobody() {
    let mut world = World::new();
    let mut li = world.phone("LI");
    li.round(&world.db, &[]).unwrap();
    let before = li.cursor;
    let reveal = || Edit::Reveal { reason: RevealReason::Delivery };
    let (own, other) = (world.edit(&li, "M1", NOW, reveal()), world.edit(&li, "M2", NOW + 1, reveal()));
    let outcomes = li.push(&world.db, &[&own, &other, &own]);
    assert_eq!(outcomes[0], Outcome::Applied);
    assert_eq!(refused(&outcomes[1]), &Refusal::NotYourMember);
    let answer = li.round(&world.db, &[]).unwrap();
    assert!(answer.changes.is_empty() && li.cursor == before, "no phone hears of it");
    let lines = tell::changes(&world.db, &world.tenant, 0, 1_000).unwrap().changes;
    let reveals: Vec<_> = lines.iter().filter(|line| line.kind == "reveal").collect();
    assert_eq!(reveals.len(), 2, "also one that was refused: the number was seen");
    let first = reveals[0];
    assert_eq!((first.device, first.guide.as_str(), first.op), (li.who.device, "LI", Some(own.id)));
    assert_eq!((first.member.as_ref().map(MemberId::as_str), first.device_ms), (Some("M1"), Some(NOW)));
    assert_eq!(first.detail["edit"]["reveal"]["reason"], "delivery");
}

#[test]
fn a_form_that_is_not_understood_is_answered_on_its_own() {
    let mut world = World::new();
    let li = world.phone("LI");
    let op = world.edit(&li, "M1", NOW, note("x"));
    let strange = serde_json::json!({ "id": op.id, "edit": { "teleport": {} } });
    let operations = vec![OperationRecord::Unknown(Foreign(strange)), OperationRecord::Unknown(Foreign(serde_json::json!({})))];
    let record = RoundRecord { protocol: 1, operations, ..RoundRecord::default() };
    let answer = round(&world.db, &li.who, &record, NOW).unwrap();
    assert_eq!(outcomes(&answer), [Outcome::Refused(Refusal::NotUnderstood)]);
}

#[test]
fn another_protocol_needs_an_upgrade() {
    let mut world = World::new();
    let li = world.phone("LI");
    for protocol in [0, PROTOCOL + 1] {
        let record = RoundRecord { protocol, ..RoundRecord::default() };
        assert_eq!(round(&world.db, &li.who, &record, NOW).unwrap_err().code(), ErrorCode::UpgradeNeeded);
    }
}

#[test]
fn a_clock_two_days_ahead_wins_nothing() {
    let mut world = World::new();
    let (mut li, mut chen) = (world.phone("LI"), world.phone("CHEN"));
    crate::hq::assign::assign(&world.db, &world.tenant, &"M1".parse().unwrap(), &chen.who.guide, NOW).unwrap();
    let tag = world.tag("偏好", "通勤");
    let ahead = world.edit(&chen, "M1", NOW + 2 * 86_400_000, Edit::Tag { tag: tag.clone(), on: true });
    assert_eq!(chen.push(&world.db, &[&ahead]), [Outcome::Applied]);
    let later = world.edit(&li, "M1", NOW + 60_000, Edit::Tag { tag: tag.clone(), on: false });
    let answer = li.round_at(&world.db, &[&later], NOW + 60_000).unwrap();
    assert_eq!(outcomes(&answer), [Outcome::Applied]);
    let m1 = members(&answer).into_iter().find(|m| m.id.as_str() == "M1").unwrap();
    assert!(!m1.state.tags[&tag].value);
}

#[test]
fn the_loser_of_a_contest_is_told_who_won() {
    let mut world = World::new();
    let (mut li, mut chen) = (world.phone("LI"), world.phone("CHEN"));
    crate::hq::assign::assign(&world.db, &world.tenant, &"M1".parse().unwrap(), &chen.who.guide, NOW).unwrap();
    let tag = world.tag("偏好", "通勤");
    let late = world.edit(&chen, "M1", NOW + 9, Edit::Tag { tag: tag.clone(), on: false });
    let early = world.edit(&li, "M1", NOW, Edit::Tag { tag, on: true });
    chen.push(&world.db, &[&late]);
    let outcome = li.push(&world.db, &[&early]).remove(0);
    assert!(matches!(outcome, Outcome::Superseded(by) if by.op == late.id && by.guide.as_str() == "CHEN"));
}

#[test]
fn an_edit_with_a_merged_tag_is_redirected_and_one_with_a_deleted_tag_parked() {
    let mut world = World::new();
    let mut li = world.phone("LI");
    let (leather, commute) = (world.tag("偏好", "真皮"), world.tag("偏好", "通勤"));
    let skin = world.tag("护肤", "美白");
    tags::delete(&world.db, &world.tenant, &commute, Some(&leather), NOW).unwrap();
    tags::delete(&world.db, &world.tenant, &skin, None, NOW).unwrap();
    let merged = world.edit(&li, "M1", NOW, Edit::Tag { tag: commute, on: true });
    let deleted = world.edit(&li, "M1", NOW, Edit::Tag { tag: skin.clone(), on: true });
    let rest = world.edit(&li, "M1", NOW, note("rest"));
    let outcomes = li.push(&world.db, &[&merged, &deleted, &rest]);
    assert_eq!(outcomes[0], Outcome::Redirected(Redirected { member: None, tag: Some(leather) }));
    assert_eq!(outcomes[1], Outcome::Refused(Refusal::TagDeleted(skin)));
    assert_eq!(outcomes[2], Outcome::Applied);
}

#[test]
fn the_same_walk_in_on_two_phones_becomes_one_member_and_both_learn_it() {
    let mut world = World::new();
    let (mut li, mut chen) = (world.phone("LI"), world.phone("CHEN"));
    let first = world.walk_in(&li, "13900000009");
    let second = world.walk_in(&chen, "13900000009");
    let her = MemberId::walk_in(first.id);
    assert_eq!(li.push(&world.db, &[&first]), [Outcome::Applied]);
    let by_old_id = Operation { member: second.member.clone(), ..world.edit(&chen, "M1", NOW, note("from Chen")) };
    let answer = chen.round(&world.db, &[&second, &by_old_id]).unwrap();
    let redirected = Outcome::Redirected(Redirected { member: Some(her.clone()), tag: None });
    assert_eq!(outcomes(&answer), [redirected.clone(), redirected.clone()]);
    assert!(members(&answer).iter().any(|m| m.id == her && m.state.notes.len() == 1));
    assert_eq!(gone(&answer), [(MemberId::walk_in(second.id).to_string(), Some(her.to_string()))]);
    assert!(members(&li.round(&world.db, &[]).unwrap()).iter().any(|m| m.id == her && m.state.notes.len() == 1));
    assert_eq!(chen.push(&world.db, &[&second]), [redirected]);
}

#[test]
fn a_walk_in_whom_hq_knows_becomes_that_member_with_her_consents() {
    let mut world = World::new();
    let mut chen = world.phone("CHEN");
    let walk_in = world.walk_in(&chen, "13800000001");
    let answer = chen.round(&world.db, &[&walk_in]).unwrap();
    assert!(matches!(&outcomes(&answer)[0], Outcome::Redirected(r) if r.member.as_ref().unwrap().as_str() == "M1"));
    let m1 = members(&answer).into_iter().find(|m| m.id.as_str() == "M1").unwrap();
    assert!(m1.profile.marketing_consent && &*m1.profile.name == "张三丰");
}

#[test]
fn a_stranger_and_a_member_who_does_not_exist_look_the_same() {
    let mut world = World::new();
    let mut li = world.phone("LI");
    let others = world.edit(&li, "M2", NOW, note("x"));
    let nobody = world.edit(&li, "M999", NOW, note("x"));
    let outcomes = li.push(&world.db, &[&others, &nobody]);
    assert_eq!(outcomes, [Outcome::Refused(Refusal::NotYourMember), Outcome::Refused(Refusal::NotYourMember)]);
}

#[test]
fn an_operation_in_another_s_name_is_refused() {
    let mut world = World::new();
    let (mut li, chen) = (world.phone("LI"), world.phone("CHEN"));
    let forged = Operation { hlc: Default::default(), ..world.edit(&chen, "M2", NOW, note("x")) };
    assert_eq!(li.push(&world.db, &[&forged]), [Outcome::Refused(Refusal::NotYours)]);
}

#[test]
fn a_leaver_s_last_push_is_kept_and_then_her_phone_is_wiped() {
    let mut world = World::new();
    let (mut li, mut chen) = (world.phone("LI"), world.phone("CHEN"));
    chen.round(&world.db, &[]).unwrap();
    let before = world.edit(&chen, "M2", NOW - 1, note("made before she left"));
    let wrong_clock = world.edit(&chen, "M2", NOW + 9 * 86_400_000, note("made under a wrong clock"));
    let after = world.edit(&chen, "M2", NOW + 60_000, note("made after she left"));
    let walk_in = Operation { hlc: before.hlc, ..world.walk_in(&chen, "13900000007") };
    resign(&world, "CHEN", "LI", NOW);
    let answer = chen.round_at(&world.db, &[&before, &wrong_clock, &after, &walk_in], NOW + 120_000).unwrap();
    assert!(answer.wipe && answer.changes.is_empty());
    let expected = [Outcome::Applied, Outcome::Applied, Outcome::Refused(Refusal::NotYourMember), Outcome::Applied];
    assert_eq!(outcomes(&answer), expected);
    let hers = li.round(&world.db, &[]).unwrap();
    let ids: Vec<_> = members(&hers).iter().map(|m| (m.id.to_string(), m.state.notes.len())).collect();
    assert!(ids.contains(&("M2".to_owned(), 2)) && ids.contains(&(MemberId::walk_in(walk_in.id).to_string(), 0)), "{ids:?}");
    assert_eq!(chen.round(&world.db, &[]).unwrap_err().code(), ErrorCode::Revoked);
}

#[test]
fn a_leaver_s_phone_with_more_to_send_does_not_hear_of_a_restore() {
    let mut world = World::new();
    let mut chen = TestPhone { protocol: PROTOCOL, ..world.phone("CHEN") };
    chen.round(&world.db, &[]).unwrap();
    let operations = vec![OperationRecord::Known(Box::new(world.edit(&chen, "M2", NOW - 1, note("x"))))];
    crate::service::restore::begin_epoch(&world.db, &world.tenant, [7; 20], NOW).unwrap();
    resign(&world, "CHEN", "LI", NOW);
    let record = RoundRecord { protocol: PROTOCOL, epoch: chen.epoch, cursor: chen.cursor, operations, ..RoundRecord::default() };
    let sizes = Sizes { push: 1, ..Sizes::of(PROTOCOL) };
    let answer = round_of(sizes, &world.db, None, &chen.who, &record, NOW).unwrap();
    assert!(answer.more && !answer.wipe && answer.applied_at.is_some());
    // Told of it without sums to compare, it would sweep out whoever does not come again, should the next server know her still.
    assert_eq!((answer.epoch, answer.cursor, answer.compare), (None, None, false));
}

#[test]
fn a_revoked_device_is_told_so() {
    let mut world = World::new();
    let mut li = world.phone("LI");
    devices::revoke(&world.db, &world.tenant, li.who.device, NOW).unwrap();
    assert_eq!(li.round(&world.db, &[]).unwrap_err().code(), ErrorCode::Revoked);
}

#[test]
fn a_personal_tag_travels_to_its_guide_alone() {
    let mut world = World::new();
    let (mut li, mut chen) = (world.phone("LI"), world.phone("CHEN"));
    crate::hq::assign::assign(&world.db, &world.tenant, &"M1".parse().unwrap(), &chen.who.guide, NOW).unwrap();
    let named = world.edit(&li, "M1", NOW, note(""));
    let tag = guidebook_domain::TagId::personal(&li.who.guide, named.id).unwrap();
    let named = Operation { member: None, edit: Edit::PersonalTag { tag: tag.clone(), name: "羊绒".into() }, ..named };
    let put_on = world.edit(&li, "M1", NOW, Edit::Tag { tag: tag.clone(), on: true });
    let answer = li.round(&world.db, &[&named, &put_on]).unwrap();
    assert_eq!(outcomes(&answer), [Outcome::Applied, Outcome::Applied]);
    assert!(answer.changes.iter().any(|c| matches!(c, ChangeRecord::Tag(t) if t.id == tag && t.name == "羊绒")));
    let theirs = chen.round(&world.db, &[]).unwrap();
    let m1 = members(&theirs).into_iter().find(|m| m.id.as_str() == "M1").unwrap();
    assert!(!m1.state.tags.contains_key(&tag));
}

#[test]
fn a_phone_of_another_epoch_begins_again() {
    let mut world = World::new();
    let mut li = world.phone("LI");
    li.round(&world.db, &[]).unwrap();
    li.epoch = Some(uuid::Uuid::from_u128(9));
    assert_eq!(members(&li.round(&world.db, &[]).unwrap()).len(), 1);
    li.cursor.feed = u64::MAX;
    assert_eq!(members(&li.round(&world.db, &[]).unwrap()).len(), 1);
}
