//! A member as one guide sees her.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use guidebook_domain::{MemberId, MemberProfile, MemberState, SpendByMonth};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::coupon::MemberCouponRecord;
use crate::patch::Path;

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

/// The field of a last day. It lies in [`MemberRecord::extra`], where every phone of protocol 2 keeps what it does not know,
/// snapshots too, so that one word of a few bindings needs no column and no version.
const UNTIL: &str = "until";

/// The field of her coupons.
const COUPONS: &str = "coupons";

impl MemberRecord {
    /// A member of whom nothing else is known.
    pub fn new(id: MemberId, profile: MemberProfile, state: MemberState) -> Self {
        MemberRecord { id, profile, state, months: SpendByMonth::default(), due_again: BTreeMap::new(), extra: Unknown::default() }
    }

    /// The last day on which this guide serves her, if the binding has one; by the calendar of Asia/Shanghai. After it the
    /// phone hides her, with or without a network.
    pub fn until(&self) -> Option<NaiveDate> {
        self.extra.0.get(UNTIL)?.as_str()?.parse().ok()
    }

    /// Sets it, or takes it away.
    pub fn set_until(&mut self, until: Option<NaiveDate>) {
        match until {
            Some(day) => drop(self.extra.0.insert(UNTIL.to_owned(), day.to_string().into())),
            None => drop(self.extra.0.remove(UNTIL)),
        }
    }

    /// Her coupons, oldest first, as the server knows them. They lie where the last day lies, for the same reason.
    pub fn coupons(&self) -> Vec<MemberCouponRecord> {
        let told = self.extra.0.get(COUPONS).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        told.iter().filter_map(|coupon| MemberCouponRecord::deserialize(coupon).ok()).collect()
    }

    /// Sets them; none take no byte.
    pub fn set_coupons(&mut self, coupons: &[MemberCouponRecord]) {
        match serde_json::to_value(coupons) {
            Ok(list) if !coupons.is_empty() => drop(self.extra.0.insert(COUPONS.to_owned(), list)),
            Ok(_) | Err(_) => drop(self.extra.0.remove(COUPONS)),
        }
    }

    /// Where patches find them.
    pub fn coupons_path() -> Path {
        Path::of(&[COUPONS])
    }

    /// Where patches find it.
    pub fn until_path() -> Path {
        Path::of(&[UNTIL])
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
    fn a_last_day_travels_as_a_field_and_goes_by_a_patch() {
        let text = r#"{"id":"M1","profile":{"name":"张三丰","points":1,"stats":{"orders":0,"spend_fen":0}},"until":"2026-10-07"}"#;
        let bound: MemberRecord = serde_json::from_str(text).unwrap();
        let mut free = bound.clone();
        free.set_until(None);
        assert_eq!((bound.until(), free.until()), (NaiveDate::from_ymd_opt(2026, 10, 7), None));
        let patch = |to: &MemberRecord| crate::patch::MemberPatch::of(to, &[MemberRecord::until_path()]).unwrap();
        assert_eq!(patch(&free).apply(&bound).unwrap(), free);
        assert_eq!(patch(&bound).apply(&free).unwrap(), bound);
    }

    #[test]
    fn a_field_that_this_version_does_not_know_survives() {
        let text = r#"{"id":"M1","profile":{"name":"张三丰","points":1,"stats":{"orders":0,"spend_fen":0}},"pet":{"kind":"猫"}}"#;
        let record: MemberRecord = serde_json::from_str(text).unwrap();
        let back: Value = serde_json::to_value(&record).unwrap();
        assert_eq!(back["pet"]["kind"], "猫");
        assert!(!format!("{record:?}").contains('猫') && !format!("{record:?}").contains('张'));
    }
}
