//! Orders.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};
use guidebook_domain::spend_by_month::MonthError;
use guidebook_domain::{BrandId, MemberId, Month, Purchase, PurchaseStats, SpendByMonth, StoreId, TenantId};
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

/// How many purchases a profile shows.
const RECENT: usize = 5;

/// As many products as are told when they are due again: those bought last.
const MOST_DUE_AGAIN: usize = 10;

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

/// An order as far as it counts for a member, with what HQ says of its product today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bought {
    /// When.
    pub at: NaiveDateTime,
    /// The product's number.
    pub product: String,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Days after which it is bought again, if it is.
    pub cycle_days: Option<u32>,
    /// How many.
    pub quantity: u32,
    /// Money paid, in fen; negative for a refund.
    pub paid_fen: i64,
}

impl Purchases {
    /// What orders come to, the newest first. Refunds lower the spending; they are neither orders nor recent purchases.
    ///
    /// Errors: a year outside 1900 to 2100.
    pub fn of(orders: impl IntoIterator<Item = Bought>) -> std::result::Result<Self, MonthError> {
        let mut stats = PurchaseStats::default();
        let mut months: BTreeMap<Month, i64> = BTreeMap::new();
        let mut last_bought: BTreeMap<String, (NaiveDateTime, String, u32)> = BTreeMap::new();
        for Bought { at, product, name, cycle_days, quantity, paid_fen } in orders {
            let day = at.date();
            stats.spend_fen = stats.spend_fen.saturating_add(paid_fen);
            let month = months.entry(Month::of(day)?).or_default();
            *month = month.saturating_add(paid_fen);
            if paid_fen < 0 {
                continue;
            }
            stats.orders += 1;
            stats.first = Some(day);
            stats.last = stats.last.or(Some(day));
            if stats.recent.len() < RECENT {
                let product = name.as_ref().unwrap_or(&product).clone();
                stats.recent.push(Purchase { day, product, quantity, paid_fen });
            }
            if let (Some(name), Some(cycle_days)) = (name, cycle_days) {
                last_bought.entry(product).or_insert((at, name, cycle_days));
            }
        }
        if stats.last.is_none() {
            return Ok(Purchases { stats, ..Purchases::default() });
        }
        Ok(Purchases { stats, months: SpendByMonth::of(months), due_again: due_again(last_bought) })
    }
}

/// When the products are due that were bought last. Of two products of one name the later day holds.
fn due_again(last_bought: BTreeMap<String, (NaiveDateTime, String, u32)>) -> BTreeMap<String, NaiveDate> {
    let mut newest: Vec<_> = last_bought.into_values().collect();
    newest.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    let mut due: BTreeMap<String, NaiveDate> = BTreeMap::new();
    for (at, name, cycle_days) in newest.into_iter().take(MOST_DUE_AGAIN) {
        let Some(day) = at.date().checked_add_days(chrono::Days::new(cycle_days.into())) else { continue };
        let held = due.entry(name).or_insert(day);
        *held = day.max(*held);
    }
    due
}

/// Rows of orders.
pub trait OrderTx {
    /// Those of these orders that are there.
    fn orders(&mut self, tenant: &TenantId, ids: &BTreeSet<&str>) -> Result<Vec<Order>>;
    /// Adds or replaces orders, no two of one number.
    fn put_orders(&mut self, tenant: &TenantId, orders: &[&Order]) -> Result<()>;
    /// The number of orders.
    fn count_orders(&mut self, tenant: &TenantId) -> Result<u64>;
    /// Notes whose purchases are to be counted again: those of these who are there, or stand for somebody. Who is neither is counted
    /// when she comes.
    fn note_buyers(&mut self, tenant: &TenantId, buyers: &BTreeSet<MemberId>) -> Result<()>;
    /// Those whose purchases are to be counted again, at most `limit`. A transaction that writes is alone with them.
    fn noted_buyers(&mut self, limit: usize) -> Result<Vec<(TenantId, MemberId)>>;
    /// The purchases of these members have been counted.
    fn forget_buyers(&mut self, tenant: &TenantId, members: &BTreeSet<MemberId>) -> Result<()>;
    /// What the orders of each of these members come to.
    fn purchases(&mut self, tenant: &TenantId, members: &BTreeSet<MemberId>) -> Result<BTreeMap<MemberId, Purchases>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bought(at: &str, product: &str, paid_fen: i64) -> Bought {
        let at = format!("{at}T10:00:00").parse().unwrap();
        let (name, cycle_days) = (Some(format!("name of {product}")), Some(30).filter(|_| product.starts_with('c')));
        Bought { at, product: product.to_owned(), name, cycle_days, quantity: 1, paid_fen }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_refund_lowers_what_was_spent_and_is_neither_an_order_nor_a_purchase() {
        let orders = [("2026-05-09", "c1", -300), ("2026-05-03", "c1", 1_000), ("2026-04-01", "p2", 200), ("2025-05-31", "c1", 50)];
        let purchases = Purchases::of(orders.map(|(at, product, fen)| bought(at, product, fen))).unwrap();
        assert_eq!((purchases.stats.orders, purchases.stats.spend_fen), (3, 950));
        assert_eq!((purchases.stats.first, purchases.stats.last), (Some(day("2025-05-31")), Some(day("2026-05-03"))));
        assert_eq!(purchases.stats.recent.iter().map(|one| one.product.as_str()).collect::<Vec<_>>()[..2], ["name of c1", "name of p2"]);
        let months: Vec<(String, i64)> = purchases.months.0.iter().map(|(month, fen)| (month.to_string(), *fen)).collect();
        assert_eq!(months, [("2026-04".to_owned(), 200), ("2026-05".to_owned(), 700)], "twelve months up to the last order");
        assert_eq!(
            purchases.due_again,
            BTreeMap::from([("name of c1".to_owned(), day("2026-06-02"))]),
            "counted from the last of its purchases"
        );
    }

    #[test]
    fn a_profile_shows_few_purchases_and_is_due_for_the_products_bought_last() {
        let orders = (1..=28).rev().map(|n| bought(&format!("2026-02-{n:02}"), &format!("c{n}"), 100));
        let purchases = Purchases::of(orders).unwrap();
        assert_eq!((purchases.stats.orders, purchases.stats.recent.len(), purchases.due_again.len()), (28, RECENT, MOST_DUE_AGAIN));
        assert!(purchases.due_again.contains_key("name of c28") && !purchases.due_again.contains_key("name of c18"));
        assert_eq!(
            Purchases::of([bought("2026-02-01", "c1", -1)]).unwrap().months,
            SpendByMonth::default(),
            "a refund alone tells nothing"
        );
    }
}
