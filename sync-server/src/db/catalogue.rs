//! The tag dictionary, each row at its newest position in the retailer's catalogue.

use guidebook_domain::{Tag, TagGroup, TagId, TenantId};

use super::Result;

/// Rows of the tag dictionary.
pub trait CatalogueTx {
    /// All groups with a position after `after`, by position, at most `limit`.
    fn groups_after(&mut self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, TagGroup)>>;
    /// All tags with a position after `after`, by position, at most `limit`.
    fn tags_after(&mut self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Tag)>>;
    /// Adds or replaces a group, at `position`.
    fn put_group(&mut self, tenant: &TenantId, group: &TagGroup, position: u64) -> Result<()>;
    /// Adds or replaces a tag, at `position`.
    fn put_tag(&mut self, tenant: &TenantId, tag: &Tag, position: u64) -> Result<()>;
    /// The group of this name.
    fn group_named(&mut self, tenant: &TenantId, name: &str) -> Result<Option<TagGroup>>;
    /// The tag that has, or ever had, this name in the group of that name.
    fn tag_named(&mut self, tenant: &TenantId, group: &str, tag: &str) -> Result<Option<TagId>>;
    /// Remembers that `tag` has this name.
    fn put_tag_name(&mut self, tenant: &TenantId, group: &str, name: &str, tag: &TagId) -> Result<()>;
}
