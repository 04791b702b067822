//! What was sent to each device, in PostgreSQL. A device that was sent nothing has no position: that is less than any.
//!
//! Who is in a feed changes only under the lock on its head, so whoever notes what was sent holds that lock too.

use std::collections::BTreeSet;

use guidebook_domain::{DeviceId, GuideId, MemberId, TenantId};

use super::row::{PgTx, get, int, number, parsed};
use crate::db::Result;
use crate::db::devices::DeviceTx;
use crate::db::sent::{SentMember, SentTx};

impl SentTx for PgTx<'_> {
    fn owes(&mut self, tenant: &TenantId, guide: &GuideId, device: DeviceId) -> Result<bool> {
        self.hold_device_and_feed(tenant, guide, device)?;
        let sql = "SELECT 1 FROM serves WHERE tenant = $1 AND guide = $2 AND until_ms IS NULL
            AND entered > (SELECT COALESCE(sent_feed, -1) FROM device WHERE id = $3) LIMIT 1";
        Ok(!self.rows(sql, &[&tenant.as_str(), &guide.as_str(), &device.to_string()])?.is_empty())
    }

    fn put_sent_all(&mut self, tenant: &TenantId, guide: &GuideId, device: DeviceId, position: u64) -> Result<()> {
        self.hold_device_and_feed(tenant, guide, device)?;
        // A stored snapshot may be older than the end of a binding.
        let sql = "INSERT INTO device_member (device, member, entered, from_ms, until_ms)
            SELECT device.id, serves.member, serves.entered, GREATEST(serves.from_ms, device.enrolled_ms),
                GREATEST(serves.until_ms, device.enrolled_ms)
            FROM serves JOIN device ON device.id = $3 WHERE serves.tenant = $1 AND serves.guide = $2 AND serves.left_feed > $4
            AND serves.entered <= $4 ON CONFLICT DO NOTHING";
        let device = device.to_string();
        self.run(sql, &[&tenant.as_str(), &guide.as_str(), &device, &int(position)])?;
        self.run("UPDATE device SET sent_feed = GREATEST(COALESCE(sent_feed, 0), $2) WHERE id = $1", &[&device, &int(position)])?;
        Ok(())
    }

    fn put_sent(&mut self, tenant: &TenantId, guide: &GuideId, device: DeviceId, member: &MemberId, at_ms: u64) -> Result<()> {
        self.hold_device_and_feed(tenant, guide, device)?;
        let sql = "INSERT INTO device_member (device, member, entered, from_ms)
            SELECT device.id, serves.member, serves.entered, $5::bigint FROM serves JOIN device ON device.id = $3
            WHERE serves.tenant = $1 AND serves.guide = $2 AND serves.member = $4 AND serves.until_ms IS NULL
            AND serves.entered > COALESCE(device.sent_feed, -1) ON CONFLICT DO NOTHING";
        self.run(sql, &[&tenant.as_str(), &guide.as_str(), &device.to_string(), &member.as_str(), &int(at_ms)])?;
        Ok(())
    }

    fn put_own(&mut self, device: DeviceId, member: &MemberId, at_ms: u64, until_ms: Option<u64>) -> Result<()> {
        let sql =
            "INSERT INTO device_member (device, member, entered, from_ms, until_ms) VALUES ($1, $2, 0, $3, $4) ON CONFLICT DO NOTHING";
        self.run(sql, &[&device.to_string(), &member.as_str(), &int(at_ms), &until_ms.map(int)])?;
        Ok(())
    }

    fn leave_feed(&mut self, tenant: &TenantId, guide: &GuideId, member: &MemberId, position: u64, until_ms: u64) -> Result<()> {
        self.hold_member(tenant, member)?;
        self.hold_feeds(tenant, &BTreeSet::from([guide.clone()]))?;
        let (tenant, guide, member) = (tenant.as_str(), guide.as_str(), member.as_str());
        let sql = "INSERT INTO device_member (device, member, entered, from_ms, until_ms)
            SELECT device.id, serves.member, serves.entered, GREATEST(serves.from_ms, device.enrolled_ms), $4::bigint
            FROM serves JOIN device ON device.tenant = serves.tenant AND device.guide = serves.guide
            WHERE serves.tenant = $1 AND serves.guide = $2 AND serves.member = $3 AND serves.until_ms IS NULL
            AND device.sent_feed >= serves.entered ON CONFLICT DO NOTHING";
        self.run(sql, &[&tenant, &guide, &member, &int(until_ms)])?;
        let sql = "UPDATE device_member SET until_ms = $4 WHERE member = $3 AND until_ms IS NULL
            AND device IN (SELECT id FROM device WHERE tenant = $1 AND guide = $2)";
        self.run(sql, &[&tenant, &guide, &member, &int(until_ms)])?;
        let sql = "UPDATE serves SET left_feed = $4 WHERE tenant = $1 AND guide = $2 AND member = $3 AND until_ms IS NULL";
        self.run(sql, &[&tenant, &guide, &member, &int(position)])?;
        Ok(())
    }

    fn sent_members(&mut self, tenant: &TenantId, device: DeviceId, after: Option<&MemberId>, limit: usize) -> Result<Vec<SentMember>> {
        let sql = "SELECT member, MIN(from_ms), bool_or(until_ms IS NULL), MAX(until_ms) FROM (
                SELECT device_member.member, from_ms, until_ms FROM device_member JOIN device ON device.id = device_member.device
                WHERE device.id = $2 AND tenant = $1 AND device_member.member > $3
                UNION ALL
                SELECT serves.member, GREATEST(serves.from_ms, device.enrolled_ms), NULL
                FROM serves JOIN device ON device.tenant = serves.tenant AND device.guide = serves.guide
                WHERE device.id = $2 AND serves.tenant = $1 AND serves.until_ms IS NULL AND serves.member > $3
                AND serves.entered <= device.sent_feed
            ) AS sent GROUP BY member ORDER BY member LIMIT $4";
        let after = after.map_or("", MemberId::as_str);
        self.many(sql, &[&tenant.as_str(), &device.to_string(), &after, &int(limit)], |row| {
            let open: bool = get(row, 2)?;
            let until_ms: Option<i64> = get(row, 3)?;
            Ok(SentMember { member: parsed(row, 0)?, from_ms: number(row, 1)?, until_ms: until_ms.filter(|_| !open).map(|ms| ms as u64) })
        })
    }
}

impl PgTx<'_> {
    /// Locks a device and its guide's feed, in this order, in a transaction that writes.
    fn hold_device_and_feed(&mut self, tenant: &TenantId, guide: &GuideId, device: DeviceId) -> Result<()> {
        if self.writes() && !self.held.feeds.contains_key(&(tenant.clone(), guide.clone())) {
            self.find_device(device)?;
            self.hold_feeds(tenant, &BTreeSet::from([guide.clone()]))?;
        }
        Ok(())
    }
}
