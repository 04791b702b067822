//! What a transaction that writes has read and locked, and what it will write last.
//!
//! A row that is locked can't change under us, so it is read once; and what is written many times in one transaction
//! (a member by each of a push's edits, a feed's position by each change) goes to the database once, before the commit.
//! So a push costs the same number of messages whether it brings one edit or a thousand.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{CampaignId, GuideId, MemberId, OperationId, TenantId};

use super::added::{Added, Foreseen};
use crate::db::directory::Guide;
use crate::db::feeds::{FeedHead, FeedRow};
use crate::db::members::{Member, Serving};
use crate::db::operations::{Change, StoredOperation};
use crate::db::tills::{Answered, Terminal};

/// A member whose row is locked.
pub struct HeldMember {
    /// Her row.
    pub row: Member,
    /// Whether the row is to be written.
    pub changed: bool,
    /// Who serves her today, once asked for.
    pub servings: Option<Vec<Serving>>,
    /// Whom she was merged into, once asked for.
    pub alias: Option<Option<MemberId>>,
}

/// A feed whose head is locked.
pub struct HeldFeed {
    /// How far it has come.
    pub head: FeedHead,
    /// Whether the head is to be written.
    pub moved: bool,
    /// Rows that were looked up, found or not, and those that were put, by their kind's number and their entity's id.
    pub rows: BTreeMap<(i64, String), Option<FeedRow>>,
    /// Rows to be written.
    pub put: BTreeSet<(i64, String)>,
}

/// All of it, by tenant and id.
#[derive(Default)]
pub struct Held {
    /// Rows that an import adds.
    pub added: Added,
    /// What an import has looked up for a batch.
    pub foreseen: Foreseen,
    /// Members.
    pub members: BTreeMap<(TenantId, MemberId), HeldMember>,
    /// Numbers of HQ's that are no member's: only another import could give them to one, and it waits. If somebody else did, the
    /// unique key would say so, and the transaction would be run again.
    pub absent: BTreeSet<(TenantId, MemberId)>,
    /// Guides.
    pub guides: BTreeMap<(TenantId, GuideId), Guide>,
    /// Feeds.
    pub feeds: BTreeMap<(TenantId, GuideId), HeldFeed>,
    /// Operations that were looked up, found or not, and those that were added.
    pub operations: BTreeMap<(TenantId, OperationId), Option<StoredOperation>>,
    /// Operations to be written.
    pub filed: BTreeSet<(TenantId, OperationId)>,
    /// Codes that moved from bucket to bucket, by campaign and shard: how many more or fewer are in each.
    pub buckets: BTreeMap<(TenantId, CampaignId, u64), [i64; 6]>,
    /// What tills were answered under which keys, to be written.
    pub calls: Vec<(Terminal, String, Answered)>,
    /// Lines of the change log to be written, in their order.
    pub log: Vec<(TenantId, Change)>,
}
