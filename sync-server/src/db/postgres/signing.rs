//! Keys that sign, lists of trust and numbers of stores in PostgreSQL.

use guidebook_domain::{StoreId, TenantId};

use super::row::{PgTx, get, hash, int, number, parsed};
use crate::db::Result;
use crate::db::signing::{SigningRow, SigningTx};
use crate::error::ServerError;

impl SigningTx for PgTx<'_> {
    fn coupon_root(&mut self, tenant: &TenantId) -> Result<Option<[u8; 32]>> {
        self.one("SELECT public FROM coupon_root WHERE tenant = $1", &[&tenant.as_str()], |row| hash(row, 0))
    }

    fn put_coupon_root(&mut self, tenant: &TenantId, public: &[u8; 32]) -> Result<()> {
        let sql = "INSERT INTO coupon_root (tenant, public) VALUES ($1, $2) ON CONFLICT (tenant) DO UPDATE SET public = $2";
        self.run(sql, &[&tenant.as_str(), &public.as_slice()])?;
        Ok(())
    }

    fn coupon_keys(&mut self, tenant: &TenantId) -> Result<Vec<SigningRow>> {
        let sql = "SELECT kid, public, sealed, made_ms, not_before_ms, not_after_ms FROM coupon_key WHERE tenant = $1 ORDER BY kid";
        self.many(sql, &[&tenant.as_str()], |row| {
            Ok(SigningRow {
                kid: number(row, 0)?,
                public: hash(row, 1)?,
                sealed: get(row, 2)?,
                made_ms: number(row, 3)?,
                not_before_ms: number(row, 4)?,
                not_after_ms: number(row, 5)?,
            })
        })
    }

    fn put_coupon_key(&mut self, tenant: &TenantId, key: &SigningRow) -> Result<()> {
        let sql =
            "INSERT INTO coupon_key (tenant, kid, public, sealed, made_ms, not_before_ms, not_after_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (tenant, kid) DO UPDATE SET public = $3, sealed = $4, made_ms = $5, not_before_ms = $6, not_after_ms = $7";
        let SigningRow { kid, public, sealed, made_ms, not_before_ms, not_after_ms } = key;
        let times = (int(*made_ms), int(*not_before_ms), int(*not_after_ms));
        self.run(sql, &[&tenant.as_str(), &int(*kid), &public.as_slice(), sealed, &times.0, &times.1, &times.2])?;
        Ok(())
    }

    fn trust_list(&mut self, tenant: &TenantId) -> Result<Option<(u32, String)>> {
        let sql = "SELECT number, record FROM trust_list WHERE tenant = $1 ORDER BY number DESC LIMIT 1";
        self.one(sql, &[&tenant.as_str()], |row| Ok((number(row, 0)?, get(row, 1)?)))
    }

    fn put_trust_list(&mut self, tenant: &TenantId, number: u32, record: &str) -> Result<()> {
        let sql = "INSERT INTO trust_list (tenant, number, record) VALUES ($1, $2, $3)";
        self.run(sql, &[&tenant.as_str(), &int(number), &record])?;
        Ok(())
    }

    fn store_number(&mut self, tenant: &TenantId, store: &StoreId) -> Result<u16> {
        let known = "SELECT number FROM store_number WHERE tenant = $1 AND store = $2";
        if let Some(known) = self.one(known, &[&tenant.as_str(), &store.as_str()], |row| number(row, 0))? {
            return Ok(known);
        }
        // Two that number at once: the second finds the number taken and is run again.
        let sql = "INSERT INTO store_number (tenant, store, number)
            SELECT $1, $2, COALESCE(MAX(number), 0) + 1 FROM store_number WHERE tenant = $1 RETURNING number";
        self.one(sql, &[&tenant.as_str(), &store.as_str()], |row| number(row, 0))?.ok_or(ServerError::Corrupt("a store's number"))
    }

    fn store_numbers(&mut self, tenant: &TenantId) -> Result<Vec<(StoreId, u16)>> {
        let sql = "SELECT store, number FROM store_number WHERE tenant = $1 ORDER BY store";
        self.many(sql, &[&tenant.as_str()], |row| Ok((parsed(row, 0)?, number(row, 1)?)))
    }
}
