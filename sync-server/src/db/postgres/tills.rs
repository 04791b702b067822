//! Tills, their answers and the ledger in PostgreSQL.

use guidebook_domain::{CampaignId, TenantId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::calls::answered;
use super::row::{PgTx, get, hash, int, json, number, parsed, said, to_json, words};
use crate::db::Result;
use crate::db::secrets::Hash;
use crate::db::tills::{Answered, Conduct, Redemption, Terminal, TillTx};

pub(super) const TERMINAL: &str =
    "id, tenant, store, name, secret, explains, active, made_ms, minute_ms, calls, invalid, locked_until_ms, bound_to";
const REDEMPTION: &str =
    "id, campaign, serial, generation, value, money_fen, store, terminal, receipt, offline, at_ms, heard_ms, reversed_ms";

impl TillTx for PgTx<'_> {
    fn terminal_of(&mut self, secret: &Hash) -> Result<Option<Terminal>> {
        let lock = if self.writes() { "FOR NO KEY UPDATE" } else { "" };
        self.one(&format!("SELECT {TERMINAL} FROM terminal WHERE secret = $1 {lock}"), &[&secret.as_slice()], terminal)
    }

    fn terminal(&mut self, tenant: &TenantId, id: Uuid) -> Result<Option<Terminal>> {
        let sql = format!("SELECT {TERMINAL} FROM terminal WHERE tenant = $1 AND id = $2");
        self.one(&sql, &[&tenant.as_str(), &id.to_string()], terminal)
    }

    fn terminals(&mut self, tenant: &TenantId) -> Result<Vec<Terminal>> {
        self.many(&format!("SELECT {TERMINAL} FROM terminal WHERE tenant = $1 ORDER BY id"), &[&tenant.as_str()], terminal)
    }

    fn put_terminal(&mut self, terminal: &Terminal) -> Result<()> {
        let sql =
            "INSERT INTO terminal (id, tenant, store, name, secret, explains, active, made_ms, minute_ms, calls, invalid, locked_until_ms,
            bound_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (id) DO UPDATE SET store = $3, name = $4, secret = $5, explains = $6, active = $7, minute_ms = $9, calls = $10,
                invalid = $11, locked_until_ms = $12";
        let Terminal { id, tenant, store, store_number, name, secret, explains, active, made_ms, conduct } = terminal;
        let Conduct { minute_ms, calls, invalid, locked_until_ms } = conduct;
        self.run(
            sql,
            &[
                &id.to_string(),
                &tenant.as_str(),
                &store.as_str(),
                &words(name),
                &secret.as_slice(),
                explains,
                active,
                &int(*made_ms),
                &int(*minute_ms),
                &int(*calls),
                &to_json(invalid)?,
                &int(*locked_until_ms),
                &int(*store_number),
            ],
        )?;
        Ok(())
    }

    fn answered(&mut self, terminal: Uuid, key: &str) -> Result<Option<Answered>> {
        let sql = "SELECT print, status, answer, at_ms FROM pos_key WHERE terminal = $1 AND key = $2";
        self.one(sql, &[&terminal.to_string(), &words(key)], answered)
    }

    fn put_answered(&mut self, terminal: Uuid, key: &str, answered: &Answered) -> Result<()> {
        let sql = "INSERT INTO pos_key (terminal, key, print, status, answer, at_ms) VALUES ($1, $2, $3, $4, $5, $6)";
        let Answered { print, status, answer, at_ms } = answered;
        self.run(sql, &[&terminal.to_string(), &words(key), &print.as_slice(), &int(*status), answer, &int(*at_ms)])?;
        Ok(())
    }

    fn has_answered_before(&mut self, before_ms: u64) -> Result<bool> {
        Ok(self.one("SELECT 1 FROM pos_key WHERE at_ms < $1 LIMIT 1", &[&int(before_ms)], |_| Ok(()))?.is_some())
    }

    fn sweep_answered(&mut self, before_ms: u64) -> Result<()> {
        let sql = "DELETE FROM pos_key WHERE (terminal, key) IN
            (SELECT terminal, key FROM pos_key WHERE at_ms < $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)";
        self.run(sql, &[&int(before_ms)])?;
        Ok(())
    }

    fn put_redemption(&mut self, tenant: &TenantId, row: &Redemption) -> Result<bool> {
        let sql = "INSERT INTO redemption (tenant, id, campaign, serial, generation, value, money_fen, store, terminal, receipt, offline, at_ms,
            heard_ms, reversed_ms, told) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, false) ON CONFLICT DO NOTHING";
        let added = self.run(
            sql,
            &[
                &tenant.as_str(),
                &row.id.to_string(),
                &row.campaign.as_str(),
                &int(row.serial),
                &int(row.generation),
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
        )?;
        Ok(added == 1)
    }

    fn redemption_of(&mut self, tenant: &TenantId, campaign: &CampaignId, serial: u64, generation: u32) -> Result<Option<Redemption>> {
        let sql = format!(
            "SELECT {REDEMPTION} FROM redemption WHERE tenant = $1 AND campaign = $2 AND serial = $3 AND generation = $4 AND reversed_ms IS NULL"
        );
        self.one(&sql, &[&tenant.as_str(), &campaign.as_str(), &int(serial), &int(generation)], redemption)
    }

    fn redemption(&mut self, tenant: &TenantId, id: Uuid) -> Result<Option<Redemption>> {
        let sql = format!("SELECT {REDEMPTION} FROM redemption WHERE tenant = $1 AND id = $2");
        self.one(&sql, &[&tenant.as_str(), &id.to_string()], redemption)
    }

    fn untold(&mut self, limit: usize) -> Result<Vec<(TenantId, Redemption)>> {
        let lock = if self.writes() { "FOR UPDATE SKIP LOCKED" } else { "" };
        let sql = format!("SELECT {REDEMPTION}, tenant FROM redemption WHERE NOT told ORDER BY heard_ms LIMIT $1 {lock}");
        self.many(&sql, &[&int(limit)], |row| Ok((parsed(row, 13)?, redemption(row)?)))
    }

    fn told(&mut self, tenant: &TenantId, id: Uuid) -> Result<()> {
        self.run("UPDATE redemption SET told = true WHERE tenant = $1 AND id = $2", &[&tenant.as_str(), &id.to_string()])?;
        Ok(())
    }

    fn reverse_redemption(&mut self, tenant: &TenantId, id: Uuid, at_ms: u64) -> Result<bool> {
        let sql = "UPDATE redemption SET reversed_ms = $3, told = false WHERE tenant = $1 AND id = $2 AND reversed_ms IS NULL";
        Ok(self.run(sql, &[&tenant.as_str(), &id.to_string(), &int(at_ms)])? == 1)
    }
}

