//! Enrolment: HQ makes a code, one phone answers to it with its own key.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::{DeviceId, GuideId, Hlc, TenantId};
use guidebook_wire::enrol::{CODE_LIVES_S, enrol_proof, normal_code};
use guidebook_wire::{CursorRecord, EnrolRecord, EnrolledRecord, ErrorCode};

use super::leaving::refuse_left;
use super::{guide_record, hash};
use crate::db::devices::{Device, DeviceState};
use crate::db::secrets::EnrolCode;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::ServiceError;

/// Crockford's base32: no I, L, O or U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The longest name of a device, in characters.
const LONGEST_NAME: usize = 60;

/// A code that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeMade {
    /// Ten characters, 50 random bits.
    pub code: String,
    /// When it ends, Unix milliseconds.
    pub expires_ms: u64,
}

/// Makes a code that enrols one phone for `guide` within ten minutes.
pub fn make_code(db: &dyn Database, tenant: &TenantId, guide: &GuideId, random: [u8; 10], now_ms: u64) -> Result<CodeMade, ServiceError> {
    let code: String = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    let expires_ms = now_ms + CODE_LIVES_S * 1000;
    db.writing(Write::Enrol, |tx| {
        let found = tx.guide(tenant, guide)?.ok_or_else(|| ServiceError::not_found("guide"))?;
        refuse_left(&found, now_ms)?;
        tx.sweep_secrets(now_ms)?;
        let row = EnrolCode { tenant: tenant.clone(), guide: guide.clone(), expires_ms, used_by: None };
        Ok::<_, ServiceError>(tx.put_code(&hash(&code), &row)?)
    })?;
    Ok(CodeMade { code, expires_ms })
}

/// Enrols a phone. The same key answering again within the code's time gets the same answer. `random` makes the
/// device's id, unless the phone had one before this server was put back from a backup.
///
/// Errors: `not_found` (`code`), `invalid`; of a phone that comes back: `conflict` (`guide`, where the code is for another;
/// `device`, where its name is another's or HQ has revoked it).
pub fn enrol(db: &dyn Database, request: &EnrolRecord, random: [u8; 16], now_ms: u64) -> Result<EnrolledRecord, ServiceError> {
    let key = check_proof(request)?;
    let fresh = DeviceId::from_uuid(uuid::Builder::from_random_bytes(random).into_uuid());
    db.writing(Write::Enrol, |tx| {
        let unknown = || ServiceError::not_found("code");
        let hash = hash(&normal_code(&request.code));
        let code = tx.code(&hash)?.filter(|code| code.expires_ms >= now_ms).ok_or_else(unknown)?;
        let device = match &code.used_by {
            Some((by, device)) if *by == key => *device,
            Some(_) => return Err(unknown()),
            None => {
                let id = match &request.returning {
                    Some(before) => before.device,
                    None => fresh,
                };
                if !is_known(tx, request, &code, key)? {
                    add_device(tx, &code, id, key, &request.device_name, now_ms)?;
                }
                tx.put_code(&hash, &EnrolCode { used_by: Some((key, id)), ..code.clone() })?;
                id
            }
        };
        answer(tx, &code, device, now_ms)
    })
}

fn check_proof(request: &EnrolRecord) -> Result<[u8; 32], ServiceError> {
    let bytes = |field: &str, text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| ServiceError::invalid(field, "not base64url"));
    if request.device_name.trim().is_empty() || request.device_name.chars().count() > LONGEST_NAME {
        return Err(ServiceError::invalid("device_name", format!("1 to {LONGEST_NAME} characters")));
    }
    let key: [u8; 32] =
        bytes("public_key", &request.public_key)?.try_into().map_err(|_| ServiceError::invalid("public_key", "32 bytes"))?;
    let verifying = VerifyingKey::from_bytes(&key).map_err(|_| ServiceError::invalid("public_key", "not an Ed25519 key"))?;
    let signature = bytes("signature", &request.signature)?;
    let signature = Signature::from_slice(&signature).map_err(|_| ServiceError::invalid("signature", "64 bytes"))?;
    let holds = verifying.verify_strict(&enrol_proof(&request.code, &key), &signature);
    holds.map(|()| key).map_err(|_| ServiceError::invalid("signature", "does not fit the key"))
}

/// Whether a phone that comes back is known: this server was not put back, or to later than its enrolment.
fn is_known(tx: &mut dyn Tx, request: &EnrolRecord, code: &EnrolCode, key: [u8; 32]) -> Result<bool, ServiceError> {
    let Some(before) = &request.returning else { return Ok(false) };
    if before.tenant != code.tenant || before.guide != code.guide {
        return Err(ServiceError::about(ErrorCode::Conflict, "guide", "the code is for another"));
    }
    let Some(device) = tx.find_device(before.device)? else { return Ok(false) };
    let same = device.tenant == code.tenant && device.guide == code.guide && device.public_key == key;
    if same && device.state == DeviceState::Active {
        return Ok(true);
    }
    Err(ServiceError::about(ErrorCode::Conflict, "device", "is another's, or may not come back"))
}

fn add_device(tx: &mut dyn Tx, code: &EnrolCode, id: DeviceId, key: [u8; 32], name: &str, now_ms: u64) -> Result<(), ServiceError> {
    let device = Device {
        tenant: code.tenant.clone(),
        id,
        guide: code.guide.clone(),
        public_key: key,
        name: name.trim().to_owned(),
        state: DeviceState::Active,
        enrolled_ms: now_ms,
        last_seen_ms: now_ms,
        last_hlc: Hlc::default(),
        cursor: CursorRecord::default(),
    };
    Ok(tx.put_device(&device)?)
}

fn answer(tx: &mut dyn Tx, code: &EnrolCode, device: DeviceId, now_ms: u64) -> Result<EnrolledRecord, ServiceError> {
    let tenant = tx.tenant(&code.tenant)?.ok_or_else(|| ServiceError::not_found("code"))?;
    let guide = tx.guide(&code.tenant, &code.guide)?.filter(|guide| guide.left.is_none());
    let guide = guide_record(&guide.ok_or_else(|| ServiceError::not_found("code"))?);
    let root = tx.coupon_root(&code.tenant)?.map(PublicKey);
    Ok(EnrolledRecord { tenant: tenant.id, guide, device, epoch: tenant.epoch, server_ms: now_ms, root })
}
