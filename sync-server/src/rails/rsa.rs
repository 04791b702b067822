//! SHA256-RSA2048: how WeChat Pay and its merchants sign. By `ring`, whose keys these are read into from the files that the
//! platform's console gives out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};

/// What stands before an RSA key in a `PUBLIC KEY` file, behind the outer length: the algorithm (RFC 3279).
const RSA_ALGORITHM: [u8; 15] = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// A private key. `Debug` shows nothing of it.
pub struct PrivateKey(RsaKeyPair);

/// A public key.
pub struct PublicKey(Vec<u8>);

/// A file that is not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no RSA key in PEM")]
pub struct KeyError;

impl PrivateKey {
    /// From a `PRIVATE KEY` file (PKCS #8).
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        RsaKeyPair::from_pkcs8(&decoded(pem, "PRIVATE KEY")?).map(PrivateKey).map_err(|_| KeyError)
    }

    /// The signature of a message, in base64.
    pub fn sign(&self, message: &[u8]) -> String {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).expect("as long as the modulus");
        STANDARD.encode(signature)
    }
}

impl PublicKey {
    /// From a `PUBLIC KEY` file.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let der = decoded(pem, "PUBLIC KEY")?;
        let rest = contents(&der, 0x30).and_then(|inner| inner.strip_prefix(&RSA_ALGORITHM)).and_then(|rest| contents(rest, 0x03));
        // A string of bits says first how many of the last byte don't count.
        rest.and_then(|bits| bits.strip_prefix(&[0])).map(|key| PublicKey(key.to_vec())).ok_or(KeyError)
    }

    /// Whether `signature`, in base64, is of this message.
    pub fn holds(&self, message: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0).verify(message, &signature).is_ok()
    }
}

fn decoded(pem: &str, label: &str) -> Result<Vec<u8>, KeyError> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let inner = pem.split_once(&begin).and_then(|(_, rest)| rest.split_once(&end)).ok_or(KeyError)?.0;
    let text: String = inner.split_ascii_whitespace().collect();
    STANDARD.decode(text).map_err(|_| KeyError)
}

/// What is in a value of DER with this tag, at the front of `der`.
fn contents(der: &[u8], tag: u8) -> Option<&[u8]> {
    let (&[is, first], rest) = der.split_first_chunk::<2>()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81 | 0x82 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    if is == tag { rest.get(..length) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MERCHANT: &str = include_str!("../../tests/http/keys/merchant.pem");
    const MERCHANT_PUBLIC: &str = include_str!("../../tests/http/keys/merchant-public.pem");
    const PLATFORM_PUBLIC: &str = include_str!("../../tests/http/keys/platform-public.pem");
    /// Made by `openssl dgst -sha256 -sign merchant.pem`.
    const BY_OPENSSL: &str = include_str!("../../tests/http/keys/signature.base64");
    const MESSAGE: &[u8] = b"POST\n/v3/marketing/busifavor/stocks/98065001/couponcodes\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n{}\n";

    #[test]
    fn signatures_are_those_of_another_implementation() {
        let key = PrivateKey::from_pem(MERCHANT).unwrap();
        assert_eq!(key.sign(MESSAGE), BY_OPENSSL.trim());
        let public = PublicKey::from_pem(MERCHANT_PUBLIC).unwrap();
        assert!(public.holds(MESSAGE, BY_OPENSSL.trim()));
        assert!(!public.holds(b"POST", BY_OPENSSL.trim()) && !public.holds(MESSAGE, "no base64"));
        assert!(!PublicKey::from_pem(PLATFORM_PUBLIC).unwrap().holds(MESSAGE, BY_OPENSSL.trim()));
    }

    #[test]
    fn what_is_no_key_is_told() {
        assert!(PrivateKey::from_pem(MERCHANT_PUBLIC).is_err() && PublicKey::from_pem(MERCHANT).is_err());
        assert!(PrivateKey::from_pem("").is_err() && PrivateKey::from_pem(&MERCHANT.replace('M', "A")).is_err());
        let whole = decoded(MERCHANT_PUBLIC, "PUBLIC KEY").unwrap();
        for cut in 0..whole.len() {
            let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", STANDARD.encode(&whole[..cut]));
            assert!(PublicKey::from_pem(&pem).is_err(), "{cut}");
        }
    }
}
