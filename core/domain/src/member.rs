//! HQ's word about a member. A phone reads it; what guides add lies in [`crate::merge::MemberState`].

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Birthday, BrandId, Phone, Private, StoreId};

/// The longest name, in characters (the product's own limit: 少数民族 and foreign names in full, no paragraphs).
pub const LONGEST_NAME: usize = 60;

/// Gender as HQ keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// 女
    Female,
    /// 男
    Male,
}

/// What HQ says of a member: profile, memberships, level, points and purchases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberProfile {
    /// Name as HQ keeps it.
    pub name: Private,
    /// Mobile number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Gender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Birthday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Birthday>,
    /// The day she joined the mall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<NaiveDate>,
    /// Level in HQ's words, for instance `金卡`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub level: String,
    /// Points.
    #[serde(default)]
    pub points: i64,
    /// Home store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
    /// Brands that she is a member of, each with her consent.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub brands: BTreeSet<BrandId>,
    /// Consent to marketing (PIPL 24).
    #[serde(default)]
    pub marketing_consent: bool,
    /// Purchases in figures.
    #[serde(default)]
    pub stats: PurchaseStats,
}

/// Purchases in figures. Money is in fen (1/100 yuan).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseStats {
    /// Number of orders.
    pub orders: u32,
    /// Money spent in all, in fen.
    pub spend_fen: i64,
    /// Day of the first order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<NaiveDate>,
    /// Day of the last order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<NaiveDate>,
    /// The newest purchases, newest first, at most five.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recent: Vec<Purchase>,
}

/// One purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    /// Day of the order.
    pub day: NaiveDate,
    /// Product in HQ's words.
    pub product: String,
    /// How many.
    pub quantity: u32,
    /// Money paid, in fen.
    pub paid_fen: i64,
}
