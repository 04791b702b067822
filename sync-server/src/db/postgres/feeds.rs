//! Feeds and personal tags in PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{GuideId, Hlc, Private, TagId, TenantId};

use super::held::HeldFeed;
use super::row::{PgTx, bits, get, int, number, parsed, said, words};
use crate::db::Result;
use crate::db::feeds::{EntityKind, FeedRow, FeedTx, PersonalTag};

impl FeedTx for PgTx<'_> {
    fn feed_head(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<u64> {
        if let Some(held) = self.held.feeds.get(&(tenant.clone(), guide.clone())) {
            return Ok(held.head);
        }
        let sql = "SELECT position FROM feed_head WHERE tenant = $1 AND guide = $2";
        Ok(self.one(sql, &[&tenant.as_str(), &guide.as_str()], |row| number(row, 0))?.unwrap_or(0))
    }

    fn put_feed(&mut self, tenant: &TenantId, guide: &GuideId, kind: EntityKind, entity: &str, present: bool) -> Result<u64> {
        self.hold_feeds(tenant, &BTreeSet::from([guide.clone()]))?;
        let held = self.held.feeds.entry((tenant.clone(), guide.clone())).or_insert_with(|| HeldFeed { head: 0, rows: BTreeMap::new() });
        held.head += 1;
        let row = FeedRow { kind, entity: entity.to_owned(), position: held.head, present };
        held.rows.insert((as_number(kind), entity.to_owned()), row);
        Ok(held.head)
    }

    fn feed_after(&mut self, tenant: &TenantId, guide: &GuideId, after: u64, limit: usize) -> Result<Vec<FeedRow>> {
        self.write_feeds()?;
        let sql = "SELECT kind, entity, position, present FROM feed
            WHERE tenant = $1 AND guide = $2 AND position > $3 ORDER BY position LIMIT $4";
        self.many(sql, &[&tenant.as_str(), &guide.as_str(), &int(after), &int(limit)], |row| {
            let kind = if get::<i64>(row, 0)? == 0 { EntityKind::Member } else { EntityKind::PersonalTag };
            Ok(FeedRow { kind, entity: get(row, 1)?, position: number(row, 2)?, present: get(row, 3)? })
        })
    }

    fn personal_tag(&mut self, tenant: &TenantId, guide: &GuideId, tag: &TagId) -> Result<Option<PersonalTag>> {
        if self.writes() {
            // Two phones of one guide name a tag one after the other.
            self.hold_feeds(tenant, &BTreeSet::from([guide.clone()]))?;
        }
        let sql = "SELECT tag, name, hlc, device FROM personal_tag WHERE tenant = $1 AND guide = $2 AND tag = $3";
        self.one(sql, &[&tenant.as_str(), &guide.as_str(), &tag.as_str()], |row| {
            let name = Private::new(said(row, 1)?);
            Ok(PersonalTag { tag: parsed(row, 0)?, name, hlc: Hlc::from_bits(bits(row, 2)?), device: parsed(row, 3)? })
        })
    }

    fn put_personal_tag(&mut self, tenant: &TenantId, guide: &GuideId, tag: &PersonalTag) -> Result<()> {
        let sql = "INSERT INTO personal_tag (tenant, guide, tag, name, hlc, device) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tenant, guide, tag) DO UPDATE SET name = $4, hlc = $5, device = $6";
        let (name, hlc, device) = (words(tag.name.expose()), tag.hlc.to_bits() as i64, tag.device.to_string());
        self.run(sql, &[&tenant.as_str(), &guide.as_str(), &tag.tag.as_str(), &name, &hlc, &device])?;
        Ok(())
    }
}

impl PgTx<'_> {
    /// Locks the counts of these feeds, in the order of their guides. Whoever holds a count is the only one to give
    /// positions of that feed until the commit, so no reader sees a position before all that come before it.
    pub(super) fn hold_feeds(&mut self, tenant: &TenantId, guides: &BTreeSet<GuideId>) -> Result<()> {
        let missing = guides.iter().filter(|guide| !self.held.feeds.contains_key(&(tenant.clone(), (*guide).clone())));
        let missing: Vec<&str> = missing.map(GuideId::as_str).collect();
        if missing.is_empty() {
            return Ok(());
        }
        if self.lock_heads(tenant, &missing)? < missing.len() {
            let sql = "INSERT INTO feed_head (tenant, guide, position) SELECT tenant, id, 0 FROM guide WHERE tenant = $1 AND id = ANY($2)
                ON CONFLICT DO NOTHING";
            self.run(sql, &[&tenant.as_str(), &missing])?;
            self.lock_heads(tenant, &missing)?;
        }
        Ok(())
    }

    fn lock_heads(&mut self, tenant: &TenantId, guides: &[&str]) -> Result<usize> {
        let sql = "SELECT guide, position FROM feed_head WHERE tenant = $1 AND guide = ANY($2) ORDER BY guide FOR NO KEY UPDATE";
        let heads = self.many(sql, &[&tenant.as_str(), &guides], |row| Ok((parsed::<GuideId>(row, 0)?, number(row, 1)?)))?;
        let found = heads.len();
        for (guide, head) in heads {
            self.held.feeds.insert((tenant.clone(), guide), HeldFeed { head, rows: BTreeMap::new() });
        }
        Ok(found)
    }
}

/// The number of a kind.
pub(super) fn as_number(kind: EntityKind) -> i64 {
    match kind {
        EntityKind::Member => 0,
        EntityKind::PersonalTag => 1,
    }
}
