//! Devices in PostgreSQL.

use std::collections::BTreeSet;

use guidebook_domain::{DeviceId, GuideId, Hlc, TenantId};
use guidebook_wire::CursorRecord;
use tokio_postgres::Row;

use super::row::{PgTx, bits, get, hash, int, number, parsed, said, words};
use crate::db::Result;
use crate::db::devices::{Device, DeviceState, DeviceTx};
use crate::error::ServerError;

const DEVICE: &str =
    "tenant, id, guide, public_key, name, state, closing_ms, enrolled_ms, last_seen_ms, last_hlc, cursor_feed, cursor_catalogue";

impl DeviceTx for PgTx<'_> {
    fn find_device(&mut self, id: DeviceId) -> Result<Option<Device>> {
        let id = id.to_string();
        self.hold_guide_of(&id)?;
        let sql = format!("SELECT {DEVICE} FROM device WHERE id = $1{}", self.locking());
        self.one(&sql, &[&id], device)
    }

    fn device(&mut self, tenant: &TenantId, id: DeviceId) -> Result<Option<Device>> {
        Ok(self.find_device(id)?.filter(|device| device.tenant == *tenant))
    }

    fn devices(&mut self, tenant: &TenantId, guide: Option<&GuideId>) -> Result<Vec<Device>> {
        if let Some(guide) = guide {
            self.hold_guides(tenant, &BTreeSet::from([guide.clone()]))?;
        }
        let lock = self.locking();
        let sql = format!("SELECT {DEVICE} FROM device WHERE tenant = $1 AND ($2::text IS NULL OR guide = $2) ORDER BY id{lock}");
        self.many(&sql, &[&tenant.as_str(), &guide.map(GuideId::as_str)], device)
    }

    fn put_device(&mut self, device: &Device) -> Result<()> {
        let sql = "INSERT INTO device
            (id, tenant, guide, public_key, name, state, closing_ms, enrolled_ms, last_seen_ms, last_hlc, cursor_feed, cursor_catalogue)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (id) DO UPDATE
            SET name = $5, state = $6, closing_ms = $7, last_seen_ms = $9, last_hlc = $10, cursor_feed = $11, cursor_catalogue = $12";
        let closing_ms = match device.state {
            DeviceState::Closing { at_ms } => Some(int(at_ms)),
            DeviceState::Active | DeviceState::Revoked => None,
        };
        self.run(
            sql,
            &[
                &device.id.to_string(),
                &device.tenant.as_str(),
                &device.guide.as_str(),
                &device.public_key.as_slice(),
                &words(&device.name),
                &device.state.word(),
                &closing_ms,
                &int(device.enrolled_ms),
                &int(device.last_seen_ms),
                &(device.last_hlc.to_bits() as i64),
                &(device.cursor.feed as i64),
                &(device.cursor.catalogue as i64),
            ],
        )?;
        Ok(())
    }
}

impl PgTx<'_> {
    /// A guide before her devices: so does a handover, which closes them.
    fn hold_guide_of(&mut self, device: &str) -> Result<()> {
        if !self.writes() {
            return Ok(());
        }
        let sql = "SELECT tenant, guide FROM device WHERE id = $1";
        let found = self.one(sql, &[&device], |row| Ok((parsed::<TenantId>(row, 0)?, parsed::<GuideId>(row, 1)?)))?;
        let Some((tenant, guide)) = found else { return Ok(()) };
        self.hold_guides(&tenant, &BTreeSet::from([guide]))
    }

    fn locking(&self) -> &'static str {
        if self.writes() { " FOR NO KEY UPDATE" } else { "" }
    }
}

pub(super) fn device(row: &Row) -> Result<Device> {
    Ok(Device {
        tenant: parsed(row, 0)?,
        id: parsed(row, 1)?,
        guide: parsed(row, 2)?,
        public_key: hash(row, 3)?,
        name: said(row, 4)?,
        state: state(row)?,
        enrolled_ms: number(row, 7)?,
        last_seen_ms: number(row, 8)?,
        last_hlc: Hlc::from_bits(bits(row, 9)?),
        cursor: CursorRecord { feed: bits(row, 10)?, catalogue: bits(row, 11)? },
    })
}

fn state(row: &Row) -> Result<DeviceState> {
    match get::<&str>(row, 5)? {
        "active" => Ok(DeviceState::Active),
        "closing" => Ok(DeviceState::Closing { at_ms: number(row, 6)? }),
        "revoked" => Ok(DeviceState::Revoked),
        _ => Err(ServerError::Corrupt("a state of a device")),
    }
}
