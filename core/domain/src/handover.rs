//! Who may pass a member on to whom (在职继承, 离职继承). Figures: `FACTS` of WeCom, in [`Limits`].

use chrono::NaiveDate;
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

/// What is known of a guide who gives or takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The guide.
    pub guide: GuideId,
    /// The day she left, if she did.
    pub left: Option<NaiveDate>,
    /// Members whom she serves.
    pub members: usize,
}

/// What is known of one member to be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Whether the giver serves her.
    pub served_by_giver: bool,
    /// Whether the taker serves her already.
    pub served_by_taker: bool,
    /// On-job handovers of her within the last [`Limits::on_job_days`].
    pub recent_on_job: usize,
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
    /// The taker serves as many as she may.
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

/// Whether `member` can be passed on to a taker who by then serves `taker_members`. A member whom the taker
/// serves already takes no room.
pub fn check_member(kind: HandoverKind, member: Candidate, taker_members: usize, limits: &Limits) -> Result<(), HandoverRefusal> {
    if !member.served_by_giver {
        return Err(HandoverRefusal::NoRecord);
    }
    if kind == HandoverKind::OnJob && member.recent_on_job >= limits.on_job_handovers {
        return Err(HandoverRefusal::TooOften { times: limits.on_job_handovers, days: limits.on_job_days });
    }
    if !member.served_by_taker && taker_members >= limits.members_per_guide {
        return Err(HandoverRefusal::TakerFull { limit: limits.members_per_guide });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(guide: &str, left: Option<&str>) -> Party {
        let left = left.map(|t| NaiveDate::parse_from_str(t, "%Y-%m-%d").unwrap());
        Party { guide: GuideId::new(guide).unwrap(), left, members: 0 }
    }

    #[test]
    fn each_reason_that_stops_a_whole_handover() {
        use HandoverKind::{OnJob, Resigned};
        let today = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let limits = Limits::default();
        let check = |kind, giver: Party, taker: Party| check_parties(kind, &giver, &taker, today, &limits);
        let a = || party("A", None);
        assert_eq!(check(OnJob, a(), party("B", None)), Ok(()));
        assert_eq!(check(OnJob, a(), a()), Err(HandoverRefusal::SameGuide));
        assert_eq!(check(OnJob, a(), party("B", Some("2026-10-01"))), Err(HandoverRefusal::TakerLeft));
        assert_eq!(check(OnJob, party("A", Some("2026-10-01")), party("B", None)), Err(HandoverRefusal::GiverLeft));
        assert_eq!(check(Resigned, party("A", Some("2025-11-01")), party("B", None)), Ok(()));
        let late = check(Resigned, party("A", Some("2025-10-31")), party("B", None));
        assert_eq!(late, Err(HandoverRefusal::TooLate { days: 365 }));
    }

    #[test]
    fn each_reason_that_stops_one_member() {
        use HandoverKind::{OnJob, Resigned};
        let limits = Limits { members_per_guide: 10, ..Limits::default() };
        let fine = Candidate { served_by_giver: true, served_by_taker: false, recent_on_job: 0 };
        assert_eq!(check_member(OnJob, fine, 9, &limits), Ok(()));
        assert_eq!(check_member(OnJob, fine, 10, &limits), Err(HandoverRefusal::TakerFull { limit: 10 }));
        assert_eq!(check_member(OnJob, Candidate { served_by_taker: true, ..fine }, 10, &limits), Ok(()));
        let stranger = Candidate { served_by_giver: false, ..fine };
        assert_eq!(check_member(OnJob, stranger, 0, &limits), Err(HandoverRefusal::NoRecord));
        let restless = Candidate { recent_on_job: 2, ..fine };
        assert_eq!(check_member(OnJob, restless, 0, &limits), Err(HandoverRefusal::TooOften { times: 2, days: 90 }));
        assert_eq!(check_member(Resigned, restless, 0, &limits), Ok(()));
    }
}
