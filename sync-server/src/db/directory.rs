//! Tenants, stores, brands, guides and products.

use chrono::NaiveDate;
use guidebook_domain::{BrandId, GuideId, StoreId, TenantId};
use serde::Serialize;
use uuid::Uuid;

use super::Result;

/// A retailer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Changes when the server is restored from a backup.
    pub epoch: Uuid,
    /// The newest position of its catalogue.
    pub catalogue: u64,
    /// The position at which names of stores, brands or guides last changed.
    pub directory: u64,
}

/// A store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Store {
    /// Its id.
    pub id: StoreId,
    /// Its name.
    pub name: String,
    /// Its city.
    pub city: String,
    /// Its time zone, an IANA name.
    pub time_zone: String,
}

/// A brand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// Its id.
    pub id: BrandId,
    /// Its name.
    pub name: String,
}

/// A guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guide {
    /// Staff number.
    pub id: GuideId,
    /// Name.
    pub name: String,
    /// Her store.
    pub store: StoreId,
    /// Her brand, if she works for one.
    pub brand: Option<BrandId>,
    /// The day she came.
    pub joined: Option<NaiveDate>,
    /// The day she left.
    pub left: Option<NaiveDate>,
    /// The day she left as HQ's last export has it; [`Guide::left`] may come from a handover instead.
    pub left_at_hq: Option<NaiveDate>,
    /// Who took her members when she left, and takes those whom her last push brings.
    pub heir: Option<GuideId>,
    /// Her last day, if she only stands in for somebody; by the calendar of Asia/Shanghai.
    pub until: Option<NaiveDate>,
    /// Her level in HQ's words, where HQ has levels.
    pub level: Option<String>,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// HQ's number.
    pub id: String,
    /// Its brand.
    pub brand: BrandId,
    /// Its name.
    pub name: String,
    /// List price, in fen.
    pub price_fen: i64,
    /// Days until it is usually bought again.
    pub cycle_days: Option<u32>,
}

/// Rows of the directory.
pub trait DirectoryTx {
    /// Adds a tenant; whether it was not there.
    fn add_tenant(&mut self, tenant: &TenantId, epoch: Uuid) -> Result<bool>;
    /// A tenant.
    fn tenant(&mut self, tenant: &TenantId) -> Result<Option<Tenant>>;
    /// Counts the catalogue on and gives the new position.
    fn next_catalogue_position(&mut self, tenant: &TenantId) -> Result<u64>;
    /// Notes that a name changed, at a new position.
    fn mark_directory(&mut self, tenant: &TenantId) -> Result<()>;
    /// A store.
    fn store(&mut self, tenant: &TenantId, id: &StoreId) -> Result<Option<Store>>;
    /// All stores, by id.
    fn stores(&mut self, tenant: &TenantId) -> Result<Vec<Store>>;
    /// Adds or replaces a store.
    fn put_store(&mut self, tenant: &TenantId, store: &Store) -> Result<()>;
    /// A brand.
    fn brand(&mut self, tenant: &TenantId, id: &BrandId) -> Result<Option<Brand>>;
    /// All brands, by id.
    fn brands(&mut self, tenant: &TenantId) -> Result<Vec<Brand>>;
    /// Adds or replaces a brand.
    fn put_brand(&mut self, tenant: &TenantId, brand: &Brand) -> Result<()>;
    /// A guide.
    fn guide(&mut self, tenant: &TenantId, id: &GuideId) -> Result<Option<Guide>>;
    /// All guides, by id.
    fn guides(&mut self, tenant: &TenantId) -> Result<Vec<Guide>>;
    /// Whether there are more guides than `most`.
    fn has_more_guides_than(&mut self, tenant: &TenantId, most: usize) -> Result<bool>;
    /// The names of the first `most` guides, by id, of a store or of all.
    fn first_guide_names(&mut self, tenant: &TenantId, store: Option<&StoreId>, most: usize) -> Result<Vec<(GuideId, String)>>;
    /// The names of all guides, by id, if there are no more than `most`; else of `most` of those of `store`.
    fn guide_names(&mut self, tenant: &TenantId, store: &StoreId, most: usize) -> Result<Vec<(GuideId, String)>> {
        let of = self.has_more_guides_than(tenant, most)?.then_some(store);
        self.first_guide_names(tenant, of, most)
    }
    /// Adds or replaces a guide.
    fn put_guide(&mut self, tenant: &TenantId, guide: &Guide) -> Result<()>;
    /// A product.
    fn product(&mut self, tenant: &TenantId, id: &str) -> Result<Option<Product>>;
    /// Adds or replaces a product.
    fn put_product(&mut self, tenant: &TenantId, product: &Product) -> Result<()>;
}
