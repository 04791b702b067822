//! Whether there is something to pull for a phone that would wait for it.

use guidebook_domain::DeviceId;
use guidebook_wire::{CursorRecord, ErrorCode, LiveRecord};
use uuid::Uuid;

use super::session::standing;
use crate::db::devices::DeviceState;
use crate::db::live::FeedPosition;
use crate::db::{Database, DatabaseExt};
use crate::error::ServiceError;

/// Who waits, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The phone.
    pub device: DeviceId,
    /// The epoch of its cursor.
    pub epoch: Option<Uuid>,
    /// Where it is.
    pub cursor: CursorRecord,
}

/// Whether a round would bring whoever waits something, its feeds being `at`.
pub fn has_news(waiting: &Waiting, at: &FeedPosition) -> bool {
    !at.active || waiting.epoch != Some(at.epoch) || waiting.cursor != at.newest
}

/// The first look, for whoever holds this access token: who would wait, or `None` where there is something to pull already.
///
/// Errors: `signed_out`, `revoked`, as a round's.
pub fn first_look(db: &dyn Database, token: &str, record: &LiveRecord, now_ms: u64) -> Result<Option<Waiting>, ServiceError> {
    db.reading(|tx| {
        let device = standing(tx, token, now_ms)?.device;
        if device.state == DeviceState::Revoked {
            return Err(ServiceError::plain(ErrorCode::Revoked));
        }
        let waiting = Waiting { device: device.id, epoch: record.epoch, cursor: record.cursor };
        let at = tx.feed_positions(&[device.id])?.pop().ok_or_else(|| ServiceError::plain(ErrorCode::SignedOut))?;
        Ok((!has_news(&waiting, &at)).then_some(waiting))
    })
}
