//! Bytes as text, and Ed25519 signatures each under a context of its own, so that none can be taken for another.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// A text that is not so many bytes in base64url without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no base64url of the right length")]
pub struct BytesError;

macro_rules! bytes_as_text {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub [u8; $length]);

        impl $name {
            /// As text: base64url without padding.
            pub fn text(&self) -> String {
                URL_SAFE_NO_PAD.encode(self.0)
            }

            /// From text.
            pub fn parse(text: &str) -> Result<Self, BytesError> {
                let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BytesError)?;
                bytes.try_into().map(Self).map_err(|_| BytesError)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BytesError;

            fn try_from(text: String) -> Result<Self, BytesError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(bytes: $name) -> String {
                bytes.text()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:02x}{:02x}…)", stringify!($name), self.0[0], self.0[1])
            }
        }
    };
}

bytes_as_text!(
    /// A public key of Ed25519.
    PublicKey,
    32
);
bytes_as_text!(
    /// A signature of Ed25519.
    Signature,
    64
);
bytes_as_text!(
    /// A hash of SHA-256.
    Hash,
    32
);

impl PublicKey {
    /// The public half of a key.
    pub fn of(key: &SigningKey) -> Self {
        PublicKey(key.verifying_key().to_bytes())
    }
}

/// Signs `message` under `context`, which ends in `\0`.
pub(super) fn sign(key: &SigningKey, context: &[u8], message: &[u8]) -> Signature {
    Signature(key.sign(&[context, message].concat()).to_bytes())
}

/// Whether `signature` is of `message` under `context`, strictly: no weak key, no second form of a signature.
pub(super) fn holds(public: &PublicKey, context: &[u8], message: &[u8], signature: &Signature) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(&public.0) else { return false };
    key.verify_strict(&[context, message].concat(), &ed25519_dalek::Signature::from_bytes(&signature.0)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_context_key_and_message_only() {
        let (key, other) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let signature = sign(&key, b"a\0", b"b");
        let public = PublicKey::of(&key);
        assert!(holds(&public, b"a\0", b"b", &signature));
        assert!(!holds(&public, b"c\0", b"b", &signature));
        assert!(!holds(&public, b"a\0", b"c", &signature));
        assert!(!holds(&PublicKey::of(&other), b"a\0", b"b", &signature));
        // A weak key, under which anything could be signed.
        assert!(!holds(&PublicKey([0; 32]), b"a\0", b"b", &Signature([0; 64])));
    }

    #[test]
    fn bytes_go_by_text_and_nothing_shorter_or_padded_is_taken() {
        let hash = Hash([7; 32]);
        assert_eq!(Hash::parse(&hash.text()), Ok(hash));
        for bad in [hash.text() + "=", hash.text()[1..].to_owned(), String::new()] {
            assert_eq!(Hash::parse(&bad), Err(BytesError));
        }
    }
}
