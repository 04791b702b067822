//! Keys: the root, which signs nothing but lists of trust; HQ's, which sign grants and vouchers; and those lists.
//!
//! Two of HQ's keys live at a time: the newest signs, the one before may have signed what is still under way. A key stays on
//! the list until the last coupon that it can have signed is over. The root's private key is in no database: it is brought to
//! each of these calls, from a file that may lie elsewhere in between.

use ed25519_dalek::SigningKey;
use guidebook_domain::TenantId;
use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::coupon::{SignedTrustList, TrustList, TrustedKey};
use guidebook_wire::ErrorCode;
use serde::Serialize;

use super::CouponSecret;
use crate::db::signing::SigningRow;
use crate::db::{Database, DatabaseExt, Result as DbResult, Tx, Write};
use crate::error::{ServerError, ServiceError};

const DAY_MS: u64 = 24 * 3_600_000;
/// A key is to be followed by another after so long, in milliseconds.
pub const ROTATED_EVERY_MS: u64 = 90 * DAY_MS;
/// No coupon ends later than so many days after its code was leased.
pub const LONGEST_DAYS: u64 = 400;
/// Numbers of keys begin again after this one.
const LAST_KID: u8 = 15;

/// A key as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyLine {
    /// Its number.
    pub kid: u8,
    /// The public key.
    pub public: PublicKey,
    /// Whether it signs.
    pub signs: bool,
    /// When it was made, Unix milliseconds.
    pub made_ms: u64,
    /// Until when what it signed is good, Unix milliseconds.
    pub not_after_ms: u64,
    /// Whether it is time for another.
    pub due: bool,
}

/// What an operator brings to make a key: chance for it and for its sealing.
pub struct KeyChance {
    /// The private key.
    pub key: [u8; 32],
    /// The nonce of its sealing.
    pub nonce: [u8; 24],
}

/// Makes a retailer's first key and its first list of trust, signed by this root.
///
/// Errors: `not_found` (`tenant`), `conflict` where there are keys already.
pub fn init(
    db: &dyn Database,
    secret: &CouponSecret,
    tenant: &TenantId,
    root: &SigningKey,
    chance: &KeyChance,
    now_ms: u64,
) -> Result<(), ServiceError> {
    db.writing(Write::Campaign, |tx| {
        tx.tenant(tenant)?.ok_or_else(|| ServiceError::not_found("tenant"))?;
        if tx.coupon_root(tenant)?.is_some() {
            return Err(ServiceError::about(ErrorCode::Conflict, "tenant", "has keys already"));
        }
        tx.put_coupon_root(tenant, &PublicKey::of(root).0)?;
        add_key(tx, secret, tenant, root, 0, chance, now_ms)
    })
}

/// Makes another key, which signs from now on, and the next list of trust; the number of the key.
///
/// Errors: `not_found` where there are no keys, `invalid` (`root`) for a root that is not the retailer's.
pub fn rotate(
    db: &dyn Database,
    secret: &CouponSecret,
    tenant: &TenantId,
    root: &SigningKey,
    chance: &KeyChance,
    now_ms: u64,
) -> Result<u8, ServiceError> {
    db.writing(Write::Campaign, |tx| {
        let public = tx.coupon_root(tenant)?.ok_or_else(|| ServiceError::not_found("keys"))?;
        if public != PublicKey::of(root).0 {
            return Err(ServiceError::invalid("root", "not this retailer's"));
        }
        let kid = newest(tx, tenant)?.map_or(0, |key| if key.kid == LAST_KID { 0 } else { key.kid + 1 });
        add_key(tx, secret, tenant, root, kid, chance, now_ms)?;
        Ok(kid)
    })
}

fn add_key(
    tx: &mut dyn Tx,
    secret: &CouponSecret,
    tenant: &TenantId,
    root: &SigningKey,
    kid: u8,
    chance: &KeyChance,
    now_ms: u64,
) -> Result<(), ServiceError> {
    let key = SigningKey::from_bytes(&chance.key);
    let sealed = secret.seal(&key, &name(tenant, kid), chance.nonce);
    // It may sign for a while after its successor is due, if nobody makes one.
    let not_after_ms = now_ms + 2 * ROTATED_EVERY_MS + LONGEST_DAYS * DAY_MS;
    // A phone whose clock is a little behind takes it too.
    let not_before_ms = now_ms.saturating_sub(DAY_MS);
    let row = SigningRow { kid, public: PublicKey::of(&key).0, sealed, made_ms: now_ms, not_before_ms, not_after_ms };
    tx.put_coupon_key(tenant, &row)?;
    let number = tx.trust_list(tenant)?.map_or(0, |(number, _)| number) + 1;
    let living = tx.coupon_keys(tenant)?.into_iter().filter(|key| key.not_after_ms >= now_ms);
    let trusted = |key: SigningRow| {
        let SigningRow { kid, public, not_before_ms, not_after_ms, .. } = key;
        TrustedKey { kid, public: PublicKey(public), not_before_ms, not_after_ms }
    };
    let list = TrustList { number, keys: living.map(trusted).collect() }.sign(root);
    let record = serde_json::to_string(&list).map_err(|_| ServerError::Corrupt("JSON"))?;
    Ok(tx.put_trust_list(tenant, number, &record)?)
}

/// A retailer's keys, by number.
pub fn list(db: &dyn Database, tenant: &TenantId, now_ms: u64) -> Result<Vec<KeyLine>, ServiceError> {
    db.reading(|tx| {
        let signs = newest(tx, tenant)?.map(|key| key.kid);
        let line = |key: SigningRow| {
            let signs = signs == Some(key.kid);
            let due = signs && now_ms >= key.made_ms + ROTATED_EVERY_MS;
            let (public, made_ms, not_after_ms) = (PublicKey(key.public), key.made_ms, key.not_after_ms);
            KeyLine { kid: key.kid, public, signs, made_ms, not_after_ms, due }
        };
        Ok(tx.coupon_keys(tenant)?.into_iter().map(line).collect())
    })
}

/// The newest list of trust.
pub fn trust(tx: &mut dyn Tx, tenant: &TenantId) -> DbResult<Option<(u32, SignedTrustList)>> {
    let Some((number, record)) = tx.trust_list(tenant)? else { return Ok(None) };
    let list = serde_json::from_str(&record).map_err(|_| ServerError::Corrupt("a list of trust"))?;
    Ok(Some((number, list)))
}

/// The number of the key that signs.
pub fn signer(tx: &mut dyn Tx, tenant: &TenantId) -> DbResult<Option<u8>> {
    Ok(newest(tx, tenant)?.map(|key| key.kid))
}

/// The key of this number.
pub fn key_of(tx: &mut dyn Tx, secret: &CouponSecret, tenant: &TenantId, kid: u8) -> DbResult<Option<SigningKey>> {
    let row = tx.coupon_keys(tenant)?.into_iter().find(|key| key.kid == kid);
    row.map(|row| secret.open(&row.sealed, &name(tenant, kid))).transpose()
}

fn newest(tx: &mut dyn Tx, tenant: &TenantId) -> DbResult<Option<SigningRow>> {
    Ok(tx.coupon_keys(tenant)?.into_iter().max_by_key(|key| (key.made_ms, key.kid)))
}

/// What a sealed key is bound to.
fn name(tenant: &TenantId, kid: u8) -> String {
    format!("{tenant} {kid}")
}
