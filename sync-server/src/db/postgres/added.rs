//! What an import adds: members, their phone numbers and who serves them, kept and written many at a time.
//!
//! Other rows refer to these, so they are written before any other statement, see [`PgTx::rows`], but for those few that
//! an import asks between one new member and the next and that cannot meet them.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{MemberId, Phone, TenantId};
use tokio_postgres::Row;

use super::held::HeldMember;
use super::row::{PgTx, each_of, get, int, parsed};
use super::settle::{ROWS, of_members};
use crate::db::members::{Member, Serving};
use crate::db::orders::{OrderTx, Purchases};
use crate::db::{Result, Write};
use crate::error::ServerError;

/// Rows that are still to be written, by tenant.
#[derive(Default)]
pub struct Added {
    /// Members, whose rows are held.
    pub members: BTreeMap<TenantId, Vec<MemberId>>,
    /// Numbers and whose they are.
    pub phones: BTreeMap<TenantId, Vec<(Phone, MemberId)>>,
    /// Bindings, and when each ended.
    pub servings: BTreeMap<TenantId, Vec<(MemberId, Serving, Option<u64>)>>,
}

/// What an import has looked up for all rows of a batch at once.
#[derive(Default)]
pub struct Foreseen {
    /// Whose each of these numbers is.
    pub phones: BTreeMap<(TenantId, Phone), BTreeSet<MemberId>>,
    /// What is known of the orders of those who are no members yet.
    pub purchases: BTreeMap<(TenantId, MemberId), Purchases>,
}

