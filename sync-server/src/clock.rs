//! Time. Only `http` and `main` ask for it; everything below gets it as an argument.

use chrono::{DateTime, FixedOffset, NaiveDate};

/// Unix milliseconds by the machine's clock.
pub fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |d| d.as_millis() as u64)
}

/// The day on which `ms` falls in Asia/Shanghai, which has been UTC+8 without exception since 1991.
pub fn shanghai_day(ms: u64) -> NaiveDate {
    let zone = FixedOffset::east_opt(8 * 3600).expect("eight hours are an offset");
    let at = DateTime::from_timestamp_millis(ms as i64).unwrap_or_default();
    at.with_timezone(&zone).date_naive()
}

/// The Unix milliseconds at which `day` begins in Asia/Shanghai.
pub fn shanghai_midnight_ms(day: NaiveDate) -> u64 {
    let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
    u64::try_from(midnight - 8 * 3_600_000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_shanghai() {
        let four_in_the_afternoon_utc = 1_793_548_800_000; // 2026-11-01T16:00:00Z
        assert_eq!(shanghai_day(four_in_the_afternoon_utc - 1).to_string(), "2026-11-01");
        assert_eq!(shanghai_day(four_in_the_afternoon_utc).to_string(), "2026-11-02");
        assert_eq!(shanghai_midnight_ms(shanghai_day(four_in_the_afternoon_utc)), four_in_the_afternoon_utc);
    }
}
