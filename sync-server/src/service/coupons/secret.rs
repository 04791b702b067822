//! The secret behind all codes: from it they are derived, by it they are hashed, and under it private keys are sealed.
//!
//! 32 random bytes from the environment or a file that only its owner may read ([`crate::secret_file`]). Whoever has them and
//! the database can make every code, so the two are kept, and backed up, apart.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;
use guidebook_domain::TenantId;
use guidebook_domain::coupon::{Campaign, CodeSecret, CouponCode};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::db::secrets::Hash;
use crate::db::{Result, Tx};
use crate::error::ServerError;

/// Bytes of a sealed key's nonce, which lie before it.
const NONCE: usize = 24;

/// Bits of a place's number that count places. Those above it count further codes of a place, 256 at a time.
const PLACE_BITS: u32 = 40;

/// Bits of a generation that count the codes of one place in one epoch. Those above them count restores.
const EPOCH_BITS: u32 = 16;

/// The secret. `Debug` hides it.
#[derive(Clone)]
pub struct CouponSecret([u8; 32]);

impl std::fmt::Debug for CouponSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CouponSecret(…)")
    }
}

impl CouponSecret {
    /// From 32 random bytes.
    pub fn new(secret: [u8; 32]) -> Self {
        CouponSecret(secret)
    }

    /// What a retailer's codes are made from and found by. Two retailers' campaigns of one id have different codes.
    pub fn codes(&self, tenant: &TenantId) -> CodeSecret {
        CodeSecret::new(&self.derive("guidebook.codes.v1", tenant.as_str().as_bytes()))
    }

    /// The same for the codes that are made in an epoch after a restore.
    fn codes_of_epoch(&self, tenant: &TenantId, epoch: Uuid) -> CodeSecret {
        let name = [tenant.as_str().as_bytes(), &[0], epoch.as_bytes()].concat();
        CodeSecret::new(&self.derive("guidebook.codes.v1", &name))
    }

    /// A hash that says nothing without the secret.
    pub fn print(&self, bytes: &[u8]) -> Hash {
        self.derive("guidebook.print.v1", bytes)
    }

    /// A private key, sealed for the database; `whose` is bound to it.
    pub fn seal(&self, key: &SigningKey, whose: &str, nonce: [u8; NONCE]) -> Vec<u8> {
        let payload = Payload { msg: key.as_bytes(), aad: whose.as_bytes() };
        let sealed = self.cipher().encrypt(XNonce::from_slice(&nonce), payload).expect("a key is short");
        [nonce.as_slice(), &sealed].concat()
    }

    /// The private key that was sealed for `whose`.
    pub fn open(&self, sealed: &[u8], whose: &str) -> Result<SigningKey> {
        let wrong = || ServerError::Config("coupon secret: not the one under which the signing keys were sealed".to_owned());
        let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or_else(wrong)?;
        let payload = Payload { msg: sealed, aad: whose.as_bytes() };
        let key = self.cipher().decrypt(XNonce::from_slice(nonce), payload).map_err(|_| wrong())?;
        Ok(SigningKey::from_bytes(&key.try_into().map_err(|_| wrong())?))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.derive("guidebook.seal.v1", b"").into())
    }

    fn derive(&self, what: &str, of: &[u8]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.0).expect("an HMAC key has any length");
        mac.update(what.as_bytes());
        mac.update(&[0]);
        mac.update(of);
        mac.finalize().into_bytes().into()
    }
}

/// What a retailer's codes are made from, place by place. What was leased since a backup is forgotten once the backup was put
/// back, so no code of before is leased again: each restore begins generations of its own, and their codes are made under the
/// epoch that it began, which was drawn by chance. So even one backup that is put back twice gives no code twice.
pub struct Mint {
    first: CodeSecret,
    /// One for each restore, oldest first.
    later: Vec<CodeSecret>,
}

impl Mint {
    /// The retailer's.
    pub fn of(tx: &mut dyn Tx, secret: &CouponSecret, tenant: &TenantId) -> Result<Self> {
        let restores = tx.restores(tenant)?;
        let mut later = Vec::with_capacity(restores.len());
        if !restores.is_empty() {
            let today = tx.tenant(tenant)?.ok_or(ServerError::Corrupt("a code's retailer"))?.epoch;
            // The epoch that a restore began is the one that the next restore has ended.
            let begun = restores[1..].iter().map(|restore| restore.before).chain([today]);
            later.extend(begun.map(|epoch| secret.codes_of_epoch(tenant, epoch)));
        }
        Ok(Mint { first: secret.codes(tenant), later })
    }

    /// The first generation of today's epoch.
    pub fn first_generation(&self) -> u32 {
        (self.later.len() as u32).saturating_mul(1 << EPOCH_BITS)
    }

    /// The code of a place in a campaign's budget; each generation of a place has another.
    pub fn code(&self, campaign: &Campaign, serial: u64, generation: u32) -> Result<CouponCode> {
        let [.., attempt] = generation.to_be_bytes();
        let place = serial | u64::from(generation >> 8) << PLACE_BITS;
        let codes = match (generation >> EPOCH_BITS) as usize {
            0 => &self.first,
            epoch => self.later.get(epoch - 1).ok_or(ServerError::Corrupt("a code's epoch"))?,
        };
        codes.code(&campaign.id, campaign.class, place, attempt).map_err(|_| ServerError::Corrupt("a campaign's class"))
    }

    /// The keyed hash by which a code is found, whatever epoch it is of.
    pub fn hash(&self, code: &CouponCode) -> Hash {
        self.first.hash(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_key_opens_only_under_its_secret_and_name() {
        let (secret, other) = (CouponSecret::new([1; 32]), CouponSecret::new([2; 32]));
        let key = SigningKey::from_bytes(&[7; 32]);
        let sealed = secret.seal(&key, "A 0", [3; 24]);
        assert_eq!(secret.open(&sealed, "A 0").unwrap().to_bytes(), key.to_bytes());
        assert!(!sealed.windows(32).any(|bytes| bytes == key.as_bytes()));
        assert!(secret.open(&sealed, "A 1").is_err() && other.open(&sealed, "A 0").is_err() && secret.open(&[0; 10], "A 0").is_err());
    }

    #[test]
    fn retailers_share_no_code() {
        let secret = CouponSecret::new([1; 32]);
        let tenant = |id: &str| TenantId::new(id).unwrap();
        let campaign = super::super::tests::campaign("C1");
        let epochs = |id: &str| vec![secret.codes_of_epoch(&tenant(id), Uuid::from_u128(1))];
        let mint = |id: &str| Mint { first: secret.codes(&tenant(id)), later: epochs(id) };
        let code = |id: &str, serial, generation| mint(id).code(&campaign, serial, generation).unwrap();
        let restored = 1 << EPOCH_BITS;
        let other = Mint { later: vec![secret.codes_of_epoch(&tenant("A"), Uuid::from_u128(2))], ..mint("A") };
        let of_epochs = [code("A", 0, restored), code("B", 0, restored), other.code(&campaign, 0, restored).unwrap()];
        let all = [code("A", 0, 0), code("B", 0, 0), code("A", 1, 0), code("A", 0, 1), code("A", 0, 256), code("A", 0, 257)];
        let all: Vec<CouponCode> = all.into_iter().chain(of_epochs).collect();
        for (n, one) in all.iter().enumerate() {
            assert!(!all[..n].contains(one));
        }
        assert_eq!(code("A", 0, 256), all[4]);
        assert!(mint("A").code(&campaign, 0, 2 * restored).is_err());
    }
}