impl PgTx<'_> {
    /// Whether what is added is kept, to be written with more of it.
    fn keeps_added(&self) -> bool {
        self.what == Some(Write::Import)
    }

    /// Adds a member who has no row.
    pub(super) fn add_member(&mut self, tenant: &TenantId, member: &Member) -> Result<()> {
        let was_absent = self.held.absent.remove(&(tenant.clone(), member.id.clone()));
        let servings = Some(Vec::new()); // Nobody can serve one whose row only this transaction sees.
        let held = HeldMember { row: member.clone(), changed: false, servings, alias: was_absent.then_some(None) };
        self.held.members.insert((tenant.clone(), member.id.clone()), held);
        self.held.added.members.entry(tenant.clone()).or_default().push(member.id.clone());
        self.written_unless_kept()
    }

    /// Makes a look-up by `phone`, which is locked, find this member.
    pub(super) fn add_phone(&mut self, tenant: &TenantId, member: &MemberId, phone: &Phone) -> Result<()> {
        self.lock_phones(tenant, [phone])?;
        if let Some(known) = self.held.foreseen.phones.get_mut(&(tenant.clone(), phone.clone())) {
            known.insert(member.clone());
        }
        self.held.added.phones.entry(tenant.clone()).or_default().push((phone.clone(), member.clone()));
        self.written_unless_kept()
    }

    /// Adds a binding of a member and a guide who are held.
    pub(super) fn add_serving(&mut self, tenant: &TenantId, member: &MemberId, serving: &Serving, until_ms: Option<u64>) -> Result<()> {
        if let Some(held) = self.held_member(tenant, member)
            && let Some(servings) = held.servings.as_mut().filter(|_| until_ms.is_none())
        {
            let at = servings.partition_point(|other| other.guide < serving.guide);
            servings.insert(at, serving.clone());
        }
        self.held.added.servings.entry(tenant.clone()).or_default().push((member.clone(), serving.clone(), until_ms));
        self.written_unless_kept()
    }

    fn written_unless_kept(&mut self) -> Result<()> {
        if self.keeps_added() { Ok(()) } else { self.write_added() }
    }

    /// Writes what was kept.
    pub(super) fn write_added(&mut self) -> Result<()> {
        let Added { members, phones, servings } = std::mem::take(&mut self.held.added);
        for (tenant, members) in &members {
            members.chunks(ROWS).try_for_each(|members| self.write_added_members(tenant, members))?;
        }
        for (tenant, phones) in &phones {
            phones.chunks(ROWS).try_for_each(|phones| self.write_added_phones(tenant, phones))?;
        }
        for (tenant, servings) in &servings {
            servings.chunks(ROWS).try_for_each(|servings| self.write_added_servings(tenant, servings))?;
        }
        Ok(())
    }

    fn write_added_members(&mut self, tenant: &TenantId, members: &[MemberId]) -> Result<()> {
        let mut rows = Vec::with_capacity(members.len());
        for id in members {
            let held = self.held_member(tenant, id).ok_or(ServerError::Corrupt("a member"))?;
            held.changed = false;
            rows.push(held.row.clone());
        }
        let sql = "INSERT INTO member (tenant, id, profile, consents, stats, state, hq_tags, hq_guide, coupons, merged) SELECT $1, *
            FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[])";
        self.run_all(&[of_members(sql, tenant, &rows.iter().collect::<Vec<_>>())?]).map(drop)
    }

    fn write_added_phones(&mut self, tenant: &TenantId, rows: &[(Phone, MemberId)]) -> Result<()> {
        let sql =
            "INSERT INTO member_phone (tenant, phone, member) SELECT $1, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING";
        let phones: Vec<&str> = rows.iter().map(|(phone, _)| phone.expose()).collect();
        let members: Vec<&str> = rows.iter().map(|(_, member)| member.as_str()).collect();
        self.run(sql, &[&tenant.as_str(), &phones, &members])?;
        Ok(())
    }

    fn write_added_servings(&mut self, tenant: &TenantId, rows: &[(MemberId, Serving, Option<u64>)]) -> Result<()> {
        let sql = "INSERT INTO serves (tenant, member, guide, source, from_ms, until_ms, entered)
            SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])";
        let all = || rows.iter().map(|(_, serving, _)| serving);
        let members: Vec<&str> = rows.iter().map(|(member, _, _)| member.as_str()).collect();
        let guides: Vec<&str> = all().map(|serving| serving.guide.as_str()).collect();
        let sources: Vec<&str> = all().map(|serving| serving.source.as_str()).collect();
        let from: Vec<i64> = all().map(|serving| int(serving.from_ms)).collect();
        let until: Vec<Option<i64>> = rows.iter().map(|(_, _, until_ms)| until_ms.map(int)).collect();
        let entered: Vec<i64> = all().map(|serving| int(serving.entered)).collect();
        self.run(sql, &[&tenant.as_str(), &members, &guides, &sources, &from, &until, &entered])?;
        Ok(())
    }

    /// For an import: whose these numbers are, which are locked, and what is known of the orders of those of `members` who
    /// have no row, whose ids only an import could give out.
    pub(super) fn foresee(&mut self, tenant: &TenantId, phones: &BTreeSet<Phone>, members: &BTreeSet<MemberId>) -> Result<()> {
        if !self.keeps_added() {
            return Ok(());
        }
        if !phones.is_empty() {
            let sql = each_of("phone, member", "member_phone WHERE tenant = $1 AND phone = key OFFSET 0");
            let wanted: Vec<&str> = phones.iter().map(Phone::expose).collect();
            let phone = |row: &Row| Phone::parse(get(row, 0)?).map_err(|_| ServerError::Corrupt("a phone number"));
            let found = self.many(&sql, &[&tenant.as_str(), &wanted], |row| Ok((phone(row)?, parsed::<MemberId>(row, 1)?)))?;
            let foreseen = &mut self.held.foreseen.phones;
            foreseen.extend(phones.iter().map(|phone| ((tenant.clone(), phone.clone()), BTreeSet::new())));
            for (phone, member) in found {
                foreseen.entry((tenant.clone(), phone)).or_default().insert(member);
            }
        }
        let of_hq = members.iter().filter(|id| !id.is_walk_in());
        let absent: BTreeSet<MemberId> =
            of_hq.filter(|id| !self.held.members.contains_key(&(tenant.clone(), (*id).clone()))).cloned().collect();
        if !absent.is_empty() {
            let counted = self.purchases(tenant, &absent)?;
            self.held.foreseen.purchases.extend(counted.into_iter().map(|(id, counted)| ((tenant.clone(), id), counted)));
            self.held.absent.extend(absent.into_iter().map(|id| (tenant.clone(), id)));
        }
        Ok(())
    }
}
