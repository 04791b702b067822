//! Terms in SQLite. Days are text that sorts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use guidebook_domain::{GuideId, MemberId, TenantId};
use rusqlite::params;

use super::row::{SqliteTx, parsed, parsed_or_none, text, to_json};
use crate::db::Result;
use crate::db::terms::TermTx;

impl TermTx for SqliteTx<'_> {
    fn serving_term(&mut self, tenant: &TenantId, member: &MemberId, guide: &GuideId) -> Result<Option<NaiveDate>> {
        let sql = "SELECT term FROM serves WHERE tenant = ?1 AND member = ?2 AND guide = ?3 AND until_ms IS NULL";
        Ok(self.one(sql, [tenant.as_str(), member.as_str(), guide.as_str()], |row| parsed_or_none(row, 0))?.flatten())
    }

    fn serving_terms(&mut self, tenant: &TenantId, guide: &GuideId, members: &[MemberId]) -> Result<BTreeMap<MemberId, NaiveDate>> {
        let sql = "SELECT s.member, s.term FROM json_each(?3) AS asked CROSS JOIN serves s
            ON s.tenant = ?1 AND s.member = asked.value AND s.guide = ?2 AND s.until_ms IS NULL WHERE s.term IS NOT NULL";
        let found = self.many(sql, [tenant.as_str(), guide.as_str(), &to_json(&members)?], |row| Ok((parsed(row, 0)?, parsed(row, 1)?)))?;
        Ok(found.into_iter().collect())
    }

    fn set_serving_term(&mut self, tenant: &TenantId, member: &MemberId, guide: &GuideId, term: Option<NaiveDate>) -> Result<()> {
        let sql = "UPDATE serves SET term = ?4 WHERE tenant = ?1 AND member = ?2 AND guide = ?3 AND until_ms IS NULL";
        self.run(sql, params![tenant.as_str(), member.as_str(), guide.as_str(), text(&term)])?;
        Ok(())
    }

    fn servings_past(&mut self, today: NaiveDate, limit: usize) -> Result<Vec<(TenantId, MemberId, GuideId, NaiveDate)>> {
        let sql = "SELECT tenant, member, guide, term FROM serves
            WHERE term IS NOT NULL AND term < ?1 AND until_ms IS NULL ORDER BY term, tenant, guide, member LIMIT ?2";
        self.many(sql, params![today.to_string(), limit], |row| Ok((parsed(row, 0)?, parsed(row, 1)?, parsed(row, 2)?, parsed(row, 3)?)))
    }

    fn guides_past(&mut self, today: NaiveDate, limit: usize) -> Result<Vec<(TenantId, GuideId)>> {
        let sql = "SELECT tenant, id FROM guide
            WHERE until IS NOT NULL AND until < ?1 AND left_day IS NULL ORDER BY until, tenant, id LIMIT ?2";
        self.many(sql, params![today.to_string(), limit], |row| Ok((parsed(row, 0)?, parsed(row, 1)?)))
    }
}
