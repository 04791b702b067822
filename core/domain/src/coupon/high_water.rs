//! How far a phone has given out its codes. Kept outside the database (Keystore, Keychain), so that a book restored from a
//! backup or copied to another phone cannot give a code out again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{CampaignId, MarkId};

/// The mark: for each campaign and value the highest turn that was given out or given back. It is raised before the coupon
/// is shown, and before a surrender is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HighWater {
    /// Made once with the vault. A grant made for another mark is of no use here.
    pub id: MarkId,
    /// By campaign and value.
    #[serde(default)]
    highest: BTreeMap<CampaignId, BTreeMap<u32, u64>>,
}

impl HighWater {
    /// A mark under which nothing was given out.
    pub fn new(id: MarkId) -> Self {
        HighWater { id, highest: BTreeMap::new() }
    }

    /// The highest turn that is gone; 0 before the first, as turns begin at 1.
    pub fn highest(&self, campaign: &CampaignId, value: u32) -> u64 {
        self.highest.get(campaign).and_then(|values| values.get(&value)).copied().unwrap_or_default()
    }

    /// Raises it to `turn`. It never falls.
    pub fn raise(&mut self, campaign: &CampaignId, value: u32, turn: u64) {
        let highest = self.highest.entry(campaign.clone()).or_default().entry(value).or_default();
        *highest = turn.max(*highest);
    }

    /// Forgets campaigns that are over and of which no grant is left, so that it does not grow for ever. Their turns must
    /// never come again.
    pub fn keep(&mut self, is_needed: impl Fn(&CampaignId) -> bool) {
        self.highest.retain(|campaign, _| is_needed(campaign));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_mark_only_rises_and_each_value_has_its_own() {
        let (one, two) = (CampaignId::new("C1").unwrap(), CampaignId::new("C2").unwrap());
        let mut mark = HighWater::new(MarkId::from_uuid(Uuid::nil()));
        mark.raise(&one, 500, 7);
        mark.raise(&one, 500, 3);
        assert_eq!([mark.highest(&one, 500), mark.highest(&one, 900), mark.highest(&two, 500)], [7, 0, 0]);
        let text = serde_json::to_string(&mark).unwrap();
        assert_eq!(serde_json::from_str::<HighWater>(&text).unwrap(), mark);
        mark.keep(|campaign| *campaign == two);
        assert_eq!(mark.highest(&one, 500), 0);
    }
}
