//! One call of a till: judged, done and answered in one transaction, once for each idempotency key.

use guidebook_domain::coupon::{Campaign, CouponCode, SignedVoucher};
use guidebook_domain::{TenantId, coupon::voucher};
use guidebook_wire::ErrorCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::conduct::{Wait, may_type, note_invalid, take_call};
use super::decide::{Asking, Plan, Verb, Why, decide, money_fen};
use crate::db::coupons::Coupon;
use crate::db::tills::{Answered, Redemption, Terminal};
use crate::db::{Database, DatabaseExt, Result as DbResult, Tx, Write};
use crate::error::{ServerError, ServiceError};
use crate::service::coupons::{CouponSecret, keys};
use crate::service::hash;

/// The longest idempotency key and the longest number of a sale, in bytes.
pub const LONGEST_KEY: usize = 64;

/// What a till sends beside the code.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallRequest {
    /// The till's own number of the sale.
    #[serde(default)]
    pub receipt: String,
    /// What is spent, fen.
    #[serde(default)]
    pub spend_fen: Option<u32>,
    /// The voucher, where the code was scanned and not typed: a scan is no guess.
    #[serde(default)]
    pub voucher: Option<String>,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call<'c> {
    /// The till's secret.
    pub secret: &'c str,
    /// The idempotency key.
    pub key: &'c str,
    /// What is asked.
    pub verb: Verb,
    /// The code as it came.
    pub code: &'c str,
    /// The rest.
    pub request: &'c CallRequest,
    /// All of it as it came, to be compared when it comes again.
    pub raw: &'c [u8],
    /// Chance for the ledger's row.
    pub random: [u8; 16],
}

/// What a till is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TillAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body: JSON without any code.
    pub body: String,
    /// Whether it was said before.
    pub again: bool,
}

/// Answers a call.
///
/// Errors: `signed_out` for a secret that is no till's, `invalid` for a bad idempotency key, `conflict` where it was used for
/// something else.
pub fn call(db: &dyn Database, secret: &CouponSecret, call: &Call<'_>, now_ms: u64) -> Result<TillAnswer, ServiceError> {
    if call.key.is_empty() || call.key.len() > LONGEST_KEY || call.request.receipt.len() > LONGEST_KEY {
        return Err(ServiceError::invalid("idempotency-key", format!("1 to {LONGEST_KEY} bytes")));
    }
    let (till, print) = (hash(call.secret), secret.print(call.raw));
    db.writing(Write::Till, |tx| {
        let (mut terminal, said) = tx.call_of(&till, call.key)?.filter(|(terminal, _)| terminal.active).ok_or_else(signed_out)?;
        if let Some(said) = said {
            if said.print != print {
                return Err(ServiceError::about(ErrorCode::Conflict, "idempotency-key", "was used for something else"));
            }
            return Ok(TillAnswer { status: said.status, body: said.answer, again: true });
        }
        let answer = match take_call(&mut terminal.conduct, now_ms) {
            Err(wait) => Err(wait),
            Ok(()) => judge(tx, secret, &mut terminal, call, now_ms)?,
        };
        match answer {
            // It may ask the same again when it has waited.
            Err(wait) => {
                tx.put_terminal(&terminal)?;
                Ok(wait_answer(wait))
            }
            Ok((status, body)) => {
                tx.keep_call(&terminal, call.key, Answered { print, status, answer: body.clone(), at_ms: now_ms })?;
                Ok(TillAnswer { status, body, again: false })
            }
        }
    })
}

/// The till that shows this secret, if it may do anything.
pub fn known(tx: &mut dyn Tx, secret: &crate::db::secrets::Hash) -> Result<Terminal, ServiceError> {
    let terminal = tx.terminal_of(secret)?.filter(|terminal| terminal.active);
    terminal.ok_or_else(signed_out)
}

fn signed_out() -> ServiceError {
    ServiceError::plain(ErrorCode::SignedOut)
}

/// A till that asks too often.
pub fn wait_answer(wait: Wait) -> TillAnswer {
    let (status, reason, seconds) = match wait {
        Wait::TooMany(seconds) => (429, "too many calls", seconds),
        Wait::Locked(seconds) => (423, "typed codes are locked: scan", seconds),
    };
    let body = json!({ "error": "busy", "reason": reason, "come_back_s": seconds }).to_string();
    TillAnswer { status, body, again: false }
}

fn judge(
    tx: &mut dyn Tx,
    secret: &CouponSecret,
    terminal: &mut Terminal,
    call: &Call<'_>,
    now_ms: u64,
) -> DbResult<Result<(u16, String), Wait>> {
    let Ok(code) = CouponCode::parse(call.code) else {
        // What is mistyped says nothing about any code.
        if let Err(wait) = may_type(&terminal.conduct, now_ms) {
            return Ok(Err(wait));
        }
        note_invalid(&mut terminal.conduct, now_ms);
        return Ok(Ok((400, json!({ "error": "invalid", "field": "code", "reason": "mistyped" }).to_string())));
    };
    let scanned = match &call.request.voucher {
        Some(text) => was_scanned(tx, terminal, text, &code, now_ms)?,
        None => false,
    };
    if !scanned && let Err(wait) = may_type(&terminal.conduct, now_ms) {
        return Ok(Err(wait));
    }
    let tenant = terminal.tenant.clone();
    let done = match tx.coupon_and_campaign(&tenant, &secret.codes(&tenant).hash(&code))? {
        None => Err(Why::Unknown),
        Some((coupon, row)) => carry_out(tx, terminal, (&coupon, &row.campaign), call, now_ms)?,
    };
    Ok(Ok(match done {
        Ok(body) => (200, body.to_string()),
        Err(why) => {
            if !scanned {
                note_invalid(&mut terminal.conduct, now_ms);
            }
            refusal(terminal, why)
        }
    }))
}

