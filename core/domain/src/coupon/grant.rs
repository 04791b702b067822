//! Codes leased to one device, signed by HQ.
//!
//! Turns number the codes of one device, campaign and value, from 1 on, ascending for ever. A phone gives out a code only if
//! its turn is above the mark, so each at most once, whatever becomes of its database.

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};

use super::signed::{Signature, holds, sign};
use super::{CouponCode, HighWater, TrustList};
use crate::{CampaignId, DeviceId, GrantId, MarkId};

/// What is signed before the grant's text.
pub const CONTEXT: &[u8] = b"guidebook.grant.v1\0";
/// The most codes of one grant.
pub const MOST_CODES: usize = 200;
/// The most money leased to one device in one campaign at a time, in fen, unless HQ says otherwise.
pub const MOST_MONEY_FEN: u64 = 200_000;
/// How long a lease runs, in milliseconds, unless HQ says otherwise.
pub const LEASE_MS: u64 = 72 * 3_600_000;
/// A phone asks for more when it has so many of a hundred left, or fewer.
pub const LOW_WATER_PERCENT: u64 = 30;

/// A grant. `Debug` of its codes hides them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The phone's request (UUIDv7), which is answered with this grant for ever.
    pub request: GrantId,
    /// To whom.
    pub device: DeviceId,
    /// The mark of that device when it asked.
    pub mark: MarkId,
    /// Of which campaign.
    pub campaign: CampaignId,
    /// [`super::Campaign::version`] at that time.
    pub campaign_version: u32,
    /// What each is worth ([`super::Face::values`]).
    pub value: u32,
    /// Up to when they may be given out, Unix milliseconds by the server.
    pub lease_until_ms: u64,
    /// The end of the last day that the vouchers say, Unix milliseconds. After it, codes that were never heard of go back
    /// to the budget.
    pub expires_ms: u64,
    /// The codes, by ascending turn.
    pub codes: Vec<GrantedCode>,
}

/// One code of a grant.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantedCode {
    /// Its turn.
    pub turn: u64,
    /// The code.
    pub code: CouponCode,
    /// Its voucher: 122 characters.
    pub voucher: String,
}

impl std::fmt::Debug for GrantedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GrantedCode({})", self.turn)
    }
}

/// Why a grant is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// Signed by a key that is not on the trust list.
    #[error("signed by an unknown key")]
    UnknownKey,
    /// Not what the key has signed.
    #[error("the signature does not hold")]
    BadSignature,
    /// Signed, but no grant: too many codes, or turns that do not ascend.
    #[error("no grant")]
    Malformed,
    /// For another device.
    #[error("for another device")]
    OtherDevice,
    /// For a mark that this phone has not: asked for by a copy of it, or before its vault was lost.
    #[error("for another mark")]
    OtherMark,
}

impl Grant {
    /// Signs it with HQ's key of that name.
    pub fn sign(&self, kid: u8, key: &SigningKey) -> SignedGrant {
        let text = serde_json::to_string(self).expect("numbers and texts");
        let signature = sign(key, CONTEXT, text.as_bytes());
        SignedGrant { text, kid, signature }
    }

    /// The codes that may still be given out, the next first.
    pub fn usable(&self, mark: &HighWater, now_ms: u64) -> impl Iterator<Item = &GrantedCode> {
        let may = self.mark == mark.id && now_ms < self.lease_until_ms;
        self.unused(mark).filter(move |_| may)
    }

    /// The codes above the mark: what is to be surrendered when the lease is over.
    pub fn unused(&self, mark: &HighWater) -> impl Iterator<Item = &GrantedCode> {
        let highest = mark.highest(&self.campaign, self.value);
        self.codes.iter().filter(move |code| code.turn > highest)
    }
}

/// A grant as it travels: the very text that was signed. It names codes, so `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedGrant {
    /// A [`Grant`] in JSON.
    pub text: String,
    /// Which of HQ's keys has signed it.
    pub kid: u8,
    /// Over [`CONTEXT`] and text.
    pub signature: Signature,
}

impl std::fmt::Debug for SignedGrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignedGrant(kid {})", self.kid)
    }
}

impl SignedGrant {
    /// The grant, if HQ has signed it for this device and mark. One whose turns are all below the mark is taken too: it has
    /// just nothing usable.
    pub fn verify(&self, trust: &TrustList, device: DeviceId, mark: MarkId, now_ms: u64) -> Result<Grant, GrantError> {
        let key = trust.key(self.kid, now_ms).ok_or(GrantError::UnknownKey)?;
        if !holds(&key.public, CONTEXT, self.text.as_bytes(), &self.signature) {
            return Err(GrantError::BadSignature);
        }
        let grant: Grant = serde_json::from_str(&self.text).map_err(|_| GrantError::Malformed)?;
        let ascend = grant.codes.windows(2).all(|pair| pair[0].turn < pair[1].turn);
        if grant.codes.len() > MOST_CODES || !ascend || grant.codes.first().is_some_and(|first| first.turn == 0) {
            return Err(GrantError::Malformed);
        }
        if grant.device != device {
            return Err(GrantError::OtherDevice);
        }
        if grant.mark == mark { Ok(grant) } else { Err(GrantError::OtherMark) }
    }
}

