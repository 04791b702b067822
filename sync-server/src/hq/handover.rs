//! Members passed on from one guide to another (在职继承, 离职继承).

use std::collections::BTreeSet;

use guidebook_domain::handover::{Candidate, HandoverKind, HandoverRefusal, Party, check_member, check_parties};
use guidebook_domain::{GuideId, Limits, MemberId, TenantId};
use guidebook_wire::ErrorCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::devices::close_all;
use super::tell::log_hq;
use crate::clock::shanghai_day;
use crate::db::directory::Guide;
use crate::db::needs::Needs;
use crate::db::orders::HandoverEntry;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::ServiceError;
use crate::service::serving;

const DAY_MS: u64 = 24 * 3600 * 1000;

/// What HQ asks for.
#[derive(Clone, Debug, Deserialize)]
pub struct HandoverRequest {
    /// The giver.
    pub from: GuideId,
    /// The taker.
    pub to: GuideId,
    /// Whether the giver leaves or stays.
    pub kind: HandoverKind,
    /// Which members; all of the giver's where nothing is said.
    #[serde(default)]
    pub members: Option<Vec<MemberId>>,
    /// Only tell what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// What happened, or would happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandoverReport {
    /// Whether nothing was changed.
    pub dry_run: bool,
    /// The members passed on.
    pub done: Vec<MemberId>,
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

/// Passes members on. A giver who resigns has left from now on; her devices push once more and are wiped.
pub fn hand_over(db: &dyn Database, tenant: &TenantId, request: &HandoverRequest, now_ms: u64) -> Result<HandoverReport, ServiceError> {
    if request.dry_run {
        return db.reading(|tx| plan(tx, tenant, request, now_ms).map(|(report, _)| report));
    }
    db.writing(Write::Ownership, |tx| {
        let (report, giver) = plan(tx, tenant, request, now_ms)?;
        apply(tx, tenant, request, &report, giver, now_ms)?;
        Ok(report)
    })
}

fn plan(tx: &mut dyn Tx, tenant: &TenantId, request: &HandoverRequest, now_ms: u64) -> Result<(HandoverReport, Guide), ServiceError> {
    let limits = Limits::default();
    tx.gather(tenant, &Needs { guides: parties(request), ..Needs::default() })?;
    let giver = tx.guide(tenant, &request.from)?.ok_or_else(|| ServiceError::not_found("from"))?;
    let taker = tx.guide(tenant, &request.to)?.ok_or_else(|| ServiceError::not_found("to"))?;
    let (giving, taking) = (tx.members_of(tenant, &giver.id)?, tx.members_of(tenant, &taker.id)?);
    let party = |guide: &Guide, members: usize| Party { guide: guide.id.clone(), left: guide.left, members };
    check_parties(request.kind, &party(&giver, giving.len()), &party(&taker, taking.len()), shanghai_day(now_ms), &limits)
        .map_err(|reason| ServiceError::about(ErrorCode::Conflict, "handover", reason))?;
    let asked: BTreeSet<MemberId> = request.members.clone().unwrap_or_else(|| giving.clone()).into_iter().collect();
    tx.gather(tenant, &Needs { members: asked.clone(), feeds: parties(request), ..Needs::default() })?;
    let (giving, taking): (BTreeSet<_>, BTreeSet<_>) = (giving.into_iter().collect(), taking.into_iter().collect());
    let mut report = HandoverReport { dry_run: request.dry_run, done: Vec::new(), refused: Vec::new() };
    let mut count = taking.len();
    let since = now_ms.saturating_sub(limits.on_job_days.unsigned_abs() * DAY_MS);
    for member in asked {
        let recent_on_job = tx.recent_on_job(tenant, &member, since)?;
        let served_by_taker = taking.contains(&member);
        let candidate = Candidate { served_by_giver: giving.contains(&member), served_by_taker, recent_on_job };
        match check_member(request.kind, candidate, count, &limits) {
            Ok(()) => {
                count += usize::from(!served_by_taker);
                report.done.push(member);
            }
            Err(reason) => report.refused.push(RefusedMember { member, reason }),
        }
    }
    Ok((report, giver))
}

fn parties(request: &HandoverRequest) -> BTreeSet<GuideId> {
    BTreeSet::from([request.from.clone(), request.to.clone()])
}

fn apply(
    tx: &mut dyn Tx,
    tenant: &TenantId,
    request: &HandoverRequest,
    report: &HandoverReport,
    giver: Guide,
    now_ms: u64,
) -> Result<(), ServiceError> {
    let on_job = request.kind == HandoverKind::OnJob;
    if !on_job {
        let left = giver.left.or(Some(shanghai_day(now_ms)));
        tx.put_guide(tenant, &Guide { left, heir: Some(request.to.clone()), ..giver })?;
        close_all(tx, tenant, &request.from, now_ms)?;
    }
    let (from, to) = (&request.from, &request.to);
    let detail = json!({ "from": from, "to": to, "kind": request.kind });
    for member in &report.done {
        serving::end(tx, tenant, member, from, now_ms)?;
        serving::start(tx, tenant, member, to, "handover", now_ms)?;
        let entry = HandoverEntry { member: member.clone(), from: from.clone(), to: to.clone(), on_job, at_ms: now_ms };
        tx.put_handover(tenant, &entry)?;
        log_hq(tx, tenant, Some(member), "handover", detail.clone(), now_ms)?;
    }
    Ok(())
}
