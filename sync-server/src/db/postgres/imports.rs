//! Import runs in PostgreSQL.

use guidebook_domain::TenantId;
use uuid::Uuid;

use super::row::{PgTx, int, number, said, words};
use crate::db::Result;
use crate::db::imports::{ImportTx, RefusedRow};

impl ImportTx for PgTx<'_> {
    fn start_run(&mut self, tenant: &TenantId, run: Uuid, table: &str, at_ms: u64) -> Result<()> {
        let sql = "INSERT INTO import_run (tenant, run, table_name, at_ms) VALUES ($1, $2, $3, $4)";
        self.run(sql, &[&tenant.as_str(), &run.to_string(), &table, &int(at_ms)])?;
        Ok(())
    }

    fn run_exists(&mut self, tenant: &TenantId, run: Uuid) -> Result<bool> {
        let sql = "SELECT 1 FROM import_run WHERE tenant = $1 AND run = $2";
        Ok(!self.rows(sql, &[&tenant.as_str(), &run.to_string()])?.is_empty())
    }

    fn see(&mut self, tenant: &TenantId, run: Uuid, key: &str, line: u64) -> Result<Option<u64>> {
        let sql = "INSERT INTO import_seen (tenant, run, key, line) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        if self.run(sql, &[&tenant.as_str(), &run.to_string(), &words(key), &int(line)])? == 1 {
            return Ok(None);
        }
        self.seen(tenant, run, key)
    }

    fn seen(&mut self, tenant: &TenantId, run: Uuid, key: &str) -> Result<Option<u64>> {
        let sql = "SELECT line FROM import_seen WHERE tenant = $1 AND run = $2 AND key = $3";
        self.one(sql, &[&tenant.as_str(), &run.to_string(), &words(key)], |row| number(row, 0))
    }

    fn forget_seen(&mut self, tenant: &TenantId, run: Uuid, before_ms: u64) -> Result<()> {
        let sql = "DELETE FROM import_seen WHERE tenant = $1
            AND (run = $2 OR run IN (SELECT run FROM import_run WHERE tenant = $1 AND at_ms < $3))";
        self.run(sql, &[&tenant.as_str(), &run.to_string(), &int(before_ms)])?;
        Ok(())
    }

    fn refuse(&mut self, tenant: &TenantId, run: Uuid, row: &RefusedRow) -> Result<()> {
        let sql = "INSERT INTO import_refusal (tenant, run, seq, file, line, field, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let RefusedRow { seq, file, line, field, reason } = row;
        let (run, seq, line) = (run.to_string(), int(*seq), int(*line));
        self.run(sql, &[&tenant.as_str(), &run, &seq, &words(file), &line, &words(field), &words(reason)])?;
        Ok(())
    }

    fn refusals_after(&mut self, tenant: &TenantId, run: Uuid, after: u64, limit: usize) -> Result<Vec<RefusedRow>> {
        let sql = "SELECT seq, file, line, field, reason FROM import_refusal
            WHERE tenant = $1 AND run = $2 AND seq > $3 ORDER BY seq LIMIT $4";
        self.many(sql, &[&tenant.as_str(), &run.to_string(), &int(after), &int(limit)], |row| {
            let (seq, line) = (number(row, 0)?, number(row, 2)?);
            Ok(RefusedRow { seq, file: said(row, 1)?, line, field: said(row, 3)?, reason: said(row, 4)? })
        })
    }
}
