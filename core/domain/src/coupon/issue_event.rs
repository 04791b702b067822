//! What a phone signs about its codes: that one was given out, or that unused ones come back.
//!
//! No event names a code. The server finds it by grant and turn, so that no database holds one.

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::signed::{Hash, PublicKey, Signature, holds, sign};
use crate::{CampaignId, DeviceId, GrantId, GuideId, MarkId, MemberId, StoreId};

/// What is signed before an issue event.
pub const ISSUE_CONTEXT: &[u8] = b"guidebook.issue.v1\0";
/// What is signed before a surrender.
pub const SURRENDER_CONTEXT: &[u8] = b"guidebook.surrender.v1\0";

/// A coupon was given out. The events of one device form a chain: each names the hash of the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueEvent {
    /// Its place in the device's chain, from 1 on.
    pub sequence: u64,
    /// [`Self::hash`] of the event before; zeros before the first.
    pub previous: Hash,
    /// The device.
    pub device: DeviceId,
    /// The guide.
    pub guide: GuideId,
    /// Her store.
    pub store: StoreId,
    /// The member to whom.
    pub member: MemberId,
    /// The campaign.
    pub campaign: CampaignId,
    /// Its version as the phone knew it: the price version.
    pub campaign_version: u32,
    /// The grant.
    pub grant: GrantId,
    /// The code's turn.
    pub turn: u64,
    /// What it is worth ([`super::Face::values`]).
    pub value: u32,
    /// When, Unix milliseconds, by [`super::IssueClock`].
    pub at_ms: u64,
    /// Up to when it is valid, Unix milliseconds.
    pub expires_ms: u64,
}

impl IssueEvent {
    /// The bytes that are signed and hashed: numbers big-endian, texts with their length in two bytes.
    pub fn canonical(&self) -> Vec<u8> {
        let mut to = Canonical::default();
        to.number(self.sequence);
        to.bytes.extend(self.previous.0);
        to.bytes.extend(self.device.uuid().as_bytes());
        to.text(self.guide.as_str());
        to.text(self.store.as_str());
        to.text(self.member.as_str());
        to.text(self.campaign.as_str());
        to.number(self.campaign_version.into());
        to.bytes.extend(self.grant.uuid().as_bytes());
        to.number(self.turn);
        to.number(self.value.into());
        to.number(self.at_ms);
        to.number(self.expires_ms);
        to.bytes
    }

    /// What the next event names.
    pub fn hash(&self) -> Hash {
        Hash(Sha256::new().chain_update(ISSUE_CONTEXT).chain_update(self.canonical()).finalize().into())
    }

    /// Whether it comes right after the event of that place and hash; (0, zeros) before the first.
    pub fn follows(&self, sequence: u64, hash: Hash) -> bool {
        self.sequence == sequence + 1 && self.previous == hash
    }

    /// Signs it with the device's key.
    pub fn sign(self, key: &SigningKey) -> SignedIssueEvent {
        let signature = sign(key, ISSUE_CONTEXT, &self.canonical());
        SignedIssueEvent { event: self, signature }
    }
}

/// An issue event as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIssueEvent {
    /// The event.
    pub event: IssueEvent,
    /// The device's, over [`ISSUE_CONTEXT`] and [`IssueEvent::canonical`].
    pub signature: Signature,
}

impl SignedIssueEvent {
    /// Whether the device has signed it.
    pub fn holds(&self, device: &PublicKey) -> bool {
        holds(device, ISSUE_CONTEXT, &self.event.canonical(), &self.signature)
    }
}

/// Codes come back that were never given out and never will be: the mark was raised above them before this was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surrender {
    /// The device.
    pub device: DeviceId,
    /// Its mark.
    pub mark: MarkId,
    /// The grant.
    pub grant: GrantId,
    /// The turns, ascending.
    pub turns: Vec<u64>,
    /// When, Unix milliseconds.
    pub at_ms: u64,
}

impl Surrender {
    /// The bytes that are signed.
    pub fn canonical(&self) -> Vec<u8> {
        let mut to = Canonical::default();
        to.bytes.extend(self.device.uuid().as_bytes());
        to.bytes.extend(self.mark.uuid().as_bytes());
        to.bytes.extend(self.grant.uuid().as_bytes());
        to.number(self.at_ms);
        to.number(self.turns.len() as u64);
        self.turns.iter().for_each(|turn| to.number(*turn));
        to.bytes
    }

    /// Signs it with the device's key.
    pub fn sign(self, key: &SigningKey) -> SignedSurrender {
        let signature = sign(key, SURRENDER_CONTEXT, &self.canonical());
        SignedSurrender { surrender: self, signature }
    }
}

