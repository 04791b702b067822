//! The errors of the client book: each is something that a shell does differently. The conversion from the inner
//! errors is written out here, in one place. No variant holds a member's data.

use guidebook_domain::coupon::IssueProblem;
use guidebook_domain::sensitive::SensitiveTopic;
use guidebook_domain::{EditProblem, EditReason};
use guidebook_store::StoreError;
use guidebook_sync::SyncError;

use crate::KeyVaultError;
use crate::coupon_view::CouponProblem;

/// Why a call did nothing. A shell chooses its words from the variant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum GuidebookError {
    /// No answer from the network or the server. What was edited waits.
    #[error("offline")]
    Offline,
    /// This phone is not enrolled, or the server does not know it: scan HQ's code.
    #[error("signed out")]
    SignedOut,
    /// Unlock first; where `state` says `Hidden`, sync first.
    #[error("locked")]
    Locked,
    /// The key does not open this book. The book is as it was.
    #[error("wrong key")]
    WrongKey,
    /// No such member, edit or tag in this book.
    #[error("not found")]
    NotFound,
    /// The input breaks a rule.
    #[error("invalid {field}: {reason:?}")]
    Invalid {
        /// The field, in the words of the API.
        field: String,
        /// Why.
        reason: InvalidReason,
    },
    /// The phone number is that of this member.
    #[error("already a member")]
    AlreadyMember {
        /// Her id.
        member: String,
    },
    /// No space left on the phone. Nothing was changed.
    #[error("storage full")]
    StorageFull,
    /// The book cannot be read or written, or the phone's key store did not answer.
    #[error("storage fault")]
    StorageFault,
    /// The app, or the server, is too old for the other.
    #[error("upgrade needed")]
    UpgradeNeeded,
    /// The server asks to come back later.
    #[error("busy")]
    Busy {
        /// In how many seconds, plus jitter.
        come_back_s: u32,
    },
    /// The book was wiped: HQ has revoked this phone, the guide's time has ended, or there was no contact for 14 days.
    #[error("wiped")]
    Wiped,
}

/// Why an input is invalid. Limits are in characters or pieces.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum InvalidReason {
    /// Nothing was given where something is needed.
    Empty,
    /// Longer than `limit` characters.
    TooLong {
        /// The limit.
        limit: u32,
    },
    /// More than `limit` of them.
    TooMany {
        /// The limit.
        limit: u32,
    },
    /// No such tag, group, note or follow-up.
    Unknown,
    /// Only HQ sets it.
    HqOnly,
    /// It belongs to another brand or store.
    OutOfScope,
    /// Does not fit the group's kind.
    WrongKind,
    /// Touches a topic that the law protects (PIPL 28–32).
    Sensitive {
        /// Which.
        topic: Topic,
    },
    /// Not a phone number, a day, an id, an address.
    Malformed,
    /// Consent is missing.
    NoConsent,
    /// It changes nothing.
    NoChange,
    /// It cannot be undone.
    NotUndoable,
    /// The server refused it.
    Refused,
    /// No such coupon can be given out.
    NotIssuable {
        /// Why.
        problem: CouponProblem,
    },
}

/// A protected topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Topic {
    /// Health.
    Health,
    /// Religion.
    Religion,
    /// Minors.
    Minors,
}

impl GuidebookError {
    /// The input `field` is invalid because of `reason`.
    pub(crate) fn invalid(field: &str, reason: InvalidReason) -> Self {
        GuidebookError::Invalid { field: field.to_owned(), reason }
    }
}

impl From<EditProblem> for GuidebookError {
    fn from(problem: EditProblem) -> Self {
        GuidebookError::Invalid { field: problem.field, reason: problem.reason.into() }
    }
}

