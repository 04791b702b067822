//! Coupons: what can be given out, giving out, own coupons. Nothing here touches the network.

use guidebook_domain::coupon::IssueProblem;
use guidebook_domain::{CampaignId, MemberId};
use guidebook_store::StoreError;

use crate::coupon_rows::{campaign_row, coupon_card, coupon_row, member_coupons};
use crate::coupon_view::{CampaignRow, CouponCard, CouponProblem, CouponRow, IssueRequest, MemberCouponRow};
use crate::editing::parse;
use crate::{BookChange, Guidebook, GuidebookError, InvalidReason};

/// The most coupons in one page.
const LARGEST_COUPON_PAGE: u32 = 50;

#[uniffi::export]
impl Guidebook {
    /// The campaigns of which this guide may give out coupons, or could if something were otherwise, by name. Those that are
    /// over or for others are left out.
    ///
    /// Errors: `Locked`, `SignedOut`, `StorageFault`.
    pub fn campaigns(&self) -> Result<Vec<CampaignRow>, GuidebookError> {
        let now_ms = self.inner.wall_ms();
        self.inner.with(|store| {
            let ids: Vec<CampaignId> = store.campaigns().map(|campaign| campaign.id.clone()).collect();
            let mut rows = Vec::new();
            for id in ids {
                let why_not = why_not(store.check_campaign(&id, now_ms))?;
                if !why_not.as_ref().is_some_and(is_of_no_concern) {
                    rows.push(campaign_row(store, &id, why_not, now_ms)?);
                }
            }
            rows.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
            Ok(rows)
        })
    }

    /// Why this member can't be given a coupon of this value at this moment; none if she can. `issue_coupon` checks the same.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`member`, `campaign`), `SignedOut`, `StorageFault`.
    pub fn check_coupon(&self, member: String, campaign: String, value: u32) -> Result<Option<CouponProblem>, GuidebookError> {
        let (member, campaign): (MemberId, CampaignId) = (parse("member", &member)?, parse("campaign", &campaign)?);
        let now_ms = self.inner.wall_ms();
        self.inner.with(|store| why_not(store.check_coupon(&member, &campaign, value, now_ms)))
    }

    /// Gives a member a coupon, with or without a network. When this returns, the code is spent for this phone, whatever
    /// happens to the book, and the coupon is on the disk. Show it, then say `hand_over_coupon`; until then it can be voided.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`member`, `campaign`; `coupon` with `NotIssuable`), `SignedOut`, `StorageFull`,
    /// `StorageFault` (also if the key store does not answer: then nothing was given out).
    pub fn issue_coupon(&self, request: IssueRequest) -> Result<CouponCard, GuidebookError> {
        let (member, campaign): (MemberId, CampaignId) = (parse("member", &request.member)?, parse("campaign", &request.campaign)?);
        let moment = self.inner.moment()?;
        let card = self.inner.with(|store| {
            let id = store.issue_coupon(&member, &campaign, request.value, moment)?;
            coupon_card(store, store.coupon(id, moment.wall_ms)?)
        })?;
        self.coupon_changed(&card.row.member);
        Ok(card)
    }

    /// Says that the member has the coupon: shown to her, sent or printed. From then on it can't be voided.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`coupon`), `StorageFull`, `StorageFault`.
    pub fn hand_over_coupon(&self, coupon: String) -> Result<(), GuidebookError> {
        let id = parse("coupon", &coupon)?;
        self.inner.with(|store| Ok(store.hand_over_coupon(id)?))?;
        self.inner.tell(BookChange::Coupons);
        Ok(())
    }

    /// Takes back a coupon that was not handed over. Its code is used up all the same. Returns the edit's id.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`coupon`: `NotUndoable` once it was handed over, used, voided or is over),
    /// `StorageFull`, `StorageFault`.
    pub fn void_coupon(&self, coupon: String) -> Result<String, GuidebookError> {
        let id = parse("coupon", &coupon)?;
        let moment = self.inner.moment()?;
        let (edit, member) = self.inner.with(|store| {
            let edit = store.void_coupon(id, moment).map_err(|error| match error {
                StoreError::NotUndoable => GuidebookError::invalid("coupon", InvalidReason::NotUndoable),
                other => other.into(),
            })?;
            Ok((edit, store.coupon(id, moment.wall_ms)?.event.member))
        })?;
        self.coupon_changed(member.as_str());
        Ok(edit.to_string())
    }

    /// Coupons of this phone, newest first, at most 50 a page.
    ///
    /// Errors: `Locked`, `StorageFault`.
    pub fn coupons(&self, offset: u32, limit: u32) -> Result<Vec<CouponRow>, GuidebookError> {
        let now_ms = self.inner.wall_ms();
        self.inner.with(|store| {
            let entries = store.coupons(offset, limit.min(LARGEST_COUPON_PAGE), now_ms)?;
            entries.iter().map(|entry| coupon_row(store, entry)).collect()
        })
    }

    /// A coupon of this phone, to be shown.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`coupon`), `StorageFault`.
    pub fn coupon(&self, coupon: String) -> Result<CouponCard, GuidebookError> {
        let id = parse("coupon", &coupon)?;
        let now_ms = self.inner.wall_ms();
        self.inner.with(|store| coupon_card(store, store.coupon(id, now_ms)?))
    }

    /// The coupons that a member has or had, whoever gave them to her, as far as this phone knows; newest first.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`member`), `StorageFault`.
    pub fn member_coupons(&self, member: String) -> Result<Vec<MemberCouponRow>, GuidebookError> {
        let member: MemberId = parse("member", &member)?;
        let now_ms = self.inner.wall_ms();
        self.inner.with(|store| member_coupons(store, &member, now_ms))
    }
}

impl Guidebook {
    fn coupon_changed(&self, member: &str) {
        self.inner.tell(BookChange::Coupons);
        self.inner.tell(BookChange::Members { members: vec![member.to_owned()] });
        self.inner.tell(BookChange::SyncState);
        self.inner.edited();
    }
}

fn why_not(checked: Result<Option<IssueProblem>, StoreError>) -> Result<Option<CouponProblem>, GuidebookError> {
    match checked {
        Ok(problem) => Ok(problem.map(CouponProblem::from)),
        Err(StoreError::NoMarks) => Ok(Some(CouponProblem::NoMarks)),
        Err(other) => Err(other.into()),
    }
}

/// Whether nothing that this guide can do, or wait for, would change it.
fn is_of_no_concern(problem: &CouponProblem) -> bool {
    match problem {
        CouponProblem::Over | CouponProblem::NotYourStore | CouponProblem::NotYourBrand | CouponProblem::NotYours => true,
        CouponProblem::Paused
        | CouponProblem::NotYet { .. }
        | CouponProblem::NoMembership
        | CouponProblem::MemberLimit { .. }
        | CouponProblem::NoSuchValue
        | CouponProblem::NoCodeLeft
        | CouponProblem::LeaseOver
        | CouponProblem::ClockSetBack
        | CouponProblem::NoMarks => false,
    }
}