/// Whether a phone that has `usable` codes left of `granted` asks for more.
pub fn is_low(usable: u64, granted: u64) -> bool {
    usable * 100 <= granted * LOW_WATER_PERCENT
}

/// How many codes to lease: what is asked for, within the limits. `leased_fen` is what the device has already in the
/// campaign, `each_fen` the most that one code can cost, `budget` how many the campaign's count and money still allow.
pub fn size(wanted: u64, each_fen: u32, leased_fen: u64, most_fen: u64, budget: u64) -> u64 {
    let room_fen = most_fen.saturating_sub(leased_fen);
    let by_money = room_fen.checked_div(u64::from(each_fen)).unwrap_or(u64::MAX);
    wanted.min(MOST_CODES as u64).min(by_money).min(budget)
}

#[cfg(test)]
mod tests {
    use super::super::trust::tests::trusting;
    use super::*;
    use uuid::Uuid;

    const MARK: MarkId = MarkId::from_uuid(Uuid::from_u128(5));

    fn a_grant(turns: impl IntoIterator<Item = u64>) -> Grant {
        let code = |turn| GrantedCode { turn, code: CouponCode::from_parts('K', turn.into()).unwrap(), voucher: String::new() };
        Grant {
            request: GrantId::from_uuid(Uuid::from_u128(1)),
            device: DeviceId::from_uuid(Uuid::from_u128(2)),
            mark: MARK,
            campaign: CampaignId::new("C1").unwrap(),
            campaign_version: 1,
            value: 500,
            lease_until_ms: 10_000,
            expires_ms: 90_000,
            codes: turns.into_iter().map(code).collect(),
        }
    }

    fn turns<'g>(codes: impl Iterator<Item = &'g GrantedCode>) -> Vec<u64> {
        codes.map(|code| code.turn).collect()
    }

    #[test]
    fn only_what_is_above_the_mark_is_usable_and_only_during_the_lease() {
        let grant = a_grant(3..=6);
        let mut mark = HighWater::new(MARK);
        mark.raise(&grant.campaign, 500, 4);
        mark.raise(&grant.campaign, 900, 99);
        assert_eq!(turns(grant.usable(&mark, 9_999)), [5, 6]);
        assert_eq!(turns(grant.usable(&mark, 10_000)), [] as [u64; 0]);
        assert_eq!(turns(grant.unused(&mark)), [5, 6]);
    }

    #[test]
    fn a_grant_made_for_a_copy_of_the_phone_is_of_no_use() {
        let grant = a_grant(1..=3);
        let copy = HighWater::new(MarkId::from_uuid(Uuid::from_u128(6)));
        assert_eq!(grant.usable(&copy, 0).count(), 0);
        let key = SigningKey::from_bytes(&[1; 32]);
        let verified = grant.sign(2, &key).verify(&trusting(2, &key), grant.device, copy.id, 2_000);
        assert_eq!(verified, Err(GrantError::OtherMark));
    }

    #[test]
    fn a_grant_is_taken_only_as_it_was_signed_and_only_by_its_device() {
        let (key, other) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let grant = a_grant(1..=200);
        let signed = grant.sign(2, &key);
        let trust = trusting(2, &key);
        let verify = |signed: &SignedGrant, trust: &TrustList| signed.verify(trust, grant.device, MARK, 2_000);
        assert_eq!(verify(&signed, &trust), Ok(grant.clone()));
        assert_eq!(verify(&signed, &trusting(3, &key)), Err(GrantError::UnknownKey));
        assert_eq!(verify(&signed, &trusting(2, &other)), Err(GrantError::BadSignature));
        assert_eq!(signed.verify(&trust, grant.device, MARK, 999), Err(GrantError::UnknownKey));
        let altered = SignedGrant { text: signed.text.replace("\"value\":500", "\"value\":900"), ..signed.clone() };
        assert_ne!(altered.text, signed.text);
        assert_eq!(verify(&altered, &trust), Err(GrantError::BadSignature));
        assert_eq!(signed.verify(&trust, DeviceId::HQ, MARK, 2_000), Err(GrantError::OtherDevice));
        for bad in [a_grant(1..=201), a_grant([2, 2]), a_grant([3, 2]), a_grant([0])] {
            assert_eq!(verify(&bad.sign(2, &key), &trust), Err(GrantError::Malformed));
        }
        assert!(!format!("{signed:?} {grant:?}").contains(&grant.codes[0].code.plain()));
    }

    #[test]
    fn more_is_asked_for_at_three_tenths() {
        assert!(is_low(60, 200) && !is_low(61, 200) && is_low(0, 1) && is_low(0, 0));
    }

    #[test]
    fn a_grant_is_limited_by_count_money_and_budget() {
        assert_eq!(size(500, 100, 0, MOST_MONEY_FEN, 9_999), 200);
        assert_eq!(size(500, 5_000, 0, MOST_MONEY_FEN, 9_999), 40);
        assert_eq!(size(500, 5_000, 150_000, MOST_MONEY_FEN, 9_999), 10);
        assert_eq!(size(500, 5_000, 250_000, MOST_MONEY_FEN, 9_999), 0);
        assert_eq!(size(500, 5_000, 0, MOST_MONEY_FEN, 3), 3);
        assert_eq!(size(7, 0, 0, MOST_MONEY_FEN, 9_999), 7);
    }
}
