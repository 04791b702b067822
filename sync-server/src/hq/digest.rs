//! The digest of what a guide's phone must hold, from the server's own rows: to be compared with the phone's.

use guidebook_domain::{GuideId, TenantId};
use guidebook_wire::digest::BookDigest;

use crate::db::{Database, DatabaseExt};
use crate::error::{ServerError, ServiceError};
use crate::service::catalogue;
use crate::service::visible::to_guide;

/// The digest of the members whom `guide` serves, as her phone is shown them.
pub fn digest_of(db: &dyn Database, tenant: &TenantId, guide: &GuideId) -> Result<String, ServiceError> {
    db.reading(|tx| {
        let found = tx.guide(tenant, guide)?.ok_or_else(|| ServiceError::not_found("guide"))?;
        let catalogue = catalogue(tx, tenant)?;
        let mut members = tx.members_of(tenant, guide)?;
        members.sort();
        let mut digest = BookDigest::default();
        for id in members {
            let member = tx.member(tenant, &id)?.ok_or(ServerError::Corrupt("a member who is served"))?;
            let record = to_guide(&member, None, &found, &catalogue);
            digest.add_state(&id, &record.state, &catalogue);
        }
        Ok(digest.finish())
    })
}
