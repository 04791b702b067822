//! Where feeds stand, in PostgreSQL.

use guidebook_domain::DeviceId;
use guidebook_wire::CursorRecord;

use super::row::{PgTx, get, number, parsed};
use crate::db::Result;
use crate::db::live::{FeedPosition, LiveTx};

impl LiveTx for PgTx<'_> {
    fn feed_positions(&mut self, devices: &[DeviceId]) -> Result<Vec<FeedPosition>> {
        let sql = "SELECT d.id, d.state = 'active', t.epoch, COALESCE(h.position, 0), t.catalogue
            FROM unnest($1::text[]) AS asked (id) JOIN device d ON d.id = asked.id JOIN tenant t ON t.id = d.tenant
            LEFT JOIN feed_head h ON h.tenant = d.tenant AND h.guide = d.guide";
        let devices: Vec<String> = devices.iter().map(ToString::to_string).collect();
        self.many(sql, &[&devices], |row| {
            let newest = CursorRecord { feed: number(row, 3)?, catalogue: number(row, 4)? };
            Ok(FeedPosition { device: parsed(row, 0)?, active: get(row, 1)?, epoch: parsed(row, 2)?, newest })
        })
    }
}