impl From<EditReason> for InvalidReason {
    fn from(reason: EditReason) -> Self {
        match reason {
            EditReason::Empty => InvalidReason::Empty,
            EditReason::TooLong { limit } => InvalidReason::TooLong { limit: limit as u32 },
            EditReason::TooMany { limit } => InvalidReason::TooMany { limit: limit as u32 },
            EditReason::Unknown => InvalidReason::Unknown,
            EditReason::HqOnly => InvalidReason::HqOnly,
            EditReason::OutOfScope => InvalidReason::OutOfScope,
            EditReason::WrongKind => InvalidReason::WrongKind,
            EditReason::Sensitive { topic } => InvalidReason::Sensitive { topic: topic.into() },
            EditReason::Malformed => InvalidReason::Malformed,
            EditReason::NoConsent => InvalidReason::NoConsent,
            EditReason::NoChange => InvalidReason::NoChange,
        }
    }
}

impl From<IssueProblem> for CouponProblem {
    fn from(problem: IssueProblem) -> Self {
        match problem {
            IssueProblem::Paused => CouponProblem::Paused,
            IssueProblem::Over => CouponProblem::Over,
            IssueProblem::NotYet { from } => CouponProblem::NotYet { from: from.to_string() },
            IssueProblem::NotYourStore => CouponProblem::NotYourStore,
            IssueProblem::NotYourBrand => CouponProblem::NotYourBrand,
            IssueProblem::NotYours => CouponProblem::NotYours,
            IssueProblem::NoMembership => CouponProblem::NoMembership,
            IssueProblem::MemberLimit { limit } => CouponProblem::MemberLimit { limit },
            IssueProblem::NoSuchValue => CouponProblem::NoSuchValue,
            IssueProblem::NoCodeLeft => CouponProblem::NoCodeLeft,
            IssueProblem::LeaseOver => CouponProblem::LeaseOver,
            IssueProblem::ClockSetBack => CouponProblem::ClockSetBack,
        }
    }
}

impl From<SensitiveTopic> for Topic {
    fn from(topic: SensitiveTopic) -> Self {
        match topic {
            SensitiveTopic::Health => Topic::Health,
            SensitiveTopic::Religion => Topic::Religion,
            SensitiveTopic::Minors => Topic::Minors,
        }
    }
}

impl From<StoreError> for GuidebookError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::WrongKey => GuidebookError::WrongKey,
            StoreError::Newer { .. } => GuidebookError::UpgradeNeeded,
            StoreError::Full => GuidebookError::StorageFull,
            StoreError::NotEnrolled => GuidebookError::SignedOut,
            StoreError::NotFound => GuidebookError::NotFound,
            StoreError::Rule(problem) => problem.into(),
            StoreError::AlreadyMember(member) => GuidebookError::AlreadyMember { member: member.into() },
            StoreError::CannotIssue(problem) => GuidebookError::invalid("coupon", InvalidReason::NotIssuable { problem: problem.into() }),
            StoreError::NotUndoable => GuidebookError::invalid("edit", InvalidReason::NotUndoable),
            StoreError::Damaged(_) | StoreError::NoMarks | StoreError::NoRandomness | StoreError::OnRequest(_) | StoreError::Sqlite(_) => {
                GuidebookError::StorageFault
            }
        }
    }
}

impl From<SyncError> for GuidebookError {
    fn from(error: SyncError) -> Self {
        use guidebook_wire::ErrorCode;
        match error {
            SyncError::Offline => GuidebookError::Offline,
            SyncError::SignedOut => GuidebookError::SignedOut,
            SyncError::Locked => GuidebookError::Locked,
            SyncError::Wipe | SyncError::Revoked => GuidebookError::Wiped,
            SyncError::UpgradeNeeded | SyncError::NotUnderstood => GuidebookError::UpgradeNeeded,
            SyncError::Busy { come_back_s } => GuidebookError::Busy { come_back_s },
            SyncError::BadAddress => GuidebookError::invalid("server", InvalidReason::Malformed),
            SyncError::NoRandomness => GuidebookError::StorageFault,
            SyncError::Store(inner) => inner.into(),
            SyncError::Refused { code: ErrorCode::SignedOut, .. } => GuidebookError::SignedOut,
            SyncError::Refused { code: ErrorCode::Internal, .. } => GuidebookError::Offline,
            SyncError::Refused { field, .. } => GuidebookError::Invalid { field, reason: InvalidReason::Refused },
        }
    }
}

impl From<KeyVaultError> for GuidebookError {
    fn from(_: KeyVaultError) -> Self {
        GuidebookError::StorageFault
    }
}
