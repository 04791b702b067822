//! Stores, brands, guides and products.

use guidebook_wire::patch::difference;

use super::batch::Batch;
use super::read::{BrandRow, GuideRow, ProductRow, RowProblem, RowReason, StoreRow};
use super::run::{Applied, Effect, Run};
use crate::db::directory::{Brand, Guide, Product, Store};
use crate::db::feeds::EntityKind;
use crate::db::{Result, Tx};
use crate::error::ServerError;
use crate::service::catalogue;
use crate::service::feeding::{self, News};
use crate::service::leaving::close_all;
use crate::service::visible::to_guide;

/// A refusal of the row for one column.
pub fn refused(field: &str, reason: RowReason) -> Applied {
    Ok(Err(RowProblem { field: field.to_owned(), reason }))
}

/// A store.
pub fn store(tx: &mut dyn Tx, run: &Run, row: &StoreRow) -> Applied {
    let StoreRow { id, name, city, time_zone } = row.clone();
    let store = Store { id, name, city, time_zone };
    let held = tx.store(&run.tenant, &store.id)?;
    if held.as_ref() == Some(&store) {
        return Ok(Ok(Effect::Unchanged));
    }
    tx.put_store(&run.tenant, &store)?;
    if held.is_none_or(|held| held.name != store.name) {
        tx.mark_directory(&run.tenant)?;
    }
    Ok(Ok(Effect::Changed))
}

/// A brand.
pub fn brand(tx: &mut dyn Tx, run: &Run, row: &BrandRow) -> Applied {
    let brand = Brand { id: row.id.clone(), name: row.name.clone() };
    if tx.brand(&run.tenant, &brand.id)?.as_ref() == Some(&brand) {
        return Ok(Ok(Effect::Unchanged));
    }
    tx.put_brand(&run.tenant, &brand)?;
    tx.mark_directory(&run.tenant)?;
    Ok(Ok(Effect::Changed))
}

/// A product.
pub fn product(tx: &mut dyn Tx, batch: &mut Batch<'_>, row: &ProductRow) -> Applied {
    let run = batch.run;
    let ProductRow { id, brand, name, price_fen, cycle_days } = row.clone();
    if !batch.learned.knows_brand(tx, run, &brand)? {
        return refused("品牌号", RowReason::NoSuchBrand);
    }
    let product = Product { id, brand, name, price_fen, cycle_days };
    if tx.product(&run.tenant, &product.id)?.as_ref() == Some(&product) {
        return Ok(Ok(Effect::Unchanged));
    }
    tx.put_product(&run.tenant, &product)?;
    Ok(Ok(Effect::Changed))
}

/// A guide. That she left may be known from a handover before HQ's export says so; that stands until HQ takes back
/// what it once said itself.
pub fn guide(tx: &mut dyn Tx, batch: &mut Batch<'_>, row: &GuideRow) -> Applied {
    let run = batch.run;
    if !batch.learned.knows_store(tx, run, &row.store)? {
        return refused("门店号", RowReason::NoSuchStore);
    }
    if let Some(brand) = &row.brand
        && !batch.learned.knows_brand(tx, run, brand)?
    {
        return refused("品牌号", RowReason::NoSuchBrand);
    }
    let held = tx.guide(&run.tenant, &row.id)?;
    let guide = updated(row, held.as_ref());
    if held.as_ref() == Some(&guide) {
        return Ok(Ok(Effect::Unchanged));
    }
    tx.put_guide(&run.tenant, &guide)?;
    if guide.left.is_some() {
        close_all(tx, &run.tenant, &guide.id, run.at_ms)?;
    }
    if held.as_ref().is_none_or(|held| held.name != guide.name) {
        tx.mark_directory(&run.tenant)?;
    }
    if let Some(held) = held.filter(|held| (&held.store, &held.brand) != (&guide.store, &guide.brand)) {
        show_otherwise(tx, run, &held, &guide)?;
    }
    Ok(Ok(Effect::Changed))
}

fn updated(row: &GuideRow, held: Option<&Guide>) -> Guide {
    let GuideRow { id, name, store, brand, joined, left } = row.clone();
    let came_back = left.is_none() && held.is_some_and(|held| held.left_at_hq.is_some());
    let left_by_handover = held.and_then(|held| held.left).filter(|_| !came_back);
    let heir = held.and_then(|held| held.heir.clone()).filter(|_| !came_back);
    // A stand-in stays one, whatever HQ's file says; one who left and comes back comes to stay.
    let until = held.and_then(|held| held.until).filter(|_| !came_back);
    let level = held.and_then(|held| held.level.clone());
    Guide { id, name, store, brand, joined, left: left.or(left_by_handover), left_at_hq: left, heir, until, level }
}

/// A guide who moves to another store or brand sees other tags: on her members, and in the dictionary. She is told
/// the difference.
fn show_otherwise(tx: &mut dyn Tx, run: &Run, before: &Guide, after: &Guide) -> Result<()> {
    let catalogue = catalogue(tx, &run.tenant)?;
    for id in tx.members_of(&run.tenant, &after.id)? {
        let Some(member) = tx.member(&run.tenant, &id)? else { continue };
        let seen = |guide: &Guide| to_guide(&member, None, guide, &catalogue);
        let paths = difference(&seen(before), &seen(after)).map_err(|_| ServerError::Corrupt("a member"))?;
        if !paths.is_empty() {
            feeding::put(tx, &run.tenant, &after.id, EntityKind::Member, id.as_str(), News::Fields(&paths))?;
        }
    }
    super::tags::show_dictionary_again(tx, run)
}
