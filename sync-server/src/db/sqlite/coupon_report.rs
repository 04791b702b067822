//! Sums for HQ's report in SQLite.

use guidebook_domain::{CampaignId, TenantId};
use rusqlite::params;

use super::row::{SqliteTx, parsed};
use crate::db::Result;
use crate::db::coupon_report::{CouponReportTx, IssuedSum, RedeemedSum};
use crate::db::coupons::Leased;

impl CouponReportTx for SqliteTx<'_> {
    fn issued_sums(&mut self, tenant: &TenantId, campaign: &CampaignId) -> Result<Vec<IssuedSum>> {
        let sql = "SELECT i.guide, i.store, COUNT(*), SUM(CASE WHEN i.voided_ms IS NULL THEN 0 ELSE 1 END), COUNT(r.id),
                COALESCE(SUM(r.money_fen), 0)
            FROM coupon_issue i LEFT JOIN redemption r ON r.tenant = i.tenant AND r.campaign = i.campaign AND r.serial = i.serial
                AND r.generation = i.generation AND r.reversed_ms IS NULL
            WHERE i.tenant = ?1 AND i.campaign = ?2 GROUP BY i.guide, i.store ORDER BY i.guide, i.store";
        self.many(sql, params![tenant.as_str(), campaign.as_str()], |row| {
            let (issued, void, redeemed, money_fen) = (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
            Ok(IssuedSum { guide: parsed(row, 0)?, store: parsed(row, 1)?, issued, void, redeemed, money_fen })
        })
    }

    fn redeemed_sums(&mut self, tenant: &TenantId, campaign: &CampaignId) -> Result<Vec<RedeemedSum>> {
        let sql = "SELECT r.store, COUNT(*), SUM(CASE WHEN r.offline THEN 1 ELSE 0 END), COALESCE(SUM(r.money_fen), 0) FROM redemption r
            WHERE r.tenant = ?1 AND r.campaign = ?2 AND r.reversed_ms IS NULL GROUP BY r.store ORDER BY r.store";
        self.many(sql, params![tenant.as_str(), campaign.as_str()], |row| {
            Ok(RedeemedSum { store: parsed(row, 0)?, redeemed: row.get(1)?, offline: row.get(2)?, money_fen: row.get(3)? })
        })
    }

    fn stranded(&mut self, tenant: &TenantId, campaign: &CampaignId, now_ms: u64) -> Result<Leased> {
        let sql = "SELECT COUNT(*), COALESCE(SUM(cost_fen), 0) FROM coupon
            WHERE tenant = ?1 AND campaign = ?2 AND state = 'leased' AND lease_until_ms < ?3";
        let found =
            self.one(sql, params![tenant.as_str(), campaign.as_str(), now_ms], |row| Ok(Leased { codes: row.get(0)?, fen: row.get(1)? }))?;
        Ok(found.unwrap_or_default())
    }

    fn oldest_word(&mut self, tenant: &TenantId, campaign: &CampaignId) -> Result<Option<u64>> {
        let sql = "SELECT MIN(d.last_seen_ms) FROM device d WHERE d.tenant = ?1 AND d.id IN
            (SELECT c.device FROM coupon c WHERE c.tenant = ?1 AND c.campaign = ?2 AND c.state = 'leased')";
        let oldest = self.one(sql, params![tenant.as_str(), campaign.as_str()], |row| Ok(row.get::<_, Option<u64>>(0)?))?;
        Ok(oldest.flatten())
    }
}
