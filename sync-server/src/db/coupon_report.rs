//! Sums over issues and redemptions, for HQ's report.

use guidebook_domain::{CampaignId, GuideId, StoreId, TenantId};

use super::Result;
use super::coupons::Leased;

/// What a guide gave out in a store, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedSum {
    /// The guide.
    pub guide: GuideId,
    /// The store in which she gave it out.
    pub store: StoreId,
    /// Coupons given out, taken back ones too.
    pub issued: u64,
    /// Taken back before they were handed over.
    pub void: u64,
    /// Of the others: used.
    pub redeemed: u64,
    /// What they took off bills, fen.
    pub money_fen: u64,
}

/// What was used in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedeemedSum {
    /// The store.
    pub store: StoreId,
    /// Coupons used.
    pub redeemed: u64,
    /// Of those: without a network.
    pub offline: u64,
    /// What they took off bills, fen.
    pub money_fen: u64,
}

/// Sums for a report.
pub trait CouponReportTx {
    /// By guide and store, in that order.
    fn issued_sums(&mut self, tenant: &TenantId, campaign: &CampaignId) -> Result<Vec<IssuedSum>>;
    /// By store of the till, in that order.
    fn redeemed_sums(&mut self, tenant: &TenantId, campaign: &CampaignId) -> Result<Vec<RedeemedSum>>;
    /// Codes leased until before `now_ms` of which nothing was heard.
    fn stranded(&mut self, tenant: &TenantId, campaign: &CampaignId, now_ms: u64) -> Result<Leased>;
    /// When the phone was last heard of that, of those with codes of the campaign under lease, was heard of least lately.
    fn oldest_word(&mut self, tenant: &TenantId, campaign: &CampaignId) -> Result<Option<u64>>;
}
