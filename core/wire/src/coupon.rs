//! Codes that a phone asks for within a round, and what a member has had.
//!
//! Issues, voids and surrenders are operations like any other edit, so that they arrive exactly once.

use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::coupon::{SignedGrant, SignedTrustList};
use guidebook_domain::{CampaignId, GrantId, MarkId};
use serde::{Deserialize, Serialize};

/// What a phone asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponAskRecord {
    /// Codes, by campaign and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<GrantAskRecord>,
    /// The mark that the phone keeps outside its database.
    pub mark: MarkId,
    /// The number of the trust list that it has; 0 for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub trust: u32,
    /// The phone enrolled before the retailer had keys and does not know the root key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rootless: bool,
}

/// Codes of one campaign and value. Sent until answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantAskRecord {
    /// Made once (UUIDv7). The same request gets the same grant for ever.
    pub request: GrantId,
    /// Which campaign.
    pub campaign: CampaignId,
    /// Which value.
    pub value: u32,
    /// How many; it may be fewer.
    pub wanted: u16,
}

/// What the server gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponAnswerRecord {
    /// Grants, each under the request that it answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<SignedGrant>,
    /// Requests that get nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<DeniedRecord>,
    /// The trust list, if it is newer than the phone's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<SignedTrustList>,
    /// The root key that signs trust lists, for a phone that does not know it. Taken once, as at the enrolment, and over the
    /// same connection; a phone that has one keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<PublicKey>,
}

/// A request that gets nothing. The phone may ask again, under another id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeniedRecord {
    /// The request.
    pub request: GrantId,
    /// Why.
    pub reason: DeniedReason,
}

/// Why a phone gets no codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeniedReason {
    /// The budget has none left.
    BudgetSpent,
    /// This device holds as much as one may.
    LeasedEnough,
    /// The campaign is paused, over, or not this guide's.
    NotOpen,
    /// No such campaign or value.
    Unknown,
    /// Its codes are on their way to the payment platform.
    NotYet,
    /// A reason of a newer server.
    #[serde(other)]
    Other,
}

/// A coupon that a member has had, whoever gave it to her.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberCouponRecord {
    /// The grant of its code: with the turn, which coupon it is.
    pub grant: GrantId,
    /// The code's turn.
    pub turn: u64,
    /// The campaign.
    pub campaign: CampaignId,
    /// What it is worth ([`guidebook_domain::coupon::Face::values`]).
    pub value: u32,
    /// When it was given out, Unix milliseconds.
    pub issued_ms: u64,
    /// Up to when it is valid, Unix milliseconds.
    pub expires_ms: u64,
    /// What became of it.
    pub state: MemberCouponState,
}

/// What became of a coupon. That it has expired is told by its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberCouponState {
    /// She has it.
    Issued,
    /// She has used it.
    Redeemed,
    /// It was taken back before it was handed over.
    Void,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemberRecord;
    use crate::patch::MemberPatch;
    use guidebook_domain::{MemberId, MemberProfile, MemberState};
    use uuid::Uuid;

    #[test]
    fn a_members_coupons_travel_as_a_field_and_go_by_a_patch() {
        let coupon = MemberCouponRecord {
            grant: GrantId::from_uuid(Uuid::from_u128(1)),
            turn: 4,
            campaign: CampaignId::new("C1").unwrap(),
            value: 5_000,
            issued_ms: 1,
            expires_ms: 2,
            state: MemberCouponState::Issued,
        };
        let bare = MemberRecord::new(MemberId::new("M1").unwrap(), MemberProfile::default(), MemberState::default());
        let mut holder = bare.clone();
        holder.set_coupons(std::slice::from_ref(&coupon));
        assert_eq!(holder.coupons(), [coupon]);
        let patch = |to: &MemberRecord| MemberPatch::of(to, &[MemberRecord::coupons_path()]).unwrap();
        assert_eq!(patch(&holder).apply(&bare).unwrap(), holder);
        assert_eq!(patch(&bare).apply(&holder).unwrap(), bare);
        let none = serde_json::to_string(&bare).unwrap();
        assert!(!none.contains("coupons"));
    }

    #[test]
    fn a_reason_of_a_newer_server_is_read() {
        let text = r#"{"request":"00000000-0000-0000-0000-000000000001","reason":"moon_phase"}"#;
        assert_eq!(serde_json::from_str::<DeniedRecord>(text).unwrap().reason, DeniedReason::Other);
    }
}
