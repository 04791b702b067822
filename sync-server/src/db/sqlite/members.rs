//! Members, aliases and who serves whom in SQLite.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{GuideId, MemberId, MemberState, Phone, TenantId};
use rusqlite::{Row, params};

use super::row::{SqliteTx, json, parsed, parsed_or_none, text, to_json};
use crate::db::Result;
use crate::db::members::{Member, MemberTx, Serving};
use crate::db::orders::Purchases;

const MEMBER: &str = "id, profile, consents, stats, state, hq_tags, hq_guide, coupons, merged";

impl MemberTx for SqliteTx<'_> {
    fn member(&mut self, tenant: &TenantId, id: &MemberId) -> Result<Option<Member>> {
        let sql = format!("SELECT {MEMBER} FROM member WHERE tenant = ?1 AND id = ?2");
        let found = self.one(&sql, [tenant.as_str(), id.as_str()], member)?;
        if self.held.writes() {
            self.held.phones.insert((tenant.clone(), id.clone()), found.as_ref().and_then(looked_up_by));
        }
        Ok(found)
    }

    fn state(&mut self, tenant: &TenantId, id: &MemberId) -> Result<Option<MemberState>> {
        let sql = "SELECT state FROM member WHERE tenant = ?1 AND id = ?2";
        self.one(sql, [tenant.as_str(), id.as_str()], |row| json(row, 0))
    }

    fn put_state(&mut self, tenant: &TenantId, id: &MemberId, state: &MemberState) -> Result<()> {
        let sql = "UPDATE member SET state = ?3 WHERE tenant = ?1 AND id = ?2";
        self.run(sql, [tenant.as_str(), id.as_str(), &to_json(state)?])?;
        Ok(())
    }

    fn counted(&mut self, tenant: &TenantId, ids: &BTreeSet<MemberId>) -> Result<BTreeMap<MemberId, Purchases>> {
        let mut found = BTreeMap::new();
        for id in ids {
            let sql = "SELECT stats FROM member WHERE tenant = ?1 AND id = ?2";
            let counted = self.one(sql, [tenant.as_str(), id.as_str()], |row| json(row, 0))?;
            found.extend(counted.map(|counted| (id.clone(), counted)));
        }
        Ok(found)
    }

    fn put_counted(&mut self, tenant: &TenantId, id: &MemberId, counted: &Purchases) -> Result<()> {
        let sql = "UPDATE member SET stats = ?3 WHERE tenant = ?1 AND id = ?2";
        self.run(sql, [tenant.as_str(), id.as_str(), &to_json(counted)?])?;
        Ok(())
    }

    fn put_member(&mut self, tenant: &TenantId, member: &Member) -> Result<()> {
        let sql = "INSERT INTO member (tenant, id, profile, consents, stats, state, hq_tags, hq_guide, coupons, merged)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?10, ?9)
            ON CONFLICT (tenant, id) DO UPDATE
            SET profile = ?3, consents = ?4, stats = ?5, state = ?6, hq_tags = ?7, hq_guide = ?8, coupons = ?10, merged = ?9";
        let Member { id, profile, consents, stats, state, hq_tags, hq_guide, coupons, merged } = member;
        let (profile_json, consents, stats) = (to_json(profile)?, to_json(consents)?, to_json(stats)?);
        let values = params![
            tenant.as_str(),
            id.as_str(),
            profile_json,
            consents,
            stats,
            to_json(state)?,
            to_json(hq_tags)?,
            text(hq_guide),
            merged,
            to_json(coupons)?
        ];
        self.run(sql, values)?;
        self.index_phone(tenant, member)
    }

    fn members_after(&mut self, tenant: &TenantId, after: Option<&MemberId>, limit: usize) -> Result<Vec<Member>> {
        let sql = format!("SELECT {MEMBER} FROM member WHERE tenant = ?1 AND id > ?2 AND NOT merged ORDER BY id LIMIT ?3");
        self.many(&sql, params![tenant.as_str(), after.map_or("", MemberId::as_str), limit], member)
    }

    fn members_of_phone(&mut self, tenant: &TenantId, phone: &Phone) -> Result<Vec<MemberId>> {
        let sql = "SELECT member FROM member_phone WHERE tenant = ?1 AND phone = ?2 ORDER BY member";
        self.many(sql, [tenant.as_str(), phone.expose()], |row| parsed(row, 0))
    }

    fn alias(&mut self, tenant: &TenantId, loser: &MemberId) -> Result<Option<MemberId>> {
        if self.held.unmerged.contains(&(tenant.clone(), loser.clone())) {
            return Ok(None);
        }
        self.one("SELECT winner FROM alias WHERE tenant = ?1 AND loser = ?2", [tenant.as_str(), loser.as_str()], |row| parsed(row, 0))
    }

    fn losers_of(&mut self, tenant: &TenantId, winner: &MemberId) -> Result<Vec<MemberId>> {
        let sql = "SELECT loser FROM alias WHERE tenant = ?1 AND winner = ?2 ORDER BY loser";
        self.many(sql, [tenant.as_str(), winner.as_str()], |row| parsed(row, 0))
    }

    fn put_alias(&mut self, tenant: &TenantId, loser: &MemberId, winner: &MemberId, at_ms: u64) -> Result<()> {
        self.held.unmerged.remove(&(tenant.clone(), loser.clone()));
        let sql = "INSERT INTO alias (tenant, loser, winner, at_ms) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, params![tenant.as_str(), loser.as_str(), winner.as_str(), at_ms])?;
        Ok(())
    }

    fn remove_alias(&mut self, tenant: &TenantId, loser: &MemberId) -> Result<()> {
        self.run("DELETE FROM alias WHERE tenant = ?1 AND loser = ?2", [tenant.as_str(), loser.as_str()])?;
        Ok(())
    }

    fn servings(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Vec<Serving>> {
        if let Some(servings) = self.held.servings.get(&(tenant.clone(), member.clone())) {
            return Ok(servings.clone());
        }
        let sql =
            "SELECT guide, source, from_ms, entered FROM serves WHERE tenant = ?1 AND member = ?2 AND until_ms IS NULL ORDER BY guide";
        self.many(sql, [tenant.as_str(), member.as_str()], |row| {
            Ok(Serving { guide: parsed(row, 0)?, source: row.get(1)?, from_ms: row.get(2)?, entered: row.get(3)? })
        })
    }

    fn serves(&mut self, tenant: &TenantId, member: &MemberId, guide: &GuideId, since_ms: Option<u64>) -> Result<bool> {
        let held = self.held.servings.get(&(tenant.clone(), member.clone()));
        if held.is_some_and(|servings| servings.iter().any(|serving| serving.guide == *guide)) {
            return Ok(true);
        }
        if held.is_some() && since_ms.is_none() {
            return Ok(false);
        }
        // Compared with NULL, an end is never late enough.
        let sql = "SELECT 1 FROM serves WHERE tenant = ?1 AND member = ?2 AND guide = ?3 AND (until_ms IS NULL OR until_ms >= ?4) LIMIT 1";
        Ok(self.one(sql, params![tenant.as_str(), member.as_str(), guide.as_str(), since_ms], |_| Ok(()))?.is_some())
    }

    fn members_of(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<Vec<MemberId>> {
        // Without statistics the planner takes a tenant for ten rows and would rather read all that it has.
        let sql =
            "SELECT member FROM serves INDEXED BY serves_by_guide WHERE tenant = ?1 AND guide = ?2 AND until_ms IS NULL ORDER BY member";
        self.many(sql, [tenant.as_str(), guide.as_str()], |row| parsed(row, 0))
    }

    fn put_serving(&mut self, tenant: &TenantId, member: &MemberId, serving: &Serving, until_ms: Option<u64>) -> Result<()> {
        self.held.servings.remove(&(tenant.clone(), member.clone()));
        let sql = "INSERT INTO serves (tenant, member, guide, source, from_ms, until_ms, entered) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let Serving { guide, source, from_ms, entered } = serving;
        self.run(sql, params![tenant.as_str(), member.as_str(), guide.as_str(), source, from_ms, until_ms, entered])?;
        Ok(())
    }

    fn end_serving(&mut self, tenant: &TenantId, member: &MemberId, guide: &GuideId, until_ms: u64) -> Result<bool> {
        self.held.servings.remove(&(tenant.clone(), member.clone()));
        let sql = "UPDATE serves SET until_ms = ?4 WHERE tenant = ?1 AND member = ?2 AND guide = ?3 AND until_ms IS NULL";
        Ok(self.run(sql, params![tenant.as_str(), member.as_str(), guide.as_str(), until_ms])? == 1)
    }
}

impl SqliteTx<'_> {
    /// Makes a look-up by phone find this member under the phone that she has, unless she was merged.
    fn index_phone(&mut self, tenant: &TenantId, member: &Member) -> Result<()> {
        let phone = looked_up_by(member);
        let before = self.held.phones.insert((tenant.clone(), member.id.clone()), phone.clone());
        if before.as_ref() == Some(&phone) {
            return Ok(());
        }
        let phone = phone.as_ref().map(Phone::expose);
        // Nothing finds one who was looked for and is found by no phone, or is not there.
        if before != Some(None) {
            let sql = "DELETE FROM member_phone WHERE tenant = ?1 AND member = ?2 AND phone IS NOT ?3";
            self.run(sql, params![tenant.as_str(), member.id.as_str(), phone])?;
        }
        if let Some(phone) = phone {
            let sql = "INSERT INTO member_phone (tenant, phone, member) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            self.run(sql, [tenant.as_str(), phone, member.id.as_str()])?;
        }
        Ok(())
    }
}

/// The phone that finds her; one who was merged is found by none.
fn looked_up_by(member: &Member) -> Option<Phone> {
    member.profile.phone.clone().filter(|_| !member.merged)
}

pub(super) fn member(row: &Row<'_>) -> Result<Member> {
    Ok(Member {
        id: parsed(row, 0)?,
        profile: json(row, 1)?,
        consents: json(row, 2)?,
        stats: json(row, 3)?,
        state: json(row, 4)?,
        hq_tags: json(row, 5)?,
        hq_guide: parsed_or_none(row, 6)?,
        coupons: json(row, 7)?,
        merged: row.get(8)?,
    })
}
