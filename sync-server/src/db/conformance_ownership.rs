//! What every storage must do with handovers, terms and what was sent: called by `conformance`.

use chrono::NaiveDate;
use guidebook_domain::handover::{HandoverKind, HandoverRefusal, HandoverState};
use guidebook_domain::{DeviceId, GuideId, Hlc, MemberId, MemberProfile, TenantId};
use guidebook_wire::CursorRecord;
use uuid::Uuid;

use super::devices::{Device, DeviceState};
use super::directory::Guide;
use super::handovers::{Handover, HandoverFilter, HandoverJob};
use super::members::{Member, Serving};
use super::sent::SentMember;
use super::{Database, DatabaseExt, Result, Tx, Write};

fn a() -> TenantId {
    TenantId::new("A").unwrap()
}

fn b() -> TenantId {
    TenantId::new("B").unwrap()
}

fn guide(id: &str) -> GuideId {
    GuideId::new(id).unwrap()
}

fn member(id: &str) -> MemberId {
    MemberId::new(id).unwrap()
}

/// A guide WU in both tenants of `conformance`, and members P1 to P3 in one.
fn furnish(tx: &mut dyn Tx) -> Result<()> {
    for tenant in [a(), b()] {
        let li = tx.guide(&tenant, &guide("LI"))?.unwrap();
        tx.put_guide(&tenant, &Guide { id: guide("WU"), ..li })?;
    }
    for id in ["P1", "P2", "P3"] {
        tx.put_member(&a(), &Member::of(member(id), MemberProfile::default()))?;
    }
    Ok(())
}

fn handover(of: &str, due_ms: u64) -> Handover {
    let (from, to, kind, state) = (guide("LI"), guide("WU"), HandoverKind::OnJob, HandoverState::Waiting);
    Handover { seq: 0, job: None, member: member(of), from, to, kind, state, asked_ms: 1, due_ms, ended_ms: None }
}

fn a_handover_waits_until_it_ends(tx: &mut dyn Tx) -> Result<()> {
    let first = tx.add_handover(&a(), &handover("P1", 20))?;
    let second = tx.add_handover(&a(), &Handover { job: Some(7), ..handover("P2", 10) })?;
    assert_eq!((first, second, tx.add_handover(&b(), &handover("P1", 30))?), (1, 2, 1));
    let waiting = tx.waiting_handover(&a(), &member("P1"), &guide("WU"))?;
    assert_eq!(waiting, Some(Handover { seq: 1, ..handover("P1", 20) }));
    let due = |tx: &mut dyn Tx, tenant: Option<&TenantId>, now_ms: u64| -> Result<Vec<(TenantId, u64)>> {
        Ok(tx.handovers_due(tenant, now_ms, 9)?.into_iter().map(|(tenant, handover)| (tenant, handover.seq)).collect())
    };
    assert!(due(tx, None, 9)?.is_empty());
    assert_eq!(due(tx, None, 30)?, [(a(), 2), (a(), 1), (b(), 1)]);
    assert_eq!(due(tx, Some(&b()), 30)?, [(b(), 1)]);
    assert_eq!((tx.recent_on_job(&a(), &member("P1"), 99)?, tx.recent_on_job(&a(), &member("P3"), 0)?), (1, 0));
    assert!(tx.end_handover(&a(), 1, HandoverState::Done, 50)? && !tx.end_handover(&a(), 1, HandoverState::Refused, 51)?);
    assert_eq!((tx.recent_on_job(&a(), &member("P1"), 50)?, tx.recent_on_job(&a(), &member("P1"), 51)?), (1, 0));
    assert_eq!(tx.waiting_handover(&a(), &member("P1"), &guide("WU"))?, None);
    assert!(tx.end_handover(&a(), 2, HandoverState::Refused, 50)?);
    assert_eq!((tx.recent_on_job(&a(), &member("P2"), 0)?, due(tx, None, 99)?), (0, vec![(b(), 1)]));
    let list = |tx: &mut dyn Tx, filter: HandoverFilter, after: u64| -> Result<Vec<u64>> {
        Ok(tx.handovers_after(&a(), &filter, after, 9)?.into_iter().map(|handover| handover.seq).collect())
    };
    let all = HandoverFilter::default;
    assert_eq!((list(tx, all(), 0)?, list(tx, all(), 1)?), (vec![1, 2], vec![2]));
    assert_eq!(list(tx, HandoverFilter { member: Some(member("P2")), ..all() }, 0)?, [2]);
    assert_eq!(list(tx, HandoverFilter { from: Some(guide("LI")), to: Some(guide("WU")), ..all() }, 0)?, [1, 2]);
    assert!(list(tx, HandoverFilter { from: Some(guide("WU")), ..all() }, 0)?.is_empty());
    assert_eq!(list(tx, HandoverFilter { state: Some(HandoverState::Done), ..all() }, 0)?, [1]);
    assert_eq!(list(tx, HandoverFilter { job: Some(7), ..all() }, 0)?, [2]);
    Ok(())
}

