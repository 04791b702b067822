//! Who was on a device, compared with a recorder that reads every answer of a random run.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{DeviceId, GuideId, MemberId, Outcome};
use guidebook_wire::RoundAnswerRecord;
use proptest::prelude::*;

use super::sent;
use super::testing::{NOW, TestPhone, World, members, note, outcomes};
use crate::db::{DatabaseExt, Tx, Write};
use crate::hq::{assign, devices, unmerge};
use crate::service::serving;

const GUIDES: [&str; 3] = ["LI", "CHEN", "WU"];

/// Members, each so large that a page holds only a few of them.
const MEMBERS: usize = 24;

#[derive(Clone, Debug)]
enum Step {
    Assign { member: usize, guide: usize },
    End { member: usize, guide: usize },
    Pass { from: usize, to: usize },
    Edit { phone: usize, member: usize },
    WalkIn { phone: usize, number: usize },
    Import { number: usize },
    Unmerge { which: usize },
    Round { phone: usize, lost: bool },
    Restore { phone: usize },
    Enrol { guide: usize },
    Store { guide: usize },
    SendStored { phone: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let (guide, member, phone) = (0..GUIDES.len(), 0..MEMBERS, 0..8usize);
    prop_oneof![
        6 => (member.clone(), guide.clone()).prop_map(|(member, guide)| Step::Assign { member, guide }),
        6 => (member.clone(), guide.clone()).prop_map(|(member, guide)| Step::End { member, guide }),
        1 => (guide.clone(), guide.clone()).prop_map(|(from, to)| Step::Pass { from, to }),
        6 => (phone.clone(), member).prop_map(|(phone, member)| Step::Edit { phone, member }),
        2 => (phone.clone(), 0..4usize).prop_map(|(phone, number)| Step::WalkIn { phone, number }),
        1 => (0..4usize).prop_map(|number| Step::Import { number }),
        1 => (0..4usize).prop_map(|which| Step::Unmerge { which }),
        12 => (phone.clone(), any::<bool>()).prop_map(|(phone, lost)| Step::Round { phone, lost }),
        1 => phone.clone().prop_map(|phone| Step::Restore { phone }),
        1 => guide.clone().prop_map(|guide| Step::Enrol { guide }),
        2 => guide.prop_map(|guide| Step::Store { guide }),
        2 => phone.prop_map(|phone| Step::SendStored { phone }),
    ]
}

/// A retailer, its phones, and what each was sent.
struct Run {
    world: World,
    phones: Vec<TestPhone>,
    seen: BTreeMap<DeviceId, BTreeSet<MemberId>>,
    /// Snapshots as they were stored: position and members.
    stored: BTreeMap<usize, (u64, BTreeSet<MemberId>)>,
    walk_ins: Vec<MemberId>,
    now_ms: u64,
}

fn member_id(n: usize) -> MemberId {
    MemberId::new(format!("N{n:02}")).unwrap()
}

fn guide_id(n: usize) -> GuideId {
    GuideId::new(GUIDES[n]).unwrap()
}

impl Run {
    fn new() -> Self {
        let mut world = World::new();
        let line = |n: usize| format!("N{n:02},人{n},137000000{n:02},女,,,金卡,5,{},S1,,,否\n", GUIDES[n % 3]);
        world.import_members(&(0..MEMBERS).map(line).collect::<String>());
        let phones = GUIDES.map(|guide| world.phone(guide)).into();
        let mut run = Run { world, phones, seen: BTreeMap::new(), stored: BTreeMap::new(), walk_ins: Vec::new(), now_ms: NOW };
        run.fatten();
        run
    }

    /// Gives every member notes that fill a page with about ten of them.
    fn fatten(&mut self) {
        let long = "长".repeat(1000);
        for n in 0..MEMBERS {
            let mut member = self.world.db.reading(|tx| tx.member(&self.world.tenant, &member_id(n))).unwrap().unwrap();
            for _ in 0..4 {
                let edit = self.world.edit(&self.phones[0], member_id(n).as_str(), NOW, note(&long));
                member.state.apply(&edit);
            }
            self.world.db.writing(Write::Import, |tx| tx.put_member(&self.world.tenant, &member)).unwrap();
        }
    }

    fn write(&self, work: impl Fn(&mut dyn Tx) -> crate::db::Result<bool>) {
        self.world.db.writing(Write::Ownership, |tx| work(tx)).unwrap();
    }

    fn record(&mut self, phone: usize, answer: &RoundAnswerRecord) {
        let seen = self.seen.entry(self.phones[phone].who.device).or_default();
        seen.extend(members(answer).iter().map(|member| member.id.clone()));
    }