pub(super) fn terminal(row: &Row) -> Result<Terminal> {
    let (minute_ms, calls, invalid) = (number(row, 8)?, number(row, 9)?, json(row, 10)?);
    Ok(Terminal {
        id: parsed(row, 0)?,
        tenant: parsed(row, 1)?,
        store: parsed(row, 2)?,
        store_number: number(row, 12)?,
        name: said(row, 3)?,
        secret: hash(row, 4)?,
        explains: get(row, 5)?,
        active: get(row, 6)?,
        made_ms: number(row, 7)?,
        conduct: Conduct { minute_ms, calls, invalid, locked_until_ms: number(row, 11)? },
    })
}

fn redemption(row: &Row) -> Result<Redemption> {
    let reversed_ms: Option<i64> = get(row, 12)?;
    Ok(Redemption {
        id: parsed(row, 0)?,
        campaign: parsed(row, 1)?,
        serial: number(row, 2)?,
        generation: number(row, 3)?,
        value: number(row, 4)?,
        money_fen: number(row, 5)?,
        store: parsed(row, 6)?,
        terminal: parsed(row, 7)?,
        receipt: said(row, 8)?,
        offline: get(row, 9)?,
        at_ms: number(row, 10)?,
        heard_ms: number(row, 11)?,
        reversed_ms: reversed_ms.map(|ms| ms as u64),
    })
}
