//! Feeds: for each guide one row an entity, at its newest position; and her personal tags.

use guidebook_domain::{DeviceId, GuideId, Hlc, Private, TagId, TenantId};

use super::Result;

/// What a row of a feed is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityKind {
    /// A member.
    Member,
    /// A personal tag.
    PersonalTag,
}

/// A row of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// What it is about.
    pub kind: EntityKind,
    /// The id of that.
    pub entity: String,
    /// Its newest position.
    pub position: u64,
    /// Whether the guide has it.
    pub present: bool,
}

/// A guide's personal tag. An empty name means that she gave it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalTag {
    /// The tag.
    pub tag: TagId,
    /// Its name.
    pub name: Private,
    /// When it was last named.
    pub hlc: Hlc,
    /// On which device.
    pub device: DeviceId,
}

/// Rows of feeds.
pub trait FeedTx {
    /// The newest position of the guide's feed.
    fn feed_head(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<u64>;
    /// Puts an entity at the head of the guide's feed and gives the position.
    fn put_feed(&mut self, tenant: &TenantId, guide: &GuideId, kind: EntityKind, entity: &str, present: bool) -> Result<u64>;
    /// Rows after a position, by position, at most `limit`.
    fn feed_after(&mut self, tenant: &TenantId, guide: &GuideId, after: u64, limit: usize) -> Result<Vec<FeedRow>>;
    /// A personal tag.
    fn personal_tag(&mut self, tenant: &TenantId, guide: &GuideId, tag: &TagId) -> Result<Option<PersonalTag>>;
    /// Adds or replaces a personal tag.
    fn put_personal_tag(&mut self, tenant: &TenantId, guide: &GuideId, tag: &PersonalTag) -> Result<()>;
}
