//! Codes in SQLite.

use std::collections::BTreeMap;

use guidebook_domain::{CampaignId, DeviceId, GrantId, MarkId, TenantId};
use rusqlite::{Row, params};

use super::row::{SqliteTx, parsed, parsed_or_none, text};
use crate::db::Result;
use crate::db::campaigns::shard_of;
use crate::db::coupons::{Coupon, CouponState, CouponTx, Hold, Lease, Leased, Retired};
use crate::db::secrets::Hash;
use crate::error::ServerError;

const COUPON: &str = "campaign, serial, generation, hash, state, issued, on_rail, cost_fen, device, request, mark, turn, lease_until_ms,
    expires_ms, good_until_ms, value, terminal, held_until_ms, COALESCE(bound_to, 0)";
const RETIRED: &str =
    "campaign, serial, generation, hash, 'void', 0, 0, 0, device, request, request, turn, 0, expires_ms, expires_ms, value, NULL,
    NULL, 0, why, at_ms";

impl CouponTx for SqliteTx<'_> {
    fn mint(&mut self, tenant: &TenantId, campaign: &CampaignId, first: u64, generation: u32, hashes: &[Hash]) -> Result<()> {
        let sql = "INSERT INTO coupon (tenant, campaign, serial, generation, hash, state, issued, on_rail, cost_fen)
            VALUES (?1, ?2, ?3, ?5, ?4, 'free', 0, 0, 0)";
        let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
        for (serial, hash) in (first..).zip(hashes) {
            self.run(sql, params![tenant.as_str(), campaign.as_str(), serial, hash, generation])?;
            *counts.entry(shard_of(serial)).or_default() += 1;
        }
        for (shard, count) in counts {
            self.count_minted(tenant, campaign, shard, count)?;
        }
        Ok(())
    }

    fn free_coupons(&mut self, tenant: &TenantId, campaign: &CampaignId, on_rail: Option<bool>, limit: usize) -> Result<Vec<Coupon>> {
        let rail = match on_rail {
            Some(true) => "AND on_rail = 1",
            Some(false) => "AND on_rail = 0",
            None => "AND on_rail IN (0, 1)",
        };
        let sql =
            format!("SELECT {COUPON} FROM coupon WHERE tenant = ?1 AND campaign = ?2 {rail} AND state = 'free' ORDER BY serial LIMIT ?3");
        self.many(&sql, params![tenant.as_str(), campaign.as_str(), limit as i64], coupon)
    }

    fn coupon_of_hash(&mut self, tenant: &TenantId, hash: &Hash) -> Result<Option<Coupon>> {
        let sql = format!("SELECT {COUPON} FROM coupon WHERE tenant = ?1 AND hash = ?2");
        self.one(&sql, params![tenant.as_str(), hash], coupon)
    }

    fn coupon_of_turn(&mut self, tenant: &TenantId, request: GrantId, turn: u64) -> Result<Option<Coupon>> {
        let sql = format!("SELECT {COUPON} FROM coupon WHERE tenant = ?1 AND request = ?2 AND turn = ?3");
        self.one(&sql, params![tenant.as_str(), request.to_string(), turn], coupon)
    }

    fn retired_of_hash(&mut self, tenant: &TenantId, hash: &Hash) -> Result<Option<Retired>> {
        let sql = format!("SELECT {RETIRED} FROM coupon_retired WHERE tenant = ?1 AND hash = ?2");
        self.one(&sql, params![tenant.as_str(), hash], retired)
    }

    fn retired_of_turn(&mut self, tenant: &TenantId, request: GrantId, turn: u64) -> Result<Option<Retired>> {
        let sql = format!("SELECT {RETIRED} FROM coupon_retired WHERE tenant = ?1 AND request = ?2 AND turn = ?3");
        self.one(&sql, params![tenant.as_str(), request.to_string(), turn], retired)
    }

    fn leased(&mut self, tenant: &TenantId, device: DeviceId, campaign: &CampaignId, mark: MarkId) -> Result<Leased> {
        let sql = "SELECT COUNT(*), COALESCE(SUM(cost_fen), 0) FROM coupon
            WHERE tenant = ?1 AND device = ?2 AND campaign = ?3 AND mark = ?4 AND state = 'leased'";
        let of = params![tenant.as_str(), device.to_string(), campaign.as_str(), mark.to_string()];
        Ok(self.one(sql, of, |row| Ok(Leased { codes: row.get(0)?, fen: row.get(1)? }))?.unwrap_or_default())
    }

    fn marks_of(&mut self, tenant: &TenantId, device: DeviceId, campaign: &CampaignId, now_ms: u64) -> Result<Vec<MarkId>> {
        let sql = "SELECT DISTINCT mark FROM coupon_grant WHERE tenant = ?1 AND device = ?2 AND campaign = ?3 AND lease_until_ms > ?4
            ORDER BY mark";
        self.many(sql, params![tenant.as_str(), device.to_string(), campaign.as_str(), now_ms], |row| parsed(row, 0))
    }

    fn move_coupon(&mut self, tenant: &TenantId, coupon: &Coupon, from: CouponState) -> Result<bool> {
        let sql =
            "UPDATE coupon SET state = ?4, issued = ?5, on_rail = ?6, cost_fen = ?7, device = ?8, request = ?9, mark = ?10, turn = ?11,
            lease_until_ms = ?12, expires_ms = ?13, value = ?14, terminal = ?15, held_until_ms = ?16, good_until_ms = ?19, bound_to = ?20
            WHERE tenant = ?1 AND campaign = ?2 AND serial = ?3 AND generation = ?17 AND state = ?18";
        let Coupon { campaign, serial, generation, state, issued, on_rail, cost_fen, lease, hold, .. } = coupon;
        let lease = lease.as_ref();
        let moved = self.run(
            sql,
            params![
                tenant.as_str(),
                campaign.as_str(),
                serial,
                state.word(),
                issued,
                on_rail,
                cost_fen,
                text(&lease.map(|lease| lease.device)),
                text(&lease.map(|lease| lease.request)),
                text(&lease.map(|lease| lease.mark)),
                lease.map(|lease| lease.turn),
                lease.map(|lease| lease.until_ms),
                lease.map(|lease| lease.expires_ms),
                lease.map(|lease| lease.value),
                text(&hold.as_ref().map(|hold| hold.terminal)),
                hold.as_ref().map(|hold| hold.until_ms),
                generation,
                from.word(),
                lease.map(|lease| lease.good_until_ms),
                lease.map(|lease| lease.store_number)
            ],
        )? == 1;
        if moved {
            self.count_move(tenant, campaign, *serial, from, *state)?;
        }
        Ok(moved)
    }

    fn renew_coupon(&mut self, tenant: &TenantId, retired: &Retired, hash: &Hash, generation: u32) -> Result<bool> {
        let old = &retired.coupon;
        let sql = "UPDATE coupon SET generation = ?4, hash = ?5, state = 'free', issued = 0, on_rail = 0, cost_fen = 0, device = NULL, request = NULL,
            mark = NULL, turn = NULL, lease_until_ms = NULL, expires_ms = NULL, good_until_ms = NULL, bound_to = NULL, value = NULL, terminal = NULL, held_until_ms = NULL
            WHERE tenant = ?1 AND campaign = ?2 AND serial = ?3 AND generation = ?6 AND state = ?7";
        let key = params![tenant.as_str(), old.campaign.as_str(), old.serial, generation, hash, old.generation, old.state.word()];
        if self.run(sql, key)? == 0 {
            return Ok(false);
        }
        let sql =
            "INSERT INTO coupon_retired (tenant, hash, campaign, serial, generation, why, value, device, request, turn, expires_ms, at_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let lease = old.lease.as_ref();
        self.run(
            sql,
            params![
                tenant.as_str(),
                old.hash,
                old.campaign.as_str(),
                old.serial,
                old.generation,
                retired.why,
                lease.map(|lease| lease.value),
                text(&lease.map(|lease| lease.device)),
                text(&lease.map(|lease| lease.request)),
                lease.map(|lease| lease.turn),
                lease.map(|lease| lease.expires_ms),
                retired.at_ms
            ],
        )?;
        self.count_move(tenant, &old.campaign, old.serial, old.state, CouponState::Free)?;
        Ok(true)
    }

    fn coupons_past(&mut self, before_ms: u64, limit: usize) -> Result<Vec<(TenantId, Coupon)>> {
        let sql = format!(
            "SELECT {COUPON}, tenant FROM coupon WHERE state IN ('leased', 'issued') AND expires_ms < ?1 ORDER BY expires_ms LIMIT ?2"
        );
        self.many(&sql, params![before_ms, limit as i64], |row| Ok((parsed(row, 19)?, coupon(row)?)))
    }

    fn holds_past(&mut self, now_ms: u64, limit: usize) -> Result<Vec<(TenantId, Coupon)>> {
        let sql =
            format!("SELECT {COUPON}, tenant FROM coupon WHERE state = 'reserved' AND held_until_ms < ?1 ORDER BY held_until_ms LIMIT ?2");
        self.many(&sql, params![now_ms, limit as i64], |row| Ok((parsed(row, 19)?, coupon(row)?)))
    }

    fn free_after(&mut self, tenant: &TenantId, after: Option<(&CampaignId, u64)>, limit: usize) -> Result<Vec<Coupon>> {
        let sql = format!(
            "SELECT {COUPON} FROM coupon WHERE tenant = ?1 AND (campaign, serial) > (?2, ?3) AND state = 'free' ORDER BY campaign, serial LIMIT ?4"
        );
        let (campaign, serial) = after.map_or(("", 0), |(campaign, serial)| (campaign.as_str(), serial));
        self.many(&sql, params![tenant.as_str(), campaign, serial, limit as i64], coupon)
    }
}

