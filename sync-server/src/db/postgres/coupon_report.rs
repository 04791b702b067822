//! Sums for HQ's report in PostgreSQL.

use guidebook_domain::{CampaignId, TenantId};

use super::row::{PgTx, get, int, number, parsed};
use crate::db::Result;
use crate::db::coupon_report::{CouponReportTx, IssuedSum, RedeemedSum};
use crate::db::coupons::Leased;

impl CouponReportTx for PgTx<'_> {
    fn issued_sums(&mut self, tenant: &TenantId, campaign: &CampaignId) -> Result<Vec<IssuedSum>> {
        let sql = "SELECT i.guide, i.store, COUNT(*), SUM(CASE WHEN i.voided_ms IS NULL THEN 0 ELSE 1 END)::bigint, COUNT(r.id),
                COALESCE(SUM(r.money_fen), 0)::bigint
            FROM coupon_issue i LEFT JOIN redemption r ON r.tenant = i.tenant AND r.campaign = i.campaign AND r.serial = i.serial
                AND r.generation = i.generation AND r.reversed_ms IS NULL
            WHERE i.tenant = $1 AND i.campaign = $2 GROUP BY i.guide, i.store ORDER BY i.guide, i.store";
        self.many(sql, &[&tenant.as_str(), &campaign.as_str()], |row| {
            let (issued, void, redeemed, money_fen) = (number(row, 2)?, number(row, 3)?, number(row, 4)?, number(row, 5)?);
            Ok(IssuedSum { guide: parsed(row, 0)?, store: parsed(row, 1)?, issued, void, redeemed, money_fen })
        })
    }

    fn redeemed_sums(&mut self, tenant: &TenantId, campaign: &CampaignId) -> Result<Vec<RedeemedSum>> {
        let sql = "SELECT r.store, COUNT(*), SUM(CASE WHEN r.offline THEN 1 ELSE 0 END)::bigint, COALESCE(SUM(r.money_fen), 0)::bigint FROM redemption r
            WHERE r.tenant = $1 AND r.campaign = $2 AND r.reversed_ms IS NULL GROUP BY r.store ORDER BY r.store";
        self.many(sql, &[&tenant.as_str(), &campaign.as_str()], |row| {
            Ok(RedeemedSum { store: parsed(row, 0)?, redeemed: number(row, 1)?, offline: number(row, 2)?, money_fen: number(row, 3)? })
        })
    }

    fn stranded(&mut self, tenant: &TenantId, campaign: &CampaignId, now_ms: u64) -> Result<Leased> {
        let sql = "SELECT COUNT(*), COALESCE(SUM(cost_fen), 0)::bigint FROM coupon
            WHERE tenant = $1 AND campaign = $2 AND state = 'leased' AND lease_until_ms < $3";
        let found = self.one(sql, &[&tenant.as_str(), &campaign.as_str(), &int(now_ms)], |row| {
            Ok(Leased { codes: number(row, 0)?, fen: number(row, 1)? })
        })?;
        Ok(found.unwrap_or_default())
    }

    fn oldest_word(&mut self, tenant: &TenantId, campaign: &CampaignId) -> Result<Option<u64>> {
        let sql = "SELECT MIN(d.last_seen_ms) FROM device d WHERE d.tenant = $1 AND d.id IN
            (SELECT c.device FROM coupon c WHERE c.tenant = $1 AND c.campaign = $2 AND c.state = 'leased')";
        let oldest = self.one(sql, &[&tenant.as_str(), &campaign.as_str()], |row| get::<Option<i64>>(row, 0))?;
        Ok(oldest.flatten().map(|ms| ms as u64))
    }
}
