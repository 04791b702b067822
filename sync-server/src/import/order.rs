//! Orders, and the figures that they make.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use guidebook_domain::{MemberId, TenantId};

use super::batch::Batch;
use super::directory::refused;
use super::read::{OrderRow, ReadRow, Row, RowReason};
use super::run::{Applied, Effect};
use crate::db::needs::Needs;
use crate::db::orders::Order;
use crate::db::{Database, DatabaseExt, Result, Tx, Write};
use crate::service::{merging, serving};

/// Buyers whose purchases are counted in one transaction.
const BUYERS: usize = 1_000;

/// The orders of one batch: read together before its first row, written together after its last.
#[derive(Default)]
pub struct Orders {
    /// By number, as they are with the rows that were taken in.
    held: HashMap<String, Order>,
    /// The numbers of those that changed.
    changed: BTreeSet<String>,
    /// Whose figures change.
    buyers: BTreeSet<MemberId>,
}

impl Orders {
    /// Reads what is known of the orders in `rows`.
    pub fn read(&mut self, tx: &mut dyn Tx, tenant: &TenantId, rows: &[ReadRow]) -> Result<()> {
        let orders = rows.iter().filter_map(|row| match &row.parsed {
            Ok(Row::Order(order)) => Some(order.id.as_str()),
            Ok(Row::Store(_) | Row::Brand(_) | Row::Guide(_) | Row::Product(_) | Row::Tag(_) | Row::Member(_)) | Err(_) => None,
        });
        let found = tx.orders(tenant, &orders.collect())?;
        self.held.extend(found.into_iter().map(|order| (order.id.clone(), order)));
        Ok(())
    }

    /// Writes those that changed, and notes whose figures change with them.
    pub fn write(&self, tx: &mut dyn Tx, tenant: &TenantId) -> Result<()> {
        let changed: Vec<&Order> = self.changed.iter().filter_map(|id| self.held.get(id)).collect();
        tx.put_orders(tenant, &changed)?;
        tx.note_buyers(tenant, &self.buyers)
    }

    fn take_in(&mut self, order: Order) -> Effect {
        let held = self.held.get(&order.id);
        if held == Some(&order) {
            return Effect::Unchanged;
        }
        self.buyers.extend(held.map(|held| held.member.clone()));
        self.buyers.insert(order.member.clone());
        self.changed.insert(order.id.clone());
        self.held.insert(order.id.clone(), order);
        Effect::Changed
    }
}

/// Takes an order in and notes whose figures change. Her member need not exist: the order waits for her.
pub fn order(tx: &mut dyn Tx, batch: &mut Batch<'_>, row: &OrderRow) -> Applied {
    let OrderRow { id, member, store, brand, product, quantity, paid_fen, at, channel } = row.clone();
    if !batch.learned.knows_store(tx, batch.run, &store)? {
        return refused("门店号", RowReason::NoSuchStore);
    }
    if !batch.learned.knows_brand(tx, batch.run, &brand)? {
        return refused("品牌号", RowReason::NoSuchBrand);
    }
    if !batch.learned.knows_product(tx, batch.run, &product)? {
        return refused("商品号", RowReason::NoSuchProduct);
    }
    Ok(Ok(batch.orders.take_in(Order { id, member, store, brand, product, quantity, paid_fen, at, channel })))
}

/// Counts the purchases of all whose orders came, each once, whatever run brought them: one that was broken off, too. Who serves
/// them is told where a figure changed. Gives how many were counted.
pub fn count_purchases(db: &dyn Database) -> Result<usize> {
    let mut counted = 0;
    while !db.reading(|tx| tx.noted_buyers(1))?.is_empty() {
        counted += db.writing(Write::Import, count_some)?;
    }
    Ok(counted)
}

fn count_some(tx: &mut dyn Tx) -> Result<usize> {
    let noted = tx.noted_buyers(BUYERS)?;
    let counted = noted.len();
    let mut buyers: BTreeMap<TenantId, BTreeSet<MemberId>> = BTreeMap::new();
    for (tenant, buyer) in noted {
        buyers.entry(tenant).or_default().insert(buyer);
    }
    for (tenant, buyers) in &buyers {
        tx.gather(tenant, &Needs { members: buyers.clone(), ..Needs::default() })?;
    }
    for (tenant, buyers) in &buyers {
        count(tx, tenant, buyers)?;
        tx.forget_buyers(tenant, buyers)?;
    }
    Ok(counted)
}

fn count(tx: &mut dyn Tx, tenant: &TenantId, buyers: &BTreeSet<MemberId>) -> Result<()> {
    let mut members = BTreeSet::new();
    for buyer in buyers {
        members.insert(merging::stands_for(tx, tenant, buyer)?.unwrap_or_else(|| buyer.clone()));
    }
    // Only of those who are there: the orders of others wait.
    let before = tx.counted(tenant, &members)?;
    let members = before.keys().cloned().collect();
    for (member, counted) in tx.purchases(tenant, &members)? {
        if let Some(before) = before.get(&member).filter(|before| **before != counted) {
            tx.put_counted(tenant, &member, &counted)?;
            serving::tell_purchases(tx, tenant, &member, before, &counted)?;
        }
    }
    Ok(())
}
