//! Grants, issues, chains and conflicts in PostgreSQL.

use guidebook_domain::{CampaignId, DeviceId, GrantId, MemberId, TenantId};
use tokio_postgres::Row;

use super::row::{PgTx, get, hash, int, json, number, parsed, parsed_or_none, text, to_json};
use crate::db::Result;
use crate::db::coupons::CouponState;
use crate::db::grants::{ChainHead, Conflict, GrantRow, GrantTx, IssueRow};

const ISSUE: &str =
    "i.request, i.turn, i.campaign, i.serial, i.generation, i.member, i.guide, i.store, i.device, i.value, i.at_ms, i.expires_ms,
    i.heard_ms, i.voided_ms, i.event";

impl GrantTx for PgTx<'_> {
    fn grant(&mut self, tenant: &TenantId, request: GrantId) -> Result<Option<GrantRow>> {
        let sql =
            "SELECT request, campaign, campaign_version, device, mark, value, store_number, kid, made_ms, lease_until_ms, expires_ms, codes
            FROM coupon_grant
            WHERE tenant = $1 AND request = $2";
        self.one(sql, &[&tenant.as_str(), &request.to_string()], |row| {
            Ok(GrantRow {
                request: parsed(row, 0)?,
                campaign: parsed(row, 1)?,
                campaign_version: number(row, 2)?,
                device: parsed(row, 3)?,
                mark: parsed(row, 4)?,
                value: number(row, 5)?,
                store_number: number(row, 6)?,
                kid: number(row, 7)?,
                made_ms: number(row, 8)?,
                lease_until_ms: number(row, 9)?,
                expires_ms: number(row, 10)?,
                codes: json(row, 11)?,
            })
        })
    }

    fn put_grant(&mut self, tenant: &TenantId, grant: &GrantRow) -> Result<()> {
        let sql = "INSERT INTO coupon_grant (tenant, request, campaign, campaign_version, device, mark, value, store_number, kid, made_ms, lease_until_ms, expires_ms, codes)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        self.run(
            sql,
            &[
                &tenant.as_str(),
                &grant.request.to_string(),
                &grant.campaign.as_str(),
                &int(grant.campaign_version),
                &grant.device.to_string(),
                &grant.mark.to_string(),
                &int(grant.value),
                &int(grant.store_number),
                &int(grant.kid),
                &int(grant.made_ms),
                &int(grant.lease_until_ms),
                &int(grant.expires_ms),
                &to_json(&grant.codes)?,
            ],
        )?;
        Ok(())
    }

    fn issue(&mut self, tenant: &TenantId, request: GrantId, turn: u64) -> Result<Option<IssueRow>> {
        let sql =
            format!("SELECT {ISSUE} FROM coupon_issue i WHERE i.tenant = $1 AND i.request = $2 AND i.turn = $3 {}", self.for_update());
        self.one(&sql, &[&tenant.as_str(), &request.to_string(), &int(turn)], issue)
    }

    fn issue_of(&mut self, tenant: &TenantId, campaign: &CampaignId, serial: u64, generation: u32) -> Result<Option<IssueRow>> {
        let sql =
            format!("SELECT {ISSUE} FROM coupon_issue i WHERE i.tenant = $1 AND i.campaign = $2 AND i.serial = $3 AND i.generation = $4");
        self.one(&sql, &[&tenant.as_str(), &campaign.as_str(), &int(serial), &int(generation)], issue)
    }

    fn put_issue(&mut self, tenant: &TenantId, row: &IssueRow) -> Result<()> {
        let sql = "INSERT INTO coupon_issue (tenant, request, turn, campaign, serial, generation, member, guide, store, device, value, at_ms,
            expires_ms, heard_ms, voided_ms, event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            ON CONFLICT (tenant, request, turn) DO UPDATE SET campaign = $4, serial = $5, generation = $6, member = $7, guide = $8, store = $9,
                device = $10, value = $11, at_ms = $12, expires_ms = $13, heard_ms = $14, voided_ms = $15, event = $16";
        self.run(
            sql,
            &[
                &tenant.as_str(),
                &row.request.to_string(),
                &int(row.turn),
                &row.campaign.as_str(),
                &int(row.serial),
                &int(row.generation),
                &row.member.as_str(),
                &row.guide.as_str(),
                &row.store.as_str(),
                &row.device.to_string(),
                &int(row.value),
                &int(row.at_ms),
                &int(row.expires_ms),
                &int(row.heard_ms),
                &row.voided_ms.map(int),
                &row.event,
            ],
        )?;
        Ok(())
    }

    fn issues_to(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Vec<(IssueRow, Option<CouponState>)>> {
        let sql = format!(
            "SELECT {ISSUE}, c.state FROM coupon_issue i LEFT JOIN coupon c ON c.tenant = i.tenant AND c.campaign = i.campaign
                AND c.serial = i.serial AND c.generation = i.generation
            WHERE i.tenant = $1 AND i.member = $2 ORDER BY i.at_ms, i.request, i.turn"
        );
        self.many(&sql, &[&tenant.as_str(), &member.as_str()], |row| {
            let state: Option<&str> = get(row, 15)?;
            Ok((issue(row)?, state.and_then(CouponState::of)))
        })
    }

    fn chain(&mut self, device: DeviceId) -> Result<Option<ChainHead>> {
        let sql = format!("SELECT sequence, head FROM coupon_chain WHERE device = $1 {}", self.for_update());
        self.one(&sql, &[&device.to_string()], |row| Ok(ChainHead { sequence: number(row, 0)?, head: hash(row, 1)? }))
    }

    fn put_chain(&mut self, device: DeviceId, head: &ChainHead) -> Result<()> {
        let sql = "INSERT INTO coupon_chain (device, sequence, head) VALUES ($1, $2, $3)
            ON CONFLICT (device) DO UPDATE SET sequence = $2, head = $3";
        self.run(sql, &[&device.to_string(), &int(head.sequence), &head.head.as_slice()])?;
        Ok(())
    }

    fn put_conflict(&mut self, tenant: &TenantId, row: &Conflict) -> Result<()> {
        let sql = "INSERT INTO coupon_conflict (tenant, id, kind, campaign, store, guide, device, money_fen, at_ms, heard_ms, detail)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
        self.run(
            sql,
            &[
                &tenant.as_str(),
                &row.id,
                &row.kind,
                &text(&row.campaign),
                &text(&row.store),
                &text(&row.guide),
                &text(&row.device),
                &int(row.money_fen),
                &int(row.at_ms),
                &int(row.heard_ms),
                &row.detail,
            ],
        )?;
        Ok(())
    }

    fn conflict(&mut self, tenant: &TenantId, id: &str) -> Result<Option<Conflict>> {
        let sql = "SELECT id, kind, campaign, store, guide, device, money_fen, at_ms, heard_ms, detail FROM coupon_conflict
            WHERE tenant = $1 AND id = $2 ORDER BY kind LIMIT 1";
        self.one(sql, &[&tenant.as_str(), &id], conflict)
    }

    fn conflicts(&mut self, tenant: &TenantId, campaign: Option<&CampaignId>, limit: usize) -> Result<Vec<Conflict>> {
        let sql = "SELECT id, kind, campaign, store, guide, device, money_fen, at_ms, heard_ms, detail FROM coupon_conflict
            WHERE tenant = $1 AND ($2::text IS NULL OR campaign = $2) ORDER BY heard_ms DESC, id, kind LIMIT $3";
        self.many(sql, &[&tenant.as_str(), &campaign.map(CampaignId::as_str), &int(limit)], conflict)
    }
}

