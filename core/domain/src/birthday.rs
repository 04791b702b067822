//! Birthdays, with or without a year.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::iso_day::iso_day;

/// A birthday. Many members give only month and day; 29 February is a day then too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Birthday {
    year: Option<i16>,
    month: u8,
    day: u8,
}

/// A text that names no day: not `YYYY-MM-DD` or `--MM-DD`, or a day that no calendar has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such day")]
pub struct BirthdayError;

impl Birthday {
    /// Reads `1990-02-28` or, without a year, `--02-28` (ISO 8601:2000's truncated form, as vCard keeps it).
    pub fn parse(text: &str) -> Result<Self, BirthdayError> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("--") {
            // A leap year, so that 29 February is accepted.
            let date = parse_date(&format!("2000-{rest}"))?;
            return Ok(Birthday { year: None, month: date.month() as u8, day: date.day() as u8 });
        }
        let date = parse_date(text)?;
        if !(1900..=2100).contains(&date.year()) {
            return Err(BirthdayError);
        }
        Ok(Birthday { year: Some(date.year() as i16), month: date.month() as u8, day: date.day() as u8 })
    }

    /// Month (1–12) and day (1–31).
    pub fn month_day(&self) -> (u8, u8) {
        (self.month, self.day)
    }

    /// The year, if it was given.
    pub fn year(&self) -> Option<i16> {
        self.year
    }

    /// Its place in a leap year, 1 to 366.
    pub fn leap_day(&self) -> u16 {
        NaiveDate::from_ymd_opt(2000, self.month.into(), self.day.into()).map_or(0, |day| day.ordinal() as u16)
    }

    /// Days from `today` to the next time this day comes round (0 on the day itself). 29 February is
    /// kept on 28 February in common years.
    pub fn days_until(&self, today: NaiveDate) -> u16 {
        let on = |year: i32| {
            NaiveDate::from_ymd_opt(year, self.month.into(), self.day.into())
                .or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))
                .expect("a birthday is a day of a leap year")
        };
        let this_year = on(today.year());
        let next = if this_year >= today { this_year } else { on(today.year() + 1) };
        (next - today).num_days() as u16
    }
}

/// Days of a leap year, by [`Birthday::leap_day`]: those on which a birthday is near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BirthdayWindow([bool; 367]);

impl BirthdayWindow {
    /// The birthdays that come round from `today` to `days` later: those for which [`Birthday::days_until`] is at most
    /// `days`.
    pub fn within(today: NaiveDate, days: u32) -> Self {
        let mut near = [false; 367];
        for day in today.iter_days().take(days.min(366) as usize + 1) {
            let here = Birthday { year: None, month: day.month() as u8, day: day.day() as u8 };
            near[usize::from(here.leap_day())] = true;
            if (here.month, here.day) == (2, 28) && !day.leap_year() {
                near[usize::from(here.leap_day()) + 1] = true;
            }
        }
        BirthdayWindow(near)
    }

    /// Whether a day is in it; 0 never is.
    pub fn contains(&self, leap_day: u16) -> bool {
        self.0.get(usize::from(leap_day)).copied().unwrap_or(false)
    }
}

/// `YYYY-MM-DD` with exactly these digits.
fn parse_date(text: &str) -> Result<NaiveDate, BirthdayError> {
    if text.len() != 10 {
        return Err(BirthdayError);
    }
    iso_day(text.as_bytes()).or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).ok_or(BirthdayError)
}

impl TryFrom<String> for Birthday {
    type Error = BirthdayError;

    fn try_from(text: String) -> Result<Self, BirthdayError> {
        Self::parse(&text)
    }
}

impl From<Birthday> for String {
    fn from(b: Birthday) -> String {
        match b.year {
            Some(year) => format!("{year:04}-{:02}-{:02}", b.month, b.day),
            None => format!("--{:02}-{:02}", b.month, b.day),
        }
    }
}

impl std::fmt::Debug for Birthday {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Birthday(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_survives_being_written() {
        for text in ["1990-02-28", "--02-29", "2000-12-31"] {
            assert_eq!(String::from(Birthday::parse(text).unwrap()), text);
        }
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused() {
        for text in ["1990-02-30", "1990-02-29", "--13-01", "--02-30", "90-1-1", "1990/01/01", "0001-01-01", ""] {
            assert_eq!(Birthday::parse(text), Err(BirthdayError), "{text}");
        }
    }

    #[test]
    fn the_next_birthday_is_counted_over_the_year_s_end() {
        let day = |t: &str| NaiveDate::parse_from_str(t, "%Y-%m-%d").unwrap();
        let b = Birthday::parse("--01-02").unwrap();
        assert_eq!(b.days_until(day("2026-12-31")), 2);
        assert_eq!(b.days_until(day("2026-01-02")), 0);
        assert_eq!(Birthday::parse("--02-29").unwrap().days_until(day("2026-02-27")), 1);
    }

    #[test]
    fn a_window_holds_just_the_birthdays_that_are_so_near() {
        let todays = ["2026-02-20", "2026-02-28", "2026-03-01", "2028-02-22", "2028-02-28", "2028-02-29", "2026-12-31", "2027-03-01"];
        for today in todays.map(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()) {
            for days in [0, 1, 7, 8, 60, 364, 365, 366, u32::MAX] {
                let window = BirthdayWindow::within(today, days);
                assert!(!window.contains(0));
                for leap_day in 1..=366 {
                    let date = NaiveDate::from_yo_opt(2000, leap_day).unwrap();
                    let birthday = Birthday { year: None, month: date.month() as u8, day: date.day() as u8 };
                    assert_eq!(u32::from(birthday.leap_day()), leap_day);
                    let near = u32::from(birthday.days_until(today)) <= days;
                    assert_eq!(window.contains(leap_day as u16), near, "{date} seen from {today} within {days}");
                }
            }
        }
    }
}
