//! What HQ does: tags, undoing merges, the change log.

use guidebook_domain::{Edit, MemberId, Outcome, TagFate, TagId};
use guidebook_wire::ErrorCode;

use super::{assign, export, tags, tell, unmerge};
use crate::service::testing::{NOW, World, gone, members, note};

#[test]
fn a_renamed_tag_is_the_same_tag_and_an_old_export_still_finds_it() {
    let mut world = World::new();
    let leather = world.tag("偏好", "真皮");
    tags::rename(&world.db, &world.tenant, &leather, "皮革", NOW).unwrap();
    assert_eq!((world.tag("偏好", "真皮"), world.tag("偏好", "皮革")), (leather.clone(), leather.clone()));
    let line = "M1,张三丰,13800000001,女,,2020-01-01,金卡,5,LI,S1,B1,偏好/真皮;年龄段/80后,否\n";
    assert_eq!(world.import_members(line).unchanged, 1);
    let taken = tags::rename(&world.db, &world.tenant, &leather, "通勤", NOW).unwrap_err();
    assert_eq!(taken.code(), ErrorCode::Conflict);
    for name in ["", " ", &"长".repeat(31)] {
        assert_eq!(tags::rename(&world.db, &world.tenant, &leather, name, NOW).unwrap_err().code(), ErrorCode::Invalid);
    }
}

#[test]
fn a_tag_is_merged_only_into_a_living_one_of_its_group() {
    let world = World::new();
    let (leather, commute, age) = (world.tag("偏好", "真皮"), world.tag("偏好", "通勤"), world.tag("年龄段", "80后"));
    let nowhere = "nowhere".parse().unwrap();
    let delete = |tag: &TagId, into: Option<&TagId>| tags::delete(&world.db, &world.tenant, tag, into, NOW);
    assert_eq!(delete(&leather, Some(&age)).unwrap_err().code(), ErrorCode::Conflict);
    assert_eq!(delete(&leather, Some(&leather)).unwrap_err().code(), ErrorCode::Conflict);
    assert_eq!(delete(&leather, Some(&nowhere)).unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(delete(&leather, Some(&commute)).unwrap().fate, TagFate::MergedInto(commute.clone()));
    assert_eq!(delete(&leather, None).unwrap_err().code(), ErrorCode::NotFound);
    let m1 = &export::members(&world.db, &world.tenant, None).unwrap()[0];
    assert!(m1.tags.iter().any(|tag| tag.id == commute && tag.name == "通勤"));
}

#[test]
fn a_merge_is_undone_and_each_has_her_own_again() {
    let mut world = World::new();
    let (mut li, mut chen) = (world.phone("LI"), world.phone("CHEN"));
    let walk_in = world.walk_in(&chen, "13800000001");
    let loser = MemberId::walk_in(walk_in.id);
    let hers = world.edit(&chen, loser.as_str(), NOW + 1, note("hers"));
    assert!(chen.push(&world.db, &[&walk_in, &hers]).iter().all(|o| matches!(o, Outcome::Redirected(_))));
    let m1s = world.edit(&li, "M1", NOW + 2, note("M1's"));
    li.push(&world.db, &[&m1s]);
    assert_eq!(unmerge::unmerge(&world.db, &world.tenant, &loser, NOW).unwrap().as_str(), "M1");
    let lines = export::members(&world.db, &world.tenant, None).unwrap();
    let line = |id: &str| lines.iter().find(|line| line.member.as_str() == id).unwrap();
    let notes = |id: &str| line(id).notes.iter().map(|note| note.id).collect::<Vec<_>>();
    assert_eq!((notes("M1"), notes(loser.as_str())), (vec![m1s.id], vec![hers.id]));
    assert_eq!((line("M1").tags.len(), line(loser.as_str()).tags.len()), (2, 0));
    assert!(!line("M1").profile.marketing_consent && line(loser.as_str()).profile.marketing_consent);
    assert_eq!(line("M1").guides, ["LI".parse().unwrap()]);
    assert_eq!(line(loser.as_str()).guides, ["CHEN".parse().unwrap()]);
    let answer = chen.round(&world.db, &[]).unwrap();
    assert!(members(&answer).iter().any(|member| member.id == loser));
    assert_eq!(gone(&answer), [("M1".to_owned(), None)]);
    assert_eq!(unmerge::unmerge(&world.db, &world.tenant, &loser, NOW).unwrap_err().code(), ErrorCode::NotFound);
}

#[test]
fn the_change_log_says_who_when_from_where_and_what_became_of_it() {
    let mut world = World::new();
    let mut li = world.phone("LI");
    let after = tell::changes(&world.db, &world.tenant, 0, 1000).unwrap().after;
    let tag = world.tag("偏好", "通勤");
    let good = world.edit(&li, "M1", NOW - 5, Edit::Tag { tag, on: true });
    let bad = world.edit(&li, "M2", NOW - 4, note("x"));
    li.push(&world.db, &[&good, &bad]);
    let page = tell::changes(&world.db, &world.tenant, after, 1).unwrap();
    assert!(page.more);
    let line = &page.changes[0];
    assert_eq!((line.at_ms, line.device_ms, line.device, line.op), (NOW, Some(NOW - 5), li.who.device, Some(good.id)));
    assert_eq!((line.guide.as_str(), line.kind.as_str(), line.outcome.as_str()), ("LI", "tag", "applied"));
    let rest = tell::changes(&world.db, &world.tenant, page.after, 10).unwrap();
    assert_eq!((rest.changes.len(), rest.changes[0].outcome.as_str(), rest.more), (1, "refused", false));
}

#[test]
fn hq_binds_a_guide_to_a_member_once() {
    let world = World::new();
    let assign =
        |member: &str, guide: &str| assign::assign(&world.db, &world.tenant, &member.parse().unwrap(), &guide.parse().unwrap(), NOW);
    assert!(assign("M1", "CHEN").unwrap());
    assert!(!assign("M1", "CHEN").unwrap());
    assert_eq!(assign("M9", "CHEN").unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(assign("M1", "NO").unwrap_err().code(), ErrorCode::NotFound);
}
