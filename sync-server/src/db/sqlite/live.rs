//! Where feeds stand, in SQLite.

use guidebook_domain::DeviceId;
use guidebook_wire::CursorRecord;

use super::row::{SqliteTx, parsed, to_json};
use crate::db::Result;
use crate::db::live::{FeedPosition, LiveTx};

impl LiveTx for SqliteTx<'_> {
    fn feed_positions(&mut self, devices: &[DeviceId]) -> Result<Vec<FeedPosition>> {
        let sql = "SELECT d.id, d.state = 'active', t.epoch, COALESCE(h.position, 0), t.catalogue
            FROM json_each(?1) AS asked CROSS JOIN device d ON d.id = asked.value JOIN tenant t ON t.id = d.tenant
            LEFT JOIN feed_head h ON h.tenant = d.tenant AND h.guide = d.guide";
        self.many(sql, [to_json(&devices)?], |row| {
            let newest = CursorRecord { feed: row.get(3)?, catalogue: row.get(4)? };
            Ok(FeedPosition { device: parsed(row, 0)?, active: row.get(1)?, epoch: parsed(row, 2)?, newest })
        })
    }
}
