//! What a member spent, month by month.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::iso_day::number;

/// As many months as are kept and shown.
pub const MONTHS: usize = 12;

/// A month of a year from 1900 to 2100, written `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month(u16);

/// A text that names no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such month")]
pub struct MonthError;

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Result<Self, MonthError> {
        let year = u16::try_from(day.year()).ok().filter(|year| (1900..=2100).contains(year)).ok_or(MonthError)?;
        Ok(Month(year * 12 + day.month0() as u16))
    }

    /// Reads `YYYY-MM`.
    pub fn parse(text: &str) -> Result<Self, MonthError> {
        let [year @ .., b'-', tens, ones] = text.as_bytes() else { return Err(MonthError) };
        let year = number(year).filter(|_| year.len() == 4);
        let day = year.zip(number(&[*tens, *ones])).and_then(|(year, month)| NaiveDate::from_ymd_opt(year.into(), month.into(), 1));
        day.ok_or(MonthError).and_then(Self::of)
    }

    /// The month so many months before.
    pub fn earlier(self, months: u16) -> Self {
        Month(self.0.saturating_sub(months))
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }
}

impl TryFrom<String> for Month {
    type Error = MonthError;

    fn try_from(text: String) -> Result<Self, MonthError> {
        Self::parse(&text)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.to_string()
    }
}

/// Money by month, in fen, refunds taken off: the [`MONTHS`] up to the month of her last order, those without an order
/// left out. It hangs on her orders alone, never on the day, so that nothing changes while she buys nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SpendByMonth(pub BTreeMap<Month, i64>);

impl SpendByMonth {
    /// The months with an order, of which only the newest are kept.
    pub fn of(months: impl IntoIterator<Item = (Month, i64)>) -> Self {
        let mut months: BTreeMap<Month, i64> = months.into_iter().collect();
        if let Some((&newest, _)) = months.last_key_value() {
            months = months.split_off(&newest.earlier(MONTHS as u16 - 1));
        }
        SpendByMonth(months)
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The [`MONTHS`] up to the month of `today`, oldest first, each with its money; none where nothing is known.
    pub fn shown(&self, today: NaiveDate) -> Vec<(Month, i64)> {
        let Ok(this) = Month::of(today) else { return Vec::new() };
        if self.is_empty() {
            return Vec::new();
        }
        let months = (0..MONTHS as u16).rev().map(|ago| this.earlier(ago));
        months.map(|month| (month, self.0.get(&month).copied().unwrap_or_default())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        Month::parse(text).unwrap()
    }

    #[test]
    fn a_month_is_read_as_it_is_written() {
        for text in ["2026-01", "2026-12", "1900-06", "2100-12"] {
            assert_eq!(month(text).to_string(), text);
        }
        for text in ["", "2026-13", "2026-00", "2026-1", "1899-12", "2101-01", "2026/01", "二〇二六", "+1999-1", "12026-01", "2026-0a"]
        {
            assert_eq!(Month::parse(text), Err(MonthError), "{text}");
        }
    }

    #[test]
    fn twelve_months_end_with_this_one_zeros_included() {
        let spent = SpendByMonth::of([(month("2025-11"), 1), (month("2025-12"), 2), (month("2026-11"), 3)]);
        assert_eq!(spent.0.keys().map(Month::to_string).collect::<Vec<_>>(), ["2025-12", "2026-11"]);
        let shown = spent.shown(NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
        assert_eq!((shown.len(), shown[0], shown[11]), (12, (month("2025-12"), 2), (month("2026-11"), 3)));
        let later = spent.shown(NaiveDate::from_ymd_opt(2027, 2, 1).unwrap());
        assert_eq!((later[0], later[8].1, later[11].1), ((month("2026-03"), 0), 3, 0));
        assert!(SpendByMonth::of([]).shown(NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()).is_empty());
    }
}
