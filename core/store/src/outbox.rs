//! Operations of this phone: waiting to be sent, and what became of the others.

use std::collections::BTreeSet;

use guidebook_domain::{Edit, MemberId, Operation, OperationId, Outcome};
use guidebook_wire::protocol::LARGEST_PUSH;
use rusqlite::{Connection, OptionalExtension, Row, Rows, Transaction, params};
use serde::{Deserialize, Serialize};

use crate::side_by_side::side_by_side;
use crate::vault::Vault;
use crate::{Store, StoreError};

/// What became of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It waits to be sent, or for the answer.
    Waiting,
    /// The server has answered, or a later edit of somebody else has come since.
    Answered(Outcome),
    /// The server has answered in words of a newer version: treated as refused.
    NotUnderstood,
}

impl Fate {
    fn state(&self) -> &'static str {
        match self {
            Fate::Waiting => "waiting",
            Fate::Answered(Outcome::Applied) => "applied",
            Fate::Answered(Outcome::Superseded(_)) => "superseded",
            Fate::Answered(Outcome::Redirected(_)) => "redirected",
            Fate::Answered(Outcome::Refused(_)) | Fate::NotUnderstood => "refused",
        }
    }

    /// Whether the edit holds or may still come to hold.
    pub fn holds(&self) -> bool {
        matches!(self, Fate::Waiting | Fate::Answered(Outcome::Applied | Outcome::Redirected(_)))
    }
}

/// An operation of this phone, as kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OperationEntry {
    /// The operation.
    pub operation: Operation,
    /// The edit that would undo it; none for what cannot be undone.
    pub inverse: Option<Edit>,
    /// What became of it.
    pub fate: Fate,
}

impl Store {
    /// The oldest operations that wait for an answer, at most [`LARGEST_PUSH`].
    pub fn next_push(&self) -> Result<Vec<Operation>, StoreError> {
        self.waiting_after(0)
    }

    /// As [`Store::next_push`], behind the oldest `passed`.
    pub fn waiting_after(&self, passed: usize) -> Result<Vec<Operation>, StoreError> {
        let mut query =
            self.conn.prepare_cached("SELECT id, sealed FROM operation WHERE state = 'waiting' ORDER BY seq LIMIT ?1 OFFSET ?2")?;
        let entries = open_all(&self.vault, query.query([LARGEST_PUSH as i64, passed as i64])?)?;
        Ok(entries.into_iter().map(|entry| entry.operation).collect())
    }

    /// How many operations wait for an answer, and how many were refused and wait for a person.
    pub fn open_operations(&self) -> Result<(u64, u64), StoreError> {
        let count = |state: &str| -> Result<u64, StoreError> {
            let mut query = self.conn.prepare_cached("SELECT count(*) FROM operation WHERE state = ?1")?;
            Ok(query.query_row([state], |row| row.get::<_, i64>(0))? as u64)
        };
        Ok((count("waiting")?, count("refused")?))
    }

    /// Operations, newest first.
    pub fn operations(&self, offset: u32, limit: u32) -> Result<Vec<OperationEntry>, StoreError> {
        let mut query = self.conn.prepare_cached("SELECT id, sealed FROM operation ORDER BY seq DESC LIMIT ?1 OFFSET ?2")?;
        open_all(&self.vault, query.query([limit, offset])?)
    }

    /// One operation.
    pub fn operation(&self, id: OperationId) -> Result<OperationEntry, StoreError> {
        find(&self.conn, &self.vault, id)?.ok_or(StoreError::NotFound)
    }
}

pub(crate) fn open(vault: &Vault, row: &Row<'_>) -> Result<OperationEntry, StoreError> {
    let (id, sealed): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
    vault.open("operation", &id, &sealed)
}

/// The operations in these rows, of an id and what is sealed.
pub(crate) fn open_all(vault: &Vault, rows: Rows<'_>) -> Result<Vec<OperationEntry>, StoreError> {
    let sealed: Vec<(String, Vec<u8>)> = rows.mapped(|row| Ok((row.get(0)?, row.get(1)?))).collect::<Result<_, _>>()?;
    side_by_side(sealed, |(id, sealed)| vault.open("operation", &id, &sealed)).into_iter().collect()
}

pub(crate) fn find(conn: &Connection, vault: &Vault, id: OperationId) -> Result<Option<OperationEntry>, StoreError> {
    let sealed: Option<Vec<u8>> =
        conn.prepare_cached("SELECT sealed FROM operation WHERE id = ?1")?.query_row([id.to_string()], |row| row.get(0)).optional()?;
    sealed.map(|sealed| vault.open("operation", &id.to_string(), &sealed)).transpose()
}

pub(crate) fn insert(tx: &Transaction<'_>, vault: &Vault, entry: &OperationEntry) -> Result<(), StoreError> {
    let operation = &entry.operation;
    let id = operation.id.to_string();
    let sealed = vault.seal("operation", &id, entry)?;
    tx.prepare_cached("INSERT INTO operation (id, member, state, shown, position, made_ms, sealed) VALUES (?1, ?2, ?3, 1, 0, ?4, ?5)")?
        .execute(params![
            id,
            operation.member.as_ref().map(MemberId::as_str),
            entry.fate.state(),
            operation.hlc.unix_ms() as i64,
            sealed
        ])?;
    Ok(())
}

/// Where and when an operation was answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    /// The position at which the feed contains its effect.
    pub position: u64,
    /// The server's time, Unix milliseconds.
    pub at_ms: u64,
}

