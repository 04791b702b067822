//! Orders in PostgreSQL.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use guidebook_domain::{MemberId, TenantId};
use tokio_postgres::Row;

use super::row::{PgTx, get, int, number, parsed, said, words};
use crate::db::Result;
use crate::db::orders::{Bought, Order, OrderTx, Purchases};
use crate::error::ServerError;

/// How a time is kept: as text that sorts.
const TIME: &str = "%Y-%m-%d %H:%M:%S";

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

    fn note_buyers(&mut self, tenant: &TenantId, buyers: &BTreeSet<MemberId>) -> Result<()> {
        let sql = "INSERT INTO recount (tenant, member) SELECT $1, * FROM unnest($2::text[]) ON CONFLICT DO NOTHING";
        let buyers: Vec<&str> = buyers.iter().map(MemberId::as_str).collect();
        if !buyers.is_empty() {
            self.run(sql, &[&tenant.as_str(), &buyers])?;
        }
        Ok(())
    }

    fn noted_buyers(&mut self, limit: usize) -> Result<Vec<(TenantId, MemberId)>> {
        let lock = self.for_update();
        let sql = format!("SELECT tenant, member FROM recount ORDER BY tenant, member LIMIT $1 {lock}");
        self.many(&sql, &[&int(limit)], |row| Ok((parsed(row, 0)?, parsed(row, 1)?)))
    }

    fn forget_buyer(&mut self, tenant: &TenantId, member: &MemberId) -> Result<()> {
        self.run("DELETE FROM recount WHERE tenant = $1 AND member = $2", &[&tenant.as_str(), &member.as_str()])?;
        Ok(())
    }

    fn purchases(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Purchases> {
        let sql = "SELECT at, orders.product, product.name, cycle_days, quantity, paid_fen FROM orders
            LEFT JOIN product ON product.tenant = orders.tenant AND product.id = orders.product
            WHERE orders.tenant = $1 AND member = $2 ORDER BY at DESC, orders.id DESC";
        let orders = self.many(sql, &[&tenant.as_str(), &member.as_str()], |row| {
            let known: Option<&str> = get(row, 2)?;
            Ok(Bought {
                at: time_of(get(row, 0)?)?,
                product: said(row, 1)?,
                name: known.map(|_| said(row, 2)).transpose()?,
                cycle_days: get::<Option<i64>>(row, 3)?.map(|_| number(row, 3)).transpose()?,
                quantity: number(row, 4)?,
                paid_fen: get(row, 5)?,
            })
        })?;
        Purchases::of(orders).map_err(|_| ServerError::Corrupt("a month"))
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
