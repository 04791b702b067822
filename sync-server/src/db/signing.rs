//! Keys that sign grants and vouchers, the lists that tell whom to trust, and the numbers of stores. Private keys are sealed
//! under a key that is not in the database; that of the root is nowhere in it.

use guidebook_domain::{StoreId, TenantId};

use super::Result;

/// A key that signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningRow {
    /// Its number, 0 to 15.
    pub kid: u8,
    /// The public key.
    pub public: [u8; 32],
    /// The private key, sealed.
    pub sealed: Vec<u8>,
    /// When it was made, Unix milliseconds.
    pub made_ms: u64,
    /// From when on what it signs is good, Unix milliseconds.
    pub not_before_ms: u64,
    /// Until when, Unix milliseconds.
    pub not_after_ms: u64,
}

/// Rows of keys.
pub trait SigningTx {
    /// The root's public key.
    fn coupon_root(&mut self, tenant: &TenantId) -> Result<Option<[u8; 32]>>;
    /// Sets it.
    fn put_coupon_root(&mut self, tenant: &TenantId, public: &[u8; 32]) -> Result<()>;
    /// The keys, by number.
    fn coupon_keys(&mut self, tenant: &TenantId) -> Result<Vec<SigningRow>>;
    /// Adds or replaces a key.
    fn put_coupon_key(&mut self, tenant: &TenantId, key: &SigningRow) -> Result<()>;
    /// The newest list of trust, with its number: JSON of the signed list.
    fn trust_list(&mut self, tenant: &TenantId) -> Result<Option<(u32, String)>>;
    /// Adds a list of trust.
    fn put_trust_list(&mut self, tenant: &TenantId, number: u32, record: &str) -> Result<()>;
    /// The number that stands for a store in a voucher; given out at the first asking, from 1.
    fn store_number(&mut self, tenant: &TenantId, store: &StoreId) -> Result<u16>;
    /// All numbers, by store.
    fn store_numbers(&mut self, tenant: &TenantId) -> Result<Vec<(StoreId, u16)>>;
}
