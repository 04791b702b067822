//! Tenants, stores, brands, guides and products in PostgreSQL.

use std::collections::BTreeSet;

use guidebook_domain::{BrandId, GuideId, StoreId, TenantId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::row::{PgTx, each_of, get, int, number, parsed, parsed_or_none, said, text, words};
use crate::db::directory::{Brand, DirectoryTx, Guide, Product, Store, Tenant};
use crate::db::{Result, Write};
use crate::error::ServerError;

const GUIDE: &str = "id, name, store, brand, joined, left_day, left_at_hq, heir, until, level";

impl DirectoryTx for PgTx<'_> {
    fn add_tenant(&mut self, tenant: &TenantId, epoch: Uuid) -> Result<bool> {
        let sql = "INSERT INTO tenant (id, epoch) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        Ok(self.run(sql, &[&tenant.as_str(), &epoch.to_string()])? == 1)
    }

    fn tenant(&mut self, tenant: &TenantId) -> Result<Option<Tenant>> {
        // Its catalogue may be in memory already, so nobody else would lock it.
        self.lock_catalogue(tenant)?;
        let sql = "SELECT id, epoch, catalogue, directory FROM tenant WHERE id = $1";
        self.rows_beside_added(sql, &[&tenant.as_str()])?.first().map(|row| tenant_at(row, 0)).transpose()
    }

    fn next_catalogue_position(&mut self, tenant: &TenantId) -> Result<u64> {
        self.lock_catalogue_alone(tenant)?;
        let sql = "UPDATE tenant SET catalogue = catalogue + 1 WHERE id = $1 RETURNING catalogue";
        self.one(sql, &[&tenant.as_str()], |row| number(row, 0))?.ok_or(ServerError::Corrupt("a tenant"))
    }

    fn mark_directory(&mut self, tenant: &TenantId) -> Result<()> {
        self.lock_catalogue_alone(tenant)?;
        self.run("UPDATE tenant SET catalogue = catalogue + 1, directory = catalogue + 1 WHERE id = $1", &[&tenant.as_str()])?;
        Ok(())
    }

    fn store(&mut self, tenant: &TenantId, id: &StoreId) -> Result<Option<Store>> {
        let sql = "SELECT id, name, city, time_zone FROM store WHERE tenant = $1 AND id = $2";
        self.one(sql, &[&tenant.as_str(), &id.as_str()], store)
    }

    fn stores(&mut self, tenant: &TenantId) -> Result<Vec<Store>> {
        self.many("SELECT id, name, city, time_zone FROM store WHERE tenant = $1 ORDER BY id", &[&tenant.as_str()], store)
    }

    fn put_store(&mut self, tenant: &TenantId, store: &Store) -> Result<()> {
        let sql = "INSERT INTO store (tenant, id, name, city, time_zone) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant, id) DO UPDATE SET name = $3, city = $4, time_zone = $5";
        let (name, city, time_zone) = (words(&store.name), words(&store.city), words(&store.time_zone));
        self.run(sql, &[&tenant.as_str(), &store.id.as_str(), &name, &city, &time_zone])?;
        Ok(())
    }

    fn brand(&mut self, tenant: &TenantId, id: &BrandId) -> Result<Option<Brand>> {
        self.one("SELECT id, name FROM brand WHERE tenant = $1 AND id = $2", &[&tenant.as_str(), &id.as_str()], brand)
    }

    fn brands(&mut self, tenant: &TenantId) -> Result<Vec<Brand>> {
        self.many("SELECT id, name FROM brand WHERE tenant = $1 ORDER BY id", &[&tenant.as_str()], brand)
    }

    fn put_brand(&mut self, tenant: &TenantId, brand: &Brand) -> Result<()> {
        let sql = "INSERT INTO brand (tenant, id, name) VALUES ($1, $2, $3) ON CONFLICT (tenant, id) DO UPDATE SET name = $3";
        self.run(sql, &[&tenant.as_str(), &brand.id.as_str(), &words(&brand.name)])?;
        Ok(())
    }

    fn guide(&mut self, tenant: &TenantId, id: &GuideId) -> Result<Option<Guide>> {
        if self.writes() {
            self.hold_guides(tenant, &BTreeSet::from([id.clone()]))?;
            return Ok(self.held.guides.get(&(tenant.clone(), id.clone())).cloned());
        }
        let sql = format!("SELECT {GUIDE} FROM guide WHERE tenant = $1 AND id = $2");
        self.one(&sql, &[&tenant.as_str(), &id.as_str()], guide)
    }

    fn guides(&mut self, tenant: &TenantId) -> Result<Vec<Guide>> {
        let sql = format!("SELECT {GUIDE} FROM guide WHERE tenant = $1 ORDER BY id");
        self.many(&sql, &[&tenant.as_str()], guide)
    }

    fn has_more_guides_than(&mut self, tenant: &TenantId, most: usize) -> Result<bool> {
        let sql = "SELECT 1 FROM guide WHERE tenant = $1 ORDER BY id OFFSET $2 LIMIT 1";
        Ok(self.one(sql, &[&tenant.as_str(), &int(most)], |_| Ok(()))?.is_some())
    }

    fn first_guide_names(&mut self, tenant: &TenantId, store: Option<&StoreId>, most: usize) -> Result<Vec<(GuideId, String)>> {
        let name = |row: &Row| Ok((parsed(row, 0)?, said(row, 1)?));
        let (tenant, most) = (tenant.as_str(), int(most));
        match store {
            None => self.many("SELECT id, name FROM guide WHERE tenant = $1 ORDER BY id LIMIT $2", &[&tenant, &most], name),
            Some(store) => {
                let sql = "SELECT id, name FROM guide WHERE tenant = $1 AND store = $2 ORDER BY id LIMIT $3";
                self.many(sql, &[&tenant, &store.as_str(), &most], name)
            }
        }
    }

    fn put_guide(&mut self, tenant: &TenantId, guide: &Guide) -> Result<()> {
        let sql = "INSERT INTO guide (tenant, id, name, store, brand, joined, left_day, left_at_hq, heir, until, level)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (tenant, id) DO UPDATE
            SET name = $3, store = $4, brand = $5, joined = $6, left_day = $7, left_at_hq = $8, heir = $9, until = $10, level = $11";
        let Guide { id, name, store, brand, joined, left, left_at_hq, heir, until, level } = guide;
        let (joined, left, left_at_hq, until) = (text(joined), text(left), text(left_at_hq), text(until));
        self.run(
            sql,
            &[
                &tenant.as_str(),
                &id.as_str(),
                &words(name),
                &store.as_str(),
                &text(brand),
                &joined,
                &left,
                &left_at_hq,
                &text(heir),
                &until,
                &level.as_deref().map(words),
            ],
        )?;
        self.held.guides.insert((tenant.clone(), id.clone()), guide.clone());
        Ok(())
    }

    fn product(&mut self, tenant: &TenantId, id: &str) -> Result<Option<Product>> {
        let sql = "SELECT id, brand, name, price_fen, cycle_days FROM product WHERE tenant = $1 AND id = $2";
        self.one(sql, &[&tenant.as_str(), &words(id)], |row| {
            let cycle_days: Option<i64> = get(row, 4)?;
            let cycle_days = cycle_days.map(u32::try_from).transpose().map_err(|_| ServerError::Corrupt("a number of days"))?;
            Ok(Product { id: said(row, 0)?, brand: parsed(row, 1)?, name: said(row, 2)?, price_fen: get(row, 3)?, cycle_days })
        })
    }

    fn put_product(&mut self, tenant: &TenantId, product: &Product) -> Result<()> {
        let sql = "INSERT INTO product (tenant, id, brand, name, price_fen, cycle_days) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tenant, id) DO UPDATE SET brand = $3, name = $4, price_fen = $5, cycle_days = $6";
        let Product { id, brand, name, price_fen, cycle_days } = product;
        self.run(sql, &[&tenant.as_str(), &words(id), &brand.as_str(), &words(name), price_fen, &cycle_days.map(i64::from)])?;
        Ok(())
    }
}

