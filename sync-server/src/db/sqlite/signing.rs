//! Keys that sign, lists of trust and numbers of stores in SQLite.

use guidebook_domain::{StoreId, TenantId};
use rusqlite::params;

use super::row::{SqliteTx, parsed};
use crate::db::Result;
use crate::db::signing::{SigningRow, SigningTx};
use crate::error::ServerError;

impl SigningTx for SqliteTx<'_> {
    fn coupon_root(&mut self, tenant: &TenantId) -> Result<Option<[u8; 32]>> {
        self.one("SELECT public FROM coupon_root WHERE tenant = ?1", [tenant.as_str()], |row| Ok(row.get(0)?))
    }

    fn put_coupon_root(&mut self, tenant: &TenantId, public: &[u8; 32]) -> Result<()> {
        self.run("REPLACE INTO coupon_root (tenant, public) VALUES (?1, ?2)", params![tenant.as_str(), public])?;
        Ok(())
    }

    fn coupon_keys(&mut self, tenant: &TenantId) -> Result<Vec<SigningRow>> {
        let sql = "SELECT kid, public, sealed, made_ms, not_before_ms, not_after_ms FROM coupon_key WHERE tenant = ?1 ORDER BY kid";
        self.many(sql, [tenant.as_str()], |row| {
            Ok(SigningRow {
                kid: row.get(0)?,
                public: row.get(1)?,
                sealed: row.get(2)?,
                made_ms: row.get(3)?,
                not_before_ms: row.get(4)?,
                not_after_ms: row.get(5)?,
            })
        })
    }

    fn put_coupon_key(&mut self, tenant: &TenantId, key: &SigningRow) -> Result<()> {
        let sql = "REPLACE INTO coupon_key (tenant, kid, public, sealed, made_ms, not_before_ms, not_after_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let SigningRow { kid, public, sealed, made_ms, not_before_ms, not_after_ms } = key;
        self.run(sql, params![tenant.as_str(), kid, public, sealed, made_ms, not_before_ms, not_after_ms])?;
        Ok(())
    }

    fn trust_list(&mut self, tenant: &TenantId) -> Result<Option<(u32, String)>> {
        let sql = "SELECT number, record FROM trust_list WHERE tenant = ?1 ORDER BY number DESC LIMIT 1";
        self.one(sql, [tenant.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn put_trust_list(&mut self, tenant: &TenantId, number: u32, record: &str) -> Result<()> {
        self.run("INSERT INTO trust_list (tenant, number, record) VALUES (?1, ?2, ?3)", params![tenant.as_str(), number, record])?;
        Ok(())
    }

    fn store_number(&mut self, tenant: &TenantId, store: &StoreId) -> Result<u16> {
        let sql = "INSERT INTO store_number (tenant, store, number)
            SELECT ?1, ?2, COALESCE(MAX(number), 0) + 1 FROM store_number WHERE tenant = ?1
            ON CONFLICT (tenant, store) DO UPDATE SET store = ?2 RETURNING number";
        let number = self.one(sql, params![tenant.as_str(), store.as_str()], |row| Ok(row.get(0)?))?;
        number.ok_or(ServerError::Corrupt("a store's number"))
    }

    fn store_numbers(&mut self, tenant: &TenantId) -> Result<Vec<(StoreId, u16)>> {
        let sql = "SELECT store, number FROM store_number WHERE tenant = ?1 ORDER BY store";
        self.many(sql, [tenant.as_str()], |row| Ok((parsed(row, 0)?, row.get(1)?)))
    }
}
