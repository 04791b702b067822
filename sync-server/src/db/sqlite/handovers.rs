//! Handovers and their jobs in SQLite.

use std::collections::BTreeMap;

use guidebook_domain::handover::{HandoverKind, HandoverRefusal, HandoverState};
use guidebook_domain::{GuideId, MemberId, TenantId};
use rusqlite::{Row, params};

use super::row::{SqliteTx, json, parsed, parsed_or_none, text, to_json};
use crate::db::Result;
use crate::db::handovers::{Handover, HandoverFilter, HandoverJob, HandoverTx};
use crate::error::ServerError;

const HANDOVER: &str = "tenant, seq, job, member, giver, taker, kind, state, asked_ms, due_ms, ended_ms";
const JOB: &str = "tenant, id, giver, taker, kind, asked_ms, due_ms, step_ms, after_member, ended, stopped";

impl HandoverTx for SqliteTx<'_> {
    fn add_handover(&mut self, tenant: &TenantId, handover: &Handover) -> Result<u64> {
        let sql = "INSERT INTO handover (tenant, seq, job, member, giver, taker, kind, state, asked_ms, due_ms, ended_ms)
            VALUES (?1, (SELECT COALESCE(MAX(seq), 0) + 1 FROM handover WHERE tenant = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            RETURNING seq";
        let Handover { seq: _, job, member, from, to, kind, state, asked_ms, due_ms, ended_ms } = handover;
        let (member, from, to, kind, state) = (member.as_str(), from.as_str(), to.as_str(), kind.word(), state.word());
        let values = params![tenant.as_str(), job, member, from, to, kind, state, asked_ms, due_ms, ended_ms];
        self.one(sql, values, |row| Ok(row.get(0)?))?.ok_or(ServerError::Corrupt("a handover"))
    }

    fn end_handover(&mut self, tenant: &TenantId, seq: u64, state: HandoverState, ended_ms: u64) -> Result<bool> {
        let sql = "UPDATE handover SET state = ?3, ended_ms = ?4 WHERE tenant = ?1 AND seq = ?2 AND state = 'waiting'";
        Ok(self.run(sql, params![tenant.as_str(), seq, state.word(), ended_ms])? == 1)
    }

    fn waiting_handover(&mut self, tenant: &TenantId, member: &MemberId, taker: &GuideId) -> Result<Option<Handover>> {
        let sql = format!("SELECT {HANDOVER} FROM handover WHERE tenant = ?1 AND member = ?2 AND taker = ?3 AND state = 'waiting'");
        self.one(&sql, [tenant.as_str(), member.as_str(), taker.as_str()], handover)
    }

    fn handovers_due(&mut self, tenant: Option<&TenantId>, now_ms: u64, limit: usize) -> Result<Vec<(TenantId, Handover)>> {
        let sql = format!(
            "SELECT {HANDOVER} FROM handover WHERE state = 'waiting' AND due_ms <= ?1 AND (?2 IS NULL OR tenant = ?2)
            ORDER BY due_ms, tenant, seq LIMIT ?3"
        );
        self.many(&sql, params![now_ms, tenant.map(TenantId::as_str), limit], |row| Ok((parsed(row, 0)?, handover(row)?)))
    }

    fn handovers_after(&mut self, tenant: &TenantId, filter: &HandoverFilter, after: u64, limit: usize) -> Result<Vec<Handover>> {
        let HandoverFilter { member, from, to, state, job } = filter;
        let mut sql = format!("SELECT {HANDOVER} FROM handover WHERE tenant = ?1 AND seq > ?2");
        let conditions = [("member = ?3", member.is_some()), ("giver = ?4", from.is_some()), ("taker = ?5", to.is_some())];
        for (condition, asked) in conditions.into_iter().chain([("state = ?6", state.is_some()), ("job = ?7", job.is_some())]) {
            // A parameter that stands nowhere could not be bound.
            let number = &condition[condition.len() - 2..];
            sql += &if asked { format!(" AND {condition}") } else { format!(" AND {number} IS NULL") };
        }
        sql += " ORDER BY seq LIMIT ?8";
        let (member, from, to) = (text(member), text(from), text(to));
        let after = after.min(i64::MAX as u64);
        self.many(&sql, params![tenant.as_str(), after, member, from, to, state.map(HandoverState::word), job, limit], handover)
    }

    fn recent_on_job(&mut self, tenant: &TenantId, member: &MemberId, since_ms: u64) -> Result<usize> {
        let sql = "SELECT COUNT(*) FROM handover WHERE tenant = ?1 AND member = ?2 AND kind = 'on_job'
            AND (state = 'waiting' OR (state = 'done' AND ended_ms >= ?3))";
        Ok(self.one(sql, params![tenant.as_str(), member.as_str(), since_ms], |row| Ok(row.get(0)?))?.unwrap_or(0))
    }

    fn count_members_of(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<usize> {
        let sql = "SELECT COUNT(*) FROM serves WHERE tenant = ?1 AND guide = ?2 AND until_ms IS NULL";
        Ok(self.one(sql, [tenant.as_str(), guide.as_str()], |row| Ok(row.get(0)?))?.unwrap_or(0))
    }

    fn count_members_by_guide(&mut self, tenant: &TenantId) -> Result<BTreeMap<GuideId, usize>> {
        let sql = "SELECT guide, COUNT(*) FROM serves WHERE tenant = ?1 AND until_ms IS NULL GROUP BY guide";
        Ok(self.many(sql, [tenant.as_str()], |row| Ok((parsed(row, 0)?, row.get(1)?)))?.into_iter().collect())
    }

    fn count_waiting_for(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<usize> {
        let sql = "SELECT COUNT(*) FROM handover WHERE tenant = ?1 AND taker = ?2 AND state = 'waiting'
            AND NOT EXISTS (SELECT 1 FROM serves WHERE serves.tenant = ?1 AND serves.member = handover.member
                AND serves.guide = ?2 AND until_ms IS NULL)";
        Ok(self.one(sql, [tenant.as_str(), guide.as_str()], |row| Ok(row.get(0)?))?.unwrap_or(0))
    }

    fn members_of_after(&mut self, tenant: &TenantId, guide: &GuideId, after: Option<&MemberId>, limit: usize) -> Result<Vec<MemberId>> {
        let sql =
            "SELECT member FROM serves WHERE tenant = ?1 AND guide = ?2 AND until_ms IS NULL AND member > ?3 ORDER BY member LIMIT ?4";
        let after = after.map_or("", MemberId::as_str);
        self.many(sql, params![tenant.as_str(), guide.as_str(), after, limit], |row| parsed(row, 0))
    }

    fn add_job(&mut self, tenant: &TenantId, job: &HandoverJob) -> Result<u64> {
        let sql = "INSERT INTO handover_job (tenant, id, giver, taker, kind, asked_ms, due_ms, step_ms, after_member, ended, stopped)
            VALUES (?1, (SELECT COALESCE(MAX(id), 0) + 1 FROM handover_job WHERE tenant = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            RETURNING id";
        let HandoverJob { id: _, from, to, kind, asked_ms, due_ms, step_ms, after, ended, stopped } = job;
        let (from, to, kind, after) = (from.as_str(), to.as_str(), kind.word(), text(after));
        let values = params![tenant.as_str(), from, to, kind, asked_ms, due_ms, step_ms, after, ended, stopped];
        self.one(sql, values, |row| Ok(row.get(0)?))?.ok_or(ServerError::Corrupt("a job"))
    }

    fn job(&mut self, tenant: &TenantId, id: u64) -> Result<Option<HandoverJob>> {
        let sql = format!("SELECT {JOB} FROM handover_job WHERE tenant = ?1 AND id = ?2");
        self.one(&sql, params![tenant.as_str(), id.min(i64::MAX as u64)], job)
    }

    fn open_job_of(&mut self, tenant: &TenantId, from: &GuideId) -> Result<Option<HandoverJob>> {
        let sql = format!("SELECT {JOB} FROM handover_job WHERE tenant = ?1 AND giver = ?2 AND NOT ended");
        self.one(&sql, [tenant.as_str(), from.as_str()], job)
    }

    fn stale_job(&mut self, before_ms: u64) -> Result<Option<(TenantId, u64)>> {
        let sql = "SELECT tenant, id FROM handover_job WHERE NOT ended AND step_ms < ?1 ORDER BY step_ms, tenant, id LIMIT 1";
        self.one(sql, [before_ms], |row| Ok((parsed(row, 0)?, row.get(1)?)))
    }

    fn put_job(&mut self, tenant: &TenantId, job: &HandoverJob) -> Result<()> {
        let sql = "UPDATE handover_job SET step_ms = ?3, after_member = ?4, ended = ?5, stopped = ?6 WHERE tenant = ?1 AND id = ?2";
        self.run(sql, params![tenant.as_str(), job.id, job.step_ms, text(&job.after), job.ended, job.stopped])?;
        Ok(())
    }

    fn refuse_in_job(&mut self, tenant: &TenantId, job: u64, member: &MemberId, reason: &HandoverRefusal) -> Result<()> {
        let sql = "INSERT INTO handover_job_refusal (tenant, job, member, reason) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![tenant.as_str(), job, member.as_str(), to_json(reason)?])?;
        Ok(())
    }

    fn refused_in_job(&mut self, tenant: &TenantId, job: u64) -> Result<Vec<(MemberId, HandoverRefusal)>> {
        let sql = "SELECT member, reason FROM handover_job_refusal WHERE tenant = ?1 AND job = ?2 ORDER BY member";
        self.many(sql, params![tenant.as_str(), job], |row| Ok((parsed(row, 0)?, json(row, 1)?)))
    }
}

fn handover(row: &Row<'_>) -> Result<Handover> {
    Ok(Handover {
        seq: row.get(1)?,
        job: row.get(2)?,
        member: parsed(row, 3)?,
        from: parsed(row, 4)?,
        to: parsed(row, 5)?,
        kind: kind(row, 6)?,
        state: HandoverState::of(&row.get::<_, String>(7)?).ok_or(ServerError::Corrupt("a state of a handover"))?,
        asked_ms: row.get(8)?,
        due_ms: row.get(9)?,
        ended_ms: row.get(10)?,
    })
}

fn job(row: &Row<'_>) -> Result<HandoverJob> {
    Ok(HandoverJob {
        id: row.get(1)?,
        from: parsed(row, 2)?,
        to: parsed(row, 3)?,
        kind: kind(row, 4)?,
        asked_ms: row.get(5)?,
        due_ms: row.get(6)?,
        step_ms: row.get(7)?,
        after: parsed_or_none(row, 8)?,
        ended: row.get(9)?,
        stopped: row.get(10)?,
    })
}

fn kind(row: &Row<'_>, column: usize) -> Result<HandoverKind> {
    match row.get::<_, String>(column)?.as_str() {
        "resigned" => Ok(HandoverKind::Resigned),
        "on_job" => Ok(HandoverKind::OnJob),
        _ => Err(ServerError::Corrupt("a kind of handover")),
    }
}
