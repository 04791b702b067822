//! HQ binds a guide to a member.

use chrono::NaiveDate;
use guidebook_domain::{GuideId, MemberId, TenantId};
use guidebook_wire::MemberRecord;
use serde_json::json;

use super::tell::log_hq;
use super::terms::refuse_past;
use crate::db::feeds::EntityKind;
use crate::db::{Database, DatabaseExt, Write};
use crate::error::ServiceError;
use crate::service::feeding::{self, News};
use crate::service::leaving::refuse_left;
use crate::service::{merging, serving};

/// `guide` serves `member` from now on, beside whoever does already; whether she did not before.
pub fn assign(db: &dyn Database, tenant: &TenantId, member: &MemberId, guide: &GuideId, now_ms: u64) -> Result<bool, ServiceError> {
    assign_until(db, tenant, member, guide, None, now_ms)
}

/// The same up to and with a last day, if one is given; whether anything changed. Who serves the member already gets this
/// last day, or none, instead of the one she had.
pub fn assign_until(
    db: &dyn Database,
    tenant: &TenantId,
    member: &MemberId,
    guide: &GuideId,
    until: Option<NaiveDate>,
    now_ms: u64,
) -> Result<bool, ServiceError> {
    refuse_past(until, now_ms)?;
    db.writing(Write::Ownership, |tx| {
        let member = merging::stands_for(tx, tenant, member)?.unwrap_or_else(|| member.clone());
        tx.member(tenant, &member)?.ok_or_else(|| ServiceError::not_found("member"))?;
        let found = tx.guide(tenant, guide)?.ok_or_else(|| ServiceError::not_found("guide"))?;
        refuse_left(&found, now_ms)?;
        let begun = serving::start(tx, tenant, &member, guide, "hq", now_ms)?;
        let another_day = tx.serving_term(tenant, &member, guide)? != until;
        if another_day {
            tx.set_serving_term(tenant, &member, guide, until)?;
        }
        if another_day && !begun {
            let news = [MemberRecord::until_path()];
            feeding::put(tx, tenant, guide, EntityKind::Member, member.as_str(), News::Fields(&news))?;
        }
        let changed = begun || another_day;
        if changed {
            log_hq(tx, tenant, Some(&member), "assign", json!({ "guide": guide, "until": until }), now_ms)?;
        }
        Ok(changed)
    })
}