/// Writes down what became of operations. They are shown as long as they hold and the record, as of position `feed`, does
/// not contain them.
pub(crate) fn set_fates<'e>(
    tx: &Transaction<'_>,
    vault: &Vault,
    fates: impl Iterator<Item = &'e (OperationEntry, Option<Answer>)>,
    feed: u64,
) -> Result<(), StoreError> {
    let seal = |(entry, answer): &'e (OperationEntry, Option<Answer>)| {
        let id = entry.operation.id.to_string();
        let sealed = vault.seal("operation", &id, entry)?;
        Ok::<_, StoreError>((id, sealed, entry, answer))
    };
    let mut put = tx.prepare_cached(
        "UPDATE operation SET state = ?2, shown = shown AND ?3, position = coalesce(?4, position), sealed = ?5,
             answered_ms = coalesce(?6, answered_ms)
         WHERE id = ?1",
    )?;
    for sealed in side_by_side(fates.collect(), seal) {
        let (id, sealed, entry, answer) = sealed?;
        let shown = entry.fate.holds() && answer.is_none_or(|answer| answer.position > feed);
        put.execute(params![id, entry.fate.state(), shown, answer.map(|a| a.position), sealed, answer.map(|a| a.at_ms)])?;
    }
    Ok(())
}

/// Sends again what was answered at `since_ms` or later: the server may have forgotten it. One that it has not
/// forgotten gets the same answer again.
pub(crate) fn wait_again(tx: &Transaction<'_>, vault: &Vault, since_ms: u64) -> Result<Vec<OperationId>, StoreError> {
    let mut query = tx.prepare_cached("SELECT id, sealed FROM operation WHERE answered_ms >= ?1 AND state <> 'waiting' ORDER BY seq")?;
    let mut entries = open_all(vault, query.query([since_ms])?)?;
    let mut put = tx.prepare_cached("UPDATE operation SET state = ?2, shown = 1, sealed = ?3 WHERE id = ?1")?;
    for entry in &mut entries {
        entry.fate = Fate::Waiting;
        let id = entry.operation.id.to_string();
        put.execute(params![id, entry.fate.state(), vault.seal("operation", &id, entry)?])?;
    }
    Ok(entries.into_iter().map(|entry| entry.operation.id).collect())
}

/// Whether this phone made the operation and still knows it.
pub(crate) fn knows(conn: &Connection, id: OperationId) -> Result<bool, StoreError> {
    let mut query = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM operation WHERE id = ?1)")?;
    Ok(query.query_row([id.to_string()], |row| row.get(0))?)
}

/// Whether the server has taken any operation that the book still knows.
pub(crate) fn any_taken(conn: &Connection) -> Result<bool, StoreError> {
    let mut query = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM operation WHERE state IN ('applied', 'redirected'))")?;
    Ok(query.query_row([], |row| row.get(0))?)
}

/// Members on whom an edit of this phone was taken behind `position` of the feed.
pub(crate) fn members_taken_after(conn: &Connection, position: u64) -> Result<BTreeSet<MemberId>, StoreError> {
    let mut query =
        conn.prepare_cached("SELECT DISTINCT member FROM operation WHERE state IN ('applied', 'redirected') AND position > ?1")?;
    let rows = query.query_map([position as i64], |row| row.get::<_, Option<String>>(0))?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().filter_map(|id| MemberId::new(id).ok()).collect())
}

/// Ends the showing of answered operations whose effect the record now contains.
pub(crate) fn hide_contained(tx: &Transaction<'_>, feed: u64) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE operation SET shown = 0 WHERE shown = 1 AND state <> 'waiting' AND position <= ?1")?
        .execute([feed as i64])?;
    Ok(())
}

/// Operations shown on top of records, oldest first.
pub(crate) fn shown(conn: &Connection, vault: &Vault) -> Result<Vec<OperationEntry>, StoreError> {
    let mut query = conn.prepare_cached("SELECT id, sealed FROM operation WHERE shown = 1 ORDER BY seq")?;
    open_all(vault, query.query([])?)
}

/// Operations on these members, by these very ids, that the server has taken.
pub(crate) fn taken_on(conn: &Connection, vault: &Vault, members: &[&MemberId]) -> Result<Vec<OperationEntry>, StoreError> {
    let ids = serde_json::to_string(members).map_err(|_| StoreError::Damaged("member"))?;
    // By the members, for they are few: the plus keeps the other index out.
    let mut query = conn.prepare_cached(
        "SELECT id, sealed FROM operation
         WHERE member IN (SELECT value FROM json_each(?1)) AND +state IN ('applied', 'redirected')",
    )?;
    open_all(vault, query.query([ids])?)
}

/// Answered operations go with their member, those on ids that were merged into hers as well; waiting ones are still to be
/// sent, refused ones wait for the guide. Those about coupons stay, for they are money and name nobody: a server that was put
/// back from a backup hears of them again.
pub(crate) fn forget_on(tx: &Transaction<'_>, vault: &Vault, member: &MemberId) -> Result<(), StoreError> {
    let mut query = tx.prepare_cached(
        "WITH RECURSIVE her (id) AS (SELECT ?1 UNION SELECT alias.loser FROM alias JOIN her ON alias.winner = her.id)
         SELECT id, sealed FROM operation WHERE member IN (SELECT id FROM her) AND state NOT IN ('waiting', 'refused')",
    )?;
    let mut forget = tx.prepare_cached("DELETE FROM operation WHERE id = ?1")?;
    let mut rows = query.query([member.as_str()])?;
    while let Some(row) = rows.next()? {
        let entry = open(vault, row)?;
        if !is_about_coupons(&entry.operation.edit) {
            forget.execute([entry.operation.id.to_string()])?;
        }
    }
    Ok(())
}

/// Whether an edit is one of the guide's money and not of a member's record.
pub(crate) fn is_about_coupons(edit: &Edit) -> bool {
    matches!(edit, Edit::CouponIssued { .. } | Edit::CouponVoided { .. } | Edit::CodesSurrendered { .. })
}
