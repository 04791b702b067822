//! HQ binds a guide to a member.

use guidebook_domain::{GuideId, MemberId, TenantId};
use guidebook_wire::ErrorCode;
use serde_json::json;

use super::tell::log_hq;
use crate::db::{Database, DatabaseExt, Write};
use crate::error::ServiceError;
use crate::service::{merging, serving};

/// `guide` serves `member` from now on, beside whoever does already; whether she did not before.
pub fn assign(db: &dyn Database, tenant: &TenantId, member: &MemberId, guide: &GuideId, now_ms: u64) -> Result<bool, ServiceError> {
    db.writing(Write::Ownership, |tx| {
        let member = merging::stands_for(tx, tenant, member)?.unwrap_or_else(|| member.clone());
        tx.member(tenant, &member)?.ok_or_else(|| ServiceError::not_found("member"))?;
        let found = tx.guide(tenant, guide)?.ok_or_else(|| ServiceError::not_found("guide"))?;
        if found.left.is_some() {
            return Err(ServiceError::about(ErrorCode::Conflict, "guide", "has left"));
        }
        let fresh = serving::start(tx, tenant, &member, guide, "hq", now_ms)?;
        if fresh {
            log_hq(tx, tenant, Some(&member), "assign", json!({ "guide": guide }), now_ms)?;
        }
        Ok(fresh)
    })
}
