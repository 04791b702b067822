//! Codes in PostgreSQL. What a transaction that writes reads is locked, code by code, before any bucket.

use std::collections::BTreeMap;

use guidebook_domain::{CampaignId, DeviceId, GrantId, MarkId, TenantId};
use tokio_postgres::Row;

use super::row::{PgTx, get, hash, int, number, parsed, parsed_or_none, text};
use crate::db::Result;
use crate::db::campaigns::shard_of;
use crate::db::coupons::{Coupon, CouponState, CouponTx, Hold, Lease, Leased, Retired};
use crate::db::secrets::Hash;
use crate::error::ServerError;

pub(super) const COUPON: &str =
    "campaign, serial, generation, hash, state, issued, on_rail, cost_fen, device, request, mark, turn, lease_until_ms,
    expires_ms, good_until_ms, value, terminal, held_until_ms, COALESCE(bound_to, 0)";
const RETIRED: &str = "campaign, serial, generation, hash, 'void', false, false, 0::bigint, device, request, request, turn, 0::bigint,
    expires_ms, expires_ms, value, NULL::text, NULL::bigint, 0::bigint, why, at_ms";

impl CouponTx for PgTx<'_> {
    fn mint(&mut self, tenant: &TenantId, campaign: &CampaignId, first: u64, generation: u32, hashes: &[Hash]) -> Result<()> {
        let sql = "INSERT INTO coupon (tenant, campaign, serial, generation, hash, state, issued, on_rail, cost_fen)
            SELECT $1, $2, $3 + made.n - 1, $5, made.hash, 'free', false, false, 0 FROM unnest($4::bytea[]) WITH ORDINALITY AS made (hash, n)";
        let all: Vec<&[u8]> = hashes.iter().map(<[u8; 32]>::as_slice).collect();
        self.run(sql, &[&tenant.as_str(), &campaign.as_str(), &int(first), &all, &i64::from(generation)])?;
        let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
        for (serial, _) in (first..).zip(hashes) {
            *counts.entry(shard_of(serial)).or_default() += 1;
        }
        for (shard, count) in counts {
            self.count_minted(tenant, campaign, shard, count)?;
        }
        Ok(())
    }

    fn free_coupons(&mut self, tenant: &TenantId, campaign: &CampaignId, on_rail: Option<bool>, limit: usize) -> Result<Vec<Coupon>> {
        let rail = match on_rail {
            Some(true) => "AND on_rail",
            Some(false) => "AND NOT on_rail",
            None => "",
        };
        let lock = if self.writes() { "FOR UPDATE SKIP LOCKED" } else { "" };
        let sql = format!(
            "SELECT {COUPON} FROM coupon WHERE tenant = $1 AND campaign = $2 {rail} AND state = 'free' ORDER BY serial LIMIT $3 {lock}"
        );
        self.many(&sql, &[&tenant.as_str(), &campaign.as_str(), &int(limit)], coupon)
    }

    fn coupon_of_hash(&mut self, tenant: &TenantId, hash: &Hash) -> Result<Option<Coupon>> {
        let sql = format!("SELECT {COUPON} FROM coupon WHERE tenant = $1 AND hash = $2 {}", self.for_update());
        self.one(&sql, &[&tenant.as_str(), &hash.as_slice()], coupon)
    }

    fn coupon_of_turn(&mut self, tenant: &TenantId, request: GrantId, turn: u64) -> Result<Option<Coupon>> {
        let sql = format!("SELECT {COUPON} FROM coupon WHERE tenant = $1 AND request = $2 AND turn = $3 {}", self.for_update());
        self.one(&sql, &[&tenant.as_str(), &request.to_string(), &int(turn)], coupon)
    }

    fn retired_of_hash(&mut self, tenant: &TenantId, hash: &Hash) -> Result<Option<Retired>> {
        let sql = format!("SELECT {RETIRED} FROM coupon_retired WHERE tenant = $1 AND hash = $2");
        self.one(&sql, &[&tenant.as_str(), &hash.as_slice()], retired)
    }

    fn retired_of_turn(&mut self, tenant: &TenantId, request: GrantId, turn: u64) -> Result<Option<Retired>> {
        let sql = format!("SELECT {RETIRED} FROM coupon_retired WHERE tenant = $1 AND request = $2 AND turn = $3");
        self.one(&sql, &[&tenant.as_str(), &request.to_string(), &int(turn)], retired)
    }

    fn leased(&mut self, tenant: &TenantId, device: DeviceId, campaign: &CampaignId, mark: MarkId) -> Result<Leased> {
        let sql = "SELECT COUNT(*), COALESCE(SUM(cost_fen), 0)::bigint FROM coupon
            WHERE tenant = $1 AND device = $2 AND campaign = $3 AND mark = $4 AND state = 'leased'";
        let found = self.one(sql, &[&tenant.as_str(), &device.to_string(), &campaign.as_str(), &mark.to_string()], |row| {
            Ok(Leased { codes: number(row, 0)?, fen: number(row, 1)? })
        })?;
        Ok(found.unwrap_or_default())
    }

    fn marks_of(&mut self, tenant: &TenantId, device: DeviceId, campaign: &CampaignId, now_ms: u64) -> Result<Vec<MarkId>> {
        let sql = "SELECT DISTINCT mark FROM coupon_grant WHERE tenant = $1 AND device = $2 AND campaign = $3 AND lease_until_ms > $4
            ORDER BY mark";
        self.many(sql, &[&tenant.as_str(), &device.to_string(), &campaign.as_str(), &int(now_ms)], |row| parsed(row, 0))
    }

    fn move_coupon(&mut self, tenant: &TenantId, coupon: &Coupon, from: CouponState) -> Result<bool> {
        let sql =
            "UPDATE coupon SET state = $4, issued = $5, on_rail = $6, cost_fen = $7, device = $8, request = $9, mark = $10, turn = $11,
            lease_until_ms = $12, expires_ms = $13, value = $14, terminal = $15, held_until_ms = $16, good_until_ms = $19, bound_to = $20
            WHERE tenant = $1 AND campaign = $2 AND serial = $3 AND generation = $17 AND state = $18";
        let Coupon { campaign, serial, generation, state, issued, on_rail, cost_fen, lease, hold, .. } = coupon;
        let lease = lease.as_ref();
        let moved = self.run(
            sql,
            &[
                &tenant.as_str(),
                &campaign.as_str(),
                &int(*serial),
                &state.word(),
                issued,
                on_rail,
                &int(*cost_fen),
                &text(&lease.map(|lease| lease.device)),
                &text(&lease.map(|lease| lease.request)),
                &text(&lease.map(|lease| lease.mark)),
                &lease.map(|lease| int(lease.turn)),
                &lease.map(|lease| int(lease.until_ms)),
                &lease.map(|lease| int(lease.expires_ms)),
                &lease.map(|lease| i64::from(lease.value)),
                &text(&hold.as_ref().map(|hold| hold.terminal)),
                &hold.as_ref().map(|hold| int(hold.until_ms)),
                &i64::from(*generation),
                &from.word(),
                &lease.map(|lease| int(lease.good_until_ms)),
                &lease.map(|lease| i64::from(lease.store_number)),
            ],
        )? == 1;
        if moved && from != *state {
            self.count_move(tenant, campaign, *serial, from, *state);
        }
        Ok(moved)
    }

    fn renew_coupon(&mut self, tenant: &TenantId, retired: &Retired, hash: &Hash, generation: u32) -> Result<bool> {
        let old = &retired.coupon;
        let sql = "UPDATE coupon SET generation = $4, hash = $5, state = 'free', issued = false, on_rail = false, cost_fen = 0, device = NULL,
            request = NULL, mark = NULL, turn = NULL, lease_until_ms = NULL, expires_ms = NULL, good_until_ms = NULL, bound_to = NULL, value = NULL, terminal = NULL, held_until_ms = NULL
            WHERE tenant = $1 AND campaign = $2 AND serial = $3 AND generation = $6 AND state = $7";
        let (serial, generation, before) = (int(old.serial), i64::from(generation), i64::from(old.generation));
        let key = (tenant.as_str(), old.campaign.as_str());
        if self.run(sql, &[&key.0, &key.1, &serial, &generation, &hash.as_slice(), &before, &old.state.word()])? == 0 {
            return Ok(false);
        }
        let sql =
            "INSERT INTO coupon_retired (tenant, hash, campaign, serial, generation, why, value, device, request, turn, expires_ms, at_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let lease = old.lease.as_ref();
        self.run(
            sql,
            &[
                &key.0,
                &old.hash.as_slice(),
                &key.1,
                &serial,
                &before,
                &retired.why,
                &lease.map(|lease| i64::from(lease.value)),
                &text(&lease.map(|lease| lease.device)),
                &text(&lease.map(|lease| lease.request)),
                &lease.map(|lease| int(lease.turn)),
                &lease.map(|lease| int(lease.expires_ms)),
                &int(retired.at_ms),
            ],
        )?;
        if old.state != CouponState::Free {
            self.count_move(tenant, &old.campaign, old.serial, old.state, CouponState::Free);
        }
        Ok(true)
    }

    fn coupons_past(&mut self, before_ms: u64, limit: usize) -> Result<Vec<(TenantId, Coupon)>> {
        let sql = format!(
            "SELECT {COUPON}, tenant FROM coupon WHERE state IN ('leased', 'issued') AND expires_ms < $1 ORDER BY expires_ms LIMIT $2 {}",
            self.skip_locked()
        );
        self.many(&sql, &[&int(before_ms), &int(limit)], |row| Ok((parsed(row, 19)?, coupon(row)?)))
    }

    fn holds_past(&mut self, now_ms: u64, limit: usize) -> Result<Vec<(TenantId, Coupon)>> {
        let sql = format!(
            "SELECT {COUPON}, tenant FROM coupon WHERE state = 'reserved' AND held_until_ms < $1 ORDER BY held_until_ms LIMIT $2 {}",
            self.skip_locked()
        );
        self.many(&sql, &[&int(now_ms), &int(limit)], |row| Ok((parsed(row, 19)?, coupon(row)?)))
    }

    fn free_after(&mut self, tenant: &TenantId, after: Option<(&CampaignId, u64)>, limit: usize) -> Result<Vec<Coupon>> {
        let sql = format!(
            "SELECT {COUPON} FROM coupon WHERE tenant = $1 AND (campaign, serial) > ($2, $3) AND state = 'free' ORDER BY campaign, serial
                LIMIT $4 {}",
            self.for_update()
        );
        let (campaign, serial) = after.map_or(("", 0), |(campaign, serial)| (campaign.as_str(), serial));
        self.many(&sql, &[&tenant.as_str(), &campaign, &int(serial), &int(limit)], coupon)
    }
}

