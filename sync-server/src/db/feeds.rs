//! Feeds: for each guide one row an entity, at its newest position; and her personal tags.

use guidebook_domain::{DeviceId, GuideId, Hlc, Private, TagId, TenantId};

use guidebook_wire::patch::Path;
use guidebook_wire::slices::SliceSums;

use super::Result;
use super::members::Member;

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
    /// A phone that has not come as far as this needs the whole of it.
    pub whole: u64,
    /// What changed since, and where; for any other phone.
    pub parts: Vec<(Path, u64)>,
}

/// How far a feed has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedHead {
    /// Its newest position.
    pub position: u64,
    /// The sums over its members.
    pub sums: SliceSums,
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
    /// How far the guide's feed has come.
    fn feed_head(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<FeedHead>;
    /// The same, held until the transaction ends, so that positions are given out in the order of commits.
    fn hold_feed_head(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<FeedHead>;
    /// Moves the head that is held.
    fn put_feed_head(&mut self, tenant: &TenantId, guide: &GuideId, head: &FeedHead) -> Result<()>;
    /// Adds `by` to every position that the tenant's feeds and its catalogue will give out from now on.
    fn leap(&mut self, tenant: &TenantId, by: u64) -> Result<()>;
    /// The row of one thing.
    fn feed_row(&mut self, tenant: &TenantId, guide: &GuideId, kind: EntityKind, entity: &str) -> Result<Option<FeedRow>>;
    /// Adds or replaces a row.
    fn put_feed_row(&mut self, tenant: &TenantId, guide: &GuideId, row: &FeedRow) -> Result<()>;
    /// Rows after a position, by position, at most `limit`.
    fn feed_after(&mut self, tenant: &TenantId, guide: &GuideId, after: u64, limit: usize) -> Result<Vec<FeedRow>>;
    /// How many rows come after a position, counted no further than `most`.
    fn feed_count_after(&mut self, tenant: &TenantId, guide: &GuideId, after: u64, most: usize) -> Result<usize>;
    /// The members of one slice who are present, by id.
    fn feed_slice(&mut self, tenant: &TenantId, guide: &GuideId, slice: u8) -> Result<Vec<FeedRow>>;
    /// The members who are present, each at her newest position.
    fn feed_members(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<Vec<(u64, Member)>>;
    /// A personal tag.
    fn personal_tag(&mut self, tenant: &TenantId, guide: &GuideId, tag: &TagId) -> Result<Option<PersonalTag>>;
    /// Adds or replaces a personal tag.
    fn put_personal_tag(&mut self, tenant: &TenantId, guide: &GuideId, tag: &PersonalTag) -> Result<()>;
}
