//! One edit of a push: judged once, applied once, remembered with its answer.

use std::sync::Arc;

use guidebook_domain::redirect::{Resolved, resolve};
use guidebook_domain::{
    Catalogue, Edit, EditProblem, EditReason, Editor, GuideId, Hlc, Limits, MemberId, Operation, OperationId, Outcome, Redirected, Refusal,
    check_edit,
};
use guidebook_wire::patch::edited;
use guidebook_wire::round::{OperationRecord, OutcomeRecord, ReceiptRecord};
use serde_json::{Value, json};

use super::coupons::{CouponSecret, issues};
use super::feeding::{self, News};
use super::session::DeviceSession;
use super::{merging, sent, serving, walk_in};
use crate::db::feeds::{EntityKind, PersonalTag};
use crate::db::operations::{Change, StoredOperation};
use crate::db::{Result, Tx};

/// What one push is judged by.
pub struct Desk<'a> {
    /// Who sends it.
    pub who: &'a DeviceSession,
    /// The same as the rules see her.
    pub editor: Editor,
    /// The tag dictionary.
    pub catalogue: Arc<Catalogue>,
    /// The rules' figures.
    pub limits: Limits,
    /// The device's key.
    pub key: [u8; 32],
    /// The secret behind coupons, where this server has any.
    pub coupons: Option<&'a CouponSecret>,
    /// When the guide left, if this is her last push, Unix milliseconds.
    pub closing_ms: Option<u64>,
    /// Who took her members then.
    pub heir: Option<GuideId>,
    /// The server's time, Unix milliseconds.
    pub now_ms: u64,
    /// The latest stamp under which an edit of this device was filed.
    pub last_hlc: Hlc,
}

/// An edit with today's member, tag and time, and what is to be answered.
struct Judged {
    operation: Operation,
    outcome: Outcome,
}

/// Judges one operation and stores the receipt. `None` for one that has no id to answer to.
pub fn reconcile(tx: &mut dyn Tx, desk: &mut Desk<'_>, record: &OperationRecord) -> Result<Option<ReceiptRecord>> {
    let Some(id) = record.id() else { return Ok(None) };
    if let Some(stored) = tx.operation(&desk.who.tenant, id)? {
        // Another device's receipt is not told: it may speak of members who are not this guide's.
        let outcome = if stored.device == desk.who.device { stored.outcome } else { Outcome::Refused(Refusal::NotYours) };
        return Ok(Some(receipt(id, outcome, stored.position)));
    }
    let stored = match record {
        OperationRecord::Known(operation) => {
            let judged = judge(tx, desk, operation)?;
            sent::note_own(tx, desk.who, id, &operation.edit, &judged.outcome, desk.now_ms)?;
            file(tx, desk, operation, judged)?
        }
        OperationRecord::Unknown(_) => {
            let stored = not_understood(tx, desk, id)?;
            log_refused_form(tx, desk, id)?;
            stored
        }
    };
    tx.put_operation(&desk.who.tenant, &stored)?;
    Ok(Some(receipt(id, stored.outcome, stored.position)))
}

fn receipt(op: OperationId, outcome: Outcome, position: u64) -> ReceiptRecord {
    ReceiptRecord { op, outcome: OutcomeRecord::Known(outcome), position }
}

fn judge(tx: &mut dyn Tx, desk: &mut Desk<'_>, sent: &Operation) -> Result<Judged> {
    let refused = |operation: Operation, refusal: Refusal| Ok(Judged { operation, outcome: Outcome::Refused(refusal) });
    if sent.device != desk.who.device || sent.guide != desk.who.guide {
        return refused(sent.clone(), Refusal::NotYours);
    }
    let Some(hlc) = filed_at(sent.hlc, desk) else { return refused(sent.clone(), Refusal::NotYourMember) };
    desk.last_hlc = desk.last_hlc.max(hlc);
    let sent = Operation { hlc, ..sent.clone() };
    let winner = match &sent.member {
        Some(member) => merging::stands_for(tx, &desk.who.tenant, member)?,
        None => None,
    };
    let resolved = match resolve(&sent, |_| winner.clone(), &desk.catalogue) {
        Ok(resolved) => resolved,
        Err(refusal) => {
            // Whether a tag was deleted is told only to who serves the member.
            let member = winner.or(sent.member.clone());
            let refusal = if serves(tx, desk, member.as_ref())? { refusal } else { Refusal::NotYourMember };
            return refused(sent, refusal);
        }
    };
    carry_out(tx, desk, resolved)
}

