//! Each reason and each state once.

use super::*;

fn party(guide: &str, left: Option<&str>) -> Party {
    let left = left.map(|t| NaiveDate::parse_from_str(t, "%Y-%m-%d").unwrap());
    Party { guide: GuideId::new(guide).unwrap(), left }
}

#[test]
fn each_reason_that_stops_a_whole_handover() {
    use HandoverKind::{OnJob, Resigned};
    let today = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    let limits = Limits::default();
    let check = |kind, giver: Party, taker: Party| check_parties(kind, &giver, &taker, today, &limits);
    let a = || party("A", None);
    assert_eq!(check(OnJob, a(), party("B", None)), Ok(()));
    assert_eq!(check(OnJob, a(), a()), Err(HandoverRefusal::SameGuide));
    assert_eq!(check(OnJob, a(), party("B", Some("2026-10-01"))), Err(HandoverRefusal::TakerLeft));
    assert_eq!(check(OnJob, party("A", Some("2026-10-01")), party("B", None)), Err(HandoverRefusal::GiverLeft));
    assert_eq!(check(Resigned, party("A", Some("2025-11-01")), party("B", None)), Ok(()));
    let late = check(Resigned, party("A", Some("2025-10-31")), party("B", None));
    assert_eq!(late, Err(HandoverRefusal::TooLate { days: 365 }));
}

#[test]
fn each_reason_that_stops_one_member() {
    use HandoverKind::{OnJob, Resigned};
    let limits = Limits { members_per_guide: 10, ..Limits::default() };
    let fine = Candidate { served_by_giver: true, served_by_taker: false, waits_for_taker: false, recent_on_job: 0 };
    assert_eq!(check_member(OnJob, fine, 9, &limits), Ok(()));
    assert_eq!(check_member(OnJob, fine, 10, &limits), Err(HandoverRefusal::TakerFull { limit: 10 }));
    assert_eq!(check_member(OnJob, Candidate { served_by_taker: true, ..fine }, 10, &limits), Ok(()));
    let stranger = Candidate { served_by_giver: false, ..fine };
    assert_eq!(check_member(OnJob, stranger, 0, &limits), Err(HandoverRefusal::NoRecord));
    let restless = Candidate { recent_on_job: 2, ..fine };
    assert_eq!(check_member(OnJob, restless, 0, &limits), Err(HandoverRefusal::TooOften { times: 2, days: 90 }));
    assert_eq!(check_member(Resigned, restless, 0, &limits), Ok(()));
}

#[test]
fn a_member_waits_for_one_taker_once() {
    let candidate = Candidate { served_by_giver: true, served_by_taker: false, waits_for_taker: true, recent_on_job: 0 };
    let checked = check_member(HandoverKind::Resigned, candidate, 0, &Limits::default());
    assert_eq!(checked, Err(HandoverRefusal::AlreadyWaiting));
}

#[test]
fn ninety_natural_days_count_today() {
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
    assert_eq!(on_job_since(day("2026-03-31"), &Limits::default()), day("2026-01-01"));
}

#[test]
fn a_handover_that_is_due_is_judged_again() {
    let limits = Limits { members_per_guide: 10, ..Limits::default() };
    let fine = Arrival { served_by_giver: true, served_by_taker: false, taker_left: false, taker_members: 9 };
    let table = [
        (fine, HandoverState::Done),
        (Arrival { served_by_giver: false, ..fine }, HandoverState::NoRecord),
        (Arrival { taker_left: true, ..fine }, HandoverState::NoRecord),
        (Arrival { taker_members: 10, ..fine }, HandoverState::TakerFull),
        (Arrival { taker_members: 10, served_by_taker: true, ..fine }, HandoverState::Done),
    ];
    for (arrival, state) in table {
        assert_eq!(settle(arrival, &limits), state, "{arrival:?}");
    }
    assert!(due(5, 5) && !due(6, 5));
}

#[test]
fn a_word_is_the_state_that_it_names() {
    for state in HandoverState::ALL {
        assert_eq!(HandoverState::of(state.word()), Some(state));
    }
    assert_eq!(HandoverState::of("lost"), None);
}
