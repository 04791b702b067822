//! Who may pass a member on to whom (在职继承, 离职继承), and what becomes of it. Figures: WeCom's, in [`Limits`].
//!
//! A handover is judged when it is asked for ([`check_parties`], [`check_member`]), waits, and is judged again when it
//! is [`due`] ([`settle`]).

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{GuideId, Limits};

/// Why members are passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoverKind {
    /// The guide has left; her devices are closed.
    Resigned,
    /// She stays.
    OnJob,
}

impl HandoverKind {
    /// The kind in one word.
    pub fn word(self) -> &'static str {
        match self {
            HandoverKind::Resigned => "resigned",
            HandoverKind::OnJob => "on_job",
        }
    }
}

/// What became of a handover that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoverState {
    /// The member is the taker's.
    Done,
    /// It takes effect when its time has come, unless the customer refuses.
    Waiting,
    /// The customer refused.
    Refused,
    /// When its time came, the taker served as many as she may.
    TakerFull,
    /// When its time came, the giver did not serve the member any more, or the taker had left.
    NoRecord,
}

impl HandoverState {
    /// All states.
    pub const ALL: [HandoverState; 5] =
        [HandoverState::Done, HandoverState::Waiting, HandoverState::Refused, HandoverState::TakerFull, HandoverState::NoRecord];

    /// The state in one word.
    pub fn word(self) -> &'static str {
        match self {
            HandoverState::Done => "done",
            HandoverState::Waiting => "waiting",
            HandoverState::Refused => "refused",
            HandoverState::TakerFull => "taker_full",
            HandoverState::NoRecord => "no_record",
        }
    }

    /// The state of a word.
    pub fn of(word: &str) -> Option<Self> {
        HandoverState::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What is known of a guide who gives or takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The guide.
    pub guide: GuideId,
    /// The day she left, if she did.
    pub left: Option<NaiveDate>,
}

/// What is known of one member to be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Whether the giver serves her.
    pub served_by_giver: bool,
    /// Whether the taker serves her already.
    pub served_by_taker: bool,
    /// Whether she waits already to pass to this very taker, from whomever.
    pub waits_for_taker: bool,
    /// On-job handovers of her since [`on_job_since`], done or waiting.
    pub recent_on_job: usize,
}

/// What is known when a handover is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Whether the giver serves the member.
    pub served_by_giver: bool,
    /// Whether the taker serves her already.
    pub served_by_taker: bool,
    /// Whether the taker has left.
    pub taker_left: bool,
    /// Members whom the taker serves.
    pub taker_members: usize,
}

/// Why a member, or a whole handover, is not passed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum HandoverRefusal {
    /// Giver and taker are one.
    #[error("giver and taker are the same guide")]
    SameGuide,
    /// The taker has left.
    #[error("the taker has left")]
    TakerLeft,
    /// The giver left too long ago.
    #[error("the giver left more than {days} days ago")]
    TooLate {
        /// The limit, in days.
        days: i64,
    },
    /// An on-job handover of a guide who has left: use [`HandoverKind::Resigned`].
    #[error("the giver has left")]
    GiverLeft,
    /// The giver does not serve this member.
    #[error("the giver does not serve this member")]
    NoRecord,
    /// She waits already to pass to this taker. A customer's refusal names only the taker, so that one runs at a time.
    #[error("already waits to pass to this taker")]
    AlreadyWaiting,
    /// The taker serves as many as she may, those who wait to pass to her counted in.
    #[error("the taker already serves {limit} members")]
    TakerFull {
        /// The limit.
        limit: usize,
    },
    /// Passed on too often lately.
    #[error("already passed on {times} times within {days} days")]
    TooOften {
        /// The limit.
        times: usize,
        /// Over how many days.
        days: i64,
    },
}

/// Whether this handover can take place at all on `today`.
pub fn check_parties(kind: HandoverKind, giver: &Party, taker: &Party, today: NaiveDate, limits: &Limits) -> Result<(), HandoverRefusal> {
    if giver.guide == taker.guide {
        return Err(HandoverRefusal::SameGuide);
    }
    if taker.left.is_some() {
        return Err(HandoverRefusal::TakerLeft);
    }
    match (kind, giver.left) {
        (HandoverKind::OnJob, Some(_)) => Err(HandoverRefusal::GiverLeft),
        (HandoverKind::Resigned, Some(left)) if (today - left).num_days() > limits.resigned_days => {
            Err(HandoverRefusal::TooLate { days: limits.resigned_days })
        }
        (HandoverKind::Resigned, _) | (HandoverKind::OnJob, None) => Ok(()),
    }
}

/// Whether `member` can be passed on to a taker who by then serves, or has been promised, `taker_members`. A member
/// whom the taker serves already takes no room.
pub fn check_member(kind: HandoverKind, member: Candidate, taker_members: usize, limits: &Limits) -> Result<(), HandoverRefusal> {
    if !member.served_by_giver {
        return Err(HandoverRefusal::NoRecord);
    }
    if member.waits_for_taker {
        return Err(HandoverRefusal::AlreadyWaiting);
    }
    if kind == HandoverKind::OnJob && member.recent_on_job >= limits.on_job_handovers {
        return Err(HandoverRefusal::TooOften { times: limits.on_job_handovers, days: limits.on_job_days });
    }
    if !member.served_by_taker && taker_members >= limits.members_per_guide {
        return Err(HandoverRefusal::TakerFull { limit: limits.members_per_guide });
    }
    Ok(())
}

/// The first of the natural days, `today` among them, over which on-job handovers are counted.
pub fn on_job_since(today: NaiveDate, limits: &Limits) -> NaiveDate {
    let before = Days::new(limits.on_job_days.unsigned_abs().saturating_sub(1));
    today.checked_sub_days(before).unwrap_or(NaiveDate::MIN)
}

/// Whether a handover that takes effect at `due_ms` does so by `now_ms`, both Unix milliseconds.
pub fn due(due_ms: u64, now_ms: u64) -> bool {
    due_ms <= now_ms
}

/// What becomes of a handover that is [`due`]. Never [`HandoverState::Waiting`].
pub fn settle(arrival: Arrival, limits: &Limits) -> HandoverState {
    if !arrival.served_by_giver || arrival.taker_left {
        return HandoverState::NoRecord;
    }
    if !arrival.served_by_taker && arrival.taker_members >= limits.members_per_guide {
        return HandoverState::TakerFull;
    }
    HandoverState::Done
}

#[cfg(test)]
mod tests;
