//! Handovers of members, done and waiting, and the jobs that hand over all members of a guide.

use std::collections::BTreeMap;

use guidebook_domain::handover::{HandoverKind, HandoverRefusal, HandoverState};
use guidebook_domain::{GuideId, MemberId, TenantId};

use super::Result;

/// One member passed on, or waiting to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// Its number in this retailer, counted from 1; given by [`HandoverTx::add_handover`].
    pub seq: u64,
    /// The job that it belongs to, if it was asked for by whole guide.
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
    /// When it ended, Unix milliseconds; none while it waits.
    pub ended_ms: Option<u64>,
}

/// Which handovers to list. What is not given does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandoverFilter {
    /// Of this member.
    pub member: Option<MemberId>,
    /// By this guide.
    pub from: Option<GuideId>,
    /// To this guide.
    pub to: Option<GuideId>,
    /// In this state.
    pub state: Option<HandoverState>,
    /// Of this job.
    pub job: Option<u64>,
}

/// A handover of all members of a guide, done in batches, each in its own transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverJob {
    /// Its number in this retailer, counted from 1; given by [`HandoverTx::add_job`].
    pub id: u64,
    /// The giver.
    pub from: GuideId,
    /// The taker.
    pub to: GuideId,
    /// Whether the giver stays.
    pub kind: HandoverKind,
    /// When it was asked for, Unix milliseconds.
    pub asked_ms: u64,
    /// When its handovers take effect, Unix milliseconds.
    pub due_ms: u64,
    /// When its last batch was done, Unix milliseconds.
    pub step_ms: u64,
    /// The last member, by id, who was looked at.
    pub after: Option<MemberId>,
    /// Whether all were looked at, or it was stopped.
    pub ended: bool,
    /// Why it was stopped before all were looked at.
    pub stopped: Option<String>,
}

/// Rows of handovers. A guide has at most one job that has not ended; a member waits at most once for each taker.
pub trait HandoverTx {
    /// Adds a handover and gives its number.
    fn add_handover(&mut self, tenant: &TenantId, handover: &Handover) -> Result<u64>;
    /// Ends a handover that waits; whether it did.
    fn end_handover(&mut self, tenant: &TenantId, seq: u64, state: HandoverState, ended_ms: u64) -> Result<bool>;
    /// The handover by which the member waits to pass to this taker.
    fn waiting_handover(&mut self, tenant: &TenantId, member: &MemberId, taker: &GuideId) -> Result<Option<Handover>>;
    /// Waiting handovers of this retailer, or of all, that are due at `now_ms`: by time, then number, at most `limit`. In a
    /// write transaction of a storage with many writers they are locked, and those locked elsewhere passed over.
    fn handovers_due(&mut self, tenant: Option<&TenantId>, now_ms: u64, limit: usize) -> Result<Vec<(TenantId, Handover)>>;
    /// Handovers with a number after `after`, by number, at most `limit`.
    fn handovers_after(&mut self, tenant: &TenantId, filter: &HandoverFilter, after: u64, limit: usize) -> Result<Vec<Handover>>;
    /// On-job handovers of a member: those that wait, and those done at `since_ms` or later.
    fn recent_on_job(&mut self, tenant: &TenantId, member: &MemberId, since_ms: u64) -> Result<usize>;
    /// How many members `guide` serves today.
    fn count_members_of(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<usize>;
    /// How many members each guide serves today; a guide who serves none is not in it.
    fn count_members_by_guide(&mut self, tenant: &TenantId) -> Result<BTreeMap<GuideId, usize>>;
    /// How many members, whom she does not serve already, wait to pass to `guide`.
    fn count_waiting_for(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<usize>;
    /// The members whom `guide` serves today with an id after `after`, by id, at most `limit`.
    fn members_of_after(&mut self, tenant: &TenantId, guide: &GuideId, after: Option<&MemberId>, limit: usize) -> Result<Vec<MemberId>>;
    /// Adds a job and gives its number.
    fn add_job(&mut self, tenant: &TenantId, job: &HandoverJob) -> Result<u64>;
    /// A job; in a write transaction of a storage with many writers its row is locked.
    fn job(&mut self, tenant: &TenantId, id: u64) -> Result<Option<HandoverJob>>;
    /// The guide's job that has not ended.
    fn open_job_of(&mut self, tenant: &TenantId, from: &GuideId) -> Result<Option<HandoverJob>>;
    /// The oldest job, of any retailer, that has not ended and whose last batch was done before `before_ms`.
    fn stale_job(&mut self, before_ms: u64) -> Result<Option<(TenantId, u64)>>;
    /// Replaces the progress of a job: `step_ms`, `after`, `ended`, `stopped`.
    fn put_job(&mut self, tenant: &TenantId, job: &HandoverJob) -> Result<()>;
    /// Notes that a job does not pass this member on.
    fn refuse_in_job(&mut self, tenant: &TenantId, job: u64, member: &MemberId, reason: &HandoverRefusal) -> Result<()>;
    /// The members whom a job does not pass on, by id, and why.
    fn refused_in_job(&mut self, tenant: &TenantId, job: u64) -> Result<Vec<(MemberId, HandoverRefusal)>>;
}
