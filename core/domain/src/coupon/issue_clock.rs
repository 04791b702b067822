//! By what time coupons are given out, and when the clock stops it.
//!
//! On top of [`TrustedTime`]: the larger of what was ever seen and of the server's time plus what has passed since. A wall
//! clock set forward only shortens leases. One set back by more than five minutes stops issuing until the next contact, and
//! setting it right again does not help. Time zones do nothing, as all times here are Unix milliseconds.

use serde::{Deserialize, Serialize};

use crate::TrustedTime;

/// How far a clock may fall back, in milliseconds.
pub const MOST_BACK_MS: u64 = 5 * 60_000;

/// What a phone remembers of its wall clock since the last contact. Written down, so that it outlives a start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueClock {
    /// The latest time that was seen.
    latest_ms: u64,
    /// The clock was set back.
    stopped: bool,
}

/// Why there is no time by which to give anything out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockProblem {
    /// It was set back by more than five minutes.
    #[error("the clock was set back")]
    SetBack,
    /// There was no contact yet.
    #[error("no contact yet")]
    NoContact,
}

impl IssueClock {
    /// After a contact: what was seen before does not count.
    pub fn at_contact(server_ms: u64) -> Self {
        IssueClock { latest_ms: server_ms, stopped: false }
    }

    /// A look. `wall_ms` is the wall clock, corrected by what it was off at the last contact; `trusted` has looked at the
    /// clock since the start just before. What comes back is to be written down before anything is given out.
    pub fn look(mut self, trusted: &TrustedTime, wall_ms: u64) -> Self {
        self.latest_ms = self.latest_ms.max(trusted.claimed_ms());
        self.stopped |= self.latest_ms.saturating_sub(wall_ms) > MOST_BACK_MS;
        self.latest_ms = self.latest_ms.max(wall_ms);
        self
    }

    /// The time by which to judge leases and days, Unix milliseconds.
    pub fn now_ms(&self) -> Result<u64, ClockProblem> {
        if self.latest_ms == 0 {
            return Err(ClockProblem::NoContact);
        }
        if self.stopped { Err(ClockProblem::SetBack) } else { Ok(self.latest_ms) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use proptest::prelude::*;

    const CONTACT: u64 = 1_800_000_000_000;
    const MINUTE: u64 = 60_000;

    /// A phone that had contact at `CONTACT` and was looked at then, five minutes after its start.
    fn trusted() -> TrustedTime {
        TrustedTime::default().later(5 * MINUTE).at_contact(CONTACT)
    }

    #[test]
    fn five_minutes_back_are_forgiven_and_more_stops_until_a_contact() {
        let trusted = trusted().later(65 * MINUTE);
        let clock = IssueClock::at_contact(CONTACT);
        let an_hour_later = CONTACT + 60 * MINUTE;
        assert_eq!(clock.look(&trusted, an_hour_later).now_ms(), Ok(an_hour_later));
        assert_eq!(clock.look(&trusted, an_hour_later - MOST_BACK_MS).now_ms(), Ok(an_hour_later));
        let stopped = clock.look(&trusted, an_hour_later - MOST_BACK_MS - 1);
        assert_eq!(stopped.now_ms(), Err(ClockProblem::SetBack));
        assert_eq!(stopped.look(&trusted, an_hour_later).now_ms(), Err(ClockProblem::SetBack), "set right again");
        assert!(IssueClock::at_contact(an_hour_later).look(&trusted, an_hour_later).now_ms().is_ok());
    }

    #[test]
    fn a_clock_set_forward_only_shortens() {
        let ahead = IssueClock::at_contact(CONTACT).look(&trusted(), CONTACT + 80 * 60 * MINUTE);
        assert_eq!(ahead.now_ms(), Ok(CONTACT + 80 * 60 * MINUTE));
        assert_eq!(ahead.look(&trusted(), CONTACT).now_ms(), Err(ClockProblem::SetBack));
    }

    #[test]
    fn a_clock_set_back_while_the_phone_was_off_is_seen() {
        let clock = IssueClock::at_contact(CONTACT).look(&trusted(), CONTACT + 60 * MINUTE);
        let began = trusted().process_began(CONTACT - 10 * MINUTE, 0, Some(CONTACT), &Limits::default());
        assert_eq!(clock.look(&began, CONTACT - 10 * MINUTE).now_ms(), Err(ClockProblem::SetBack));
    }

    #[test]
    fn without_a_contact_there_is_no_time() {
        assert_eq!(IssueClock::default().now_ms(), Err(ClockProblem::NoContact));
    }

    proptest! {
        #[test]
        fn time_never_goes_back_whatever_the_clock_shows(walls in proptest::collection::vec(0u64..2 * CONTACT, 1..20)) {
            let (mut clock, mut before) = (IssueClock::at_contact(CONTACT), CONTACT);
            for wall_ms in walls {
                clock = clock.look(&trusted(), wall_ms);
                let Ok(now_ms) = clock.now_ms() else { break };
                prop_assert!(now_ms >= before && now_ms >= wall_ms);
                before = now_ms;
            }
        }
    }
}
