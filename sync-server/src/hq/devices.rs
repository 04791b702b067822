//! Devices as HQ sees them.

use guidebook_domain::{DeviceId, GuideId, TenantId};
use serde::Serialize;
use serde_json::json;

use super::tell::log_hq;
use crate::db::devices::{Device, DeviceState};
use crate::db::{Database, DatabaseExt, Tx, Write};
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

/// All devices.
pub fn list(db: &dyn Database, tenant: &TenantId) -> Result<Vec<DeviceLine>, ServiceError> {
    let devices = db.reading(|tx| tx.devices(tenant, None))?;
    Ok(devices.into_iter().map(line).collect())
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

/// Lets the devices of a guide who leaves push once more.
pub fn close_all(tx: &mut dyn Tx, tenant: &TenantId, guide: &GuideId, now_ms: u64) -> crate::db::Result<()> {
    for device in tx.devices(tenant, Some(guide))? {
        if device.state == DeviceState::Active {
            tx.put_device(&Device { state: DeviceState::Closing { at_ms: now_ms }, ..device })?;
        }
    }
    Ok(())
}

fn line(device: Device) -> DeviceLine {
    let state = device.state.word();
    let Device { id, guide, name, enrolled_ms, last_seen_ms, .. } = device;
    DeviceLine { id, guide, name, state, enrolled_ms, last_seen_ms }
}
