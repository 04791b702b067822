//! Whether a guide may give a member a coupon, decided on the phone at that moment.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Campaign, CampaignState, Validity};
use crate::{BrandId, GuideId, StoreId};

/// Who gives it out.
#[derive(Clone, Copy, Debug)]
pub struct Issuer<'a> {
    /// The guide.
    pub guide: &'a GuideId,
    /// Her store.
    pub store: &'a StoreId,
    /// Her brand, if she works for one.
    pub brand: Option<&'a BrandId>,
    /// Her level in HQ's words, if she has one.
    pub level: Option<&'a str>,
}

/// What must be known about the member.
#[derive(Clone, Copy, Debug)]
pub struct MemberFacts<'a> {
    /// The brands that she is a member of, as this phone knows.
    pub brands: &'a BTreeSet<BrandId>,
    /// Coupons of this campaign that she has had and that were not voided, as far as this phone knows. Another guide may
    /// have given her one since the last contact; a limit per member is not a budget.
    pub issued_before: u32,
}

/// Why not. Holds no member's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum IssueProblem {
    /// HQ has stopped it for a while.
    #[error("the campaign is paused")]
    Paused,
    /// HQ has ended it, or its last day is over.
    #[error("the campaign is over")]
    Over,
    /// Its first day is still to come.
    #[error("the campaign begins on {from}")]
    NotYet {
        /// That day.
        from: NaiveDate,
    },
    /// It is for other stores, or for other stores' guides.
    #[error("not a campaign of this store")]
    NotYourStore,
    /// It is for other brands than the one she works for.
    #[error("not a campaign of this brand")]
    NotYourBrand,
    /// It is for other guides or other levels of guides.
    #[error("not a campaign of this guide")]
    NotYours,
    /// The member belongs to none of its brands.
    #[error("not a member of the campaign's brands")]
    NoMembership,
    /// She has had as many as one may have.
    #[error("the member has had {limit}")]
    MemberLimit {
        /// So many.
        limit: u32,
    },
    /// The campaign has no coupons of this value.
    #[error("no such value")]
    NoSuchValue,
    /// No code of this value is left on this phone: the next contact brings some, if the budget has any.
    #[error("no code left on this phone")]
    NoCodeLeft,
    /// The codes on this phone were leased up to a time that is over.
    #[error("the lease is over")]
    LeaseOver,
    /// The clock was set back. Nothing is given out until the next contact.
    #[error("the clock was set back")]
    ClockSetBack,
}

/// Checks the rules of the campaign. `today` is the day in the stores. What the phone's codes and clock say comes from
/// [`super::Grant::usable`] and [`super::IssueClock`].
pub fn check_issue(
    campaign: &Campaign,
    issuer: &Issuer<'_>,
    member: &MemberFacts<'_>,
    today: NaiveDate,
    value: u32,
) -> Result<(), IssueProblem> {
    check_state(campaign, today)?;
    check_issuer(campaign, issuer)?;
    if !campaign.face.values().contains(&value) {
        return Err(IssueProblem::NoSuchValue);
    }
    if !campaign.brands.is_empty() && campaign.brands.is_disjoint(member.brands) {
        return Err(IssueProblem::NoMembership);
    }
    match campaign.per_member {
        Some(limit) if member.issued_before >= limit => Err(IssueProblem::MemberLimit { limit }),
        Some(_) | None => Ok(()),
    }
}

fn check_state(campaign: &Campaign, today: NaiveDate) -> Result<(), IssueProblem> {
    match campaign.state {
        CampaignState::Paused => return Err(IssueProblem::Paused),
        CampaignState::Ended => return Err(IssueProblem::Over),
        CampaignState::Running => {}
    }
    match campaign.validity {
        Validity::Fixed { from, .. } if today < from => Err(IssueProblem::NotYet { from }),
        Validity::Fixed { to, .. } if today > to => Err(IssueProblem::Over),
        Validity::Fixed { .. } | Validity::FromIssue { .. } => Ok(()),
    }
}

