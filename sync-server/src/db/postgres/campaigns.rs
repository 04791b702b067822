//! Campaigns and buckets in PostgreSQL.

use guidebook_domain::coupon::Buckets;
use guidebook_domain::{CampaignId, TenantId};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::row::{PgTx, Statement, get, int, json, number, parsed, said, to_json, words};
use crate::db::Result;
use crate::db::campaigns::{CampaignRow, CampaignTx, buckets_of, shard_of};
use crate::db::coupons::CouponState;

pub(super) const CAMPAIGN: &str = "record, position, budget_version, budget_codes, budget_fen, out_fen, serials, turns, rail, made_ms";

impl CampaignTx for PgTx<'_> {
    fn campaign(&mut self, tenant: &TenantId, id: &CampaignId) -> Result<Option<CampaignRow>> {
        if !self.writes() {
            return self.look_at_campaign(tenant, id);
        }
        let sql = format!("SELECT {CAMPAIGN} FROM campaign WHERE tenant = $1 AND id = $2 FOR NO KEY UPDATE");
        self.one(&sql, &[&tenant.as_str(), &id.as_str()], |row| campaign(row, 0))
    }

    fn look_at_campaign(&mut self, tenant: &TenantId, id: &CampaignId) -> Result<Option<CampaignRow>> {
        let sql = format!("SELECT {CAMPAIGN} FROM campaign WHERE tenant = $1 AND id = $2");
        self.one(&sql, &[&tenant.as_str(), &id.as_str()], |row| campaign(row, 0))
    }

    fn campaigns_after(&mut self, tenant: &TenantId, after: u64) -> Result<Vec<CampaignRow>> {
        let sql = format!("SELECT {CAMPAIGN} FROM campaign WHERE tenant = $1 AND position > $2 ORDER BY position");
        self.many(&sql, &[&tenant.as_str(), &int(after)], |row| campaign(row, 0))
    }

    fn campaigns_on_rails(&mut self) -> Result<Vec<(TenantId, CampaignRow)>> {
        let sql = format!("SELECT {CAMPAIGN}, tenant FROM campaign WHERE rail IS NOT NULL ORDER BY tenant, id");
        self.many(&sql, &[], |row| Ok((parsed(row, 10)?, campaign(row, 0)?)))
    }

    fn waiting_for_rail(&mut self, tenant: &TenantId, id: &CampaignId) -> Result<u64> {
        let sql = "SELECT COUNT(*) FROM coupon WHERE tenant = $1 AND campaign = $2 AND NOT on_rail AND state = 'free'";
        Ok(self.one(sql, &[&tenant.as_str(), &id.as_str()], |row| number(row, 0))?.unwrap_or_default())
    }

    fn put_campaign(&mut self, tenant: &TenantId, row: &CampaignRow) -> Result<()> {
        let sql = "INSERT INTO campaign (tenant, id, record, position, budget_version, budget_codes, budget_fen, out_fen, serials, turns, rail, made_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            ON CONFLICT (tenant, id) DO UPDATE SET record = $3, position = $4, budget_version = $5, budget_codes = $6, budget_fen = $7,
                out_fen = $8, serials = $9, turns = $10, rail = $11, made_ms = $12";
        let rail = row.rail.as_deref().map(words);
        self.run(
            sql,
            &[
                &tenant.as_str(),
                &row.campaign.id.as_str(),
                &to_json(&row.campaign)?,
                &int(row.position),
                &int(row.budget_version),
                &int(row.budget_codes),
                &row.budget_fen.map(int),
                &int(row.out_fen),
                &int(row.serials),
                &int(row.turns),
                &rail,
                &int(row.made_ms),
            ],
        )?;
        Ok(())
    }

    fn give_back(&mut self, tenant: &TenantId, id: &CampaignId, fen: u64) -> Result<()> {
        if fen > 0 {
            let sql = "UPDATE campaign SET out_fen = out_fen - $3 WHERE tenant = $1 AND id = $2";
            self.run(sql, &[&tenant.as_str(), &id.as_str(), &int(fen)])?;
        }
        Ok(())
    }

    fn buckets(&mut self, tenant: &TenantId, id: &CampaignId) -> Result<Buckets> {
        let moves = self.moves_counted();
        self.each_changes_one(&moves)?;
        let sql = "SELECT COALESCE(SUM(minted), 0)::bigint, COALESCE(SUM(free), 0)::bigint, COALESCE(SUM(leased), 0)::bigint,
            COALESCE(SUM(issued), 0)::bigint, COALESCE(SUM(reserved), 0)::bigint, COALESCE(SUM(redeemed), 0)::bigint,
            COALESCE(SUM(void), 0)::bigint FROM bucket WHERE tenant = $1 AND campaign = $2";
        let found = self.one(sql, &[&tenant.as_str(), &id.as_str()], |row| {
            let mut counts = [0; 7];
            for (column, count) in counts.iter_mut().enumerate() {
                *count = number(row, column)?;
            }
            Ok(buckets_of(&counts))
        })?;
        Ok(found.unwrap_or_default())
    }
}

