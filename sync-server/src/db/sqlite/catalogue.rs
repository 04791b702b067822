//! The tag dictionary in SQLite.

use guidebook_domain::{Tag, TagGroup, TagId, TenantId};
use rusqlite::params;

use super::row::{SqliteTx, json, parsed, to_json};
use crate::db::Result;
use crate::db::catalogue::CatalogueTx;

impl CatalogueTx for SqliteTx<'_> {
    fn groups_after(&mut self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, TagGroup)>> {
        let sql = "SELECT position, record FROM tag_group WHERE tenant = ?1 AND position > ?2 ORDER BY position LIMIT ?3";
        self.many(sql, params![tenant.as_str(), after, limit], |row| Ok((row.get(0)?, json(row, 1)?)))
    }

    fn tags_after(&mut self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Tag)>> {
        let sql = "SELECT position, record FROM tag WHERE tenant = ?1 AND position > ?2 ORDER BY position LIMIT ?3";
        self.many(sql, params![tenant.as_str(), after, limit], |row| Ok((row.get(0)?, json(row, 1)?)))
    }

    fn put_group(&mut self, tenant: &TenantId, group: &TagGroup, position: u64) -> Result<()> {
        let sql = "REPLACE INTO tag_group (tenant, id, name, record, position) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(sql, params![tenant.as_str(), group.id.as_str(), group.name, to_json(group)?, position])?;
        Ok(())
    }

    fn put_tag(&mut self, tenant: &TenantId, tag: &Tag, position: u64) -> Result<()> {
        let sql = "REPLACE INTO tag (tenant, id, record, position) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![tenant.as_str(), tag.id.as_str(), to_json(tag)?, position])?;
        Ok(())
    }

    fn group_named(&mut self, tenant: &TenantId, name: &str) -> Result<Option<TagGroup>> {
        self.one("SELECT record FROM tag_group WHERE tenant = ?1 AND name = ?2", [tenant.as_str(), name], |row| json(row, 0))
    }

    fn tag_named(&mut self, tenant: &TenantId, group: &str, tag: &str) -> Result<Option<TagId>> {
        let sql = "SELECT tag FROM tag_name WHERE tenant = ?1 AND group_name = ?2 AND name = ?3";
        self.one(sql, [tenant.as_str(), group, tag], |row| parsed(row, 0))
    }

    fn put_tag_name(&mut self, tenant: &TenantId, group: &str, name: &str, tag: &TagId) -> Result<()> {
        let sql = "REPLACE INTO tag_name (tenant, group_name, name, tag) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, [tenant.as_str(), group, name, tag.as_str()])?;
        Ok(())
    }
}
