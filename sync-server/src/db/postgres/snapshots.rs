//! Snapshots in PostgreSQL.

use guidebook_domain::{GuideId, TenantId};
use guidebook_wire::snapshot::SnapshotRecord;

use super::row::{PgTx, get, int, json, number, to_json};
use crate::db::Result;
use crate::db::snapshots::SnapshotTx;

impl SnapshotTx for PgTx<'_> {
    fn newest_snapshot(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<Option<SnapshotRecord>> {
        let sql = "SELECT record FROM snapshot WHERE tenant = $1 AND guide = $2 ORDER BY position DESC, made_ms DESC LIMIT 1";
        self.one(sql, &[&tenant.as_str(), &guide.as_str()], |row| json(row, 0))
    }

    fn put_snapshot(&mut self, tenant: &TenantId, guide: &GuideId, record: &SnapshotRecord, bytes: &[u8], now_ms: u64) -> Result<()> {
        let sql = "INSERT INTO snapshot (name, tenant, guide, position, made_ms, record, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (name) DO UPDATE SET made_ms = $5";
        let (name, position, record) = (&record.name, int(record.position), to_json(record)?);
        self.run(sql, &[name, &tenant.as_str(), &guide.as_str(), &position, &int(now_ms), &record, &bytes])?;
        Ok(())
    }

    fn drop_snapshots(&mut self, tenant: &TenantId, guide: &GuideId, before_ms: u64) -> Result<()> {
        let sql = "DELETE FROM snapshot WHERE tenant = $1 AND guide = $2 AND made_ms < $3
            AND position < (SELECT MAX(position) FROM snapshot WHERE tenant = $1 AND guide = $2)";
        self.run(sql, &[&tenant.as_str(), &guide.as_str(), &int(before_ms)])?;
        Ok(())
    }

    fn snapshot_bytes(&mut self, name: &str, from: u64) -> Result<Option<(Vec<u8>, u64)>> {
        // A value holds at most 1 GiB, so whoever asks for more than an i32 counts is beyond the end.
        let first = i32::try_from(from).unwrap_or(i32::MAX).saturating_add(1);
        let sql = "SELECT substr(bytes, $2), length(bytes)::bigint FROM snapshot WHERE name = $1";
        self.one(sql, &[&name, &first], |row| Ok((get(row, 0)?, number(row, 1)?)))
    }
}