impl PgTx<'_> {
    /// Notes a code that moved, to be counted before the commit: all buckets of a transaction are locked in one order, and
    /// not before there is nothing else to wait for.
    pub(super) fn count_move(&mut self, tenant: &TenantId, id: &CampaignId, serial: u64, from: CouponState, to: CouponState) {
        let steps = self.held.buckets.entry((tenant.clone(), id.clone(), shard_of(serial))).or_default();
        steps[from as usize] -= 1;
        steps[to as usize] += 1;
    }

    /// Counts codes that were made.
    pub(super) fn count_minted(&mut self, tenant: &TenantId, id: &CampaignId, shard: u64, count: u64) -> Result<()> {
        let sql = "INSERT INTO bucket (tenant, campaign, shard, minted, free, leased, issued, reserved, redeemed, void)
            VALUES ($1, $2, $3, $4, $4, 0, 0, 0, 0, 0)
            ON CONFLICT (tenant, campaign, shard) DO UPDATE SET minted = bucket.minted + $4, free = bucket.free + $4";
        self.run(sql, &[&tenant.as_str(), &id.as_str(), &int(shard), &int(count)])?;
        Ok(())
    }

    /// Counts what moved. The buckets' CHECK refuses what does not add up.
    pub(super) fn moves_counted(&mut self) -> Vec<Statement> {
        let sql = "UPDATE bucket SET free = free + $4, leased = leased + $5, issued = issued + $6, reserved = reserved + $7,
            redeemed = redeemed + $8, void = void + $9 WHERE tenant = $1 AND campaign = $2 AND shard = $3";
        let moves = std::mem::take(&mut self.held.buckets).into_iter();
        let statement = |((tenant, id, shard), steps): ((TenantId, CampaignId, u64), [i64; 6])| {
            let mut values: Vec<Box<dyn ToSql + Sync>> =
                vec![Box::new(tenant.as_str().to_owned()), Box::new(id.as_str().to_owned()), Box::new(int(shard))];
            values.extend(steps.map(|step| Box::new(step) as Box<dyn ToSql + Sync>));
            Statement { sql, values, what: "a bucket" }
        };
        moves.map(statement).collect()
    }
}

/// A campaign from the columns that begin at `first`.
pub(super) fn campaign(row: &Row, first: usize) -> Result<CampaignRow> {
    let (budget_fen, rail): (Option<i64>, Option<&str>) = (get(row, first + 4)?, get(row, first + 8)?);
    Ok(CampaignRow {
        campaign: json(row, first)?,
        position: number(row, first + 1)?,
        budget_version: number(row, first + 2)?,
        budget_codes: number(row, first + 3)?,
        budget_fen: budget_fen.map(|fen| fen as u64),
        out_fen: number(row, first + 5)?,
        serials: number(row, first + 6)?,
        turns: number(row, first + 7)?,
        rail: rail.map(|_| said(row, first + 8)).transpose()?,
        made_ms: number(row, first + 9)?,
    })
}
