//! Tenants and HQ keys.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guidebook_domain::TenantId;
use guidebook_wire::ErrorCode;
use uuid::Uuid;

use super::hash;
use crate::db::{Database, DatabaseExt, Write};
use crate::error::ServiceError;

/// How an HQ key begins.
pub const KEY_PREFIX: &str = "gbhq_";

/// What an HQ key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Import files.
    Import,
    /// Make enrolment codes.
    Enrol,
    /// Decide who serves whom, and undo merges of members.
    Ownership,
    /// Rename, merge and delete tags.
    Catalogue,
    /// Read members, changes, guides, stores and tags.
    Read,
    /// List and revoke devices.
    Devices,
    /// Make and change campaigns and tills.
    Coupons,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Scope; 7] =
        [Scope::Import, Scope::Enrol, Scope::Ownership, Scope::Catalogue, Scope::Read, Scope::Devices, Scope::Coupons];

    fn word(self) -> &'static str {
        match self {
            Scope::Import => "import",
            Scope::Enrol => "enrol",
            Scope::Ownership => "ownership",
            Scope::Catalogue => "catalogue",
            Scope::Read => "read",
            Scope::Devices => "devices",
            Scope::Coupons => "coupons",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Scope::ALL.map(Scope::word).join(", ");
        Scope::ALL.into_iter().find(|scope| scope.word() == text).ok_or_else(|| format!("not one of {}", known()))
    }
}

/// Adds a tenant, unless it is there; whether it was not. `random` makes its epoch.
pub fn create_tenant(db: &dyn Database, tenant: &TenantId, random: [u8; 16]) -> Result<bool, ServiceError> {
    let epoch = uuid::Builder::from_random_bytes(random).into_uuid();
    Ok(db.writing(Write::Setup, |tx| tx.add_tenant(tenant, epoch))?)
}

/// Makes an HQ key. Only its hash is kept, so this is the one time that it can be read.
pub fn create_hq_key(db: &dyn Database, tenant: &TenantId, scopes: &BTreeSet<Scope>, random: [u8; 32]) -> Result<String, ServiceError> {
    let key = format!("{KEY_PREFIX}{}", URL_SAFE_NO_PAD.encode(random));
    let scopes: Vec<String> = scopes.iter().map(Scope::to_string).collect();
    db.writing(Write::Setup, |tx| {
        tx.tenant(tenant)?.ok_or_else(|| ServiceError::not_found("tenant"))?;
        Ok::<_, ServiceError>(tx.put_hq_key(tenant, &hash(&key), &scopes.join(","))?)
    })?;
    Ok(key)
}

/// The tenant of an HQ key that has `scope`.
pub fn hq_caller(db: &dyn Database, key: &str, scope: Scope) -> Result<TenantId, ServiceError> {
    let found = db.reading(|tx| tx.hq_key(&hash(key)))?;
    let (tenant, scopes) = found.ok_or_else(|| ServiceError::plain(ErrorCode::SignedOut))?;
    if scopes.split(',').any(|word| word == scope.word()) {
        return Ok(tenant);
    }
    Err(ServiceError::about(ErrorCode::Forbidden, "authorization", format!("this key lacks the scope {scope}")))
}

/// The server's epoch for this tenant.
pub fn epoch(db: &dyn Database, tenant: &TenantId) -> Result<Uuid, ServiceError> {
    let found = db.reading(|tx| tx.tenant(tenant))?;
    Ok(found.ok_or_else(|| ServiceError::not_found("tenant"))?.epoch)
}
