//! Who serves whom, and what the feeds are told of it. Computed when it changes, never inside a pull.

use guidebook_domain::{GuideId, MemberId, MemberProfile, TenantId};
use guidebook_wire::patch::difference;

use super::feeding::{self, News};
use super::{sent, visible};
use crate::db::feeds::EntityKind;
use crate::db::members::{Member, Serving};
use crate::db::orders::Purchases;
use crate::db::{Result, Tx};
use crate::error::ServerError;

/// Tells everyone who serves the member what is new about her.
pub fn tell(tx: &mut dyn Tx, tenant: &TenantId, member: &MemberId, news: News<'_>) -> Result<()> {
    for serving in tx.servings(tenant, member)? {
        feeding::put(tx, tenant, &serving.guide, EntityKind::Member, member.as_str(), news)?;
    }
    Ok(())
}

/// Tells everyone who serves the member what is new about her, compared with what she was.
pub fn tell_difference(tx: &mut dyn Tx, tenant: &TenantId, before: &Member, after: &Member) -> Result<()> {
    let (mut old, mut new) = (visible::whole(before), visible::whole(after));
    // What is the same tells no difference, and to write it out costs most where little has changed.
    if old.state == new.state {
        (old.state, new.state) = Default::default();
    }
    if old.profile == new.profile {
        (old.profile, new.profile) = Default::default();
    }
    let paths = difference(&old, &new).map_err(|_| ServerError::Corrupt("a member"))?;
    if paths.is_empty() {
        return Ok(());
    }
    tell(tx, tenant, &after.id, News::Fields(&paths))
}

/// The same for what her orders come to, when nothing else of her has changed.
pub fn tell_purchases(tx: &mut dyn Tx, tenant: &TenantId, id: &MemberId, before: &Purchases, after: &Purchases) -> Result<()> {
    let with = |stats: &Purchases| Member { stats: stats.clone(), ..Member::of(id.clone(), MemberProfile::default()) };
    tell_difference(tx, tenant, &with(before), &with(after))
}

/// `guide` serves `member` from now on; whether she did not before.
pub fn start(tx: &mut dyn Tx, tenant: &TenantId, member: &MemberId, guide: &GuideId, source: &str, now_ms: u64) -> Result<bool> {
    if tx.serves(tenant, member, guide, None)? {
        return Ok(false);
    }
    // A fresh position, so that a phone with an old cursor is told of a member who comes back.
    let entered = feeding::put(tx, tenant, guide, EntityKind::Member, member.as_str(), News::Whole)?;
    let serving = Serving { guide: guide.clone(), source: source.to_owned(), from_ms: now_ms, entered };
    tx.put_serving(tenant, member, &serving, None)?;
    Ok(true)
}

/// `guide` serves `member` no more; whether she did.
pub fn end(tx: &mut dyn Tx, tenant: &TenantId, member: &MemberId, guide: &GuideId, now_ms: u64) -> Result<bool> {
    if !tx.serves(tenant, member, guide, None)? {
        return Ok(false);
    }
    let position = feeding::put(tx, tenant, guide, EntityKind::Member, member.as_str(), News::Gone)?;
    sent::note_leaving(tx, tenant, guide, member, position, now_ms)?;
    tx.end_serving(tenant, member, guide, now_ms)
}
