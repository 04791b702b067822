//! Edits as rows, with what became of each.

use guidebook_domain::{CampaignId, Edit, Outcome, Refusal, RevealReason, TagId, coupon};
use guidebook_store::{Fate, OperationEntry, Store};

use crate::coupon_view::CouponRefusal;
use crate::edit_view::*;
use crate::reading::guide_name;

pub(crate) fn edit_row(store: &Store, entry: &OperationEntry) -> EditRow {
    let operation = &entry.operation;
    let kind = match &operation.edit {
        Edit::Tag { .. } => EditKind::Tag,
        Edit::Choose { .. } => EditKind::Choice,
        Edit::Note { .. } => EditKind::Note,
        Edit::WithdrawNote { .. } => EditKind::NoteWithdrawal,
        Edit::FollowUp { .. } => EditKind::FollowUp,
        Edit::FollowUpDone { .. } => EditKind::FollowUpDone,
        Edit::Field { .. } => EditKind::Field,
        Edit::Enrol { .. } => EditKind::Enrolment,
        Edit::PersonalTag { .. } => EditKind::PersonalTag,
        Edit::Reveal { .. } => EditKind::Reveal,
        Edit::CouponIssued { .. } => EditKind::Coupon,
        Edit::CouponVoided { .. } => EditKind::CouponVoid,
        Edit::CodesSurrendered { .. } => EditKind::Surrender,
    };
    EditRow {
        id: operation.id.to_string(),
        member: operation.member.as_ref().map(ToString::to_string),
        kind,
        what: in_short(store, &operation.edit),
        at_ms: operation.hlc.unix_ms(),
        fate: edit_fate(store, &entry.fate),
        undoable: entry.inverse.is_some() && entry.fate.holds(),
    }
}

fn edit_fate(store: &Store, fate: &Fate) -> EditFate {
    match fate {
        Fate::Waiting => EditFate::Waiting,
        Fate::NotUnderstood => EditFate::Refused { reason: RefusedReason::NotUnderstood },
        Fate::Answered(Outcome::Applied) => EditFate::Applied,
        Fate::Answered(Outcome::Superseded(by)) => {
            EditFate::Superseded { guide: guide_name(store, &by.guide), at_ms: by.at.unix_ms(), with: in_short(store, &by.with) }
        }
        Fate::Answered(Outcome::Redirected(to)) => {
            EditFate::Redirected { member: to.member.as_ref().map(ToString::to_string), tag: to.tag.as_ref().map(ToString::to_string) }
        }
        Fate::Answered(Outcome::Refused(refusal)) => EditFate::Refused { reason: refused_reason(refusal) },
    }
}

pub(crate) fn refused_reason(refusal: &Refusal) -> RefusedReason {
    match refusal {
        Refusal::NotYourMember => RefusedReason::NotYourMember,
        Refusal::TagDeleted(tag) => RefusedReason::TagDeleted { tag: tag.to_string() },
        Refusal::Rule(problem) => RefusedReason::Invalid { field: problem.field.clone(), reason: problem.reason.clone().into() },
        Refusal::NotYours => RefusedReason::NotYours,
        Refusal::Coupon(refusal) => RefusedReason::Coupon { reason: coupon_refusal(*refusal) },
        Refusal::NotUnderstood => RefusedReason::NotUnderstood,
    }
}

fn coupon_refusal(refusal: coupon::CouponRefusal) -> CouponRefusal {
    match refusal {
        coupon::CouponRefusal::NotSigned => CouponRefusal::NotSigned,
        coupon::CouponRefusal::NotLeased => CouponRefusal::NotLeased,
        coupon::CouponRefusal::GivenTwice => CouponRefusal::GivenTwice,
        coupon::CouponRefusal::Surrendered => CouponRefusal::Surrendered,
        coupon::CouponRefusal::Voided => CouponRefusal::Voided,
        coupon::CouponRefusal::Reserved => CouponRefusal::Reserved,
        coupon::CouponRefusal::Redeemed => CouponRefusal::Redeemed,
        coupon::CouponRefusal::Expired => CouponRefusal::Expired,
    }
}

/// What an edit does, in short and in no language: `+Name`, `-Name`, the text, the day, the reason in one word of the API.
fn in_short(store: &Store, edit: &Edit) -> String {
    let sign = |on: bool| if on { '+' } else { '-' };
    match edit {
        Edit::Tag { tag, on } => format!("{}{}", sign(*on), tag_name(store, tag)),
        Edit::Choose { tag, .. } => tag.as_ref().map_or("-".to_owned(), |tag| format!("={}", tag_name(store, tag))),
        Edit::Note { text } => text.expose().to_owned(),
        Edit::FollowUp { text, due } => format!("{due} {}", text.expose()),
        Edit::WithdrawNote { withdrawn, .. } => sign(!*withdrawn).to_string(),
        Edit::FollowUpDone { done, .. } => sign(*done).to_string(),
        Edit::Field { value, .. } => value.expose().to_owned(),
        Edit::Enrol { walkin } => walkin.name.expose().to_owned(),
        Edit::PersonalTag { name, .. } => name.expose().to_owned(),
        Edit::Reveal { reason } => reveal_reason(*reason).to_owned(),
        Edit::CouponIssued { event } => campaign_name(store, &event.event.campaign),
        Edit::CouponVoided { .. } => sign(false).to_string(),
        Edit::CodesSurrendered { surrender } => surrender.surrender.turns.len().to_string(),
    }
}

pub(crate) fn campaign_name(store: &Store, campaign: &CampaignId) -> String {
    let known = store.campaigns().find(|known| known.id == *campaign);
    known.map_or_else(|| campaign.to_string(), |known| known.name.clone())
}

fn tag_name(store: &Store, tag: &TagId) -> String {
    store.catalogue().tag(tag).map_or_else(|| tag.to_string(), |tag| tag.name.clone())
}

fn reveal_reason(reason: RevealReason) -> &'static str {
    match reason {
        RevealReason::Call => "call",
        RevealReason::Message => "message",
        RevealReason::Delivery => "delivery",
        RevealReason::Other => "other",
    }
}
