//! Looking back at this phone's edits, and forgetting the old ones.

use guidebook_domain::{Limits, MemberId};
use rusqlite::{TransactionBehavior, params};

use crate::outbox::{self, OperationEntry};
use crate::{Store, StoreError};

/// The most operations of one fate that one call looks at.
const BATCH: i64 = 500;

impl Store {
    /// Operations on a member under whatever id they were made, newest first.
    pub fn operations_on(&self, member: &MemberId, offset: u32, limit: u32) -> Result<Vec<OperationEntry>, StoreError> {
        let ids = serde_json::to_string(&self.ids_of(member)).map_err(|_| StoreError::Damaged("member"))?;
        let mut query = self.conn.prepare_cached(
            "SELECT id, sealed FROM operation WHERE member IN (SELECT value FROM json_each(?3)) ORDER BY seq DESC LIMIT ?1 OFFSET ?2",
        )?;
        outbox::open_all(&self.vault, query.query(params![limit, offset, ids])?)
    }

    /// Forgets operations older than [`Limits::history_ms`] that were answered and that the records contain: a bounded
    /// number a call, in one transaction. Those that wait, and refused ones, stay. Returns how many went.
    pub fn prune(&mut self) -> Result<usize, StoreError> {
        let before_ms = self.memory.standing.time.certain_ms().saturating_sub(Limits::default().history_ms);
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut gone = 0;
        // The oldest come first: operations are numbered as they are made.
        for state in ["applied", "superseded", "redirected"] {
            gone += tx
                .prepare_cached(
                    "DELETE FROM operation WHERE seq IN (
                         SELECT seq FROM (SELECT seq, made_ms, shown FROM operation WHERE state = ?1 ORDER BY seq LIMIT ?2)
                         WHERE made_ms < ?3 AND shown = 0)",
                )?
                .execute(params![state, BATCH, before_ms as i64])?;
        }
        // Codes that nobody got, and whose coupons would be over by now: HQ has them back.
        tx.prepare_cached(
            "DELETE FROM coupon_code WHERE state IN ('held', 'surrendered')
                 AND grant_id IN (SELECT id FROM coupon_grant WHERE expires_ms < ?1)",
        )?
        .execute([self.memory.standing.time.certain_ms() as i64])?;
        tx.commit()?;
        Ok(gone)
    }

    /// Her ids: the one of today, and those that were merged into it.
    pub(crate) fn ids_of(&self, member: &MemberId) -> Vec<MemberId> {
        let today = self.memory.today(member);
        let merged = self.memory.aliases.keys().filter(|id| self.memory.today(id) == today).cloned();
        let mut ids: Vec<MemberId> = merged.collect();
        ids.push(today);
        ids
    }
}
