//! A sync round: the push in one transaction, then a page from one snapshot.

use std::collections::BTreeSet;

use guidebook_domain::{Edit, Editor, Limits};
use guidebook_wire::protocol::{LARGEST_PUSH, OLDEST_PROTOCOL, PROTOCOL};
use guidebook_wire::{CursorRecord, ErrorCode, OperationRecord, ReceiptRecord, RoundAnswerRecord, RoundRecord};

use super::page::{Page, page};
use super::reconcile::{Desk, reconcile};
pub use super::session::DeviceSession;
use super::{catalogue, guide_record};
use crate::db::devices::{Device, DeviceState};
use crate::db::directory::{Guide, Tenant};
use crate::db::needs::Needs;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::ServiceError;

/// How stale "last seen" and the cursor of a device may be, so that a round without edits need not be written down.
const SEEN_EVERY_MS: u64 = 10 * 60 * 1000;

/// Takes the push of a phone and gives it the page after its cursor.
///
/// Errors: `upgrade_needed`, `revoked`, `signed_out`, `too_large`. A refused edit is no error but a receipt.
pub fn round(db: &dyn Database, who: &DeviceSession, record: &RoundRecord, now_ms: u64) -> Result<RoundAnswerRecord, ServiceError> {
    if !(OLDEST_PROTOCOL..=PROTOCOL).contains(&record.protocol) {
        return Err(ServiceError::about(ErrorCode::UpgradeNeeded, "protocol", format!("spoken here: {OLDEST_PROTOCOL} to {PROTOCOL}")));
    }
    if record.operations.len() > LARGEST_PUSH {
        return Err(ServiceError::about(ErrorCode::TooLarge, "operations", format!("at most {LARGEST_PUSH}")));
    }
    let here = db.reading(|tx| here(tx, who))?;
    let worth_writing = !record.operations.is_empty() || worth_noting(&here.device, now_ms);
    let receipts = if worth_writing { db.writing(Write::Round, |tx| push(tx, who, record, now_ms))? } else { Vec::new() };
    if matches!(here.device.state, DeviceState::Closing { .. }) {
        return Ok(last_answer(here, record, receipts, now_ms));
    }
    let (here, page) = db.reading(|tx| pull(tx, who, record))?;
    Ok(answer(here, receipts, page, now_ms))
}

/// The sender as the database knows her.
struct Here {
    tenant: Tenant,
    guide: Guide,
    device: Device,
}

fn here(tx: &mut dyn Tx, who: &DeviceSession) -> Result<Here, ServiceError> {
    let signed_out = || ServiceError::plain(ErrorCode::SignedOut);
    let device = tx.device(&who.tenant, who.device)?.filter(|d| d.guide == who.guide).ok_or_else(signed_out)?;
    if device.state == DeviceState::Revoked {
        return Err(ServiceError::plain(ErrorCode::Revoked));
    }
    let tenant = tx.tenant(&who.tenant)?.ok_or_else(signed_out)?;
    let guide = tx.guide(&who.tenant, &who.guide)?.ok_or_else(signed_out)?;
    Ok(Here { tenant, guide, device })
}

fn worth_noting(device: &Device, now_ms: u64) -> bool {
    let stale = now_ms.saturating_sub(device.last_seen_ms) >= SEEN_EVERY_MS;
    stale || device.state != DeviceState::Active
}

fn push(tx: &mut dyn Tx, who: &DeviceSession, record: &RoundRecord, now_ms: u64) -> Result<Vec<ReceiptRecord>, ServiceError> {
    let Here { guide, mut device, .. } = here(tx, who)?;
    let closing_ms = match device.state {
        DeviceState::Closing { at_ms } => Some(at_ms),
        DeviceState::Active | DeviceState::Revoked => None,
    };
    tx.gather(&who.tenant, &needs(who, record))?;
    let editor = Editor { guide: guide.id, store: guide.store, brand: guide.brand };
    let catalogue = catalogue(tx, &who.tenant)?;
    let (limits, heir, last_hlc) = (Limits::default(), guide.heir, device.last_hlc);
    let mut desk = Desk { who, editor, catalogue, limits, closing_ms, heir, now_ms, last_hlc };
    let mut receipts = Vec::with_capacity(record.operations.len());
    for operation in &record.operations {
        receipts.extend(reconcile(tx, &mut desk, operation)?);
    }
    device.last_hlc = desk.last_hlc;
    device.last_seen_ms = now_ms;
    device.cursor = record.cursor;
    if closing_ms.is_some() && is_last(record) {
        device.state = DeviceState::Revoked;
    }
    tx.put_device(&device)?;
    Ok(receipts)
}

/// What the push will look at, as far as the operations say.
fn needs(who: &DeviceSession, record: &RoundRecord) -> Needs {
    let mut needs = Needs { feeds: BTreeSet::from([who.guide.clone()]), ..Needs::default() };
    for record in &record.operations {
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
fn is_last(record: &RoundRecord) -> bool {
    record.operations.len() < LARGEST_PUSH
}

fn pull(tx: &mut dyn Tx, who: &DeviceSession, record: &RoundRecord) -> Result<(Here, Page), ServiceError> {
    let here = here(tx, who)?;
    let same_epoch = record.epoch == Some(here.tenant.epoch);
    let cursor = if same_epoch { record.cursor } else { CursorRecord::default() };
    // One that pushes may hold walk-ins of its own already.
    let fresh = record.epoch.is_none() && record.operations.is_empty();
    let page = page(tx, &here.tenant, &here.guide, cursor, fresh)?;
    Ok((here, page))
}

fn answer(here: Here, receipts: Vec<ReceiptRecord>, page: Page, now_ms: u64) -> RoundAnswerRecord {
    RoundAnswerRecord {
        epoch: here.tenant.epoch,
        server_ms: now_ms,
        guide: guide_record(&here.guide),
        receipts,
        changes: page.changes,
        cursor: page.cursor,
        more: page.more,
        come_back_s: None,
        wipe: false,
    }
}

/// The answer to a phone whose guide has left: receipts, no members.
fn last_answer(here: Here, record: &RoundRecord, receipts: Vec<ReceiptRecord>, now_ms: u64) -> RoundAnswerRecord {
    let more = !is_last(record);
    let page = Page { cursor: record.cursor, more, ..Page::default() };
    RoundAnswerRecord { wipe: !more, ..answer(here, receipts, page, now_ms) }
}
