//! Feeds and personal tags in PostgreSQL.
//!
//! In a transaction that writes, whatever is asked about a feed locks its head first: whoever holds it is the only one
//! to give positions of that feed until the commit, so no reader sees a position before all that come before it.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{GuideId, Hlc, MemberId, Private, TagId, TenantId};
use guidebook_wire::slices::{SliceSums, slice_of};
use tokio_postgres::Row;

use super::held::HeldFeed;
use super::row::{PgTx, bits, each_of, get, int, json, number, parsed, said, to_json, words};
use crate::db::Result;
use crate::db::feeds::{EntityKind, FeedHead, FeedRow, FeedTx, PersonalTag};
use crate::db::members::Member;
use crate::error::ServerError;

const ROW: &str = "kind, entity, position, present, whole, parts";

impl FeedTx for PgTx<'_> {
    fn feed_head(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<FeedHead> {
        if self.writes() {
            return Ok(self.hold_feed(tenant, guide)?.map(|held| held.head.clone()).unwrap_or_default());
        }
        let sql = "SELECT position, sums FROM feed_head WHERE tenant = $1 AND guide = $2";
        Ok(self.one(sql, &[&tenant.as_str(), &guide.as_str()], |row| head_at(row, 0))?.unwrap_or_default())
    }

    fn hold_feed_head(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<FeedHead> {
        self.feed_head(tenant, guide)
    }

    fn put_feed_head(&mut self, tenant: &TenantId, guide: &GuideId, head: &FeedHead) -> Result<()> {
        let held = self.hold_feed(tenant, guide)?.ok_or(ServerError::Corrupt("a guide of a feed"))?;
        (held.head, held.moved) = (head.clone(), true);
        Ok(())
    }

    fn leap(&mut self, tenant: &TenantId, by: u64) -> Result<()> {
        self.lock_catalogue_alone(tenant)?;
        self.write_feeds()?;
        self.held.feeds.retain(|(of, _), _| of != tenant);
        self.rows("SELECT 1 FROM feed_head WHERE tenant = $1 ORDER BY guide FOR NO KEY UPDATE", &[&tenant.as_str()])?;
        self.run("UPDATE feed_head SET position = position + $2 WHERE tenant = $1", &[&tenant.as_str(), &int(by)])?;
        self.run("UPDATE tenant SET catalogue = catalogue + $2 WHERE id = $1", &[&tenant.as_str(), &int(by)])?;
        Ok(())
    }

    fn feed_row(&mut self, tenant: &TenantId, guide: &GuideId, kind: EntityKind, entity: &str) -> Result<Option<FeedRow>> {
        let key = (as_number(kind), entity.to_owned());
        let known = if self.writes() { self.hold_feed(tenant, guide)?.and_then(|held| held.rows.get(&key)) } else { None };
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let sql = format!("SELECT {ROW} FROM feed WHERE tenant = $1 AND guide = $2 AND kind = $3 AND entity = $4");
        let row = self.one(&sql, &[&tenant.as_str(), &guide.as_str(), &key.0, &entity], |row| feed_row(row, 0))?;
        if let Some(held) = self.held.feeds.get_mut(&(tenant.clone(), guide.clone())) {
            held.rows.insert(key, row.clone());
        }
        Ok(row)
    }

    fn put_feed_row(&mut self, tenant: &TenantId, guide: &GuideId, row: &FeedRow) -> Result<()> {
        let held = self.hold_feed(tenant, guide)?.ok_or(ServerError::Corrupt("a guide of a feed"))?;
        let key = (as_number(row.kind), row.entity.clone());
        held.put.insert(key.clone());
        held.rows.insert(key, Some(row.clone()));
        Ok(())
    }

    fn feed_after(&mut self, tenant: &TenantId, guide: &GuideId, after: u64, limit: usize) -> Result<Vec<FeedRow>> {
        self.settle_feed(tenant, guide)?;
        let sql = format!("SELECT {ROW} FROM feed WHERE tenant = $1 AND guide = $2 AND position > $3 ORDER BY position LIMIT $4");
        self.many(&sql, &[&tenant.as_str(), &guide.as_str(), &int(after), &int(limit)], |row| feed_row(row, 0))
    }

    fn feed_count_after(&mut self, tenant: &TenantId, guide: &GuideId, after: u64, most: usize) -> Result<usize> {
        self.settle_feed(tenant, guide)?;
        let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM feed WHERE tenant = $1 AND guide = $2 AND position > $3 LIMIT $4) AS counted";
        let count = self.one(sql, &[&tenant.as_str(), &guide.as_str(), &int(after), &int(most)], |row| number(row, 0))?;
        Ok(count.unwrap_or(0))
    }

    fn feed_count_missing(&mut self, tenant: &TenantId, guide: &GuideId, cursor: u64) -> Result<usize> {
        self.settle_feed(tenant, guide)?;
        let sql = "SELECT COUNT(*) FROM feed WHERE tenant = $1 AND guide = $2 AND position > $3 AND whole > $3";
        let count = self.one(sql, &[&tenant.as_str(), &guide.as_str(), &int(cursor)], |row| number(row, 0))?;
        Ok(count.unwrap_or(0))
    }

    fn feed_slice(&mut self, tenant: &TenantId, guide: &GuideId, slice: u8) -> Result<Vec<FeedRow>> {
        self.settle_feed(tenant, guide)?;
        let sql = format!("SELECT {ROW} FROM feed WHERE tenant = $1 AND guide = $2 AND slice = $3 AND present ORDER BY entity");
        self.many(&sql, &[&tenant.as_str(), &guide.as_str(), &i64::from(slice)], |row| feed_row(row, 0))
    }

    fn feed_members(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<Vec<(u64, Member)>> {
        self.write_members()?;
        self.settle_feed(tenant, guide)?;
        let sql = "SELECT m.id, m.profile, m.consents, m.stats, m.state, m.hq_tags, m.hq_guide, m.coupons, m.merged, f.position
            FROM feed f JOIN member m ON m.tenant = f.tenant AND m.id = f.entity
            WHERE f.tenant = $1 AND f.guide = $2 AND f.kind = 0 AND f.present";
        self.many(sql, &[&tenant.as_str(), &guide.as_str()], |row| Ok((number(row, 9)?, super::members::member(row)?)))
    }

    fn personal_tag(&mut self, tenant: &TenantId, guide: &GuideId, tag: &TagId) -> Result<Option<PersonalTag>> {
        // Two phones of one guide name a tag one after the other.
        self.hold_feed(tenant, guide)?;
        let sql = "SELECT tag, name, hlc, device FROM personal_tag WHERE tenant = $1 AND guide = $2 AND tag = $3";
        self.one(sql, &[&tenant.as_str(), &guide.as_str(), &tag.as_str()], |row| {
            let name = Private::new(said(row, 1)?);
            Ok(PersonalTag { tag: parsed(row, 0)?, name, hlc: Hlc::from_bits(bits(row, 2)?), device: parsed(row, 3)? })
        })
    }

    fn put_personal_tag(&mut self, tenant: &TenantId, guide: &GuideId, tag: &PersonalTag) -> Result<()> {
        let sql = "INSERT INTO personal_tag (tenant, guide, tag, name, hlc, device) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tenant, guide, tag) DO UPDATE SET name = $4, hlc = $5, device = $6";
        let (name, hlc, device) = (words(tag.name.expose()), tag.hlc.to_bits() as i64, tag.device.to_string());
        self.run(sql, &[&tenant.as_str(), &guide.as_str(), &tag.tag.as_str(), &name, &hlc, &device])?;
        Ok(())
    }
}

impl PgTx<'_> {
    /// Locks the heads of these feeds, in the order of their guides, if this transaction writes.
    pub(super) fn hold_feeds(&mut self, tenant: &TenantId, guides: &BTreeSet<GuideId>) -> Result<()> {
        let missing = guides.iter().filter(|guide| !self.held.feeds.contains_key(&(tenant.clone(), (*guide).clone())));
        let missing: Vec<&str> = missing.map(GuideId::as_str).collect();
        if !self.writes() || missing.is_empty() {
            return Ok(());
        }
        if self.lock_heads(tenant, &missing)? < missing.len() {
            let sql = "INSERT INTO feed_head (tenant, guide, position)
                SELECT tenant, id, 0 FROM guide WHERE tenant = $1 AND id = ANY($2) ORDER BY id ON CONFLICT DO NOTHING";
            self.run(sql, &[&tenant.as_str(), &missing])?;
            self.lock_heads(tenant, &missing)?;
        }
        Ok(())
    }

    fn lock_heads(&mut self, tenant: &TenantId, guides: &[&str]) -> Result<usize> {
        let sql = each_of("guide, position, sums", "feed_head WHERE tenant = $1 AND guide = key FOR NO KEY UPDATE");
        let heads = self.many(&sql, &[&tenant.as_str(), &guides], |row| Ok((parsed::<GuideId>(row, 0)?, head_at(row, 1)?)))?;
        let found = heads.len();
        for (guide, head) in heads {
            let held = HeldFeed { head, moved: false, rows: BTreeMap::new(), put: BTreeSet::new() };
            self.held.feeds.insert((tenant.clone(), guide), held);
        }
        Ok(found)
    }

    /// The feed, its head locked, if this transaction writes and there is such a guide.
    fn hold_feed(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<Option<&mut HeldFeed>> {
        self.hold_feeds(tenant, &BTreeSet::from([guide.clone()]))?;
        Ok(self.held.feeds.get_mut(&(tenant.clone(), guide.clone())))
    }

    /// Locks a feed that is about to be read and writes what was put into it.
    fn settle_feed(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<()> {
        self.hold_feed(tenant, guide)?;
        self.write_feeds()
    }

    /// Reads the rows of these members, each in the feed of the guide beside her, whose head is held. One who is no member yet
    /// has none.
    pub(super) fn find_feed_rows(&mut self, tenant: &TenantId, tells: &BTreeSet<(GuideId, MemberId)>) -> Result<()> {
        let kind = as_number(EntityKind::Member);
        let is_member = |member: &MemberId| !self.held.absent.contains(&(tenant.clone(), member.clone()));
        let (guides, ids): (Vec<&str>, Vec<&str>) =
            tells.iter().filter(|(_, member)| is_member(member)).map(|(guide, member)| (guide.as_str(), member.as_str())).unzip();
        let mut found = Vec::new();
        if !ids.is_empty() {
            self.write_feeds()?;
            let sql = format!(
                "SELECT found.* FROM unnest($2::text[], $3::text[]) AS told (told_guide, told_member), LATERAL
                (SELECT guide, {ROW} FROM feed WHERE tenant = $1 AND guide = told_guide AND kind = $4 AND entity = told_member OFFSET 0) AS found"
            );
            found =
                self.many(&sql, &[&tenant.as_str(), &guides, &ids, &kind], |row| Ok((parsed::<GuideId>(row, 0)?, feed_row(row, 1)?)))?;
        }
        for (guide, member) in tells {
            if let Some(held) = self.held.feeds.get_mut(&(tenant.clone(), guide.clone())) {
                held.rows.insert((kind, member.to_string()), None);
            }
        }
        for (guide, row) in found {
            if let Some(held) = self.held.feeds.get_mut(&(tenant.clone(), guide)) {
                held.rows.insert((kind, row.entity.clone()), Some(row));
            }
        }
        Ok(())
    }
}

/// A head whose columns begin at `first`.
pub(super) fn head_at(row: &Row, first: usize) -> Result<FeedHead> {
    let sums: Option<&[u8]> = get(row, first + 1)?;
    let sums = sums.map(SliceSums::from_bytes).transpose().map_err(|_| ServerError::Corrupt("sums"))?;
    Ok(FeedHead { position: number(row, first)?, sums: sums.unwrap_or_default() })
}

fn feed_row(row: &Row, first: usize) -> Result<FeedRow> {
    let kind = if get::<i64>(row, first)? == 0 { EntityKind::Member } else { EntityKind::PersonalTag };
    let parts = if get::<&str>(row, first + 5)?.is_empty() { Vec::new() } else { json(row, first + 5)? };
    let (position, present, whole) = (number(row, first + 2)?, get(row, first + 3)?, number(row, first + 4)?);
    Ok(FeedRow { kind, entity: get(row, first + 1)?, position, present, whole, parts })
}

/// What changed of a row, as it is kept.
pub(super) fn parts(row: &FeedRow) -> Result<String> {
    if row.parts.is_empty() { Ok(String::new()) } else { to_json(&row.parts) }
}

/// The slice of a member; personal tags lie in none.
pub(super) fn slice(row: &FeedRow) -> Result<Option<i64>> {
    match row.kind {
        EntityKind::Member => Ok(Some(slice_of(&row.entity.parse().map_err(|_| ServerError::Corrupt("a member's id"))?).into())),
        EntityKind::PersonalTag => Ok(None),
    }
}

/// The number of a kind.
pub(super) fn as_number(kind: EntityKind) -> i64 {
    match kind {
        EntityKind::Member => 0,
        EntityKind::PersonalTag => 1,
    }
}
