//! Orders.

use chrono::NaiveDateTime;
use guidebook_domain::{BrandId, MemberId, PurchaseStats, StoreId, TenantId};

use super::Result;

/// An order. Its member need not exist: orders wait for her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// HQ's number.
    pub id: String,
    /// Who bought.
    pub member: MemberId,
    /// Where.
    pub store: StoreId,
    /// Which brand.
    pub brand: BrandId,
    /// What.
    pub product: String,
    /// How many.
    pub quantity: u32,
    /// Money paid, in fen; negative for a refund.
    pub paid_fen: i64,
    /// When, by the store's clock.
    pub at: NaiveDateTime,
    /// Through which channel.
    pub channel: String,
}

/// Rows of orders.
pub trait OrderTx {
    /// An order.
    fn order(&mut self, tenant: &TenantId, id: &str) -> Result<Option<Order>>;
    /// Adds or replaces an order.
    fn put_order(&mut self, tenant: &TenantId, order: &Order) -> Result<()>;
    /// The number of orders.
    fn count_orders(&mut self, tenant: &TenantId) -> Result<u64>;
    /// A member's purchases in figures. Refunds lower the spending; they are neither orders nor recent purchases.
    fn purchase_stats(&mut self, tenant: &TenantId, member: &MemberId) -> Result<PurchaseStats>;
}
