//! Orders, and the figures that they make.

use std::collections::BTreeSet;

use guidebook_domain::MemberId;

use super::directory::{knows_brand, knows_store, refused};
use super::read::{OrderRow, RowReason};
use super::run::{Applied, Effect, Run};
use crate::db::members::Member;
use crate::db::orders::Order;
use crate::db::{Result, Tx};
use crate::service::{merging, serving};

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

/// Counts the purchases of these members again and tells who serves them, where a figure changed.
pub fn count_purchases(tx: &mut dyn Tx, run: &Run, buyers: &BTreeSet<MemberId>) -> Result<()> {
    for buyer in buyers {
        let id = merging::stands_for(tx, &run.tenant, buyer)?.unwrap_or_else(|| buyer.clone());
        let Some(member) = tx.member(&run.tenant, &id)? else { continue };
        let stats = tx.purchases(&run.tenant, &id)?;
        if stats != member.stats {
            let counted = Member { stats, ..member.clone() };
            tx.put_member(&run.tenant, &counted)?;
            serving::tell_difference(tx, &run.tenant, &member, &counted)?;
        }
    }
    Ok(())
}
