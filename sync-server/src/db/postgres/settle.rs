//! What a transaction writes last: each table in one statement.

use std::collections::BTreeMap;

use guidebook_domain::{GuideId, TenantId};

use super::feeds::{as_number, parts, slice};
use super::held::HeldMember;
use super::row::{PgTx, int, number, text, to_json};
use crate::db::Result;
use crate::db::feeds::FeedRow;
use crate::db::members::Member;
use crate::db::operations::{Change, StoredOperation};
use crate::error::ServerError;

/// Rows of one statement, so that no message grows without end.
pub(super) const ROWS: usize = 1000;

impl PgTx<'_> {
    /// Writes what was kept for the end. The change log's count comes last: all of a retailer's writers meet there, so
    /// it is held for no longer than the commit takes.
    pub(super) fn settle(&mut self) -> Result<()> {
        self.write_members()?;
        self.write_feeds()?;
        self.write_operations()?;
        let mut last = self.calls_kept()?;
        last.extend(self.moves_counted());
        self.each_changes_one(&last)?;
        self.write_log()
    }

    /// Writes the members that were changed.
    pub(super) fn write_members(&mut self) -> Result<()> {
        self.write_added()?;
        let mut held = std::mem::take(&mut self.held.members);
        let mut changed: BTreeMap<&TenantId, Vec<&HeldMember>> = BTreeMap::new();
        for ((tenant, _), member) in held.iter().filter(|(_, member)| member.changed) {
            changed.entry(tenant).or_default().push(member);
        }
        for (tenant, members) in changed {
            for members in members.chunks(ROWS) {
                self.write_some_members(tenant, members)?;
            }
        }
        held.values_mut().for_each(|member| member.changed = false);
        self.held.members = held;
        Ok(())
    }

    fn write_some_members(&mut self, tenant: &TenantId, members: &[&HeldMember]) -> Result<()> {
        let sql = "UPDATE member SET profile = new.profile, consents = new.consents, stats = new.stats, state = new.state,
                hq_tags = new.hq_tags, hq_guide = new.hq_guide, coupons = new.coupons, merged = new.merged
            FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[])
                AS new (id, profile, consents, stats, state, hq_tags, hq_guide, coupons, merged)
            WHERE member.tenant = $1 AND member.id = new.id";
        self.run_of_members(sql, tenant, &members.iter().map(|held| &held.row).collect::<Vec<_>>())
    }

    /// Runs a statement with `$2` to `$10` the columns of these members.
    pub(super) fn run_of_members(&mut self, sql: &str, tenant: &TenantId, rows: &[&Member]) -> Result<()> {
        let all = || rows.iter();
        let ids: Vec<&str> = all().map(|row| row.id.as_str()).collect();
        let profiles = all().map(|row| to_json(&row.profile)).collect::<Result<Vec<_>>>()?;
        let consents = all().map(|row| to_json(&row.consents)).collect::<Result<Vec<_>>>()?;
        let stats = all().map(|row| to_json(&row.stats)).collect::<Result<Vec<_>>>()?;
        let states = all().map(|row| to_json(&row.state)).collect::<Result<Vec<_>>>()?;
        let tags = all().map(|row| to_json(&row.hq_tags)).collect::<Result<Vec<_>>>()?;
        let guides: Vec<Option<String>> = all().map(|row| text(&row.hq_guide)).collect();
        let coupons = all().map(|row| to_json(&row.coupons)).collect::<Result<Vec<_>>>()?;
        let merged: Vec<bool> = all().map(|row| row.merged).collect();
        self.run(sql, &[&tenant.as_str(), &ids, &profiles, &consents, &stats, &states, &tags, &guides, &coupons, &merged])?;
        Ok(())
    }

    /// Writes the rows of feeds, and how far each has come.
    pub(super) fn write_feeds(&mut self) -> Result<()> {
        let (mut heads, mut rows): (BTreeMap<TenantId, Vec<_>>, BTreeMap<TenantId, Vec<_>>) = (BTreeMap::new(), BTreeMap::new());
        for ((tenant, guide), feed) in &mut self.held.feeds {
            if std::mem::take(&mut feed.moved) {
                heads.entry(tenant.clone()).or_default().push((guide.clone(), int(feed.head.position), feed.head.sums.to_bytes()));
            }
            for key in std::mem::take(&mut feed.put) {
                let row = feed.rows.get(&key).cloned().flatten().ok_or(ServerError::Corrupt("a feed"))?;
                rows.entry(tenant.clone()).or_default().push((guide.clone(), row));
            }
        }
        for (tenant, heads) in &heads {
            let sql = "UPDATE feed_head SET position = new.position, sums = new.sums
                FROM unnest($2::text[], $3::bigint[], $4::bytea[]) AS new (guide, position, sums)
                WHERE feed_head.tenant = $1 AND feed_head.guide = new.guide";
            let guides: Vec<&str> = heads.iter().map(|(guide, _, _)| guide.as_str()).collect();
            let positions: Vec<i64> = heads.iter().map(|(_, position, _)| *position).collect();
            let sums: Vec<&[u8]> = heads.iter().map(|(_, _, sums)| sums.as_slice()).collect();
            self.run(sql, &[&tenant.as_str(), &guides, &positions, &sums])?;
        }
        for (tenant, rows) in &rows {
            for rows in rows.chunks(ROWS) {
                self.write_feed_rows(tenant, rows)?;
            }
        }
        Ok(())
    }

    fn write_feed_rows(&mut self, tenant: &TenantId, rows: &[(GuideId, FeedRow)]) -> Result<()> {
        let sql = "INSERT INTO feed (tenant, guide, kind, entity, position, present, whole, parts, slice)
            SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::boolean[], $7::bigint[], $8::text[], $9::bigint[])
            ON CONFLICT (tenant, guide, kind, entity) DO UPDATE SET position = EXCLUDED.position, present = EXCLUDED.present,
                whole = EXCLUDED.whole, parts = EXCLUDED.parts, slice = EXCLUDED.slice";
        let all = || rows.iter().map(|(_, row)| row);
        let guides: Vec<&str> = rows.iter().map(|(guide, _)| guide.as_str()).collect();
        let kinds: Vec<i64> = all().map(|row| as_number(row.kind)).collect();
        let entities: Vec<&str> = all().map(|row| row.entity.as_str()).collect();
        let positions: Vec<i64> = all().map(|row| int(row.position)).collect();
        let present: Vec<bool> = all().map(|row| row.present).collect();
        let whole: Vec<i64> = all().map(|row| int(row.whole)).collect();
        let parts = all().map(parts).collect::<Result<Vec<_>>>()?;
        let slices = all().map(slice).collect::<Result<Vec<_>>>()?;
        self.run(sql, &[&tenant.as_str(), &guides, &kinds, &entities, &positions, &present, &whole, &parts, &slices])?;
        Ok(())
    }

    /// Writes the operations that were added.
    pub(super) fn write_operations(&mut self) -> Result<()> {
        let mut filed: BTreeMap<TenantId, Vec<StoredOperation>> = BTreeMap::new();
        for (tenant, id) in std::mem::take(&mut self.held.filed) {
            let stored = self.held.operations.get(&(tenant.clone(), id)).cloned().flatten();
            filed.entry(tenant).or_default().push(stored.ok_or(ServerError::Corrupt("an operation"))?);
        }
        for (tenant, operations) in &filed {
            for operations in operations.chunks(ROWS) {
                self.write_some_operations(tenant, operations)?;
            }
        }
        Ok(())
    }

    fn write_some_operations(&mut self, tenant: &TenantId, operations: &[StoredOperation]) -> Result<()> {
        let sql = "INSERT INTO operation (tenant, id, device, sent_to, sent_hlc, operation, outcome, position, received_ms)
            SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bigint[], $9::bigint[])";
        let all = || operations.iter();
        let ids: Vec<String> = all().map(|stored| stored.id.to_string()).collect();
        let devices: Vec<String> = all().map(|stored| stored.device.to_string()).collect();
        let sent_to: Vec<Option<String>> = all().map(|stored| text(&stored.sent_to)).collect();
        let hlcs: Vec<i64> = all().map(|stored| stored.sent_hlc.to_bits() as i64).collect();
        let bodies = all().map(|stored| stored.operation.as_ref().map(to_json).transpose()).collect::<Result<Vec<_>>>()?;
        let outcomes = all().map(|stored| to_json(&stored.outcome)).collect::<Result<Vec<_>>>()?;
        let positions: Vec<i64> = all().map(|stored| int(stored.position)).collect();
        let received: Vec<i64> = all().map(|stored| int(stored.received_ms)).collect();
        self.run(sql, &[&tenant.as_str(), &ids, &devices, &sent_to, &hlcs, &bodies, &outcomes, &positions, &received])?;
        Ok(())
    }

    /// Numbers the lines of the change log and writes them.
    pub(super) fn write_log(&mut self) -> Result<()> {
        let mut lines: BTreeMap<TenantId, Vec<Change>> = BTreeMap::new();
        for (tenant, change) in std::mem::take(&mut self.held.log) {
            lines.entry(tenant).or_default().push(change);
        }
        for (tenant, lines) in &lines {
            // They follow one another; the last lies so far that none lies before the place that was asked for.
            let least = lines.iter().enumerate().map(|(n, line)| line.seq.saturating_add((lines.len() - 1 - n) as u64)).max();
            let sql = "INSERT INTO change_log_head (tenant, seq) VALUES ($1, GREATEST($2::bigint, $3::bigint))
                ON CONFLICT (tenant) DO UPDATE SET seq = GREATEST(change_log_head.seq + $2, $3) RETURNING seq";
            let values = [int(lines.len()), int(least.unwrap_or(0))];
            let last = self.one(sql, &[&tenant.as_str(), &values[0], &values[1]], |row| number::<u64>(row, 0))?;
            let first = last.ok_or(ServerError::Corrupt("a change log"))? - lines.len() as u64 + 1;
            for (n, lines) in lines.chunks(ROWS).enumerate() {
                self.write_lines(tenant, first + (n * ROWS) as u64, lines)?;
            }
        }
        Ok(())
    }

    fn write_lines(&mut self, tenant: &TenantId, first: u64, lines: &[Change]) -> Result<()> {
        let sql = "INSERT INTO change_log (tenant, seq, at_ms, device_ms, device, guide, op, member, kind, detail, outcome)
            SELECT $1, $2 + line.n - 1, line.at_ms, line.device_ms, line.device, line.guide, line.op, line.member, line.kind, line.detail,
                line.outcome
            FROM unnest($3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
                WITH ORDINALITY AS line (at_ms, device_ms, device, guide, op, member, kind, detail, outcome, n)";
        let all = || lines.iter();
        let at: Vec<i64> = all().map(|line| int(line.at_ms)).collect();
        let device_ms: Vec<Option<i64>> = all().map(|line| line.device_ms.map(|ms| ms as i64)).collect();
        let devices: Vec<String> = all().map(|line| line.device.to_string()).collect();
        let guides: Vec<&str> = all().map(|line| line.guide.as_str()).collect();
        let ops: Vec<Option<String>> = all().map(|line| text(&line.op)).collect();
        let members: Vec<Option<String>> = all().map(|line| text(&line.member)).collect();
        let kinds: Vec<&str> = all().map(|line| line.kind.as_str()).collect();
        let details = all().map(|line| to_json(&line.detail)).collect::<Result<Vec<_>>>()?;
        let outcomes: Vec<&str> = all().map(|line| line.outcome.as_str()).collect();
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 11] =
            [&tenant.as_str(), &int(first), &at, &device_ms, &devices, &guides, &ops, &members, &kinds, &details, &outcomes];
        self.run(sql, &values)?;
        Ok(())
    }
}
