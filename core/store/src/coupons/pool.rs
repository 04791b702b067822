//! Rows of granted codes and of the coupons made of them: SQL beside its function.

use std::collections::BTreeMap;

use guidebook_domain::coupon::{Campaign, CouponCode, Grant, GrantedCode, IssueEvent};
use guidebook_domain::{CampaignId, GrantId, MarkId, OperationId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::vault::Vault;

/// What is sealed of a code.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct CodeRecord {
    pub code: CouponCode,
    pub voucher: String,
    /// What it became; none while it is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<GivenRecord>,
    /// Blanks in the place of the coupon to come. A row that grows moves others to other pages: four more to write, while a
    /// customer waits.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub room: String,
}

/// What a coupon takes as JSON, in bytes, if its campaign names few stores, brands and products.
const ROOM: usize = 600;

/// What is sealed of a coupon that was given out.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct GivenRecord {
    /// The campaign as it was then.
    pub campaign: Campaign,
    pub event: IssueEvent,
    /// Whether the member has it: it can be taken back no more.
    #[serde(default)]
    pub handed_over: bool,
    /// The edit that took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided_by: Option<OperationId>,
}

/// A code's row.
pub(crate) struct CodeRow {
    pub id: i64,
    pub grant: GrantId,
    pub turn: u64,
    pub record: CodeRecord,
}

const TABLE: &str = "coupon_code";

/// Adds a grant and its codes. Those that are there stay as they are.
pub(crate) fn put_grant<'g>(
    tx: &Transaction<'_>,
    vault: &Vault,
    grant: &Grant,
    codes: impl Iterator<Item = &'g GrantedCode>,
) -> Result<(), StoreError> {
    let id = grant.request.to_string();
    tx.prepare_cached(
        "INSERT OR IGNORE INTO coupon_grant (id, campaign, value, mark, lease_until_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        id,
        grant.campaign.as_str(),
        grant.value,
        grant.mark.to_string(),
        grant.lease_until_ms as i64,
        grant.expires_ms as i64
    ])?;
    let mut insert = tx.prepare_cached(
        "INSERT OR IGNORE INTO coupon_code (grant_id, turn, campaign, value, state, sealed) VALUES (?1, ?2, ?3, ?4, 'held', ?5)",
    )?;
    for GrantedCode { turn, code, voucher } in codes {
        let record = CodeRecord { code: code.clone(), voucher: voucher.clone(), coupon: None, room: " ".repeat(ROOM) };
        let sealed = vault.seal(TABLE, &identity(grant.request, *turn), &record)?;
        insert.execute(params![id, *turn as i64, grant.campaign.as_str(), grant.value, sealed])?;
    }
    Ok(())
}

/// Which codes of a campaign's value are asked for.
#[derive(Clone, Copy)]
pub(crate) struct Above<'a> {
    pub campaign: &'a CampaignId,
    pub value: u32,
    /// The mark of this phone: codes granted under another are passed over.
    pub mark: MarkId,
    /// Codes up to this turn are out.
    pub turn: u64,
}

/// The next code to give out: the lowest turn whose lease is not over.
pub(crate) fn next(conn: &Connection, vault: &Vault, above: Above<'_>, now_ms: u64) -> Result<Option<CodeRow>, StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT code.id, code.grant_id, code.turn, code.sealed FROM coupon_code AS code JOIN coupon_grant ON coupon_grant.id = code.grant_id
         WHERE code.state = 'held' AND code.campaign = ?1 AND code.value = ?2 AND code.turn > ?3
             AND coupon_grant.mark = ?4 AND coupon_grant.lease_until_ms > ?5
         ORDER BY code.turn LIMIT 1",
    )?;
    let Above { campaign, value, mark, turn } = above;
    let mut rows = query.query(params![campaign.as_str(), value, turn as i64, mark.to_string(), now_ms as i64])?;
    rows.next()?.map(|row| open(vault, row)).transpose()
}

/// How many may be given out, up to when the first of their leases runs, and how many may not because theirs is over.
pub(crate) fn count(conn: &Connection, above: Above<'_>, now_ms: u64) -> Result<(u64, Option<u64>, u64), StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT count(*) FILTER (WHERE lease_until_ms > ?5), min(lease_until_ms) FILTER (WHERE lease_until_ms > ?5),
             count(*) FILTER (WHERE lease_until_ms <= ?5)
         FROM coupon_code AS code JOIN coupon_grant ON coupon_grant.id = code.grant_id
         WHERE code.state = 'held' AND code.campaign = ?1 AND code.value = ?2 AND code.turn > ?3 AND coupon_grant.mark = ?4",
    )?;
    let Above { campaign, value, mark, turn } = above;
    let counted = query.query_row(params![campaign.as_str(), value, turn as i64, mark.to_string(), now_ms as i64], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, i64>(2)?))
    })?;
    let (usable, until_ms, over) = counted;
    Ok((usable as u64, until_ms.map(|ms| ms as u64), over as u64))
}

