//! Versions, paths and sizes.

/// The protocol version that this crate speaks. A server answers an older phone in the older words as long as
/// [`OLDEST_PROTOCOL`] allows, else with `upgrade_needed`.
///
/// 1. Whole members, a receipt for each operation.
/// 2. Snapshots, changed fields ([`crate::patch`]), sums ([`crate::slices`]), compressed bodies, receipts only where
///    there is something to tell, and nothing said twice.
pub const PROTOCOL: u16 = 2;

/// The oldest version that is still answered.
pub const OLDEST_PROTOCOL: u16 = 1;

/// The most operations in one round. More wait for the next.
pub const LARGEST_PUSH: usize = 1_000;

/// The first version with snapshots, changed fields and sums.
pub const COMPACT_PROTOCOL: u16 = 2;

/// The most changes in one page of a pull; four times as many where bodies are compressed.
pub const LARGEST_PAGE: usize = 500;

/// Where a phone enrols.
pub const ENROL_PATH: &str = "/v1/enrol";
/// Where a phone asks for a challenge.
pub const CHALLENGE_PATH: &str = "/v1/challenge";
/// Where a phone proves its key and gets a session.
pub const SESSION_PATH: &str = "/v1/session";
/// Where a session is renewed.
pub const REFRESH_PATH: &str = "/v1/session/refresh";
/// Where a sync round goes.
pub const ROUND_PATH: &str = "/v1/round";
/// Where a phone waits for news.
pub const LIVE_PATH: &str = "/v1/live";
/// Where snapshots are: this and the snapshot's name.
pub const SNAPSHOT_PATH: &str = "/v1/snapshots/";
/// Where a revoked phone says its last words.
pub const LAST_WORDS_PATH: &str = "/v1/last-words";
