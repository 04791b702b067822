//! Enrolment: HQ makes a code, the phone answers once with its own Ed25519 key.

use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::{DeviceId, GuideId, TenantId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::GuideRecord;

/// How long a code lives, in seconds.
pub const CODE_LIVES_S: u64 = 10 * 60;

/// A phone answers to a code.
#[derive(Clone, Serialize, Deserialize)]
pub struct EnrolRecord {
    /// The code, as typed or scanned.
    pub code: String,
    /// The phone's public key: 32 bytes, base64url without padding.
    pub public_key: String,
    /// What HQ sees the phone called, at most 60 characters.
    pub device_name: String,
    /// Signature over [`enrol_proof`]: 64 bytes, base64url without padding.
    pub signature: String,
    /// Who the phone was, if a server that was put back from a backup has forgotten it. It comes back as the same, with
    /// what its book holds and what waits in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returning: Option<ReturningRecord>,
}

/// Who a phone was under the key with which it signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturningRecord {
    /// The retailer.
    pub tenant: TenantId,
    /// The guide whose book it holds; a code for another is refused.
    pub guide: GuideId,
    /// Its name, by which its edits go.
    pub device: DeviceId,
}

/// The server's answer. A phone that lost it sends the same request again and gets the same answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnrolledRecord {
    /// The retailer.
    pub tenant: TenantId,
    /// The guide whose book this phone holds.
    pub guide: GuideRecord,
    /// The name of this phone.
    pub device: DeviceId,
    /// The server's epoch.
    pub epoch: Uuid,
    /// The server's time, Unix milliseconds.
    pub server_ms: u64,
    /// The root key that signs trust lists, if this server gives out coupons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<PublicKey>,
}

/// What a phone signs to enrol.
pub fn enrol_proof(code: &str, public_key: &[u8; 32]) -> Vec<u8> {
    [b"guidebook.enrol.v1\0".as_slice(), public_key, normal_code(code).as_bytes()].concat()
}

/// A code as compared: letters and digits in capitals, `O` read as `0`, `I` and `L` as `1` (Crockford base32).
pub fn normal_code(typed: &str) -> String {
    let significant = typed.chars().filter(|c| !c.is_whitespace() && *c != '-');
    significant
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        assert_eq!(normal_code("ab1o-l9 z"), normal_code("AB10 19Z"));
    }
}
