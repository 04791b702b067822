//! Sessions: challenge, proof, tokens.
//!
//! The key of a session's HMAC is derived from its token and the server's secret, so that it lies nowhere.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use guidebook_domain::{DeviceId, GuideId, TenantId};
use guidebook_wire::session::{CHALLENGE_LIVES_S, ChallengeRequestRecord, REFRESH_LIVES_S, TOKEN_LIVES_S, session_proof};
use guidebook_wire::{ChallengeRecord, ErrorCode, ProofRecord, RefreshRecord, SessionRecord};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::hash;
use crate::db::devices::{Device, DeviceState};
use crate::db::secrets::Token;
use crate::db::standing::Standing;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::ServiceError;

/// The server's own secret: 32 random bytes.
pub type ServerSecret = [u8; 32];

/// Who sends a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSession {
    /// The retailer.
    pub tenant: TenantId,
    /// The guide.
    pub guide: GuideId,
    /// The phone.
    pub device: DeviceId,
}

impl DeviceSession {
    /// The device that stands so.
    pub fn of(standing: &Standing) -> Self {
        let Standing { tenant, guide, device, .. } = standing;
        DeviceSession { tenant: tenant.id.clone(), guide: guide.id.clone(), device: device.id }
    }
}

/// The key of the HMAC of requests under `token`.
pub fn mac_key(secret: &ServerSecret, token: &str) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(secret).expect("an HMAC key has any length");
    mac.update(token.as_bytes());
    mac.finalize().into_bytes().into()
}

/// A challenge for a device. One that is not known gets one too, and fails at the proof.
pub fn challenge(
    db: &dyn Database,
    request: &ChallengeRequestRecord,
    random: [u8; 32],
    now_ms: u64,
) -> Result<ChallengeRecord, ServiceError> {
    let challenge = URL_SAFE_NO_PAD.encode(random);
    db.writing(Write::Session, |tx| {
        if let Some(device) = tx.find_device(request.device)? {
            refuse_revoked(&device)?;
            tx.sweep_secrets(now_ms)?;
            tx.put_challenge(&hash(&challenge), device.id, now_ms + CHALLENGE_LIVES_S * 1000)?;
        }
        Ok::<_, ServiceError>(())
    })?;
    Ok(ChallengeRecord { challenge })
}

/// A session for a device that signs its challenge. `random` makes the tokens and their family.
pub fn open(
    db: &dyn Database,
    secret: &ServerSecret,
    proof: &ProofRecord,
    random: [u8; 80],
    now_ms: u64,
) -> Result<SessionRecord, ServiceError> {
    let signed_out = || ServiceError::plain(ErrorCode::SignedOut);
    let signature = URL_SAFE_NO_PAD.decode(&proof.signature).map_err(|_| ServiceError::invalid("signature", "not base64url"))?;
    let signature = Signature::from_slice(&signature).map_err(|_| ServiceError::invalid("signature", "64 bytes"))?;
    let (family, random) = random.split_at(16);
    let family = Uuid::from_slice(family).map_err(|_| signed_out())?;
    db.writing(Write::Session, |tx| {
        let taken = tx.take_challenge(&hash(&proof.challenge))?;
        let good = taken.is_some_and(|(device, ends)| device == proof.device && ends >= now_ms);
        let device = tx.find_device(proof.device)?.filter(|_| good).ok_or_else(signed_out)?;
        refuse_revoked(&device)?;
        let key = VerifyingKey::from_bytes(&device.public_key).map_err(|_| signed_out())?;
        key.verify_strict(&session_proof(device.id, &proof.challenge), &signature).map_err(|_| signed_out())?;
        give_tokens(tx, secret, device.id, family, random, now_ms)
    })
}

/// Fresh tokens for a refresh token. One that was used already ends its whole family.
pub fn refresh(
    db: &dyn Database,
    secret: &ServerSecret,
    request: &RefreshRecord,
    random: [u8; 64],
    now_ms: u64,
) -> Result<SessionRecord, ServiceError> {
    let signed_out = || ServiceError::plain(ErrorCode::SignedOut);
    // The end of a family must outlast the refusal, so that is an answer here and no error.
    let answer = db.writing(Write::Session, |tx| {
        let hash = hash(&request.refresh);
        let token = tx.refresh(&hash)?.filter(|token| token.expires_ms >= now_ms).ok_or_else(signed_out)?;
        if token.used {
            tx.end_family(token.family)?;
            return Ok(None);
        }
        let device = tx.find_device(token.device)?.ok_or_else(signed_out)?;
        refuse_revoked(&device)?;
        tx.put_refresh(&hash, &Token { used: true, ..token.clone() })?;
        give_tokens(tx, secret, device.id, token.family, &random, now_ms).map(Some)
    })?;
    answer.ok_or_else(signed_out)
}

/// How whoever holds this access token stands. Whether the device may still do anything is left to the round.
pub fn standing(tx: &mut dyn Tx, token: &str, now_ms: u64) -> Result<Standing, ServiceError> {
    let held = tx.standing_of_session(&hash(token))?.filter(|(_, expires_ms)| *expires_ms >= now_ms);
    held.map(|(standing, _)| standing).ok_or_else(|| ServiceError::plain(ErrorCode::SignedOut))
}

fn refuse_revoked(device: &Device) -> Result<(), ServiceError> {
    if device.state == DeviceState::Revoked { Err(ServiceError::plain(ErrorCode::Revoked)) } else { Ok(()) }
}

fn give_tokens(
    tx: &mut dyn Tx,
    secret: &ServerSecret,
    device: DeviceId,
    family: Uuid,
    random: &[u8],
    now_ms: u64,
) -> Result<SessionRecord, ServiceError> {
    let (access, renew) = random.split_at(32);
    let (token, refresh) = (URL_SAFE_NO_PAD.encode(access), URL_SAFE_NO_PAD.encode(renew));
    let row = |lives_s: u64| Token { device, family, expires_ms: now_ms + lives_s * 1000, used: false };
    tx.put_session(&hash(&token), &row(TOKEN_LIVES_S))?;
    tx.put_refresh(&hash(&refresh), &row(REFRESH_LIVES_S))?;
    let mac_key = URL_SAFE_NO_PAD.encode(mac_key(secret, &token));
    Ok(SessionRecord { token, mac_key, refresh, expires_in_s: TOKEN_LIVES_S, server_ms: now_ms })
}
