//! In random worlds a dry run tells exactly what the call then reports, member by member, and, where nothing comes
//! between, what becomes of each in the end.

use guidebook_domain::Limits;
use guidebook_domain::handover::HandoverState;
use proptest::prelude::*;

use super::{HandoverReport, settle, status};
use crate::db::handovers::HandoverFilter;
use crate::hq::assign;
use crate::hq::upkeep::upkeep;
use crate::service::testing::{NOW, World};

const GUIDES: [&str; 3] = ["LI", "CHEN", "WU"];
const DAY: u64 = 24 * 3_600_000;

#[derive(Clone, Debug)]
enum Step {
    Assign(usize, usize),
    HandOver { from: usize, to: usize, members: Option<Vec<usize>>, resigned: bool, at_once: bool },
    Refuse(usize, usize),
    Days(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let (guide, member) = (0..GUIDES.len(), 0..8usize);
    let members = proptest::option::of(proptest::collection::vec(member.clone(), 1..=3));
    prop_oneof![
        3 => (member.clone(), guide.clone()).prop_map(|(m, g)| Step::Assign(m, g)),
        6 => (guide.clone(), guide.clone(), members, proptest::bool::weighted(0.1), any::<bool>())
            .prop_map(|(from, to, members, resigned, at_once)| Step::HandOver { from, to, members, resigned, at_once }),
        1 => (member, guide).prop_map(|(m, g)| Step::Refuse(m, g)),
        2 => (0..60u64).prop_map(Step::Days),
    ]
}

/// Few places and small batches, so that every limit is met.
fn tight() -> Limits {
    Limits { members_per_guide: 5, handover_members: 3, ..Limits::default() }
}

fn world() -> World {
    let mut world = World::new();
    let lines = (4..=8).map(|n| format!("M{n},人{n},1390000000{n},女,,,金卡,5,{},S1,,,否\n", GUIDES[n % 3]));
    assert_eq!(world.import_members(&lines.collect::<String>()).refused_count, 0);
    world
}

fn member(n: usize) -> String {
    format!("M{}", n + 1)
}

fn request(from: usize, to: usize, members: &Option<Vec<usize>>, resigned: bool, at_once: bool) -> serde_json::Value {
    let members: Option<Vec<String>> = members.as_ref().map(|members| members.iter().map(|n| member(*n)).collect());
    let (kind, effective) = (if resigned { "resigned" } else { "on_job" }, if at_once { "at_once" } else { "after_wait" });
    serde_json::json!({ "from": GUIDES[from], "to": GUIDES[to], "kind": kind, "effective": effective, "members": members })
}

/// Both answers to one request, each without what only one of them can know.
fn both(world: &World, request: serde_json::Value, now_ms: u64) -> [Result<HandoverReport, String>; 2] {
    [true, false].map(|dry| {
        let mut request = request.clone();
        request["dry_run"] = dry.into();
        let answer = world.hand_over(&request.to_string(), &tight(), now_ms);
        answer.map(|report| HandoverReport { dry_run: false, job: None, ..report }).map_err(|error| format!("{error}"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_dry_run_tells_what_the_call_then_reports(steps in proptest::collection::vec(step(), 1..25)) {
        let (world, mut now_ms) = (world(), NOW);
        for step in steps {
            settle::settle_due(&world.db, Some(&world.tenant), &tight(), now_ms).unwrap();
            match step {
                Step::Assign(m, g) => {
                    let _ = assign::assign(&world.db, &world.tenant, &member(m).parse().unwrap(), &GUIDES[g].parse().unwrap(), now_ms);
                }
                Step::HandOver { from, to, members, resigned, at_once } => {
                    let [dry, wet] = both(&world, request(from, to, &members, resigned, at_once), now_ms);
                    prop_assert_eq!(dry, wet);
                }
                Step::Refuse(m, g) => {
                    let _ = settle::refuse(&world.db, &world.tenant, &member(m).parse().unwrap(), &GUIDES[g].parse().unwrap(), now_ms);
                }
                Step::Days(days) => now_ms += days * DAY,
            }
        }
    }

    #[test]
    fn who_waits_is_passed_on_if_nothing_comes_between(
        bound in proptest::collection::vec((0..8usize, 0..GUIDES.len()), 0..12),
        (from, to) in (0..GUIDES.len(), 0..GUIDES.len()),
        resigned: bool,
    ) {
        let world = world();
        for (m, g) in bound {
            assign::assign(&world.db, &world.tenant, &member(m).parse().unwrap(), &GUIDES[g].parse().unwrap(), NOW).unwrap();
        }
        let [dry, _] = both(&world, request(from, to, &None, resigned, false), NOW);
        upkeep(&world.db, None, &tight(), NOW + DAY).unwrap();
        let page = status::list(&world.db, &world.tenant, &HandoverFilter::default(), (0, 100)).unwrap();
        let done: Vec<_> = page.handovers.iter().filter(|line| line.state == HandoverState::Done).map(|line| line.member.clone()).collect();
        prop_assert_eq!(done.len(), page.handovers.len());
        prop_assert_eq!(dry.map_or(Vec::new(), |report| report.waiting), done);
    }
}