/// The stamp under which an edit is filed; none if it was made after its guide had left.
fn filed_at(hlc: Hlc, desk: &Desk<'_>) -> Option<Hlc> {
    let Some(left_ms) = desk.closing_ms else { return Some(hlc.clamped(desk.now_ms, desk.last_hlc)) };
    let wrong_clock = hlc.clamped(desk.now_ms, Hlc::default()) != hlc;
    if wrong_clock {
        return Some(hlc.clamped(left_ms, desk.last_hlc));
    }
    (hlc.unix_ms() <= left_ms).then_some(hlc)
}

fn serves(tx: &mut dyn Tx, desk: &Desk<'_>, member: Option<&MemberId>) -> Result<bool> {
    let Some(member) = member else { return Ok(false) };
    tx.serves(&desk.who.tenant, member, &desk.who.guide, desk.closing_ms)
}

fn carry_out(tx: &mut dyn Tx, desk: &Desk<'_>, resolved: Resolved) -> Result<Judged> {
    let Resolved { mut operation, redirected } = resolved;
    let outcome = match operation.edit.clone() {
        Edit::Enrol { walkin } => {
            if let Err(problem) = check(desk, &operation.edit, &Default::default()) {
                Outcome::Refused(Refusal::Rule(problem))
            } else {
                let (member, outcome) = walk_in::enrol(tx, desk, &operation, &walkin)?;
                operation.member = member.or(operation.member);
                outcome
            }
        }
        Edit::PersonalTag { tag, name } => match check(desk, &operation.edit, &Default::default()) {
            Err(problem) => Outcome::Refused(Refusal::Rule(problem)),
            Ok(()) => {
                name_personal_tag(tx, desk, PersonalTag { tag, name, hlc: operation.hlc, device: operation.device })?;
                Outcome::Applied
            }
        },
        // It changes nothing: that it was seen is told by the change log.
        Edit::Reveal { .. } if serves(tx, desk, operation.member.as_ref())? => redirected.map_or(Outcome::Applied, Outcome::Redirected),
        Edit::Reveal { .. } => Outcome::Refused(Refusal::NotYourMember),
        Edit::CouponIssued { event } => issues::issued(tx, desk, &operation, &event, redirected)?,
        Edit::CouponVoided { grant, turn } => issues::voided(tx, desk, grant, turn)?,
        Edit::CodesSurrendered { surrender } => issues::surrendered(tx, desk, &operation, &surrender)?,
        Edit::Tag { .. }
        | Edit::Choose { .. }
        | Edit::Note { .. }
        | Edit::WithdrawNote { .. }
        | Edit::FollowUp { .. }
        | Edit::FollowUpDone { .. }
        | Edit::Field { .. } => edit_member(tx, desk, &operation, redirected)?,
    };
    Ok(Judged { operation, outcome })
}

fn check(desk: &Desk<'_>, edit: &Edit, state: &guidebook_domain::MemberState) -> std::result::Result<(), EditProblem> {
    match check_edit(edit, &desk.editor, state, &desk.catalogue, &desk.limits) {
        // An edit that changes nothing still has its time, and may win by it.
        Err(EditProblem { reason: EditReason::NoChange, .. }) => Ok(()),
        other => other,
    }
}

fn edit_member(tx: &mut dyn Tx, desk: &Desk<'_>, operation: &Operation, redirected: Option<Redirected>) -> Result<Outcome> {
    let tenant = &desk.who.tenant;
    let Some(member) = &operation.member else { return Ok(Outcome::Refused(Refusal::NotYourMember)) };
    let state = if serves(tx, desk, Some(member))? { tx.state(tenant, member)? } else { None };
    let Some(mut state) = state else { return Ok(Outcome::Refused(Refusal::NotYourMember)) };
    if let Err(problem) = check(desk, &operation.edit, &state) {
        return Ok(Outcome::Refused(Refusal::Rule(problem)));
    }
    if let Some(superseded) = state.apply(operation) {
        return Ok(Outcome::Superseded(superseded));
    }
    tx.put_state(tenant, member, &state)?;
    let path = edited(operation.id, &operation.edit);
    let news = path.as_ref().map_or(News::Whole, |path| News::Fields(std::slice::from_ref(path)));
    serving::tell(tx, tenant, member, news)?;
    Ok(redirected.map_or(Outcome::Applied, Outcome::Redirected))
}

