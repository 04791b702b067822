//! Feeds and personal tags in SQLite.

use guidebook_domain::{GuideId, Hlc, Private, TagId, TenantId};
use rusqlite::params;

use super::row::{SqliteTx, bits, parsed};
use crate::db::Result;
use crate::db::feeds::{EntityKind, FeedRow, FeedTx, PersonalTag};
use crate::error::ServerError;

impl FeedTx for SqliteTx<'_> {
    fn feed_head(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<u64> {
        let sql = "SELECT position FROM feed_head WHERE tenant = ?1 AND guide = ?2";
        Ok(self.one(sql, [tenant.as_str(), guide.as_str()], |row| Ok(row.get(0)?))?.unwrap_or(0))
    }

    fn put_feed(&mut self, tenant: &TenantId, guide: &GuideId, kind: EntityKind, entity: &str, present: bool) -> Result<u64> {
        let sql = "INSERT INTO feed_head (tenant, guide, position) VALUES (?1, ?2, 1)
            ON CONFLICT (tenant, guide) DO UPDATE SET position = position + 1 RETURNING position";
        let next = self.one(sql, [tenant.as_str(), guide.as_str()], |row| Ok(row.get(0)?))?;
        let position: u64 = next.ok_or(ServerError::Corrupt("a feed"))?;
        let sql = "REPLACE INTO feed (tenant, guide, kind, entity, position, present) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.run(sql, params![tenant.as_str(), guide.as_str(), number(kind), entity, position, present])?;
        Ok(position)
    }

    fn feed_after(&mut self, tenant: &TenantId, guide: &GuideId, after: u64, limit: usize) -> Result<Vec<FeedRow>> {
        let sql = "SELECT kind, entity, position, present FROM feed
            WHERE tenant = ?1 AND guide = ?2 AND position > ?3 ORDER BY position LIMIT ?4";
        self.many(sql, params![tenant.as_str(), guide.as_str(), after, limit], |row| {
            let kind = if row.get::<_, i64>(0)? == 0 { EntityKind::Member } else { EntityKind::PersonalTag };
            Ok(FeedRow { kind, entity: row.get(1)?, position: row.get(2)?, present: row.get(3)? })
        })
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

fn number(kind: EntityKind) -> i64 {
    match kind {
        EntityKind::Member => 0,
        EntityKind::PersonalTag => 1,
    }
}
