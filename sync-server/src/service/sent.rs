//! What was put into answers for a device, so that HQ can be told who was on a lost phone (PIPL 57). Counted is what
//! was sent, not what the phone acknowledged: an answer that was lost on the way may have been read.

use guidebook_domain::{Edit, MemberId, OperationId, Outcome, TenantId};
use guidebook_wire::ChangeRecord;

use super::page::Page;
use super::session::DeviceSession;
use crate::db::{Result, Tx};

/// Whether the next page may show this device somebody for the first time. Then it must be read and noted in one write
/// transaction, so that nobody can leave the feed between the two.
pub fn may_be_news(tx: &mut dyn Tx, who: &DeviceSession) -> Result<bool> {
    tx.owes(&who.tenant, &who.guide, who.device)
}

/// Notes that `page`, read in this very transaction, goes to the device.
pub fn note_page(tx: &mut dyn Tx, who: &DeviceSession, page: &Page, now_ms: u64) -> Result<()> {
    if !page.more {
        let head = tx.feed_head(&who.tenant, &who.guide)?.position;
        return note_all(tx, who, head);
    }
    for change in &page.changes {
        if let ChangeRecord::Member(member) = change {
            tx.put_sent(&who.tenant, &who.guide, who.device, &member.id, now_ms)?;
        }
    }
    Ok(())
}

/// Notes that all of the guide's feed as it was at `position` goes to the device: the last page, or a stored snapshot
/// made at that position. To be called before the first byte is sent.
pub fn note_all(tx: &mut dyn Tx, who: &DeviceSession, position: u64) -> Result<()> {
    tx.put_sent_all(&who.tenant, &who.guide, who.device, position)
}

/// Notes a walk-in whom the device enrolled itself: she is on it under the id that it made, even if no answer ever
/// names her. One who turned out to be somebody else is that member from now on.
pub fn note_own(tx: &mut dyn Tx, who: &DeviceSession, id: OperationId, edit: &Edit, outcome: &Outcome, now_ms: u64) -> Result<()> {
    let Edit::Enrol { .. } = edit else { return Ok(()) };
    let until_ms = match outcome {
        Outcome::Applied => None,
        Outcome::Redirected(_) => Some(now_ms),
        Outcome::Superseded(_) | Outcome::Refused(_) => return Ok(()),
    };
    tx.put_own(who.device, &MemberId::walk_in(id), now_ms, until_ms)
}

/// Notes that a member is about to leave the guide's feed, at `position`.
pub fn note_leaving(
    tx: &mut dyn Tx,
    tenant: &TenantId,
    guide: &guidebook_domain::GuideId,
    member: &MemberId,
    position: u64,
    now_ms: u64,
) -> Result<()> {
    tx.leave_feed(tenant, guide, member, position, now_ms)
}
