//! A sync round: the push in one transaction, then a page from one snapshot of the database.

use std::collections::BTreeSet;
use std::sync::Arc;

use guidebook_domain::{Catalogue, Edit, Editor, Limits};
use guidebook_wire::own_edits::OwnEdits;
use guidebook_wire::protocol::{COMPACT_PROTOCOL, OLDEST_PROTOCOL, PROTOCOL};
use guidebook_wire::slices::SLICES;
use guidebook_wire::snapshot::SnapshotRecord;
use guidebook_wire::{CursorRecord, ErrorCode, OperationRecord, ReceiptRecord, RoundAnswerRecord, RoundRecord};

use super::coupons::{CouponSecret, granting};
use super::page::{Asking, Page, add_slices, page};
use super::reconcile::{Desk, reconcile};
use super::round_answer::{answer, last_answer};
pub use super::session::DeviceSession;
use super::session::standing;
use super::sizes::{Sizes, SnapshotSizes};
use super::{catalogue, last_words, leaving, restore, sent, snapshot};
use crate::db::devices::{Device, DeviceState};
use crate::db::directory::{Guide, Tenant};
use crate::db::feeds::FeedHead;
use crate::db::needs::Needs;
use crate::db::standing::Standing;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::ServiceError;

/// How stale "last seen" and the cursor of a device may be, so that a round without edits need not be written down.
const SEEN_EVERY_MS: u64 = 10 * 60 * 1000;

/// Takes the push of a phone and gives it what comes after its cursor.
///
/// Errors: `upgrade_needed`, `revoked`, `signed_out`, `too_large`. A refused edit is no error but a receipt.
pub fn round(db: &dyn Database, who: &DeviceSession, record: &RoundRecord, now_ms: u64) -> Result<RoundAnswerRecord, ServiceError> {
    round_of(Sizes::of(record.protocol), db, None, who, record, now_ms)
}

/// The same with other sizes than the protocol's, and with the secret behind coupons, where there is one.
pub fn round_of(
    sizes: Sizes,
    db: &dyn Database,
    coupons: Option<&CouponSecret>,
    who: &DeviceSession,
    record: &RoundRecord,
    now_ms: u64,
) -> Result<RoundAnswerRecord, ServiceError> {
    check(record, sizes)?;
    let look = db.reading(|tx| {
        let standing = tx.standing(who.device)?.filter(|standing| DeviceSession::of(standing) == *who);
        look(tx, db, standing.ok_or_else(|| ServiceError::plain(ErrorCode::SignedOut))?, record, sizes, now_ms)
    })?;
    finish(db, coupons, who, record, look, sizes, now_ms)
}

/// The same for whoever holds this access token, in one look where nothing is to be written.
pub fn round_by_token(
    db: &dyn Database,
    coupons: Option<&CouponSecret>,
    token: &str,
    record: &RoundRecord,
    now_ms: u64,
) -> Result<RoundAnswerRecord, ServiceError> {
    let sizes = Sizes::of(record.protocol);
    check(record, sizes)?;
    let (who, look) = db.reading(|tx| {
        let standing = standing(tx, token, now_ms)?;
        let who = DeviceSession::of(&standing);
        Ok::<_, ServiceError>((who, look(tx, db, standing, record, sizes, now_ms)?))
    })?;
    finish(db, coupons, &who, record, look, sizes, now_ms)
}

/// The answer to a round that brings nothing and finds nothing, by one small read; `None` for one in which there is more to do.
pub fn unchanged_by_token(
    db: &dyn Database,
    token: &str,
    record: &RoundRecord,
    now_ms: u64,
) -> Result<Option<RoundAnswerRecord>, ServiceError> {
    check(record, Sizes::of(record.protocol))?;
    if !record.operations.is_empty() || record.coupons.is_some() {
        return Ok(None);
    }
    db.reading(|tx| {
        let Standing { tenant, guide, device, head } = standing(tx, token, now_ms)?;
        let here = Here::of(tenant, guide, device)?;
        if worth_noting(&here.device, now_ms) || leaving::is_over(&here.guide, now_ms) {
            return Ok(None);
        }
        let pulled = nothing(&here, &head, record);
        Ok(pulled.map(|pulled| answer(here, record, Vec::new(), pulled, None, now_ms)))
    })
}

fn check(record: &RoundRecord, sizes: Sizes) -> Result<(), ServiceError> {
    if !(OLDEST_PROTOCOL..=PROTOCOL).contains(&record.protocol) {
        return Err(ServiceError::about(ErrorCode::UpgradeNeeded, "protocol", format!("spoken here: {OLDEST_PROTOCOL} to {PROTOCOL}")));
    }
    if record.operations.len() > sizes.push {
        return Err(ServiceError::about(ErrorCode::TooLarge, "operations", format!("at most {}", sizes.push)));
    }
    Ok(())
}

