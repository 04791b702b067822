//! What comes out of the core about edits and their way to the server. Times are Unix milliseconds.

use crate::InvalidReason;
use crate::coupon_view::CouponRefusal;

/// How it stands with the server.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncStateView {
    /// Edits that wait for an answer.
    pub waiting: u32,
    /// Edits that were refused and wait for the guide.
    pub refused: u32,
    /// The last contact, by the server's clock.
    pub last_contact_ms: Option<u64>,
    /// Whether a round is under way.
    pub running: bool,
    /// Whether a failed round will be tried again by itself.
    pub retrying: bool,
}

/// What a round did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncReport {
    /// Requests made.
    pub requests: u32,
    /// Edits answered.
    pub answered: u32,
    /// Members changed.
    pub members: u32,
    /// The server is crowded and wishes no other round for so many seconds. The core keeps to it, live or trying again;
    /// what the guide asks for goes through.
    #[uniffi(default = None)]
    pub come_back_s: Option<u32>,
}

/// What kind of edit it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum EditKind {
    /// A tag on or off.
    Tag,
    /// The one tag of a group.
    Choice,
    /// A note.
    Note,
    /// A note withdrawn or brought back.
    NoteWithdrawal,
    /// A follow-up.
    FollowUp,
    /// A follow-up done or open again.
    FollowUpDone,
    /// A guide's field.
    Field,
    /// A walk-in.
    Enrolment,
    /// A personal tag's name.
    PersonalTag,
    /// A full number was shown.
    Reveal,
    /// A coupon was given out.
    Coupon,
    /// A coupon was taken back.
    CouponVoid,
    /// Codes that were not used went back to HQ, by themselves.
    Surrender,
}

/// What became of an edit.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum EditFate {
    /// It waits for the server.
    Waiting,
    /// It holds.
    Applied,
    /// A later edit holds.
    Superseded {
        /// Whose: name, or staff number where the name is not known.
        guide: String,
        /// When.
        at_ms: u64,
        /// What holds, in short: the tag's name, `on` or `off`, the text.
        with: String,
    },
    /// It holds on another member or tag.
    Redirected {
        /// The member, if another.
        member: Option<String>,
        /// The tag, if another.
        tag: Option<String>,
    },
    /// It does not hold and waits for the guide.
    Refused {
        /// Why.
        reason: RefusedReason,
    },
}

/// Why the server refused an edit.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum RefusedReason {
    /// The member is not, or was not any more, this guide's.
    NotYourMember,
    /// The tag was deleted.
    TagDeleted {
        /// Its id.
        tag: String,
    },
    /// It breaks a rule.
    Invalid {
        /// The field.
        field: String,
        /// Why.
        reason: InvalidReason,
    },
    /// It did not come from this guide and phone.
    NotYours,
    /// HQ's books of coupons say otherwise.
    Coupon {
        /// How.
        reason: CouponRefusal,
    },
    /// One side is too old to understand the other.
    NotUnderstood,
}

/// An edit and what became of it.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct EditRow {
    /// Its id.
    pub id: String,
    /// The member, if it is about one.
    pub member: Option<String>,
    /// What kind of edit.
    pub kind: EditKind,
    /// What it did, in short.
    pub what: String,
    /// When, by this phone's corrected clock.
    pub at_ms: u64,
    /// What became of it.
    pub fate: EditFate,
    /// Whether it can be undone.
    pub undoable: bool,
}
