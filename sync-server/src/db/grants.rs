//! Grants, issues, the chains of phones, and what does not fit.

use guidebook_domain::{CampaignId, DeviceId, GrantId, GuideId, MarkId, MemberId, StoreId, TenantId};
use serde::{Deserialize, Serialize};

use super::Result;
use super::secrets::Hash;

/// What a code of a grant was derived from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedRow {
    /// The place in the budget.
    pub serial: u64,
    /// Which of the place's codes.
    pub generation: u32,
    /// Its turn.
    pub turn: u64,
}

/// The answer to a request, without the codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// The phone's request.
    pub request: GrantId,
    /// The campaign.
    pub campaign: CampaignId,
    /// Its version then.
    pub campaign_version: u32,
    /// The phone.
    pub device: DeviceId,
    /// The phone's high-water mark.
    pub mark: MarkId,
    /// What each code is worth.
    pub value: u32,
    /// The number of the store to which the vouchers are bound; 0 for any.
    pub store_number: u16,
    /// The key that signed.
    pub kid: u8,
    /// When, Unix milliseconds.
    pub made_ms: u64,
    /// When the lease ends, Unix milliseconds.
    pub lease_until_ms: u64,
    /// The end of the last day that the vouchers say, Unix milliseconds.
    pub expires_ms: u64,
    /// The codes.
    pub codes: Vec<GrantedRow>,
}

/// A coupon that was given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueRow {
    /// The grant.
    pub request: GrantId,
    /// The turn in it.
    pub turn: u64,
    /// The campaign.
    pub campaign: CampaignId,
    /// The place in the budget.
    pub serial: u64,
    /// Which of the place's codes.
    pub generation: u32,
    /// To whom.
    pub member: MemberId,
    /// By whom.
    pub guide: GuideId,
    /// Where.
    pub store: StoreId,
    /// On which phone.
    pub device: DeviceId,
    /// Its value.
    pub value: u32,
    /// When, by the phone, Unix milliseconds.
    pub at_ms: u64,
    /// Until when it is good, Unix milliseconds.
    pub expires_ms: u64,
    /// When the server heard of it, Unix milliseconds.
    pub heard_ms: u64,
    /// When it was taken back before it was handed over, Unix milliseconds.
    pub voided_ms: Option<u64>,
    /// The event as the phone signed it, JSON.
    pub event: String,
}

/// Where a phone's chain of issue events has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// The number of the last event.
    pub sequence: u64,
    /// Its hash.
    pub head: Hash,
}

/// Something that does not fit, for HQ's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What brought it: an operation, or a till's redemption.
    pub id: String,
    /// What does not fit.
    pub kind: String,
    /// The campaign, where it is known.
    pub campaign: Option<CampaignId>,
    /// The store that bears it.
    pub store: Option<StoreId>,
    /// The guide.
    pub guide: Option<GuideId>,
    /// The phone.
    pub device: Option<DeviceId>,
    /// What it cost, fen.
    pub money_fen: u64,
    /// When it happened, Unix milliseconds.
    pub at_ms: u64,
    /// When the server heard of it, Unix milliseconds.
    pub heard_ms: u64,
    /// More, in words for HQ; no member.
    pub detail: String,
}

/// Rows of grants and of what came of them.
pub trait GrantTx {
    /// The answer to a request.
    fn grant(&mut self, tenant: &TenantId, request: GrantId) -> Result<Option<GrantRow>>;
    /// Adds an answer.
    fn put_grant(&mut self, tenant: &TenantId, grant: &GrantRow) -> Result<()>;
    /// An issue.
    fn issue(&mut self, tenant: &TenantId, request: GrantId, turn: u64) -> Result<Option<IssueRow>>;
    /// The issue of a place's code.
    fn issue_of(&mut self, tenant: &TenantId, campaign: &CampaignId, serial: u64, generation: u32) -> Result<Option<IssueRow>>;
    /// Adds or replaces an issue.
    fn put_issue(&mut self, tenant: &TenantId, issue: &IssueRow) -> Result<()>;
    /// What a member was given, by time, with the state of each code today, if it is still the place's code.
    fn issues_to(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Vec<(IssueRow, Option<super::coupons::CouponState>)>>;
    /// Where a phone's chain has come to.
    fn chain(&mut self, device: DeviceId) -> Result<Option<ChainHead>>;
    /// Moves it.
    fn put_chain(&mut self, device: DeviceId, head: &ChainHead) -> Result<()>;
    /// Adds something that does not fit, unless the same is there.
    fn put_conflict(&mut self, tenant: &TenantId, conflict: &Conflict) -> Result<()>;
    /// The first of what does not fit that this brought.
    fn conflict(&mut self, tenant: &TenantId, id: &str) -> Result<Option<Conflict>>;
    /// What does not fit, newest first, of one campaign or all, at most `limit`.
    fn conflicts(&mut self, tenant: &TenantId, campaign: Option<&CampaignId>, limit: usize) -> Result<Vec<Conflict>>;
}
