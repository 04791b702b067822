//! Devices as HQ sees them: list, revoke, and who was on a lost one.

use guidebook_domain::{DeviceId, GuideId, MemberId, TenantId};
use serde::Serialize;
use serde_json::json;

use super::tell::log_hq;
use crate::db::devices::{Device, DeviceState};
use crate::db::sent::SentMember;
use crate::db::{Database, DatabaseExt, Write};
use crate::error::ServiceError;
use crate::service::last_words;

/// A device.
#[derive(Debug, Serialize)]
pub struct DeviceLine {
    /// Its id.
    pub id: DeviceId,
    /// Its guide.
    pub guide: GuideId,
    /// What it is called.
    pub name: String,
    /// `active`, `closing` or `revoked`.
    pub state: &'static str,
    /// When it was enrolled, Unix milliseconds.
    pub enrolled_ms: u64,
    /// When it was last heard of, Unix milliseconds; written down every ten minutes.
    pub last_seen_ms: u64,
}

/// All devices, or one guide's.
pub fn list(db: &dyn Database, tenant: &TenantId, guide: Option<&GuideId>) -> Result<Vec<DeviceLine>, ServiceError> {
    db.reading(|tx| {
        if let Some(guide) = guide {
            tx.guide(tenant, guide)?.ok_or_else(|| ServiceError::not_found("guide"))?;
        }
        Ok(tx.devices(tenant, guide)?.into_iter().map(line).collect())
    })
}

/// Revokes a device: at its next contact it is told to wipe, and nothing of it is taken any more but its last words.
pub fn revoke(db: &dyn Database, tenant: &TenantId, device: DeviceId, now_ms: u64) -> Result<(), ServiceError> {
    db.writing(Write::Enrol, |tx| {
        let device = tx.device(tenant, device)?.ok_or_else(|| ServiceError::not_found("device"))?;
        if device.state == DeviceState::Revoked {
            return Ok(());
        }
        let made_until_ms = match device.state {
            DeviceState::Closing { at_ms } => at_ms,
            DeviceState::Active | DeviceState::Revoked => now_ms,
        };
        last_words::permit(tx, device.id, made_until_ms)?;
        log_hq(tx, tenant, None, "revoke", json!({ "device": device.id, "guide": device.guide }), now_ms)?;
        Ok(tx.put_device(&Device { state: DeviceState::Revoked, ..device })?)
    })
}

/// The most members of one page of [`members_on`].
pub const MEMBERS_PAGE: usize = 1_000;

/// A member who was on a device. No name: HQ has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceMember {
    /// Who.
    pub member: MemberId,
    /// Since when at the earliest, Unix milliseconds.
    pub from_ms: u64,
    /// When the guide lost her, Unix milliseconds; the phone forgot her at its next contact. None if she has her still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<u64>,
}

/// The members who were ever sent to a device or made on it, with an id after `after`, by id; at most [`MEMBERS_PAGE`].
pub fn members_on(
    db: &dyn Database,
    tenant: &TenantId,
    device: DeviceId,
    after: Option<&MemberId>,
) -> Result<Vec<DeviceMember>, ServiceError> {
    db.reading(|tx| {
        tx.device(tenant, device)?.ok_or_else(|| ServiceError::not_found("device"))?;
        let rows = tx.sent_members(tenant, device, after, MEMBERS_PAGE)?;
        Ok(rows.into_iter().map(device_member).collect())
    })
}

fn device_member(row: SentMember) -> DeviceMember {
    let SentMember { member, from_ms, until_ms } = row;
    // A server's clock may have been set back between the two.
    DeviceMember { member, from_ms, until_ms: until_ms.map(|until_ms| until_ms.max(from_ms)) }
}

/// Notes that HQ asks who was on a device.
pub fn note_question(db: &dyn Database, tenant: &TenantId, device: DeviceId, now_ms: u64) -> Result<(), ServiceError> {
    db.writing(Write::Enrol, |tx| {
        let device = tx.device(tenant, device)?.ok_or_else(|| ServiceError::not_found("device"))?;
        Ok(log_hq(tx, tenant, None, "device_members", json!({ "device": device.id, "guide": device.guide }), now_ms)?)
    })
}

fn line(device: Device) -> DeviceLine {
    let state = device.state.word();
    let Device { id, guide, name, enrolled_ms, last_seen_ms, .. } = device;
    DeviceLine { id, guide, name, state, enrolled_ms, last_seen_ms }
}
