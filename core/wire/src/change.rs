//! What a pull brings.

use chrono::NaiveDate;
use guidebook_domain::coupon::Campaign;
use guidebook_domain::{BrandId, GuideId, MemberId, StoreId, Tag, TagGroup};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::MemberRecord;
use crate::patch::MemberPatch;

/// One change of a feed: the newest state of one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeRecord {
    /// A member whom the guide serves.
    Member(Box<MemberRecord>),
    /// What changed of a member whom the phone has. From [`crate::protocol::COMPACT_PROTOCOL`] on.
    MemberChanged {
        /// Who.
        id: MemberId,
        /// The fields that changed.
        patch: MemberPatch,
    },
    /// What changed of a member is what these operations of the request that is answered did, and nothing else: their
    /// places in it. Only to a phone that asked for it ([`crate::RoundRecord::terse`]), which writes them out itself.
    Own(Vec<u32>),
    /// A member whom she does not serve any more.
    MemberGone {
        /// Who.
        id: MemberId,
        /// The member whom she was merged into, if that is why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        became: Option<MemberId>,
    },
    /// A group of tags.
    Group(TagGroup),
    /// A tag, living or not; also the guide's own personal tags.
    Tag(Tag),
    /// A campaign, running or not. From [`crate::protocol::COMPACT_PROTOCOL`] on; an older phone passes it over.
    Campaign(Box<Campaign>),
    /// Names of stores, brands and colleagues.
    Directory(DirectoryRecord),
    /// A kind that this version does not know; passed over.
    #[serde(untagged)]
    Unknown(Value),
}

/// Names of stores, brands and colleagues, whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryRecord {
    /// Stores.
    pub stores: Vec<NameRecord<StoreId>>,
    /// Brands.
    pub brands: Vec<NameRecord<BrandId>>,
    /// Guides, so that a lost edit can say to whom.
    pub guides: Vec<NameRecord<GuideId>>,
}

/// An id and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameRecord<I> {
    /// The id.
    pub id: I,
    /// The name.
    pub name: String,
}

/// A guide as her own phone knows her.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideRecord {
    /// Staff number.
    pub id: GuideId,
    /// Name.
    pub name: String,
    /// Her store.
    pub store: StoreId,
    /// Her brand, if she works for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<BrandId>,
    /// Her last day, if she only stands in for somebody; by the calendar of Asia/Shanghai. After it her phone hides her
    /// members, with or without a network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Her level in HQ's words, where HQ has levels: some campaigns are for guides of some levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
}

impl GuideRecord {
    /// Eight hexadecimal digits that are others when the guide's name, store, brand, last day or level is another.
    pub fn mark(&self) -> String {
        let mut hash = Sha256::new();
        let until = self.until.map(|day| day.to_string()).unwrap_or_default();
        for part in [self.id.as_str(), &self.name, self.store.as_str(), self.brand.as_ref().map_or("", BrandId::as_str), &until] {
            hash.update(part);
            hash.update(b"\0");
        }
        // Left out where there is none, so that the mark of a guide without a level is what it was before levels.
        if let Some(level) = &self.level {
            hash.update(level);
            hash.update(b"\0");
        }
        hash.finalize()[..4].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_change_that_this_version_does_not_know_is_passed_over() {
        let list: Vec<ChangeRecord> = serde_json::from_str(r#"[{"hologram":{"x":1}},{"member_gone":{"id":"M1"}}]"#).unwrap();
        assert!(matches!(list[0], ChangeRecord::Unknown(_)));
        assert!(matches!(list[1], ChangeRecord::MemberGone { .. }));
    }

    /// The record of a phone built before stand-ins were known.
    #[derive(Debug, PartialEq, Deserialize)]
    struct FormerGuideRecord {
        id: GuideId,
        name: String,
        store: StoreId,
        #[serde(default)]
        brand: Option<BrandId>,
    }

    #[test]
    fn an_old_phone_passes_over_the_last_day_and_costs_nothing_where_there_is_none() {
        let mut guide: GuideRecord = serde_json::from_str(r#"{"id":"LI","name":"李","store":"S1"}"#).unwrap();
        assert_eq!(guide.until, None);
        assert_eq!(serde_json::to_string(&guide).unwrap(), r#"{"id":"LI","name":"李","store":"S1"}"#);
        guide.until = NaiveDate::from_ymd_opt(2026, 11, 8);
        let text = serde_json::to_string(&guide).unwrap();
        assert!(text.contains(r#""until":"2026-11-08""#));
        let former: FormerGuideRecord = serde_json::from_str(&text).unwrap();
        assert_eq!(former, FormerGuideRecord { id: guide.id, name: guide.name, store: guide.store, brand: None });
    }
}
