//! A campaign as phones know it. Its budget is the server's alone.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::code::is_class;
use super::{Face, Validity};
use crate::{BrandId, CampaignId, GuideId, StoreId};

/// What a campaign is called has at most so many characters (WeChat Pay: 20 for a coupon's title).
pub const LONGEST_CAMPAIGN_NAME: usize = 20;

/// The greatest least spend that a voucher says, in fen: 10 bits of ¥10.
pub const GREATEST_LEAST_SPEND_FEN: u32 = 1_023_000;

/// A campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// Rises with each change of what follows. An issue event names it, as the price version under which it was made.
    pub version: u32,
    /// What it is called.
    pub name: String,
    /// What its coupons are worth.
    pub face: Face,
    /// What must be spent, in fen; 0 where nothing must. A voucher says it rounded up to ¥10.
    #[serde(default)]
    pub least_spend_fen: u32,
    /// When its coupons are valid.
    pub validity: Validity,
    /// Where they are valid; everywhere if empty.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub stores: BTreeSet<StoreId>,
    /// The brands for whose members it is; everybody's if empty.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub brands: BTreeSet<BrandId>,
    /// The products for which it is, in HQ's words; all if empty. The till decides by its basket.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    /// How many one member may have; as many as there are, if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_member: Option<u32>,
    /// Who may give them out.
    #[serde(default, skip_serializing_if = "Issuers::is_everybody")]
    pub issuers: Issuers,
    /// Whether it goes together with other coupons.
    #[serde(default)]
    pub stackable: bool,
    /// Whether coupons may be given out.
    #[serde(default)]
    pub state: CampaignState,
    /// Whether its vouchers are bound to a store, so that a till without a network takes them.
    #[serde(default)]
    pub offline: bool,
    /// The class letter of its codes.
    pub class: char,
}

/// Who may give out a campaign's coupons. An empty set means everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuers {
    /// Guides of these stores.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub stores: BTreeSet<StoreId>,
    /// These guides.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub guides: BTreeSet<GuideId>,
    /// Guides of these levels, in HQ's words.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub levels: BTreeSet<String>,
}

impl Issuers {
    /// Whether nobody is left out.
    pub fn is_everybody(&self) -> bool {
        self.stores.is_empty() && self.guides.is_empty() && self.levels.is_empty()
    }
}

/// Whether coupons may be given out. What was given out stays valid in each of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignState {
    /// They may.
    #[default]
    Running,
    /// Not for a while.
    Paused,
    /// Never again.
    Ended,
}

/// What is wrong with a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CampaignProblem {
    /// No name, or more than [`LONGEST_CAMPAIGN_NAME`] characters.
    #[error("a name has 1 to {LONGEST_CAMPAIGN_NAME} characters")]
    Name,
    /// A face that no voucher could say.
    #[error("the face does not fit a voucher")]
    Face,
    /// More than [`GREATEST_LEAST_SPEND_FEN`].
    #[error("the least spend does not fit a voucher")]
    LeastSpend,
    /// No day at all, or days that no voucher could say.
    #[error("the validity has no day, or none that fits a voucher")]
    Validity,
    /// Not one of the 22 letters of a code.
    #[error("the class is no letter of a code")]
    Class,
    /// A limit of none.
    #[error("a limit of nothing per member")]
    PerMember,
}

impl Campaign {
    /// Whether phones and vouchers can say it.
    pub fn check(&self) -> Result<(), CampaignProblem> {
        if !(1..=LONGEST_CAMPAIGN_NAME).contains(&self.name.trim().chars().count()) {
            return Err(CampaignProblem::Name);
        }
        self.face.check().map_err(|_| CampaignProblem::Face)?;
        if self.least_spend_fen > GREATEST_LEAST_SPEND_FEN {
            return Err(CampaignProblem::LeastSpend);
        }
        let days = match &self.validity {
            Validity::FromIssue { days } => (1..=366).contains(days),
            Validity::Fixed { from, to } => {
                from <= to && super::voucher::day_number(*from).is_some() && super::voucher::day_number(*to).is_some()
            }
        };
        if !days {
            return Err(CampaignProblem::Validity);
        }
        if !is_class(self.class) {
            return Err(CampaignProblem::Class);
        }
        if self.per_member == Some(0) { Err(CampaignProblem::PerMember) } else { Ok(()) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A campaign of which nothing is remarkable.
    pub(in crate::coupon) fn a_campaign() -> Campaign {
        Campaign {
            id: CampaignId::new("C1").unwrap(),
            version: 1,
            name: "双11满减".into(),
            face: Face::Amount { fen: 5_000 },
            least_spend_fen: 30_000,
            validity: Validity::FromIssue { days: 30 },
            stores: BTreeSet::new(),
            brands: BTreeSet::new(),
            products: Vec::new(),
            per_member: None,
            issuers: Issuers::default(),
            stackable: false,
            state: CampaignState::Running,
            offline: false,
            class: 'K',
        }
    }

    #[test]
    fn a_campaign_that_vouchers_cannot_say_is_refused() {
        assert_eq!(a_campaign().check(), Ok(()));
        let problem = |change: fn(&mut Campaign)| {
            let mut campaign = a_campaign();
            change(&mut campaign);
            campaign.check().unwrap_err()
        };
        assert_eq!(problem(|c| c.name = " ".into()), CampaignProblem::Name);
        assert_eq!(problem(|c| c.face = Face::Amount { fen: 0 }), CampaignProblem::Face);
        assert_eq!(problem(|c| c.least_spend_fen = 1_023_001), CampaignProblem::LeastSpend);
        assert_eq!(problem(|c| c.validity = Validity::FromIssue { days: 0 }), CampaignProblem::Validity);
        assert_eq!(problem(|c| c.class = '7'), CampaignProblem::Class);
        assert_eq!(problem(|c| c.per_member = Some(0)), CampaignProblem::PerMember);
    }

    #[test]
    fn what_is_left_out_costs_nothing_and_comes_back() {
        let text = serde_json::to_string(&a_campaign()).unwrap();
        assert!(!text.contains("issuers") && !text.contains("stores"));
        assert_eq!(serde_json::from_str::<Campaign>(&text).unwrap(), a_campaign());
    }
}
