//! Restores in PostgreSQL.

use guidebook_domain::TenantId;
use uuid::Uuid;

use super::row::{PgTx, int, number, parsed};
use crate::db::Result;
use crate::db::restores::{Restore, RestoreTx};

impl RestoreTx for PgTx<'_> {
    fn restores(&mut self, tenant: &TenantId) -> Result<Vec<Restore>> {
        let sql = "SELECT before, forgotten_since_ms FROM restore WHERE tenant = $1 ORDER BY seq";
        self.many(sql, &[&tenant.as_str()], |row| Ok(Restore { before: parsed(row, 0)?, forgotten_since_ms: number(row, 1)? }))
    }

    fn begin_epoch(&mut self, tenant: &TenantId, ended: &Restore, epoch: Uuid) -> Result<()> {
        self.lock_catalogue_alone(tenant)?;
        let sql = "INSERT INTO restore (tenant, seq, before, forgotten_since_ms)
            VALUES ($1, (SELECT COALESCE(MAX(seq), 0) + 1 FROM restore WHERE tenant = $1), $2, $3)";
        self.run(sql, &[&tenant.as_str(), &ended.before.to_string(), &int(ended.forgotten_since_ms)])?;
        self.run("UPDATE tenant SET epoch = $2 WHERE id = $1", &[&tenant.as_str(), &epoch.to_string()])?;
        Ok(())
    }
}
