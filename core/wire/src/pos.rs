//! What a till uploads after it was without a network, and what it hears.

use serde::{Deserialize, Serialize};

/// Where coupons go that were taken without a network.
pub const OFFLINE_PATH: &str = "/pos/v1/offline";
/// Where a till asks for the trust list: a [`guidebook_domain::coupon::SignedTrustList`].
pub const TRUST_PATH: &str = "/pos/v1/trust";
/// The most coupons of one upload.
pub const LARGEST_UPLOAD: usize = 50;

/// Coupons that a lane has taken without a network, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfflineRecord {
    /// At most [`LARGEST_UPLOAD`].
    pub taken: Vec<OfflineTakenRecord>,
}

/// One of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfflineTakenRecord {
    /// Made once by the lane. The same key is answered with the first answer for ever.
    pub key: String,
    /// The lane that took it.
    pub lane: String,
    /// The voucher: 122 characters.
    pub voucher: String,
    /// The receipt's number.
    pub order: String,
    /// The basket, in fen.
    pub spend_fen: u32,
    /// What was taken off, in fen.
    pub discount_fen: u32,
    /// When, Unix milliseconds by the lane's clock.
    pub at_ms: u64,
}

impl std::fmt::Debug for OfflineTakenRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OfflineTakenRecord({}, {} fen)", self.key, self.discount_fen)
    }
}

/// What the server makes of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfflineAnswersRecord {
    /// One for each, in the same order.
    pub answers: Vec<OfflineAnswerRecord>,
}

/// What the server makes of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfflineAnswerRecord {
    /// Its key.
    pub key: String,
    /// The answer.
    pub answer: OfflineAnswer,
}

/// What the server makes of a coupon that was taken without a network. In each case the customer has had the discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfflineAnswer {
    /// It is redeemed.
    Redeemed,
    /// It was used before, voided, or expired: booked to the store.
    Conflict,
    /// No coupon of this retailer, or not for this store: booked to the store.
    Refused,
}