/// What the first look shows.
struct Look {
    here: Here,
    /// All there is to answer; none if something is to be written before.
    pulled: Option<Pulled>,
}

fn look(
    tx: &mut dyn Tx,
    db: &dyn Database,
    standing: Standing,
    record: &RoundRecord,
    sizes: Sizes,
    now_ms: u64,
) -> Result<Look, ServiceError> {
    let who = DeviceSession::of(&standing);
    let Standing { tenant, guide, device, head } = standing;
    let here = Here::of(tenant, guide, device)?;
    if !record.operations.is_empty() || worth_noting(&here.device, now_ms) || leaving::is_over(&here.guide, now_ms) {
        return Ok(Look { here, pulled: None });
    }
    let pulled = pull_known(tx, db, &who, &here, head, record, sizes)?;
    Ok(Look { here, pulled })
}

/// What there is for the phone, unless it may show somebody for the first time: that is noted before it is sent.
fn pull_known(
    tx: &mut dyn Tx,
    db: &dyn Database,
    who: &DeviceSession,
    here: &Here,
    head: FeedHead,
    record: &RoundRecord,
    sizes: Sizes,
) -> Result<Option<Pulled>, ServiceError> {
    let pulled = pull(tx, db, here, head, record, sizes)?;
    let shows_nobody = pulled.page.changes.is_empty() && !pulled.snapshot;
    Ok(if shows_nobody || !sent::may_be_news(tx, who)? { Some(pulled) } else { None })
}

fn finish(
    db: &dyn Database,
    coupons: Option<&CouponSecret>,
    who: &DeviceSession,
    record: &RoundRecord,
    look: Look,
    sizes: Sizes,
    now_ms: u64,
) -> Result<RoundAnswerRecord, ServiceError> {
    let (here, pulled, receipts) = match look {
        Look { here, pulled: Some(pulled) } => (here, pulled, Vec::new()),
        Look { here: mut before, pulled: None } => {
            if leaving::is_over(&before.guide, now_ms) {
                leaving::end_guide_now(db, &who.tenant, &who.guide, now_ms)?;
                before = db.reading(|tx| here(tx, who))?;
            }
            let worth_writing = !record.operations.is_empty() || worth_noting(&before.device, now_ms);
            let receipts =
                if worth_writing { db.writing(Write::Round, |tx| push(tx, db, coupons, who, record, sizes, now_ms))? } else { Vec::new() };
            if matches!(before.device.state, DeviceState::Closing { .. }) {
                return Ok(last_answer(before, record, sizes, receipts, now_ms));
            }
            let (here, pulled) = pull_and_note(db, who, record, sizes, now_ms)?;
            (here, pulled, receipts)
        }
    };
    let snapshot = if pulled.snapshot { Some(offer(db, who, sizes.snapshot, now_ms)?) } else { None };
    // After the push, so that what was given out or given back counts.
    let given = match (&record.coupons, coupons) {
        (Some(asked), Some(secret)) => Some(granting::answer(db, secret, who, asked, now_ms)?),
        (Some(_), None) | (None, _) => None,
    };
    Ok(RoundAnswerRecord { coupons: given, ..answer(here, record, receipts, pulled, snapshot, now_ms) })
}

fn pull_and_note(
    db: &dyn Database,
    who: &DeviceSession,
    record: &RoundRecord,
    sizes: Sizes,
    now_ms: u64,
) -> Result<(Here, Pulled), ServiceError> {
    let known = db.reading(|tx| {
        let here = here(tx, who)?;
        let head = tx.feed_head(&who.tenant, &who.guide)?;
        let pulled = pull_known(tx, db, who, &here, head, record, sizes)?;
        Ok::<_, ServiceError>(pulled.map(|pulled| (here, pulled)))
    })?;
    if let Some(known) = known {
        return Ok(known);
    }
    // Read again where it is noted, so that nobody can leave the feed between the two.
    db.writing(Write::Page, |tx| {
        let here = here(tx, who)?;
        tx.gather(&who.tenant, &Needs { feeds: BTreeSet::from([who.guide.clone()]), ..Needs::default() })?;
        let head = tx.feed_head(&who.tenant, &who.guide)?;
        let pulled = pull(tx, db, &here, head, record, sizes)?;
        if !pulled.snapshot {
            sent::note_page(tx, who, &pulled.page, now_ms)?;
        }
        Ok((here, pulled))
    })
}

