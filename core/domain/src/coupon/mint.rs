//! Where codes come from: derived from a secret, so that no database need hold one.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::code::RANDOM_BITS;
use super::{CodeError, CouponCode};
use crate::CampaignId;

/// The server's secret from which codes and their hashes are derived. Whoever has it can make every code; `Debug` hides it.
#[derive(Clone)]
pub struct CodeSecret {
    mint: Hmac<Sha256>,
    find: Hmac<Sha256>,
}

impl CodeSecret {
    /// From 32 random bytes. Codes are made and found under two keys derived from them.
    pub fn new(secret: &[u8; 32]) -> Self {
        let derive = |name: &[u8]| {
            let mut mac = keyed(secret);
            mac.update(name);
            keyed(&mac.finalize().into_bytes().into())
        };
        CodeSecret { mint: derive(b"guidebook.mint.v1\0"), find: derive(b"guidebook.find.v1\0") }
    }

    /// The code of a campaign's `serial`. `attempt` is 0, and one more each time where a code of that hash is there already
    /// (once in 10¹³ mints of a million codes).
    pub fn code(&self, campaign: &CampaignId, class: char, serial: u64, attempt: u8) -> Result<CouponCode, CodeError> {
        let mut mac = self.mint.clone();
        mac.update(campaign.as_str().as_bytes());
        mac.update(b"\0");
        mac.update(&serial.to_be_bytes());
        mac.update(&[attempt]);
        let mut first = [0; 16];
        first.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        CouponCode::from_parts(class, u128::from_be_bytes(first) >> (128 - RANDOM_BITS))
    }

    /// The keyed hash under which a code is kept and found. Without the secret it says nothing about the code.
    pub fn hash(&self, code: &CouponCode) -> [u8; 32] {
        let mut mac = self.find.clone();
        mac.update(code.plain().as_bytes());
        mac.finalize().into_bytes().into()
    }
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("a key of any length")
}

impl std::fmt::Debug for CodeSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_serial_has_its_code_and_the_same_for_ever() {
        let secret = CodeSecret::new(&[1; 32]);
        let codes = |secret: &CodeSecret, id: &str, attempt| -> BTreeSet<CouponCode> {
            let id = CampaignId::new(id).unwrap();
            (0..10_000).map(|serial| secret.code(&id, 'K', serial, attempt).unwrap()).collect()
        };
        let first = codes(&secret, "C1", 0);
        assert_eq!(first.len(), 10_000);
        assert_eq!(first, codes(&secret, "C1", 0));
        for other in [codes(&secret, "C2", 0), codes(&secret, "C1", 1), codes(&CodeSecret::new(&[2; 32]), "C1", 0)] {
            assert!(first.is_disjoint(&other));
        }
    }

    #[test]
    fn every_random_bit_is_used() {
        let secret = CodeSecret::new(&[1; 32]);
        let id = CampaignId::new("C1").unwrap();
        let randoms: Vec<u128> = (0..200).map(|serial| secret.code(&id, 'K', serial, 0).unwrap().random()).collect();
        let (ones, zeros) = (randoms.iter().fold(0, |a, b| a | b), randoms.iter().fold(u128::MAX, |a, b| a & b));
        assert_eq!((ones, zeros), ((1 << 65) - 1, 0));
    }

    #[test]
    fn a_hash_is_keyed_and_not_the_codes_own() {
        let code = CouponCode::from_parts('K', 5).unwrap();
        let hashes = [CodeSecret::new(&[1; 32]).hash(&code), CodeSecret::new(&[2; 32]).hash(&code)];
        assert_ne!(hashes[0], hashes[1]);
        assert_eq!(CodeSecret::new(&[1; 32]).hash(&CouponCode::parse(&code.grouped().to_lowercase()).unwrap()), hashes[0]);
    }
}