/// A surrender as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedSurrender {
    /// What comes back.
    pub surrender: Surrender,
    /// The device's, over [`SURRENDER_CONTEXT`] and [`Surrender::canonical`].
    pub signature: Signature,
}

impl SignedSurrender {
    /// Whether the device has signed it.
    pub fn holds(&self, device: &PublicKey) -> bool {
        holds(device, SURRENDER_CONTEXT, &self.surrender.canonical(), &self.signature)
    }
}

/// Why the server does not take an issue, a void or a surrender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CouponRefusal {
    /// The device's key has not signed it.
    #[error("not signed by this device")]
    NotSigned,
    /// No such code was leased to this device.
    #[error("not leased to this device")]
    NotLeased,
    /// A copy of this phone has given the code to somebody else.
    #[error("given out twice")]
    GivenTwice,
    /// It was surrendered before.
    #[error("surrendered before")]
    Surrendered,
    /// It was voided before.
    #[error("voided before")]
    Voided,
    /// A till holds it for a customer at this moment.
    #[error("reserved at a till")]
    Reserved,
    /// It was used.
    #[error("redeemed")]
    Redeemed,
    /// Its last day is over.
    #[error("expired")]
    Expired,
}

#[derive(Default)]
struct Canonical {
    bytes: Vec<u8>,
}

impl Canonical {
    fn number(&mut self, number: u64) {
        self.bytes.extend(number.to_be_bytes());
    }

    /// Ids have at most 64 characters of ASCII.
    fn text(&mut self, text: &str) {
        self.bytes.extend((text.len() as u16).to_be_bytes());
        self.bytes.extend(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use uuid::Uuid;

    fn an_event() -> IssueEvent {
        IssueEvent {
            sequence: 1,
            previous: Hash([0; 32]),
            device: DeviceId::from_uuid(Uuid::from_u128(2)),
            guide: GuideId::new("G1").unwrap(),
            store: StoreId::new("S1").unwrap(),
            member: MemberId::new("M1").unwrap(),
            campaign: CampaignId::new("C1").unwrap(),
            campaign_version: 3,
            grant: GrantId::from_uuid(Uuid::from_u128(9)),
            turn: 4,
            value: 5_000,
            at_ms: 1_800_000_000_000,
            expires_ms: 1_900_000_000_000,
        }
    }

    #[test]
    fn an_event_altered_in_any_field_is_not_signed() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let public = PublicKey::of(&key);
        let signed = an_event().sign(&key);
        assert!(signed.holds(&public) && !signed.holds(&PublicKey::of(&SigningKey::from_bytes(&[4; 32]))));
        let Value::Object(fields) = serde_json::to_value(&signed.event).unwrap() else { panic!("an object") };
        assert_eq!(fields.len(), 13);
        for (name, value) in &fields {
            let mut altered = fields.clone();
            let other = match value {
                Value::Number(number) => Value::from(number.as_u64().unwrap() + 1),
                Value::String(text) if name == "previous" => text.replacen('A', "B", 1).into(),
                Value::String(text) => text.replace('0', "a").replace('1', "2").into(),
                _ => panic!("{name}"),
            };
            altered.insert(name.clone(), other);
            let event: IssueEvent = serde_json::from_value(Value::Object(altered)).unwrap();
            assert_ne!(event, signed.event, "{name}");
            assert!(!SignedIssueEvent { event, signature: signed.signature }.holds(&public), "{name}");
        }
    }

    #[test]
    fn where_one_text_ends_and_the_next_begins_is_signed_too() {
        let (mut one, mut two) = (an_event(), an_event());
        (one.guide, one.store) = (GuideId::new("G11").unwrap(), StoreId::new("S1").unwrap());
        (two.guide, two.store) = (GuideId::new("G1").unwrap(), StoreId::new("1S1").unwrap());
        assert_ne!(one.canonical(), two.canonical());
    }

    #[test]
    fn events_form_a_chain() {
        let first = an_event();
        let second = IssueEvent { sequence: 2, previous: first.hash(), turn: 5, ..an_event() };
        assert!(first.follows(0, Hash([0; 32])) && second.follows(1, first.hash()));
        let forked = IssueEvent { member: MemberId::new("M2").unwrap(), ..an_event() };
        assert!(!second.follows(1, forked.hash()) && !second.follows(2, first.hash()));
    }

    #[test]
    fn a_surrender_is_signed_turn_by_turn() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let event = an_event();
        let mark = MarkId::from_uuid(Uuid::from_u128(5));
        let signed = Surrender { device: event.device, mark, grant: event.grant, turns: vec![7, 8], at_ms: 5 }.sign(&key);
        assert!(signed.holds(&PublicKey::of(&key)));
        let mut more = signed.clone();
        more.surrender.turns.push(9);
        assert!(!more.holds(&PublicKey::of(&key)));
    }
}
