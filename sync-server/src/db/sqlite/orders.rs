//! Orders in SQLite.

use chrono::NaiveDateTime;
use guidebook_domain::spend_by_month::MONTHS;
use guidebook_domain::{MemberId, Month, Purchase, PurchaseStats, SpendByMonth, TenantId};
use rusqlite::{Row, params};

use super::row::{SqliteTx, parsed};
use crate::db::Result;
use crate::db::orders::{MOST_DUE_AGAIN, Order, OrderTx, Purchases};
use crate::error::ServerError;

/// How a time is kept: as text that sorts.
const TIME: &str = "%Y-%m-%d %H:%M:%S";

/// How many purchases a profile shows.
const RECENT: usize = 5;

impl OrderTx for SqliteTx<'_> {
    fn order(&mut self, tenant: &TenantId, id: &str) -> Result<Option<Order>> {
        let sql = "SELECT id, member, store, brand, product, quantity, paid_fen, at, channel FROM orders WHERE tenant = ?1 AND id = ?2";
        self.one(sql, [tenant.as_str(), id], order)
    }

    fn put_order(&mut self, tenant: &TenantId, order: &Order) -> Result<()> {
        let sql = "REPLACE INTO orders (tenant, id, member, store, brand, product, quantity, paid_fen, at, channel)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let Order { id, member, store, brand, product, quantity, paid_fen, at, channel } = order;
        let (member, store, brand, at) = (member.as_str(), store.as_str(), brand.as_str(), at.format(TIME).to_string());
        self.run(sql, params![tenant.as_str(), id, member, store, brand, product, quantity, paid_fen, at, channel])?;
        Ok(())
    }

    fn count_orders(&mut self, tenant: &TenantId) -> Result<u64> {
        let count = self.one("SELECT COUNT(*) FROM orders WHERE tenant = ?1", [tenant.as_str()], |row| Ok(row.get(0)?))?;
        Ok(count.unwrap_or(0))
    }

    fn purchases(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Purchases> {
        // Without statistics the planner takes a tenant for ten rows and would rather read all its orders.
        let sql = "SELECT COUNT(*) FILTER (WHERE paid_fen >= 0), COALESCE(SUM(paid_fen), 0),
                MIN(at) FILTER (WHERE paid_fen >= 0), MAX(at) FILTER (WHERE paid_fen >= 0)
            FROM orders INDEXED BY orders_by_member WHERE tenant = ?1 AND member = ?2";
        let figures = self.one(sql, [tenant.as_str(), member.as_str()], |row| {
            let day = |column| row.get::<_, Option<String>>(column).map(|at| at.map(|at| day_of(&at)));
            let (first, last) = (day(2)?.transpose()?, day(3)?.transpose()?);
            Ok(PurchaseStats { orders: row.get(0)?, spend_fen: row.get(1)?, first, last, recent: Vec::new() })
        })?;
        let mut stats = figures.unwrap_or_default();
        let sql = "SELECT at, COALESCE(product.name, orders.product), quantity, paid_fen FROM orders INDEXED BY orders_by_member
            LEFT JOIN product ON product.tenant = orders.tenant AND product.id = orders.product
            WHERE orders.tenant = ?1 AND member = ?2 AND paid_fen >= 0 ORDER BY at DESC, orders.id DESC LIMIT ?3";
        stats.recent = self.many(sql, params![tenant.as_str(), member.as_str(), RECENT], |row| {
            let day = day_of(&row.get::<_, String>(0)?)?;
            Ok(Purchase { day, product: row.get(1)?, quantity: row.get(2)?, paid_fen: row.get(3)? })
        })?;
        let mut purchases = Purchases { stats, ..Purchases::default() };
        if purchases.stats.last.is_some() {
            purchases.months = self.spend_by_month(tenant, member)?;
            self.due_again(tenant, member, &mut purchases)?;
        }
        Ok(purchases)
    }
}

impl SqliteTx<'_> {
    fn spend_by_month(&mut self, tenant: &TenantId, member: &MemberId) -> Result<SpendByMonth> {
        let sql = "SELECT substr(at, 1, 7), SUM(paid_fen) FROM orders INDEXED BY orders_by_member
            WHERE tenant = ?1 AND member = ?2 GROUP BY 1 ORDER BY 1 DESC LIMIT ?3";
        let months = self.many(sql, params![tenant.as_str(), member.as_str(), MONTHS], |row| {
            let month = Month::parse(&row.get::<_, String>(0)?).map_err(|_| ServerError::Corrupt("a month"))?;
            Ok((month, row.get(1)?))
        })?;
        Ok(SpendByMonth::of(months))
    }

    fn due_again(&mut self, tenant: &TenantId, member: &MemberId, purchases: &mut Purchases) -> Result<()> {
        let sql = "SELECT product.name, MAX(at), cycle_days FROM orders INDEXED BY orders_by_member
            JOIN product ON product.tenant = orders.tenant AND product.id = orders.product
            WHERE orders.tenant = ?1 AND member = ?2 AND paid_fen >= 0 AND cycle_days IS NOT NULL
            GROUP BY product.id ORDER BY 2 DESC, product.id LIMIT ?3";
        let bought = self.many(sql, params![tenant.as_str(), member.as_str(), MOST_DUE_AGAIN], |row| {
            Ok((row.get(0)?, day_of(&row.get::<_, String>(1)?)?, row.get(2)?))
        })?;
        bought.into_iter().for_each(|(product, day, cycle_days)| purchases.bought(product, day, cycle_days));
        Ok(())
    }
}

fn order(row: &Row<'_>) -> Result<Order> {
    Ok(Order {
        id: row.get(0)?,
        member: parsed(row, 1)?,
        store: parsed(row, 2)?,
        brand: parsed(row, 3)?,
        product: row.get(4)?,
        quantity: row.get(5)?,
        paid_fen: row.get(6)?,
        at: time_of(&row.get::<_, String>(7)?)?,
        channel: row.get(8)?,
    })
}

fn time_of(text: &str) -> Result<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, TIME).map_err(|_| ServerError::Corrupt("a time"))
}

fn day_of(text: &str) -> Result<chrono::NaiveDate> {
    time_of(text).map(|at| at.date())
}
