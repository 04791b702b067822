//! All members of a guide, handed over in batches. What was looked at stands in the job's row, in the transaction of the
//! batch itself, so that a job goes on where it was whenever the process ended, and two servers may both go on with it.

use guidebook_domain::{Limits, TenantId};
use guidebook_wire::ErrorCode;

use super::desk::Desk;
use super::request::{HandoverReport, HandoverRequest, RefusedMember};
use crate::db::handovers::{HandoverFilter, HandoverJob};
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::{ServerError, ServiceError};

/// A job whose last batch is so old, in milliseconds, was left by whoever did it.
const LEFT_AFTER_MS: u64 = 60_000;

/// Begins a job, or goes on with it where the same was asked for before, and does all of it.
pub fn run(
    db: &dyn Database,
    tenant: &TenantId,
    request: &HandoverRequest,
    limits: &Limits,
    now_ms: u64,
) -> Result<HandoverReport, ServiceError> {
    let id = start(db, tenant, request, limits, now_ms)?;
    while !step(db, tenant, id, limits, now_ms)? {}
    report(db, tenant, id)
}

/// Begins a job: the giver who resigns has left from now on, no member is passed on yet. A call sent again, whose job is not
/// at its end, gets that job.
pub fn start(db: &dyn Database, tenant: &TenantId, request: &HandoverRequest, limits: &Limits, now_ms: u64) -> Result<u64, ServiceError> {
    db.writing(Write::Ownership, |tx| {
        match tx.open_job_of(tenant, &request.from)? {
            Some(job) if job.was_asked_for_by(request, limits) => return Ok(job.id),
            Some(job) => return Err(busy(&job)),
            None => {}
        }
        let desk = Desk::open(tx, tenant, (request.kind, &request.from, &request.to), limits, now_ms)?;
        desk.note_leaver(tx)?;
        let (from, to, kind, due_ms) = (request.from.clone(), request.to.clone(), request.kind, request.due_ms(limits, now_ms));
        let (asked_ms, step_ms) = (now_ms, now_ms);
        let job = HandoverJob { id: 0, from, to, kind, asked_ms, due_ms, step_ms, after: None, ended: false, stopped: None };
        Ok(tx.add_job(tenant, &job)?)
    })
}

impl HandoverJob {
    /// Whether `request` asks for what began this job.
    fn was_asked_for_by(&self, request: &HandoverRequest, limits: &Limits) -> bool {
        let HandoverRequest { from, to, kind, members: _, effective: _, dry_run: _ } = request;
        (&self.from, &self.to, self.kind, self.due_ms) == (from, to, *kind, request.due_ms(limits, self.asked_ms))
    }
}

/// Why no other handover by whole guide begins, nor is foretold, while `job` runs.
pub fn busy(job: &HandoverJob) -> ServiceError {
    ServiceError::about(ErrorCode::Conflict, "from", format!("job {} hands her members over", job.id))
}

/// Does the next batch of a job; whether it has ended.
pub fn step(db: &dyn Database, tenant: &TenantId, id: u64, limits: &Limits, now_ms: u64) -> Result<bool, ServiceError> {
    db.writing(Write::Ownership, |tx| {
        let mut job = tx.job(tenant, id)?.ok_or(ServerError::Corrupt("a job"))?;
        if job.ended {
            return Ok(true);
        }
        batch(tx, tenant, &mut job, limits, now_ms)?;
        job.step_ms = now_ms;
        tx.put_job(tenant, &job)?;
        Ok(job.ended)
    })
}

fn batch(tx: &mut dyn Tx, tenant: &TenantId, job: &mut HandoverJob, limits: &Limits, now_ms: u64) -> Result<(), ServiceError> {
    let mut desk = match Desk::open(tx, tenant, (job.kind, &job.from, &job.to), limits, now_ms) {
        Ok(desk) => desk,
        // Since the last batch one of the two has left.
        Err(ServiceError::Refused(why)) => {
            (job.ended, job.stopped) = (true, Some(why.to_string()));
            return Ok(());
        }
        Err(other) => return Err(other),
    };
    let members = tx.members_of_after(tenant, &job.from, job.after.as_ref(), limits.handover_members)?;
    desk.call_up(tx, &members)?;
    job.ended = members.len() < limits.handover_members;
    for member in members {
        match desk.judge(tx, &member)? {
            Ok(()) => drop(desk.accept(tx, &member, Some(job.id), job.due_ms)?),
            Err(reason) => tx.refuse_in_job(tenant, job.id, &member, &reason)?,
        }
        job.after = Some(member);
    }
    Ok(())
}

/// Goes on with the jobs, of all retailers, that nobody works on; how many it ended.
pub fn resume(db: &dyn Database, limits: &Limits, now_ms: u64) -> Result<usize, ServiceError> {
    let mut ended = 0;
    while let Some((tenant, id)) = db.reading(|tx| tx.stale_job(now_ms.saturating_sub(LEFT_AFTER_MS)))? {
        while !step(db, &tenant, id, limits, now_ms)? {}
        ended += 1;
    }
    Ok(ended)
}

/// What a job has done so far. Members whom a customer's refusal or a full taker has stopped since are not in it.
pub fn report(db: &dyn Database, tenant: &TenantId, id: u64) -> Result<HandoverReport, ServiceError> {
    db.reading(|tx| {
        let job = tx.job(tenant, id)?.ok_or_else(|| ServiceError::not_found("job"))?;
        let HandoverJob { ended, stopped, due_ms, .. } = job;
        let mut report = HandoverReport { job: Some(id), ended, stopped, due_ms, ..HandoverReport::default() };
        let filter = HandoverFilter { job: Some(id), ..HandoverFilter::default() };
        for handover in tx.handovers_after(tenant, &filter, 0, i64::MAX as usize)? {
            report.add(handover.member, Ok(handover.state));
        }
        let refused = tx.refused_in_job(tenant, id)?;
        report.refused = refused.into_iter().map(|(member, reason)| RefusedMember { member, reason }).collect();
        Ok(report)
    })
}
