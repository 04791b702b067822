//! Who serves whom: bindings with and without a last day, guides who leave or whose last day is over, handovers that wait.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, NaiveTime};
use guidebook_domain::{GuideId, MemberId};

use super::{Standing, Truth};

/// Asia/Shanghai is ahead of UTC by so much, in milliseconds.
const AHEAD_MS: u64 = 8 * 3_600_000;

#[derive(Clone, Debug)]
struct Served {
    member: MemberId,
    guide: GuideId,
    by_import: bool,
    last_day: Option<NaiveDate>,
    until_ms: Option<u64>,
}

#[derive(Clone, Debug)]
struct Handover {
    member: MemberId,
    from: GuideId,
    to: GuideId,
    due_ms: u64,
}

/// Who serves whom, and who is to.
#[derive(Clone, Debug, Default)]
pub(super) struct Ownership {
    served: Vec<Served>,
    waiting: Vec<Handover>,
    /// Those who left, and who has what they had.
    heirs: BTreeMap<GuideId, GuideId>,
    last_days: BTreeMap<GuideId, NaiveDate>,
    /// Those whose last day is over.
    ended: BTreeSet<GuideId>,
}

/// The day in Asia/Shanghai.
pub fn day(at_ms: u64) -> NaiveDate {
    DateTime::from_timestamp_millis((at_ms + AHEAD_MS) as i64).expect("a time of this century").date_naive()
}

/// The last moment of a day in Asia/Shanghai, Unix milliseconds.
pub fn end_of(day: NaiveDate) -> u64 {
    (day + Days::new(1)).and_time(NaiveTime::MIN).and_utc().timestamp_millis() as u64 - AHEAD_MS - 1
}

impl Truth {
    /// `guide` serves `member` from now on.
    pub fn starts(&mut self, member: &MemberId, guide: &GuideId, by_import: bool) {
        if !self.serves(member, guide, None) {
            let (member, guide) = (member.clone(), guide.clone());
            self.ownership.served.push(Served { member, guide, by_import, last_day: None, until_ms: None });
        }
    }

    /// HQ lets `guide` serve `member`, up to a last day if there is one.
    pub fn assigns(&mut self, member: &MemberId, guide: &GuideId, last_day: Option<NaiveDate>) {
        let member = self.stands_for(member);
        self.starts(&member, guide, false);
        self.open(&member, guide).for_each(|served| served.last_day = last_day);
    }

    /// `guide` serves `member` no more.
    pub fn ends(&mut self, member: &MemberId, guide: &GuideId, now_ms: u64) {
        self.open(member, guide).for_each(|served| served.until_ms = Some(now_ms));
    }

    /// An import that said so before says it no more.
    pub(super) fn import_ends(&mut self, member: &MemberId, guide: &GuideId, now_ms: u64) {
        self.open(member, guide).filter(|served| served.by_import).for_each(|served| served.until_ms = Some(now_ms));
    }

    fn open(&mut self, member: &MemberId, guide: &GuideId) -> impl Iterator<Item = &mut Served> {
        let (member, guide) = (member.clone(), guide.clone());
        self.ownership.served.iter_mut().filter(move |s| s.until_ms.is_none() && s.member == member && s.guide == guide)
    }

    /// A guide has left; `heir` has what she had.
    pub fn leaves(&mut self, guide: &GuideId, heir: &GuideId, now_ms: u64) {
        self.ownership.heirs.insert(guide.clone(), heir.clone());
        self.closes(guide, now_ms);
    }

    fn closes(&mut self, guide: &GuideId, at_ms: u64) {
        for device in self.devices.values_mut().filter(|d| d.guide == *guide && d.standing == Standing::Active) {
            device.standing = Standing::Closing(at_ms);
        }
    }

    /// HQ gives a guide another last day, or none. One whose last day is over comes back by that.
    pub fn guide_stays_until(&mut self, guide: &GuideId, last_day: Option<NaiveDate>, now_ms: u64) {
        self.ends_guide(guide, now_ms);
        self.ownership.ended.remove(guide);
        match last_day {
            Some(day) => drop(self.ownership.last_days.insert(guide.clone(), day)),
            None => drop(self.ownership.last_days.remove(guide)),
        }
    }

    /// A guide's last day.
    pub fn last_day(&self, guide: &GuideId) -> Option<NaiveDate> {
        self.ownership.last_days.get(guide).copied()
    }

    /// Whether a guide's last day is over and the server has not noted it yet.
    pub fn is_over(&self, guide: &GuideId, now_ms: u64) -> bool {
        !self.is_gone(guide) && self.last_day(guide).is_some_and(|last| last < day(now_ms))
    }

    /// The server looks whether a guide's last day is over. It was over at midnight, whenever that is noted.
    pub fn ends_guide(&mut self, guide: &GuideId, now_ms: u64) {
        if let Some(last) = self.last_day(guide).filter(|_| self.is_over(guide, now_ms)) {
            self.closes(guide, end_of(last));
            self.ownership.ended.insert(guide.clone());
        }
    }