/// The guide's snapshot, noted as sent before its key is told.
fn offer(db: &dyn Database, who: &DeviceSession, sizes: SnapshotSizes, now_ms: u64) -> Result<SnapshotRecord, ServiceError> {
    let record = snapshot::current(db, &who.tenant, &who.guide, sizes, now_ms)?;
    db.writing(Write::Page, |tx| sent::note_all(tx, who, record.position))?;
    Ok(record)
}

/// The sender as the database knows her.
pub(super) struct Here {
    pub tenant: Tenant,
    pub guide: Guide,
    device: Device,
}

fn here(tx: &mut dyn Tx, who: &DeviceSession) -> Result<Here, ServiceError> {
    let signed_out = || ServiceError::plain(ErrorCode::SignedOut);
    let tenant = tx.tenant(&who.tenant)?.ok_or_else(signed_out)?;
    let device = tx.device(&who.tenant, who.device)?.filter(|d| d.guide == who.guide).ok_or_else(signed_out)?;
    let guide = tx.guide(&who.tenant, &who.guide)?.ok_or_else(signed_out)?;
    Here::of(tenant, guide, device)
}

impl Here {
    /// All three, unless the device is revoked.
    fn of(tenant: Tenant, guide: Guide, device: Device) -> Result<Here, ServiceError> {
        if device.state == DeviceState::Revoked {
            return Err(ServiceError::plain(ErrorCode::Revoked));
        }
        Ok(Here { tenant, guide, device })
    }
}

fn worth_noting(device: &Device, now_ms: u64) -> bool {
    let stale = now_ms.saturating_sub(device.last_seen_ms) >= SEEN_EVERY_MS;
    stale || device.state != DeviceState::Active
}

fn push(
    tx: &mut dyn Tx,
    db: &dyn Database,
    coupons: Option<&CouponSecret>,
    who: &DeviceSession,
    record: &RoundRecord,
    sizes: Sizes,
    now_ms: u64,
) -> Result<Vec<ReceiptRecord>, ServiceError> {
    let Here { tenant, guide, mut device } = here(tx, who)?;
    let closing_ms = match device.state {
        DeviceState::Closing { at_ms } => Some(at_ms),
        DeviceState::Active | DeviceState::Revoked => None,
    };
    tx.gather(&who.tenant, &needs(who, &record.operations))?;
    let editor = Editor { guide: guide.id, store: guide.store, brand: guide.brand };
    let catalogue = db.catalogues().get(&tenant, || catalogue(tx, &who.tenant))?;
    let (limits, heir, last_hlc) = (Limits::default(), guide.heir, device.last_hlc);
    let key = device.public_key;
    let mut desk = Desk { who, editor, catalogue, limits, key, coupons, closing_ms, heir, now_ms, last_hlc };
    let mut receipts = Vec::with_capacity(record.operations.len());
    for operation in &record.operations {
        receipts.extend(reconcile(tx, &mut desk, operation)?);
    }
    device.last_hlc = desk.last_hlc;
    device.last_seen_ms = now_ms;
    device.cursor = record.cursor;
    if let Some(left_ms) = closing_ms.filter(|_| is_last(record, sizes)) {
        device.state = DeviceState::Revoked;
        // A late copy of an older push looks like the last one: what was still to come may then be said as last words.
        last_words::permit(tx, device.id, left_ms)?;
    }
    tx.put_device(&device)?;
    Ok(receipts)
}

/// What judging these will look at, as far as they say.
pub(super) fn needs(who: &DeviceSession, operations: &[OperationRecord]) -> Needs {
    let mut needs = Needs { feeds: BTreeSet::from([who.guide.clone()]), ..Needs::default() };
    for record in operations {
        needs.operations.extend(record.id());
        let OperationRecord::Known(operation) = record else { continue };
        needs.members.extend(operation.member.clone());
        if let Edit::Enrol { walkin } = &operation.edit {
            needs.phones.insert(walkin.phone.clone());
        }
    }
    needs
}

/// A full push may have more behind it; a phone is not wiped before all of it is here.
pub(super) fn is_last(record: &RoundRecord, sizes: Sizes) -> bool {
    record.operations.len() < sizes.push
}

/// What there is for a phone.
#[derive(Default)]
pub(super) struct Pulled {
    pub page: Page,
    pub head: FeedHead,
    /// A snapshot is less than the changes.
    pub snapshot: bool,
    /// The sums are to be compared slice by slice.
    pub compare: bool,
    pub forgotten_since_ms: Option<u64>,
}

