//! What was sent to each device (PIPL 57).
//!
//! A device remembers the newest position such that everything in its guide's feed as it was then was sent; with the
//! positions at which members came into the feed that tells exactly whom it was sent of those who are in it. Rows tell of
//! the others.

use guidebook_domain::{DeviceId, GuideId, MemberId, TenantId};

use super::Result;

/// A member who was on a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentMember {
    /// Who.
    pub member: MemberId,
    /// Since when at the earliest, Unix milliseconds: her guide served her and the device was enrolled.
    pub from_ms: u64,
    /// When the last guide of this device who had her lost her, Unix milliseconds; none if she has her still.
    pub until_ms: Option<u64>,
}

/// Rows of what was sent.
pub trait SentTx {
    /// Whether the guide serves anyone of whom, by its position, this device was not sent. One indexed read.
    fn owes(&mut self, tenant: &TenantId, guide: &GuideId, device: DeviceId) -> Result<bool>;
    /// Everything in the feed as it was at `position` was sent to the device, also whoever has left the feed since.
    fn put_sent_all(&mut self, tenant: &TenantId, guide: &GuideId, device: DeviceId, position: u64) -> Result<()>;
    /// A member whom the guide serves today was sent to the device, alone of her feed.
    fn put_sent(&mut self, tenant: &TenantId, guide: &GuideId, device: DeviceId, member: &MemberId, at_ms: u64) -> Result<()>;
    /// A member was made on the device itself; she is another's since `until_ms`, if she is.
    fn put_own(&mut self, device: DeviceId, member: &MemberId, at_ms: u64, until_ms: Option<u64>) -> Result<()>;
    /// The member, whom the guide still serves, leaves her feed at `position`: what her devices were sent is written down.
    fn leave_feed(&mut self, tenant: &TenantId, guide: &GuideId, member: &MemberId, position: u64, until_ms: u64) -> Result<()>;
    /// The members who were on a device, with an id after `after`, by id, at most `limit`.
    fn sent_members(&mut self, tenant: &TenantId, device: DeviceId, after: Option<&MemberId>, limit: usize) -> Result<Vec<SentMember>>;
}
