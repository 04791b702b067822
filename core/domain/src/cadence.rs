//! How often a member buys, and when she is expected back.

use chrono::{Days, NaiveDate};

use crate::PurchaseStats;

/// The usual days between two purchases: the median of the intervals between the days of [`PurchaseStats::recent`], the
/// longer of two in the middle. Purchases of one day count as one. Two intervals are the least from which a habit can be
/// told: with fewer there is none.
pub fn cadence_days(stats: &PurchaseStats) -> Option<u32> {
    let mut days: Vec<NaiveDate> = stats.recent.iter().map(|purchase| purchase.day).collect();
    days.sort_unstable();
    days.dedup();
    let mut intervals: Vec<i64> = days.windows(2).map(|pair| (pair[1] - pair[0]).num_days()).collect();
    if intervals.len() < 2 {
        return None;
    }
    intervals.sort_unstable();
    u32::try_from(intervals[intervals.len() / 2]).ok()
}

/// The day on which she is expected back: her last purchase and the usual days after it. It may have passed.
pub fn usual_return(stats: &PurchaseStats) -> Option<NaiveDate> {
    stats.last?.checked_add_days(Days::new(cadence_days(stats)?.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Purchase;

    fn bought_on(days: &[&str]) -> PurchaseStats {
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
        let recent = days.iter().map(|text| Purchase { day: day(text), product: String::new(), quantity: 1, paid_fen: 1 });
        PurchaseStats { recent: recent.collect(), last: days.first().map(|text| day(text)), ..PurchaseStats::default() }
    }

    #[test]
    fn one_long_pause_does_not_change_the_habit() {
        let stats = bought_on(&["2026-11-01", "2026-10-02", "2026-10-02", "2026-09-01", "2025-09-01"]);
        assert_eq!(cadence_days(&stats), Some(31));
        assert_eq!(usual_return(&stats).unwrap().to_string(), "2026-12-02");
    }

    #[test]
    fn of_two_intervals_the_longer_counts() {
        assert_eq!(cadence_days(&bought_on(&["2026-11-11", "2026-11-01", "2026-10-31"])), Some(10));
    }

    #[test]
    fn without_two_intervals_there_is_no_habit() {
        for days in [&[][..], &["2026-11-01"], &["2026-11-01", "2026-10-01"], &["2026-11-01", "2026-11-01", "2026-10-01"]] {
            assert_eq!((cadence_days(&bought_on(days)), usual_return(&bought_on(days))), (None, None), "{days:?}");
        }
    }
}
