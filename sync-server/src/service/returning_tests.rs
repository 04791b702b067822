//! Members who come back to a guide, guides who come back, and guides who only stand in.

use guidebook_domain::{Limits, Outcome, Refusal};
use guidebook_wire::ErrorCode;

use super::testing::{NOW, World, gone, members, note, outcomes};
use crate::hq::upkeep::upkeep;
use crate::hq::{assign, terms};
use crate::import::read::Table;
use crate::service::enrol::make_code;
use crate::service::leaving::end_of;

const DAY: u64 = 24 * 3_600_000;

fn ids(answer: &guidebook_wire::RoundAnswerRecord) -> Vec<String> {
    members(answer).iter().map(|member| member.id.to_string()).collect()
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_member_who_went_and_came_back_is_sent_to_a_phone_that_saw_neither() {
    let mut world = World::new();
    let (mut chen, mut away) = (world.phone("CHEN"), world.phone("CHEN"));
    chen.round(&world.db, &[]).unwrap();
    away.round(&world.db, &[]).unwrap();
    world.pass_all("CHEN", "LI", NOW + 1);
    assert_eq!(gone(&chen.round(&world.db, &[]).unwrap()), [("M2".to_owned(), None)]);
    world
        .hand_over(r#"{"from":"LI","to":"CHEN","kind":"on_job","members":["M2"],"effective":"at_once"}"#, &Limits::default(), NOW + 2)
        .unwrap();
    // One phone had forgotten her; the other has a cursor older than all of it.
    for phone in [&mut chen, &mut away] {
        let answer = phone.round(&world.db, &[]).unwrap();
        assert_eq!((ids(&answer), gone(&answer)), (vec!["M2".to_owned()], vec![]));
    }
}

#[test]
fn a_guide_who_is_hired_again_gets_what_is_hers_on_a_phone_enrolled_anew() {
    let mut world = World::new();
    let guides = |left: &str| format!("工号,姓名,门店号,品牌号,入职日期,离职日期\nCHEN,陈,S1,,,{left}\n");
    let mut old = world.phone("CHEN");
    old.round(&world.db, &[]).unwrap();
    world.import(Table::Guides, &guides("2026-10-31"));
    assert_eq!(make_code(&world.db, &world.tenant, &old.who.guide, [1; 10], NOW).unwrap_err().code(), ErrorCode::Conflict);
    world.import(Table::Guides, &guides(""));
    // The old phone was to be wiped, and is, though she is back.
    assert!(old.round(&world.db, &[]).unwrap().wipe);
    assert_eq!(old.round(&world.db, &[]).unwrap_err().code(), ErrorCode::Revoked);
    make_code(&world.db, &world.tenant, &old.who.guide, [1; 10], NOW).unwrap();
    let mut new = world.phone("CHEN");
    assert_eq!(ids(&new.round(&world.db, &[]).unwrap()), ["M2"]);
    let edit = world.edit(&new, "M2", NOW, note("back again"));
    assert_eq!(new.push(&world.db, &[&edit]), [Outcome::Applied]);
}

#[test]
fn a_member_handed_over_while_her_guide_was_gone_comes_back_only_by_another_handover() {
    let mut world = World::new();
    let guides = |left: &str| format!("工号,姓名,门店号,品牌号,入职日期,离职日期\nCHEN,陈,S1,,,{left}\n");
    world.import(Table::Guides, &guides("2026-10-31"));
    let json = |from: &str, to: &str, kind: &str| {
        format!(r#"{{"from":"{from}","to":"{to}","kind":"{kind}","members":["M2"],"effective":"at_once"}}"#)
    };
    world.hand_over(&json("CHEN", "LI", "resigned"), &Limits::default(), NOW).unwrap();
    world.import(Table::Guides, &guides(""));
    let mut new = world.phone("CHEN");
    assert!(ids(&new.round(&world.db, &[]).unwrap()).is_empty());
    world.hand_over(&json("LI", "CHEN", "on_job"), &Limits::default(), NOW).unwrap();
    assert_eq!(ids(&new.round(&world.db, &[]).unwrap()), ["M2"]);
}

#[test]
fn a_stand_in_knows_her_last_day_and_is_ended_by_it() {
    let mut world = World::new();
    let mut wu = world.phone("WU");
    let midnight = end_of(day("2026-11-08")) + 1;
    terms::set_guide_until(&world.db, &world.tenant, &wu.who.guide, Some(day("2026-11-08")), NOW).unwrap();
    let answer = wu.round(&world.db, &[]).unwrap();
    assert_eq!((answer.guide.as_ref().unwrap().until, ids(&answer)), (Some(day("2026-11-08")), vec!["M3".to_owned()]));
    upkeep(&world.db, None, &Limits::default(), midnight - 1).unwrap();
    assert!(!wu.round_at(&world.db, &[], midnight - 1).unwrap().wipe);
    // Whoever comes first ends her: here her own phone, offline since.
    let in_time = world.edit(&wu, "M3", midnight - 5, note("on the last day"));
    let late = world.edit(&wu, "M3", midnight + 5, note("the day after"));
    let walk_in = world.walk_in(&wu, "13900000007");
    let answer = wu.round_at(&world.db, &[&in_time, &late, &walk_in], midnight + DAY).unwrap();
    assert_eq!(outcomes(&answer), [Outcome::Applied, Outcome::Refused(Refusal::NotYourMember), Outcome::Applied]);
    assert!(answer.wipe && answer.changes.is_empty());
    assert_eq!(upkeep(&world.db, None, &Limits::default(), midnight + DAY).unwrap().terms, 0);
    // Whom she served is handed over like a leaver's, the walk-in of her last push among them.
    let report = world.hand_over(r#"{"from":"WU","to":"LI","kind":"resigned"}"#, &Limits::default(), midnight + DAY).unwrap();
    assert_eq!(report.waiting.len(), 2);
}

#[test]
fn a_stand_in_is_ended_by_the_server_and_may_come_back_by_a_later_day() {
    let mut world = World::new();
    let mut wu = world.phone("WU");
    let set = |world: &World, until: Option<&str>, now_ms: u64| {
        let ended = terms::set_guide_until(&world.db, &world.tenant, &"WU".parse().unwrap(), until.map(day), now_ms);
        ended.map_err(|error| error.code())
    };
    assert_eq!(set(&world, Some("2026-10-31"), NOW), Err(ErrorCode::Invalid));
    set(&world, Some("2026-11-01"), NOW).unwrap();
    assert_eq!(upkeep(&world.db, None, &Limits::default(), NOW + DAY).unwrap().terms, 1);
    assert_eq!(upkeep(&world.db, None, &Limits::default(), NOW + DAY).unwrap().terms, 0);
    set(&world, Some("2026-11-30"), NOW + DAY).unwrap();
    assert!(wu.round_at(&world.db, &[], NOW + DAY).unwrap().wipe);
    let mut again = world.phone("WU");
    let answer = again.round_at(&world.db, &[], NOW + DAY).unwrap();
    assert_eq!((ids(&answer), answer.guide.as_ref().unwrap().until), (vec!["M3".to_owned()], Some(day("2026-11-30"))));
    set(&world, None, NOW + DAY).unwrap();
    assert_eq!(again.round_at(&world.db, &[], NOW + 40 * DAY).unwrap().guide.unwrap().until, None);
    world.hand_over(r#"{"from":"WU","to":"LI","kind":"resigned"}"#, &Limits::default(), NOW).unwrap();
    assert_eq!(set(&world, None, NOW), Err(ErrorCode::Conflict));
}

#[test]
fn a_binding_with_a_last_day_is_ended_by_it() {
    let mut world = World::new();
    let mut wu = world.phone("WU");
    let until = |until: Option<&str>, now_ms: u64| {
        let (member, guide) = ("M2".parse().unwrap(), "WU".parse().unwrap());
        assign::assign_until(&world.db, &world.tenant, &member, &guide, until.map(day), now_ms)
    };
    assert_eq!(until(Some("2026-10-31"), NOW).unwrap_err().code(), ErrorCode::Invalid);
    assert!(until(Some("2026-11-01"), NOW).unwrap() && !until(Some("2026-11-01"), NOW).unwrap());
    assert!(until(Some("2026-11-02"), NOW).unwrap());
    assert_eq!(ids(&wu.round(&world.db, &[]).unwrap()), ["M3", "M2"]);
    assert_eq!(upkeep(&world.db, None, &Limits::default(), NOW + DAY).unwrap().terms, 0);
    assert_eq!(upkeep(&world.db, None, &Limits::default(), NOW + 2 * DAY).unwrap().terms, 1);
    assert_eq!(gone(&wu.round(&world.db, &[]).unwrap()), [("M2".to_owned(), None)]);
    assert_eq!(world.served("CHEN"), ["M2"]);
}
