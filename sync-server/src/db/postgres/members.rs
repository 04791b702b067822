//! Members, aliases and who serves whom in PostgreSQL.
//!
//! In a transaction that writes, whatever is asked about a member locks her row first, so that merges, handovers and
//! edits of one member follow one another.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{GuideId, MemberId, MemberState, Phone, TenantId};
use tokio_postgres::Row;

use super::held::HeldMember;
use super::row::{PgTx, each_of, get, int, json, number, parsed, parsed_or_none};
use crate::db::Result;
use crate::db::members::{Member, MemberTx, Serving};
use crate::db::orders::Purchases;

pub(super) const MEMBER: &str = "id, profile, consents, stats, state, hq_tags, hq_guide, coupons, merged";

impl MemberTx for PgTx<'_> {
    fn member(&mut self, tenant: &TenantId, id: &MemberId) -> Result<Option<Member>> {
        if self.locks_members() {
            return Ok(self.hold_member(tenant, id)?.map(|held| held.row.clone()));
        }
        if let Some(held) = self.held.members.get(&(tenant.clone(), id.clone())) {
            return Ok(Some(held.row.clone()));
        }
        let sql = format!("SELECT {MEMBER} FROM member WHERE tenant = $1 AND id = $2");
        self.one(&sql, &[&tenant.as_str(), &id.as_str()], member)
    }

    fn state(&mut self, tenant: &TenantId, id: &MemberId) -> Result<Option<MemberState>> {
        if self.locks_members() {
            return Ok(self.hold_member(tenant, id)?.map(|held| held.row.state.clone()));
        }
        if let Some(held) = self.held_member(tenant, id) {
            return Ok(Some(held.row.state.clone()));
        }
        let sql = "SELECT state FROM member WHERE tenant = $1 AND id = $2";
        self.one(sql, &[&tenant.as_str(), &id.as_str()], |row| json(row, 0))
    }

    fn put_state(&mut self, tenant: &TenantId, id: &MemberId, state: &MemberState) -> Result<()> {
        if let Some(held) = self.hold_member(tenant, id)? {
            (held.row.state, held.changed) = (state.clone(), true);
        }
        Ok(())
    }

    fn counted(&mut self, tenant: &TenantId, ids: &BTreeSet<MemberId>) -> Result<BTreeMap<MemberId, Purchases>> {
        self.hold_members(tenant, ids)?;
        let held = ids.iter().filter_map(|id| self.held.members.get_key_value(&(tenant.clone(), id.clone())));
        Ok(held.map(|((_, id), held)| (id.clone(), held.row.stats.clone())).collect())
    }

    fn put_counted(&mut self, tenant: &TenantId, id: &MemberId, counted: &Purchases) -> Result<()> {
        if let Some(held) = self.hold_member(tenant, id)? {
            (held.row.stats, held.changed) = (counted.clone(), true);
        }
        Ok(())
    }

    fn put_member(&mut self, tenant: &TenantId, member: &Member) -> Result<()> {
        let found = |member: &Member| member.profile.phone.clone().filter(|_| !member.merged);
        let Some(held) = self.hold_member(tenant, &member.id)? else {
            self.add_member(tenant, member)?;
            return found(member).map_or(Ok(()), |phone| self.add_phone(tenant, &member.id, &phone));
        };
        let before = found(&held.row);
        (held.row, held.changed) = (member.clone(), true);
        if before == found(member) { Ok(()) } else { self.index_phone(tenant, &member.id, found(member)) }
    }

    fn members_after(&mut self, tenant: &TenantId, after: Option<&MemberId>, limit: usize) -> Result<Vec<Member>> {
        self.write_members()?;
        let sql = format!("SELECT {MEMBER} FROM member WHERE tenant = $1 AND id > $2 AND NOT merged ORDER BY id LIMIT $3");
        self.many(&sql, &[&tenant.as_str(), &after.map_or("", MemberId::as_str), &int(limit)], member)
    }

    fn members_of_phone(&mut self, tenant: &TenantId, phone: &Phone) -> Result<Vec<MemberId>> {
        self.lock_phones(tenant, [phone])?;
        if let Some(known) = self.held.foreseen.phones.get(&(tenant.clone(), phone.clone())) {
            return Ok(known.iter().cloned().collect());
        }
        let sql = "SELECT member FROM member_phone WHERE tenant = $1 AND phone = $2 ORDER BY member";
        self.many(sql, &[&tenant.as_str(), &phone.expose()], |row| parsed(row, 0))
    }

    fn alias(&mut self, tenant: &TenantId, loser: &MemberId) -> Result<Option<MemberId>> {
        if let Some(alias) = self.hold_member(tenant, loser)?.and_then(|held| held.alias.clone()) {
            return Ok(alias);
        }
        if self.held.absent.contains(&(tenant.clone(), loser.clone())) {
            return Ok(None);
        }
        let sql = "SELECT winner FROM alias WHERE tenant = $1 AND loser = $2";
        // The row of an id that never was a member's own can't be locked, but its alias can.
        let sql = if self.locks_members() { format!("{sql} FOR SHARE") } else { sql.to_owned() };
        let alias = self.one(&sql, &[&tenant.as_str(), &loser.as_str()], |row| parsed(row, 0))?;
        self.note_alias(tenant, loser, alias.clone());
        Ok(alias)
    }

    fn losers_of(&mut self, tenant: &TenantId, winner: &MemberId) -> Result<Vec<MemberId>> {
        self.hold_member(tenant, winner)?;
        let sql = "SELECT loser FROM alias WHERE tenant = $1 AND winner = $2 ORDER BY loser";
        self.many(sql, &[&tenant.as_str(), &winner.as_str()], |row| parsed(row, 0))
    }

    fn put_alias(&mut self, tenant: &TenantId, loser: &MemberId, winner: &MemberId, at_ms: u64) -> Result<()> {
        self.hold_member(tenant, loser)?;
        self.held.absent.remove(&(tenant.clone(), loser.clone()));
        let sql = "INSERT INTO alias (tenant, loser, winner, at_ms) VALUES ($1, $2, $3, $4)";
        self.run(sql, &[&tenant.as_str(), &loser.as_str(), &winner.as_str(), &int(at_ms)])?;
        self.note_alias(tenant, loser, Some(winner.clone()));
        Ok(())
    }

    fn remove_alias(&mut self, tenant: &TenantId, loser: &MemberId) -> Result<()> {
        self.hold_member(tenant, loser)?;
        self.run("DELETE FROM alias WHERE tenant = $1 AND loser = $2", &[&tenant.as_str(), &loser.as_str()])?;
        self.note_alias(tenant, loser, None);
        Ok(())
    }

    fn servings(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Vec<Serving>> {
        if let Some(servings) = self.hold_member(tenant, member)?.and_then(|held| held.servings.clone()) {
            return Ok(servings);
        }
        let sql =
            "SELECT guide, source, from_ms, entered FROM serves WHERE tenant = $1 AND member = $2 AND until_ms IS NULL ORDER BY guide";
        let servings = self.many(sql, &[&tenant.as_str(), &member.as_str()], |row| serving(row, 0))?;
        if let Some(held) = self.held_member(tenant, member) {
            held.servings = Some(servings.clone());
        }
        Ok(servings)
    }

    fn serves(&mut self, tenant: &TenantId, member: &MemberId, guide: &GuideId, since_ms: Option<u64>) -> Result<bool> {
        let Some(since_ms) = since_ms else {
            return Ok(self.servings(tenant, member)?.iter().any(|serving| serving.guide == *guide));
        };
        self.hold_member(tenant, member)?;
        let sql = "SELECT 1 FROM serves WHERE tenant = $1 AND member = $2 AND guide = $3 AND (until_ms IS NULL OR until_ms >= $4) LIMIT 1";
        Ok(!self.rows(sql, &[&tenant.as_str(), &member.as_str(), &guide.as_str(), &int(since_ms)])?.is_empty())
    }

    fn members_of(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<Vec<MemberId>> {
        self.hold_guides(tenant, &BTreeSet::from([guide.clone()]))?;
        let sql = "SELECT member FROM serves WHERE tenant = $1 AND guide = $2 AND until_ms IS NULL ORDER BY member";
        self.many(sql, &[&tenant.as_str(), &guide.as_str()], |row| parsed(row, 0))
    }

    fn put_serving(&mut self, tenant: &TenantId, member: &MemberId, serving: &Serving, until_ms: Option<u64>) -> Result<()> {
        self.hold_member(tenant, member)?;
        self.hold_guides(tenant, &BTreeSet::from([serving.guide.clone()]))?;
        self.add_serving(tenant, member, serving, until_ms)
    }

    fn end_serving(&mut self, tenant: &TenantId, member: &MemberId, guide: &GuideId, until_ms: u64) -> Result<bool> {
        self.hold_member(tenant, member)?;
        let sql = "UPDATE serves SET until_ms = $4 WHERE tenant = $1 AND member = $2 AND guide = $3 AND until_ms IS NULL";
        let ended = self.run(sql, &[&tenant.as_str(), &member.as_str(), &guide.as_str(), &int(until_ms)])?;
        self.forget_servings(tenant, member);
        Ok(ended == 1)
    }
}

impl PgTx<'_> {
    /// Locks the rows of these members, those of them who have one, in the order of their ids.
    pub(super) fn hold_members(&mut self, tenant: &TenantId, members: &BTreeSet<MemberId>) -> Result<()> {
        let known = |key| self.held.members.contains_key(&key) || self.held.absent.contains(&key);
        let missing = members.iter().filter(|id| !known((tenant.clone(), (*id).clone())));
        let missing: Vec<&str> = missing.map(MemberId::as_str).collect();
        if missing.is_empty() {
            return Ok(());
        }
        // Not FOR UPDATE: whoever adds a row that refers to a member need not wait.
        let sql = each_of(MEMBER, "member WHERE tenant = $1 AND id = key FOR NO KEY UPDATE");
        for row in self.many(&sql, &[&tenant.as_str(), &missing], member)? {
            self.keep_member(tenant, row);
        }
        Ok(())
    }

    /// Takes note of a member whose row does not change under this transaction.
    pub(super) fn keep_member(&mut self, tenant: &TenantId, row: Member) {
        let held = HeldMember { row, changed: false, servings: None, alias: None };
        self.held.members.insert((tenant.clone(), held.row.id.clone()), held);
    }

    /// The member, locked, if this transaction locks members and she has a row.
    pub(super) fn hold_member(&mut self, tenant: &TenantId, id: &MemberId) -> Result<Option<&mut HeldMember>> {
        if self.locks_members() && self.held_member(tenant, id).is_none() {
            self.hold_members(tenant, &BTreeSet::from([id.clone()]))?;
        }
        Ok(self.held_member(tenant, id))
    }

    /// The member, if this transaction holds her.
    pub(super) fn held_member(&mut self, tenant: &TenantId, id: &MemberId) -> Option<&mut HeldMember> {
        self.held.members.get_mut(&(tenant.clone(), id.clone()))
    }

    fn note_alias(&mut self, tenant: &TenantId, loser: &MemberId, alias: Option<MemberId>) {
        if let Some(held) = self.held_member(tenant, loser) {
            held.alias = Some(alias);
        }
    }

    fn forget_servings(&mut self, tenant: &TenantId, member: &MemberId) {
        if let Some(held) = self.held_member(tenant, member) {
            held.servings = None;
        }
    }

    /// Makes a look-up by phone find this member under `phone` and no other.
    fn index_phone(&mut self, tenant: &TenantId, member: &MemberId, phone: Option<Phone>) -> Result<()> {
        self.lock_phones(tenant, &phone)?;
        self.held.foreseen.phones.clear();
        let sql = "DELETE FROM member_phone WHERE tenant = $1 AND member = $2 AND phone IS DISTINCT FROM $3";
        self.run(sql, &[&tenant.as_str(), &member.as_str(), &phone.as_ref().map(Phone::expose)])?;
        phone.map_or(Ok(()), |phone| self.add_phone(tenant, member, &phone))
    }
}

/// A row of `member`.
pub(super) fn member(row: &Row) -> Result<Member> {
    Ok(Member {
        id: parsed(row, 0)?,
        profile: json(row, 1)?,
        consents: json(row, 2)?,
        stats: json(row, 3)?,
        state: json(row, 4)?,
        hq_tags: json(row, 5)?,
        hq_guide: parsed_or_none(row, 6)?,
        coupons: json(row, 7)?,
        merged: get(row, 8)?,
    })
}

/// Guide, source, beginning and entry of a row of `serves`.
pub(super) fn serving(row: &Row, first: usize) -> Result<Serving> {
    let (source, from_ms, entered) = (get(row, first + 1)?, number(row, first + 2)?, number(row, first + 3)?);
    Ok(Serving { guide: parsed(row, first)?, source, from_ms, entered })
}