/// The highest turn above the mark whose lease is over.
pub(crate) fn highest_over(conn: &Connection, above: Above<'_>, now_ms: u64) -> Result<Option<u64>, StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT max(code.turn) FROM coupon_code AS code JOIN coupon_grant ON coupon_grant.id = code.grant_id
         WHERE code.state = 'held' AND code.campaign = ?1 AND code.value = ?2 AND code.turn > ?3
             AND coupon_grant.mark = ?4 AND coupon_grant.lease_until_ms <= ?5",
    )?;
    let Above { campaign, value, mark, turn } = above;
    let highest: Option<i64> =
        query.query_row(params![campaign.as_str(), value, turn as i64, mark.to_string(), now_ms as i64], |row| row.get(0))?;
    Ok(highest.map(|turn| turn as u64))
}

/// The turns above the mark and up to `last`, by grant.
pub(crate) fn turns_up_to(conn: &Connection, above: Above<'_>, last: u64) -> Result<Vec<(GrantId, u64)>, StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT code.grant_id, code.turn FROM coupon_code AS code JOIN coupon_grant ON coupon_grant.id = code.grant_id
         WHERE code.state = 'held' AND code.campaign = ?1 AND code.value = ?2 AND code.turn > ?3 AND code.turn <= ?5
             AND coupon_grant.mark = ?4
         ORDER BY code.grant_id, code.turn",
    )?;
    let Above { campaign, value, mark, turn } = above;
    let mut rows = query.query(params![campaign.as_str(), value, turn as i64, mark.to_string(), last as i64])?;
    let mut turns = Vec::new();
    while let Some(row) = rows.next()? {
        turns.push((id_of(row.get(0)?)?, row.get::<_, i64>(1)? as u64));
    }
    Ok(turns)
}

/// The campaigns and values of which codes are held.
pub(crate) fn held(conn: &Connection) -> Result<Vec<(CampaignId, u32)>, StoreError> {
    let mut query = conn.prepare_cached("SELECT DISTINCT campaign, value FROM coupon_code WHERE state = 'held'")?;
    let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?)))?;
    rows.map(|row| {
        let (campaign, value) = row?;
        Ok((CampaignId::new(campaign).map_err(|_| StoreError::Damaged(TABLE))?, value))
    })
    .collect()
}

/// A code becomes a coupon.
pub(crate) fn give(tx: &Transaction<'_>, vault: &Vault, row: &CodeRow, operation: OperationId, seq: u64) -> Result<(), StoreError> {
    let sealed = vault.seal(TABLE, &identity(row.grant, row.turn), &row.record)?;
    let changed = tx
        .prepare_cached(
            "UPDATE coupon_code SET state = 'given', operation = ?2, given_seq = ?3, sealed = ?4 WHERE id = ?1 AND state = 'held'",
        )?
        .execute(params![row.id, operation.to_string(), seq as i64, sealed])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Damaged(TABLE)) }
}

/// Writes down what became of a coupon.
pub(crate) fn keep(tx: &Transaction<'_>, vault: &Vault, row: &CodeRow) -> Result<(), StoreError> {
    let void = row.record.coupon.as_ref().is_some_and(|coupon| coupon.voided_by.is_some());
    let sealed = vault.seal(TABLE, &identity(row.grant, row.turn), &row.record)?;
    tx.prepare_cached("UPDATE coupon_code SET state = ?2, sealed = ?3 WHERE id = ?1")?.execute(params![
        row.id,
        if void { "void" } else { "given" },
        sealed
    ])?;
    Ok(())
}

/// Codes go back.
pub(crate) fn surrender(tx: &Transaction<'_>, grant: GrantId, turns: &[u64]) -> Result<(), StoreError> {
    let mut update =
        tx.prepare_cached("UPDATE coupon_code SET state = 'surrendered' WHERE grant_id = ?1 AND turn = ?2 AND state = 'held'")?;
    for turn in turns {
        if update.execute(params![grant.to_string(), *turn as i64])? != 1 {
            return Err(StoreError::Damaged(TABLE));
        }
    }
    Ok(())
}

