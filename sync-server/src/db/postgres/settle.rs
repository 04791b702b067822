//! What a transaction writes last: each table in one statement.

use std::collections::BTreeMap;

use guidebook_domain::{GuideId, TenantId};

use super::feeds::{as_number, parts, slice};
use super::held::HeldMember;
use super::row::{PgTx, Statement, int, text, to_json, values};
use crate::db::Result;
use crate::db::feeds::FeedRow;
use crate::db::members::Member;
use crate::db::operations::{Change, StoredOperation};
use crate::error::ServerError;

/// Rows of one statement, so that no message grows without end.
pub(super) const ROWS: usize = 1000;

impl PgTx<'_> {
    /// Writes what was kept for the end, but for what may go together with the commit: that is given back. The change log comes
    /// last in it: all of a retailer's writers meet there, so its count is held for no longer than the database needs.
    pub(super) fn settle(&mut self) -> Result<Vec<Statement>> {
        self.write_added()?;
        let mut counted = self.calls_kept()?;
        counted.extend(self.moves_counted());
        self.each_changes_one(&counted)?;
        let mut last = self.members_to_write()?;
        last.extend(self.feeds_to_write()?);
        last.extend(self.operations_to_write()?);
        last.extend(self.log_to_write()?);
        Ok(last)
    }

    /// Writes the members that were changed.
    pub(super) fn write_members(&mut self) -> Result<()> {
        self.write_added()?;
        let statements = self.members_to_write()?;
        self.run_all(&statements).map(drop)
    }

    fn members_to_write(&mut self) -> Result<Vec<Statement>> {
        let mut statements = Vec::new();
        let mut held = std::mem::take(&mut self.held.members);
        let mut changed: BTreeMap<&TenantId, Vec<&HeldMember>> = BTreeMap::new();
        for ((tenant, _), member) in held.iter().filter(|(_, member)| member.changed) {
            changed.entry(tenant).or_default().push(member);
        }
        for (tenant, members) in changed {
            for members in members.chunks(ROWS) {
                statements.push(some_members(tenant, members)?);
            }
        }
        held.values_mut().for_each(|member| member.changed = false);
        self.held.members = held;
        Ok(statements)
    }

    /// Writes the rows of feeds, and how far each has come.
    pub(super) fn write_feeds(&mut self) -> Result<()> {
        let statements = self.feeds_to_write()?;
        self.run_all(&statements).map(drop)
    }

    fn feeds_to_write(&mut self) -> Result<Vec<Statement>> {
        let mut statements = Vec::new();
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
            let guides: Vec<String> = heads.iter().map(|(guide, _, _)| guide.to_string()).collect();
            let positions: Vec<i64> = heads.iter().map(|(_, position, _)| *position).collect();
            let sums: Vec<Vec<u8>> = heads.iter().map(|(_, _, sums)| sums.clone()).collect();
            let values = values![tenant.to_string(), guides, positions, sums];
            statements.push(Statement { sql, values, what: "a feed" });
        }
        for (tenant, rows) in &rows {
            for rows in rows.chunks(ROWS) {
                statements.push(feed_rows(tenant, rows)?);
            }
        }
        Ok(statements)
    }

    /// Writes the operations that were added.
    pub(super) fn write_operations(&mut self) -> Result<()> {
        let statements = self.operations_to_write()?;
        self.run_all(&statements).map(drop)
    }

    fn operations_to_write(&mut self) -> Result<Vec<Statement>> {
        let mut statements = Vec::new();
        let mut filed: BTreeMap<TenantId, Vec<StoredOperation>> = BTreeMap::new();
        for (tenant, id) in std::mem::take(&mut self.held.filed) {
            let stored = self.held.operations.get(&(tenant.clone(), id)).cloned().flatten();
            filed.entry(tenant).or_default().push(stored.ok_or(ServerError::Corrupt("an operation"))?);
        }
        for (tenant, operations) in &filed {
            for operations in operations.chunks(ROWS) {
                statements.push(some_operations(tenant, operations)?);
            }
        }
        Ok(statements)
    }

    /// Writes the lines of the change log.
    pub(super) fn write_log(&mut self) -> Result<()> {
        let statements = self.log_to_write()?;
        self.run_all(&statements).map(drop)
    }

    fn log_to_write(&mut self) -> Result<Vec<Statement>> {
        let mut lines: BTreeMap<TenantId, Vec<Change>> = BTreeMap::new();
        for (tenant, change) in std::mem::take(&mut self.held.log) {
            lines.entry(tenant).or_default().push(change);
        }
        let some = lines.iter().flat_map(|(tenant, lines)| lines.chunks(ROWS).map(move |lines| some_lines(tenant, lines)));
        some.collect()
    }
}

fn some_members(tenant: &TenantId, members: &[&HeldMember]) -> Result<Statement> {
    let sql = "UPDATE member SET profile = new.profile, consents = new.consents, stats = new.stats, state = new.state,
            hq_tags = new.hq_tags, hq_guide = new.hq_guide, coupons = new.coupons, merged = new.merged
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[])
            AS new (id, profile, consents, stats, state, hq_tags, hq_guide, coupons, merged)
        WHERE member.tenant = $1 AND member.id = new.id";
    of_members(sql, tenant, &members.iter().map(|held| &held.row).collect::<Vec<_>>())
}

