//! Tenants, stores, brands, guides and products in SQLite.

use guidebook_domain::{BrandId, GuideId, StoreId, TenantId};
use rusqlite::{Row, params};
use uuid::Uuid;

use super::row::{SqliteTx, parsed, parsed_or_none, text};
use crate::db::Result;
use crate::db::directory::{Brand, DirectoryTx, Guide, Product, Store, Tenant};
use crate::error::ServerError;

const GUIDE: &str = "id, name, store, brand, joined, left_day, left_at_hq, heir, until, level";

impl DirectoryTx for SqliteTx<'_> {
    fn add_tenant(&mut self, tenant: &TenantId, epoch: Uuid) -> Result<bool> {
        let sql = "INSERT INTO tenant (id, epoch) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        Ok(self.run(sql, params![tenant.as_str(), epoch.to_string()])? == 1)
    }

    fn tenant(&mut self, tenant: &TenantId) -> Result<Option<Tenant>> {
        self.one("SELECT id, epoch, catalogue, directory FROM tenant WHERE id = ?1", [tenant.as_str()], |row| tenant_at(row, 0))
    }

    fn next_catalogue_position(&mut self, tenant: &TenantId) -> Result<u64> {
        let sql = "UPDATE tenant SET catalogue = catalogue + 1 WHERE id = ?1 RETURNING catalogue";
        self.one(sql, [tenant.as_str()], |row| Ok(row.get(0)?))?.ok_or(ServerError::Corrupt("a tenant"))
    }

    fn mark_directory(&mut self, tenant: &TenantId) -> Result<()> {
        self.run("UPDATE tenant SET catalogue = catalogue + 1, directory = catalogue + 1 WHERE id = ?1", [tenant.as_str()])?;
        Ok(())
    }

    fn store(&mut self, tenant: &TenantId, id: &StoreId) -> Result<Option<Store>> {
        let sql = "SELECT id, name, city, time_zone FROM store WHERE tenant = ?1 AND id = ?2";
        self.one(sql, [tenant.as_str(), id.as_str()], store)
    }

    fn stores(&mut self, tenant: &TenantId) -> Result<Vec<Store>> {
        self.many("SELECT id, name, city, time_zone FROM store WHERE tenant = ?1 ORDER BY id", [tenant.as_str()], store)
    }

    fn put_store(&mut self, tenant: &TenantId, store: &Store) -> Result<()> {
        let sql = "REPLACE INTO store (tenant, id, name, city, time_zone) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(sql, params![tenant.as_str(), store.id.as_str(), store.name, store.city, store.time_zone])?;
        Ok(())
    }

    fn brand(&mut self, tenant: &TenantId, id: &BrandId) -> Result<Option<Brand>> {
        self.one("SELECT id, name FROM brand WHERE tenant = ?1 AND id = ?2", [tenant.as_str(), id.as_str()], brand)
    }

    fn brands(&mut self, tenant: &TenantId) -> Result<Vec<Brand>> {
        self.many("SELECT id, name FROM brand WHERE tenant = ?1 ORDER BY id", [tenant.as_str()], brand)
    }

    fn put_brand(&mut self, tenant: &TenantId, brand: &Brand) -> Result<()> {
        let sql = "REPLACE INTO brand (tenant, id, name) VALUES (?1, ?2, ?3)";
        self.run(sql, params![tenant.as_str(), brand.id.as_str(), brand.name])?;
        Ok(())
    }

    fn guide(&mut self, tenant: &TenantId, id: &GuideId) -> Result<Option<Guide>> {
        let sql = format!("SELECT {GUIDE} FROM guide WHERE tenant = ?1 AND id = ?2");
        self.one(&sql, [tenant.as_str(), id.as_str()], guide)
    }

    fn guides(&mut self, tenant: &TenantId) -> Result<Vec<Guide>> {
        let sql = format!("SELECT {GUIDE} FROM guide WHERE tenant = ?1 ORDER BY id");
        self.many(&sql, [tenant.as_str()], guide)
    }

    fn has_more_guides_than(&mut self, tenant: &TenantId, most: usize) -> Result<bool> {
        let sql = "SELECT 1 FROM guide WHERE tenant = ?1 ORDER BY id LIMIT 1 OFFSET ?2";
        Ok(self.one(sql, params![tenant.as_str(), most], |_| Ok(()))?.is_some())
    }

    fn first_guide_names(&mut self, tenant: &TenantId, store: Option<&StoreId>, most: usize) -> Result<Vec<(GuideId, String)>> {
        let name = |row: &Row<'_>| Ok((parsed(row, 0)?, row.get(1)?));
        match store {
            None => self.many("SELECT id, name FROM guide WHERE tenant = ?1 ORDER BY id LIMIT ?2", params![tenant.as_str(), most], name),
            Some(store) => {
                let sql = "SELECT id, name FROM guide WHERE tenant = ?1 AND store = ?2 ORDER BY id LIMIT ?3";
                self.many(sql, params![tenant.as_str(), store.as_str(), most], name)
            }
        }
    }

    fn put_guide(&mut self, tenant: &TenantId, guide: &Guide) -> Result<()> {
        // An upsert, not REPLACE: other rows refer to a guide.
        let sql = "INSERT INTO guide (tenant, id, name, store, brand, joined, left_day, left_at_hq, heir, until, level)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            ON CONFLICT (tenant, id) DO UPDATE
            SET name = ?3, store = ?4, brand = ?5, joined = ?6, left_day = ?7, left_at_hq = ?8, heir = ?9, until = ?10, level = ?11";
        let Guide { id, name, store, brand, joined, left, left_at_hq, heir, until, level } = guide;
        self.run(
            sql,
            params![
                tenant.as_str(),
                id.as_str(),
                name,
                store.as_str(),
                text(brand),
                text(joined),
                text(left),
                text(left_at_hq),
                text(heir),
                text(until),
                level
            ],
        )?;
        Ok(())
    }

    fn product(&mut self, tenant: &TenantId, id: &str) -> Result<Option<Product>> {
        let sql = "SELECT id, brand, name, price_fen, cycle_days FROM product WHERE tenant = ?1 AND id = ?2";
        self.one(sql, [tenant.as_str(), id], |row| {
            let (name, price_fen, cycle_days) = (row.get(2)?, row.get(3)?, row.get(4)?);
            Ok(Product { id: row.get(0)?, brand: parsed(row, 1)?, name, price_fen, cycle_days })
        })
    }

    fn put_product(&mut self, tenant: &TenantId, product: &Product) -> Result<()> {
        let sql = "REPLACE INTO product (tenant, id, brand, name, price_fen, cycle_days) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let Product { id, brand, name, price_fen, cycle_days } = product;
        self.run(sql, params![tenant.as_str(), id, brand.as_str(), name, price_fen, cycle_days])?;
        Ok(())
    }
}

