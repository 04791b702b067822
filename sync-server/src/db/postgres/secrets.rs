//! Hashes of secrets in PostgreSQL.

use guidebook_domain::{DeviceId, TenantId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::row::{PgTx, get, int, number, parsed, parsed_or_none, text};
use crate::db::Result;
use crate::db::devices::DeviceTx;
use crate::db::secrets::{EnrolCode, Hash, SecretTx, Token};
use crate::error::ServerError;

impl SecretTx for PgTx<'_> {
    fn put_hq_key(&mut self, tenant: &TenantId, hash: &Hash, scopes: &str) -> Result<()> {
        self.run("INSERT INTO hq_key (hash, tenant, scopes) VALUES ($1, $2, $3)", &[&hash.as_slice(), &tenant.as_str(), &scopes])?;
        Ok(())
    }

    fn hq_key(&mut self, hash: &Hash) -> Result<Option<(TenantId, String)>> {
        let sql = "SELECT tenant, scopes FROM hq_key WHERE hash = $1";
        self.one(sql, &[&hash.as_slice()], |row| Ok((parsed(row, 0)?, get(row, 1)?)))
    }

    fn put_code(&mut self, hash: &Hash, code: &EnrolCode) -> Result<()> {
        let sql = "INSERT INTO enrol_code (hash, tenant, guide, expires_ms, used_by, device) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (hash) DO UPDATE SET tenant = $2, guide = $3, expires_ms = $4, used_by = $5, device = $6";
        let (key, device) = code.used_by.unzip();
        let key = key.as_ref().map(<[u8; 32]>::as_slice);
        let (tenant, guide, expires_ms) = (code.tenant.as_str(), code.guide.as_str(), int(code.expires_ms));
        self.run(sql, &[&hash.as_slice(), &tenant, &guide, &expires_ms, &key, &text(&device)])?;
        Ok(())
    }

    fn code(&mut self, hash: &Hash) -> Result<Option<EnrolCode>> {
        let sql = "SELECT tenant, guide, expires_ms, used_by, device FROM enrol_code WHERE hash = $1";
        // One code makes one device, whichever servers two phones ask.
        let sql = if self.writes() { format!("{sql} FOR UPDATE") } else { sql.to_owned() };
        self.one(&sql, &[&hash.as_slice()], |row| {
            let key: Option<&[u8]> = get(row, 3)?;
            let key = key.map(|key| key.try_into().map_err(|_| ServerError::Corrupt("a key"))).transpose()?;
            let used_by = key.zip(parsed_or_none(row, 4)?);
            Ok(EnrolCode { tenant: parsed(row, 0)?, guide: parsed(row, 1)?, expires_ms: number(row, 2)?, used_by })
        })
    }

    fn put_challenge(&mut self, hash: &Hash, device: DeviceId, expires_ms: u64) -> Result<()> {
        let sql = "INSERT INTO challenge (hash, device, expires_ms) VALUES ($1, $2, $3)";
        self.run(sql, &[&hash.as_slice(), &device.to_string(), &int(expires_ms)])?;
        Ok(())
    }

    fn take_challenge(&mut self, hash: &Hash) -> Result<Option<(DeviceId, u64)>> {
        let sql = "DELETE FROM challenge WHERE hash = $1 RETURNING device, expires_ms";
        self.one(sql, &[&hash.as_slice()], |row| Ok((parsed(row, 0)?, number(row, 1)?)))
    }

    fn put_session(&mut self, hash: &Hash, token: &Token) -> Result<()> {
        let sql = "INSERT INTO session (hash, device, family, expires_ms) VALUES ($1, $2, $3, $4)";
        self.run(sql, &[&hash.as_slice(), &token.device.to_string(), &token.family.to_string(), &int(token.expires_ms)])?;
        Ok(())
    }

    fn session(&mut self, hash: &Hash) -> Result<Option<Token>> {
        self.one("SELECT device, family, expires_ms, false FROM session WHERE hash = $1", &[&hash.as_slice()], token)
    }

    fn put_refresh(&mut self, hash: &Hash, token: &Token) -> Result<()> {
        let sql = "INSERT INTO refresh (hash, device, family, expires_ms, used) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (hash) DO UPDATE SET device = $2, family = $3, expires_ms = $4, used = $5";
        let (device, family) = (token.device.to_string(), token.family.to_string());
        self.run(sql, &[&hash.as_slice(), &device, &family, &int(token.expires_ms), &token.used])?;
        Ok(())
    }

    fn refresh(&mut self, hash: &Hash) -> Result<Option<Token>> {
        let sql = "SELECT device, family, expires_ms, used FROM refresh WHERE hash = $1";
        let found = self.one(sql, &[&hash.as_slice()], token)?;
        let Some(device) = found.as_ref().map(|token| token.device).filter(|_| self.writes()) else { return Ok(found) };
        // A family belongs to one device: whoever holds that is alone with all its tokens, also those not made yet.
        self.find_device(device)?;
        self.one(sql, &[&hash.as_slice()], token)
    }

    fn end_family(&mut self, family: Uuid) -> Result<()> {
        self.run("DELETE FROM session WHERE family = $1", &[&family.to_string()])?;
        self.run("DELETE FROM refresh WHERE family = $1", &[&family.to_string()])?;
        Ok(())
    }

    fn sweep_secrets(&mut self, now_ms: u64) -> Result<()> {
        // What another server sweeps at this moment need not be waited for.
        for table in ["enrol_code", "challenge", "session", "refresh"] {
            let sql = format!(
                "DELETE FROM {table} WHERE hash IN (SELECT hash FROM {table} WHERE expires_ms < $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)"
            );
            self.run(&sql, &[&int(now_ms)])?;
        }
        Ok(())
    }
}

fn token(row: &Row) -> Result<Token> {
    Ok(Token { device: parsed(row, 0)?, family: parsed(row, 1)?, expires_ms: number(row, 2)?, used: get(row, 3)? })
}
