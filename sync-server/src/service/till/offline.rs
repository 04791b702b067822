//! What a till took without a network, told afterwards. The customer is gone with what she bought; so nothing is undone. What
//! fits is booked; what does not is a conflict that the store bears: two lanes that were both offline are found out here,
//! they could not be kept from it.

use guidebook_domain::coupon::{Campaign, CouponCode, SignedVoucher};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::calls::known;
use super::conduct::take_call;
use super::decide::money_fen;
use crate::db::coupons::{Coupon, CouponState};
use crate::db::grants::Conflict;
use crate::db::tills::{Redemption, Terminal};
use crate::db::{Database, DatabaseExt, Result as DbResult, Tx, Write};
use crate::error::{ServerError, ServiceError};
use crate::service::coupons::CouponSecret;
use crate::service::hash;
use guidebook_wire::ErrorCode;

/// The most redemptions of one upload.
pub const MOST: usize = 100;

/// A till without a network stops taking coupons after so long, in milliseconds. What is older is booked and reported.
pub const LONGEST_OUTAGE_MS: u64 = 24 * 3_600_000;

/// A coupon is taken offline up to this, fen. What is more is booked and reported.
pub const MOST_FEN: u64 = 5_000;

/// What a till took.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenRequest {
    /// Made once by the till. The same again changes nothing.
    pub id: Uuid,
    /// The voucher that it scanned.
    pub voucher: String,
    /// When, Unix milliseconds, by the till.
    pub at_ms: u64,
    /// The till's own number of the sale.
    #[serde(default)]
    pub receipt: String,
    /// What was spent, fen.
    #[serde(default)]
    pub spend_fen: Option<u32>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TakenLine {
    /// The till's id of it.
    pub id: Uuid,
    /// `booked`, `conflict`, or `later` where another till holds the code at this moment: to be sent again.
    pub outcome: &'static str,
    /// Of a conflict: what does not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// Books what a till took, each in a transaction of its own.
///
/// Errors: `signed_out`; `too_large` for more than [`MOST`]; `busy` for a till that asks too often.
pub fn upload(
    db: &dyn Database,
    secret: &CouponSecret,
    till: &str,
    taken: &[TakenRequest],
    now_ms: u64,
) -> Result<Vec<TakenLine>, ServiceError> {
    if taken.len() > MOST {
        return Err(ServiceError::about(ErrorCode::TooLarge, "redemptions", format!("at most {MOST}")));
    }
    let till = hash(till);
    let terminal = db.writing(Write::Till, |tx| {
        let mut terminal = known(tx, &till)?;
        take_call(&mut terminal.conduct, now_ms).map_err(|_| ServiceError::Server(ServerError::Busy { come_back_s: 60 }))?;
        tx.put_terminal(&terminal)?;
        Ok::<_, ServiceError>(terminal)
    })?;
    let book = |one: &TakenRequest| Ok(db.writing(Write::Till, |tx| book(tx, secret, &terminal, one, now_ms))?);
    taken.iter().map(book).collect()
}

fn book(tx: &mut dyn Tx, secret: &CouponSecret, terminal: &Terminal, taken: &TakenRequest, now_ms: u64) -> DbResult<TakenLine> {
    let tenant = &terminal.tenant;
    let line = |outcome, kind: Option<String>| Ok(TakenLine { id: taken.id, outcome, kind });
    if tx.redemption(tenant, taken.id)?.is_some() {
        return line("booked", None);
    }
    if let Some(before) = tx.conflict(tenant, &conflict_id(taken.id))? {
        return line("conflict", Some(before.kind));
    }
    let Ok(signed) = SignedVoucher::decode(&taken.voucher) else { return line("conflict", Some("no_voucher".to_owned())) };
    let code = signed.unverified().code.clone();
    let coupon = tx.coupon_of_hash(tenant, &secret.codes(tenant).hash(&code))?;
    let Some(coupon) = coupon else { return unknown(tx, secret, terminal, taken, &code, now_ms) };
    let row = tx.look_at_campaign(tenant, &coupon.campaign)?.ok_or(ServerError::Corrupt("a code's campaign"))?;
    let value = coupon.lease.as_ref().map_or(0, |lease| lease.value);
    let fen = money_fen(&row.campaign, value, taken.spend_fen);
    if same_sale(tx, terminal, &coupon, taken)? {
        return line("booked", None);
    }
    let problem = match coupon.state {
        CouponState::Free => Some("unknown"),
        CouponState::Redeemed => Some("second"),
        CouponState::Void => Some("void"),
        CouponState::Reserved if held_elsewhere(terminal, &coupon, now_ms) => return line("later", None),
        // By its voucher, which is all that a till without a network has.
        _ if coupon.lease.as_ref().is_some_and(|lease| taken.at_ms >= lease.expires_ms) => Some("expired"),
        CouponState::Leased | CouponState::Issued | CouponState::Reserved => None,
    };
    if let Some(kind) = problem {
        let conflict = conflict_of(terminal, taken, kind, Some(&row.campaign), fen, now_ms);
        tx.put_conflict(tenant, &conflict)?;
        return line("conflict", Some(kind.to_owned()));
    }
    if now_ms.saturating_sub(taken.at_ms) > LONGEST_OUTAGE_MS || fen > MOST_FEN {
        let conflict = conflict_of(terminal, taken, "beyond_the_cap", Some(&row.campaign), 0, now_ms);
        tx.put_conflict(tenant, &Conflict { id: format!("cap {}", taken.id), ..conflict })?;
    }
    let entry = Redemption {
        id: taken.id,
        campaign: coupon.campaign.clone(),
        serial: coupon.serial,
        generation: coupon.generation,
        value,
        money_fen: fen,
        store: terminal.store.clone(),
        terminal: terminal.id,
        receipt: taken.receipt.chars().take(super::calls::LONGEST_KEY).collect(),
        offline: true,
        at_ms: taken.at_ms,
        heard_ms: now_ms,
        reversed_ms: None,
    };
    // What is in another's way is asked again.
    if tx.redeem(tenant, &coupon, &entry)? { line("booked", None) } else { line("later", None) }
}

/// Whether this till has redeemed it for the same sale at the server, did not hear so, and took the voucher as if there were no
/// network.
fn same_sale(tx: &mut dyn Tx, terminal: &Terminal, coupon: &Coupon, taken: &TakenRequest) -> DbResult<bool> {
    if coupon.state != CouponState::Redeemed || taken.receipt.is_empty() {
        return Ok(false);
    }
    let standing = tx.redemption_of(&terminal.tenant, &coupon.campaign, coupon.serial, coupon.generation)?;
    Ok(standing.is_some_and(|entry| !entry.offline && entry.terminal == terminal.id && entry.receipt == taken.receipt))
}

/// What a till holds itself it may have taken when the network went in the middle of it.
fn held_elsewhere(terminal: &Terminal, coupon: &Coupon, now_ms: u64) -> bool {
    coupon.hold.as_ref().is_some_and(|hold| hold.terminal != terminal.id && hold.until_ms > now_ms)
}

/// A code that is no place's today: retired, or made up by somebody who has a signing key.
fn unknown(
    tx: &mut dyn Tx,
    secret: &CouponSecret,
    terminal: &Terminal,
    taken: &TakenRequest,
    code: &CouponCode,
    now_ms: u64,
) -> DbResult<TakenLine> {
    let tenant = &terminal.tenant;
    let retired = tx.retired_of_hash(tenant, &secret.codes(tenant).hash(code))?;
    let campaign = match &retired {
        Some(retired) => tx.look_at_campaign(tenant, &retired.coupon.campaign)?.map(|row| row.campaign),
        None => None,
    };
    let value = retired.as_ref().and_then(|retired| retired.coupon.lease.as_ref()).map_or(0, |lease| lease.value);
    let fen = campaign.as_ref().map_or(0, |campaign| money_fen(campaign, value, taken.spend_fen));
    let kind = if retired.is_some() { "retired" } else { "unknown" };
    tx.put_conflict(tenant, &conflict_of(terminal, taken, kind, campaign.as_ref(), fen, now_ms))?;
    Ok(TakenLine { id: taken.id, outcome: "conflict", kind: Some(kind.to_owned()) })
}

fn conflict_id(id: Uuid) -> String {
    format!("till {id}")
}

fn conflict_of(
    terminal: &Terminal,
    taken: &TakenRequest,
    kind: &str,
    campaign: Option<&Campaign>,
    money_fen: u64,
    now_ms: u64,
) -> Conflict {
    Conflict {
        id: conflict_id(taken.id),
        kind: kind.to_owned(),
        campaign: campaign.map(|campaign| campaign.id.clone()),
        store: Some(terminal.store.clone()),
        guide: None,
        device: None,
        money_fen,
        at_ms: taken.at_ms,
        heard_ms: now_ms,
        detail: format!("till {}", terminal.id),
    }
}
