//! Operations and the change log in PostgreSQL.

use guidebook_domain::{Hlc, MemberId, OperationId, TenantId};
use tokio_postgres::Row;

use super::row::{PgTx, bits, get, int, json, number, parsed, parsed_or_none};
use crate::db::Result;
use crate::db::operations::{Change, OperationTx, StoredOperation};

const CHANGE: &str = "seq, at_ms, device_ms, device, guide, op, member, kind, detail, outcome";
const OPERATION: &str = "id, device, sent_to, sent_hlc, operation, outcome, position, received_ms";

impl OperationTx for PgTx<'_> {
    fn operation(&mut self, tenant: &TenantId, id: OperationId) -> Result<Option<StoredOperation>> {
        if let Some(known) = self.held.operations.get(&(tenant.clone(), id)) {
            return Ok(known.clone());
        }
        let sql = format!("SELECT {OPERATION} FROM operation WHERE tenant = $1 AND id = $2");
        self.one(&sql, &[&tenant.as_str(), &id.to_string()], operation)
    }

    fn put_operation(&mut self, tenant: &TenantId, operation: &StoredOperation) -> Result<()> {
        let key = (tenant.clone(), operation.id);
        self.held.filed.insert(key.clone());
        self.held.operations.insert(key, Some(operation.clone()));
        Ok(())
    }

    fn operations_sent_to(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Vec<StoredOperation>> {
        self.write_operations()?;
        let sql = format!("SELECT {OPERATION} FROM operation WHERE tenant = $1 AND sent_to = $2 ORDER BY id");
        self.many(&sql, &[&tenant.as_str(), &member.as_str()], operation)
    }

    fn log(&mut self, tenant: &TenantId, change: &Change) -> Result<()> {
        self.held.log.push((tenant.clone(), change.clone()));
        Ok(())
    }

    fn newest_change(&mut self, tenant: &TenantId) -> Result<Option<Change>> {
        self.write_log()?;
        let sql = format!("SELECT {CHANGE} FROM change_log WHERE tenant = $1 ORDER BY seq DESC LIMIT 1");
        self.one(&sql, &[&tenant.as_str()], change)
    }

    fn changes_after(&mut self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Change>> {
        self.write_log()?;
        let sql = format!("SELECT {CHANGE} FROM change_log WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3");
        self.many(&sql, &[&tenant.as_str(), &int(after), &int(limit)], change)
    }
}

/// A row of `operation`.
pub(super) fn operation(row: &Row) -> Result<StoredOperation> {
    let body: Option<&str> = get(row, 4)?;
    Ok(StoredOperation {
        id: parsed(row, 0)?,
        device: parsed(row, 1)?,
        sent_to: parsed_or_none(row, 2)?,
        sent_hlc: Hlc::from_bits(bits(row, 3)?),
        operation: body.map(|_| json(row, 4)).transpose()?,
        outcome: json(row, 5)?,
        position: number(row, 6)?,
        received_ms: number(row, 7)?,
    })
}

fn change(row: &Row) -> Result<Change> {
    let device_ms: Option<i64> = get(row, 2)?;
    Ok(Change {
        seq: number(row, 0)?,
        at_ms: number(row, 1)?,
        device_ms: device_ms.map(|ms| ms as u64),
        device: parsed(row, 3)?,
        guide: parsed(row, 4)?,
        op: parsed_or_none(row, 5)?,
        member: parsed_or_none(row, 6)?,
        kind: get(row, 7)?,
        detail: json(row, 8)?,
        outcome: get(row, 9)?,
    })
}
