//! Orders.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use guidebook_domain::{BrandId, MemberId, PurchaseStats, SpendByMonth, StoreId, TenantId};
use serde::{Deserialize, Serialize};

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

/// As many products as are told when they are due again: those bought last.
pub const MOST_DUE_AGAIN: usize = 10;

/// What a member's orders come to. Kept as the figures alone were, with the rest beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchases {
    /// The figures.
    #[serde(flatten)]
    pub stats: PurchaseStats,
    /// Money by month.
    #[serde(default, skip_serializing_if = "SpendByMonth::is_empty")]
    pub months: SpendByMonth,
    /// For products with a cycle, by name: the day of the last purchase and the cycle after it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub due_again: BTreeMap<String, NaiveDate>,
}

impl Purchases {
    /// Notes that a product with a cycle was last bought on `day`. Of two products of one name the later day holds.
    pub fn bought(&mut self, product: String, day: NaiveDate, cycle_days: u32) {
        let Some(due) = day.checked_add_days(chrono::Days::new(cycle_days.into())) else { return };
        let held = self.due_again.entry(product).or_insert(due);
        *held = due.max(*held);
    }
}

/// Rows of orders.
pub trait OrderTx {
    /// An order.
    fn order(&mut self, tenant: &TenantId, id: &str) -> Result<Option<Order>>;
    /// Adds or replaces an order.
    fn put_order(&mut self, tenant: &TenantId, order: &Order) -> Result<()>;
    /// The number of orders.
    fn count_orders(&mut self, tenant: &TenantId) -> Result<u64>;
    /// What a member's orders come to. Refunds lower the spending; they are neither orders nor recent purchases.
    fn purchases(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Purchases>;
}
