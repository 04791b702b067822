//! A member as one guide sees her.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use guidebook_domain::{MemberId, MemberProfile, MemberState, SpendByMonth};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A member as one guide sees her: HQ's word, and what guides have put on her. Other guides' personal tags and
/// tags out of the guide's scope are left out by the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberRecord {
    /// Who.
    pub id: MemberId,
    /// HQ's word.
    pub profile: MemberProfile,
    /// What guides have put on her.
    #[serde(default)]
    pub state: MemberState,
    /// What she spent month by month; a server that does not count it says nothing.
    #[serde(default, skip_serializing_if = "SpendByMonth::is_empty")]
    pub months: SpendByMonth,
    /// Products that are usually bought again, in HQ's words: the day of the last purchase and the product's cycle after it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub due_again: BTreeMap<String, NaiveDate>,
    /// Fields that this version does not know; kept and given back as they came.
    #[serde(flatten)]
    pub extra: Unknown,
}

impl MemberRecord {
    /// A member of whom nothing else is known.
    pub fn new(id: MemberId, profile: MemberProfile, state: MemberState) -> Self {
        MemberRecord { id, profile, state, months: SpendByMonth::default(), due_again: BTreeMap::new(), extra: Unknown::default() }
    }
}

/// Fields of a newer version. `Debug` shows only their number.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unknown(pub Map<String, Value>);

impl std::fmt::Debug for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unknown({} fields)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_this_version_does_not_know_survives() {
        let text = r#"{"id":"M1","profile":{"name":"张三丰","points":1,"stats":{"orders":0,"spend_fen":0}},"pet":{"kind":"猫"}}"#;
        let record: MemberRecord = serde_json::from_str(text).unwrap();
        let back: Value = serde_json::to_value(&record).unwrap();
        assert_eq!(back["pet"]["kind"], "猫");
        assert!(!format!("{record:?}").contains('猫') && !format!("{record:?}").contains('张'));
    }
}