/// A statement with `$2` to `$10` the columns of these members.
pub(super) fn of_members(sql: &'static str, tenant: &TenantId, rows: &[&Member]) -> Result<Statement> {
    let all = || rows.iter();
    let ids: Vec<String> = all().map(|row| row.id.to_string()).collect();
    let profiles = all().map(|row| to_json(&row.profile)).collect::<Result<Vec<_>>>()?;
    let consents = all().map(|row| to_json(&row.consents)).collect::<Result<Vec<_>>>()?;
    let stats = all().map(|row| to_json(&row.stats)).collect::<Result<Vec<_>>>()?;
    let states = all().map(|row| to_json(&row.state)).collect::<Result<Vec<_>>>()?;
    let tags = all().map(|row| to_json(&row.hq_tags)).collect::<Result<Vec<_>>>()?;
    let guides: Vec<Option<String>> = all().map(|row| text(&row.hq_guide)).collect();
    let coupons = all().map(|row| to_json(&row.coupons)).collect::<Result<Vec<_>>>()?;
    let merged: Vec<bool> = all().map(|row| row.merged).collect();
    let values = values![tenant.to_string(), ids, profiles, consents, stats, states, tags, guides, coupons, merged];
    Ok(Statement { sql, values, what: "a member" })
}

fn feed_rows(tenant: &TenantId, rows: &[(GuideId, FeedRow)]) -> Result<Statement> {
    let sql = "INSERT INTO feed (tenant, guide, kind, entity, position, present, whole, parts, slice)
        SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::boolean[], $7::bigint[], $8::text[], $9::bigint[])
        ON CONFLICT (tenant, guide, kind, entity) DO UPDATE SET position = EXCLUDED.position, present = EXCLUDED.present,
            whole = EXCLUDED.whole, parts = EXCLUDED.parts, slice = EXCLUDED.slice";
    let all = || rows.iter().map(|(_, row)| row);
    let guides: Vec<String> = rows.iter().map(|(guide, _)| guide.to_string()).collect();
    let kinds: Vec<i64> = all().map(|row| as_number(row.kind)).collect();
    let entities: Vec<String> = all().map(|row| row.entity.clone()).collect();
    let positions: Vec<i64> = all().map(|row| int(row.position)).collect();
    let present: Vec<bool> = all().map(|row| row.present).collect();
    let whole: Vec<i64> = all().map(|row| int(row.whole)).collect();
    let parts = all().map(parts).collect::<Result<Vec<_>>>()?;
    let slices = all().map(slice).collect::<Result<Vec<_>>>()?;
    let values = values![tenant.to_string(), guides, kinds, entities, positions, present, whole, parts, slices];
    Ok(Statement { sql, values, what: "a feed" })
}

fn some_operations(tenant: &TenantId, operations: &[StoredOperation]) -> Result<Statement> {
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
    let values = values![tenant.to_string(), ids, devices, sent_to, hlcs, bodies, outcomes, positions, received];
    Ok(Statement { sql, values, what: "an operation" })
}

/// Numbers lines of the change log and writes them, in one statement.
fn some_lines(tenant: &TenantId, lines: &[Change]) -> Result<Statement> {
    let sql = "WITH last AS (
            INSERT INTO change_log_head (tenant, seq) VALUES ($1, GREATEST($2::bigint, $3::bigint))
            ON CONFLICT (tenant) DO UPDATE SET seq = GREATEST(change_log_head.seq + $2, $3) RETURNING seq
        )
        INSERT INTO change_log (tenant, seq, at_ms, device_ms, device, guide, op, member, kind, detail, outcome)
        SELECT $1, last.seq - $2 + line.n, line.at_ms, line.device_ms, line.device, line.guide, line.op, line.member, line.kind, line.detail,
            line.outcome
        FROM last, unnest($4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
            WITH ORDINALITY AS line (at_ms, device_ms, device, guide, op, member, kind, detail, outcome, n)";
    // They follow one another; the last lies so far that none lies before the place that was asked for.
    let least = lines.iter().enumerate().map(|(n, line)| line.seq.saturating_add((lines.len() - 1 - n) as u64)).max();
    let all = || lines.iter();
    let at: Vec<i64> = all().map(|line| int(line.at_ms)).collect();
    let device_ms: Vec<Option<i64>> = all().map(|line| line.device_ms.map(|ms| ms as i64)).collect();
    let devices: Vec<String> = all().map(|line| line.device.to_string()).collect();
    let guides: Vec<String> = all().map(|line| line.guide.to_string()).collect();
    let ops: Vec<Option<String>> = all().map(|line| text(&line.op)).collect();
    let members: Vec<Option<String>> = all().map(|line| text(&line.member)).collect();
    let kinds: Vec<String> = all().map(|line| line.kind.clone()).collect();
    let details = all().map(|line| to_json(&line.detail)).collect::<Result<Vec<_>>>()?;
    let outcomes: Vec<String> = all().map(|line| line.outcome.clone()).collect();
    let (count, least) = (int(lines.len()), int(least.unwrap_or(0)));
    let values = values![tenant.to_string(), count, least, at, device_ms, devices, guides, ops, members, kinds, details, outcomes];
    Ok(Statement { sql, values, what: "a change log" })
}
