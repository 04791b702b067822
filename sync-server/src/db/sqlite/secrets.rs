//! Hashes of secrets in SQLite.

use guidebook_domain::{DeviceId, TenantId};
use rusqlite::{Row, params};
use uuid::Uuid;

use super::row::{SqliteTx, parsed, parsed_or_none, text};
use crate::db::Result;
use crate::db::secrets::{EnrolCode, Hash, SecretTx, Token};

impl SecretTx for SqliteTx<'_> {
    fn put_hq_key(&mut self, tenant: &TenantId, hash: &Hash, scopes: &str) -> Result<()> {
        self.run("INSERT INTO hq_key (hash, tenant, scopes) VALUES (?1, ?2, ?3)", params![hash, tenant.as_str(), scopes])?;
        Ok(())
    }

    fn hq_key(&mut self, hash: &Hash) -> Result<Option<(TenantId, String)>> {
        self.one("SELECT tenant, scopes FROM hq_key WHERE hash = ?1", [hash], |row| Ok((parsed(row, 0)?, row.get(1)?)))
    }

    fn put_code(&mut self, hash: &Hash, code: &EnrolCode) -> Result<()> {
        let sql = "REPLACE INTO enrol_code (hash, tenant, guide, expires_ms, used_by, device) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let key = code.used_by.map(|(key, _)| key);
        let device = text(&code.used_by.map(|(_, device)| device));
        self.run(sql, params![hash, code.tenant.as_str(), code.guide.as_str(), code.expires_ms, key, device])?;
        Ok(())
    }

    fn code(&mut self, hash: &Hash) -> Result<Option<EnrolCode>> {
        self.one("SELECT tenant, guide, expires_ms, used_by, device FROM enrol_code WHERE hash = ?1", [hash], |row| {
            let key: Option<[u8; 32]> = row.get(3)?;
            let used_by = key.zip(parsed_or_none(row, 4)?);
            Ok(EnrolCode { tenant: parsed(row, 0)?, guide: parsed(row, 1)?, expires_ms: row.get(2)?, used_by })
        })
    }

    fn put_challenge(&mut self, hash: &Hash, device: DeviceId, expires_ms: u64) -> Result<()> {
        let sql = "INSERT INTO challenge (hash, device, expires_ms) VALUES (?1, ?2, ?3)";
        self.run(sql, params![hash, device.to_string(), expires_ms])?;
        Ok(())
    }

    fn take_challenge(&mut self, hash: &Hash) -> Result<Option<(DeviceId, u64)>> {
        let sql = "DELETE FROM challenge WHERE hash = ?1 RETURNING device, expires_ms";
        self.one(sql, [hash], |row| Ok((parsed(row, 0)?, row.get(1)?)))
    }

    fn put_session(&mut self, hash: &Hash, token: &Token) -> Result<()> {
        let sql = "INSERT INTO session (hash, device, family, expires_ms) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![hash, token.device.to_string(), token.family.to_string(), token.expires_ms])?;
        Ok(())
    }

    fn session(&mut self, hash: &Hash) -> Result<Option<Token>> {
        self.one("SELECT device, family, expires_ms, 0 FROM session WHERE hash = ?1", [hash], token)
    }

    fn put_refresh(&mut self, hash: &Hash, token: &Token) -> Result<()> {
        let sql = "REPLACE INTO refresh (hash, device, family, expires_ms, used) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(sql, params![hash, token.device.to_string(), token.family.to_string(), token.expires_ms, token.used])?;
        Ok(())
    }

    fn refresh(&mut self, hash: &Hash) -> Result<Option<Token>> {
        self.one("SELECT device, family, expires_ms, used FROM refresh WHERE hash = ?1", [hash], token)
    }

    fn end_family(&mut self, family: Uuid) -> Result<()> {
        self.run("DELETE FROM session WHERE family = ?1", [family.to_string()])?;
        self.run("DELETE FROM refresh WHERE family = ?1", [family.to_string()])?;
        Ok(())
    }

    fn sweep_secrets(&mut self, now_ms: u64) -> Result<()> {
        for sql in [
            "DELETE FROM enrol_code WHERE expires_ms < ?1",
            "DELETE FROM challenge WHERE expires_ms < ?1",
            "DELETE FROM session WHERE expires_ms < ?1",
            "DELETE FROM refresh WHERE expires_ms < ?1",
        ] {
            self.run(sql, [now_ms])?;
        }
        Ok(())
    }
}

fn token(row: &Row<'_>) -> Result<Token> {
    Ok(Token { device: parsed(row, 0)?, family: parsed(row, 1)?, expires_ms: row.get(2)?, used: row.get(3)? })
}
