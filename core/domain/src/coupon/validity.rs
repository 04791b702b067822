//! How long a coupon is valid. Days are those of Asia/Shanghai, where the stores are, and a last day counts.

use chrono::{Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::store_day;
use crate::store_day::SHANGHAI_AHEAD_MS;

/// When a campaign's coupons are valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// From the day on which a coupon is given out, for so many days; 1 is that day alone.
    FromIssue {
        /// How many.
        days: u16,
    },
    /// From one day to another.
    Fixed {
        /// The first.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
}

impl Validity {
    /// The last day of a coupon given out on `issued`.
    pub fn last_day(&self, issued: NaiveDate) -> NaiveDate {
        match self {
            Validity::FromIssue { days } => issued.checked_add_days(Days::new(u64::from(days.saturating_sub(1)))).unwrap_or(NaiveDate::MAX),
            Validity::Fixed { to, .. } => *to,
        }
    }

    /// The last day that a voucher says which is signed before anyone knows when it will be given out: as if on the last
    /// day of the lease. So a till without a network may take a coupon up to a lease longer than its own last day, which
    /// the issue event and the server know; and only after this day do codes that were never heard of go back to the budget.
    pub fn last_day_of_lease(&self, lease_until_ms: u64) -> NaiveDate {
        self.last_day(store_day(lease_until_ms))
    }

    /// Whether a coupon could be used on `day` if it were given out then.
    pub fn is_open(&self, day: NaiveDate) -> bool {
        match self {
            Validity::FromIssue { .. } => true,
            Validity::Fixed { from, to } => (*from..=*to).contains(&day),
        }
    }
}

/// The moment at which `last_day` is over, Unix milliseconds.
pub fn end_of(last_day: NaiveDate) -> u64 {
    let next = last_day.succ_opt().unwrap_or(last_day).and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    u64::try_from(next - SHANGHAI_AHEAD_MS).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_day_counts() {
        assert_eq!(Validity::FromIssue { days: 1 }.last_day(day("2026-12-31")), day("2026-12-31"));
        assert_eq!(Validity::FromIssue { days: 30 }.last_day(day("2026-12-31")), day("2027-01-29"));
        let end = end_of(day("2026-10-31"));
        assert_eq!((store_day(end - 1), store_day(end)), (day("2026-10-31"), day("2026-11-01")));
    }

    #[test]
    fn fixed_days_include_both_ends() {
        let fixed = Validity::Fixed { from: day("2026-11-01"), to: day("2026-11-11") };
        let open = |text| fixed.is_open(day(text));
        assert_eq!([open("2026-10-31"), open("2026-11-01"), open("2026-11-11"), open("2026-11-12")], [false, true, true, false]);
        assert_eq!(fixed.last_day_of_lease(u64::MAX), day("2026-11-11"));
    }
}
