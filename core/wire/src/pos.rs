//! What a till and the server say to each other.

use guidebook_domain::coupon::SignedTrustList;
use guidebook_domain::coupon::signed::PublicKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where coupons go that were taken without a network.
pub const REDEMPTIONS_PATH: &str = "/pos/v1/redemptions";
/// Where a till asks for the trust list.
pub const TRUST_PATH: &str = "/pos/v1/trust";
/// Before a code and `:reserve`, `:commit`, `:reverse` or `:verify`.
pub const COUPONS_PATH: &str = "/pos/v1/coupons/";
/// The header that names a call: the same key and body get the stored answer.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The most coupons of one upload.
pub const LARGEST_UPLOAD: usize = 50;

/// A call about one code.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponCallRecord {
    /// The till's own number of the sale.
    #[serde(default)]
    pub receipt: String,
    /// What is spent, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spend_fen: Option<u32>,
    /// The voucher, where the code was scanned and not typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<String>,
}

/// What a coupon is worth, in answer to a call about its code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponTermsRecord {
    /// `good`, `reserved` or `redeemed`.
    pub state: String,
    /// The campaign's name.
    #[serde(default)]
    pub name: String,
    /// What it takes off the bill, in fen; of a gift, what it costs.
    #[serde(default)]
    pub money_fen: u64,
}

/// A call that is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRecord {
    /// What does not fit: `code` for the coupon itself.
    #[serde(default)]
    pub field: Option<String>,
    /// Why, in a few words.
    #[serde(default)]
    pub reason: Option<String>,
    /// When the same may be asked again, in seconds.
    #[serde(default)]
    pub come_back_s: Option<u64>,
}

/// Coupons that a lane has taken without a network, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedemptionsRecord {
    /// At most [`LARGEST_UPLOAD`].
    pub redemptions: Vec<RedemptionRecord>,
}

/// One of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedemptionRecord {
    /// Made once by the lane. The same again changes nothing.
    pub id: Uuid,
    /// The voucher: 122 characters.
    pub voucher: String,
    /// When, Unix milliseconds by the lane's clock.
    pub at_ms: u64,
    /// The till's own number of the sale.
    pub receipt: String,
    /// What was spent, in fen.
    pub spend_fen: Option<u32>,
}

impl std::fmt::Debug for RedemptionRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RedemptionRecord({})", self.id)
    }
}

/// What the server makes of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookedRecord {
    /// One for each, in the same order.
    pub redemptions: Vec<BookedLineRecord>,
}

/// What the server makes of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookedLineRecord {
    /// Which.
    pub id: Uuid,
    /// What became of it.
    pub outcome: Booked,
    /// Of a conflict: what does not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// What became of a coupon that was taken without a network. In each case the customer has had the discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Booked {
    /// It is redeemed.
    Booked,
    /// It does not fit, for instance because another lane has taken it: booked to the store.
    Conflict,
    /// Another till holds the code at this moment: to be sent again.
    Later,
}

/// What a till needs to take coupons without a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustRecord {
    /// The root key.
    pub root: PublicKey,
    /// The newest list, signed by it.
    pub trust: SignedTrustList,
}
