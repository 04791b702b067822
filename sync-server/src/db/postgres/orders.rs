//! Orders in PostgreSQL.

use chrono::NaiveDateTime;
use guidebook_domain::spend_by_month::MONTHS;
use guidebook_domain::{MemberId, Month, Purchase, PurchaseStats, SpendByMonth, TenantId};
use tokio_postgres::Row;

use super::row::{PgTx, get, int, number, parsed, said, words};
use crate::db::Result;
use crate::db::orders::{MOST_DUE_AGAIN, Order, OrderTx, Purchases};
use crate::error::ServerError;

/// How a time is kept: as text that sorts.
const TIME: &str = "%Y-%m-%d %H:%M:%S";

/// How many purchases a profile shows.
const RECENT: i64 = 5;

impl OrderTx for PgTx<'_> {
    fn order(&mut self, tenant: &TenantId, id: &str) -> Result<Option<Order>> {
        let sql = "SELECT id, member, store, brand, product, quantity, paid_fen, at, channel FROM orders WHERE tenant = $1 AND id = $2";
        self.one(sql, &[&tenant.as_str(), &words(id)], order)
    }

    fn put_order(&mut self, tenant: &TenantId, order: &Order) -> Result<()> {
        let sql = "INSERT INTO orders (tenant, id, member, store, brand, product, quantity, paid_fen, at, channel)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (tenant, id) DO UPDATE
            SET member = $3, store = $4, brand = $5, product = $6, quantity = $7, paid_fen = $8, at = $9, channel = $10";
        let Order { id, member, store, brand, product, quantity, paid_fen, at, channel } = order;
        let (id, product, quantity, at) = (words(id), words(product), int(*quantity), at.format(TIME).to_string());
        let (member, store, brand, channel) = (member.as_str(), store.as_str(), brand.as_str(), words(channel));
        self.run(sql, &[&tenant.as_str(), &id, &member, &store, &brand, &product, &quantity, paid_fen, &at, &channel])?;
        Ok(())
    }

    fn count_orders(&mut self, tenant: &TenantId) -> Result<u64> {
        let count = self.one("SELECT COUNT(*) FROM orders WHERE tenant = $1", &[&tenant.as_str()], |row| number(row, 0))?;
        Ok(count.unwrap_or(0))
    }

    fn purchases(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Purchases> {
        let sql = "SELECT COUNT(*) FILTER (WHERE paid_fen >= 0), COALESCE(SUM(paid_fen), 0)::bigint,
                MIN(at) FILTER (WHERE paid_fen >= 0), MAX(at) FILTER (WHERE paid_fen >= 0)
            FROM orders WHERE tenant = $1 AND member = $2";
        let figures = self.one(sql, &[&tenant.as_str(), &member.as_str()], |row| {
            let day = |column| get::<Option<&str>>(row, column).map(|at| at.map(day_of));
            let (first, last) = (day(2)?.transpose()?, day(3)?.transpose()?);
            Ok(PurchaseStats { orders: number(row, 0)?, spend_fen: get(row, 1)?, first, last, recent: Vec::new() })
        })?;
        let mut stats = figures.unwrap_or_default();
        let sql = "SELECT at, COALESCE(product.name, orders.product), quantity, paid_fen FROM orders
            LEFT JOIN product ON product.tenant = orders.tenant AND product.id = orders.product
            WHERE orders.tenant = $1 AND member = $2 AND paid_fen >= 0 ORDER BY at DESC, orders.id DESC LIMIT $3";
        stats.recent = self.many(sql, &[&tenant.as_str(), &member.as_str(), &RECENT], |row| {
            let day = day_of(get(row, 0)?)?;
            Ok(Purchase { day, product: said(row, 1)?, quantity: number(row, 2)?, paid_fen: get(row, 3)? })
        })?;
        let mut purchases = Purchases { stats, ..Purchases::default() };
        if purchases.stats.last.is_some() {
            purchases.months = self.spend_by_month(tenant, member)?;
            self.due_again(tenant, member, &mut purchases)?;
        }
        Ok(purchases)
    }
}

impl PgTx<'_> {
    fn spend_by_month(&mut self, tenant: &TenantId, member: &MemberId) -> Result<SpendByMonth> {
        let sql = "SELECT substr(at, 1, 7), SUM(paid_fen)::bigint FROM orders
            WHERE tenant = $1 AND member = $2 GROUP BY 1 ORDER BY 1 DESC LIMIT $3";
        let months = self.many(sql, &[&tenant.as_str(), &member.as_str(), &(MONTHS as i64)], |row| {
            Ok((Month::parse(get(row, 0)?).map_err(|_| ServerError::Corrupt("a month"))?, get(row, 1)?))
        })?;
        Ok(SpendByMonth::of(months))
    }

    fn due_again(&mut self, tenant: &TenantId, member: &MemberId, purchases: &mut Purchases) -> Result<()> {
        let sql = "SELECT product.name, MAX(at), cycle_days FROM orders
            JOIN product ON product.tenant = orders.tenant AND product.id = orders.product
            WHERE orders.tenant = $1 AND member = $2 AND paid_fen >= 0 AND cycle_days IS NOT NULL
            GROUP BY product.tenant, product.id ORDER BY 2 DESC, product.id LIMIT $3";
        let bought = self.many(sql, &[&tenant.as_str(), &member.as_str(), &(MOST_DUE_AGAIN as i64)], |row| {
            Ok((said(row, 0)?, day_of(get(row, 1)?)?, number(row, 2)?))
        })?;
        bought.into_iter().for_each(|(product, day, cycle_days)| purchases.bought(product, day, cycle_days));
        Ok(())
    }
}

fn order(row: &Row) -> Result<Order> {
    Ok(Order {
        id: said(row, 0)?,
        member: parsed(row, 1)?,
        store: parsed(row, 2)?,
        brand: parsed(row, 3)?,
        product: said(row, 4)?,
        quantity: number(row, 5)?,
        paid_fen: get(row, 6)?,
        at: time_of(get(row, 7)?)?,
        channel: said(row, 8)?,
    })
}

fn time_of(text: &str) -> Result<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, TIME).map_err(|_| ServerError::Corrupt("a time"))
}

fn day_of(text: &str) -> Result<chrono::NaiveDate> {
    time_of(text).map(|at| at.date())
}