/// Unknown, used, expired and all others look the same to a till that has no right to know.
fn refusal(terminal: &Terminal, why: Why) -> (u16, String) {
    if terminal.explains {
        return (409, json!({ "error": "conflict", "field": "code", "reason": why.word() }).to_string());
    }
    (404, json!({ "error": "not_found", "field": "code", "reason": "not redeemable" }).to_string())
}

/// Whether a voucher that HQ signed names this code.
fn was_scanned(tx: &mut dyn Tx, terminal: &Terminal, text: &str, code: &CouponCode, now_ms: u64) -> DbResult<bool> {
    let Ok(signed) = SignedVoucher::decode(text) else { return Ok(false) };
    let Some((_, list)) = keys::trust(tx, &terminal.tenant)? else { return Ok(false) };
    let list = serde_json::from_str(&list.text).map_err(|_| ServerError::Corrupt("a list of trust"))?;
    let asked = voucher::Asked { now_ms, store: terminal.store_number, class: None };
    Ok(signed.verify(&list, asked).is_ok_and(|voucher| voucher.code == *code))
}

fn carry_out(
    tx: &mut dyn Tx,
    terminal: &Terminal,
    (coupon, campaign): (&Coupon, &Campaign),
    call: &Call<'_>,
    now_ms: u64,
) -> DbResult<Result<Value, Why>> {
    let tenant = &terminal.tenant;
    let asking = Asking {
        terminal: terminal.id,
        store: terminal.store.clone(),
        store_number: terminal.store_number,
        spend_fen: call.request.spend_fen,
        now_ms,
    };
    let plan = match decide(call.verb, coupon, campaign, &asking) {
        Ok(plan) => plan,
        Err(why) => return Ok(Err(why)),
    };
    let terms = |state: &str| terms(campaign, coupon, call.request.spend_fen, state);
    Ok(match plan {
        Plan::Good => Ok(terms("good")),
        Plan::Hold(held) => match tx.move_coupon(tenant, &held, coupon.state)? {
            true => {
                let mut body = terms("reserved");
                body["held_until_ms"] = json!(held.hold.map(|hold| hold.until_ms));
                Ok(body)
            }
            false => Err(Why::Held),
        },
        Plan::Use => {
            let entry = entry(terminal, campaign, coupon, call, now_ms);
            match tx.redeem(tenant, coupon, &entry)? {
                true => {
                    let mut body = terms("redeemed");
                    body["redemption"] = json!(entry.id);
                    Ok(body)
                }
                false => Err(Why::Used),
            }
        }
        Plan::LetGo(back) => match tx.move_coupon(tenant, &back, coupon.state)? {
            true => Ok(json!({ "state": "released" })),
            false => Err(Why::NothingToReverse),
        },
        Plan::TakeBack(back) => match tx.redemption_of(tenant, &coupon.campaign, coupon.serial, coupon.generation)? {
            Some(entry) if entry.store == terminal.store && tx.reverse_redemption(tenant, entry.id, now_ms)? => {
                tx.move_coupon(tenant, &back, coupon.state)?;
                Ok(json!({ "state": "reversed", "redemption": entry.id }))
            }
            Some(_) | None => Err(Why::NothingToReverse),
        },
    })
}

fn entry(terminal: &Terminal, campaign: &Campaign, coupon: &Coupon, call: &Call<'_>, now_ms: u64) -> Redemption {
    let value = coupon.lease.as_ref().map_or(0, |lease| lease.value);
    Redemption {
        id: uuid::Builder::from_random_bytes(call.random).into_uuid(),
        campaign: coupon.campaign.clone(),
        serial: coupon.serial,
        generation: coupon.generation,
        value,
        money_fen: money_fen(campaign, value, call.request.spend_fen),
        store: terminal.store.clone(),
        terminal: terminal.id,
        receipt: call.request.receipt.clone(),
        offline: false,
        at_ms: now_ms,
        heard_ms: now_ms,
        reversed_ms: None,
    }
}

/// What a till must know to use it.
fn terms(campaign: &Campaign, coupon: &Coupon, spend_fen: Option<u32>, state: &str) -> Value {
    let value = coupon.lease.as_ref().map_or(0, |lease| lease.value);
    json!({
        "state": state,
        "campaign": campaign.id,
        "name": campaign.name,
        "face": campaign.face,
        "value": value,
        "money_fen": money_fen(campaign, value, spend_fen),
        "least_spend_fen": campaign.least_spend_fen,
        "products": campaign.products,
        "stackable": campaign.stackable,
        "good_until_ms": coupon.lease.as_ref().map(|lease| lease.good_until_ms),
    })
}

/// A till's retailer, for whoever has to know before a transaction.
pub fn tenant_of(db: &dyn Database, secret: &str) -> Result<TenantId, ServiceError> {
    db.reading(|tx| Ok(known(tx, &hash(secret))?.tenant))
}
