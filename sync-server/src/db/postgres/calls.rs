//! A call of a till in PostgreSQL, in few messages: what is asked together is sent together, and what nobody reads again in the
//! same transaction waits for its end.

use guidebook_domain::TenantId;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::campaigns::{CAMPAIGN, campaign};
use super::coupons::{COUPON, coupon};
use super::row::{PgTx, Statement, get, hash, int, number, to_json, words};
use super::tills::{TERMINAL, terminal};
use crate::db::campaigns::CampaignRow;
use crate::db::coupons::{Coupon, CouponState};
use crate::db::secrets::Hash;
use crate::db::tills::{Answered, Conduct, Redemption, Terminal};
use crate::db::{Result, Tx};
use crate::error::ServerError;

/// The columns of [`COUPON`].
const OF_COUPON: usize = 19;

impl Tx for PgTx<'_> {
    // Two statements, for the second must see what a call wrote for which the first has waited.
    fn call_of(&mut self, till: &Hash, key: &str) -> Result<Option<(Terminal, Option<Answered>)>> {
        let lock = if self.writes() { "FOR NO KEY UPDATE" } else { "" };
        let known = format!("SELECT {TERMINAL} FROM terminal WHERE secret = $1 {lock}");
        let said = "SELECT print, status, answer, at_ms FROM pos_key
            WHERE terminal = (SELECT id FROM terminal WHERE secret = $1) AND key = $2";
        let (till, key) = (till.as_slice(), words(key));
        let [found, said] = self.together([(known.as_str(), &[&till]), (said, &[&till, &key])])?;
        let Some(row) = found.first() else { return Ok(None) };
        Ok(Some((terminal(row)?, said.first().map(answered).transpose()?)))
    }

    fn coupon_and_campaign(&mut self, tenant: &TenantId, hash: &Hash) -> Result<Option<(Coupon, CampaignRow)>> {
        let lock = if self.writes() { "FOR UPDATE OF coupon" } else { "" };
        let sql = format!(
            "SELECT {COUPON}, {CAMPAIGN} FROM coupon JOIN campaign AS its ON its.tenant = coupon.tenant AND its.id = coupon.campaign
            WHERE coupon.tenant = $1 AND hash = $2 {lock}"
        );
        self.one(&sql, &[&tenant.as_str(), &hash.as_slice()], |row| Ok((coupon(row)?, campaign(row, OF_COUPON)?)))
    }

    fn redeem(&mut self, tenant: &TenantId, coupon: &Coupon, row: &Redemption) -> Result<bool> {
        let sql = "WITH used AS (
                UPDATE coupon SET state = 'redeemed', terminal = NULL, held_until_ms = NULL
                WHERE tenant = $1 AND campaign = $2 AND serial = $3 AND generation = $4 AND state = $5 RETURNING 1
            ), noted AS (
                INSERT INTO redemption (tenant, campaign, serial, generation, id, value, money_fen, store, terminal, receipt, offline, at_ms,
                    heard_ms, reversed_ms, told)
                SELECT $1, $2, $3, $4, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, false FROM used ON CONFLICT DO NOTHING RETURNING 1
            ) SELECT (SELECT COUNT(*) FROM used), (SELECT COUNT(*) FROM noted)";
        let done = self.one(
            sql,
            &[
                &tenant.as_str(),
                &coupon.campaign.as_str(),
                &int(coupon.serial),
                &i64::from(coupon.generation),
                &coupon.state.word(),
                &row.id.to_string(),
                &int(row.value),
                &int(row.money_fen),
                &row.store.as_str(),
                &row.terminal.to_string(),
                &words(&row.receipt),
                &row.offline,
                &int(row.at_ms),
                &int(row.heard_ms),
                &row.reversed_ms.map(int),
            ],
            |row| Ok((number::<u64>(row, 0)?, number::<u64>(row, 1)?)),
        )?;
        match done {
            Some((1, 1)) => {
                self.count_move(tenant, &coupon.campaign, coupon.serial, coupon.state, CouponState::Redeemed);
                Ok(true)
            }
            Some((0, _)) => Ok(false),
            Some(_) | None => Err(ServerError::Corrupt("a ledger without a second row")),
        }
    }

    fn keep_call(&mut self, terminal: &Terminal, key: &str, answered: Answered) -> Result<()> {
        self.held.calls.push((terminal.clone(), key.to_owned(), answered));
        Ok(())
    }
}

impl PgTx<'_> {
    /// Writes what tills were answered, and how they have behaved.
    pub(super) fn calls_kept(&mut self) -> Result<Vec<Statement>> {
        let sql = "WITH said AS (INSERT INTO pos_key (terminal, key, print, status, answer, at_ms) VALUES ($1, $2, $3, $4, $5, $6))
            UPDATE terminal SET minute_ms = $7, calls = $8, invalid = $9, locked_until_ms = $10 WHERE id = $1";
        let statement = |(terminal, key, answered): (Terminal, String, Answered)| {
            let Answered { print, status, answer, at_ms } = answered;
            let Conduct { minute_ms, calls, invalid, locked_until_ms } = terminal.conduct;
            let values: Vec<Box<dyn ToSql + Sync>> = vec![
                Box::new(terminal.id.to_string()),
                Box::new(words(&key).into_owned()),
                Box::new(print.to_vec()),
                Box::new(int(status)),
                Box::new(answer),
                Box::new(int(at_ms)),
                Box::new(int(minute_ms)),
                Box::new(int(calls)),
                Box::new(to_json(&invalid)?),
                Box::new(int(locked_until_ms)),
            ];
            Ok(Statement { sql, values, what: "a till" })
        };
        std::mem::take(&mut self.held.calls).into_iter().map(statement).collect()
    }
}

pub(super) fn answered(row: &Row) -> Result<Answered> {
    Ok(Answered { print: hash(row, 0)?, status: number(row, 1)?, answer: get(row, 2)?, at_ms: number(row, 3)? })
}
