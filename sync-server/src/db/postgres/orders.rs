//! Orders in PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use guidebook_domain::{MemberId, TenantId};
use tokio_postgres::Row;

use super::row::{PgTx, get, int, number, parsed, said, words};
use super::settle::ROWS;
use crate::db::Result;
use crate::db::orders::{Bought, Order, OrderTx, Purchases};
use crate::error::ServerError;

/// How a time is kept: as text that sorts.
const TIME: &str = "%Y-%m-%d %H:%M:%S";

impl OrderTx for PgTx<'_> {
    fn orders(&mut self, tenant: &TenantId, ids: &BTreeSet<&str>) -> Result<Vec<Order>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = ids.iter().map(|id| words(id)).collect();
        let sql = "SELECT id, member, store, brand, product, quantity, paid_fen, at, channel FROM orders
            WHERE tenant = $1 AND id = ANY($2)";
        self.many(sql, &[&tenant.as_str(), &ids], order)
    }

    fn put_orders(&mut self, tenant: &TenantId, orders: &[&Order]) -> Result<()> {
        self.held.foreseen.purchases.clear();
        orders.chunks(ROWS).try_for_each(|orders| self.put_some_orders(tenant, orders))
    }

    fn count_orders(&mut self, tenant: &TenantId) -> Result<u64> {
        let count = self.one("SELECT COUNT(*) FROM orders WHERE tenant = $1", &[&tenant.as_str()], |row| number(row, 0))?;
        Ok(count.unwrap_or(0))
    }

    fn note_buyers(&mut self, tenant: &TenantId, buyers: &BTreeSet<MemberId>) -> Result<()> {
        let sql = "INSERT INTO recount (tenant, member) SELECT $1, wanted.id FROM unnest($2::text[]) AS wanted (id)
            WHERE EXISTS (SELECT 1 FROM member WHERE tenant = $1 AND id = wanted.id)
            OR EXISTS (SELECT 1 FROM alias WHERE tenant = $1 AND loser = wanted.id) ON CONFLICT DO NOTHING";
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

    fn forget_buyers(&mut self, tenant: &TenantId, members: &BTreeSet<MemberId>) -> Result<()> {
        let members: Vec<&str> = members.iter().map(MemberId::as_str).collect();
        self.run("DELETE FROM recount WHERE tenant = $1 AND member = ANY($2)", &[&tenant.as_str(), &members])?;
        Ok(())
    }

    fn purchases(&mut self, tenant: &TenantId, members: &BTreeSet<MemberId>) -> Result<BTreeMap<MemberId, Purchases>> {
        let foreseen = |id: &MemberId| Some((id.clone(), self.held.foreseen.purchases.get(&(tenant.clone(), id.clone()))?.clone()));
        if let Some(foreseen) = members.iter().map(foreseen).collect() {
            return Ok(foreseen);
        }
        let mut bought: BTreeMap<MemberId, Vec<Bought>> = members.iter().map(|member| (member.clone(), Vec::new())).collect();
        let members: Vec<&str> = members.iter().map(MemberId::as_str).collect();
        let sql = "SELECT at, orders.product, product.name, cycle_days, quantity, paid_fen, member FROM orders
            LEFT JOIN product ON product.tenant = orders.tenant AND product.id = orders.product
            WHERE orders.tenant = $1 AND member = ANY($2) ORDER BY at DESC, orders.id DESC";
        for (member, one) in self.many(sql, &[&tenant.as_str(), &members], |row| Ok((parsed(row, 6)?, bought_at(row)?)))? {
            bought.entry(member).or_default().push(one);
        }
        let counted = |orders| Purchases::of(orders).map_err(|_| ServerError::Corrupt("a month"));
        bought.into_iter().map(|(member, orders)| Ok((member, counted(orders)?))).collect()
    }
}

impl PgTx<'_> {
    fn put_some_orders(&mut self, tenant: &TenantId, orders: &[&Order]) -> Result<()> {
        let sql = "INSERT INTO orders (tenant, id, member, store, brand, product, quantity, paid_fen, at, channel)
            SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[])
            ON CONFLICT (tenant, id) DO UPDATE SET member = EXCLUDED.member, store = EXCLUDED.store, brand = EXCLUDED.brand,
                product = EXCLUDED.product, quantity = EXCLUDED.quantity, paid_fen = EXCLUDED.paid_fen, at = EXCLUDED.at,
                channel = EXCLUDED.channel";
        let all = || orders.iter();
        let ids: Vec<_> = all().map(|order| words(&order.id)).collect();
        let members: Vec<&str> = all().map(|order| order.member.as_str()).collect();
        let stores: Vec<&str> = all().map(|order| order.store.as_str()).collect();
        let brands: Vec<&str> = all().map(|order| order.brand.as_str()).collect();
        let products: Vec<_> = all().map(|order| words(&order.product)).collect();
        let quantities: Vec<i64> = all().map(|order| int(order.quantity)).collect();
        let paid: Vec<i64> = all().map(|order| order.paid_fen).collect();
        let at: Vec<String> = all().map(|order| order.at.format(TIME).to_string()).collect();
        let channels: Vec<_> = all().map(|order| words(&order.channel)).collect();
        self.run(sql, &[&tenant.as_str(), &ids, &members, &stores, &brands, &products, &quantities, &paid, &at, &channels])?;
        Ok(())
    }
}

fn bought_at(row: &Row) -> Result<Bought> {
    let known: Option<&str> = get(row, 2)?;
    Ok(Bought {
        at: time_of(get(row, 0)?)?,
        product: said(row, 1)?,
        name: known.map(|_| said(row, 2)).transpose()?,
        cycle_days: get::<Option<i64>>(row, 3)?.map(|_| number(row, 3)).transpose()?,
        quantity: number(row, 4)?,
        paid_fen: get(row, 5)?,
    })
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
