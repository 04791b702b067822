//! Members, whom an id stands for today, and who serves whom.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{Consents, GuideId, MemberId, MemberProfile, MemberState, Phone, TagId, TenantId};
use guidebook_wire::coupon::MemberCouponRecord;

use super::Result;
use super::orders::Purchases;

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: MemberId,
    /// HQ's last word; for a walk-in, hers. Its `stats` are left empty: they are kept beside it.
    pub profile: MemberProfile,
    /// What she agreed to at a counter, on top of what HQ says.
    pub consents: Consents,
    /// What her orders come to.
    pub stats: Purchases,
    /// What guides have put on her.
    pub state: MemberState,
    /// The tags that HQ's last export had for her.
    pub hq_tags: BTreeSet<TagId>,
    /// The guide that HQ's last export had for her.
    pub hq_guide: Option<GuideId>,
    /// The coupons that she was given last, oldest first.
    pub coupons: Vec<MemberCouponRecord>,
    /// Whether she was merged into another: then she is kept only so that the merge can be undone.
    pub merged: bool,
}

impl Member {
    /// A member of whom only the profile is known.
    pub fn of(id: MemberId, profile: MemberProfile) -> Self {
        Member {
            id,
            profile,
            consents: Consents::default(),
            stats: Purchases::default(),
            state: MemberState::default(),
            hq_tags: BTreeSet::new(),
            hq_guide: None,
            coupons: Vec::new(),
            merged: false,
        }
    }

    /// The profile as others see it: with consents given at a counter and with purchases.
    pub fn full_profile(&self) -> MemberProfile {
        let mut profile = self.profile.clone();
        profile.marketing_consent |= self.consents.marketing;
        profile.brands.extend(self.consents.brands.iter().cloned());
        profile.stats = self.stats.stats.clone();
        profile
    }
}

/// That a guide serves, or served, a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serving {
    /// The guide.
    pub guide: GuideId,
    /// Why: `import`, `enrol`, `handover`, `hq`, or `merge:<the member merged in>`.
    pub source: String,
    /// Since when, Unix milliseconds.
    pub from_ms: u64,
    /// The position of the guide's feed at which the member came into it.
    pub entered: u64,
}

/// Rows about members.
pub trait MemberTx {
    /// A member, merged or not.
    fn member(&mut self, tenant: &TenantId, id: &MemberId) -> Result<Option<Member>>;
    /// What guides have put on a member, merged or not: the part of her that most edits are about.
    fn state(&mut self, tenant: &TenantId, id: &MemberId) -> Result<Option<MemberState>>;
    /// Replaces what guides have put on a member who is there.
    fn put_state(&mut self, tenant: &TenantId, id: &MemberId, state: &MemberState) -> Result<()>;
    /// What orders came to when they were last counted, for those of these members who are there.
    fn counted(&mut self, tenant: &TenantId, ids: &BTreeSet<MemberId>) -> Result<BTreeMap<MemberId, Purchases>>;
    /// Replaces what the orders of a member who is there come to.
    fn put_counted(&mut self, tenant: &TenantId, id: &MemberId, counted: &Purchases) -> Result<()>;
    /// Adds or replaces a member, and what a look-up by phone finds.
    fn put_member(&mut self, tenant: &TenantId, member: &Member) -> Result<()>;
    /// Members who are not merged, by id, after `after`.
    fn members_after(&mut self, tenant: &TenantId, after: Option<&MemberId>, limit: usize) -> Result<Vec<Member>>;
    /// The members of this phone who are not merged, by id.
    fn members_of_phone(&mut self, tenant: &TenantId, phone: &Phone) -> Result<Vec<MemberId>>;
    /// Whom `loser` was merged into.
    fn alias(&mut self, tenant: &TenantId, loser: &MemberId) -> Result<Option<MemberId>>;
    /// The members merged directly into `winner`.
    fn losers_of(&mut self, tenant: &TenantId, winner: &MemberId) -> Result<Vec<MemberId>>;
    /// Remembers a merge.
    fn put_alias(&mut self, tenant: &TenantId, loser: &MemberId, winner: &MemberId, at_ms: u64) -> Result<()>;
    /// Forgets a merge.
    fn remove_alias(&mut self, tenant: &TenantId, loser: &MemberId) -> Result<()>;
    /// The guides who serve `member` today, by id.
    fn servings(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Vec<Serving>>;
    /// Whether `guide` serves `member` today, or, where `since_ms` is given, did at that time or later.
    fn serves(&mut self, tenant: &TenantId, member: &MemberId, guide: &GuideId, since_ms: Option<u64>) -> Result<bool>;
    /// The members whom `guide` serves today, by id.
    fn members_of(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<Vec<MemberId>>;
    /// `guide` serves `member` from `serving.from_ms`, until `until_ms` if it is over already.
    fn put_serving(&mut self, tenant: &TenantId, member: &MemberId, serving: &Serving, until_ms: Option<u64>) -> Result<()>;
    /// `guide` serves `member` no more; whether she did.
    fn end_serving(&mut self, tenant: &TenantId, member: &MemberId, guide: &GuideId, until_ms: u64) -> Result<bool>;
}