/// The last writer's name holds, by (HLC, device).
fn name_personal_tag(tx: &mut dyn Tx, desk: &Desk<'_>, tag: PersonalTag) -> Result<()> {
    let (tenant, guide) = (&desk.who.tenant, &desk.who.guide);
    let held = tx.personal_tag(tenant, guide, &tag.tag)?;
    if held.is_some_and(|held| (held.hlc, held.device) > (tag.hlc, tag.device)) {
        return Ok(());
    }
    tx.put_personal_tag(tenant, guide, &tag)?;
    feeding::put(tx, tenant, guide, EntityKind::PersonalTag, tag.tag.as_str(), News::Whole)?;
    Ok(())
}

/// The receipt of a judged operation, and its line in the change log.
fn file(tx: &mut dyn Tx, desk: &Desk<'_>, sent: &Operation, judged: Judged) -> Result<StoredOperation> {
    let Judged { operation, outcome } = judged;
    tx.log(
        &desk.who.tenant,
        &Change {
            seq: 0,
            at_ms: desk.now_ms,
            device_ms: Some(sent.hlc.unix_ms()),
            device: desk.who.device,
            guide: desk.who.guide.clone(),
            op: Some(sent.id),
            member: operation.member.clone(),
            kind: kind(&operation.edit).to_owned(),
            detail: detail(&operation.edit, &outcome),
            outcome: word(&outcome).to_owned(),
        },
    )?;
    Ok(StoredOperation {
        id: sent.id,
        device: desk.who.device,
        sent_to: sent.member.clone(),
        sent_hlc: sent.hlc,
        operation: Some(operation),
        outcome,
        position: tx.feed_head(&desk.who.tenant, &desk.who.guide)?.position,
        received_ms: desk.now_ms,
    })
}

fn not_understood(tx: &mut dyn Tx, desk: &Desk<'_>, id: OperationId) -> Result<StoredOperation> {
    Ok(StoredOperation {
        id,
        device: desk.who.device,
        sent_to: None,
        sent_hlc: Hlc::default(),
        operation: None,
        outcome: Outcome::Refused(Refusal::NotUnderstood),
        position: tx.feed_head(&desk.who.tenant, &desk.who.guide)?.position,
        received_ms: desk.now_ms,
    })
}

fn log_refused_form(tx: &mut dyn Tx, desk: &Desk<'_>, id: OperationId) -> Result<()> {
    let (device, guide) = (desk.who.device, desk.who.guide.clone());
    let (kind, outcome) = ("unknown".to_owned(), "refused".to_owned());
    let detail = json!({ "outcome": "not_understood" });
    tx.log(
        &desk.who.tenant,
        &Change { seq: 0, at_ms: desk.now_ms, device_ms: None, device, guide, op: Some(id), member: None, kind, detail, outcome },
    )?;
    Ok(())
}

/// The edit's kind in one word.
fn kind(edit: &Edit) -> &'static str {
    match edit {
        Edit::Tag { .. } => "tag",
        Edit::Choose { .. } => "choose",
        Edit::Note { .. } => "note",
        Edit::WithdrawNote { .. } => "withdraw_note",
        Edit::FollowUp { .. } => "follow_up",
        Edit::FollowUpDone { .. } => "follow_up_done",
        Edit::Field { .. } => "field",
        Edit::Enrol { .. } => "enrol",
        Edit::PersonalTag { .. } => "personal_tag",
        Edit::Reveal { .. } => "reveal",
        Edit::CouponIssued { .. } => "coupon_issued",
        Edit::CouponVoided { .. } => "coupon_voided",
        Edit::CodesSurrendered { .. } => "codes_surrendered",
    }
}

/// The outcome's kind in one word.
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Applied => "applied",
        Outcome::Superseded(_) => "superseded",
        Outcome::Redirected(_) => "redirected",
        Outcome::Refused(_) => "refused",
    }
}

fn detail(edit: &Edit, outcome: &Outcome) -> Value {
    json!({ "edit": edit, "outcome": outcome })
}
