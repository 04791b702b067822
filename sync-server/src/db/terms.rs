//! Bindings and guides that end by themselves. A term is a last day, by the calendar of Asia/Shanghai.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use guidebook_domain::{GuideId, MemberId, TenantId};

use super::Result;

/// Rows that have a term.
pub trait TermTx {
    /// The term of the binding of today; none if there is no binding or no term.
    fn serving_term(&mut self, tenant: &TenantId, member: &MemberId, guide: &GuideId) -> Result<Option<NaiveDate>>;
    /// The terms of the bindings of today of these members to one guide, in one statement; those without one are left out.
    fn serving_terms(&mut self, tenant: &TenantId, guide: &GuideId, members: &[MemberId]) -> Result<BTreeMap<MemberId, NaiveDate>>;
    /// Sets or takes away the term of the binding of today.
    fn set_serving_term(&mut self, tenant: &TenantId, member: &MemberId, guide: &GuideId, term: Option<NaiveDate>) -> Result<()>;
    /// Bindings of today, of all retailers, whose term lies before `today`, at most `limit`.
    fn servings_past(&mut self, today: NaiveDate, limit: usize) -> Result<Vec<(TenantId, MemberId, GuideId, NaiveDate)>>;
    /// Guides of all retailers who have not left and whose last day lies before `today`, at most `limit`.
    fn guides_past(&mut self, today: NaiveDate, limit: usize) -> Result<Vec<(TenantId, GuideId)>>;
}
