//! What somebody proves to know: HQ keys, enrolment codes, challenges, tokens. Only hashes are kept.

use guidebook_domain::{DeviceId, GuideId, TenantId};
use uuid::Uuid;

use super::Result;

/// SHA-256 of a secret.
pub type Hash = [u8; 32];

/// An enrolment code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolCode {
    /// The retailer.
    pub tenant: TenantId,
    /// The guide whom it enrols.
    pub guide: GuideId,
    /// When it ends, Unix milliseconds.
    pub expires_ms: u64,
    /// The key that used it, and the device that this made.
    pub used_by: Option<([u8; 32], DeviceId)>,
}

/// An access or refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The device that it was given to.
    pub device: DeviceId,
    /// All tokens that descend from one proof of the key.
    pub family: Uuid,
    /// When it ends, Unix milliseconds.
    pub expires_ms: u64,
    /// Whether a refresh token was used.
    pub used: bool,
}

/// Rows of secrets. All look-ups are by hash, which finds the tenant.
pub trait SecretTx {
    /// Adds an HQ key with its scopes, separated by commas.
    fn put_hq_key(&mut self, tenant: &TenantId, hash: &Hash, scopes: &str) -> Result<()>;
    /// The tenant and scopes of an HQ key.
    fn hq_key(&mut self, hash: &Hash) -> Result<Option<(TenantId, String)>>;
    /// Adds or replaces an enrolment code.
    fn put_code(&mut self, hash: &Hash, code: &EnrolCode) -> Result<()>;
    /// An enrolment code.
    fn code(&mut self, hash: &Hash) -> Result<Option<EnrolCode>>;
    /// Adds a challenge.
    fn put_challenge(&mut self, hash: &Hash, device: DeviceId, expires_ms: u64) -> Result<()>;
    /// Removes a challenge; the device and the end that it had.
    fn take_challenge(&mut self, hash: &Hash) -> Result<Option<(DeviceId, u64)>>;
    /// Adds an access token.
    fn put_session(&mut self, hash: &Hash, token: &Token) -> Result<()>;
    /// An access token.
    fn session(&mut self, hash: &Hash) -> Result<Option<Token>>;
    /// Adds or replaces a refresh token.
    fn put_refresh(&mut self, hash: &Hash, token: &Token) -> Result<()>;
    /// A refresh token.
    fn refresh(&mut self, hash: &Hash) -> Result<Option<Token>>;
    /// Removes all tokens of a family.
    fn end_family(&mut self, family: Uuid) -> Result<()>;
    /// Removes codes, challenges and tokens that ended before `now_ms`.
    fn sweep_secrets(&mut self, now_ms: u64) -> Result<()>;
}
