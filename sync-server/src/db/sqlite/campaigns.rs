//! Campaigns and buckets in SQLite.

use guidebook_domain::coupon::Buckets;
use guidebook_domain::{CampaignId, TenantId};
use rusqlite::{Row, params};

use super::row::{SqliteTx, json, parsed, to_json};
use crate::db::Result;
use crate::db::campaigns::{CampaignRow, CampaignTx, shard_of};
use crate::db::coupons::CouponState;

const CAMPAIGN: &str = "record, position, budget_version, budget_codes, budget_fen, out_fen, serials, turns, rail, made_ms";

impl CampaignTx for SqliteTx<'_> {
    fn campaign(&mut self, tenant: &TenantId, id: &CampaignId) -> Result<Option<CampaignRow>> {
        self.look_at_campaign(tenant, id)
    }

    fn look_at_campaign(&mut self, tenant: &TenantId, id: &CampaignId) -> Result<Option<CampaignRow>> {
        let sql = format!("SELECT {CAMPAIGN} FROM campaign WHERE tenant = ?1 AND id = ?2");
        self.one(&sql, params![tenant.as_str(), id.as_str()], campaign)
    }

    fn campaigns_after(&mut self, tenant: &TenantId, after: u64) -> Result<Vec<CampaignRow>> {
        let sql = format!("SELECT {CAMPAIGN} FROM campaign WHERE tenant = ?1 AND position > ?2 ORDER BY position");
        self.many(&sql, params![tenant.as_str(), after], campaign)
    }

    fn campaigns_on_rails(&mut self) -> Result<Vec<(TenantId, CampaignRow)>> {
        let sql = format!("SELECT {CAMPAIGN}, tenant FROM campaign WHERE rail IS NOT NULL ORDER BY tenant, id");
        self.many(&sql, [], |row| Ok((parsed(row, 10)?, campaign(row)?)))
    }

    fn waiting_for_rail(&mut self, tenant: &TenantId, id: &CampaignId) -> Result<u64> {
        let sql = "SELECT COUNT(*) FROM coupon WHERE tenant = ?1 AND campaign = ?2 AND on_rail = 0 AND state = 'free'";
        Ok(self.one(sql, params![tenant.as_str(), id.as_str()], |row| Ok(row.get(0)?))?.unwrap_or_default())
    }

    fn put_campaign(&mut self, tenant: &TenantId, row: &CampaignRow) -> Result<()> {
        let sql = "INSERT INTO campaign (tenant, id, record, position, budget_version, budget_codes, budget_fen, out_fen, serials, turns, rail, made_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            ON CONFLICT (tenant, id) DO UPDATE SET record = ?3, position = ?4, budget_version = ?5, budget_codes = ?6, budget_fen = ?7,
                out_fen = ?8, serials = ?9, turns = ?10, rail = ?11, made_ms = ?12";
        let CampaignRow { campaign, position, budget_version, budget_codes, budget_fen, out_fen, serials, turns, rail, made_ms } = row;
        let (id, record) = (campaign.id.as_str(), to_json(campaign)?);
        let rest = params![
            tenant.as_str(),
            id,
            record,
            position,
            budget_version,
            budget_codes,
            budget_fen,
            out_fen,
            serials,
            turns,
            rail,
            made_ms
        ];
        self.run(sql, rest)?;
        Ok(())
    }

    fn give_back(&mut self, tenant: &TenantId, id: &CampaignId, fen: u64) -> Result<()> {
        if fen > 0 {
            self.run(
                "UPDATE campaign SET out_fen = out_fen - ?3 WHERE tenant = ?1 AND id = ?2",
                params![tenant.as_str(), id.as_str(), fen],
            )?;
        }
        Ok(())
    }

    fn buckets(&mut self, tenant: &TenantId, id: &CampaignId) -> Result<Buckets> {
        let sql = "SELECT COALESCE(SUM(minted), 0), COALESCE(SUM(free), 0), COALESCE(SUM(leased), 0), COALESCE(SUM(issued), 0),
            COALESCE(SUM(reserved), 0), COALESCE(SUM(redeemed), 0), COALESCE(SUM(void), 0) FROM bucket WHERE tenant = ?1 AND campaign = ?2";
        let found = self.one(sql, params![tenant.as_str(), id.as_str()], |row| {
            Ok(crate::db::campaigns::buckets_of(&[
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get(5)?,
                row.get(6)?,
            ]))
        })?;
        Ok(found.unwrap_or_default())
    }
}

impl SqliteTx<'_> {
    /// Counts a code that moved. The bucket's CHECK refuses what does not add up.
    pub(super) fn count_move(&mut self, tenant: &TenantId, id: &CampaignId, serial: u64, from: CouponState, to: CouponState) -> Result<()> {
        if from == to {
            return Ok(());
        }
        let (from, to) = (from.word(), to.word());
        let sql = format!("UPDATE bucket SET {from} = {from} - 1, {to} = {to} + 1 WHERE tenant = ?1 AND campaign = ?2 AND shard = ?3");
        self.run(&sql, params![tenant.as_str(), id.as_str(), shard_of(serial)])?;
        Ok(())
    }

    /// Counts codes that were made.
    pub(super) fn count_minted(&mut self, tenant: &TenantId, id: &CampaignId, shard: u64, count: u64) -> Result<()> {
        let sql = "INSERT INTO bucket (tenant, campaign, shard, minted, free, leased, issued, reserved, redeemed, void)
            VALUES (?1, ?2, ?3, ?4, ?4, 0, 0, 0, 0, 0)
            ON CONFLICT (tenant, campaign, shard) DO UPDATE SET minted = minted + ?4, free = free + ?4";
        self.run(sql, params![tenant.as_str(), id.as_str(), shard, count])?;
        Ok(())
    }
}

fn campaign(row: &Row<'_>) -> Result<CampaignRow> {
    Ok(CampaignRow {
        campaign: json(row, 0)?,
        position: row.get(1)?,
        budget_version: row.get(2)?,
        budget_codes: row.get(3)?,
        budget_fen: row.get(4)?,
        out_fen: row.get(5)?,
        serials: row.get(6)?,
        turns: row.get(7)?,
        rail: row.get(8)?,
        made_ms: row.get(9)?,
    })
}
