//! Tag dictionaries in memory: a page of changes needs its tenant's, and it seldom changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use guidebook_domain::{Catalogue, TenantId};
use uuid::Uuid;

use super::Result;
use super::directory::Tenant;

/// The newest dictionary of each tenant that was asked for. Epoch and position name its content, so one that is here is
/// never out of date for who asks with them.
#[derive(Default)]
pub struct CatalogueCache(Mutex<HashMap<TenantId, Held>>);

/// A dictionary, by epoch and position.
type Held = (Uuid, u64, Arc<Catalogue>);

impl CatalogueCache {
    /// The tenant's dictionary, from memory or by `read` in the same transaction as `tenant`.
    pub fn get(&self, tenant: &Tenant, read: impl FnOnce() -> Result<Catalogue>) -> Result<Arc<Catalogue>> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant.id).cloned();
        if let Some((epoch, position, catalogue)) = held
            && (epoch, position) == (tenant.epoch, tenant.catalogue)
        {
            return Ok(catalogue);
        }
        let catalogue = Arc::new(read()?);
        let entry = (tenant.epoch, tenant.catalogue, Arc::clone(&catalogue));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant.id.clone(), entry);
        Ok(catalogue)
    }
}
