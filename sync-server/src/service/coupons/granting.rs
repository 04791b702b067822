//! Grants: codes leased to one phone, within its round. The same request gets the same grant for ever: what is kept is what its
//! codes are derived from, and it is written out again each time.

use guidebook_domain::coupon::grant::{LEASE_MS, MOST_CODES, MOST_MONEY_FEN, size};
use guidebook_domain::coupon::issue_check::check_issuer;
use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::coupon::validity::end_of;
use guidebook_domain::coupon::voucher::Worth;
use guidebook_domain::coupon::{Campaign, CampaignState, Grant, GrantedCode, Issuer, SignedGrant, Validity, Voucher};
use guidebook_domain::{MarkId, TenantId, store_day};
use guidebook_wire::coupon::{CouponAnswerRecord, CouponAskRecord, DeniedReason, DeniedRecord, GrantAskRecord};

use super::reclaim::renew;
use super::secret::Mint;
use super::{CouponSecret, keys};
use crate::db::campaigns::CampaignRow;
use crate::db::coupons::{CouponState, Lease};
use crate::db::directory::Guide;
use crate::db::grants::{GrantRow, GrantedRow};
use crate::db::{Database, DatabaseExt, Result, Tx, Write};
use crate::error::{ServerError, ServiceError};
use crate::service::session::DeviceSession;

/// The most requests of one round that are looked at; the phone sends the others again.
const MOST_ASKS: usize = 64;

/// Under so many marks may one phone have leases of a campaign at a time: each time that its vault is lost it has another, and
/// what it had is out of reach.
const MOST_MARKS: usize = 4;

/// A campaign's codes are leased no earlier than so many days before its first.
const AHEAD_DAYS: u64 = 3;

/// What a phone gets of what it asks for. Each request is a transaction of its own.
pub fn answer(
    db: &dyn Database,
    secret: &CouponSecret,
    who: &DeviceSession,
    record: &CouponAskRecord,
    now_ms: u64,
) -> std::result::Result<CouponAnswerRecord, ServiceError> {
    let mut answer = CouponAnswerRecord::default();
    let trust = db.reading(|tx| keys::trust(tx, &who.tenant))?;
    answer.trust = trust.filter(|(number, _)| *number > record.trust).map(|(_, list)| list);
    if record.rootless {
        answer.root = db.reading(|tx| tx.coupon_root(&who.tenant))?.map(PublicKey);
    }
    for ask in record.asks.iter().take(MOST_ASKS) {
        match db.writing(Write::Grant, |tx| grant(tx, secret, who, record.mark, ask, now_ms))? {
            Ok(grant) => answer.grants.push(grant),
            Err(reason) => answer.denied.push(DeniedRecord { request: ask.request, reason }),
        }
    }
    Ok(answer)
}

/// One request: a grant, or why there is none.
fn grant(
    tx: &mut dyn Tx,
    secret: &CouponSecret,
    who: &DeviceSession,
    mark: MarkId,
    ask: &GrantAskRecord,
    now_ms: u64,
) -> Result<std::result::Result<SignedGrant, DeniedReason>> {
    let tenant = &who.tenant;
    // The campaign first: whoever asks for the same once more waits here.
    let Some(mut row) = tx.campaign(tenant, &ask.campaign)? else { return Ok(Err(DeniedReason::Unknown)) };
    if let Some(made) = tx.grant(tenant, ask.request)? {
        let same = made.device == who.device && made.campaign == ask.campaign;
        return if same { Ok(Ok(written_out(tx, secret, tenant, &row.campaign, &made)?)) } else { Ok(Err(DeniedReason::Unknown)) };
    }
    let Some(guide) = tx.guide(tenant, &who.guide)? else { return Ok(Err(DeniedReason::NotOpen)) };
    if let Err(reason) = may_have(&row.campaign, &guide, ask.value, now_ms) {
        return Ok(Err(reason));
    }
    let Some(kid) = keys::signer(tx, tenant)? else { return Ok(Err(DeniedReason::NotOpen)) };
    let marks = tx.marks_of(tenant, who.device, &ask.campaign, now_ms)?;
    if !marks.contains(&mark) && marks.len() >= MOST_MARKS {
        return Ok(Err(DeniedReason::LeasedEnough));
    }
    let count = match count(tx, who, mark, ask, &row)? {
        Ok(count) => count,
        Err(reason) => return Ok(Err(reason)),
    };
    let store_number = if row.campaign.offline { tx.store_number(tenant, &guide.store)? } else { 0 };
    let (lease_until_ms, expires_ms) = ends(&row.campaign, now_ms);
    let made = GrantRow {
        request: ask.request,
        campaign: ask.campaign.clone(),
        campaign_version: row.campaign.version,
        device: who.device,
        mark,
        value: ask.value,
        store_number,
        kid,
        made_ms: now_ms,
        lease_until_ms,
        expires_ms,
        codes: lease(tx, secret, &mut row, ask, (who, mark), count, (store_number, lease_until_ms, expires_ms, now_ms))?,
    };
    if made.codes.is_empty() {
        // On a rail there may be codes that the payment platform does not know yet.
        return Ok(Err(if row.rail.is_some() { DeniedReason::NotYet } else { DeniedReason::BudgetSpent }));
    }
    tx.put_grant(tenant, &made)?;
    tx.put_campaign(tenant, &row)?;
    Ok(Ok(written_out(tx, secret, tenant, &row.campaign, &made)?))
}

