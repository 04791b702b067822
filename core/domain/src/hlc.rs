//! Hybrid logical clock: wall time that never runs backwards and counts within a millisecond.
//!
//! Layout (48 bits of Unix milliseconds, 16 bits of counter) after Kulkarni et al., "Logical Physical Clocks" (2014).

use serde::{Deserialize, Serialize};

/// How far ahead of the server a phone's clock may be before its stamps are clamped, in milliseconds.
pub const MOST_AHEAD_MS: u64 = 5 * 60 * 1000;

/// A moment in hybrid logical time. Ordered; ties are broken by the device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hlc(u64);

impl Hlc {
    /// The stamp of `unix_ms` (taken modulo 2^48) and `counter`.
    pub const fn new(unix_ms: u64, counter: u16) -> Self {
        Hlc((unix_ms << 16) | counter as u64)
    }

    /// The latest stamp within `unix_ms`.
    pub const fn end_of(unix_ms: u64) -> Self {
        Hlc::new(unix_ms, u16::MAX)
    }

    /// Unix milliseconds.
    pub const fn unix_ms(self) -> u64 {
        self.0 >> 16
    }

    /// Both parts in one number, for storage.
    pub const fn to_bits(self) -> u64 {
        self.0
    }

    /// The inverse of [`Hlc::to_bits`].
    pub const fn from_bits(bits: u64) -> Self {
        Hlc(bits)
    }

    /// The next stamp after this one.
    pub const fn next(self) -> Self {
        Hlc(self.0.saturating_add(1))
    }

    /// The stamp under which a server files an edit that it received at `now_ms`: the edit's own, unless
    /// that is more than [`MOST_AHEAD_MS`] ahead. Then it becomes the time of receipt, and `last`, the
    /// device's latest filed stamp, keeps two clamped edits of one device in the order in which they were made.
    pub fn clamped(self, now_ms: u64, last: Hlc) -> Hlc {
        if self.unix_ms() <= now_ms.saturating_add(MOST_AHEAD_MS) {
            return self;
        }
        let receipt = Hlc::new(now_ms, 0);
        if last >= receipt && last.unix_ms() <= now_ms.saturating_add(MOST_AHEAD_MS) { last.next() } else { receipt }
    }
}

/// The clock of one device. Its state is the last stamp that it gave or saw.
#[derive(Clone, Copy, Debug, Default)]
pub struct HlcClock {
    last: Hlc,
}

impl HlcClock {
    /// Continues after `last`, for instance the newest stamp found in storage.
    pub fn after(last: Hlc) -> Self {
        HlcClock { last }
    }

    /// A stamp for an edit made at `now_ms`; later than every stamp given or seen.
    pub fn tick(&mut self, now_ms: u64) -> Hlc {
        let wall = Hlc::new(now_ms, 0);
        self.last = if wall > self.last { wall } else { self.last.next() };
        self.last
    }

    /// The last stamp given or seen.
    pub fn last(&self) -> Hlc {
        self.last
    }

    /// Takes note of a stamp from elsewhere, so that later edits here are filed after it. A stamp further
    /// than [`MOST_AHEAD_MS`] ahead of `now_ms` is passed over: one wrong clock must not push all others.
    pub fn see(&mut self, stamp: Hlc, now_ms: u64) {
        if stamp.unix_ms() <= now_ms.saturating_add(MOST_AHEAD_MS) {
            self.last = self.last.max(stamp);
        }
    }

    /// Forgets stamps that run ahead of `now_ms` by more than [`MOST_AHEAD_MS`], after the device has
    /// learnt that its wall clock was wrong.
    pub fn correct(&mut self, now_ms: u64) {
        if self.last.unix_ms() > now_ms.saturating_add(MOST_AHEAD_MS) {
            self.last = Hlc::new(now_ms, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_never_gives_a_stamp_twice_nor_runs_backwards() {
        let mut clock = HlcClock::default();
        let stamps: Vec<Hlc> = [5, 5, 5, 3, 9, 1].into_iter().map(|ms| clock.tick(ms)).collect();
        assert!(stamps.windows(2).all(|w| w[0] < w[1]), "{stamps:?}");
    }

    #[test]
    fn a_stamp_far_ahead_becomes_the_time_of_receipt() {
        let now = 1_000_000_000;
        let honest = Hlc::new(now + MOST_AHEAD_MS, 3);
        assert_eq!(honest.clamped(now, Hlc::default()), honest);
        let ahead = Hlc::new(now + MOST_AHEAD_MS + 1, 0);
        let first = ahead.clamped(now, Hlc::default());
        assert_eq!(first, Hlc::new(now, 0));
        assert!(ahead.next().clamped(now, first) > first);
    }

    #[test]
    fn one_wrong_clock_does_not_push_the_others() {
        let mut clock = HlcClock::default();
        clock.tick(1_000);
        clock.see(Hlc::new(1_000 + MOST_AHEAD_MS + 1, 0), 1_000);
        assert_eq!(clock.tick(1_001).unix_ms(), 1_001);
    }

    #[test]
    fn a_corrected_clock_stamps_in_true_time_again() {
        let mut clock = HlcClock::after(Hlc::new(900_000_000, 0));
        clock.correct(1_000);
        assert_eq!(clock.tick(2_000), Hlc::new(2_000, 0));
    }
}
