//! Tags and their groups. Both are known by name to HQ; their ids are given here and stay.

use guidebook_domain::{Tag, TagFate, TagGroup, TagGroupId, TagId};

use super::batch::Batch;
use super::directory::refused;
use super::read::{RowReason, TagRow};
use super::run::{Applied, Effect, Run};
use crate::db::{Result, Tx};
use crate::error::ServerError;

/// A tag with its group. The first row of a group decides what the group is; a row that says otherwise is refused, and
/// so is one that would turn a group of one tag into a group of several while members carry its tags.
pub fn tag(tx: &mut dyn Tx, batch: &mut Batch<'_>, row: &TagRow, line: u64) -> Applied {
    let run = batch.run;
    if let Some(brand) = &row.brand
        && !batch.learned.knows_brand(tx, run, brand)?
    {
        return refused("品牌号", RowReason::NoSuchBrand);
    }
    let held = tx.group_named(&run.tenant, &row.group)?;
    let first = batch.learned.seen.see(tx, run, &format!("group:{}", row.group), line)?.is_none();
    if let Some(column) = held.as_ref().and_then(|held| contradiction(row, held, first)) {
        return refused(column, RowReason::Malformed);
    }
    let (group, group_effect) = put_group(tx, run, row, held)?;
    let tag_effect = put_tag(tx, run, row, &group)?;
    let unchanged = group_effect == Effect::Unchanged && tag_effect == Effect::Unchanged;
    Ok(Ok(if unchanged { Effect::Unchanged } else { Effect::Changed }))
}

fn contradiction(row: &TagRow, held: &TagGroup, first: bool) -> Option<&'static str> {
    if row.choice != held.choice {
        return Some("单选多选");
    }
    if !first && row.editable_by != held.editable_by {
        return Some("谁可改");
    }
    (!first && row.brand != held.brand).then_some("品牌号")
}

fn put_group(tx: &mut dyn Tx, run: &Run, row: &TagRow, held: Option<TagGroup>) -> Result<(TagGroup, Effect)> {
    let TagRow { group, choice, editable_by, brand, .. } = row.clone();
    if let Some(held) = held {
        let group = TagGroup { editable_by, brand, ..held.clone() };
        if group == held {
            return Ok((held, Effect::Unchanged));
        }
        let position = tx.next_catalogue_position(&run.tenant)?;
        tx.put_group(&run.tenant, &group, position)?;
        if group.brand != held.brand {
            show_dictionary_again(tx, run)?;
        }
        return Ok((group, Effect::Changed));
    }
    let position = tx.next_catalogue_position(&run.tenant)?;
    let id = TagGroupId::new(format!("g{position}")).map_err(|_| ServerError::Corrupt("a group's id"))?;
    let group = TagGroup { id, name: group, choice, editable_by, brand, store: None };
    tx.put_group(&run.tenant, &group, position)?;
    Ok((group, Effect::Changed))
}

fn put_tag(tx: &mut dyn Tx, run: &Run, row: &TagRow, group: &TagGroup) -> Result<Effect> {
    // A tag that HQ renamed, merged or deleted here stays so, whatever an old export calls it.
    if tx.tag_named(&run.tenant, &row.group, &row.tag)?.is_some() {
        return Ok(Effect::Unchanged);
    }
    let position = tx.next_catalogue_position(&run.tenant)?;
    let id = TagId::new(format!("t{position}")).map_err(|_| ServerError::Corrupt("a tag's id"))?;
    tx.put_tag_name(&run.tenant, &row.group, &row.tag, &id)?;
    let tag = Tag { id, group: group.id.clone(), name: row.tag.clone(), fate: TagFate::Live };
    tx.put_tag(&run.tenant, &tag, position)?;
    Ok(Effect::Changed)
}

/// Puts every group and tag at the head of the catalogue, for phones that see others of them than before.
pub fn show_dictionary_again(tx: &mut dyn Tx, run: &Run) -> Result<()> {
    for (_, group) in tx.groups_after(&run.tenant, 0, usize::MAX >> 1)? {
        let position = tx.next_catalogue_position(&run.tenant)?;
        tx.put_group(&run.tenant, &group, position)?;
    }
    for (_, tag) in tx.tags_after(&run.tenant, 0, usize::MAX >> 1)? {
        let position = tx.next_catalogue_position(&run.tenant)?;
        tx.put_tag(&run.tenant, &tag, position)?;
    }
    Ok(())
}
