//! What was sent to each device, in SQLite. A device that was sent nothing has no position: that is less than any.

use guidebook_domain::{DeviceId, GuideId, MemberId, TenantId};
use rusqlite::params;

use super::row::{SqliteTx, parsed};
use crate::db::Result;
use crate::db::sent::{SentMember, SentTx};

impl SentTx for SqliteTx<'_> {
    fn owes(&mut self, tenant: &TenantId, guide: &GuideId, device: DeviceId) -> Result<bool> {
        let sql = "SELECT 1 FROM serves WHERE tenant = ?1 AND guide = ?2 AND until_ms IS NULL
            AND entered > (SELECT COALESCE(sent_feed, -1) FROM device WHERE id = ?3) LIMIT 1";
        Ok(self.one(sql, [tenant.as_str(), guide.as_str(), &device.to_string()], |_| Ok(()))?.is_some())
    }

    fn put_sent_all(&mut self, tenant: &TenantId, guide: &GuideId, device: DeviceId, position: u64) -> Result<()> {
        // A stored snapshot may be older than the end of a binding.
        let sql = "INSERT INTO device_member (device, member, entered, from_ms, until_ms)
            SELECT device.id, serves.member, serves.entered, MAX(serves.from_ms, device.enrolled_ms), MAX(serves.until_ms, device.enrolled_ms)
            FROM serves JOIN device ON device.id = ?3 WHERE serves.tenant = ?1 AND serves.guide = ?2 AND serves.left_feed > ?4
            AND serves.entered <= ?4 ON CONFLICT DO NOTHING";
        let device = device.to_string();
        self.run(sql, params![tenant.as_str(), guide.as_str(), device, position])?;
        self.run("UPDATE device SET sent_feed = MAX(COALESCE(sent_feed, 0), ?2) WHERE id = ?1", params![device, position])?;
        Ok(())
    }

    fn put_sent(&mut self, tenant: &TenantId, guide: &GuideId, device: DeviceId, member: &MemberId, at_ms: u64) -> Result<()> {
        let sql = "INSERT INTO device_member (device, member, entered, from_ms)
            SELECT device.id, serves.member, serves.entered, ?5 FROM serves JOIN device ON device.id = ?3
            WHERE serves.tenant = ?1 AND serves.guide = ?2 AND serves.member = ?4 AND serves.until_ms IS NULL
            AND serves.entered > COALESCE(device.sent_feed, -1) ON CONFLICT DO NOTHING";
        self.run(sql, params![tenant.as_str(), guide.as_str(), device.to_string(), member.as_str(), at_ms])?;
        Ok(())
    }

    fn put_own(&mut self, device: DeviceId, member: &MemberId, at_ms: u64, until_ms: Option<u64>) -> Result<()> {
        let sql =
            "INSERT INTO device_member (device, member, entered, from_ms, until_ms) VALUES (?1, ?2, 0, ?3, ?4) ON CONFLICT DO NOTHING";
        self.run(sql, params![device.to_string(), member.as_str(), at_ms, until_ms])?;
        Ok(())
    }

    fn leave_feed(&mut self, tenant: &TenantId, guide: &GuideId, member: &MemberId, position: u64, until_ms: u64) -> Result<()> {
        let at = params![tenant.as_str(), guide.as_str(), member.as_str(), until_ms];
        let sql = "INSERT INTO device_member (device, member, entered, from_ms, until_ms)
            SELECT device.id, serves.member, serves.entered, MAX(serves.from_ms, device.enrolled_ms), ?4
            FROM serves JOIN device ON device.tenant = serves.tenant AND device.guide = serves.guide
            WHERE serves.tenant = ?1 AND serves.guide = ?2 AND serves.member = ?3 AND serves.until_ms IS NULL
            AND device.sent_feed >= serves.entered ON CONFLICT DO NOTHING";
        self.run(sql, at)?;
        let sql = "UPDATE device_member SET until_ms = ?4 WHERE member = ?3 AND until_ms IS NULL
            AND device IN (SELECT id FROM device WHERE tenant = ?1 AND guide = ?2)";
        self.run(sql, at)?;
        let sql = "UPDATE serves SET left_feed = ?4 WHERE tenant = ?1 AND guide = ?2 AND member = ?3 AND until_ms IS NULL";
        self.run(sql, params![tenant.as_str(), guide.as_str(), member.as_str(), position])?;
        Ok(())
    }

    fn sent_members(&mut self, tenant: &TenantId, device: DeviceId, after: Option<&MemberId>, limit: usize) -> Result<Vec<SentMember>> {
        let sql = "SELECT member, MIN(from_ms), MAX(until_ms IS NULL), MAX(until_ms) FROM (
                SELECT device_member.member, from_ms, until_ms FROM device_member JOIN device ON device.id = device_member.device
                WHERE device.id = ?2 AND tenant = ?1 AND device_member.member > ?3
                UNION ALL
                SELECT serves.member, MAX(serves.from_ms, device.enrolled_ms), NULL
                FROM serves JOIN device ON device.tenant = serves.tenant AND device.guide = serves.guide
                WHERE device.id = ?2 AND serves.tenant = ?1 AND serves.until_ms IS NULL AND serves.member > ?3
                AND serves.entered <= device.sent_feed
            ) GROUP BY member ORDER BY member LIMIT ?4";
        let after = after.map_or("", MemberId::as_str);
        self.many(sql, params![tenant.as_str(), device.to_string(), after, limit], |row| {
            let open: bool = row.get(2)?;
            let until_ms: Option<u64> = row.get(3)?;
            Ok(SentMember { member: parsed(row, 0)?, from_ms: row.get(1)?, until_ms: until_ms.filter(|_| !open) })
        })
    }
}
