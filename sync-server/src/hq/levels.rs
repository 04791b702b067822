//! Levels of guides, in HQ's words: some campaigns are for guides of some levels.

use guidebook_domain::{GuideId, TenantId};
use serde_json::json;

use super::tell::log_hq;
use crate::db::directory::Guide;
use crate::db::{Database, DatabaseExt, Write};
use crate::error::ServiceError;
use crate::service::feeding;

/// The longest name of a level, in characters.
const LONGEST: usize = 20;

/// Sets a guide's level, or takes it away. Her phones learn of it with their next round.
///
/// Errors: `not_found`, `invalid`.
pub fn set_guide_level(db: &dyn Database, tenant: &TenantId, id: &GuideId, level: Option<&str>, now_ms: u64) -> Result<(), ServiceError> {
    let level = level.map(str::trim);
    if level.is_some_and(|level| level.is_empty() || level.chars().count() > LONGEST || level.chars().any(char::is_control)) {
        return Err(ServiceError::invalid("level", format!("1 to {LONGEST} characters")));
    }
    db.writing(Write::Ownership, |tx| {
        let guide = tx.guide(tenant, id)?.ok_or_else(|| ServiceError::not_found("guide"))?;
        if guide.level.as_deref() == level {
            return Ok(());
        }
        log_hq(tx, tenant, None, "guide_level", json!({ "guide": id, "level": level }), now_ms)?;
        tx.put_guide(tenant, &Guide { level: level.map(str::to_owned), ..guide })?;
        Ok(feeding::nudge(tx, tenant, id)?)
    })
}
