//! What day it is where the stores are.
//!
//! All stores lie in one zone, Asia/Shanghai, and a phone may be set to any other: a guide who travels, a phone bought
//! abroad, a cleared clock. So "today" is the stores' day, on the phone as on the server, whatever zone the phone shows.

use chrono::{DateTime, NaiveDate};

/// Asia/Shanghai is eight hours ahead of UTC, without summer time.
pub(crate) const SHANGHAI_AHEAD_MS: i64 = 8 * 3_600_000;

/// The day in Asia/Shanghai at `unix_ms`. A time that no calendar has is the first of 1970.
pub fn store_day(unix_ms: u64) -> NaiveDate {
    let local_ms = i64::try_from(unix_ms).unwrap_or_default().saturating_add(SHANGHAI_AHEAD_MS);
    DateTime::from_timestamp_millis(local_ms).unwrap_or_default().date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_midnight_in_shanghai() {
        let midnight_ms = 1_793_462_400_000; // 2026-10-31T16:00:00Z
        assert_eq!(store_day(midnight_ms - 1).to_string(), "2026-10-31");
        assert_eq!(store_day(midnight_ms).to_string(), "2026-11-01");
        assert_eq!(store_day(u64::MAX).to_string(), "1970-01-01");
    }
}
