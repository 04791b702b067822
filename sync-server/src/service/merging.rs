//! Two ids that are one member: whom an id stands for today, and how one member becomes another.

use guidebook_domain::{Consents, MemberId, TenantId};

use super::feeding::News;
use super::serving;
use crate::db::members::Member;
use crate::db::{Result, Tx};

/// The longest chain of merges that is followed. Each link is a merge by HQ or a counter; a longer one is a mistake.
const LONGEST_CHAIN: usize = 64;

/// The member that `id` was merged into in the end, if it was.
pub fn stands_for(tx: &mut dyn Tx, tenant: &TenantId, id: &MemberId) -> Result<Option<MemberId>> {
    let mut last = None;
    for _ in 0..LONGEST_CHAIN {
        let from = last.as_ref().unwrap_or(id);
        let Some(next) = tx.alias(tenant, from)? else { break };
        last = Some(next);
    }
    Ok(last)
}

/// Where relations that a merge made say why they are there.
pub fn merge_source(loser: &MemberId) -> String {
    format!("merge:{loser}")
}

/// Merges `loser` into `winner`, who is in the database: states joined, consents added, guides bound, feeds told.
/// The loser's row stays, so that the merge can be undone.
pub fn merge(tx: &mut dyn Tx, tenant: &TenantId, mut loser: Member, winner: &mut Member, now_ms: u64) -> Result<()> {
    winner.state.join(loser.state.clone());
    add_consents(&mut winner.consents, &loser.consents);
    winner.coupons.extend(loser.coupons.iter().cloned());
    winner.coupons.sort_by_key(|coupon| (coupon.issued_ms, coupon.grant, coupon.turn));
    tx.put_member(tenant, winner)?;
    for held in tx.servings(tenant, &loser.id)? {
        serving::end(tx, tenant, &loser.id, &held.guide, now_ms)?;
        serving::start(tx, tenant, &winner.id, &held.guide, &merge_source(&loser.id), now_ms)?;
    }
    loser.merged = true;
    tx.put_member(tenant, &loser)?;
    tx.put_alias(tenant, &loser.id, &winner.id, now_ms)?;
    serving::tell(tx, tenant, &winner.id, News::Whole)
}

/// Adds consents; none is taken back.
pub fn add_consents(to: &mut Consents, more: &Consents) {
    to.membership |= more.membership;
    to.marketing |= more.marketing;
    to.brands.extend(more.brands.iter().cloned());
}

/// The member of a phone to whom a walk-in with this phone belongs: HQ's before a walk-in, then whoever joined first.
pub fn owner_of_phone(tx: &mut dyn Tx, tenant: &TenantId, phone: &guidebook_domain::Phone) -> Result<Option<Member>> {
    let mut members = Vec::new();
    for id in tx.members_of_phone(tenant, phone)? {
        members.extend(tx.member(tenant, &id)?);
    }
    let rank = |m: &Member| (m.id.is_walk_in(), m.profile.joined.is_none(), m.profile.joined, m.id.clone());
    Ok(members.into_iter().min_by_key(rank))
}
