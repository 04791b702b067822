//! The day at the counter, end to end, with real processes.

#![allow(clippy::unwrap_used)]

use chrono::NaiveDate;
use guidebook_testkit::day;

#[test]
fn a_day_at_the_counter_holds_every_check() {
    let directory = tempfile::tempdir().unwrap();
    let last_day = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
    if let Err(error) = day::play(directory.path(), last_day) {
        panic!("the day ended early: {error}");
    }
}
