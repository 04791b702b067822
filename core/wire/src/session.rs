//! Sessions: a phone proves its key for a short-lived token, and each request carries an HMAC under the session's key.
//!
//! The HMAC covers method, path, body and time, so a proxy that reads a token can't use it. A request replayed as it
//! is changes nothing, because operations carry ids.

use guidebook_domain::DeviceId;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How long an access token lives, in seconds.
pub const TOKEN_LIVES_S: u64 = 15 * 60;
/// How long a refresh token lives, in seconds.
pub const REFRESH_LIVES_S: u64 = 30 * 24 * 3600;
/// How long a challenge lives, in seconds.
pub const CHALLENGE_LIVES_S: u64 = 120;
/// How far the time in a request may be from the server's, in milliseconds.
pub const REQUEST_SKEW_MS: u64 = 5 * 60 * 1000;

/// Header: `Guidebook <token>.<time>.<mac>`, time and HMAC as in the two headers of protocol 1.
pub const AUTHORIZATION: &str = "authorization";
/// Header of protocol 1: the time under the HMAC, Unix milliseconds by the server's clock as the phone knows it.
pub const TIME_HEADER: &str = "x-guidebook-time";
/// Header of protocol 1: the HMAC, base64url without padding.
pub const MAC_HEADER: &str = "x-guidebook-mac";

/// A phone asks for a challenge.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChallengeRequestRecord {
    /// The phone.
    pub device: DeviceId,
}

/// The challenge, good once and for [`CHALLENGE_LIVES_S`].
#[derive(Clone, Serialize, Deserialize)]
pub struct ChallengeRecord {
    /// Random text.
    pub challenge: String,
}

/// A phone proves its key.
#[derive(Clone, Serialize, Deserialize)]
pub struct ProofRecord {
    /// The phone.
    pub device: DeviceId,
    /// The challenge.
    pub challenge: String,
    /// Signature over [`session_proof`]: 64 bytes, base64url without padding.
    pub signature: String,
}

/// A session.
#[derive(Clone, Serialize, Deserialize)]
pub struct SessionRecord {
    /// The access token.
    pub token: String,
    /// The key for [`request_mac`]: 32 bytes, base64url without padding.
    pub mac_key: String,
    /// The refresh token; it rotates, and using an old one ends the whole family.
    pub refresh: String,
    /// Seconds until the token ends.
    pub expires_in_s: u64,
    /// The server's time, Unix milliseconds.
    pub server_ms: u64,
}

/// A phone renews its session.
#[derive(Clone, Serialize, Deserialize)]
pub struct RefreshRecord {
    /// The newest refresh token.
    pub refresh: String,
}

/// What a phone signs to get a session.
pub fn session_proof(device: DeviceId, challenge: &str) -> Vec<u8> {
    [b"guidebook.session.v1\0".as_slice(), device.uuid().as_bytes(), challenge.as_bytes()].concat()
}

/// The HMAC-SHA-256 of a request.
pub fn request_mac(key: &[u8; 32], method: &str, path: &str, body: &[u8], time_ms: u64) -> [u8; 32] {
    keyed(key, method, path, body, time_ms).finalize().into_bytes().into()
}

/// How much of an HMAC is sent from protocol 2 on, in bytes (RFC 2104 allows half).
pub const SENT_MAC_BYTES: usize = 16;

/// Whether `mac` is the HMAC of this request or at least its first half; takes the same time wherever it differs.
pub fn request_mac_holds(key: &[u8; 32], method: &str, path: &str, body: &[u8], time_ms: u64, mac: &[u8]) -> bool {
    mac.len() >= SENT_MAC_BYTES && keyed(key, method, path, body, time_ms).verify_truncated_left(mac).is_ok()
}

fn keyed(key: &[u8; 32], method: &str, path: &str, body: &[u8], time_ms: u64) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).expect("an HMAC key has any length");
    for part in [method.as_bytes(), b"\n", path.as_bytes(), b"\n", &Sha256::digest(body), &time_ms.to_be_bytes()] {
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_differs_anywhere_has_another_mac() {
        let (key, body) = ([1; 32], b"{}".as_slice());
        let mac = request_mac(&key, "POST", "/v1/round", body, 5);
        assert!(request_mac_holds(&key, "POST", "/v1/round", body, 5, &mac));
        assert!(!request_mac_holds(&[2; 32], "POST", "/v1/round", body, 5, &mac));
        assert!(!request_mac_holds(&key, "GET", "/v1/round", body, 5, &mac));
        assert!(!request_mac_holds(&key, "POST", "/v1/roun", body, 5, &mac));
        assert!(!request_mac_holds(&key, "POST", "/v1/round", b"{ }", 5, &mac));
        assert!(!request_mac_holds(&key, "POST", "/v1/round", body, 6, &mac));
        assert!(request_mac_holds(&key, "POST", "/v1/round", body, 5, &mac[..16]));
        assert!(!request_mac_holds(&key, "POST", "/v1/round", body, 5, &mac[..15]));
        assert!(!request_mac_holds(&key, "POST", "/v1/round", body, 5, &mac[1..]));
    }
}
