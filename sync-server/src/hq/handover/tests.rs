//! Handovers: at once, after a wait, refused, in batches, and what each does to those who watch.

use guidebook_domain::handover::{HandoverRefusal, HandoverState};
use guidebook_domain::{Limits, MemberId, Outcome, Refusal};
use guidebook_wire::ErrorCode;

use super::{job, settle, status};
use crate::db::DatabaseExt;
use crate::db::handovers::HandoverFilter;
use crate::hq::upkeep::upkeep;
use crate::hq::{assign, tell};
use crate::service::testing::{NOW, World, gone, members, note};

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

fn limits() -> Limits {
    Limits::default()
}

fn state(world: &World, member: &str) -> Vec<HandoverState> {
    let filter = HandoverFilter { member: Some(member.parse().unwrap()), ..HandoverFilter::default() };
    let page = status::list(&world.db, &world.tenant, &filter, (0, 100)).unwrap();
    page.handovers.iter().map(|line| line.state).collect()
}

fn refuse(world: &World, member: &str, to: &str, now_ms: u64) -> Result<HandoverState, ErrorCode> {
    let refused = settle::refuse(&world.db, &world.tenant, &member.parse().unwrap(), &to.parse().unwrap(), now_ms);
    refused.map(|handover| handover.state).map_err(|error| error.code())
}

/// Members N00, N01, … of Chen's, beside M2.
fn crowd(world: &mut World, count: usize) {
    let line = |n: usize| format!("N{n:02},人{n},139000000{n:02},女,,,金卡,5,CHEN,S1,,,否\n");
    let lines: String = (0..count).map(line).collect();
    assert_eq!(world.import_members(&lines).refused_count, 0);
}

