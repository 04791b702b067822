//! Names of things: validated text for what HQ numbers, UUIDs for what a phone makes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

/// The longest id, in characters (the product's own limit; HQ numbers seen so far have at most 12).
pub const LONGEST_ID: usize = 64;

/// A text that is no id: empty, longer than [`LONGEST_ID`], or with a character outside `A-Z a-z 0-9 . _ -`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to {LONGEST_ID} characters of A-Z a-z 0-9 . _ -")]
pub struct IdError;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks and wraps `text`; see [`IdError`] for what is refused.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                let legal = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-');
                if text.is_empty() || text.len() > LONGEST_ID || !text.bytes().all(legal) {
                    return Err(IdError);
                }
                Ok(Self(text))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::from_str(text).map(Self).map_err(|_| IdError)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

text_id!(
    /// A retailer. Everything on the server carries one.
    TenantId
);
text_id!(
    /// A member: HQ's member number, or `w-<uuid>` for a walk-in enrolled on a phone.
    MemberId
);
text_id!(
    /// A guide: HQ's staff number. [`GuideId::hq`] stands for HQ itself where an author is named.
    GuideId
);
text_id!(
    /// A store (门店).
    StoreId
);
text_id!(
    /// A brand (品牌).
    BrandId
);
text_id!(
    /// A group of tags.
    TagGroupId
);
text_id!(
    /// A campaign, under which coupons are given out.
    CampaignId
);
text_id!(
    /// A tag: HQ's, or `p.<guide>.<uuid>` for a guide's personal one.
    TagId
);
uuid_id!(
    /// One phone under one guide.
    DeviceId
);
uuid_id!(
    /// One edit, made once on a phone (UUIDv7). Also the id of the note or follow-up that the edit creates.
    OperationId
);

uuid_id!(
    /// A phone's request for codes (UUIDv7), and the one grant that answers it.
    GrantId
);
uuid_id!(
    /// The mark of one phone, made once with the vault that keeps it outside the database.
    MarkId
);

impl GuideId {
    /// The author of what HQ itself writes.
    pub fn hq() -> Self {
        GuideId("HQ".to_owned())
    }
}

impl DeviceId {
    /// The device of what HQ itself writes. It loses a tie against every phone.
    pub const HQ: DeviceId = DeviceId(Uuid::nil());
}

impl OperationId {
    /// A UUIDv7 from Unix milliseconds and ten random bytes.
    pub fn from_time(unix_ms: u64, random: [u8; 10]) -> Self {
        OperationId(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
    }
}

impl MemberId {
    /// The id of a walk-in enrolled by operation `op`.
    pub fn walk_in(op: OperationId) -> Self {
        MemberId(format!("w-{op}"))
    }

    /// Whether a phone made this id.
    pub fn is_walk_in(&self) -> bool {
        self.0.starts_with("w-")
    }
}

impl TagId {
    /// The id of a personal tag that `guide` makes by operation `op`.
    pub fn personal(guide: &GuideId, op: OperationId) -> Result<Self, IdError> {
        TagId::new(format!("p.{guide}.{}", op.uuid().simple()))
    }

    /// Whether this is a personal tag of anyone.
    pub fn is_personal(&self) -> bool {
        self.0.starts_with("p.")
    }

    /// Whether this is a personal tag of `guide`.
    pub fn belongs_to(&self, guide: &GuideId) -> bool {
        let Some(rest) = self.0.strip_prefix("p.") else { return false };
        rest.rsplit_once('.').is_some_and(|(owner, _)| owner == guide.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_holds_no_nonsense() {
        for bad in ["", "a b", "张三", "a\u{0}", &"x".repeat(65)] {
            assert!(MemberId::new(bad).is_err(), "{bad:?}");
        }
        assert_eq!(MemberId::new("M00000004").unwrap().as_str(), "M00000004");
    }

    #[test]
    fn a_personal_tag_knows_its_owner() {
        let (li, chen) = (GuideId::new("G.2").unwrap(), GuideId::new("G").unwrap());
        let tag = TagId::personal(&li, OperationId::from_time(1, [7; 10])).unwrap();
        assert!(tag.belongs_to(&li) && !tag.belongs_to(&chen) && tag.is_personal());
    }

    #[test]
    fn an_id_read_from_json_is_checked() {
        assert!(serde_json::from_str::<TagId>("\"T 1\"").is_err());
    }
}
