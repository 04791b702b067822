//! Who sends a round, and how far her feed has come, in one statement of PostgreSQL.

use guidebook_domain::DeviceId;
use tokio_postgres::Row;

use super::row::{PgTx, number};
use super::{devices, directory, feeds};
use crate::db::Result;
use crate::db::secrets::Hash;
use crate::db::standing::{Standing, StandingTx};

/// The columns of a [`Standing`]: a device's, a guide's, a tenant's, a head's.
macro_rules! standing {
    ($rest:literal) => {
        concat!(
            "SELECT d.tenant, d.id, d.guide, d.public_key, d.name, d.state, d.closing_ms, d.enrolled_ms, d.last_seen_ms, d.last_hlc,
                d.cursor_feed, d.cursor_catalogue,
                g.id, g.name, g.store, g.brand, g.joined, g.left_day, g.left_at_hq, g.heir, g.until, g.level,
                t.id, t.epoch, t.catalogue, t.directory, COALESCE(h.position, 0), h.sums ",
            $rest
        )
    };
}

impl StandingTx for PgTx<'_> {
    fn standing(&mut self, device: DeviceId) -> Result<Option<Standing>> {
        let sql = standing!(
            "FROM device d JOIN guide g ON g.tenant = d.tenant AND g.id = d.guide JOIN tenant t ON t.id = d.tenant
                LEFT JOIN feed_head h ON h.tenant = d.tenant AND h.guide = d.guide WHERE d.id = $1"
        );
        self.one(sql, &[&device.to_string()], standing)
    }

    fn standing_of_session(&mut self, hash: &Hash) -> Result<Option<(Standing, u64)>> {
        let sql = standing!(
            ", s.expires_ms
            FROM session s JOIN device d ON d.id = s.device JOIN guide g ON g.tenant = d.tenant AND g.id = d.guide
                JOIN tenant t ON t.id = d.tenant LEFT JOIN feed_head h ON h.tenant = d.tenant AND h.guide = d.guide
            WHERE s.hash = $1"
        );
        self.one(sql, &[&hash.as_slice()], |row| Ok((standing(row)?, number(row, 28)?)))
    }
}

fn standing(row: &Row) -> Result<Standing> {
    Ok(Standing {
        device: devices::device(row)?,
        guide: directory::guide_at(row, 12)?,
        tenant: directory::tenant_at(row, 22)?,
        head: feeds::head_at(row, 26)?,
    })
}
