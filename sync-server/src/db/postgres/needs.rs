//! What a transaction will need, locked and read in one go and in one order.

use std::collections::BTreeSet;

use guidebook_domain::{GuideId, MemberId, OperationId, TenantId};

use super::members::{MEMBER, member};
use super::operations::operation;
use super::row::{PgTx, each_of, parsed};
use crate::db::Result;
use crate::db::needs::{Needs, NeedsTx};

impl NeedsTx for PgTx<'_> {
    fn gather(&mut self, tenant: &TenantId, needs: &Needs) -> Result<()> {
        if !self.locks_members() {
            self.hold_guides(tenant, &needs.guides)?;
            self.hold_feeds(tenant, &needs.feeds)?;
            return self.read_ahead(tenant, &needs.members);
        }
        self.hold_guides(tenant, &needs.guides)?;
        self.find_operations(tenant, &needs.operations)?;
        self.lock_phones(tenant, &needs.phones)?;
        let members = self.stand_for(tenant, &needs.members)?;
        self.hold_members(tenant, &members)?;
        self.foresee(tenant, &needs.phones, &members)?;
        self.hold_relations(tenant, &members)?;
        let mut tells = self.told_of(tenant, &members);
        tells.extend(needs.feeds.iter().flat_map(|guide| members.iter().map(|member| (guide.clone(), member.clone()))));
        tells.extend(needs.tells.iter().cloned());
        let feeds = tells.iter().map(|(guide, _)| guide).chain(&needs.feeds).cloned().collect();
        self.hold_feeds(tenant, &feeds)?;
        self.find_feed_rows(tenant, &tells)
    }
}

impl PgTx<'_> {
    /// Members for a reader, whose snapshot does not change, or for a page, see [`PgTx::locks_members`].
    fn read_ahead(&mut self, tenant: &TenantId, members: &BTreeSet<MemberId>) -> Result<()> {
        if members.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = members.iter().map(MemberId::as_str).collect();
        let sql = each_of(MEMBER, "member WHERE tenant = $1 AND id = key OFFSET 0");
        for row in self.many(&sql, &[&tenant.as_str(), &ids], member)? {
            self.keep_member(tenant, row);
        }
        Ok(())
    }

    fn find_operations(&mut self, tenant: &TenantId, wanted: &BTreeSet<OperationId>) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        let columns = "id, device, sent_to, sent_hlc, operation, outcome, position, received_ms";
        let sql = each_of(columns, "operation WHERE tenant = $1 AND id = key OFFSET 0");
        let found = self.many(&sql, &[&tenant.as_str(), &ids], operation)?;
        self.held.operations.extend(wanted.iter().map(|id| ((tenant.clone(), *id), None)));
        self.held.operations.extend(found.into_iter().map(|stored| ((tenant.clone(), stored.id), Some(stored))));
        Ok(())
    }

    /// These members and all whom they stand for.
    fn stand_for(&mut self, tenant: &TenantId, members: &BTreeSet<MemberId>) -> Result<BTreeSet<MemberId>> {
        if members.is_empty() {
            return Ok(BTreeSet::new());
        }
        let ids: Vec<&str> = members.iter().map(MemberId::as_str).collect();
        let sql = "WITH RECURSIVE chain (id) AS (
                SELECT unnest($2::text[]) COLLATE \"C\"
                UNION SELECT alias.winner FROM alias JOIN chain ON alias.tenant = $1 AND alias.loser = chain.id
            ) SELECT id FROM chain";
        Ok(self.many(sql, &[&tenant.as_str(), &ids], |row| parsed(row, 0))?.into_iter().collect())
    }

    /// Who serves the members that are held, and whom they were merged into.
    fn hold_relations(&mut self, tenant: &TenantId, members: &BTreeSet<MemberId>) -> Result<()> {
        let key = |member: &MemberId| (tenant.clone(), member.clone());
        let held: Vec<&str> = members.iter().filter(|id| self.held.members.contains_key(&key(id))).map(MemberId::as_str).collect();
        if held.is_empty() {
            return Ok(());
        }
        let of_her = "serves WHERE tenant = $1 AND member = key AND until_ms IS NULL ORDER BY guide OFFSET 0";
        let sql = each_of("member, guide, source, from_ms, entered", of_her);
        let servings =
            self.many(&sql, &[&tenant.as_str(), &held], |row| Ok((parsed::<MemberId>(row, 0)?, super::members::serving(row, 1)?)))?;
        let sql = each_of("loser, winner", "alias WHERE tenant = $1 AND loser = key FOR SHARE");
        let aliases = self.many(&sql, &[&tenant.as_str(), &held], |row| Ok((parsed::<MemberId>(row, 0)?, parsed(row, 1)?)))?;
        for member in members {
            if let Some(held) = self.held.members.get_mut(&key(member)) {
                (held.servings, held.alias) = (Some(Vec::new()), Some(None));
            }
        }
        for (member, serving) in servings {
            if let Some(servings) = self.held.members.get_mut(&key(&member)).and_then(|held| held.servings.as_mut()) {
                servings.push(serving);
            }
        }
        for (loser, winner) in aliases {
            if let Some(held) = self.held.members.get_mut(&key(&loser)) {
                held.alias = Some(Some(winner));
            }
        }
        Ok(())
    }

    /// Which guides' feeds are told of a change of which of these members.
    fn told_of(&self, tenant: &TenantId, members: &BTreeSet<MemberId>) -> BTreeSet<(GuideId, MemberId)> {
        let servings = |member: &MemberId| self.held.members.get(&(tenant.clone(), member.clone()))?.servings.as_ref();
        let told = |member| servings(member).into_iter().flatten().map(move |serving| (serving.guide.clone(), MemberId::clone(member)));
        members.iter().flat_map(told).collect()
    }
}
