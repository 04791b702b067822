//! Devices in SQLite.

use guidebook_domain::{DeviceId, GuideId, Hlc, TenantId};
use guidebook_wire::CursorRecord;
use rusqlite::{Row, params};

use super::row::{SqliteTx, bits, parsed};
use crate::db::Result;
use crate::db::devices::{Device, DeviceState, DeviceTx};
use crate::error::ServerError;

const DEVICE: &str =
    "tenant, id, guide, public_key, name, state, closing_ms, enrolled_ms, last_seen_ms, last_hlc, cursor_feed, cursor_catalogue";

impl DeviceTx for SqliteTx<'_> {
    fn find_device(&mut self, id: DeviceId) -> Result<Option<Device>> {
        self.one(&format!("SELECT {DEVICE} FROM device WHERE id = ?1"), [id.to_string()], device)
    }

    fn device(&mut self, tenant: &TenantId, id: DeviceId) -> Result<Option<Device>> {
        self.one(&format!("SELECT {DEVICE} FROM device WHERE tenant = ?1 AND id = ?2"), [tenant.as_str(), &id.to_string()], device)
    }

    fn devices(&mut self, tenant: &TenantId, guide: Option<&GuideId>) -> Result<Vec<Device>> {
        let sql = format!("SELECT {DEVICE} FROM device WHERE tenant = ?1 AND (?2 IS NULL OR guide = ?2) ORDER BY id");
        self.many(&sql, params![tenant.as_str(), guide.map(GuideId::as_str)], device)
    }

    fn put_device(&mut self, device: &Device) -> Result<()> {
        let sql = "INSERT INTO device
            (id, tenant, guide, public_key, name, state, closing_ms, enrolled_ms, last_seen_ms, last_hlc, cursor_feed, cursor_catalogue)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            ON CONFLICT (id) DO UPDATE
            SET name = ?5, state = ?6, closing_ms = ?7, last_seen_ms = ?9, last_hlc = ?10, cursor_feed = ?11, cursor_catalogue = ?12";
        let closing_ms = match device.state {
            DeviceState::Closing { at_ms } => Some(at_ms),
            DeviceState::Active | DeviceState::Revoked => None,
        };
        self.run(
            sql,
            params![
                device.id.to_string(),
                device.tenant.as_str(),
                device.guide.as_str(),
                device.public_key,
                device.name,
                device.state.word(),
                closing_ms,
                device.enrolled_ms,
                device.last_seen_ms,
                device.last_hlc.to_bits() as i64,
                device.cursor.feed as i64,
                device.cursor.catalogue as i64
            ],
        )?;
        Ok(())
    }
}

pub(super) fn device(row: &Row<'_>) -> Result<Device> {
    Ok(Device {
        tenant: parsed(row, 0)?,
        id: parsed(row, 1)?,
        guide: parsed(row, 2)?,
        public_key: row.get(3)?,
        name: row.get(4)?,
        state: state(row)?,
        enrolled_ms: row.get(7)?,
        last_seen_ms: row.get(8)?,
        last_hlc: Hlc::from_bits(bits(row, 9)?),
        cursor: CursorRecord { feed: bits(row, 10)?, catalogue: bits(row, 11)? },
    })
}

fn state(row: &Row<'_>) -> Result<DeviceState> {
    match row.get::<_, String>(5)?.as_str() {
        "active" => Ok(DeviceState::Active),
        "closing" => Ok(DeviceState::Closing { at_ms: row.get(6)? }),
        "revoked" => Ok(DeviceState::Revoked),
        _ => Err(ServerError::Corrupt("a state of a device")),
    }
}