    fn take(&mut self, step: Step) {
        self.now_ms += 1;
        let (tenant, now_ms) = (self.world.tenant.clone(), self.now_ms);
        match step {
            Step::Assign { member, guide } => {
                assign::assign(&self.world.db, &tenant, &member_id(member), &guide_id(guide), now_ms).unwrap();
            }
            Step::End { member, guide } => self.write(|tx| serving::end(tx, &tenant, &member_id(member), &guide_id(guide), now_ms)),
            Step::Pass { from, to } if from == to => {}
            Step::Pass { from, to } => self.world.pass_all(GUIDES[from], GUIDES[to], now_ms),
            Step::Edit { phone, member } => {
                let phone = phone % self.phones.len();
                let edit = self.world.edit(&self.phones[phone], member_id(member).as_str(), now_ms, note("short"));
                let answer = self.phones[phone].round_at(&self.world.db, &[&edit], now_ms).unwrap();
                self.record(phone, &answer);
            }
            Step::WalkIn { phone, number } => self.walk_in(phone % self.phones.len(), number),
            Step::Import { number } => {
                self.world.import_members(&format!("H{number},钱{number},1360000000{number},女,,,金卡,5,LI,S1,,,否\n"));
            }
            Step::Unmerge { which } => {
                if let Some(id) = self.walk_ins.get(which) {
                    let _ = unmerge::unmerge(&self.world.db, &tenant, id, now_ms);
                }
            }
            Step::Round { phone, lost } => {
                let phone = phone % self.phones.len();
                let (epoch, cursor) = (self.phones[phone].epoch, self.phones[phone].cursor);
                let answer = self.phones[phone].round_at(&self.world.db, &[], now_ms).unwrap();
                self.record(phone, &answer);
                if lost {
                    (self.phones[phone].epoch, self.phones[phone].cursor) = (epoch, cursor);
                }
            }
            Step::Restore { phone } => {
                let phone = phone % self.phones.len();
                (self.phones[phone].epoch, self.phones[phone].cursor) = (None, Default::default());
            }
            Step::Enrol { guide } if self.phones.len() < 8 => {
                let phone = self.world.phone(GUIDES[guide]);
                self.phones.push(phone);
            }
            Step::Enrol { .. } => {}
            Step::Store { guide } => {
                let stored = self.world.db.reading(|tx| {
                    Ok::<_, crate::ServerError>((
                        tx.feed_head(&tenant, &guide_id(guide))?.position,
                        tx.members_of(&tenant, &guide_id(guide))?,
                    ))
                });
                let (position, members) = stored.unwrap();
                self.stored.insert(guide, (position, members.into_iter().collect()));
            }
            Step::SendStored { phone } => {
                let who = self.phones[phone % self.phones.len()].who.clone();
                let guide = GUIDES.iter().position(|guide| *guide == who.guide.as_str()).unwrap();
                let Some((position, members)) = self.stored.get(&guide).cloned() else { return };
                self.write(|tx| sent::note_all(tx, &who, position).map(|()| true));
                self.seen.entry(who.device).or_default().extend(members);
            }
        }
    }

    fn walk_in(&mut self, phone: usize, number: usize) {
        let operation = self.world.walk_in(&self.phones[phone], &format!("1360000000{number}"));
        let answer = self.phones[phone].round_at(&self.world.db, &[&operation], self.now_ms).unwrap();
        self.record(phone, &answer);
        assert!(!matches!(outcomes(&answer)[0], Outcome::Refused(_)));
        let id = MemberId::walk_in(operation.id);
        self.seen.entry(self.phones[phone].who.device).or_default().insert(id.clone());
        self.walk_ins.push(id);
    }

    /// What the server says that each device was sent.
    fn told(&self, device: DeviceId) -> BTreeSet<MemberId> {
        let lines = devices::members_on(&self.world.db, &self.world.tenant, device, None).unwrap();
        let told: BTreeSet<MemberId> = lines.iter().map(|line| line.member.clone()).collect();
        assert_eq!(told.len(), lines.len(), "each stands once");
        assert!(lines.iter().all(|line| line.until_ms.is_none_or(|until| until >= line.from_ms)), "{lines:?}");
        told
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hq_is_told_exactly_who_was_sent_to_a_device(steps in proptest::collection::vec(step(), 1..60)) {
        let mut run = Run::new();
        for step in steps {
            let what = format!("{step:?}");
            run.take(step);
            for phone in &run.phones {
                let device = phone.who.device;
                let seen = run.seen.get(&device).cloned().unwrap_or_default();
                prop_assert_eq!(run.told(device), seen, "after {}", what);
            }
        }
    }
}

#[test]
fn a_device_that_never_came_was_sent_nobody() {
    let mut world = World::new();
    let (never, mut li) = (world.phone("LI"), world.phone("LI"));
    li.round(&world.db, &[]).unwrap();
    let on = |phone: &TestPhone| devices::members_on(&world.db, &world.tenant, phone.who.device, None).unwrap();
    assert!(on(&never).is_empty());
    let line = on(&li).pop().unwrap();
    assert_eq!((line.member.as_str(), line.from_ms, line.until_ms), ("M1", NOW, None));
    world.pass_all("LI", "CHEN", NOW + 5);
    let line = on(&li).pop().unwrap();
    assert_eq!((line.member.as_str(), line.from_ms, line.until_ms), ("M1", NOW, Some(NOW + 5)));
    let after = "M1".parse().unwrap();
    assert!(devices::members_on(&world.db, &world.tenant, li.who.device, Some(&after)).unwrap().is_empty());
}

#[test]
fn a_round_without_news_is_not_written_down() {
    let mut world = World::new();
    let mut li = world.phone("LI");
    let owes = |world: &World, phone: &TestPhone| world.db.reading(|tx| sent::may_be_news(tx, &phone.who)).unwrap();
    assert!(owes(&world, &li));
    li.round(&world.db, &[]).unwrap();
    assert!(!owes(&world, &li));
    let edit = world.edit(&li, "M1", NOW, note("a change is no news of a member"));
    li.round(&world.db, &[&edit]).unwrap();
    assert!(!owes(&world, &li));
    assign::assign(&world.db, &world.tenant, &"M2".parse().unwrap(), &li.who.guide, NOW).unwrap();
    assert!(owes(&world, &li));
}
