//! Tills, their answers and the ledger in SQLite.

use guidebook_domain::{CampaignId, TenantId};
use rusqlite::{Row, params};
use uuid::Uuid;

use super::row::{SqliteTx, json, parsed, to_json};
use crate::db::Result;
use crate::db::secrets::Hash;
use crate::db::tills::{Answered, Conduct, Redemption, Terminal, TillTx};

const TERMINAL: &str = "id, tenant, store, name, secret, explains, active, made_ms, minute_ms, calls, invalid, locked_until_ms, bound_to";
const REDEMPTION: &str =
    "id, campaign, serial, generation, value, money_fen, store, terminal, receipt, offline, at_ms, heard_ms, reversed_ms";

impl TillTx for SqliteTx<'_> {
    fn terminal_of(&mut self, secret: &Hash) -> Result<Option<Terminal>> {
        self.one(&format!("SELECT {TERMINAL} FROM terminal WHERE secret = ?1"), [secret], terminal)
    }

    fn terminal(&mut self, tenant: &TenantId, id: Uuid) -> Result<Option<Terminal>> {
        let sql = format!("SELECT {TERMINAL} FROM terminal WHERE tenant = ?1 AND id = ?2");
        self.one(&sql, params![tenant.as_str(), id.to_string()], terminal)
    }

    fn terminals(&mut self, tenant: &TenantId) -> Result<Vec<Terminal>> {
        self.many(&format!("SELECT {TERMINAL} FROM terminal WHERE tenant = ?1 ORDER BY id"), [tenant.as_str()], terminal)
    }

    fn put_terminal(&mut self, terminal: &Terminal) -> Result<()> {
        let sql =
            "INSERT INTO terminal (id, tenant, store, name, secret, explains, active, made_ms, minute_ms, calls, invalid, locked_until_ms,
            bound_to) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            ON CONFLICT (id) DO UPDATE SET store = ?3, name = ?4, secret = ?5, explains = ?6, active = ?7, minute_ms = ?9, calls = ?10,
                invalid = ?11, locked_until_ms = ?12";
        let Terminal { id, tenant, store, store_number, name, secret, explains, active, made_ms, conduct } = terminal;
        let Conduct { minute_ms, calls, invalid, locked_until_ms } = conduct;
        let (id, invalid) = (id.to_string(), to_json(invalid)?);
        self.run(
            sql,
            params![
                id,
                tenant.as_str(),
                store.as_str(),
                name,
                secret,
                explains,
                active,
                made_ms,
                minute_ms,
                calls,
                invalid,
                locked_until_ms,
                store_number
            ],
        )?;
        Ok(())
    }

    fn answered(&mut self, terminal: Uuid, key: &str) -> Result<Option<Answered>> {
        let sql = "SELECT print, status, answer, at_ms FROM pos_key WHERE terminal = ?1 AND key = ?2";
        self.one(sql, params![terminal.to_string(), key], |row| {
            Ok(Answered { print: row.get(0)?, status: row.get(1)?, answer: row.get(2)?, at_ms: row.get(3)? })
        })
    }

    fn put_answered(&mut self, terminal: Uuid, key: &str, answered: &Answered) -> Result<()> {
        let sql = "INSERT INTO pos_key (terminal, key, print, status, answer, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let Answered { print, status, answer, at_ms } = answered;
        self.run(sql, params![terminal.to_string(), key, print, status, answer, at_ms])?;
        Ok(())
    }

    fn has_answered_before(&mut self, before_ms: u64) -> Result<bool> {
        Ok(self.one("SELECT 1 FROM pos_key WHERE at_ms < ?1 LIMIT 1", [before_ms], |_| Ok(()))?.is_some())
    }

    fn sweep_answered(&mut self, before_ms: u64) -> Result<()> {
        let sql = "DELETE FROM pos_key WHERE (terminal, key) IN (SELECT terminal, key FROM pos_key WHERE at_ms < ?1 LIMIT 1000)";
        self.run(sql, [before_ms])?;
        Ok(())
    }

    fn put_redemption(&mut self, tenant: &TenantId, redemption: &Redemption) -> Result<bool> {
        let sql =
            "INSERT INTO redemption (tenant, id, campaign, serial, generation, value, money_fen, store, terminal, receipt, offline, at_ms,
            heard_ms, reversed_ms, told) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0) ON CONFLICT DO NOTHING";
        let Redemption { id, campaign, serial, generation, value, money_fen, store, terminal, receipt, .. } = redemption;
        let Redemption { offline, at_ms, heard_ms, reversed_ms, .. } = redemption;
        let (id, terminal) = (id.to_string(), terminal.to_string());
        let added = self.run(
            sql,
            params![
                tenant.as_str(),
                id,
                campaign.as_str(),
                serial,
                generation,
                value,
                money_fen,
                store.as_str(),
                terminal,
                receipt,
                offline,
                at_ms,
                heard_ms,
                reversed_ms
            ],
        )?;
        Ok(added == 1)
    }

    fn redemption_of(&mut self, tenant: &TenantId, campaign: &CampaignId, serial: u64, generation: u32) -> Result<Option<Redemption>> {
        let sql = format!(
            "SELECT {REDEMPTION} FROM redemption WHERE tenant = ?1 AND campaign = ?2 AND serial = ?3 AND generation = ?4 AND reversed_ms IS NULL"
        );
        self.one(&sql, params![tenant.as_str(), campaign.as_str(), serial, generation], redemption)
    }

    fn redemption(&mut self, tenant: &TenantId, id: Uuid) -> Result<Option<Redemption>> {
        let sql = format!("SELECT {REDEMPTION} FROM redemption WHERE tenant = ?1 AND id = ?2");
        self.one(&sql, params![tenant.as_str(), id.to_string()], redemption)
    }

    fn untold(&mut self, limit: usize) -> Result<Vec<(TenantId, Redemption)>> {
        let sql = format!("SELECT {REDEMPTION}, tenant FROM redemption WHERE told = 0 ORDER BY heard_ms LIMIT ?1");
        self.many(&sql, [limit as i64], |row| Ok((parsed(row, 13)?, redemption(row)?)))
    }

    fn told(&mut self, tenant: &TenantId, id: Uuid) -> Result<()> {
        self.run("UPDATE redemption SET told = 1 WHERE tenant = ?1 AND id = ?2", params![tenant.as_str(), id.to_string()])?;
        Ok(())
    }

    fn reverse_redemption(&mut self, tenant: &TenantId, id: Uuid, at_ms: u64) -> Result<bool> {
        let sql = "UPDATE redemption SET reversed_ms = ?3, told = 0 WHERE tenant = ?1 AND id = ?2 AND reversed_ms IS NULL";
        Ok(self.run(sql, params![tenant.as_str(), id.to_string(), at_ms])? == 1)
    }
}

fn terminal(row: &Row<'_>) -> Result<Terminal> {
    let conduct = Conduct { minute_ms: row.get(8)?, calls: row.get(9)?, invalid: json(row, 10)?, locked_until_ms: row.get(11)? };
    Ok(Terminal {
        id: parsed(row, 0)?,
        tenant: parsed(row, 1)?,
        store: parsed(row, 2)?,
        store_number: row.get(12)?,
        name: row.get(3)?,
        secret: row.get(4)?,
        explains: row.get(5)?,
        active: row.get(6)?,
        made_ms: row.get(7)?,
        conduct,
    })
}

fn redemption(row: &Row<'_>) -> Result<Redemption> {
    Ok(Redemption {
        id: parsed(row, 0)?,
        campaign: parsed(row, 1)?,
        serial: row.get(2)?,
        generation: row.get(3)?,
        value: row.get(4)?,
        money_fen: row.get(5)?,
        store: parsed(row, 6)?,
        terminal: parsed(row, 7)?,
        receipt: row.get(8)?,
        offline: row.get(9)?,
        at_ms: row.get(10)?,
        heard_ms: row.get(11)?,
        reversed_ms: row.get(12)?,
    })
}
