//! What a transaction that writes knows already. There is one writer and this is it, so nothing that was read once can
//! be another meanwhile: a push of a thousand edits asks for receipts, merges and servings in one statement each, and
//! writes a feed's head once.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{GuideId, MemberId, OperationId, Phone, TenantId};
use rusqlite::params;

use super::row::{SqliteTx, parsed, to_json};
use crate::db::feeds::FeedHead;
use crate::db::members::Serving;
use crate::db::needs::{Needs, NeedsTx};
use crate::db::{Result, Write};

/// What is known, by tenant and id. Empty in a transaction that reads.
#[derive(Default)]
pub(in crate::db) struct Held {
    /// What is written; nothing in a transaction that reads.
    what: Option<Write>,
    /// Heads of feeds, and whether they are still to be written.
    pub heads: BTreeMap<(TenantId, GuideId), (FeedHead, bool)>,
    /// Operations that are not there.
    pub unheard: BTreeSet<(TenantId, OperationId)>,
    /// Members who were not merged into anybody.
    pub unmerged: BTreeSet<(TenantId, MemberId)>,
    /// Who serves a member today.
    pub servings: BTreeMap<(TenantId, MemberId), Vec<Serving>>,
    /// The phone under which a look-up finds a member; none for one who is not there.
    pub phones: BTreeMap<(TenantId, MemberId), Option<Phone>>,
    /// The newest line of the change log.
    pub newest_line: BTreeMap<TenantId, u64>,
}

impl Held {
    /// Nothing yet, in a transaction that writes this.
    pub fn writing(what: Write) -> Self {
        Held { what: Some(what), ..Held::default() }
    }

    /// Whether the transaction writes.
    pub fn writes(&self) -> bool {
        self.what.is_some()
    }
}

impl NeedsTx for SqliteTx<'_> {
    fn gather(&mut self, tenant: &TenantId, needs: &Needs) -> Result<()> {
        // A page only reads members; what it writes is what went to the device.
        if matches!(self.held.what, None | Some(Write::Page)) {
            return Ok(());
        }
        self.find_operations(tenant, &needs.operations)?;
        self.find_merged(tenant, &needs.members)?;
        self.find_servings(tenant, &needs.members)
    }
}

impl SqliteTx<'_> {
    fn find_operations(&mut self, tenant: &TenantId, wanted: &BTreeSet<OperationId>) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let sql = "SELECT id FROM operation WHERE tenant = ?1 AND id IN (SELECT value FROM json_each(?2))";
        let found: BTreeSet<OperationId> =
            self.many(sql, params![tenant.as_str(), to_json(wanted)?], |row| parsed(row, 0))?.into_iter().collect();
        self.held.unheard.extend(wanted.difference(&found).map(|id| (tenant.clone(), *id)));
        Ok(())
    }

    fn find_merged(&mut self, tenant: &TenantId, wanted: &BTreeSet<MemberId>) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let sql = "SELECT loser FROM alias WHERE tenant = ?1 AND loser IN (SELECT value FROM json_each(?2))";
        let found: BTreeSet<MemberId> =
            self.many(sql, params![tenant.as_str(), to_json(wanted)?], |row| parsed(row, 0))?.into_iter().collect();
        self.held.unmerged.extend(wanted.difference(&found).map(|id| (tenant.clone(), id.clone())));
        Ok(())
    }

    fn find_servings(&mut self, tenant: &TenantId, wanted: &BTreeSet<MemberId>) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        // The order of the join is written out: without statistics the planner takes a tenant for ten rows.
        let sql = "SELECT serves.member, guide, source, from_ms, entered FROM json_each(?2) AS wanted CROSS JOIN serves
            ON serves.tenant = ?1 AND serves.member = wanted.value AND until_ms IS NULL ORDER BY serves.member, guide";
        let found = self.many(sql, params![tenant.as_str(), to_json(wanted)?], |row| {
            let serving = Serving { guide: parsed(row, 1)?, source: row.get(2)?, from_ms: row.get(3)?, entered: row.get(4)? };
            Ok((parsed::<MemberId>(row, 0)?, serving))
        })?;
        let nobody = wanted.iter().map(|id| ((tenant.clone(), id.clone()), Vec::new()));
        self.held.servings.extend(nobody);
        for (member, serving) in found {
            self.held.servings.entry((tenant.clone(), member)).or_default().push(serving);
        }
        Ok(())
    }

    /// Writes the heads of feeds that were moved.
    pub(in crate::db) fn settle_heads(&mut self) -> Result<()> {
        let sql = "INSERT INTO feed_head (tenant, guide, position, sums) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (tenant, guide) DO UPDATE SET position = ?3, sums = ?4";
        let mut heads = std::mem::take(&mut self.held.heads);
        for ((tenant, guide), (head, moved)) in heads.iter_mut().filter(|(_, (_, moved))| *moved) {
            self.run(sql, params![tenant.as_str(), guide.as_str(), head.position, head.sums.to_bytes()])?;
            *moved = false;
        }
        self.held.heads = heads;
        Ok(())
    }
}