/// Whether the campaign is open, and this guide's, and has such coupons.
fn may_have(campaign: &Campaign, guide: &Guide, value: u32, now_ms: u64) -> std::result::Result<(), DeniedReason> {
    if !campaign.face.values().contains(&value) {
        return Err(DeniedReason::Unknown);
    }
    let today = store_day(now_ms);
    let in_time = match campaign.validity {
        Validity::FromIssue { .. } => true,
        Validity::Fixed { from, to } => today <= to && from <= today + chrono::Days::new(AHEAD_DAYS),
    };
    let issuer = Issuer { guide: &guide.id, store: &guide.store, brand: guide.brand.as_ref(), level: guide.level.as_deref() };
    if campaign.state == CampaignState::Running && in_time && check_issuer(campaign, &issuer).is_ok() {
        return Ok(());
    }
    Err(DeniedReason::NotOpen)
}

/// How many codes: within what this phone may hold, and what the budget still allows in count and money.
fn count(
    tx: &mut dyn Tx,
    who: &DeviceSession,
    mark: MarkId,
    ask: &GrantAskRecord,
    row: &CampaignRow,
) -> Result<std::result::Result<u64, DeniedReason>> {
    let each_fen = row.campaign.face.money_at_most(ask.value);
    let held = tx.leased(&who.tenant, who.device, &ask.campaign, mark)?;
    let room = (MOST_CODES as u64).saturating_sub(held.codes);
    if size(room, each_fen, held.fen, MOST_MONEY_FEN, u64::MAX) == 0 {
        return Ok(Err(DeniedReason::LeasedEnough));
    }
    let buckets = tx.buckets(&who.tenant, &ask.campaign)?;
    let out = buckets.leased + buckets.issued + buckets.reserved + buckets.redeemed;
    let by_count = row.budget_codes.saturating_sub(out);
    let money = row.budget_fen.map(|fen| fen.saturating_sub(row.out_fen));
    let by_money = money.and_then(|fen| fen.checked_div(each_fen.into())).unwrap_or(u64::MAX);
    let count = size(u64::from(ask.wanted.max(1)).min(room), each_fen, held.fen, MOST_MONEY_FEN, by_count.min(by_money));
    Ok(if count == 0 { Err(DeniedReason::BudgetSpent) } else { Ok(count) })
}

/// When the lease ends, and when the vouchers do.
fn ends(campaign: &Campaign, now_ms: u64) -> (u64, u64) {
    let lease_until_ms = match campaign.validity {
        Validity::FromIssue { .. } => now_ms + LEASE_MS,
        Validity::Fixed { to, .. } => (now_ms + LEASE_MS).min(end_of(to)),
    };
    (lease_until_ms, end_of(campaign.validity.last_day_of_lease(lease_until_ms)))
}

/// Leases free codes to the phone.
fn lease(
    tx: &mut dyn Tx,
    secret: &CouponSecret,
    row: &mut CampaignRow,
    ask: &GrantAskRecord,
    (who, mark): (&DeviceSession, MarkId),
    count: u64,
    (store_number, until_ms, expires_ms, now_ms): (u16, u64, u64, u64),
) -> Result<Vec<GrantedRow>> {
    let tenant = &who.tenant;
    let cost_fen = u64::from(row.campaign.face.money_at_most(ask.value));
    let free = tx.free_coupons(tenant, &ask.campaign, row.rail.is_some().then_some(true), count as usize)?;
    let mut codes = Vec::with_capacity(free.len());
    let first_generation = Mint::of(tx, secret, tenant)?.first_generation();
    for mut coupon in free {
        if coupon.generation < first_generation {
            // Forgotten: it may have been leased since the backup. On a rail the fresh one is unknown still.
            let Some(fresh) = renew(tx, secret, tenant, coupon, "restored", now_ms)? else { continue };
            if row.rail.is_some() {
                continue;
            }
            coupon = fresh;
        }
        row.turns += 1;
        let lease = Lease {
            device: who.device,
            request: ask.request,
            mark,
            turn: row.turns,
            until_ms,
            expires_ms,
            good_until_ms: expires_ms,
            store_number,
            value: ask.value,
        };
        (coupon.state, coupon.cost_fen, coupon.lease) = (CouponState::Leased, cost_fen, Some(lease));
        if tx.move_coupon(tenant, &coupon, CouponState::Free)? {
            row.out_fen += cost_fen;
            codes.push(GrantedRow { serial: coupon.serial, generation: coupon.generation, turn: row.turns });
        }
    }
    Ok(codes)
}

/// A grant as it was made, with its codes, signed.
fn written_out(tx: &mut dyn Tx, secret: &CouponSecret, tenant: &TenantId, campaign: &Campaign, made: &GrantRow) -> Result<SignedGrant> {
    let key = keys::key_of(tx, secret, tenant, made.kid)?.ok_or(ServerError::Corrupt("a signing key"))?;
    let codes = Mint::of(tx, secret, tenant)?;
    let last_day = store_day(made.expires_ms.saturating_sub(1));
    let code = |row: &GrantedRow| {
        let code = codes.code(campaign, row.serial, row.generation)?;
        let voucher = Voucher {
            kid: made.kid,
            code: code.clone(),
            worth: Worth::of(&campaign.face, made.value),
            least_spend_fen: campaign.least_spend_fen,
            last_day,
            store: made.store_number,
        };
        let voucher = voucher.sign(&key).map_err(|_| ServerError::Corrupt("a campaign that fits a voucher"))?.encode();
        Ok(GrantedCode { turn: row.turn, code, voucher })
    };
    let grant = Grant {
        request: made.request,
        device: made.device,
        mark: made.mark,
        campaign: made.campaign.clone(),
        campaign_version: made.campaign_version,
        value: made.value,
        lease_until_ms: made.lease_until_ms,
        expires_ms: made.expires_ms,
        codes: made.codes.iter().map(code).collect::<Result<_>>()?,
    };
    Ok(grant.sign(made.kid, &key))
}