fn a_job_is_open_until_it_ends(tx: &mut dyn Tx) -> Result<()> {
    let (from, to, kind) = (guide("LI"), guide("WU"), HandoverKind::Resigned);
    let job = HandoverJob { id: 0, from, to, kind, asked_ms: 1, due_ms: 9, step_ms: 1, after: None, ended: false, stopped: None };
    assert_eq!((tx.add_job(&a(), &job)?, tx.add_job(&b(), &job)?), (1, 1));
    assert_eq!(tx.open_job_of(&a(), &guide("LI"))?, Some(HandoverJob { id: 1, ..job.clone() }));
    assert_eq!((tx.open_job_of(&a(), &guide("WU"))?, tx.stale_job(1)?, tx.stale_job(2)?), (None, None, Some((a(), 1))));
    let moved = HandoverJob { id: 1, step_ms: 5, after: Some(member("P2")), ..job };
    tx.put_job(&a(), &moved)?;
    assert_eq!((tx.job(&a(), 1)?, tx.stale_job(5)?, tx.job(&a(), 2)?), (Some(moved.clone()), Some((b(), 1)), None));
    let ended = HandoverJob { ended: true, stopped: Some("why".to_owned()), ..moved };
    tx.put_job(&a(), &ended)?;
    assert_eq!((tx.job(&a(), 1)?, tx.open_job_of(&a(), &guide("LI"))?), (Some(ended), None));
    let full = HandoverRefusal::TakerFull { limit: 3 };
    tx.refuse_in_job(&a(), 1, &member("P3"), &full)?;
    tx.refuse_in_job(&a(), 1, &member("P1"), &HandoverRefusal::NoRecord)?;
    assert_eq!(tx.refused_in_job(&a(), 1)?, [(member("P1"), HandoverRefusal::NoRecord), (member("P3"), full)]);
    assert!(tx.refused_in_job(&b(), 1)?.is_empty());
    Ok(())
}

fn bind(tx: &mut dyn Tx, of: &str, from_ms: u64, entered: u64) -> Result<()> {
    let serving = Serving { guide: guide("WU"), source: "hq".to_owned(), from_ms, entered };
    tx.put_serving(&a(), &member(of), &serving, None)
}

fn counts_and_pages_of_bindings(tx: &mut dyn Tx) -> Result<()> {
    for (n, id) in ["P1", "P2", "P3"].into_iter().enumerate() {
        bind(tx, id, 10, n as u64 + 1)?;
    }
    assert_eq!((tx.count_members_of(&a(), &guide("WU"))?, tx.count_members_of(&b(), &guide("WU"))?), (3, 0));
    let by_guide = tx.count_members_by_guide(&a())?;
    assert_eq!((by_guide.get(&guide("WU")), tx.count_members_by_guide(&b())?.contains_key(&guide("WU"))), (Some(&3), false));
    assert_eq!(tx.members_of_after(&a(), &guide("WU"), None, 2)?, [member("P1"), member("P2")]);
    assert_eq!(tx.members_of_after(&a(), &guide("WU"), Some(&member("P2")), 2)?, [member("P3")]);
    let waits = Handover { member: member("M1"), ..handover("P1", 10) };
    let (hers, new) = (tx.add_handover(&a(), &handover("P1", 10))?, tx.add_handover(&a(), &waits)?);
    assert_eq!(tx.count_waiting_for(&a(), &guide("WU"))?, 1, "who is served already takes no room");
    for seq in [hers, new] {
        tx.end_handover(&a(), seq, HandoverState::Refused, 11)?;
    }
    Ok(())
}

fn a_term_is_found_when_it_is_over(tx: &mut dyn Tx) -> Result<()> {
    let day = |n: u32| NaiveDate::from_ymd_opt(2026, 11, n).unwrap();
    let (wu, p1) = (guide("WU"), member("P1"));
    assert_eq!(tx.serving_term(&a(), &p1, &wu)?, None);
    tx.set_serving_term(&a(), &p1, &wu, Some(day(8)))?;
    assert_eq!((tx.serving_term(&a(), &p1, &wu)?, tx.servings_past(day(8), 9)?), (Some(day(8)), vec![]));
    let asked = [member("P2"), p1.clone()];
    assert_eq!(tx.serving_terms(&a(), &wu, &asked)?.into_iter().collect::<Vec<_>>(), [(p1.clone(), day(8))]);
    assert!(tx.serving_terms(&a(), &wu, &[member("P2")])?.is_empty() && tx.serving_terms(&a(), &guide("LI"), &asked)?.is_empty());
    assert!(tx.serving_terms(&b(), &wu, &asked)?.is_empty());
    assert_eq!(tx.servings_past(day(9), 9)?, [(a(), p1.clone(), wu.clone(), day(8))]);
    tx.set_serving_term(&a(), &p1, &wu, None)?;
    assert!(tx.servings_past(day(9), 9)?.is_empty());
    let held = tx.guide(&a(), &wu)?.unwrap();
    tx.put_guide(&a(), &Guide { until: Some(day(8)), ..held.clone() })?;
    assert_eq!(tx.guide(&a(), &wu)?.unwrap().until, Some(day(8)));
    assert_eq!((tx.guides_past(day(8), 9)?, tx.guides_past(day(9), 9)?), (vec![], vec![(a(), wu)]));
    tx.put_guide(&a(), &Guide { until: Some(day(8)), left: Some(day(8)), ..held.clone() })?;
    assert!(tx.guides_past(day(9), 9)?.is_empty());
    tx.put_guide(&a(), &held)
}

