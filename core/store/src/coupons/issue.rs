//! Giving a coupon out: the rules, then the mark, then one transaction. The coupon is seen only after both. Whatever cuts
//! this short after the mark leaves a code that nobody has and nobody will get until its own last day is over.

use std::collections::BTreeSet;

use guidebook_domain::coupon::validity::end_of;
use guidebook_domain::coupon::{Campaign, ClockProblem, IssueEvent, IssueProblem, Issuer, MemberFacts, check_issue};
use guidebook_domain::{CampaignId, Edit, MemberId, OperationId, store_day};
use guidebook_wire::{MemberCouponState, MemberRecord};

use crate::coupons::ledger::MOST_EDITS;
use crate::coupons::pool::{self, Above, CodeRow, GivenRecord};
use crate::coupons::state::{COUPONS, CouponStanding};
use crate::outbox::{Fate, OperationEntry};
use crate::{Moment, Store, StoreError, failpoint, settings};

/// A mark that somebody else raises at the same time is tried past so often.
const MOST_RACES: u32 = 8;

impl Store {
    /// Gives a member a coupon of a campaign's value. When this returns, the mark and the coupon are on the disk; the edit's
    /// id names it.
    ///
    /// Errors: `NotFound` for the member or the campaign, `CannotIssue` with the rule, `NoMarks`, `NotEnrolled`, and the disk's.
    pub fn issue_coupon(
        &mut self,
        member: &MemberId,
        campaign: &CampaignId,
        value: u32,
        moment: Moment,
    ) -> Result<OperationId, StoreError> {
        let now_ms = self.issue_time(moment.wall_ms)?;
        let campaign = self.memory.campaigns.get(campaign).ok_or(StoreError::NotFound)?.clone();
        let member = self.memory.today(member);
        self.check_coupon_rules(&member, &campaign, value, now_ms)?;
        let row = self.take_turn(&campaign, value, now_ms)?;
        failpoint::hit("store.issue.after_mark")?;
        self.give(row, &member, campaign, value, now_ms, moment)
    }

    /// Why a member cannot be given a coupon of a campaign's value at this moment; nothing if she can.
    ///
    /// Errors: as [`Store::issue_coupon`], without the rule.
    pub fn check_coupon(
        &mut self,
        member: &MemberId,
        campaign: &CampaignId,
        value: u32,
        wall_ms: u64,
    ) -> Result<Option<IssueProblem>, StoreError> {
        let checked = self.issue_time(wall_ms).and_then(|now_ms| {
            let campaign = self.memory.campaigns.get(campaign).ok_or(StoreError::NotFound)?.clone();
            self.check_coupon_rules(&self.memory.today(member), &campaign, value, now_ms)?;
            self.check_codes(&campaign.id, value, now_ms)
        });
        or_why_not(checked)
    }

    /// Why nobody can be given a coupon of a campaign at this moment, whoever she is: nothing if the rest depends on her.
    ///
    /// Errors: `NotFound`, `NoMarks`, `NotEnrolled`, the disk's.
    pub fn check_campaign(&mut self, campaign: &CampaignId, wall_ms: u64) -> Result<Option<IssueProblem>, StoreError> {
        let checked = self.issue_time(wall_ms).and_then(|now_ms| {
            let campaign = self.memory.campaigns.get(campaign).ok_or(StoreError::NotFound)?.clone();
            let (values, brands) = (campaign.face.values(), &campaign.brands);
            let anybody = MemberFacts { brands, issued_before: 0 };
            check_issue(&campaign, &self.issuer()?, &anybody, store_day(now_ms), values.first().copied().unwrap_or_default())?;
            let mut problem = Err(IssueProblem::NoCodeLeft.into());
            for value in values {
                match self.check_codes(&campaign.id, value, now_ms) {
                    Err(StoreError::CannotIssue(IssueProblem::NoCodeLeft)) => {}
                    Err(StoreError::CannotIssue(other)) => problem = Err(other.into()),
                    done => return done,
                }
            }
            problem
        });
        or_why_not(checked)
    }

    /// The time by which coupons are given out, after a look at the wall clock.
    pub(crate) fn issue_time(&mut self, wall_ms: u64) -> Result<u64, StoreError> {
        self.look_for_issuing(wall_ms);
        Ok(self.memory.standing.issue_clock.now_ms().map_err(no_time)?)
    }

    fn check_coupon_rules(&self, member: &MemberId, campaign: &Campaign, value: u32, now_ms: u64) -> Result<(), StoreError> {
        let record = self.member(member)?.record;
        // Counted only where there is a limit: that opens all edits on her.
        let issued_before = campaign.per_member.map_or(Ok(0), |_| self.issued_before(&record, campaign))?;
        let facts = MemberFacts { brands: &record.profile.brands, issued_before };
        Ok(check_issue(campaign, &self.issuer()?, &facts, store_day(now_ms), value)?)
    }

