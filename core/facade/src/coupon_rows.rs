//! Campaigns, coupons and cards as the shells see them.

use std::collections::BTreeMap;

use guidebook_domain::coupon::{Campaign, Face, Validity, code128, qr};
use guidebook_domain::{CampaignId, GrantId, MemberId, Outcome, StoreId, store_day};
use guidebook_store::coupons::{CouponEntry, CouponState, Left};
use guidebook_store::{Fate, Store, StoreError};
use guidebook_wire::{MemberCouponRecord, MemberCouponState};

use crate::GuidebookError;
use crate::coupon_view::*;
use crate::edit_rows::{campaign_name, refused_reason};
use crate::edit_view::RefusedReason;
use crate::reading::brand_name;

/// A campaign and what is left of it.
pub(crate) fn campaign_row(
    store: &mut Store,
    id: &CampaignId,
    why_not: Option<CouponProblem>,
    now_ms: u64,
) -> Result<CampaignRow, GuidebookError> {
    let left = match store.codes_left(id, now_ms) {
        Ok(left) => left,
        // `why_not` says which.
        Err(StoreError::NoMarks | StoreError::CannotIssue(_)) => Vec::new(),
        Err(other) => return Err(other.into()),
    };
    let campaign = store.campaigns().find(|campaign| campaign.id == *id).ok_or(StoreError::NotFound)?;
    Ok(CampaignRow {
        id: campaign.id.to_string(),
        name: campaign.name.clone(),
        face: face(&campaign.face),
        least_spend_fen: campaign.least_spend_fen,
        validity: match campaign.validity {
            Validity::FromIssue { days } => CouponValidity::FromIssue { days: days.into() },
            Validity::Fixed { from, to } => CouponValidity::Fixed { from: from.to_string(), to: to.to_string() },
        },
        stores: store_names(store, campaign),
        brands: campaign.brands.iter().map(|brand| brand_name(store, brand)).collect(),
        products: campaign.products.clone(),
        per_member: campaign.per_member,
        stackable: campaign.stackable,
        values: campaign.face.values().into_iter().map(|value| value_row(campaign, value, &left)).collect(),
        why_not,
    })
}

fn value_row(campaign: &Campaign, value: u32, left: &[Left]) -> ValueRow {
    let of_value = left.iter().find(|left| left.value == value);
    ValueRow {
        value,
        worth: worth(&campaign.face, value),
        left: of_value.map_or(0, |left| u32::try_from(left.codes).unwrap_or(u32::MAX)),
        lease_until_ms: of_value.and_then(|left| left.lease_until_ms),
    }
}

/// A coupon in a list.
pub(crate) fn coupon_row(store: &Store, entry: &CouponEntry) -> Result<CouponRow, GuidebookError> {
    let CouponEntry { id, campaign, event, state, .. } = entry;
    // She may have become another member, or have left the book.
    let member = match store.member(&event.member) {
        Ok(view) => Some(view.record),
        Err(StoreError::NotFound) => None,
        Err(other) => return Err(other.into()),
    };
    let issued = store_day(event.at_ms);
    Ok(CouponRow {
        id: id.to_string(),
        member: member.as_ref().map_or_else(|| event.member.to_string(), |record| record.id.to_string()),
        member_name: member.map(|record| record.profile.name.expose().to_owned()),
        campaign: campaign.id.to_string(),
        campaign_name: campaign.name.clone(),
        worth: worth(&campaign.face, event.value),
        issued_ms: event.at_ms,
        first_day: match campaign.validity {
            Validity::Fixed { from, .. } => from.max(issued),
            Validity::FromIssue { .. } => issued,
        }
        .to_string(),
        last_day: last_day(event.expires_ms),
        status: status(state),
        waiting: store.operation(*id).is_ok_and(|entry| entry.fate == Fate::Waiting),
    })
}

/// A coupon to be shown.
pub(crate) fn coupon_card(store: &Store, entry: CouponEntry) -> Result<CouponCard, GuidebookError> {
    let row = coupon_row(store, &entry)?;
    // What HQ signs fits; what does not is no coupon of ours.
    let modules = qr::modules(&entry.voucher.0).map_err(|_| GuidebookError::StorageFault)?;
    let bars = code128::bars(&entry.code.plain()).map_err(|_| GuidebookError::StorageFault)?;
    Ok(CouponCard {
        row,
        code: entry.code.grouped(),
        voucher: entry.voucher.0.clone(),
        qr: QrModules { side: qr::SIDE as u32, modules: modules.iter().flatten().map(|dark| u8::from(*dark)).collect() },
        bars,
        least_spend_fen: entry.campaign.least_spend_fen,
        stores: store_names(store, &entry.campaign),
        products: entry.campaign.products.clone(),
        stackable: entry.campaign.stackable,
    })
}