impl PgTx<'_> {
    /// Locks the rows of these guides, in the order of their ids: together with others who only rely on them, or alone
    /// where members are passed on. So a guide who leaves takes nobody along whom her phone enrols meanwhile.
    pub(super) fn hold_guides(&mut self, tenant: &TenantId, guides: &BTreeSet<GuideId>) -> Result<()> {
        let missing = guides.iter().filter(|guide| !self.held.guides.contains_key(&(tenant.clone(), (*guide).clone())));
        let missing: Vec<&str> = missing.map(GuideId::as_str).collect();
        let Some(what) = self.what.filter(|_| !missing.is_empty()) else { return Ok(()) };
        let lock = match what {
            Write::Ownership => "NO KEY UPDATE",
            Write::Setup
            | Write::Round
            | Write::Page
            | Write::Enrol
            | Write::Session
            | Write::Snapshot
            | Write::Restore
            | Write::Import
            | Write::Tags
            | Write::Unmerge
            | Write::Campaign
            | Write::Grant
            | Write::Till => "SHARE",
        };
        let sql = each_of(GUIDE, &format!("guide WHERE tenant = $1 AND id = key FOR {lock}"));
        for guide in self.many(&sql, &[&tenant.as_str(), &missing], guide)? {
            self.held.guides.insert((tenant.clone(), guide.id.clone()), guide);
        }
        Ok(())
    }
}

fn store(row: &Row) -> Result<Store> {
    Ok(Store { id: parsed(row, 0)?, name: said(row, 1)?, city: said(row, 2)?, time_zone: said(row, 3)? })
}

fn brand(row: &Row) -> Result<Brand> {
    Ok(Brand { id: parsed(row, 0)?, name: said(row, 1)? })
}

fn guide(row: &Row) -> Result<Guide> {
    guide_at(row, 0)
}

/// A guide whose columns begin at `first`.
pub(super) fn guide_at(row: &Row, first: usize) -> Result<Guide> {
    Ok(Guide {
        id: parsed(row, first)?,
        name: said(row, first + 1)?,
        store: parsed(row, first + 2)?,
        brand: parsed_or_none(row, first + 3)?,
        joined: parsed_or_none(row, first + 4)?,
        left: parsed_or_none(row, first + 5)?,
        left_at_hq: parsed_or_none(row, first + 6)?,
        heir: parsed_or_none(row, first + 7)?,
        until: parsed_or_none(row, first + 8)?,
        level: get::<Option<&str>>(row, first + 9)?.map(|_| said(row, first + 9)).transpose()?,
    })
}

/// A tenant whose columns begin at `first`.
pub(super) fn tenant_at(row: &Row, first: usize) -> Result<Tenant> {
    let (id, epoch) = (parsed(row, first)?, parsed(row, first + 1)?);
    Ok(Tenant { id, epoch, catalogue: number(row, first + 2)?, directory: number(row, first + 3)? })
}