fn coupon(row: &Row<'_>) -> Result<Coupon> {
    let state: String = row.get(4)?;
    Ok(Coupon {
        campaign: parsed(row, 0)?,
        serial: row.get(1)?,
        generation: row.get(2)?,
        hash: row.get(3)?,
        state: CouponState::of(&state).ok_or(ServerError::Corrupt("a coupon's state"))?,
        issued: row.get(5)?,
        on_rail: row.get(6)?,
        cost_fen: row.get(7)?,
        lease: lease(row)?,
        hold: hold(row)?,
    })
}

fn lease(row: &Row<'_>) -> Result<Option<Lease>> {
    let Some(device) = parsed_or_none(row, 8)? else { return Ok(None) };
    let (request, mark, turn) = (parsed(row, 9)?, parsed(row, 10)?, row.get(11)?);
    Ok(Some(Lease {
        device,
        request,
        mark,
        turn,
        until_ms: row.get(12)?,
        expires_ms: row.get(13)?,
        good_until_ms: row.get(14)?,
        store_number: row.get(18)?,
        value: row.get(15)?,
    }))
}

fn hold(row: &Row<'_>) -> Result<Option<Hold>> {
    let Some(terminal) = parsed_or_none(row, 16)? else { return Ok(None) };
    Ok(Some(Hold { terminal, until_ms: row.get(17)? }))
}

fn retired(row: &Row<'_>) -> Result<Retired> {
    Ok(Retired { coupon: coupon(row)?, why: row.get(19)?, at_ms: row.get(20)? })
}
