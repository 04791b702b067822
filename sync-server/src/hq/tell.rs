//! The change log: what HQ did itself, and everything as HQ reads it.

use guidebook_domain::{DeviceId, GuideId, MemberId, OperationId, TenantId};
use serde::Serialize;
use serde_json::Value;

use crate::db::operations::Change;
use crate::db::{Database, DatabaseExt, Result, Tx};
use crate::error::ServiceError;

/// The most lines of one answer.
pub const MOST_LINES: usize = 1_000;

/// Notes what HQ did.
pub fn log_hq(tx: &mut dyn Tx, tenant: &TenantId, member: Option<&MemberId>, kind: &str, detail: Value, now_ms: u64) -> Result<()> {
    let change = Change {
        seq: 0,
        at_ms: now_ms,
        device_ms: None,
        device: DeviceId::HQ,
        guide: GuideId::hq(),
        op: None,
        member: member.cloned(),
        kind: kind.to_owned(),
        detail,
        outcome: "applied".to_owned(),
    };
    tx.log(tenant, &change)?;
    Ok(())
}

/// A line of the change log as HQ reads it.
#[derive(Debug, Serialize)]
pub struct ChangeLine {
    /// Its place; ask for what comes `after` it.
    pub seq: u64,
    /// When, by the server, Unix milliseconds.
    pub at_ms: u64,
    /// When, by the device, Unix milliseconds.
    pub device_ms: Option<u64>,
    /// On which device; all zeros for HQ.
    pub device: DeviceId,
    /// By whom; `HQ` for HQ.
    pub guide: GuideId,
    /// By which operation.
    pub op: Option<OperationId>,
    /// On whom.
    pub member: Option<MemberId>,
    /// What.
    pub kind: String,
    /// The edit and its outcome, or what else there is to say.
    pub detail: Value,
    /// `applied`, `superseded`, `redirected` or `refused`.
    pub outcome: String,
}

/// Lines after `after`.
#[derive(Debug, Serialize)]
pub struct ChangePage {
    /// The lines.
    pub changes: Vec<ChangeLine>,
    /// The cursor after them.
    pub after: u64,
    /// Whether there are more.
    pub more: bool,
}

/// At most `limit` lines after `after`.
pub fn changes(db: &dyn Database, tenant: &TenantId, after: u64, limit: usize) -> std::result::Result<ChangePage, ServiceError> {
    if limit == 0 || limit > MOST_LINES {
        return Err(ServiceError::invalid("limit", format!("1 to {MOST_LINES}")));
    }
    let mut rows = db.reading(|tx| tx.changes_after(tenant, after, limit + 1))?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let changes: Vec<ChangeLine> = rows.into_iter().map(line).collect();
    Ok(ChangePage { after: changes.last().map_or(after, |line| line.seq), changes, more })
}

fn line(change: Change) -> ChangeLine {
    let Change { seq, at_ms, device_ms, device, guide, op, member, kind, detail, outcome } = change;
    ChangeLine { seq, at_ms, device_ms, device, guide, op, member, kind, detail, outcome }
}