#[test]
fn a_dry_run_tells_what_would_happen_and_changes_nothing() {
    let world = World::new();
    for effective in ["after_wait", "at_once"] {
        let json = format!(r#"{{"from":"CHEN","to":"LI","kind":"on_job","members":["M1","M2"],"effective":"{effective}","dry_run":true}}"#);
        let dry = world.hand_over(&json, &limits(), NOW).unwrap();
        let all = [dry.done.clone(), dry.waiting.clone()].concat();
        assert_eq!(all, ["M2".parse().unwrap()]);
        assert_eq!(dry.refused[0].reason, HandoverRefusal::NoRecord);
        let before = tell::changes(&world.db, &world.tenant, 0, 1000).unwrap().changes.len();
        let wet = world.hand_over(&json.replace("true", "false"), &limits(), NOW).unwrap();
        assert_eq!((wet.done, wet.waiting, wet.refused), (dry.done, dry.waiting, dry.refused));
        assert_eq!(tell::changes(&world.db, &world.tenant, 0, 1000).unwrap().changes.len(), before + 1);
        if effective == "after_wait" {
            refuse(&world, "M2", "LI", NOW).unwrap();
        }
    }
}

#[test]
fn a_handover_at_once_takes_from_one_feed_and_gives_to_the_other() {
    let mut world = World::new();
    let (mut li, mut chen) = (world.phone("LI"), world.phone("CHEN"));
    li.round(&world.db, &[]).unwrap();
    chen.round(&world.db, &[]).unwrap();
    world.pass_all("CHEN", "LI", NOW);
    assert_eq!(gone(&chen.round(&world.db, &[]).unwrap()), [("M2".to_owned(), None)]);
    assert_eq!(members(&li.round(&world.db, &[]).unwrap())[0].id.as_str(), "M2");
    assert_eq!(state(&world, "M2"), [HandoverState::Done]);
}

#[test]
fn on_the_job_the_giver_keeps_the_member_until_the_wait_is_over() {
    let mut world = World::new();
    let (mut li, mut chen) = (world.phone("LI"), world.phone("CHEN"));
    li.round(&world.db, &[]).unwrap();
    let json = r#"{"from":"CHEN","to":"LI","kind":"on_job","members":["M2"]}"#;
    let report = world.hand_over(json, &limits(), NOW).unwrap();
    assert_eq!((report.due_ms, report.waiting), (NOW + DAY, vec!["M2".parse().unwrap()]));
    let edit = world.edit(&chen, "M2", NOW + 1, note("still mine"));
    assert_eq!(chen.push(&world.db, &[&edit]), [Outcome::Applied]);
    assert!(members(&li.round(&world.db, &[]).unwrap()).is_empty());
    upkeep(&world.db, None, &limits(), NOW + DAY - 1).unwrap();
    assert_eq!((state(&world, "M2"), world.served("CHEN")), (vec![HandoverState::Waiting], vec!["M2".to_owned()]));
    let turn = upkeep(&world.db, None, &limits(), NOW + DAY).unwrap();
    assert_eq!(turn.settled, [(HandoverState::Done, 1)].into());
    assert!(upkeep(&world.db, None, &limits(), NOW + DAY).unwrap().settled.is_empty());
    let hers = li.round_at(&world.db, &[], NOW + DAY).unwrap();
    assert_eq!((members(&hers)[0].id.as_str(), members(&hers)[0].state.notes.len()), ("M2", 1));
    let late = world.edit(&chen, "M2", NOW + DAY, note("no longer mine"));
    assert_eq!(chen.push(&world.db, &[&late]), [Outcome::Refused(Refusal::NotYourMember)]);
}

#[test]
fn a_leaver_s_members_are_nobody_s_until_the_wait_is_over_and_her_last_push_is_kept() {
    let mut world = World::new();
    let (mut li, mut chen) = (world.phone("LI"), world.phone("CHEN"));
    li.round(&world.db, &[]).unwrap();
    let before = world.edit(&chen, "M2", NOW - 1, note("made before she left"));
    let walk_in = world.walk_in(&chen, "13900000007");
    world.hand_over(r#"{"from":"CHEN","to":"LI","kind":"resigned"}"#, &limits(), NOW).unwrap();
    let answer = chen.round_at(&world.db, &[&before, &walk_in], NOW + HOUR).unwrap();
    assert!(answer.wipe && answer.changes.is_empty());
    assert_eq!(crate::service::testing::outcomes(&answer), [Outcome::Applied, Outcome::Applied]);
    let early = world.edit(&li, "M2", NOW + 1, note("not mine yet"));
    assert_eq!(li.push(&world.db, &[&early]), [Outcome::Refused(Refusal::NotYourMember)]);
    assert!(members(&li.round(&world.db, &[]).unwrap()).is_empty());
    upkeep(&world.db, None, &limits(), NOW + DAY).unwrap();
    let hers = li.round_at(&world.db, &[], NOW + DAY).unwrap();
    let mut held: Vec<_> = members(&hers).iter().map(|m| (m.id.clone(), m.state.notes.len())).collect();
    held.sort();
    // The walk-in whom the last push brought waited with the others.
    assert_eq!(held, [("M2".parse().unwrap(), 1), (MemberId::walk_in(walk_in.id), 0)]);
    assert!(world.served("CHEN").is_empty());
}

#[test]
fn a_customer_who_refuses_stays_and_may_be_asked_again() {
    let world = World::new();
    let json = r#"{"from":"CHEN","to":"LI","kind":"on_job","members":["M2"]}"#;
    assert_eq!(refuse(&world, "M2", "LI", NOW), Err(ErrorCode::NotFound));
    world.hand_over(json, &limits(), NOW).unwrap();
    let second = world.hand_over(json, &limits(), NOW + 1).unwrap();
    assert_eq!(second.refused[0].reason, HandoverRefusal::AlreadyWaiting);
    assert_eq!(refuse(&world, "M2", "LI", NOW + 2), Ok(HandoverState::Refused));
    assert_eq!(refuse(&world, "M2", "LI", NOW + 2), Err(ErrorCode::NotFound));
    upkeep(&world.db, None, &limits(), NOW + DAY).unwrap();
    assert_eq!(world.served("CHEN"), ["M2"]);
    assert_eq!(world.hand_over(json, &limits(), NOW + DAY).unwrap().waiting.len(), 1);
    assert_eq!(state(&world, "M2"), [HandoverState::Refused, HandoverState::Waiting]);
}

#[test]
fn what_has_come_between_is_found_when_the_time_has_come() {
    let mut world = World::new();
    crowd(&mut world, 2);
    let small = Limits { members_per_guide: 2, ..limits() };
    let pass = |to: &str, member: &str| format!(r#"{{"from":"CHEN","to":"{to}","kind":"on_job","members":["{member}"]}}"#);
    world.hand_over(&pass("LI", "M2"), &small, NOW).unwrap();
    // A place that is promised is taken.
    let refused = world.hand_over(&pass("LI", "N00"), &small, NOW).unwrap().refused;
    assert_eq!(refused[0].reason, HandoverRefusal::TakerFull { limit: 2 });
    // HQ binds past the limit meanwhile; M2 passes elsewhere at once; N01's taker leaves.
    world.hand_over(&pass("WU", "N01"), &small, NOW).unwrap();
    assign::assign(&world.db, &world.tenant, &"M3".parse().unwrap(), &"LI".parse().unwrap(), NOW).unwrap();
    world.hand_over(r#"{"from":"WU","to":"LI","kind":"resigned","effective":"at_once"}"#, &small, NOW).unwrap();
    upkeep(&world.db, None, &small, NOW + DAY).unwrap();
    assert_eq!((state(&world, "M2"), state(&world, "N01")), (vec![HandoverState::TakerFull], vec![HandoverState::NoRecord]));
    world.hand_over(&pass("LI", "N00"), &limits(), NOW + DAY).unwrap();
    let end = |tx: &mut dyn crate::db::Tx| {
        crate::service::serving::end(tx, &world.tenant, &"N00".parse().unwrap(), &"CHEN".parse().unwrap(), NOW)
    };
    assert!(world.db.writing(crate::db::Write::Ownership, end).unwrap());
    upkeep(&world.db, None, &limits(), NOW + 2 * DAY).unwrap();
    assert_eq!(state(&world, "N00"), [HandoverState::NoRecord]);
}

#[test]
fn a_member_merged_while_she_waits_passes_on_as_whom_she_became() {
    let mut world = World::new();
    let mut chen = world.phone("CHEN");
    let walk_in = world.walk_in(&chen, "13900000007");
    chen.push(&world.db, &[&walk_in]);
    let her = MemberId::walk_in(walk_in.id);
    world.hand_over(&format!(r#"{{"from":"CHEN","to":"LI","kind":"on_job","members":["{her}"]}}"#), &limits(), NOW).unwrap();
    world.import_members("M7,钱七,13900000007,女,,,金卡,5,,S1,,,否\n");
    upkeep(&world.db, None, &limits(), NOW + DAY).unwrap();
    assert_eq!(state(&world, her.as_str()), [HandoverState::Done]);
    assert_eq!((world.served("LI"), world.served("CHEN")), (vec!["M1".to_owned(), "M7".to_owned()], vec!["M2".to_owned()]));
}

#[test]
fn on_the_job_twice_in_ninety_natural_days() {
    let world = World::new();
    let pass = |from: &str, to: &str, now_ms: u64| {
        let json = format!(r#"{{"from":"{from}","to":"{to}","kind":"on_job","members":["M2"],"effective":"at_once"}}"#);
        world.hand_over(&json, &limits(), now_ms).unwrap().refused.pop().map(|refused| refused.reason)
    };
    assert_eq!(pass("CHEN", "LI", NOW), None);
    assert_eq!(pass("LI", "CHEN", NOW + DAY), None);
    let too_often = Some(HandoverRefusal::TooOften { times: 2, days: 90 });
    assert_eq!(pass("CHEN", "LI", NOW + 2 * DAY), too_often);
    // NOW is ten in the morning: the ninetieth day begins at midnight.
    assert_eq!(pass("CHEN", "LI", NOW + 90 * DAY - 10 * HOUR - 1), too_often);
    assert_eq!(pass("CHEN", "LI", NOW + 90 * DAY - 10 * HOUR), None);
}

#[test]
fn a_leaver_s_members_pass_on_within_a_year() {
    let world = World::new();
    let json = r#"{"from":"CHEN","to":"LI","kind":"resigned","members":["M2"],"effective":"at_once"}"#;
    world.hand_over(&json.replace("M2", "M9"), &limits(), NOW).unwrap();
    assert_eq!(world.hand_over(json, &limits(), NOW + 366 * DAY).unwrap_err().code(), ErrorCode::Conflict);
    assert_eq!(world.hand_over(json, &limits(), NOW + 365 * DAY).unwrap().done.len(), 1);
}

#[test]
fn a_call_names_at_most_a_hundred() {
    let world = World::new();
    let call = |count: usize| {
        let members: Vec<String> = (0..count).map(|n| format!("X{n}")).collect();
        let json = serde_json::json!({ "from": "CHEN", "to": "LI", "kind": "on_job", "members": members }).to_string();
        world.hand_over(&json, &limits(), NOW)
    };
    assert_eq!(call(101).unwrap_err().code(), ErrorCode::TooLarge);
    assert!(call(101).unwrap_err().record().reason.unwrap().contains("100"));
    assert_eq!(call(0).unwrap_err().code(), ErrorCode::Invalid);
    assert_eq!(call(100).unwrap().refused.len(), 100);
}

#[test]
fn a_whole_guide_goes_in_batches_and_on_after_the_process_ended() {
    let mut world = World::new();
    crowd(&mut world, 25);
    let small = Limits { handover_members: 10, ..limits() };
    let json = r#"{"from":"CHEN","to":"LI","kind":"resigned"}"#;
    let request = serde_json::from_str(json).unwrap();
    let id = job::start(&world.db, &world.tenant, &request, &small, NOW).unwrap();
    assert!(!job::step(&world.db, &world.tenant, id, &small, NOW).unwrap());
    let so_far = job::report(&world.db, &world.tenant, id).unwrap();
    assert_eq!((so_far.ended, so_far.waiting.len()), (false, 10));
    // Whoever did it may be at it still: nobody else touches it, and no second one begins.
    assert_eq!(upkeep(&world.db, None, &small, NOW + 1000).unwrap().jobs, 0);
    for other in [r#""kind":"on_job"}"#, r#""kind":"resigned","effective":"at_once"}"#, r#""kind":"resigned","dry_run":true}"#] {
        let other = format!(r#"{{"from":"CHEN","to":"LI",{other}"#);
        assert_eq!(world.hand_over(&other, &small, NOW).unwrap_err().code(), ErrorCode::Conflict, "{other}");
    }
    assert_eq!(upkeep(&world.db, None, &small, NOW + 61_000).unwrap().jobs, 1);
    let report = job::report(&world.db, &world.tenant, id).unwrap();
    assert_eq!((report.ended, report.waiting.len(), report.refused.len(), report.due_ms), (true, 26, 0, NOW + DAY));
    upkeep(&world.db, None, &small, NOW + DAY).unwrap();
    assert_eq!((world.served("LI").len(), world.served("CHEN").len()), (27, 0));
}

#[test]
fn a_whole_guide_asked_for_again_goes_on_with_her_job() {
    let mut world = World::new();
    crowd(&mut world, 25);
    let small = Limits { handover_members: 10, ..limits() };
    let json = r#"{"from":"CHEN","to":"LI","kind":"resigned"}"#;
    let id = job::start(&world.db, &world.tenant, &serde_json::from_str(json).unwrap(), &small, NOW).unwrap();
    assert!(!job::step(&world.db, &world.tenant, id, &small, NOW).unwrap());
    // The caller got no answer and asks once more, a minute later: what was begun keeps its time.
    let report = world.hand_over(json, &small, NOW + 60_000).unwrap();
    assert_eq!((report.job, report.ended, report.waiting.len(), report.due_ms), (Some(id), true, 26, NOW + DAY));
    // That job is at its end: the next call is a new one, which finds that all are waited for.
    let report = world.hand_over(json, &small, NOW + 120_000).unwrap();
    assert_eq!((report.job == Some(id), report.waiting.len(), report.refused.len()), (false, 0, 26));
}

#[test]
fn a_job_whose_taker_leaves_is_stopped_and_says_so() {
    let mut world = World::new();
    crowd(&mut world, 25);
    let small = Limits { handover_members: 10, ..limits() };
    let request = serde_json::from_str(r#"{"from":"CHEN","to":"LI","kind":"on_job"}"#).unwrap();
    let id = job::start(&world.db, &world.tenant, &request, &small, NOW).unwrap();
    job::step(&world.db, &world.tenant, id, &small, NOW).unwrap();
    world.hand_over(r#"{"from":"LI","to":"WU","kind":"resigned"}"#, &small, NOW).unwrap();
    upkeep(&world.db, None, &small, NOW + 61_000).unwrap();
    let report = job::report(&world.db, &world.tenant, id).unwrap();
    assert_eq!((report.ended, report.waiting.len()), (true, 10));
    assert!(report.stopped.unwrap().contains("taker has left"));
}

#[test]
fn a_handover_that_cannot_take_place_says_why() {
    let world = World::new();
    let table = [
        (r#"{"from":"LI","to":"LI","kind":"on_job"}"#, ErrorCode::Conflict),
        (r#"{"from":"LI","to":"NO","kind":"on_job"}"#, ErrorCode::NotFound),
        (r#"{"from":"NO","to":"LI","kind":"resigned"}"#, ErrorCode::NotFound),
    ];
    for (json, code) in table {
        for dry in ["true", "false"] {
            let json = json.replace('}', &format!(r#","dry_run":{dry}}}"#));
            assert_eq!(world.hand_over(&json, &limits(), NOW).unwrap_err().code(), code, "{json}");
        }
    }
}

#[test]
fn the_status_is_read_page_by_page_and_by_giver_taker_and_member() {
    let mut world = World::new();
    crowd(&mut world, 3);
    world.hand_over(r#"{"from":"CHEN","to":"LI","kind":"on_job"}"#, &limits(), NOW).unwrap();
    let list = |filter: HandoverFilter, after: u64, limit: usize| status::list(&world.db, &world.tenant, &filter, (after, limit));
    let of = |from: Option<&str>, to: Option<&str>| {
        let filter = HandoverFilter { from: from.map(|g| g.parse().unwrap()), to: to.map(|g| g.parse().unwrap()), ..Default::default() };
        list(filter, 0, 100).unwrap().handovers.len()
    };
    assert_eq!((of(Some("CHEN"), None), of(None, Some("LI")), of(Some("LI"), None), of(None, None)), (4, 4, 0, 4));
    let first = list(HandoverFilter::default(), 0, 3).unwrap();
    assert!(first.more);
    let rest = list(HandoverFilter::default(), first.after, 3).unwrap();
    assert_eq!((rest.handovers.len(), rest.more), (1, false));
    assert_eq!(list(HandoverFilter::default(), 0, 0).unwrap_err().code(), ErrorCode::Invalid);
    assert_eq!(list(HandoverFilter::default(), 0, 1001).unwrap_err().code(), ErrorCode::Invalid);
}
