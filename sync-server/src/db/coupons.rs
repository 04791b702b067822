//! Codes: one row a place in a campaign's budget. A place that was given back or has expired gets another code; the former
//! one is retired and never again anybody's.

use guidebook_domain::{CampaignId, DeviceId, GrantId, MarkId, TenantId};
use uuid::Uuid;

use super::Result;
use super::secrets::Hash;

/// What has become of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CouponState {
    /// Nobody has it.
    Free,
    /// A phone may give it out, or has done so and was not heard of.
    Leased,
    /// A phone has given it out.
    Issued,
    /// A till holds it.
    Reserved,
    /// A till has taken it.
    Redeemed,
    /// It was taken back before it was handed over.
    Void,
}

impl CouponState {
    /// All of them, in the order of the buckets.
    pub const ALL: [CouponState; 6] =
        [CouponState::Free, CouponState::Leased, CouponState::Issued, CouponState::Reserved, CouponState::Redeemed, CouponState::Void];

    /// The state in one word, which is also the bucket's column.
    pub const fn word(self) -> &'static str {
        match self {
            CouponState::Free => "free",
            CouponState::Leased => "leased",
            CouponState::Issued => "issued",
            CouponState::Reserved => "reserved",
            CouponState::Redeemed => "redeemed",
            CouponState::Void => "void",
        }
    }

    /// The state of a word.
    pub fn of(word: &str) -> Option<Self> {
        CouponState::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// To whom a code is leased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The phone.
    pub device: DeviceId,
    /// The phone's request, which names the grant.
    pub request: GrantId,
    /// The phone's high-water mark.
    pub mark: MarkId,
    /// The code's turn under that mark.
    pub turn: u64,
    /// When the phone stops giving it out, Unix milliseconds.
    pub until_ms: u64,
    /// The end of the last day that its voucher says, Unix milliseconds.
    pub expires_ms: u64,
    /// Until when the coupon is good, Unix milliseconds: no later, once its issue was heard of.
    pub good_until_ms: u64,
    /// The number of the store to which its voucher is bound; 0 for any.
    pub store_number: u16,
    /// Its value: fen, basis points or a gift's number.
    pub value: u32,
}

/// A till that holds a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The till.
    pub terminal: Uuid,
    /// Until when, Unix milliseconds.
    pub until_ms: u64,
}

/// A code. `Debug` shows no code, for none is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coupon {
    /// The campaign.
    pub campaign: CampaignId,
    /// The place in the campaign's budget.
    pub serial: u64,
    /// Which of the codes that can be derived for the place.
    pub generation: u32,
    /// The code's keyed hash.
    pub hash: Hash,
    /// What has become of it.
    pub state: CouponState,
    /// Whether its issue was heard of.
    pub issued: bool,
    /// Whether the payment platform knows it.
    pub on_rail: bool,
    /// The most that it may cost while it is out, fen.
    pub cost_fen: u64,
    /// To whom it is leased, unless it is free.
    pub lease: Option<Lease>,
    /// Who holds it, while it is reserved.
    pub hold: Option<Hold>,
}

impl Coupon {
    /// A code that nobody has.
    pub fn free(campaign: CampaignId, serial: u64, generation: u32, hash: Hash) -> Self {
        let (state, issued, on_rail, cost_fen) = (CouponState::Free, false, false, 0);
        Coupon { campaign, serial, generation, hash, state, issued, on_rail, cost_fen, lease: None, hold: None }
    }
}

/// A code that is nobody's any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retired {
    /// As it was.
    pub coupon: Coupon,
    /// `surrendered`, `expired`, `restored`.
    pub why: String,
    /// When, Unix milliseconds.
    pub at_ms: u64,
}

/// What a phone has under lease.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leased {
    /// Codes.
    pub codes: u64,
    /// The most that they may cost, fen.
    pub fen: u64,
}

/// Rows of codes. Whatever a transaction that writes reads here stays as it is until its commit.
pub trait CouponTx {
    /// Adds codes that nobody has, of this generation, and counts them, minted and free.
    fn mint(&mut self, tenant: &TenantId, campaign: &CampaignId, first: u64, generation: u32, hashes: &[Hash]) -> Result<()>;
    /// Free codes, by serial, at most `limit`; only those that the payment platform knows, or also others. Codes at which
    /// another transaction looks are passed over.
    fn free_coupons(&mut self, tenant: &TenantId, campaign: &CampaignId, on_rail: Option<bool>, limit: usize) -> Result<Vec<Coupon>>;
    /// The code of this hash.
    fn coupon_of_hash(&mut self, tenant: &TenantId, hash: &Hash) -> Result<Option<Coupon>>;
    /// The code that went to a phone by this request at this turn.
    fn coupon_of_turn(&mut self, tenant: &TenantId, request: GrantId, turn: u64) -> Result<Option<Coupon>>;
    /// The retired code of this hash.
    fn retired_of_hash(&mut self, tenant: &TenantId, hash: &Hash) -> Result<Option<Retired>>;
    /// The retired code that went to a phone by this request at this turn.
    fn retired_of_turn(&mut self, tenant: &TenantId, request: GrantId, turn: u64) -> Result<Option<Retired>>;
    /// What this phone has under lease of the campaign with this mark.
    fn leased(&mut self, tenant: &TenantId, device: DeviceId, campaign: &CampaignId, mark: MarkId) -> Result<Leased>;
    /// The marks under which this phone has leases of the campaign that end after `now_ms`.
    fn marks_of(&mut self, tenant: &TenantId, device: DeviceId, campaign: &CampaignId, now_ms: u64) -> Result<Vec<MarkId>>;
    /// Replaces a code that is in the state `from` and of the same generation, and moves it from bucket to bucket; whether
    /// there was one. One conditional update.
    fn move_coupon(&mut self, tenant: &TenantId, coupon: &Coupon, from: CouponState) -> Result<bool>;
    /// Retires a code that is in its state, and puts another into its place, free; whether there was one.
    fn renew_coupon(&mut self, tenant: &TenantId, retired: &Retired, hash: &Hash, generation: u32) -> Result<bool>;
    /// Codes that are leased or issued and whose coupons ended before `before_ms`, of all tenants, at most `limit`. What
    /// another server is at is passed over.
    fn coupons_past(&mut self, before_ms: u64, limit: usize) -> Result<Vec<(TenantId, Coupon)>>;
    /// Codes whose holds ended before `now_ms`, of all tenants, at most `limit`; as above.
    fn holds_past(&mut self, now_ms: u64, limit: usize) -> Result<Vec<(TenantId, Coupon)>>;
    /// Free codes of any campaign of the tenant after a place, by campaign and serial, at most `limit`.
    fn free_after(&mut self, tenant: &TenantId, after: Option<(&CampaignId, u64)>, limit: usize) -> Result<Vec<Coupon>>;
}
