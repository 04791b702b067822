//! Last words: a revoked phone offers what it had not sent. Taken once, and only what was made before the revocation;
//! judged like the last push of a guide who leaves.
//!
//! The permission is a secret like a challenge: kept by hash, good once, with an end. Both are made from the device's id
//! under a word of their own, which no challenge can be.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use guidebook_domain::{DeviceId, Editor, Limits, TenantId};
use guidebook_wire::last_words::{SIGNATURE_HEADER, last_words_proof};
use guidebook_wire::protocol::{LARGEST_PUSH, OLDEST_PROTOCOL, PROTOCOL};
use guidebook_wire::{ErrorCode, LastWordsAnswerRecord, LastWordsRecord};

use super::coupons::CouponSecret;
use super::reconcile::{Desk, reconcile};
use super::round::needs;
use super::session::DeviceSession;
use super::{catalogue, hash};
use crate::db::devices::{Device, DeviceState};
use crate::db::secrets::Hash;
use crate::db::{Database, DatabaseExt, Result as DbResult, Tx, Write};
use crate::error::ServiceError;

/// For so long after its revocation a phone is heard, in milliseconds. One without contact shreds its book after 14 days.
const HEARD_FOR_MS: u64 = 30 * 24 * 3600 * 1000;

/// Lets a phone that is being revoked as of `revoked_ms` say its last words.
pub fn permit(tx: &mut dyn Tx, device: DeviceId, revoked_ms: u64) -> DbResult<()> {
    tx.put_challenge(&permission(device), device, revoked_ms + HEARD_FOR_MS)
}

/// Hears a revoked phone. `body` is the record as it came, which `signature` covers.
///
/// Errors: `upgrade_needed`, `too_large`, `signed_out` for a signature that is not the phone's, `conflict` for a phone that
/// is not revoked, `revoked` for one that was heard already or too late.
pub fn hear(
    db: &dyn Database,
    coupons: Option<&CouponSecret>,
    body: &[u8],
    record: &LastWordsRecord,
    signature: &str,
    now_ms: u64,
) -> Result<LastWordsAnswerRecord, ServiceError> {
    if !(OLDEST_PROTOCOL..=PROTOCOL).contains(&record.protocol) {
        return Err(ServiceError::about(ErrorCode::UpgradeNeeded, "protocol", format!("spoken here: {OLDEST_PROTOCOL} to {PROTOCOL}")));
    }
    if record.operations.len() > LARGEST_PUSH {
        return Err(ServiceError::about(ErrorCode::TooLarge, "operations", format!("at most {LARGEST_PUSH}")));
    }
    let device = db.reading(|tx| tx.find_device(record.device))?;
    check_signature(device.as_ref(), body, signature)?;
    let tenant = device.map(|device| device.tenant).ok_or_else(|| ServiceError::plain(ErrorCode::SignedOut))?;
    db.writing(Write::Round, |tx| take(tx, coupons, &tenant, record, now_ms))
}

fn check_signature(device: Option<&Device>, body: &[u8], signature: &str) -> Result<(), ServiceError> {
    let signed_out = || ServiceError::about(ErrorCode::SignedOut, SIGNATURE_HEADER, "does not fit the request");
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| signed_out())?;
    let signature = Signature::from_slice(&signature).map_err(|_| signed_out())?;
    let key = VerifyingKey::from_bytes(&device.ok_or_else(signed_out)?.public_key).map_err(|_| signed_out())?;
    key.verify_strict(&last_words_proof(body), &signature).map_err(|_| signed_out())
}

fn take(
    tx: &mut dyn Tx,
    coupons: Option<&CouponSecret>,
    tenant: &TenantId,
    record: &LastWordsRecord,
    now_ms: u64,
) -> Result<LastWordsAnswerRecord, ServiceError> {
    let revoked = || ServiceError::plain(ErrorCode::Revoked);
    let catalogue = Arc::new(catalogue(tx, tenant)?);
    let mut device = tx.find_device(record.device)?.ok_or_else(revoked)?;
    if device.state != DeviceState::Revoked {
        return Err(ServiceError::about(ErrorCode::Conflict, "device", "is not revoked"));
    }
    let (_, ends_ms) = tx.take_challenge(&permission(device.id))?.filter(|(_, ends_ms)| *ends_ms >= now_ms).ok_or_else(revoked)?;
    let revoked_ms = ends_ms - HEARD_FOR_MS;
    let guide = tx.guide(&device.tenant, &device.guide)?.ok_or_else(revoked)?;
    let who = DeviceSession { tenant: device.tenant.clone(), guide: device.guide.clone(), device: device.id };
    let editor = Editor { guide: guide.id, store: guide.store, brand: guide.brand };
    tx.gather(tenant, &needs(&who, &record.operations))?;
    let (limits, closing_ms, heir, last_hlc) = (Limits::default(), Some(revoked_ms), guide.heir, device.last_hlc);
    let key = device.public_key;
    let mut desk = Desk { who: &who, editor, catalogue, limits, key, coupons, closing_ms, heir, now_ms, last_hlc };
    let mut heard = 0;
    for operation in &record.operations {
        heard += u32::from(reconcile(tx, &mut desk, operation)?.is_some());
    }
    device.last_hlc = desk.last_hlc;
    device.last_seen_ms = now_ms;
    tx.put_device(&device)?;
    // A full request may have more behind it.
    if record.operations.len() == LARGEST_PUSH {
        permit(tx, device.id, revoked_ms)?;
    }
    Ok(LastWordsAnswerRecord { heard })
}

fn permission(device: DeviceId) -> Hash {
    hash(&format!("last words of {device}"))
}

#[cfg(test)]
mod tests;
