//! Terms in PostgreSQL. Days are text that sorts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use guidebook_domain::{GuideId, MemberId, TenantId};

use super::row::{PgTx, int, parsed, parsed_or_none, text};
use crate::db::Result;
use crate::db::terms::TermTx;

impl TermTx for PgTx<'_> {
    fn serving_term(&mut self, tenant: &TenantId, member: &MemberId, guide: &GuideId) -> Result<Option<NaiveDate>> {
        self.hold_member(tenant, member)?;
        let sql = "SELECT term FROM serves WHERE tenant = $1 AND member = $2 AND guide = $3 AND until_ms IS NULL";
        Ok(self.one(sql, &[&tenant.as_str(), &member.as_str(), &guide.as_str()], |row| parsed_or_none(row, 0))?.flatten())
    }

    fn serving_terms(&mut self, tenant: &TenantId, guide: &GuideId, members: &[MemberId]) -> Result<BTreeMap<MemberId, NaiveDate>> {
        let sql = "SELECT s.member, s.term FROM unnest($3::text[]) AS asked (member) JOIN serves s
            ON s.tenant = $1 AND s.member = asked.member AND s.guide = $2 AND s.until_ms IS NULL WHERE s.term IS NOT NULL";
        let members: Vec<&str> = members.iter().map(MemberId::as_str).collect();
        let found = self.many(sql, &[&tenant.as_str(), &guide.as_str(), &members], |row| Ok((parsed(row, 0)?, parsed(row, 1)?)))?;
        Ok(found.into_iter().collect())
    }

    fn set_serving_term(&mut self, tenant: &TenantId, member: &MemberId, guide: &GuideId, term: Option<NaiveDate>) -> Result<()> {
        self.hold_member(tenant, member)?;
        let sql = "UPDATE serves SET term = $4 WHERE tenant = $1 AND member = $2 AND guide = $3 AND until_ms IS NULL";
        self.run(sql, &[&tenant.as_str(), &member.as_str(), &guide.as_str(), &text(&term)])?;
        Ok(())
    }

    fn servings_past(&mut self, today: NaiveDate, limit: usize) -> Result<Vec<(TenantId, MemberId, GuideId, NaiveDate)>> {
        // Another server may be ending them: what it has in hand is not ended twice.
        let lock = if self.writes() { " FOR UPDATE SKIP LOCKED" } else { "" };
        let sql = format!(
            "SELECT tenant, member, guide, term FROM serves
            WHERE term IS NOT NULL AND term < $1 AND until_ms IS NULL ORDER BY term, tenant, guide, member LIMIT $2{lock}"
        );
        self.many(&sql, &[&today.to_string(), &int(limit)], |row| Ok((parsed(row, 0)?, parsed(row, 1)?, parsed(row, 2)?, parsed(row, 3)?)))
    }

    fn guides_past(&mut self, today: NaiveDate, limit: usize) -> Result<Vec<(TenantId, GuideId)>> {
        let sql = "SELECT tenant, id FROM guide
            WHERE until IS NOT NULL AND until < $1 AND left_day IS NULL ORDER BY until, tenant, id LIMIT $2";
        self.many(sql, &[&today.to_string(), &int(limit)], |row| Ok((parsed(row, 0)?, parsed(row, 1)?)))
    }
}
