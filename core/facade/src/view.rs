//! What comes out of the core. Money is in fen, times in Unix milliseconds, days as `YYYY-MM-DD`.

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
    /// `YYYY-MM-DD` or `--MM-DD`.
    pub birthday: Option<String>,
    /// Days from today to her next birthday, 0 on the day itself; 29 February is kept on the 28th in common years. Today is
    /// the day in Asia/Shanghai, where the stores are, by the server's clock as far as it is known: whatever zone and time
    /// the phone is set to.
    pub days_to_birthday: Option<u32>,
    /// The earliest day on which an open follow-up is due; it may have passed.
    pub next_follow_up: Option<String>,
    /// The letter under which she stands in the order of names: `A` to `Z` by the reading used there, or `#`, at the end.
    pub index_letter: String,
    /// What the typed text has found; empty where nothing was typed, and outside of lists.
    pub matches: Vec<MatchSpan>,
}

/// A text of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum MatchField {
    /// `MemberRow.name`.
    Name,
    /// `MemberRow.remark_name`.
    RemarkName,
    /// `MemberRow.masked_phone`.
    Phone,
}

/// Characters that the typed text has found: at most one stretch a field.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MatchSpan {
    /// Where.
    pub field: MatchField,
    /// The first, counted from 0, in characters (Unicode scalar values) of the shown text.
    pub start: u32,
    /// How many.
    pub length: u32,
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
    /// Its name, where it is known.
    pub store_name: Option<String>,
    /// Brands that she is a member of.
    pub brands: Vec<String>,
    /// The same with their names.
    pub memberships: Vec<MembershipRow>,
    /// Whether she agreed to marketing.
    pub marketing_consent: bool,
    /// Number of orders.
    pub orders: u32,
    /// Newest purchases, newest first.
    pub purchases: Vec<PurchaseRow>,
    /// The last 12 months, oldest first, those without an order included; empty where the server tells no months.
    pub spend_by_month: Vec<MonthSpend>,
    /// The usual days between two purchases: the median of the intervals between the newest; none for fewer than three days
    /// with a purchase.
    pub cadence_days: Option<u32>,
    /// The day on which she is expected back, by `cadence_days`; it may have passed.
    pub usual_return: Option<String>,
    /// Products that are usually bought again, by day due, which may have passed.
    pub replenishments: Vec<ReplenishmentRow>,
    /// Notes that stand, newest first.
    pub notes: Vec<NoteRow>,
    /// Follow-ups, by day due.
    pub follow_ups: Vec<FollowUpRow>,
    /// The guide's fields that are set.
    pub fields: Vec<FieldRow>,
}

/// A brand.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MembershipRow {
    /// Its id.
    pub id: String,
    /// Its name, or its id where the name is not known.
    pub name: String,
}

/// Money spent in a month.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct MonthSpend {
    /// `YYYY-MM`.
    pub month: String,
    /// In fen, refunds taken off; negative where they are more.
    pub spend_fen: i64,
}

/// A product that is usually bought again.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct ReplenishmentRow {
    /// Product, in HQ's words.
    pub product: String,
    /// The day of the last purchase and the product's cycle after it.
    pub due: String,
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

/// What a scanned or wedged text is.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum CodeView {
    /// HQ's enrolment code.
    Enrolment {
        /// For `EnrolRequest.code`.
        code: String,
        /// For `EnrolRequest.server`, where the text names it. Show it before it is used: anybody can make a code.
        server: Option<String>,
    },
    /// A mobile number.
    Phone {
        /// Eleven digits.
        phone: String,
        /// The member of this book who has it.
        member: Option<String>,
    },
    /// A member of this book.
    Member {
        /// Her id.
        member: String,
    },
    /// Nothing of these.
    Unknown,
}

/// What an editor can say before the tap. Lengths are in characters (Unicode scalar values).
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct LimitsView {
    /// A member's name.
    pub member_name: u32,
    /// A note or follow-up.
    pub note: u32,
    /// Notes, and likewise follow-ups, on one member.
    pub notes_per_member: u32,
    /// The name of a tag.
    pub tag_name: u32,
    /// Tags on one member.
    pub tags_per_member: u32,
    /// Remark name.
    pub remark_name: u32,
    /// Preferences.
    pub preferences: u32,
    /// A size.
    pub size: u32,
    /// Full numbers shown in 24 hours.
    pub reveals_per_day: u32,
    /// Rows of one page.
    pub page: u32,
}