fn device(n: u128, enrolled_ms: u64) -> Device {
    let (id, state, cursor) = (DeviceId::from_uuid(Uuid::from_u128(n)), DeviceState::Active, CursorRecord::default());
    let (guide, name, last_hlc) = (guide("WU"), "phone".to_owned(), Hlc::default());
    Device { tenant: a(), id, guide, public_key: [0; 32], name, state, enrolled_ms, last_seen_ms: 0, last_hlc, cursor }
}

fn on(tx: &mut dyn Tx, n: u128) -> Result<Vec<(String, u64, Option<u64>)>> {
    let list = tx.sent_members(&a(), device(n, 0).id, None, 9)?;
    Ok(list.into_iter().map(|SentMember { member, from_ms, until_ms }| (member.to_string(), from_ms, until_ms)).collect())
}

fn a_device_remembers_whom_it_was_sent(tx: &mut dyn Tx) -> Result<()> {
    let (wu, one, two) = (guide("WU"), device(1, 5), device(2, 15));
    tx.put_device(&one)?;
    tx.put_device(&two)?;
    assert!(tx.owes(&a(), &wu, one.id)? && on(tx, 1)?.is_empty());
    // P1 and P2 came in at 1 and 2, P3 at 3.
    tx.put_sent_all(&a(), &wu, one.id, 2)?;
    tx.put_sent(&a(), &wu, two.id, &member("P3"), 30)?;
    assert!(tx.owes(&a(), &wu, one.id)?);
    assert_eq!(on(tx, 1)?, [("P1".to_owned(), 10, None), ("P2".to_owned(), 10, None)]);
    assert_eq!(on(tx, 2)?, [("P3".to_owned(), 30, None)]);
    for (of, position) in [("P1", 4), ("P3", 5)] {
        tx.leave_feed(&a(), &wu, &member(of), position, 40)?;
        assert!(tx.end_serving(&a(), &member(of), &wu, 40)?);
    }
    assert!(!tx.owes(&a(), &wu, one.id)?);
    assert_eq!(on(tx, 1)?, [("P1".to_owned(), 10, Some(40)), ("P2".to_owned(), 10, None)]);
    assert_eq!(on(tx, 2)?, [("P3".to_owned(), 30, Some(40))]);
    // A snapshot of position 4 holds P3, who left at 5, and not P1, who left at 4.
    tx.put_sent_all(&a(), &wu, one.id, 4)?;
    tx.put_sent_all(&a(), &wu, one.id, 3)?;
    let all = [("P1".to_owned(), 10, Some(40)), ("P2".to_owned(), 10, None), ("P3".to_owned(), 10, Some(40))];
    assert_eq!(on(tx, 1)?, all);
    // P1 comes back, unseen as yet; a walk-in is the device's own.
    bind(tx, "P1", 50, 6)?;
    assert!(tx.owes(&a(), &wu, one.id)?);
    assert_eq!(on(tx, 1)?, all);
    tx.put_own(one.id, &member("w-1"), 60, None)?;
    tx.put_own(one.id, &member("w-2"), 60, Some(61))?;
    tx.put_sent_all(&a(), &wu, one.id, 6)?;
    assert_eq!(on(tx, 1)?[0], ("P1".to_owned(), 10, None));
    assert_eq!(on(tx, 1)?[3..], [("w-1".to_owned(), 60, None), ("w-2".to_owned(), 60, Some(61))]);
    assert_eq!(tx.sent_members(&a(), one.id, Some(&member("P2")), 1)?[0].member, member("P3"));
    assert!(tx.sent_members(&b(), one.id, None, 9)?.is_empty());
    // What a device was sent outlasts a change of its row.
    tx.put_device(&Device { state: DeviceState::Revoked, ..one })?;
    assert_eq!(on(tx, 1)?.len(), 5);
    Ok(())
}

/// Runs all of it against a database that `conformance` has furnished. Leaves the feeds as they were.
pub fn conforms(db: &dyn Database) {
    db.writing(Write::Ownership, |tx| {
        furnish(tx)?;
        a_handover_waits_until_it_ends(tx)?;
        a_job_is_open_until_it_ends(tx)?;
        counts_and_pages_of_bindings(tx)?;
        a_term_is_found_when_it_is_over(tx)?;
        a_device_remembers_whom_it_was_sent(tx)
    })
    .unwrap();
}
