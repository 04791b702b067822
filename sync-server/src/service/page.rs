//! A page of changes: the catalogue first, then the guide's own feed, each from where the phone is.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use guidebook_domain::edit_check::in_scope;
use guidebook_domain::{Catalogue, Choice, EditableBy, MemberId, Tag, TagFate, TagGroup, TagGroupId, TagId, TenantId};
use guidebook_wire::own_edits::OwnEdits;
use guidebook_wire::patch::{MemberPatch, Path};
use guidebook_wire::{ChangeRecord, CursorRecord, DirectoryRecord, MemberRecord, NameRecord};

use super::sizes::Sizes;
use super::{merging, visible};
use crate::db::directory::{Guide, Tenant};
use crate::db::feeds::{EntityKind, FeedRow};
use crate::db::needs::Needs;
use crate::db::{Result, Tx};
use crate::error::ServerError;

/// The id of the group in which a guide's own tags lie.
pub const PERSONAL_GROUP: &str = "personal";

/// Of a retailer with more guides than this a phone is told the names of its own store's alone, so that what a phone is told does
/// not grow with the retailer: a colleague elsewhere, who once wrote a note, is shown by her number there.
const MOST_NAMES: usize = 2_000;

/// Last days of bindings.
type Terms = BTreeMap<MemberId, NaiveDate>;

/// Who asks for a page, and of what.
pub struct Asking<'a> {
    /// The retailer.
    pub tenant: &'a Tenant,
    /// The guide.
    pub guide: &'a Guide,
    /// The newest position of her feed, as of the same transaction.
    pub head: u64,
    /// The tag dictionary.
    pub catalogue: &'a Catalogue,
    /// Whether the phone understands changed fields.
    pub compact: bool,
    /// Up to where the phone has everything: changed fields are those since here.
    pub whole: u64,
    /// A phone that begins is not told of members it never had.
    pub fresh: bool,
    /// The edits of this request, for a phone that writes them out itself.
    pub own: OwnEdits<'a>,
    /// How large the page may grow.
    pub sizes: Sizes,
}

/// A page and where the phone is after it.
#[derive(Debug, Default)]
pub struct Page {
    /// The changes.
    pub changes: Vec<ChangeRecord>,
    /// The positions of the members among them.
    pub positions: Vec<u64>,
    /// The slices that are whole in it.
    pub slices: Vec<u8>,
    /// Where the phone is after them.
    pub cursor: CursorRecord,
    /// Whether there are more.
    pub more: bool,
    /// How large it has grown.
    bytes: usize,
}

impl Page {
    /// A page without changes, for a phone that stands here.
    pub fn at(cursor: CursorRecord) -> Self {
        Page { cursor, ..Page::default() }
    }

    fn room(&self, sizes: Sizes) -> usize {
        if self.bytes >= sizes.page_bytes { 0 } else { sizes.page.saturating_sub(self.changes.len()) }
    }

    fn push(&mut self, change: ChangeRecord) -> Result<()> {
        let mut length = Length(0);
        serde_json::to_writer(&mut length, &change).map_err(|_| ServerError::Corrupt("JSON"))?;
        self.bytes += length.0;
        self.changes.push(change);
        Ok(())
    }
}

/// Counts what is written to it.
struct Length(usize);

impl std::io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The page after `cursor`, which the phone has reached in this epoch.
pub fn page(tx: &mut dyn Tx, asking: &Asking<'_>, cursor: CursorRecord) -> Result<Page> {
    let mut page = Page::at(plausible(asking, cursor));
    if page.cursor.catalogue < asking.tenant.catalogue || page.cursor.catalogue == 0 {
        add_catalogue(tx, asking, &mut page)?;
    }
    if !page.more {
        add_feed(tx, asking, &mut page)?;
    }
    Ok(page)
}