/// `head` is how far the guide's feed has come, as of this transaction.
fn pull(
    tx: &mut dyn Tx,
    db: &dyn Database,
    here: &Here,
    head: FeedHead,
    record: &RoundRecord,
    sizes: Sizes,
) -> Result<Pulled, ServiceError> {
    let tenant = &here.tenant;
    let compact = record.protocol >= COMPACT_PROTOCOL;
    let same_epoch = record.epoch == Some(tenant.epoch);
    if compact && !same_epoch && record.epoch.is_some() {
        return new_epoch(tx, here, record, head);
    }
    if let Some(pulled) = nothing(here, &head, record) {
        return Ok(pulled);
    }
    let cursor = if same_epoch { record.cursor } else { CursorRecord::default() };
    let catalogue: Arc<Catalogue> = db.catalogues().get(tenant, || catalogue(tx, &tenant.id))?;
    // One that pushes may hold walk-ins of its own already.
    let fresh = record.epoch.is_none() && record.operations.is_empty();
    let (guide, whole) = (&here.guide, record.whole.unwrap_or(cursor.feed));
    let own = if compact && record.terse { OwnEdits::of(&record.operations) } else { OwnEdits::default() };
    let asking = Asking { tenant, guide, head: head.position, catalogue: &catalogue, compact, whole, fresh, own, sizes };
    match &record.sums {
        Some(sums) if cursor.feed == head.position => {
            let few = sizes.snapshot.few_changes;
            let unlike = head.sums.unlike(sums);
            let snapshot = unlike.len() > SLICES / 2 && tx.feed_count_after(&tenant.id, &here.guide.id, 0, few)? >= few;
            let mut page = Page::at(cursor);
            if !snapshot {
                add_slices(tx, &asking, &unlike, &mut page)?;
            }
            let compare = page.more;
            Ok(Pulled { page, head, snapshot, compare, ..Pulled::default() })
        }
        _ => {
            let snapshot = compact && worth_a_snapshot(tx, here, sizes.snapshot, cursor.feed, head.position)?;
            // With a snapshot only the dictionary: the feed is what the snapshot brings.
            let mut page = page(tx, &asking, if snapshot { CursorRecord { feed: head.position, ..cursor } } else { cursor })?;
            if snapshot {
                page.cursor.feed = cursor.feed;
            }
            Ok(Pulled { page, head, snapshot, compare: record.sums.is_some(), ..Pulled::default() })
        }
    }
}

/// What there is for a phone that has everything; `None` for any other.
fn nothing(here: &Here, head: &FeedHead, record: &RoundRecord) -> Option<Pulled> {
    let Tenant { epoch, catalogue, .. } = here.tenant;
    let newest = CursorRecord { feed: head.position, catalogue };
    if record.epoch != Some(epoch) || record.cursor != newest || record.sums.is_some() || catalogue == 0 {
        return None;
    }
    let compare = record.total.as_ref().is_some_and(|total| *total != head.sums.total());
    Some(Pulled { page: Page::at(newest), head: head.clone(), compare, ..Pulled::default() })
}

/// The server was restored: where both stand is found by their sums. The dictionary is small and comes again.
fn new_epoch(tx: &mut dyn Tx, here: &Here, record: &RoundRecord, head: FeedHead) -> Result<Pulled, ServiceError> {
    let forgotten_since_ms = match record.epoch {
        Some(epoch) => restore::forgotten_since(tx, &here.tenant.id, epoch)?,
        None => None,
    };
    // Where the phone was, it still is: a position is never given out twice, and what it has beyond the backup its sums tell.
    let mut page = Page::at(CursorRecord { feed: record.cursor.feed.min(head.position), catalogue: 0 });
    page.more = true;
    Ok(Pulled { page, head, compare: true, forgotten_since_ms, ..Pulled::default() })
}

/// Whether a snapshot is less than the changes after `cursor`. Counts no further than it must.
fn worth_a_snapshot(tx: &mut dyn Tx, here: &Here, sizes: SnapshotSizes, cursor: u64, head: u64) -> Result<bool, ServiceError> {
    let (tenant, guide) = (&here.tenant.id, &here.guide.id);
    let few = if cursor == 0 { sizes.first_chunk } else { sizes.few_changes };
    if cursor >= head || tx.feed_count_after(tenant, guide, cursor, few + 1)? <= few {
        return Ok(false);
    }
    if cursor == 0 {
        return Ok(true);
    }
    // Rows of which only some fields are missing cost a fraction of a member.
    let (missing, all) = (tx.feed_count_missing(tenant, guide, cursor)?, tx.feed_count_after(tenant, guide, 0, ALL)?);
    Ok(missing * 2 > all)
}

const ALL: usize = i64::MAX as usize;