/// How many coupons were given out.
pub(crate) fn given(conn: &Connection) -> Result<u64, StoreError> {
    // Without the condition SQLite reads every row: the index is of those alone that it holds for.
    let mut query = conn.prepare_cached("SELECT coalesce(max(given_seq), 0) FROM coupon_code WHERE given_seq IS NOT NULL")?;
    Ok(query.query_row([], |row| row.get::<_, i64>(0))? as u64)
}

/// Coupons, newest first.
pub(crate) fn coupons(conn: &Connection, vault: &Vault, offset: u32, limit: u32) -> Result<Vec<(OperationId, CodeRow)>, StoreError> {
    let mut query = conn.prepare_cached(
        "SELECT id, grant_id, turn, sealed, operation FROM coupon_code WHERE given_seq IS NOT NULL
         ORDER BY given_seq DESC LIMIT ?1 OFFSET ?2",
    )?;
    let mut rows = query.query([limit, offset])?;
    let mut coupons = Vec::new();
    while let Some(row) = rows.next()? {
        let operation: String = row.get(4)?;
        coupons.push((operation.parse().map_err(|_| StoreError::Damaged(TABLE))?, open(vault, row)?));
    }
    Ok(coupons)
}

/// The coupon that an edit made.
pub(crate) fn coupon(conn: &Connection, vault: &Vault, operation: OperationId) -> Result<Option<CodeRow>, StoreError> {
    let mut query = conn.prepare_cached("SELECT id, grant_id, turn, sealed FROM coupon_code WHERE operation = ?1")?;
    let mut rows = query.query([operation.to_string()])?;
    rows.next()?.map(|row| open(vault, row)).transpose()
}

fn open(vault: &Vault, row: &Row<'_>) -> Result<CodeRow, StoreError> {
    let (grant, turn) = (id_of(row.get(1)?)?, row.get::<_, i64>(2)? as u64);
    let sealed: Vec<u8> = row.get(3)?;
    Ok(CodeRow { id: row.get(0)?, grant, turn, record: vault.open(TABLE, &identity(grant, turn), &sealed)? })
}

fn id_of(text: String) -> Result<GrantId, StoreError> {
    text.parse().map_err(|_| StoreError::Damaged(TABLE))
}

fn identity(grant: GrantId, turn: u64) -> String {
    format!("{grant}.{turn}")
}

/// What a campaign's value needs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Need {
    /// How many codes its last grant held.
    pub granted: u64,
    /// The request that waits for its answer, and the mark under which it was made.
    pub request: Option<(GrantId, MarkId)>,
}

pub(crate) fn need(conn: &Connection, campaign: &CampaignId, value: u32) -> Result<Need, StoreError> {
    let row: Option<(i64, Option<String>, Option<String>)> = conn
        .prepare_cached("SELECT granted, request, mark FROM coupon_need WHERE campaign = ?1 AND value = ?2")?
        .query_row(params![campaign.as_str(), value], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((granted, request, mark)) = row else { return Ok(Need::default()) };
    let damaged = || StoreError::Damaged("coupon_need");
    let request = match (request, mark) {
        (Some(request), Some(mark)) => Some((request.parse().map_err(|_| damaged())?, mark.parse().map_err(|_| damaged())?)),
        (None, _) | (_, None) => None,
    };
    Ok(Need { granted: granted as u64, request })
}

/// The requests under a mark that wait for an answer, each with what it asks for. Those under another were a copy's of this
/// book, or are of before the vault was lost: what they bring is not for this phone.
pub(crate) fn requests(conn: &Connection, mark: MarkId) -> Result<BTreeMap<GrantId, (CampaignId, u32)>, StoreError> {
    let mut query = conn.prepare_cached("SELECT request, campaign, value FROM coupon_need WHERE request IS NOT NULL AND mark = ?1")?;
    let rows =
        query.query_map([mark.to_string()], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, u32>(2)?)))?;
    rows.map(|row| {
        let (request, campaign, value) = row?;
        Ok((id_of(request)?, (CampaignId::new(campaign).map_err(|_| StoreError::Damaged(TABLE))?, value)))
    })
    .collect()
}

pub(crate) fn put_need(tx: &Transaction<'_>, campaign: &CampaignId, value: u32, need: &Need) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR REPLACE INTO coupon_need (campaign, value, granted, request, mark) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            campaign.as_str(),
            value,
            need.granted as i64,
            need.request.map(|(request, _)| request.to_string()),
            need.request.map(|(_, mark)| mark.to_string())
        ])?;
    Ok(())
}
