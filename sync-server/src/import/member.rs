//! A member as HQ's export has her.

use std::collections::BTreeSet;

use guidebook_domain::{MemberProfile, PurchaseStats};
use serde_json::json;

use super::batch::Batch;
use super::directory::refused;
use super::hq_tags;
use super::read::{MemberRow, RowReason};
use super::run::{Applied, Effect, Run};
use crate::db::members::Member;
use crate::db::{Result, Tx};
use crate::hq::tell::log_hq;
use crate::service::{merging, serving};

/// Takes a member in. Only what differs from the last export is done, so what guides did since stands.
pub fn member(tx: &mut dyn Tx, batch: &mut Batch<'_>, row: &MemberRow, line: u64) -> Applied {
    let run = batch.run;
    let who = format!("member:{}", row.id);
    if batch.learned.seen.seen(tx, run, &who)?.is_some() {
        return refused("会员号", RowReason::TwiceInFile);
    }
    if let Some((column, reason)) = unknown_reference(tx, batch, row)? {
        return refused(column, reason);
    }
    let tags = match hq_tags::named(tx, batch, &row.tags)? {
        Ok(tags) => tags,
        Err(reason) => return refused("标签", reason),
    };
    batch.learned.seen.see(tx, run, &who, line)?;
    warn_of_shared_phone(tx, batch, row, line)?;
    let id = merging::stands_for(tx, &run.tenant, &row.id)?;
    if id.is_some() {
        // HQ exports a walk-in back who meanwhile became one of its own members: her own row says more.
        return Ok(Ok(Effect::Unchanged));
    }
    let held = tx.member(&run.tenant, &row.id)?;
    let known = held.is_some();
    let before = held.clone();
    let mut member = held.unwrap_or_else(|| Member::of(row.id.clone(), MemberProfile::default()));
    let profile = profile(row);
    if known && member.profile == profile && member.hq_tags == tags && member.hq_guide == row.guide {
        return Ok(Ok(Effect::Unchanged));
    }
    let phone_is_news = !known || member.profile.phone != profile.phone;
    let edits = hq_tags::plan(&batch.catalogue, &member.hq_tags, &tags);
    let detail = json!({ "new": !known, "tags": edits });
    withdraw_consents(&mut member, &profile);
    hq_tags::apply(tx, run, &mut member, edits, line)?;
    if !known {
        // Orders that came before her.
        let counted = tx.purchases(&run.tenant, &BTreeSet::from([member.id.clone()]))?;
        member.stats = counted.into_values().next().unwrap_or_default();
    }
    let former = std::mem::replace(&mut member.hq_guide, row.guide.clone());
    member.profile = profile;
    member.hq_tags = tags;
    tx.put_member(&run.tenant, &member)?;
    if phone_is_news {
        take_in_walk_ins(tx, run, &mut member)?;
    }
    change_guide(tx, run, &member, former)?;
    if let Some(before) = before {
        serving::tell_difference(tx, &run.tenant, &before, &member)?;
    }
    log_hq(tx, &run.tenant, Some(&member.id), "import", detail, run.at_ms)?;
    Ok(Ok(Effect::Changed))
}

fn unknown_reference(tx: &mut dyn Tx, batch: &mut Batch<'_>, row: &MemberRow) -> Result<Option<(&'static str, RowReason)>> {
    let run = batch.run;
    if let Some(guide) = &row.guide
        && !batch.learned.knows_guide(tx, run, guide)?
    {
        return Ok(Some(("专属导购", RowReason::NoSuchGuide)));
    }
    if let Some(store) = &row.store
        && !batch.learned.knows_store(tx, run, store)?
    {
        return Ok(Some(("门店号", RowReason::NoSuchStore)));
    }
    for brand in &row.brands {
        if !batch.learned.knows_brand(tx, run, brand)? {
            return Ok(Some(("品牌会员", RowReason::NoSuchBrand)));
        }
    }
    Ok(None)
}

fn warn_of_shared_phone(tx: &mut dyn Tx, batch: &mut Batch<'_>, row: &MemberRow, line: u64) -> Result<()> {
    let Some(phone) = &row.phone else { return Ok(()) };
    if let Some(first) = batch.learned.seen.see(tx, batch.run, &format!("phone:{}", phone.expose()), line)? {
        batch.report.warn(vec![first, line], "手机号", "one phone, two members");
    }
    Ok(())
}

fn profile(row: &MemberRow) -> MemberProfile {
    let MemberRow { name, phone, gender, birthday, joined, level, points, store, brands, marketing_consent, .. } = row.clone();
    let stats = PurchaseStats::default();
    MemberProfile { name, phone, gender, birthday, joined, level, points, store, brands, marketing_consent, stats }
}

/// What HQ said in its last export and does not say any more, she has taken back (PIPL 15); what she said at a counter
/// and HQ never knew of stands.
fn withdraw_consents(member: &mut Member, profile: &MemberProfile) {
    if member.profile.marketing_consent && !profile.marketing_consent {
        member.consents.marketing = false;
    }
    for gone in member.profile.brands.difference(&profile.brands) {
        member.consents.brands.remove(gone);
    }
}

/// A walk-in with this phone is her: her guides, tags and notes come along.
fn take_in_walk_ins(tx: &mut dyn Tx, run: &Run, member: &mut Member) -> Result<()> {
    let Some(phone) = member.profile.phone.clone() else { return Ok(()) };
    for id in tx.members_of_phone(&run.tenant, &phone)? {
        if !id.is_walk_in() || id == member.id {
            continue;
        }
        if let Some(walk_in) = tx.member(&run.tenant, &id)? {
            merging::merge(tx, &run.tenant, walk_in, member, run.at_ms)?;
            log_hq(tx, &run.tenant, Some(&member.id), "merge", json!({ "loser": id }), run.at_ms)?;
        }
    }
    Ok(())
}

/// The guide of this export serves her; the one of the last export does no more, if nobody else bound her.
fn change_guide(tx: &mut dyn Tx, run: &Run, member: &Member, former: Option<guidebook_domain::GuideId>) -> Result<()> {
    if former == member.hq_guide {
        return Ok(());
    }
    for held in tx.servings(&run.tenant, &member.id)? {
        if Some(&held.guide) == former.as_ref() && held.source == "import" {
            serving::end(tx, &run.tenant, &member.id, &held.guide, run.at_ms)?;
        }
    }
    if let Some(guide) = &member.hq_guide {
        serving::start(tx, &run.tenant, &member.id, guide, "import", run.at_ms)?;
    }
    Ok(())
}
