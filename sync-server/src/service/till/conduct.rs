//! How often a till may ask, and how often it may come with codes that are none. 65 random bits are not guessed at 60 a minute;
//! the limits keep a stolen till's secret from being worth trying.

use crate::db::tills::Conduct;

const MINUTE_MS: u64 = 60_000;
/// The most calls in a minute.
pub const CALLS: u32 = 60;
/// So many codes that were none lock typed entry,
pub const INVALID: usize = 10;
/// if they came within this time, in milliseconds,
pub const INVALID_WITHIN_MS: u64 = 10 * MINUTE_MS;
/// for so long, in milliseconds.
pub const LOCKED_MS: u64 = 15 * MINUTE_MS;

/// Why a till must wait, and for how many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// It asks too often.
    TooMany(u64),
    /// It came with too many codes that were none: it may scan, not type.
    Locked(u64),
}

/// Counts a call.
pub fn take_call(conduct: &mut Conduct, now_ms: u64) -> Result<(), Wait> {
    if now_ms.saturating_sub(conduct.minute_ms) >= MINUTE_MS || now_ms < conduct.minute_ms {
        (conduct.minute_ms, conduct.calls) = (now_ms, 0);
    }
    if conduct.calls >= CALLS {
        return Err(Wait::TooMany((conduct.minute_ms + MINUTE_MS - now_ms).div_ceil(1000)));
    }
    conduct.calls += 1;
    Ok(())
}

/// Whether a code may be typed.
pub fn may_type(conduct: &Conduct, now_ms: u64) -> Result<(), Wait> {
    match conduct.locked_until_ms.checked_sub(now_ms) {
        None | Some(0) => Ok(()),
        Some(left) => Err(Wait::Locked(left.div_ceil(1000))),
    }
}

/// Counts a typed code that was none.
pub fn note_invalid(conduct: &mut Conduct, now_ms: u64) {
    conduct.invalid.retain(|at| now_ms.saturating_sub(*at) < INVALID_WITHIN_MS);
    conduct.invalid.push(now_ms);
    if conduct.invalid.len() >= INVALID {
        conduct.invalid.clear();
        conduct.locked_until_ms = now_ms + LOCKED_MS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_000_000;

    #[test]
    fn sixty_a_minute_and_the_next_minute_begins_anew() {
        let mut conduct = Conduct::default();
        for _ in 0..CALLS {
            take_call(&mut conduct, NOW).unwrap();
        }
        assert_eq!(take_call(&mut conduct, NOW + 59_001), Err(Wait::TooMany(1)));
        take_call(&mut conduct, NOW + MINUTE_MS).unwrap();
    }

    #[test]
    fn ten_in_ten_minutes_lock_typing_for_fifteen() {
        let mut conduct = Conduct::default();
        for n in 0..9 {
            note_invalid(&mut conduct, NOW + n);
        }
        // The first nine are forgotten.
        note_invalid(&mut conduct, NOW + 10 * INVALID_WITHIN_MS);
        assert_eq!(may_type(&conduct, NOW + 10 * INVALID_WITHIN_MS), Ok(()));
        let later = NOW + 10 * INVALID_WITHIN_MS + 5;
        (0..9).for_each(|_| note_invalid(&mut conduct, later));
        assert_eq!(may_type(&conduct, later), Err(Wait::Locked(900)));
        assert_eq!(may_type(&conduct, later + LOCKED_MS), Ok(()));
    }
}