impl PgTx<'_> {
    pub(super) fn for_update(&self) -> &'static str {
        if self.writes() { "FOR UPDATE" } else { "" }
    }

    fn skip_locked(&self) -> &'static str {
        if self.writes() { "FOR UPDATE SKIP LOCKED" } else { "" }
    }
}

pub(super) fn coupon(row: &Row) -> Result<Coupon> {
    Ok(Coupon {
        campaign: parsed(row, 0)?,
        serial: number(row, 1)?,
        generation: number(row, 2)?,
        hash: hash(row, 3)?,
        state: CouponState::of(get(row, 4)?).ok_or(ServerError::Corrupt("a coupon's state"))?,
        issued: get(row, 5)?,
        on_rail: get(row, 6)?,
        cost_fen: number(row, 7)?,
        lease: lease(row)?,
        hold: hold(row)?,
    })
}

fn lease(row: &Row) -> Result<Option<Lease>> {
    let Some(device) = parsed_or_none(row, 8)? else { return Ok(None) };
    let (request, mark, turn) = (parsed(row, 9)?, parsed(row, 10)?, number(row, 11)?);
    Ok(Some(Lease {
        device,
        request,
        mark,
        turn,
        until_ms: number(row, 12)?,
        expires_ms: number(row, 13)?,
        good_until_ms: number(row, 14)?,
        store_number: number(row, 18)?,
        value: number(row, 15)?,
    }))
}

fn hold(row: &Row) -> Result<Option<Hold>> {
    let Some(terminal) = parsed_or_none(row, 16)? else { return Ok(None) };
    Ok(Some(Hold { terminal, until_ms: number(row, 17)? }))
}

fn retired(row: &Row) -> Result<Retired> {
    Ok(Retired { coupon: coupon(row)?, why: get(row, 19)?, at_ms: number(row, 20)? })
}
