//! Whose signatures count: a numbered list of HQ's keys, signed by the root key, which never signs anything else.

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};

use super::signed::{PublicKey, Signature, holds, sign};

/// What is signed before the list's text.
pub const CONTEXT: &[u8] = b"guidebook.trust.v1\0";

/// HQ's keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustList {
    /// Rises with each list.
    pub number: u32,
    /// The keys; no two of one `kid`.
    pub keys: Vec<TrustedKey>,
}

/// One of HQ's keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedKey {
    /// How vouchers and grants name it: 0 to 15.
    pub kid: u8,
    /// The key.
    pub public: PublicKey,
    /// From when on it counts, Unix milliseconds.
    pub not_before_ms: u64,
    /// Up to when, Unix milliseconds: not when it stops signing, but when the last coupon that it signed is over.
    pub not_after_ms: u64,
}

/// Why a list is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The root key has not signed it.
    #[error("not signed by the root key")]
    BadSignature,
    /// Signed, but no list of keys.
    #[error("no trust list")]
    Malformed,
    /// Older than the list at hand: somebody offers keys that HQ has withdrawn.
    #[error("trust list {offered} is older than {held}")]
    Backwards {
        /// The number of the list at hand.
        held: u32,
        /// The number of this one.
        offered: u32,
    },
}

impl TrustList {
    /// The key of that name, if it counts at `now_ms`.
    pub fn key(&self, kid: u8, now_ms: u64) -> Option<&TrustedKey> {
        self.keys.iter().find(|key| key.kid == kid && (key.not_before_ms..=key.not_after_ms).contains(&now_ms))
    }

    /// Signs it with the root key.
    pub fn sign(&self, root: &SigningKey) -> SignedTrustList {
        let text = serde_json::to_string(self).expect("numbers and texts");
        let signature = sign(root, CONTEXT, text.as_bytes());
        SignedTrustList { text, signature }
    }
}

/// A list as it travels: the very text that was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedTrustList {
    /// A [`TrustList`] in JSON.
    pub text: String,
    /// By the root key, over [`CONTEXT`] and text.
    pub signature: Signature,
}

impl SignedTrustList {
    /// The list, if the root key has signed it and it is not older than the one at hand (`held` is its number; 0 for none).
    pub fn accept(&self, held: u32, root: &PublicKey) -> Result<TrustList, TrustError> {
        if !holds(root, CONTEXT, self.text.as_bytes(), &self.signature) {
            return Err(TrustError::BadSignature);
        }
        let list: TrustList = serde_json::from_str(&self.text).map_err(|_| TrustError::Malformed)?;
        let kids: BTreeSet<u8> = list.keys.iter().map(|key| key.kid).filter(|kid| *kid < 16).collect();
        if kids.len() != list.keys.len() {
            return Err(TrustError::Malformed);
        }
        if list.number < held { Err(TrustError::Backwards { held, offered: list.number }) } else { Ok(list) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A list with one key of `kid`, which counts from 1,000 to `u64::MAX`.
    pub(in crate::coupon) fn trusting(kid: u8, key: &SigningKey) -> TrustList {
        let trusted = TrustedKey { kid, public: PublicKey::of(key), not_before_ms: 1_000, not_after_ms: u64::MAX };
        TrustList { number: 3, keys: vec![trusted] }
    }

    #[test]
    fn a_list_never_goes_backwards() {
        let root = SigningKey::from_bytes(&[9; 32]);
        let list = trusting(1, &root);
        let signed = list.sign(&root);
        for held in [0, 2, 3] {
            assert_eq!(signed.accept(held, &PublicKey::of(&root)), Ok(list.clone()));
        }
        assert_eq!(signed.accept(4, &PublicKey::of(&root)), Err(TrustError::Backwards { held: 4, offered: 3 }));
    }

    #[test]
    fn a_list_of_another_root_or_altered_is_refused() {
        let (root, other) = (SigningKey::from_bytes(&[9; 32]), SigningKey::from_bytes(&[8; 32]));
        let mut signed = trusting(1, &root).sign(&root);
        assert_eq!(signed.accept(0, &PublicKey::of(&other)), Err(TrustError::BadSignature));
        signed.text = signed.text.replace(":3", ":4");
        assert_eq!(signed.accept(0, &PublicKey::of(&root)), Err(TrustError::BadSignature));
    }

    #[test]
    fn two_keys_of_one_name_are_no_list() {
        let root = SigningKey::from_bytes(&[9; 32]);
        let mut list = trusting(1, &root);
        list.keys.push(list.keys[0].clone());
        assert_eq!(list.sign(&root).accept(0, &PublicKey::of(&root)), Err(TrustError::Malformed));
        let list = trusting(16, &root);
        assert_eq!(list.sign(&root).accept(0, &PublicKey::of(&root)), Err(TrustError::Malformed));
    }

    #[test]
    fn a_key_counts_in_its_time_only() {
        let mut list = trusting(1, &SigningKey::from_bytes(&[9; 32]));
        list.keys[0].not_after_ms = 2_000;
        let counts = |now_ms| list.key(1, now_ms).is_some();
        assert_eq!([counts(999), counts(1_000), counts(2_000), counts(2_001)], [false, true, true, false]);
        assert!(list.key(2, 1_500).is_none());
    }
}
