//! The tag dictionary in PostgreSQL.

use guidebook_domain::{Tag, TagGroup, TagId, TenantId};

use super::row::{PgTx, int, json, number, parsed, to_json, words};
use crate::db::Result;
use crate::db::catalogue::CatalogueTx;

impl CatalogueTx for PgTx<'_> {
    fn groups_after(&mut self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, TagGroup)>> {
        self.lock_catalogue(tenant)?;
        let sql = "SELECT position, record FROM tag_group WHERE tenant = $1 AND position > $2 ORDER BY position LIMIT $3";
        self.many(sql, &[&tenant.as_str(), &int(after), &int(limit)], |row| Ok((number(row, 0)?, json(row, 1)?)))
    }

    fn tags_after(&mut self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Tag)>> {
        self.lock_catalogue(tenant)?;
        let sql = "SELECT position, record FROM tag WHERE tenant = $1 AND position > $2 ORDER BY position LIMIT $3";
        self.many(sql, &[&tenant.as_str(), &int(after), &int(limit)], |row| Ok((number(row, 0)?, json(row, 1)?)))
    }

    fn put_group(&mut self, tenant: &TenantId, group: &TagGroup, position: u64) -> Result<()> {
        let sql = "INSERT INTO tag_group (tenant, id, name, record, position) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant, id) DO UPDATE SET name = $3, record = $4, position = $5";
        let (name, record) = (words(&group.name), to_json(group)?);
        self.run(sql, &[&tenant.as_str(), &group.id.as_str(), &name, &record, &int(position)])?;
        Ok(())
    }

    fn put_tag(&mut self, tenant: &TenantId, tag: &Tag, position: u64) -> Result<()> {
        let sql = "INSERT INTO tag (tenant, id, record, position) VALUES ($1, $2, $3, $4)
            ON CONFLICT (tenant, id) DO UPDATE SET record = $3, position = $4";
        self.run(sql, &[&tenant.as_str(), &tag.id.as_str(), &to_json(tag)?, &int(position)])?;
        Ok(())
    }

    fn group_named(&mut self, tenant: &TenantId, name: &str) -> Result<Option<TagGroup>> {
        let sql = "SELECT record FROM tag_group WHERE tenant = $1 AND name = $2";
        self.one(sql, &[&tenant.as_str(), &words(name)], |row| json(row, 0))
    }

    fn tag_named(&mut self, tenant: &TenantId, group: &str, tag: &str) -> Result<Option<TagId>> {
        let sql = "SELECT tag FROM tag_name WHERE tenant = $1 AND group_name = $2 AND name = $3";
        self.one(sql, &[&tenant.as_str(), &words(group), &words(tag)], |row| parsed(row, 0))
    }

    fn put_tag_name(&mut self, tenant: &TenantId, group: &str, name: &str, tag: &TagId) -> Result<()> {
        let sql = "INSERT INTO tag_name (tenant, group_name, name, tag) VALUES ($1, $2, $3, $4)
            ON CONFLICT (tenant, group_name, name) DO UPDATE SET tag = $4";
        self.run(sql, &[&tenant.as_str(), &words(group), &words(name), &tag.as_str()])?;
        Ok(())
    }
}
