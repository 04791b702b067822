//! Waiting for news: a request that is answered when there is something to pull, or when its time is over.
//!
//! It carries the same proof as a round and brings nothing itself: on news the phone runs a round.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::CursorRecord;

/// What a phone that waits sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LiveRecord {
    /// The epoch in which the cursor was given; none before the first round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Uuid>,
    /// Where the phone is.
    pub cursor: CursorRecord,
    /// How long it will wait, in seconds. A server may answer earlier.
    pub wait_s: u32,
}

/// What a server answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveAnswerRecord {
    /// The server's time, Unix milliseconds.
    pub server_ms: u64,
    /// Whether there is something to pull.
    pub news: bool,
    /// "Wait again in so many seconds, plus jitter."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub come_back_s: Option<u32>,
}
