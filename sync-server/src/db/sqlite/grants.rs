//! Grants, issues, chains and conflicts in SQLite.

use guidebook_domain::{CampaignId, DeviceId, GrantId, MemberId, TenantId};
use rusqlite::{Row, params};

use super::row::{SqliteTx, json, parsed, parsed_or_none, text, to_json};
use crate::db::Result;
use crate::db::coupons::CouponState;
use crate::db::grants::{ChainHead, Conflict, GrantRow, GrantTx, IssueRow};

const ISSUE: &str =
    "i.request, i.turn, i.campaign, i.serial, i.generation, i.member, i.guide, i.store, i.device, i.value, i.at_ms, i.expires_ms,
    i.heard_ms, i.voided_ms, i.event";

impl GrantTx for SqliteTx<'_> {
    fn grant(&mut self, tenant: &TenantId, request: GrantId) -> Result<Option<GrantRow>> {
        let sql =
            "SELECT request, campaign, campaign_version, device, mark, value, store_number, kid, made_ms, lease_until_ms, expires_ms, codes
            FROM coupon_grant
            WHERE tenant = ?1 AND request = ?2";
        self.one(sql, params![tenant.as_str(), request.to_string()], |row| {
            Ok(GrantRow {
                request: parsed(row, 0)?,
                campaign: parsed(row, 1)?,
                campaign_version: row.get(2)?,
                device: parsed(row, 3)?,
                mark: parsed(row, 4)?,
                value: row.get(5)?,
                store_number: row.get(6)?,
                kid: row.get(7)?,
                made_ms: row.get(8)?,
                lease_until_ms: row.get(9)?,
                expires_ms: row.get(10)?,
                codes: json(row, 11)?,
            })
        })
    }

    fn put_grant(&mut self, tenant: &TenantId, grant: &GrantRow) -> Result<()> {
        let sql = "INSERT INTO coupon_grant (tenant, request, campaign, campaign_version, device, mark, value, store_number, kid, made_ms, lease_until_ms, expires_ms, codes)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let GrantRow { request, campaign, campaign_version, device, mark, value, store_number, .. } = grant;
        let GrantRow { kid, made_ms, lease_until_ms, expires_ms, codes, .. } = grant;
        let (request, device, mark) = (request.to_string(), device.to_string(), mark.to_string());
        self.run(
            sql,
            params![
                tenant.as_str(),
                request,
                campaign.as_str(),
                campaign_version,
                device,
                mark,
                value,
                store_number,
                kid,
                made_ms,
                lease_until_ms,
                expires_ms,
                to_json(codes)?
            ],
        )?;
        Ok(())
    }

    fn issue(&mut self, tenant: &TenantId, request: GrantId, turn: u64) -> Result<Option<IssueRow>> {
        let sql = format!("SELECT {ISSUE} FROM coupon_issue i WHERE i.tenant = ?1 AND i.request = ?2 AND i.turn = ?3");
        self.one(&sql, params![tenant.as_str(), request.to_string(), turn], issue)
    }

    fn issue_of(&mut self, tenant: &TenantId, campaign: &CampaignId, serial: u64, generation: u32) -> Result<Option<IssueRow>> {
        let sql =
            format!("SELECT {ISSUE} FROM coupon_issue i WHERE i.tenant = ?1 AND i.campaign = ?2 AND i.serial = ?3 AND i.generation = ?4");
        self.one(&sql, params![tenant.as_str(), campaign.as_str(), serial, generation], issue)
    }

    fn put_issue(&mut self, tenant: &TenantId, row: &IssueRow) -> Result<()> {
        let sql =
            "REPLACE INTO coupon_issue (tenant, request, turn, campaign, serial, generation, member, guide, store, device, value, at_ms,
            expires_ms, heard_ms, voided_ms, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
        self.run(
            sql,
            params![
                tenant.as_str(),
                row.request.to_string(),
                row.turn,
                row.campaign.as_str(),
                row.serial,
                row.generation,
                row.member.as_str(),
                row.guide.as_str(),
                row.store.as_str(),
                row.device.to_string(),
                row.value,
                row.at_ms,
                row.expires_ms,
                row.heard_ms,
                row.voided_ms,
                row.event
            ],
        )?;
        Ok(())
    }

    fn issues_to(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Vec<(IssueRow, Option<CouponState>)>> {
        let sql = format!(
            "SELECT {ISSUE}, c.state FROM coupon_issue i LEFT JOIN coupon c ON c.tenant = i.tenant AND c.campaign = i.campaign
                AND c.serial = i.serial AND c.generation = i.generation
            WHERE i.tenant = ?1 AND i.member = ?2 ORDER BY i.at_ms, i.request, i.turn"
        );
        self.many(&sql, params![tenant.as_str(), member.as_str()], |row| {
            let state: Option<String> = row.get(15)?;
            Ok((issue(row)?, state.as_deref().and_then(CouponState::of)))
        })
    }

    fn chain(&mut self, device: DeviceId) -> Result<Option<ChainHead>> {
        let sql = "SELECT sequence, head FROM coupon_chain WHERE device = ?1";
        self.one(sql, [device.to_string()], |row| Ok(ChainHead { sequence: row.get(0)?, head: row.get(1)? }))
    }

    fn put_chain(&mut self, device: DeviceId, head: &ChainHead) -> Result<()> {
        let sql = "REPLACE INTO coupon_chain (device, sequence, head) VALUES (?1, ?2, ?3)";
        self.run(sql, params![device.to_string(), head.sequence, head.head])?;
        Ok(())
    }

    fn put_conflict(&mut self, tenant: &TenantId, row: &Conflict) -> Result<()> {
        let sql = "INSERT INTO coupon_conflict (tenant, id, kind, campaign, store, guide, device, money_fen, at_ms, heard_ms, detail)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING";
        self.run(
            sql,
            params![
                tenant.as_str(),
                row.id,
                row.kind,
                text(&row.campaign),
                text(&row.store),
                text(&row.guide),
                text(&row.device),
                row.money_fen,
                row.at_ms,
                row.heard_ms,
                row.detail
            ],
        )?;
        Ok(())
    }

    fn conflict(&mut self, tenant: &TenantId, id: &str) -> Result<Option<Conflict>> {
        let sql = "SELECT id, kind, campaign, store, guide, device, money_fen, at_ms, heard_ms, detail FROM coupon_conflict
            WHERE tenant = ?1 AND id = ?2 ORDER BY kind LIMIT 1";
        self.one(sql, params![tenant.as_str(), id], conflict)
    }

    fn conflicts(&mut self, tenant: &TenantId, campaign: Option<&CampaignId>, limit: usize) -> Result<Vec<Conflict>> {
        let sql = "SELECT id, kind, campaign, store, guide, device, money_fen, at_ms, heard_ms, detail FROM coupon_conflict
            WHERE tenant = ?1 AND (?2 IS NULL OR campaign = ?2) ORDER BY heard_ms DESC, id, kind LIMIT ?3";
        self.many(sql, params![tenant.as_str(), campaign.map(CampaignId::as_str), limit as i64], conflict)
    }
}

fn conflict(row: &Row<'_>) -> Result<Conflict> {
    Ok(Conflict {
        id: row.get(0)?,
        kind: row.get(1)?,
        campaign: parsed_or_none(row, 2)?,
        store: parsed_or_none(row, 3)?,
        guide: parsed_or_none(row, 4)?,
        device: parsed_or_none(row, 5)?,
        money_fen: row.get(6)?,
        at_ms: row.get(7)?,
        heard_ms: row.get(8)?,
        detail: row.get(9)?,
    })
}

fn issue(row: &Row<'_>) -> Result<IssueRow> {
    Ok(IssueRow {
        request: parsed(row, 0)?,
        turn: row.get(1)?,
        campaign: parsed(row, 2)?,
        serial: row.get(3)?,
        generation: row.get(4)?,
        member: parsed(row, 5)?,
        guide: parsed(row, 6)?,
        store: parsed(row, 7)?,
        device: parsed(row, 8)?,
        value: row.get(9)?,
        at_ms: row.get(10)?,
        expires_ms: row.get(11)?,
        heard_ms: row.get(12)?,
        voided_ms: row.get(13)?,
        event: row.get(14)?,
    })
}
