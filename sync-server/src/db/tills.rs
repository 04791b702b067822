//! Tills: who they are, what they were answered, and the ledger of redemptions.

use guidebook_domain::{CampaignId, StoreId, TenantId};
use uuid::Uuid;

use super::Result;
use super::secrets::Hash;

/// A till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Its id.
    pub id: Uuid,
    /// The retailer.
    pub tenant: TenantId,
    /// Its store.
    pub store: StoreId,
    /// The number that stands for the store in vouchers.
    pub store_number: u16,
    /// What HQ sees it called.
    pub name: String,
    /// The hash of its secret.
    pub secret: Hash,
    /// Whether it is told why a code is not good.
    pub explains: bool,
    /// Whether it may do anything.
    pub active: bool,
    /// When it was made, Unix milliseconds.
    pub made_ms: u64,
    /// How it has behaved.
    pub conduct: Conduct,
}

/// How a till has behaved lately.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conduct {
    /// When its minute began, Unix milliseconds.
    pub minute_ms: u64,
    /// Calls since.
    pub calls: u32,
    /// When it came with codes that were none, Unix milliseconds.
    pub invalid: Vec<u64>,
    /// Until when it takes no typed codes, Unix milliseconds.
    pub locked_until_ms: u64,
}

/// What a till was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// A keyed hash of what it asked.
    pub print: Hash,
    /// The HTTP status.
    pub status: u16,
    /// The body. No code is in it.
    pub answer: String,
    /// When, Unix milliseconds.
    pub at_ms: u64,
}

/// A code that was taken: a row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// Its id.
    pub id: Uuid,
    /// The campaign.
    pub campaign: CampaignId,
    /// The place in the budget.
    pub serial: u64,
    /// Which of the place's codes.
    pub generation: u32,
    /// Its value.
    pub value: u32,
    /// What it took off the bill, fen.
    pub money_fen: u64,
    /// Where.
    pub store: StoreId,
    /// At which till.
    pub terminal: Uuid,
    /// The till's own number of the sale.
    pub receipt: String,
    /// Whether the till had no network.
    pub offline: bool,
    /// When, Unix milliseconds.
    pub at_ms: u64,
    /// When the server heard of it, Unix milliseconds.
    pub heard_ms: u64,
    /// When it was taken back, Unix milliseconds.
    pub reversed_ms: Option<u64>,
}

/// Rows of tills.
pub trait TillTx {
    /// The till that shows this secret. A transaction that writes is alone with it.
    fn terminal_of(&mut self, secret: &Hash) -> Result<Option<Terminal>>;
    /// A tenant's till.
    fn terminal(&mut self, tenant: &TenantId, id: Uuid) -> Result<Option<Terminal>>;
    /// A tenant's tills, by id.
    fn terminals(&mut self, tenant: &TenantId) -> Result<Vec<Terminal>>;
    /// Adds or replaces a till.
    fn put_terminal(&mut self, terminal: &Terminal) -> Result<()>;
    /// What a till was answered under a key.
    fn answered(&mut self, terminal: Uuid, key: &str) -> Result<Option<Answered>>;
    /// Keeps an answer.
    fn put_answered(&mut self, terminal: Uuid, key: &str, answered: &Answered) -> Result<()>;
    /// Whether there are answers from before.
    fn has_answered_before(&mut self, before_ms: u64) -> Result<bool>;
    /// Forgets answers from before, at most a thousand.
    fn sweep_answered(&mut self, before_ms: u64) -> Result<()>;
    /// Adds a row to the ledger; whether there was none for the code that stands.
    fn put_redemption(&mut self, tenant: &TenantId, redemption: &Redemption) -> Result<bool>;
    /// The row of the ledger that stands for a code.
    fn redemption_of(&mut self, tenant: &TenantId, campaign: &CampaignId, serial: u64, generation: u32) -> Result<Option<Redemption>>;
    /// A row of the ledger by its id.
    fn redemption(&mut self, tenant: &TenantId, id: Uuid) -> Result<Option<Redemption>>;
    /// Rows of which the member's record does not tell yet, oldest first, with what was given out; at most `limit`. What
    /// another server is at is passed over.
    fn untold(&mut self, limit: usize) -> Result<Vec<(TenantId, Redemption)>>;
    /// The member's record tells of it.
    fn told(&mut self, tenant: &TenantId, id: Uuid) -> Result<()>;
    /// Takes a row of the ledger back; whether it stood.
    fn reverse_redemption(&mut self, tenant: &TenantId, id: Uuid, at_ms: u64) -> Result<bool>;
}