fn store(row: &Row<'_>) -> Result<Store> {
    Ok(Store { id: parsed(row, 0)?, name: row.get(1)?, city: row.get(2)?, time_zone: row.get(3)? })
}

fn brand(row: &Row<'_>) -> Result<Brand> {
    Ok(Brand { id: parsed(row, 0)?, name: row.get(1)? })
}

fn guide(row: &Row<'_>) -> Result<Guide> {
    guide_at(row, 0)
}

/// A guide whose columns begin at `first`.
pub(super) fn guide_at(row: &Row<'_>, first: usize) -> Result<Guide> {
    Ok(Guide {
        id: parsed(row, first)?,
        name: row.get(first + 1)?,
        store: parsed(row, first + 2)?,
        brand: parsed_or_none(row, first + 3)?,
        joined: parsed_or_none(row, first + 4)?,
        left: parsed_or_none(row, first + 5)?,
        left_at_hq: parsed_or_none(row, first + 6)?,
        heir: parsed_or_none(row, first + 7)?,
        until: parsed_or_none(row, first + 8)?,
        level: row.get(first + 9)?,
    })
}

/// A tenant whose columns begin at `first`.
pub(super) fn tenant_at(row: &Row<'_>, first: usize) -> Result<Tenant> {
    let (id, epoch) = (parsed(row, first)?, parsed(row, first + 1)?);
    Ok(Tenant { id, epoch, catalogue: row.get(first + 2)?, directory: row.get(first + 3)? })
}