    pub(crate) fn issuer(&self) -> Result<Issuer<'_>, StoreError> {
        let guide = &self.identity().ok_or(StoreError::NotEnrolled)?.guide;
        Ok(Issuer { guide: &guide.id, store: &guide.store, brand: guide.brand.as_ref(), level: guide.level.as_deref() })
    }

    /// Whether a code is left, and if not, why.
    pub(crate) fn check_codes(&mut self, campaign: &CampaignId, value: u32, now_ms: u64) -> Result<(), StoreError> {
        let (usable, _, over) = self.count_codes(campaign, value, now_ms)?;
        match (usable, over) {
            (0, 0) => Err(IssueProblem::NoCodeLeft.into()),
            (0, _) => Err(IssueProblem::LeaseOver.into()),
            (_, _) => Ok(()),
        }
    }

    pub(crate) fn count_codes(&mut self, campaign: &CampaignId, value: u32, now_ms: u64) -> Result<(u64, Option<u64>, u64), StoreError> {
        let (mark, turn) = (self.marks.id()?, self.marks.turn(campaign, value)?);
        pool::count(&self.conn, Above { campaign, value, mark, turn }, now_ms)
    }

    /// Moves the mark up to the next code, which is nobody else's from then on.
    fn take_turn(&mut self, campaign: &Campaign, value: u32, now_ms: u64) -> Result<CodeRow, StoreError> {
        for _ in 0..MOST_RACES {
            let (mark, turn) = (self.marks.id()?, self.marks.turn(&campaign.id, value)?);
            let above = Above { campaign: &campaign.id, value, mark, turn };
            let Some(row) = pool::next(&self.conn, &self.vault, above, now_ms)? else {
                self.check_codes(&campaign.id, value, now_ms)?;
                return Err(IssueProblem::NoCodeLeft.into());
            };
            failpoint::hit("store.issue.before_mark")?;
            if self.marks.raise(&campaign.id, value, row.turn)? {
                return Ok(row);
            }
        }
        Err(StoreError::NoMarks)
    }

    fn give(
        &mut self,
        mut row: CodeRow,
        member: &MemberId,
        campaign: Campaign,
        value: u32,
        now_ms: u64,
        moment: Moment,
    ) -> Result<OperationId, StoreError> {
        let identity = self.identity().ok_or(StoreError::NotEnrolled)?;
        let chain = &self.memory.coupons;
        let event = IssueEvent {
            sequence: chain.sequence + 1,
            previous: chain.last,
            device: identity.device,
            guide: identity.guide.id.clone(),
            store: identity.guide.store.clone(),
            member: member.clone(),
            campaign: campaign.id.clone(),
            campaign_version: campaign.version,
            grant: row.grant,
            turn: row.turn,
            value,
            at_ms: now_ms,
            expires_ms: end_of(campaign.validity.last_day(store_day(now_ms))),
        };
        let next = CouponStanding { sequence: event.sequence, last: event.hash(), ..chain.clone() };
        row.record.room.clear();
        row.record.coupon = Some(GivenRecord { campaign, event: event.clone(), handed_over: false, voided_by: None });
        let edit = Edit::CouponIssued { event: Box::new(event.sign(self.device_key()?)) };
        let operation = self.operation_of(Some(member.clone()), edit, moment)?;
        let id = operation.id;
        let seq = pool::given(&self.conn)? + 1;
        let entry = OperationEntry { operation, inverse: None, fate: Fate::Waiting };
        self.commit_with(entry, moment, |tx, vault, _| {
            pool::give(tx, vault, &row, id, seq)?;
            settings::save(tx, vault, COUPONS, &next)
        })?;
        self.memory.coupons = next;
        Ok(id)
    }

    /// How many coupons of a campaign she has had, as the server tells and as this phone has done: each counted once, and
    /// none that was taken back.
    fn issued_before(&self, record: &MemberRecord, campaign: &Campaign) -> Result<u32, StoreError> {
        let (mut had, mut void) = (BTreeSet::new(), BTreeSet::new());
        for coupon in record.coupons().into_iter().filter(|coupon| coupon.campaign == campaign.id) {
            match coupon.state {
                MemberCouponState::Issued | MemberCouponState::Redeemed => had.insert((coupon.grant, coupon.turn)),
                MemberCouponState::Void => void.insert((coupon.grant, coupon.turn)),
            };
        }
        for entry in self.edits_that_hold_on(&record.id)? {
            match &entry.operation.edit {
                Edit::CouponIssued { event } if event.event.campaign == campaign.id => {
                    had.insert((event.event.grant, event.event.turn));
                }
                Edit::CouponVoided { grant, turn } => drop(void.insert((*grant, *turn))),
                _ => {}
            }
        }
        Ok(u32::try_from(had.difference(&void).count()).unwrap_or(u32::MAX))
    }

    fn edits_that_hold_on(&self, member: &MemberId) -> Result<Vec<OperationEntry>, StoreError> {
        let mut edits = self.operations_on(member, 0, MOST_EDITS)?;
        edits.retain(|entry| entry.fate.holds());
        Ok(edits)
    }
}

fn or_why_not(checked: Result<(), StoreError>) -> Result<Option<IssueProblem>, StoreError> {
    match checked {
        Ok(()) => Ok(None),
        Err(StoreError::CannotIssue(problem)) => Ok(Some(problem)),
        Err(other) => Err(other),
    }
}

fn no_time(problem: ClockProblem) -> IssueProblem {
    match problem {
        ClockProblem::SetBack => IssueProblem::ClockSetBack,
        // No contact, so no grant either.
        ClockProblem::NoContact => IssueProblem::NoCodeLeft,
    }
}
