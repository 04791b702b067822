//! What comes out of the core. Money is in fen, times in Unix milliseconds, days as `YYYY-MM-DD`.

use crate::InvalidReason;
use crate::request::{MemberField, MemberGender};

/// Whether the book can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum BookState {
    /// There is no book yet, or it was wiped: enrol.
    Empty,
    /// There is one: unlock.
    Locked,
    /// It is open, but the phone is not enrolled yet.
    Unenrolled,
    /// It is open.
    Open,
    /// It is open, but after 72 hours without contact its members are hidden: `sync_now` shows them again. What waits
    /// is kept; after 14 days without contact the book is shredded.
    Hidden,
}

/// The guide whose book this is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct GuideView {
    /// Staff number.
    pub id: String,
    /// Name.
    pub name: String,
    /// Store number.
    pub store: String,
    /// Brand number, if she works for a brand.
    pub brand: Option<String>,
    /// This phone's id, for support.
    pub device: String,
}

/// A page of the member list.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct MemberPage {
    /// The rows.
    pub rows: Vec<MemberRow>,
    /// All that were found.
    pub total: u32,
}

/// A member in a list.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct MemberRow {
    /// Her id.
    pub id: String,
    /// Her name.
    pub name: String,
    /// The guide's remark name, or empty.
    pub remark_name: String,
    /// Her number, masked: `138****1234`. Empty if there is none.
    pub masked_phone: String,
    /// Her level in HQ's words.
    pub level: String,
    /// Ids of the tags that she carries.
    pub tags: Vec<String>,
    /// Money spent, in fen.
    pub spend_fen: i64,
    /// Day of the last purchase.
    pub last_purchase: Option<String>,
    /// Edits that wait for the server.
    pub waiting: u32,
}

/// A member in full.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct MemberView {
    /// What a list shows of her.
    pub row: MemberRow,
    /// Gender.
    pub gender: Option<MemberGender>,
    /// `YYYY-MM-DD` or `--MM-DD`.
    pub birthday: Option<String>,
    /// The day she joined.
    pub joined: Option<String>,
    /// Points.
    pub points: i64,
    /// Home store.
    pub store: Option<String>,
    /// Brands that she is a member of.
    pub brands: Vec<String>,
    /// Whether she agreed to marketing.
    pub marketing_consent: bool,
    /// Number of orders.
    pub orders: u32,
    /// Newest purchases, newest first.
    pub purchases: Vec<PurchaseRow>,
    /// Notes that stand, newest first.
    pub notes: Vec<NoteRow>,
    /// Follow-ups, by day due.
    pub follow_ups: Vec<FollowUpRow>,
    /// The guide's fields that are set.
    pub fields: Vec<FieldRow>,
}

/// A purchase.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct PurchaseRow {
    /// Day.
    pub day: String,
    /// Product.
    pub product: String,
    /// How many.
    pub quantity: u32,
    /// Money paid, in fen.
    pub paid_fen: i64,
}

/// A note.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct NoteRow {
    /// Its id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Who wrote it: name, or staff number where the name is not known.
    pub guide: String,
    /// When.
    pub at_ms: u64,
}

/// A follow-up.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct FollowUpRow {
    /// Its id.
    pub id: String,
    /// What is to be done.
    pub text: String,
    /// The day it is due.
    pub due: String,
    /// Whether it is done.
    pub done: bool,
    /// Who wrote it.
    pub guide: String,
}

/// A guide's field.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct FieldRow {
    /// Which.
    pub field: MemberField,
    /// Its text.
    pub value: String,
}

/// A group of tags.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TagGroupView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// One tag at most.
    pub single_choice: bool,
    /// Whether this guide may edit.
    pub editable: bool,
    /// Its living tags.
    pub tags: Vec<TagRow>,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TagRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A walk-in, enrolled.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct WalkinView {
    /// The member's id.
    pub member: String,
    /// The edit's id.
    pub edit: String,
}

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
