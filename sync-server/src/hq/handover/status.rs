//! Handovers as HQ reads them.

use guidebook_domain::handover::{HandoverKind, HandoverState};
use guidebook_domain::{GuideId, MemberId, TenantId};
use serde::Serialize;

use crate::db::handovers::{Handover, HandoverFilter};
use crate::db::{Database, DatabaseExt};
use crate::error::ServiceError;

/// The most lines of one answer.
pub const MOST_LINES: usize = 1_000;

/// A handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandoverLine {
    /// Its number; ask for what comes `after` it.
    pub seq: u64,
    /// The job that it belongs to, if it was asked for by whole guide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<u64>,
    /// Who is passed on.
    pub member: MemberId,
    /// By whom.
    pub from: GuideId,
    /// To whom.
    pub to: GuideId,
    /// Whether the giver stays.
    pub kind: HandoverKind,
    /// What became of it.
    pub state: HandoverState,
    /// When it was asked for, Unix milliseconds.
    pub asked_ms: u64,
    /// When it takes effect, Unix milliseconds.
    pub due_ms: u64,
    /// When it ended, Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_ms: Option<u64>,
}

/// Lines after `after`.
#[derive(Clone, Debug, Serialize)]
pub struct HandoverPage {
    /// The lines, the oldest first.
    pub handovers: Vec<HandoverLine>,
    /// The cursor after them.
    pub after: u64,
    /// Whether there are more.
    pub more: bool,
}

/// At most `limit` handovers after `after`.
pub fn list(
    db: &dyn Database,
    tenant: &TenantId,
    filter: &HandoverFilter,
    (after, limit): (u64, usize),
) -> Result<HandoverPage, ServiceError> {
    if limit == 0 || limit > MOST_LINES {
        return Err(ServiceError::invalid("limit", format!("1 to {MOST_LINES}")));
    }
    let mut rows = db.reading(|tx| tx.handovers_after(tenant, filter, after, limit + 1))?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let handovers: Vec<HandoverLine> = rows.into_iter().map(line).collect();
    Ok(HandoverPage { after: handovers.last().map_or(after, |line| line.seq), handovers, more })
}

/// A handover as a line.
pub fn line(handover: Handover) -> HandoverLine {
    let Handover { seq, job, member, from, to, kind, state, asked_ms, due_ms, ended_ms } = handover;
    HandoverLine { seq, job, member, from, to, kind, state, asked_ms, due_ms, ended_ms }
}
