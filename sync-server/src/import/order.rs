//! Orders, and the figures that they make.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{MemberId, TenantId};

use super::directory::{knows_brand, knows_store, refused};
use super::read::{OrderRow, RowReason};
use super::run::{Applied, Effect, Run};
use crate::db::members::Member;
use crate::db::needs::Needs;
use crate::db::orders::Order;
use crate::db::{Database, DatabaseExt, Result, Tx, Write};
use crate::service::{merging, serving};

/// Buyers whose purchases are counted in one transaction.
const BUYERS: usize = 500;

/// Takes an order in and notes whose figures change. Her member need not exist: the order waits for her.
pub fn order(tx: &mut dyn Tx, run: &Run, row: &OrderRow, buyers: &mut BTreeSet<MemberId>) -> Applied {
    let OrderRow { id, member, store, brand, product, quantity, paid_fen, at, channel } = row.clone();
    if !knows_store(tx, run, &store)? {
        return refused("门店号", RowReason::NoSuchStore);
    }
    if !knows_brand(tx, run, &brand)? {
        return refused("品牌号", RowReason::NoSuchBrand);
    }
    if tx.product(&run.tenant, &product)?.is_none() {
        return refused("商品号", RowReason::NoSuchProduct);
    }
    let order = Order { id, member, store, brand, product, quantity, paid_fen, at, channel };
    let held = tx.order(&run.tenant, &order.id)?;
    if held.as_ref() == Some(&order) {
        return Ok(Ok(Effect::Unchanged));
    }
    tx.put_order(&run.tenant, &order)?;
    buyers.extend(held.map(|held| held.member));
    buyers.insert(order.member);
    Ok(Ok(Effect::Changed))
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
    let buyers = tx.noted_buyers(BUYERS)?;
    let mut needs: BTreeMap<&TenantId, Needs> = BTreeMap::new();
    for (tenant, buyer) in &buyers {
        needs.entry(tenant).or_default().members.insert(buyer.clone());
    }
    for (tenant, needs) in needs {
        tx.gather(tenant, &needs)?;
    }
    for (tenant, buyer) in &buyers {
        count(tx, tenant, buyer)?;
        tx.forget_buyer(tenant, buyer)?;
    }
    Ok(buyers.len())
}

fn count(tx: &mut dyn Tx, tenant: &TenantId, buyer: &MemberId) -> Result<()> {
    let id = merging::stands_for(tx, tenant, buyer)?.unwrap_or_else(|| buyer.clone());
    let Some(member) = tx.member(tenant, &id)? else { return Ok(()) };
    let stats = tx.purchases(tenant, &id)?;
    if stats != member.stats {
        let counted = Member { stats, ..member.clone() };
        tx.put_member(tenant, &counted)?;
        serving::tell_difference(tx, tenant, &member, &counted)?;
    }
    Ok(())
}