fn conflict(row: &Row) -> Result<Conflict> {
    Ok(Conflict {
        id: get(row, 0)?,
        kind: get(row, 1)?,
        campaign: parsed_or_none(row, 2)?,
        store: parsed_or_none(row, 3)?,
        guide: parsed_or_none(row, 4)?,
        device: parsed_or_none(row, 5)?,
        money_fen: number(row, 6)?,
        at_ms: number(row, 7)?,
        heard_ms: number(row, 8)?,
        detail: get(row, 9)?,
    })
}

fn issue(row: &Row) -> Result<IssueRow> {
    let voided_ms: Option<i64> = get(row, 13)?;
    Ok(IssueRow {
        request: parsed(row, 0)?,
        turn: number(row, 1)?,
        campaign: parsed(row, 2)?,
        serial: number(row, 3)?,
        generation: number(row, 4)?,
        member: parsed(row, 5)?,
        guide: parsed(row, 6)?,
        store: parsed(row, 7)?,
        device: parsed(row, 8)?,
        value: number(row, 9)?,
        at_ms: number(row, 10)?,
        expires_ms: number(row, 11)?,
        heard_ms: number(row, 12)?,
        voided_ms: voided_ms.map(|ms| ms as u64),
        event: get(row, 14)?,
    })
}
