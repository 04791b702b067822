//! Restores in SQLite.

use guidebook_domain::TenantId;
use rusqlite::params;
use uuid::Uuid;

use super::row::{SqliteTx, parsed};
use crate::db::Result;
use crate::db::restores::{Restore, RestoreTx};

impl RestoreTx for SqliteTx<'_> {
    fn restores(&mut self, tenant: &TenantId) -> Result<Vec<Restore>> {
        let sql = "SELECT before, forgotten_since_ms FROM restore WHERE tenant = ?1 ORDER BY seq";
        self.many(sql, [tenant.as_str()], |row| Ok(Restore { before: parsed(row, 0)?, forgotten_since_ms: row.get(1)? }))
    }

    fn begin_epoch(&mut self, tenant: &TenantId, ended: &Restore, epoch: Uuid) -> Result<()> {
        let sql = "INSERT INTO restore (tenant, seq, before, forgotten_since_ms)
            VALUES (?1, (SELECT COALESCE(MAX(seq), 0) + 1 FROM restore WHERE tenant = ?1), ?2, ?3)";
        self.run(sql, params![tenant.as_str(), ended.before.to_string(), ended.forgotten_since_ms])?;
        self.run("UPDATE tenant SET epoch = ?2 WHERE id = ?1", [tenant.as_str(), &epoch.to_string()])?;
        Ok(())
    }
}
