//! A page of changes: the catalogue first, then the guide's own feed, each from where the phone is.

use guidebook_domain::edit_check::in_scope;
use guidebook_domain::{Catalogue, Choice, EditableBy, MemberId, Tag, TagFate, TagGroup, TagGroupId, TagId, TenantId};
use guidebook_wire::protocol::LARGEST_PAGE;
use guidebook_wire::{ChangeRecord, CursorRecord, DirectoryRecord, NameRecord};

use super::{catalogue, merging, visible};
use crate::db::directory::{Guide, Tenant};
use crate::db::feeds::{EntityKind, FeedRow};
use crate::db::needs::Needs;
use crate::db::{Result, Tx};
use crate::error::ServerError;

/// A page ends when it has grown past so many bytes, so that a connection that dies early has brought something.
const PAGE_BYTES: usize = 128 * 1024;

/// The id of the group in which a guide's own tags lie.
pub const PERSONAL_GROUP: &str = "personal";

/// A page and where the phone is after it.
#[derive(Debug, Default)]
pub struct Page {
    /// The changes.
    pub changes: Vec<ChangeRecord>,
    /// Where the phone is after them.
    pub cursor: CursorRecord,
    /// Whether there are more.
    pub more: bool,
    /// How large it has grown.
    pub bytes: usize,
}

impl Page {
    fn room(&self) -> usize {
        if self.bytes >= PAGE_BYTES { 0 } else { LARGEST_PAGE.saturating_sub(self.changes.len()) }
    }

    fn push(&mut self, change: ChangeRecord) -> Result<()> {
        self.bytes += serde_json::to_vec(&change).map_err(|_| ServerError::Corrupt("JSON"))?.len();
        self.changes.push(change);
        Ok(())
    }
}

/// The page after `cursor`. A phone that begins (`fresh`) is not told of members it never had.
pub fn page(tx: &mut dyn Tx, tenant: &Tenant, guide: &Guide, cursor: CursorRecord, fresh: bool) -> Result<Page> {
    let mut page = Page { cursor: plausible(tx, tenant, guide, cursor)?, ..Page::default() };
    if page.cursor.catalogue < tenant.catalogue || page.cursor.catalogue == 0 {
        add_catalogue(tx, tenant, guide, &mut page)?;
    }
    if !page.more {
        add_feed(tx, &tenant.id, guide, fresh, &mut page)?;
    }
    Ok(page)
}

/// A cursor beyond the newest position was not given by this server: begin again.
fn plausible(tx: &mut dyn Tx, tenant: &Tenant, guide: &Guide, cursor: CursorRecord) -> Result<CursorRecord> {
    let head = tx.feed_head(&tenant.id, &guide.id)?;
    let feed = if cursor.feed > head { 0 } else { cursor.feed };
    let catalogue = if cursor.catalogue > tenant.catalogue { 0 } else { cursor.catalogue };
    Ok(CursorRecord { feed, catalogue })
}

fn add_catalogue(tx: &mut dyn Tx, tenant: &Tenant, guide: &Guide, page: &mut Page) -> Result<()> {
    let after = page.cursor.catalogue;
    if after == 0 {
        page.push(ChangeRecord::Group(personal_group()?))?;
    }
    let whole = catalogue(tx, &tenant.id)?;
    let sees = |group: &TagGroup| in_scope(group, &guide.store, guide.brand.as_ref());
    let sees_tag = |tag: &Tag| whole.group(&tag.group).is_some_and(sees);
    let mut items: Vec<(u64, Option<ChangeRecord>)> = Vec::new();
    for (position, group) in tx.groups_after(&tenant.id, after, usize::MAX >> 1)? {
        items.push((position, sees(&group).then_some(ChangeRecord::Group(group))));
    }
    for (position, tag) in tx.tags_after(&tenant.id, after, usize::MAX >> 1)? {
        items.push((position, sees_tag(&tag).then_some(ChangeRecord::Tag(tag))));
    }
    if tenant.directory > after {
        items.push((tenant.directory, Some(ChangeRecord::Directory(directory(tx, &tenant.id)?))));
    }
    items.sort_by_key(|(position, _)| *position);
    for (position, change) in items {
        if page.room() == 0 {
            page.more = true;
            return Ok(());
        }
        page.cursor.catalogue = position;
        if let Some(change) = change {
            page.push(change)?;
        }
    }
    // All that came after were taken, so nothing lies between here and the head.
    page.cursor.catalogue = tenant.catalogue;
    Ok(())
}

fn directory(tx: &mut dyn Tx, tenant: &TenantId) -> Result<DirectoryRecord> {
    let stores = tx.stores(tenant)?.into_iter().map(|s| NameRecord { id: s.id, name: s.name }).collect();
    let brands = tx.brands(tenant)?.into_iter().map(|b| NameRecord { id: b.id, name: b.name }).collect();
    let guides = tx.guides(tenant)?.into_iter().map(|g| NameRecord { id: g.id, name: g.name }).collect();
    Ok(DirectoryRecord { stores, brands, guides })
}

fn add_feed(tx: &mut dyn Tx, tenant: &TenantId, guide: &Guide, fresh: bool, page: &mut Page) -> Result<()> {
    let rows = tx.feed_after(tenant, &guide.id, page.cursor.feed, page.room() + 1)?;
    if rows.is_empty() {
        return Ok(());
    }
    let catalogue = catalogue(tx, tenant)?;
    tx.gather(tenant, &Needs { members: rows.iter().filter_map(member_of).collect(), ..Needs::default() })?;
    for row in rows {
        if page.room() == 0 {
            page.more = true;
            return Ok(());
        }
        page.cursor.feed = row.position;
        if row.present || !fresh {
            let change = change(tx, tenant, guide, &catalogue, &row)?;
            page.push(change)?;
        }
    }
    Ok(())
}

/// The member whom the page will tell of.
fn member_of(row: &FeedRow) -> Option<MemberId> {
    let told = row.present && row.kind == EntityKind::Member;
    told.then(|| MemberId::new(row.entity.as_str()).ok()).flatten()
}

fn change(tx: &mut dyn Tx, tenant: &TenantId, guide: &Guide, catalogue: &Catalogue, row: &FeedRow) -> Result<ChangeRecord> {
    match row.kind {
        EntityKind::Member => {
            let id = MemberId::new(row.entity.as_str()).map_err(|_| ServerError::Corrupt("a member's id"))?;
            let member = if row.present { tx.member(tenant, &id)? } else { None };
            let Some(member) = member else {
                let became = merging::stands_for(tx, tenant, &id)?;
                return Ok(ChangeRecord::MemberGone { id, became });
            };
            Ok(ChangeRecord::Member(Box::new(visible::to_guide(&member, guide, catalogue))))
        }
        EntityKind::PersonalTag => {
            let id = TagId::new(row.entity.as_str()).map_err(|_| ServerError::Corrupt("a tag's id"))?;
            let name = tx.personal_tag(tenant, &guide.id, &id)?.map_or(String::new(), |tag| tag.name.into_inner());
            let fate = if name.is_empty() { TagFate::Deleted } else { TagFate::Live };
            Ok(ChangeRecord::Tag(Tag { id, group: personal_group()?.id, name, fate }))
        }
    }
}

fn personal_group() -> Result<TagGroup> {
    let id = TagGroupId::new(PERSONAL_GROUP).map_err(|_| ServerError::Corrupt("a group's id"))?;
    let (choice, editable_by) = (Choice::Multi, EditableBy::Guides);
    Ok(TagGroup { id, name: "个人标签".to_owned(), choice, editable_by, brand: None, store: None })
}