/// Whether the campaign is this guide's at all, whoever the member is.
pub fn check_issuer(campaign: &Campaign, issuer: &Issuer<'_>) -> Result<(), IssueProblem> {
    fn among<T: Ord>(all: &BTreeSet<T>, one: &T) -> bool {
        all.is_empty() || all.contains(one)
    }
    if !among(&campaign.stores, issuer.store) || !among(&campaign.issuers.stores, issuer.store) {
        return Err(IssueProblem::NotYourStore);
    }
    if issuer.brand.is_some_and(|brand| !among(&campaign.brands, brand)) {
        return Err(IssueProblem::NotYourBrand);
    }
    let levels = &campaign.issuers.levels;
    let level = levels.is_empty() || issuer.level.is_some_and(|level| levels.contains(level));
    if level && among(&campaign.issuers.guides, issuer.guide) { Ok(()) } else { Err(IssueProblem::NotYours) }
}

#[cfg(test)]
mod tests {
    use super::super::Face;
    use super::super::campaign::tests::a_campaign;
    use super::*;

    /// What the check says of one campaign, a guide G1 of store S1 and brand B1, and a member of B1 who has had one.
    fn verdict(change: fn(&mut Campaign)) -> Result<(), IssueProblem> {
        let (guide, store, brand) = (GuideId::new("G1").unwrap(), StoreId::new("S1").unwrap(), BrandId::new("B1").unwrap());
        let issuer = Issuer { guide: &guide, store: &store, brand: Some(&brand), level: Some("金牌") };
        let brands = BTreeSet::from([brand.clone()]);
        let mut campaign = a_campaign();
        change(&mut campaign);
        check_issue(&campaign, &issuer, &MemberFacts { brands: &brands, issued_before: 1 }, day("2026-11-05"), 5_000)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn fixed(from: &str, to: &str) -> Validity {
        Validity::Fixed { from: day(from), to: day(to) }
    }

    #[test]
    fn nothing_stands_in_the_way_of_a_plain_campaign() {
        assert_eq!(verdict(|_| {}), Ok(()));
        assert_eq!(verdict(|c| c.per_member = Some(2)), Ok(()));
        assert_eq!(verdict(|c| c.issuers.levels = ["金牌".to_owned()].into()), Ok(()));
        assert_eq!(verdict(|c| c.validity = fixed("2026-11-05", "2026-11-05")), Ok(()));
    }

    #[test]
    fn each_rule_has_its_reason() {
        use IssueProblem::*;
        type Change = fn(&mut Campaign);
        let other_store: Change = |c| c.stores = [StoreId::new("S2").unwrap()].into();
        let cases: [(Change, IssueProblem); 13] = [
            (|c| c.state = CampaignState::Paused, Paused),
            (|c| c.state = CampaignState::Ended, Over),
            (|c| c.validity = fixed("2026-11-06", "2026-11-09"), NotYet { from: day("2026-11-06") }),
            (|c| c.validity = fixed("2026-11-01", "2026-11-04"), Over),
            (other_store, NotYourStore),
            (|c| c.issuers.stores = [StoreId::new("S2").unwrap()].into(), NotYourStore),
            (|c| c.brands = [BrandId::new("B2").unwrap()].into(), NotYourBrand),
            (|c| c.issuers.guides = [GuideId::new("G2").unwrap()].into(), NotYours),
            (|c| c.issuers.levels = ["银牌".to_owned()].into(), NotYours),
            (|c| c.per_member = Some(1), MemberLimit { limit: 1 }),
            (|c| c.face = Face::Amount { fen: 5_001 }, NoSuchValue),
            (|c| c.face = Face::Range { least_fen: 4_000, most_fen: 6_000, step_fen: 400 }, NoSuchValue),
            (|c| c.face = Face::Percent { basis_points: 1_500, cap_fen: 5_000 }, NoSuchValue),
        ];
        for (change, problem) in cases {
            assert_eq!(verdict(change), Err(problem));
        }
    }

    #[test]
    fn a_mall_guide_may_give_a_brands_coupon_to_that_brands_members_only() {
        let (guide, store) = (GuideId::new("G1").unwrap(), StoreId::new("S1").unwrap());
        let issuer = Issuer { guide: &guide, store: &store, brand: None, level: None };
        let campaign = Campaign { brands: [BrandId::new("B2").unwrap()].into(), ..a_campaign() };
        let check = |brands: &BTreeSet<BrandId>| {
            check_issue(&campaign, &issuer, &MemberFacts { brands, issued_before: 0 }, day("2026-11-05"), 5_000)
        };
        assert_eq!(check(&BTreeSet::new()), Err(IssueProblem::NoMembership));
        assert_eq!(check(&[BrandId::new("B2").unwrap()].into()), Ok(()));
    }
}