    /// The server looks for all last days that are over.
    pub fn ends_terms(&mut self, now_ms: u64) {
        let guides: Vec<GuideId> = self.ownership.last_days.keys().cloned().collect();
        guides.iter().for_each(|guide| self.ends_guide(guide, now_ms));
        for served in self.ownership.served.iter_mut().filter(|s| s.until_ms.is_none()) {
            served.until_ms = served.last_day.filter(|last| *last < day(now_ms)).map(end_of);
        }
    }

    /// A handover waits for its time.
    pub fn will_pass(&mut self, member: &MemberId, from: &GuideId, to: &GuideId, due_ms: u64) {
        let (member, from, to) = (member.clone(), from.clone(), to.clone());
        self.ownership.waiting.push(Handover { member, from, to, due_ms });
    }

    /// The customer refuses to pass to `to`; whether she was to.
    pub fn refuses(&mut self, member: &MemberId, to: &GuideId) -> bool {
        let waiting = &mut self.ownership.waiting;
        let before = waiting.len();
        waiting.retain(|handover| handover.member != *member || handover.to != *to);
        waiting.len() < before
    }

    /// Members who wait to pass to somebody, and to whom.
    pub fn waiting(&self) -> Vec<(MemberId, GuideId)> {
        self.ownership.waiting.iter().map(|handover| (handover.member.clone(), handover.to.clone())).collect()
    }

    /// The server takes up the handovers whose time has come; `most` members a guide may serve. Gives how many ended in
    /// which way.
    pub fn settles(&mut self, most: usize, now_ms: u64) -> BTreeMap<&'static str, u64> {
        let mut ended = BTreeMap::new();
        let waiting = std::mem::take(&mut self.ownership.waiting);
        let (mut due, waiting): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|handover| handover.due_ms <= now_ms);
        self.ownership.waiting = waiting;
        due.sort_by_key(|handover| handover.due_ms);
        for Handover { member, from, to, .. } in due {
            let member = self.stands_for(&member);
            let room = self.serves(&member, &to, None) || self.members_of(&to).len() < most;
            let word = match (self.serves(&member, &from, None) && !self.is_gone(&to), room) {
                (false, _) => "no_record",
                (true, false) => "taker_full",
                (true, true) => {
                    self.ends(&member, &from, now_ms);
                    self.starts(&member, &to, false);
                    "done"
                }
            };
            *ended.entry(word).or_default() += 1;
        }
        ended
    }

    /// Who enrols a walk-in serves her. One who left served her until then; today her heir does, at once, or with those
    /// who wait to pass to her.
    pub(super) fn binds_walk_in(&mut self, member: &MemberId, guide: &GuideId, left_ms: Option<u64>, now_ms: u64) {
        let heir = self.ownership.heirs.get(guide).filter(|_| left_ms.is_some()).cloned();
        let others = |h: &&Handover| h.from == *guide && Some(&h.to) == heir.as_ref() && h.due_ms > now_ms;
        let others = self.ownership.waiting.iter().find(others).cloned();
        match (heir, others) {
            (Some(heir), None) => {
                if !self.serves(member, guide, left_ms) {
                    let (member, guide) = (member.clone(), guide.clone());
                    self.ownership.served.push(Served { member, guide, by_import: false, last_day: None, until_ms: left_ms });
                }
                self.starts(member, &heir, false);
            }
            (_, others) => {
                self.starts(member, guide, false);
                let waits = |to: &GuideId| self.ownership.waiting.iter().any(|h| h.member == *member && h.to == *to);
                if let Some(others) = others.filter(|others| !waits(&others.to)) {
                    self.ownership.waiting.push(Handover { member: member.clone(), ..others });
                }
            }
        }
    }

    pub(super) fn serves(&self, member: &MemberId, guide: &GuideId, since_ms: Option<u64>) -> bool {
        let held = |s: &&Served| s.member == *member && s.guide == *guide;
        let late_enough = |s: &Served| s.until_ms.is_none_or(|until| since_ms.is_some_and(|since| until >= since));
        self.ownership.served.iter().filter(held).any(late_enough)
    }

    /// The guides who serve a member today.
    pub fn guides_of(&self, member: &MemberId) -> Vec<GuideId> {
        let open = self.ownership.served.iter().filter(|s| s.member == *member && s.until_ms.is_none());
        open.map(|s| s.guide.clone()).collect()
    }

    /// The members whom a guide serves today.
    pub fn members_of(&self, guide: &GuideId) -> BTreeSet<MemberId> {
        let open = self.ownership.served.iter().filter(|s| s.guide == *guide && s.until_ms.is_none());
        open.map(|s| s.member.clone()).collect()
    }

    /// Whether a guide has left or her last day is over.
    pub fn is_gone(&self, guide: &GuideId) -> bool {
        self.ownership.heirs.contains_key(guide) || self.ownership.ended.contains(guide)
    }

    /// Whether a guide has left for good.
    pub fn has_left(&self, guide: &GuideId) -> bool {
        self.ownership.heirs.contains_key(guide)
    }
}
