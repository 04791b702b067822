//! Orders in SQLite.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use guidebook_domain::{MemberId, TenantId};
use rusqlite::{OptionalExtension, Row, params};

use super::row::{SqliteTx, parsed, to_json};
use super::work;
use crate::db::Result;
use crate::db::orders::{Bought, Order, OrderTx, Purchases};
use crate::error::ServerError;

/// How a time is kept: as text that sorts.
const TIME: &str = "%Y-%m-%d %H:%M:%S";

impl OrderTx for SqliteTx<'_> {
    fn orders(&mut self, tenant: &TenantId, ids: &BTreeSet<&str>) -> Result<Vec<Order>> {
        let sql = "SELECT id, member, store, brand, product, quantity, paid_fen, at, channel FROM orders WHERE tenant = ?1 AND id = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = ids.iter().map(|id| statement.query_row([tenant.as_str(), id], |row| Ok(order(row))).optional()?.transpose());
        let found = found.filter_map(Result::transpose).collect();
        work::count(&statement);
        found
    }

    fn put_orders(&mut self, tenant: &TenantId, orders: &[&Order]) -> Result<()> {
        let sql = "REPLACE INTO orders (tenant, id, member, store, brand, product, quantity, paid_fen, at, channel)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let mut statement = self.connection.prepare_cached(sql)?;
        for Order { id, member, store, brand, product, quantity, paid_fen, at, channel } in orders {
            let (member, store, brand, at) = (member.as_str(), store.as_str(), brand.as_str(), at.format(TIME).to_string());
            statement.execute(params![tenant.as_str(), id, member, store, brand, product, quantity, paid_fen, at, channel])?;
        }
        work::count(&statement);
        Ok(())
    }

    fn count_orders(&mut self, tenant: &TenantId) -> Result<u64> {
        let count = self.one("SELECT COUNT(*) FROM orders WHERE tenant = ?1", [tenant.as_str()], |row| Ok(row.get(0)?))?;
        Ok(count.unwrap_or(0))
    }

    fn note_buyers(&mut self, tenant: &TenantId, buyers: &BTreeSet<MemberId>) -> Result<()> {
        let sql = "INSERT INTO recount (tenant, member) SELECT ?1, wanted.value FROM json_each(?2) AS wanted
            WHERE EXISTS (SELECT 1 FROM member WHERE tenant = ?1 AND id = wanted.value)
            OR EXISTS (SELECT 1 FROM alias WHERE tenant = ?1 AND loser = wanted.value) ON CONFLICT DO NOTHING";
        self.run(sql, [tenant.as_str(), &to_json(buyers)?])?;
        Ok(())
    }

    fn noted_buyers(&mut self, limit: usize) -> Result<Vec<(TenantId, MemberId)>> {
        let sql = "SELECT tenant, member FROM recount ORDER BY tenant, member LIMIT ?1";
        self.many(sql, [limit], |row| Ok((parsed(row, 0)?, parsed(row, 1)?)))
    }

    fn forget_buyers(&mut self, tenant: &TenantId, members: &BTreeSet<MemberId>) -> Result<()> {
        for member in members {
            self.run("DELETE FROM recount WHERE tenant = ?1 AND member = ?2", [tenant.as_str(), member.as_str()])?;
        }
        Ok(())
    }

    fn purchases(&mut self, tenant: &TenantId, members: &BTreeSet<MemberId>) -> Result<BTreeMap<MemberId, Purchases>> {
        members.iter().map(|member| Ok((member.clone(), self.purchases_of(tenant, member)?))).collect()
    }
}

impl SqliteTx<'_> {
    fn purchases_of(&self, tenant: &TenantId, member: &MemberId) -> Result<Purchases> {
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
