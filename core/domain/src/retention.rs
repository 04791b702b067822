//! How long a phone may show its members without contact, and by what time.
//!
//! A phone has two clocks. The one since its start cannot be set, but begins again at each start. The wall clock goes on
//! while the phone is off, but anyone can set it. So two times are kept, and both only ever grow until the next contact:
//! *certain* time is the server's time at the last contact plus what the clock since the start has counted; *claimed* time
//! is the larger of that and what the wall clock said when a process began. Within a process the clock since the start is
//! exact, so that a wall clock that jumps there is not heard at all.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::Limits;
use crate::store_day::SHANGHAI_AHEAD_MS;

/// What may be done with a book's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Retention {
    /// They are shown.
    Visible,
    /// They are hidden until the next contact. What waits is kept and can be sent.
    Hidden,
    /// The book is to be shredded, its key first.
    Shredded,
}

/// The time that a phone trusts, by the server's clock, Unix milliseconds. Written down, so that it outlives a start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedTime {
    /// The largest time ever seen since the last contact.
    claimed_ms: u64,
    /// The time that it is at least.
    certain_ms: u64,
    /// The clock since the start at the last look; none before the first.
    since_boot_ms: Option<u64>,
    /// The certain time since which the wall clock has claimed that the book is due.
    overdue_since_ms: Option<u64>,
}

impl TrustedTime {
    /// The time at a contact: the server's, whatever was seen before. It is counted from the last look, which comes just
    /// before a round, so that no more than the round itself is counted twice.
    pub fn at_contact(&self, server_ms: u64) -> Self {
        TrustedTime { claimed_ms: server_ms, certain_ms: server_ms, since_boot_ms: self.since_boot_ms, overdue_since_ms: None }
    }

    /// The first look of a process. `wall_ms` is the wall clock, corrected by what it was off at the last contact.
    pub fn process_began(mut self, wall_ms: u64, since_boot_ms: u64, last_contact_ms: Option<u64>, limits: &Limits) -> Self {
        let contact_ms = last_contact_ms.unwrap_or_default();
        self.certain_ms = self.certain_ms.max(contact_ms);
        self.claimed_ms = self.claimed_ms.max(contact_ms);
        let mut now = self.later(since_boot_ms);
        now.claimed_ms = now.claimed_ms.max(wall_ms);
        let overdue = last_contact_ms.is_some() && wall_ms.saturating_sub(contact_ms) >= limits.shredded_after_ms;
        now.overdue_since_ms = overdue.then(|| now.overdue_since_ms.unwrap_or(now.certain_ms));
        now
    }

    /// A later look, by the clock since the phone's start. If that has begun again, at least what it shows has passed.
    pub fn later(mut self, since_boot_ms: u64) -> Self {
        let passed_ms = match self.since_boot_ms {
            None => 0,
            Some(before_ms) => since_boot_ms.checked_sub(before_ms).unwrap_or(since_boot_ms),
        };
        self.certain_ms = self.certain_ms.saturating_add(passed_ms);
        self.claimed_ms = self.claimed_ms.saturating_add(passed_ms);
        self.since_boot_ms = Some(since_boot_ms);
        self
    }

    /// The largest time seen since the last contact: for what must not happen too late.
    pub fn claimed_ms(&self) -> u64 {
        self.claimed_ms
    }

    /// The time that has surely come: for what must not happen too early.
    pub fn certain_ms(&self) -> u64 {
        self.certain_ms
    }

    /// What may be done with the members of a book whose last contact was then. A book without a contact has none.
    pub fn retention(&self, last_contact_ms: Option<u64>, limits: &Limits) -> Retention {
        let Some(contact_ms) = last_contact_ms else { return Retention::Visible };
        let stood_ms = self.overdue_since_ms.map(|since_ms| self.certain_ms.saturating_sub(since_ms));
        let surely_due = self.certain_ms.saturating_sub(contact_ms) >= limits.shredded_after_ms;
        if surely_due || stood_ms.is_some_and(|stood_ms| stood_ms >= limits.claim_stands_ms) {
            return Retention::Shredded;
        }
        let hidden = self.claimed_ms.saturating_sub(contact_ms) >= limits.hidden_after_ms;
        if hidden { Retention::Hidden } else { Retention::Visible }
    }

    /// Whether the last day of a guide who stands in for another is over: then her members are hidden without any
    /// contact. A day ends at midnight in Asia/Shanghai, where the stores are.
    pub fn is_over(&self, last_day: NaiveDate) -> bool {
        let ends_ms = last_day.succ_opt().unwrap_or(last_day).and_time(NaiveTime::MIN).and_utc().timestamp_millis() - SHANGHAI_AHEAD_MS;
        i64::try_from(self.claimed_ms).is_ok_and(|now_ms| now_ms >= ends_ms)
    }
}

#[cfg(test)]
mod tests;
