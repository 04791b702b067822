//! A figure, its floor of the same run, and its bar.

use std::time::Duration;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds.
    Ms,
    /// Bytes.
    Bytes,
    /// So many a second.
    PerSecond,
    /// Times something.
    Times,
    /// A plain number.
    Count,
}

/// What is asked of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bar {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
    /// No more than so many times the floor of the same run.
    TimesFloor(f64),
    /// Printed for whoever reads; nothing is asked.
    None,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What was measured.
    pub measure: String,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: Unit,
    /// The floor of the same run, in the same unit.
    pub floor: Option<f64>,
    /// The bar.
    pub bar: Bar,
}

impl Figure {
    /// A figure that nothing is asked of.
    pub fn new(measure: impl Into<String>, value: f64, unit: Unit) -> Self {
        Figure { measure: measure.into(), value, unit, floor: None, bar: Bar::None }
    }

    /// A time in milliseconds.
    pub fn time(measure: impl Into<String>, time: Duration) -> Self {
        Figure::new(measure, ms(time), Unit::Ms)
    }

    /// A number of bytes.
    pub fn bytes(measure: impl Into<String>, bytes: u64) -> Self {
        Figure::new(measure, bytes as f64, Unit::Bytes)
    }

    /// With the floor of the same run.
    pub fn over(mut self, floor: f64) -> Self {
        self.floor = Some(floor);
        self
    }

    /// With a bar.
    pub fn bar(mut self, bar: Bar) -> Self {
        self.bar = bar;
        self
    }

    /// The value over its floor.
    pub fn ratio(&self) -> Option<f64> {
        self.floor.filter(|floor| *floor > 0.0).map(|floor| self.value / floor)
    }

    /// Whether the bar holds; `None` where there is none, or none to compare with.
    pub fn holds(&self) -> Option<bool> {
        match self.bar {
            Bar::AtMost(most) => Some(self.value <= most),
            Bar::AtLeast(least) => Some(self.value >= least),
            Bar::TimesFloor(times) => self.ratio().map(|ratio| ratio <= times),
            Bar::None => None,
        }
    }
}

/// Milliseconds, with their fraction.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The value below which `percent` of a hundred lie. Zero for an empty list.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
}

/// The middle one.
pub fn median(times: &mut [Duration]) -> Duration {
    percentile(times, 50)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_holds_up_to_its_own_value() {
        let figure = Figure::new("x", 12.0, Unit::Ms).over(10.0);
        assert_eq!(figure.holds(), None);
        assert_eq!(figure.clone().bar(Bar::AtMost(12.0)).holds(), Some(true));
        assert_eq!(figure.clone().bar(Bar::AtMost(11.9)).holds(), Some(false));
        assert_eq!(figure.clone().bar(Bar::AtLeast(12.1)).holds(), Some(false));
        assert_eq!(figure.clone().bar(Bar::TimesFloor(1.2)).holds(), Some(true));
        assert_eq!(figure.bar(Bar::TimesFloor(1.1)).holds(), Some(false));
    }

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let mut times: Vec<Duration> = (0..=100).rev().map(Duration::from_millis).collect();
        assert_eq!((ms(median(&mut times)), ms(percentile(&mut times, 99))), (50.0, 99.0));
        assert_eq!(median(&mut []), Duration::ZERO);
    }
}
