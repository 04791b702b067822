//! What a round is answered, in the words of the phone's protocol.

use guidebook_domain::Outcome;
use guidebook_wire::protocol::COMPACT_PROTOCOL;
use guidebook_wire::snapshot::SnapshotRecord;
use guidebook_wire::{OutcomeRecord, ReceiptRecord, RoundAnswerRecord, RoundRecord};

use super::guide_record;
use super::page::Page;
use super::round::{Here, Pulled, is_last};
use super::sizes::Sizes;

/// What a phone is told of all that.
pub(super) fn answer(
    here: Here,
    record: &RoundRecord,
    receipts: Vec<ReceiptRecord>,
    pulled: Pulled,
    snapshot: Option<SnapshotRecord>,
    now_ms: u64,
) -> RoundAnswerRecord {
    let Pulled { page, head, compare, forgotten_since_ms, .. } = pulled;
    let guide = guide_record(&here.guide);
    let whole = RoundAnswerRecord {
        epoch: Some(here.tenant.epoch),
        forgotten_since_ms,
        server_ms: now_ms,
        guide: Some(guide),
        receipts,
        changes: page.changes,
        positions: steps(&page.positions),
        slices: page.slices,
        cursor: Some(page.cursor),
        snapshot,
        compare,
        more: page.more,
        ..RoundAnswerRecord::default()
    };
    if record.protocol >= COMPACT_PROTOCOL {
        compact(whole, record, head.position)
    } else {
        RoundAnswerRecord { positions: Vec::new(), ..whole }
    }
}

/// Each position as its difference from the one before.
fn steps(positions: &[u64]) -> Vec<i64> {
    let before = std::iter::once(0).chain(positions.iter().copied());
    positions.iter().zip(before).map(|(position, before)| position.wrapping_sub(before) as i64).collect()
}

/// The answer without what the phone said itself.
fn compact(mut answer: RoundAnswerRecord, record: &RoundRecord, head: u64) -> RoundAnswerRecord {
    let plain = |receipt: &ReceiptRecord| matches!(receipt.outcome, OutcomeRecord::Known(Outcome::Applied));
    if answer.receipts.iter().any(plain) {
        answer.receipts.retain(|receipt| !plain(receipt));
        answer.applied_at = Some(head);
    }
    if answer.epoch == record.epoch {
        answer.epoch = None;
    }
    if answer.guide.as_ref().is_some_and(|guide| record.guide.as_ref() == Some(&guide.mark())) {
        answer.guide = None;
    }
    if answer.cursor == Some(record.cursor) && record.epoch.is_some() {
        answer.cursor = None;
    }
    answer
}

/// The answer to a phone whose guide has left: receipts, no members. Of a restore it hears with a page of its feed, and only
/// there: if another backup comes in between in which she has not left, what it holds is still compared.
pub(super) fn last_answer(
    mut here: Here,
    record: &RoundRecord,
    sizes: Sizes,
    receipts: Vec<ReceiptRecord>,
    now_ms: u64,
) -> RoundAnswerRecord {
    here.tenant.epoch = record.epoch.unwrap_or(here.tenant.epoch);
    let more = !is_last(record, sizes);
    let mut page = Page::at(record.cursor);
    page.more = more;
    let pulled = Pulled { page, ..Pulled::default() };
    RoundAnswerRecord { wipe: !more, ..answer(here, record, receipts, pulled, None, now_ms) }
}