/// A cursor beyond the newest position was not given by this server: begin again.
fn plausible(asking: &Asking<'_>, cursor: CursorRecord) -> CursorRecord {
    let feed = if cursor.feed > asking.head { 0 } else { cursor.feed };
    let catalogue = if cursor.catalogue > asking.tenant.catalogue { 0 } else { cursor.catalogue };
    CursorRecord { feed, catalogue }
}

fn add_catalogue(tx: &mut dyn Tx, asking: &Asking<'_>, page: &mut Page) -> Result<()> {
    let Asking { tenant, guide, catalogue, .. } = asking;
    let after = page.cursor.catalogue;
    if after == 0 {
        page.push(ChangeRecord::Group(personal_group()?))?;
    }
    let sees = |group: &TagGroup| in_scope(group, &guide.store, guide.brand.as_ref());
    let sees_tag = |tag: &Tag| catalogue.group(&tag.group).is_some_and(sees);
    let mut items: Vec<(u64, Option<ChangeRecord>)> = Vec::new();
    for (position, group) in tx.groups_after(&tenant.id, after, usize::MAX >> 1)? {
        items.push((position, sees(&group).then_some(ChangeRecord::Group(group))));
    }
    for (position, tag) in tx.tags_after(&tenant.id, after, usize::MAX >> 1)? {
        items.push((position, sees_tag(&tag).then_some(ChangeRecord::Tag(tag))));
    }
    // An older phone would only pass them over.
    if asking.compact {
        let campaigns = tx.campaigns_after(&tenant.id, after)?;
        items.extend(campaigns.into_iter().map(|row| (row.position, Some(ChangeRecord::Campaign(Box::new(row.campaign))))));
    }
    if tenant.directory > after {
        items.push((tenant.directory, Some(ChangeRecord::Directory(directory(tx, &tenant.id, guide)?))));
    }
    items.sort_by_key(|(position, _)| *position);
    for (position, change) in items {
        if page.room(asking.sizes) == 0 {
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

fn directory(tx: &mut dyn Tx, tenant: &TenantId, guide: &Guide) -> Result<DirectoryRecord> {
    let stores = tx.stores(tenant)?.into_iter().map(|s| NameRecord { id: s.id, name: s.name }).collect();
    let brands = tx.brands(tenant)?.into_iter().map(|b| NameRecord { id: b.id, name: b.name }).collect();
    let guides = tx.guide_names(tenant, &guide.store, MOST_NAMES)?.into_iter().map(|(id, name)| NameRecord { id, name }).collect();
    Ok(DirectoryRecord { stores, brands, guides })
}

fn add_feed(tx: &mut dyn Tx, asking: &Asking<'_>, page: &mut Page) -> Result<()> {
    let since = asking.whole.min(page.cursor.feed);
    let rows = tx.feed_after(&asking.tenant.id, &asking.guide.id, page.cursor.feed, page.room(asking.sizes) + 1)?;
    let terms = read_ahead(tx, asking, &rows)?;
    for row in rows {
        if page.room(asking.sizes) == 0 {
            page.more = true;
            return Ok(());
        }
        page.cursor.feed = row.position;
        if row.present || !asking.fresh {
            add_row(tx, asking, &terms, page, &row, since)?;
        }
    }
    // All that came after were taken. After a restore the head lies far beyond the last row.
    page.cursor.feed = asking.head;
    Ok(())
}

/// Tells which members the page is about, and reads the last days of those who are the guide's for a time.
fn read_ahead(tx: &mut dyn Tx, asking: &Asking<'_>, rows: &[FeedRow]) -> Result<Terms> {
    let told = rows.iter().filter(|row| row.present && row.kind == EntityKind::Member);
    let members: BTreeSet<MemberId> = told.filter_map(|row| MemberId::new(row.entity.as_str()).ok()).collect();
    if members.is_empty() {
        return Ok(Terms::new());
    }
    let list: Vec<MemberId> = members.iter().cloned().collect();
    tx.gather(&asking.tenant.id, &Needs { members, ..Needs::default() })?;
    tx.serving_terms(&asking.tenant.id, &asking.guide.id, &list)
}

/// Adds the slices of these numbers whole, as many as there is room for; the first in any case.
pub fn add_slices(tx: &mut dyn Tx, asking: &Asking<'_>, slices: &[u8], page: &mut Page) -> Result<()> {
    for slice in slices {
        if !page.slices.is_empty() && page.room(asking.sizes) == 0 {
            page.more = true;
            return Ok(());
        }
        let rows = tx.feed_slice(&asking.tenant.id, &asking.guide.id, *slice)?;
        let terms = read_ahead(tx, asking, &rows)?;
        for row in rows {
            add_row(tx, asking, &terms, page, &row, 0)?;
        }
        page.slices.push(*slice);
    }
    Ok(())
}

fn add_row(tx: &mut dyn Tx, asking: &Asking<'_>, terms: &Terms, page: &mut Page, row: &FeedRow, since: u64) -> Result<()> {
    let change = change(tx, asking, terms, row, since)?;
    page.push(change)?;
    if row.kind == EntityKind::Member {
        page.positions.push(row.position);
    }
    Ok(())
}

fn change(tx: &mut dyn Tx, asking: &Asking<'_>, terms: &Terms, row: &FeedRow, since: u64) -> Result<ChangeRecord> {
    let (tenant, guide) = (&asking.tenant.id, asking.guide);
    match row.kind {
        EntityKind::Member => {
            let id = MemberId::new(row.entity.as_str()).map_err(|_| ServerError::Corrupt("a member's id"))?;
            let whole = !row.present || !asking.compact || since < row.whole;
            let told = row.parts.iter().filter(|(path, at)| *at > since && visible::may_know(guide, path));
            let news: Vec<&Path> = told.map(|(path, _)| path).collect();
            // Most changes are a cell or two of what guides put on her, so no more of her is read.
            let only_state = !whole && news.iter().all(|path| visible::is_of_state(path));
            if let Some(state) = if only_state { tx.state(tenant, &id)? } else { None } {
                return changed(asking, &visible::state_to_guide(id, state, &news, guide, asking.catalogue), &news);
            }
            let member = if row.present { tx.member(tenant, &id)? } else { None };
            let Some(mut member) = member else {
                let became = merging::stands_for(tx, tenant, &id)?;
                return Ok(ChangeRecord::MemberGone { id, became });
            };
            if !whole {
                visible::keep_named(&mut member.state, &news);
            }
            let record = visible::to_guide(&member, terms.get(&id).copied(), guide, asking.catalogue);
            if whole { Ok(ChangeRecord::Member(Box::new(record))) } else { changed(asking, &record, &news) }
        }
        EntityKind::PersonalTag => {
            let id = TagId::new(row.entity.as_str()).map_err(|_| ServerError::Corrupt("a tag's id"))?;
            let name = tx.personal_tag(tenant, &guide.id, &id)?.map_or(String::new(), |tag| tag.name.into_inner());
            let fate = if name.is_empty() { TagFate::Deleted } else { TagFate::Live };
            Ok(ChangeRecord::Tag(Tag { id, group: personal_group()?.id, name, fate }))
        }
    }
}

/// What is new about a member of whom `record` has all fields at these paths.
fn changed(asking: &Asking<'_>, record: &MemberRecord, news: &[&Path]) -> Result<ChangeRecord> {
    if let Some(own) = asking.own.change(record, news.iter().copied()) {
        return Ok(own);
    }
    let patch = MemberPatch::of(record, news.iter().copied()).map_err(|_| ServerError::Corrupt("a patch"))?;
    Ok(ChangeRecord::MemberChanged { id: record.id.clone(), patch })
}

fn personal_group() -> Result<TagGroup> {
    let id = TagGroupId::new(PERSONAL_GROUP).map_err(|_| ServerError::Corrupt("a group's id"))?;
    let (choice, editable_by) = (Choice::Multi, EditableBy::Guides);
    Ok(TagGroup { id, name: "个人标签".to_owned(), choice, editable_by, brand: None, store: None })
}
