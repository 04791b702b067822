//! Orders in SQLite.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use guidebook_domain::{MemberId, TenantId};
use rusqlite::{Row, params};

use super::row::{SqliteTx, parsed};
use crate::db::Result;
use crate::db::orders::{Bought, Order, OrderTx, Purchases};
use crate::error::ServerError;

/// How a time is kept: as text that sorts.
const TIME: &str = "%Y-%m-%d %H:%M:%S";

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

    fn note_buyers(&mut self, tenant: &TenantId, buyers: &BTreeSet<MemberId>) -> Result<()> {
        for buyer in buyers {
            self.run("INSERT INTO recount (tenant, member) VALUES (?1, ?2) ON CONFLICT DO NOTHING", [tenant.as_str(), buyer.as_str()])?;
        }
        Ok(())
    }

    fn noted_buyers(&mut self, limit: usize) -> Result<Vec<(TenantId, MemberId)>> {
        let sql = "SELECT tenant, member FROM recount ORDER BY tenant, member LIMIT ?1";
        self.many(sql, [limit], |row| Ok((parsed(row, 0)?, parsed(row, 1)?)))
    }

    fn forget_buyer(&mut self, tenant: &TenantId, member: &MemberId) -> Result<()> {
        self.run("DELETE FROM recount WHERE tenant = ?1 AND member = ?2", [tenant.as_str(), member.as_str()])?;
        Ok(())
    }

    fn purchases(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Purchases> {
        // Without statistics the planner takes a tenant for ten rows and would rather read all its orders.
        let sql = "SELECT at, orders.product, product.name, cycle_days, quantity, paid_fen FROM orders INDEXED BY orders_by_member
            LEFT JOIN product ON product.tenant = orders.tenant AND product.id = orders.product
            WHERE orders.tenant = ?1 AND member = ?2 ORDER BY at DESC, orders.id DESC";
        let orders = self.many(sql, [tenant.as_str(), member.as_str()], |row| {
            Ok(Bought {
                at: time_of(row.get_ref(0)?.as_str().map_err(|_| ServerError::Corrupt("a time"))?)?,
                product: row.get(1)?,
                name: row.get(2)?,
                cycle_days: row.get(3)?,
                quantity: row.get(4)?,
                paid_fen: row.get(5)?,
            })
        })?;
        Purchases::of(orders).map_err(|_| ServerError::Corrupt("a month"))
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
