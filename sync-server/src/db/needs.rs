//! What a transaction will need, told ahead.

use std::collections::BTreeSet;

use guidebook_domain::{GuideId, MemberId, OperationId, Phone, TenantId};

use super::Result;

/// What a transaction is about to look at or change. Nothing depends on its being complete.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// Guides who gain or lose members.
    pub guides: BTreeSet<GuideId>,
    /// Guides whose feeds are told of any of the members; those of guides who serve a member are told of her anyhow.
    pub feeds: BTreeSet<GuideId>,
    /// Guides whose feeds are told of this member alone.
    pub tells: BTreeSet<(GuideId, MemberId)>,
    /// Members, by any id that stands for them.
    pub members: BTreeSet<MemberId>,
    /// Phone numbers to be looked up or given to a member.
    pub phones: BTreeSet<Phone>,
    /// Operations to be looked up.
    pub operations: BTreeSet<OperationId>,
}

/// Telling ahead.
pub trait NeedsTx {
    /// Lets a storage read, and in a write lock, all of this in one go. Whoever locks rows as they come risks that two
    /// transactions wait for each other; here all take them in one order. A storage with one writer has nothing to do.
    fn gather(&mut self, tenant: &TenantId, needs: &Needs) -> Result<()>;
}
