//! Operations and the change log in SQLite.

use guidebook_domain::{Hlc, MemberId, OperationId, TenantId};
use rusqlite::{Row, params};

use super::row::{SqliteTx, bits, json, parsed, parsed_or_none, text, to_json};
use crate::db::Result;
use crate::db::operations::{Change, OperationTx, StoredOperation};

const OPERATION: &str = "id, device, sent_to, sent_hlc, operation, outcome, position, received_ms";
const CHANGE: &str = "seq, at_ms, device_ms, device, guide, op, member, kind, detail, outcome";

impl OperationTx for SqliteTx<'_> {
    fn operation(&mut self, tenant: &TenantId, id: OperationId) -> Result<Option<StoredOperation>> {
        if self.held.unheard.contains(&(tenant.clone(), id)) {
            return Ok(None);
        }
        let sql = format!("SELECT {OPERATION} FROM operation WHERE tenant = ?1 AND id = ?2");
        self.one(&sql, [tenant.as_str(), &id.to_string()], operation)
    }

    fn put_operation(&mut self, tenant: &TenantId, stored: &StoredOperation) -> Result<()> {
        let sql = "INSERT INTO operation (tenant, id, device, sent_to, sent_hlc, operation, outcome, position, received_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.held.unheard.remove(&(tenant.clone(), stored.id));
        let StoredOperation { id, device, sent_to, sent_hlc, operation, outcome, position, received_ms } = stored;
        let body = operation.as_ref().map(to_json).transpose()?;
        let (id, device, hlc) = (id.to_string(), device.to_string(), sent_hlc.to_bits() as i64);
        self.run(sql, params![tenant.as_str(), id, device, text(sent_to), hlc, body, to_json(outcome)?, position, received_ms])?;
        Ok(())
    }

    fn operations_sent_to(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Vec<StoredOperation>> {
        // Without statistics the planner takes a tenant for ten rows and would rather read all its operations in order.
        let sql =
            format!("SELECT {OPERATION} FROM operation INDEXED BY operation_by_member WHERE tenant = ?1 AND sent_to = ?2 ORDER BY id");
        self.many(&sql, [tenant.as_str(), member.as_str()], operation)
    }

    fn log(&mut self, tenant: &TenantId, change: &Change) -> Result<()> {
        let newest = match self.held.newest_line.get(tenant) {
            Some(newest) => *newest,
            None => {
                let sql = "SELECT COALESCE(MAX(seq), 0) FROM change_log WHERE tenant = ?1";
                self.one(sql, [tenant.as_str()], |row| Ok(row.get(0)?))?.unwrap_or(0)
            }
        };
        let seq = change.seq.max(newest + 1);
        self.held.newest_line.insert(tenant.clone(), seq);
        let sql = "INSERT INTO change_log (tenant, seq, at_ms, device_ms, device, guide, op, member, kind, detail, outcome)
            VALUES (?1, ?11, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let Change { seq: _, at_ms, device_ms, device, guide, op, member, kind, detail, outcome } = change;
        let device_ms = device_ms.map(|ms| ms as i64);
        let (device, op, member) = (device.to_string(), text(op), text(member));
        let values = params![tenant.as_str(), at_ms, device_ms, device, guide.as_str(), op, member, kind, to_json(detail)?, outcome, seq];
        self.run(sql, values)?;
        Ok(())
    }

    fn newest_change(&mut self, tenant: &TenantId) -> Result<Option<Change>> {
        let sql = format!("SELECT {CHANGE} FROM change_log WHERE tenant = ?1 ORDER BY seq DESC LIMIT 1");
        self.one(&sql, [tenant.as_str()], change)
    }

    fn changes_after(&mut self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Change>> {
        let sql = format!("SELECT {CHANGE} FROM change_log WHERE tenant = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
        self.many(&sql, params![tenant.as_str(), after.min(i64::MAX as u64), limit], change)
    }
}

fn operation(row: &Row<'_>) -> Result<StoredOperation> {
    let body: Option<String> = row.get(4)?;
    let body = body.map(|_| json(row, 4)).transpose()?;
    Ok(StoredOperation {
        id: parsed(row, 0)?,
        device: parsed(row, 1)?,
        sent_to: parsed_or_none(row, 2)?,
        sent_hlc: Hlc::from_bits(bits(row, 3)?),
        operation: body,
        outcome: json(row, 5)?,
        position: row.get(6)?,
        received_ms: row.get(7)?,
    })
}

fn change(row: &Row<'_>) -> Result<Change> {
    let device_ms: Option<i64> = row.get(2)?;
    Ok(Change {
        seq: row.get(0)?,
        at_ms: row.get(1)?,
        device_ms: device_ms.map(|ms| ms as u64),
        device: parsed(row, 3)?,
        guide: parsed(row, 4)?,
        op: parsed_or_none(row, 5)?,
        member: parsed_or_none(row, 6)?,
        kind: row.get(7)?,
        detail: json(row, 8)?,
        outcome: row.get(9)?,
    })
}