/// A member's coupons: the server's word, and what this phone has done since.
pub(crate) fn member_coupons(store: &Store, member: &MemberId, now_ms: u64) -> Result<Vec<MemberCouponRow>, GuidebookError> {
    let told = store.member(member)?.record.coupons();
    let own: BTreeMap<(GrantId, u64), CouponEntry> =
        store.coupons_of(member, now_ms)?.into_iter().map(|entry| ((entry.event.grant, entry.event.turn), entry)).collect();
    let others = told.iter().filter(|coupon| !own.contains_key(&(coupon.grant, coupon.turn)));
    let mut rows: Vec<MemberCouponRow> = others.map(|coupon| others_coupon(store, coupon, now_ms)).collect();
    rows.extend(own.values().map(|entry| MemberCouponRow {
        coupon: Some(entry.id.to_string()),
        campaign: entry.campaign.id.to_string(),
        campaign_name: entry.campaign.name.clone(),
        worth: Some(worth(&entry.campaign.face, entry.event.value)),
        issued_ms: entry.event.at_ms,
        last_day: last_day(entry.event.expires_ms),
        status: status(&entry.state),
    }));
    rows.sort_by_key(|row| std::cmp::Reverse(row.issued_ms));
    Ok(rows)
}

fn others_coupon(store: &Store, coupon: &MemberCouponRecord, now_ms: u64) -> MemberCouponRow {
    let campaign = store.campaigns().find(|campaign| campaign.id == coupon.campaign);
    MemberCouponRow {
        coupon: None,
        campaign: coupon.campaign.to_string(),
        campaign_name: campaign_name(store, &coupon.campaign),
        worth: campaign.map(|campaign| worth(&campaign.face, coupon.value)),
        issued_ms: coupon.issued_ms,
        last_day: last_day(coupon.expires_ms),
        status: match coupon.state {
            MemberCouponState::Redeemed => CouponStatus::Redeemed,
            MemberCouponState::Void => CouponStatus::Void,
            MemberCouponState::Issued if store.corrected_ms(now_ms) >= coupon.expires_ms => CouponStatus::Expired,
            MemberCouponState::Issued => CouponStatus::HandedOver,
        },
    }
}

fn status(state: &CouponState) -> CouponStatus {
    match state {
        CouponState::Issued => CouponStatus::Issued,
        CouponState::HandedOver => CouponStatus::HandedOver,
        CouponState::Redeemed => CouponStatus::Redeemed,
        CouponState::Expired => CouponStatus::Expired,
        CouponState::Void => CouponStatus::Void,
        CouponState::Refused(fate) => CouponStatus::Refused {
            reason: match &**fate {
                Fate::Answered(Outcome::Refused(refusal)) => refused_reason(refusal),
                Fate::Answered(Outcome::Applied | Outcome::Redirected(_) | Outcome::Superseded(_))
                | Fate::Waiting
                | Fate::NotUnderstood => RefusedReason::NotUnderstood,
            },
        },
    }
}

fn face(face: &Face) -> CouponFace {
    match face {
        Face::Amount { fen } => CouponFace::Amount { fen: *fen },
        Face::Range { least_fen, most_fen, step_fen } => {
            CouponFace::Range { least_fen: *least_fen, most_fen: *most_fen, step_fen: *step_fen }
        }
        Face::Percent { basis_points, cap_fen } => CouponFace::Percent { basis_points: (*basis_points).into(), cap_fen: *cap_fen },
        Face::Gift { name, .. } => CouponFace::Gift { name: name.clone() },
    }
}

fn worth(face: &Face, value: u32) -> CouponWorth {
    match face {
        Face::Amount { .. } | Face::Range { .. } => CouponWorth::Amount { fen: value },
        Face::Percent { basis_points, cap_fen } => CouponWorth::Percent { basis_points: (*basis_points).into(), cap_fen: *cap_fen },
        Face::Gift { name, .. } => CouponWorth::Gift { name: name.clone() },
    }
}

/// The last day of a coupon that is over at this moment.
fn last_day(expires_ms: u64) -> String {
    store_day(expires_ms.saturating_sub(1)).to_string()
}

fn store_names(store: &Store, campaign: &Campaign) -> Vec<String> {
    let name = |id: &StoreId| {
        let known = store.directory().stores.iter().find(|known| known.id == *id);
        known.map_or_else(|| id.to_string(), |known| known.name.clone())
    };
    campaign.stores.iter().map(name).collect()
}
