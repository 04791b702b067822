//! A call that hands over: some members, or all of a guide's.

use std::collections::BTreeSet;

use guidebook_domain::handover::{HandoverKind, HandoverRefusal, HandoverState};
use guidebook_domain::{GuideId, Limits, MemberId, TenantId};
use guidebook_wire::ErrorCode;
use serde::{Deserialize, Serialize};

use super::desk::Desk;
use super::job;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::ServiceError;

/// When a handover takes effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effective {
    /// With the call.
    AtOnce,
    /// After [`Limits::handover_wait_ms`], unless the customer refuses.
    #[default]
    AfterWait,
}

/// What HQ asks for.
#[derive(Clone, Debug, Deserialize)]
pub struct HandoverRequest {
    /// The giver.
    pub from: GuideId,
    /// The taker.
    pub to: GuideId,
    /// Whether the giver leaves or stays.
    pub kind: HandoverKind,
    /// Which members, at most [`Limits::handover_members`]; all of the giver's where nothing is said.
    #[serde(default)]
    pub members: Option<Vec<MemberId>>,
    /// When it takes effect.
    #[serde(default)]
    pub effective: Effective,
    /// Only tell what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// What happened, or would happen. Each member stands in one of the lists, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HandoverReport {
    /// Whether nothing was changed.
    pub dry_run: bool,
    /// The job, of a handover by whole guide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<u64>,
    /// Whether all members were looked at; only a job may end before.
    pub ended: bool,
    /// Why a job was stopped before all were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// When it takes effect, Unix milliseconds.
    pub due_ms: u64,
    /// The members passed on.
    pub done: Vec<MemberId>,
    /// The members who wait to be passed on.
    pub waiting: Vec<MemberId>,
    /// Those who are not, and why.
    pub refused: Vec<RefusedMember>,
}

/// A member who is not passed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedMember {
    /// Who.
    pub member: MemberId,
    /// Why.
    pub reason: HandoverRefusal,
}

impl HandoverRequest {
    /// When this takes effect if it is asked for at `now_ms`.
    pub fn due_ms(&self, limits: &Limits, now_ms: u64) -> u64 {
        match self.effective {
            Effective::AtOnce => now_ms,
            Effective::AfterWait => now_ms.saturating_add(limits.handover_wait_ms),
        }
    }
}

/// Hands members over. What is due by now must have been settled. A whole guide is done in batches; if the
/// process ends between two, the server goes on with the job by itself, and so does the call when it is sent again.
///
/// Errors: `not_found` of a guide, `conflict` of both guides or with another job that runs, `too_large` and `invalid` of the list.
pub fn hand_over(
    db: &dyn Database,
    tenant: &TenantId,
    request: &HandoverRequest,
    limits: &Limits,
    now_ms: u64,
) -> Result<HandoverReport, ServiceError> {
    let members = request.members.as_ref().map(|members| listed(members, limits)).transpose()?;
    match (request.dry_run, members) {
        (true, members) => db.reading(|tx| rehearse(tx, tenant, request, members.as_ref(), limits, now_ms)),
        (false, Some(members)) => db.writing(Write::Ownership, |tx| carry_out(tx, tenant, request, &members, limits, now_ms)),
        (false, None) => job::run(db, tenant, request, limits, now_ms),
    }
}

fn listed(members: &[MemberId], limits: &Limits) -> Result<BTreeSet<MemberId>, ServiceError> {
    let members: BTreeSet<MemberId> = members.iter().cloned().collect();
    if members.is_empty() {
        return Err(ServiceError::invalid("members", "empty"));
    }
    if members.len() > limits.handover_members {
        return Err(ServiceError::about(ErrorCode::TooLarge, "members", format!("at most {}", limits.handover_members)));
    }
    Ok(members)
}

fn rehearse(
    tx: &mut dyn Tx,
    tenant: &TenantId,
    request: &HandoverRequest,
    members: Option<&BTreeSet<MemberId>>,
    limits: &Limits,
    now_ms: u64,
) -> Result<HandoverReport, ServiceError> {
    let mut desk = Desk::open(tx, tenant, (request.kind, &request.from, &request.to), limits, now_ms)?;
    if members.is_none()
        && let Some(job) = tx.open_job_of(tenant, &request.from)?
    {
        return Err(job::busy(&job));
    }
    let members = match members {
        Some(members) => members.clone(),
        None => tx.members_of(tenant, &request.from)?.into_iter().collect(),
    };
    let due_ms = request.due_ms(limits, now_ms);
    let mut report = HandoverReport { dry_run: true, ended: true, due_ms, ..HandoverReport::default() };
    let state = if due_ms <= now_ms { HandoverState::Done } else { HandoverState::Waiting };
    for member in members {
        let judged = desk.judge(tx, &member)?;
        report.add(member, judged.map(|()| state));
    }
    Ok(report)
}

fn carry_out(
    tx: &mut dyn Tx,
    tenant: &TenantId,
    request: &HandoverRequest,
    members: &BTreeSet<MemberId>,
    limits: &Limits,
    now_ms: u64,
) -> Result<HandoverReport, ServiceError> {
    let mut desk = Desk::open(tx, tenant, (request.kind, &request.from, &request.to), limits, now_ms)?;
    desk.note_leaver(tx)?;
    desk.call_up(tx, members)?;
    let due_ms = request.due_ms(limits, now_ms);
    let mut report = HandoverReport { ended: true, due_ms, ..HandoverReport::default() };
    for member in members {
        let judged = match desk.judge(tx, member)? {
            Ok(()) => Ok(desk.accept(tx, member, None, due_ms)?),
            Err(reason) => Err(reason),
        };
        report.add(member.clone(), judged);
    }
    Ok(report)
}

impl HandoverReport {
    /// Adds what became of a member.
    pub fn add(&mut self, member: MemberId, judged: Result<HandoverState, HandoverRefusal>) {
        match judged {
            Ok(HandoverState::Waiting) => self.waiting.push(member),
            Ok(HandoverState::Done) => self.done.push(member),
            // Later states are told by the status of the member, not by the report of the call.
            Ok(HandoverState::Refused | HandoverState::TakerFull | HandoverState::NoRecord) => {}
            Err(reason) => self.refused.push(RefusedMember { member, reason }),
        }
    }
}
