//! When to try again: exponential backoff with full jitter, so that a store's phones do not come back all at once.

/// The first wait is at most this long, in milliseconds.
pub const FIRST_MS: u64 = 1_000;
/// No wait is longer than this, in milliseconds.
pub const LONGEST_MS: u64 = 5 * 60 * 1_000;

/// How long to wait before try `attempt` (from 0), given a random number: evenly between 0 and the bound, which
/// doubles from [`FIRST_MS`] to [`LONGEST_MS`].
pub fn wait_ms(attempt: u32, random: u64) -> u64 {
    let bound = FIRST_MS.saturating_mul(1 << attempt.min(20)).min(LONGEST_MS);
    random % (bound + 1)
}

/// How long to wait after "come back in `come_back_s`, plus jitter", given a random number: up to half as long again.
pub fn come_back_ms(come_back_s: u32, random: u64) -> u64 {
    let least_ms = u64::from(come_back_s) * 1_000;
    least_ms + random % (least_ms / 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound_and_spread_over_all_of_it() {
        let longest = |attempt| (0..=LONGEST_MS).step_by(7).map(|r| wait_ms(attempt, r)).max().unwrap();
        assert!(longest(0) <= FIRST_MS && longest(3) > 4 * FIRST_MS);
        assert!(longest(60) <= LONGEST_MS);
        assert_eq!(wait_ms(4, 0), 0);
    }

    #[test]
    fn who_is_asked_to_come_back_comes_later_than_that_and_not_with_all_the_others() {
        assert_eq!((come_back_ms(20, 0), come_back_ms(20, 10_000)), (20_000, 30_000));
        assert_eq!(come_back_ms(0, u64::MAX), 0);
        assert!(come_back_ms(u32::MAX, u64::MAX) > 0);
    }
}
