//! Judges the members of one handover, one after the other, and carries out what it accepted.

use std::collections::BTreeSet;

use guidebook_domain::handover::{
    Candidate, HandoverKind, HandoverRefusal, HandoverState, Party, check_member, check_parties, due, on_job_since,
};
use guidebook_domain::{GuideId, Limits, MemberId, TenantId};
use guidebook_wire::ErrorCode;
use serde_json::json;

use crate::clock::{shanghai_day, shanghai_midnight_ms};
use crate::db::directory::Guide;
use crate::db::handovers::Handover;
use crate::db::needs::Needs;
use crate::db::{Result, Tx};
use crate::error::ServiceError;
use crate::hq::tell::log_hq;
use crate::service::leaving::close_all;
use crate::service::serving;

/// One handover from one guide to another.
pub struct Desk<'a> {
    tenant: &'a TenantId,
    kind: HandoverKind,
    from: Guide,
    to: GuideId,
    limits: &'a Limits,
    now_ms: u64,
    /// Since when on-job handovers count, Unix milliseconds.
    since_ms: u64,
    /// Members whom the taker serves or has been promised, those accepted here among them.
    load: usize,
}

impl<'a> Desk<'a> {
    /// Looks at both guides. Errors: a guide who is not there, or a [`HandoverRefusal`] of the whole as a conflict.
    pub fn open(
        tx: &mut dyn Tx,
        tenant: &'a TenantId,
        (kind, from, to): (HandoverKind, &GuideId, &GuideId),
        limits: &'a Limits,
        now_ms: u64,
    ) -> std::result::Result<Self, ServiceError> {
        tx.gather(tenant, &Needs { guides: BTreeSet::from([from.clone(), to.clone()]), ..Needs::default() })?;
        let giver = tx.guide(tenant, from)?.ok_or_else(|| ServiceError::not_found("from"))?;
        let taker = tx.guide(tenant, to)?.ok_or_else(|| ServiceError::not_found("to"))?;
        let party = |guide: &Guide| Party { guide: guide.id.clone(), left: guide.left };
        let today = shanghai_day(now_ms);
        check_parties(kind, &party(&giver), &party(&taker), today, limits)
            .map_err(|reason| ServiceError::about(ErrorCode::Conflict, "handover", reason))?;
        let load = tx.count_members_of(tenant, to)? + tx.count_waiting_for(tenant, to)?;
        let since_ms = shanghai_midnight_ms(on_job_since(today, limits));
        Ok(Desk { tenant, kind, from: giver, to: taker.id, limits, now_ms, since_ms, load })
    }

    /// Tells whom it will judge.
    pub fn call_up<'m>(&self, tx: &mut dyn Tx, members: impl IntoIterator<Item = &'m MemberId>) -> Result<()> {
        let feeds = BTreeSet::from([self.from.id.clone(), self.to.clone()]);
        tx.gather(self.tenant, &Needs { members: members.into_iter().cloned().collect(), feeds, ..Needs::default() })
    }

    /// Whether a member can be passed on. One who can is counted as the taker's from here on.
    pub fn judge(&mut self, tx: &mut dyn Tx, member: &MemberId) -> Result<std::result::Result<(), HandoverRefusal>> {
        let candidate = Candidate {
            served_by_giver: tx.serves(self.tenant, member, &self.from.id, None)?,
            served_by_taker: tx.serves(self.tenant, member, &self.to, None)?,
            waits_for_taker: tx.waiting_handover(self.tenant, member, &self.to)?.is_some(),
            recent_on_job: tx.recent_on_job(self.tenant, member, self.since_ms)?,
        };
        let checked = check_member(self.kind, candidate, self.load, self.limits);
        if checked.is_ok() && !candidate.served_by_taker {
            self.load += 1;
        }
        Ok(checked)
    }

    /// A giver who resigns has left from now on, and the taker is her heir.
    pub fn note_leaver(&self, tx: &mut dyn Tx) -> Result<()> {
        if self.kind == HandoverKind::OnJob {
            return Ok(());
        }
        let left = self.from.left.or(Some(shanghai_day(self.now_ms)));
        tx.put_guide(self.tenant, &Guide { left, heir: Some(self.to.clone()), ..self.from.clone() })?;
        close_all(tx, self.tenant, &self.from.id, self.now_ms)
    }

    /// Files a handover that was judged good: done if it is due already, else waiting.
    pub fn accept(&self, tx: &mut dyn Tx, member: &MemberId, job: Option<u64>, due_ms: u64) -> Result<HandoverState> {
        let at_once = due(due_ms, self.now_ms);
        let (state, ended_ms) = if at_once { (HandoverState::Done, Some(self.now_ms)) } else { (HandoverState::Waiting, None) };
        let (from, to) = (self.from.id.clone(), self.to.clone());
        let (member, asked_ms) = (member.clone(), self.now_ms);
        let handover = Handover { seq: 0, job, member, from, to, kind: self.kind, state, asked_ms, due_ms, ended_ms };
        tx.add_handover(self.tenant, &handover)?;
        if at_once {
            pass(tx, self.tenant, &handover.member, &handover, self.now_ms)?;
        }
        log_state(tx, self.tenant, &handover, self.now_ms)?;
        Ok(state)
    }
}

/// Takes `member` from the giver's feed and gives her to the taker's.
pub fn pass(tx: &mut dyn Tx, tenant: &TenantId, member: &MemberId, handover: &Handover, now_ms: u64) -> Result<()> {
    serving::end(tx, tenant, member, &handover.from, now_ms)?;
    serving::start(tx, tenant, member, &handover.to, "handover", now_ms)?;
    Ok(())
}

/// Writes the state of a handover into the change log.
pub fn log_state(tx: &mut dyn Tx, tenant: &TenantId, handover: &Handover, now_ms: u64) -> Result<()> {
    let Handover { from, to, kind, state, .. } = handover;
    let detail = json!({ "from": from, "to": to, "kind": kind, "state": state });
    log_hq(tx, tenant, Some(&handover.member), "handover", detail, now_ms)
}
