//! Campaigns, their budgets, and the buckets that count what has become of their codes.

use guidebook_domain::coupon::{Buckets, Campaign};
use guidebook_domain::{CampaignId, TenantId};

use super::Result;

/// How many codes in a row count in one bucket before the next begins.
const RUN: u64 = 200;

/// The most buckets of one campaign.
const SHARDS: u64 = 64;

/// The bucket in which a code counts. A grant takes codes in a row and so touches one or two; redemptions, which come in any order,
/// spread over all.
pub fn shard_of(serial: u64) -> u64 {
    serial / RUN % SHARDS
}

/// A campaign with what HQ allows and what is out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignRow {
    /// As phones know it.
    pub campaign: Campaign,
    /// Its position in the retailer's catalogue.
    pub position: u64,
    /// Counts changes of the budget, from 1.
    pub budget_version: u32,
    /// The most codes that may be out or redeemed.
    pub budget_codes: u64,
    /// The most money that they may cost, fen; no limit where none is given.
    pub budget_fen: Option<u64>,
    /// The most that what is out and what was redeemed may cost, fen.
    pub out_fen: u64,
    /// How many codes were ever made; the serial of the next.
    pub serials: u64,
    /// The highest turn that was handed out.
    pub turns: u64,
    /// The payment platform's stock to which its codes go before phones get them ([`crate::rails::Stop`]).
    pub rail: Option<String>,
    /// When it was made, Unix milliseconds.
    pub made_ms: u64,
}

/// Rows of campaigns.
pub trait CampaignTx {
    /// A campaign. A transaction that writes is alone with it until its commit.
    fn campaign(&mut self, tenant: &TenantId, id: &CampaignId) -> Result<Option<CampaignRow>>;
    /// A campaign as it is at this moment, which others may change meanwhile.
    fn look_at_campaign(&mut self, tenant: &TenantId, id: &CampaignId) -> Result<Option<CampaignRow>>;
    /// Campaigns with a position after `after`, by position.
    fn campaigns_after(&mut self, tenant: &TenantId, after: u64) -> Result<Vec<CampaignRow>>;
    /// Campaigns of all tenants whose codes go to a payment platform.
    fn campaigns_on_rails(&mut self) -> Result<Vec<(TenantId, CampaignRow)>>;
    /// How many free codes the campaign's platform does not know yet.
    fn waiting_for_rail(&mut self, tenant: &TenantId, id: &CampaignId) -> Result<u64>;
    /// Adds or replaces a campaign.
    fn put_campaign(&mut self, tenant: &TenantId, row: &CampaignRow) -> Result<()>;
    /// What is out of the campaign costs so much less.
    fn give_back(&mut self, tenant: &TenantId, id: &CampaignId, fen: u64) -> Result<()>;
    /// What has become of its codes.
    fn buckets(&mut self, tenant: &TenantId, id: &CampaignId) -> Result<Buckets>;
}

/// The buckets of seven sums: minted, free, leased, issued, reserved, redeemed, void.
pub(super) fn buckets_of(sums: &[u64; 7]) -> Buckets {
    let [minted, free, leased, issued, reserved, redeemed, void] = *sums;
    Buckets { minted, free, leased, issued, reserved, redeemed, void }
}
