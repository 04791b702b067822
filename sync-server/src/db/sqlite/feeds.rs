//! Feeds and personal tags in SQLite.

use guidebook_domain::{GuideId, Hlc, Private, TagId, TenantId};
use guidebook_wire::slices::{SliceSums, slice_of};
use rusqlite::{Row, params};

use super::row::{SqliteTx, bits, parsed, to_json};
use crate::db::Result;
use crate::db::feeds::{EntityKind, FeedHead, FeedRow, FeedTx, PersonalTag};
use crate::db::members::Member;
use crate::error::ServerError;

const ROW: &str = "kind, entity, position, present, whole, parts";

impl FeedTx for SqliteTx<'_> {
    fn feed_head(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<FeedHead> {
        let key = (tenant.clone(), guide.clone());
        if let Some((head, _)) = self.held.heads.get(&key) {
            return Ok(head.clone());
        }
        let sql = "SELECT position, sums FROM feed_head WHERE tenant = ?1 AND guide = ?2";
        let head = self.one(sql, [tenant.as_str(), guide.as_str()], |row| head_at(row, 0))?.unwrap_or_default();
        if self.held.writes() {
            self.held.heads.insert(key, (head.clone(), false));
        }
        Ok(head)
    }

    fn hold_feed_head(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<FeedHead> {
        // There is one writer, and this is it.
        self.feed_head(tenant, guide)
    }

    fn put_feed_head(&mut self, tenant: &TenantId, guide: &GuideId, head: &FeedHead) -> Result<()> {
        self.held.heads.insert((tenant.clone(), guide.clone()), (head.clone(), true));
        Ok(())
    }

    fn leap(&mut self, tenant: &TenantId, by: u64) -> Result<()> {
        self.settle_heads()?;
        self.held.heads.clear();
        self.run("UPDATE feed_head SET position = position + ?2 WHERE tenant = ?1", params![tenant.as_str(), by])?;
        self.run("UPDATE tenant SET catalogue = catalogue + ?2 WHERE id = ?1", params![tenant.as_str(), by])?;
        Ok(())
    }

    fn feed_row(&mut self, tenant: &TenantId, guide: &GuideId, kind: EntityKind, entity: &str) -> Result<Option<FeedRow>> {
        let sql = format!("SELECT {ROW} FROM feed WHERE tenant = ?1 AND guide = ?2 AND kind = ?3 AND entity = ?4");
        self.one(&sql, params![tenant.as_str(), guide.as_str(), number(kind), entity], feed_row)
    }

    fn put_feed_row(&mut self, tenant: &TenantId, guide: &GuideId, row: &FeedRow) -> Result<()> {
        // An entity's slice never changes, so its index is left alone.
        let sql = "INSERT INTO feed (tenant, guide, kind, entity, position, present, whole, parts, slice)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (tenant, guide, kind, entity) DO UPDATE SET position = ?5, present = ?6, whole = ?7, parts = ?8";
        let FeedRow { kind, entity, position, present, whole, parts } = row;
        let parts = if parts.is_empty() { String::new() } else { to_json(parts)? };
        let slice = slice(*kind, entity)?;
        self.run(sql, params![tenant.as_str(), guide.as_str(), number(*kind), entity, position, present, whole, parts, slice])?;
        Ok(())
    }

    fn feed_after(&mut self, tenant: &TenantId, guide: &GuideId, after: u64, limit: usize) -> Result<Vec<FeedRow>> {
        let sql = format!("SELECT {ROW} FROM feed WHERE tenant = ?1 AND guide = ?2 AND position > ?3 ORDER BY position LIMIT ?4");
        self.many(&sql, params![tenant.as_str(), guide.as_str(), after, limit], feed_row)
    }

    fn feed_count_after(&mut self, tenant: &TenantId, guide: &GuideId, after: u64, most: usize) -> Result<usize> {
        let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM feed WHERE tenant = ?1 AND guide = ?2 AND position > ?3 LIMIT ?4)";
        let count = self.one(sql, params![tenant.as_str(), guide.as_str(), after, most], |row| Ok(row.get(0)?))?;
        Ok(count.unwrap_or(0))
    }

    fn feed_count_missing(&mut self, tenant: &TenantId, guide: &GuideId, cursor: u64) -> Result<usize> {
        let sql = "SELECT COUNT(*) FROM feed WHERE tenant = ?1 AND guide = ?2 AND position > ?3 AND whole > ?3";
        let count = self.one(sql, params![tenant.as_str(), guide.as_str(), cursor], |row| Ok(row.get(0)?))?;
        Ok(count.unwrap_or(0))
    }

    fn feed_slice(&mut self, tenant: &TenantId, guide: &GuideId, slice: u8) -> Result<Vec<FeedRow>> {
        let sql = format!("SELECT {ROW} FROM feed WHERE tenant = ?1 AND guide = ?2 AND slice = ?3 AND present ORDER BY entity");
        self.many(&sql, params![tenant.as_str(), guide.as_str(), slice], feed_row)
    }

    fn feed_members(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<Vec<(u64, Member)>> {
        let sql = "SELECT m.id, m.profile, m.consents, m.stats, m.state, m.hq_tags, m.hq_guide, m.coupons, m.merged, f.position
            FROM feed f JOIN member m ON m.tenant = f.tenant AND m.id = f.entity
            WHERE f.tenant = ?1 AND f.guide = ?2 AND f.kind = 0 AND f.present";
        self.many(sql, [tenant.as_str(), guide.as_str()], |row| Ok((row.get(9)?, super::members::member(row)?)))
    }

    fn personal_tag(&mut self, tenant: &TenantId, guide: &GuideId, tag: &TagId) -> Result<Option<PersonalTag>> {
        let sql = "SELECT tag, name, hlc, device FROM personal_tag WHERE tenant = ?1 AND guide = ?2 AND tag = ?3";
        self.one(sql, [tenant.as_str(), guide.as_str(), tag.as_str()], |row| {
            let name = Private::new(row.get::<_, String>(1)?);
            Ok(PersonalTag { tag: parsed(row, 0)?, name, hlc: Hlc::from_bits(bits(row, 2)?), device: parsed(row, 3)? })
        })
    }

    fn put_personal_tag(&mut self, tenant: &TenantId, guide: &GuideId, tag: &PersonalTag) -> Result<()> {
        let sql = "REPLACE INTO personal_tag (tenant, guide, tag, name, hlc, device) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let hlc = tag.hlc.to_bits() as i64;
        self.run(sql, params![tenant.as_str(), guide.as_str(), tag.tag.as_str(), tag.name.expose(), hlc, tag.device.to_string()])?;
        Ok(())
    }
}

/// A head whose columns begin at `first`.
pub(super) fn head_at(row: &Row<'_>, first: usize) -> Result<FeedHead> {
    let sums = match row.get_ref(first + 1)?.as_blob_or_null().map_err(|_| ServerError::Corrupt("sums"))? {
        Some(bytes) => SliceSums::from_bytes(bytes).map_err(|_| ServerError::Corrupt("sums"))?,
        None => SliceSums::default(),
    };
    Ok(FeedHead { position: row.get(first)?, sums })
}

fn feed_row(row: &Row<'_>) -> Result<FeedRow> {
    let kind = if row.get::<_, i64>(0)? == 0 { EntityKind::Member } else { EntityKind::PersonalTag };
    let parts = row.get_ref(5)?.as_str().map_err(|_| ServerError::Corrupt("parts"))?;
    let parts = if parts.is_empty() { Vec::new() } else { serde_json::from_str(parts).map_err(|_| ServerError::Corrupt("parts"))? };
    Ok(FeedRow { kind, entity: row.get(1)?, position: row.get(2)?, present: row.get(3)?, whole: row.get(4)?, parts })
}

/// The slice of a member; personal tags lie in none.
fn slice(kind: EntityKind, entity: &str) -> Result<Option<u8>> {
    match kind {
        EntityKind::Member => Ok(Some(slice_of(&entity.parse().map_err(|_| ServerError::Corrupt("a member's id"))?))),
        EntityKind::PersonalTag => Ok(None),
    }
}

fn number(kind: EntityKind) -> i64 {
    match kind {
        EntityKind::Member => 0,
        EntityKind::PersonalTag => 1,
    }
}
