//! Who serves whom, and what the feeds are told of it. Computed when it changes, never inside a pull.

use guidebook_domain::{GuideId, MemberId, TenantId};

use super::sent;
use crate::db::feeds::EntityKind;
use crate::db::members::Serving;
use crate::db::{Result, Tx};

/// Puts the member at the head of the feed of everyone who serves her.
pub fn tell(tx: &mut dyn Tx, tenant: &TenantId, member: &MemberId) -> Result<()> {
    for serving in tx.servings(tenant, member)? {
        tx.put_feed(tenant, &serving.guide, EntityKind::Member, member.as_str(), true)?;
    }
    Ok(())
}

/// `guide` serves `member` from now on; whether she did not before.
pub fn start(tx: &mut dyn Tx, tenant: &TenantId, member: &MemberId, guide: &GuideId, source: &str, now_ms: u64) -> Result<bool> {
    if tx.serves(tenant, member, guide, None)? {
        return Ok(false);
    }
    // A fresh position, so that a phone with an old cursor is told of a member who comes back.
    let entered = tx.put_feed(tenant, guide, EntityKind::Member, member.as_str(), true)?;
    let serving = Serving { guide: guide.clone(), source: source.to_owned(), from_ms: now_ms, entered };
    tx.put_serving(tenant, member, &serving, None)?;
    Ok(true)
}

/// `guide` serves `member` no more; whether she did.
pub fn end(tx: &mut dyn Tx, tenant: &TenantId, member: &MemberId, guide: &GuideId, now_ms: u64) -> Result<bool> {
    if !tx.serves(tenant, member, guide, None)? {
        return Ok(false);
    }
    let position = tx.put_feed(tenant, guide, EntityKind::Member, member.as_str(), false)?;
    sent::note_leaving(tx, tenant, guide, member, position, now_ms)?;
    tx.end_serving(tenant, member, guide, now_ms)
}
