//! The search index: which members a text and a tag expression find, in the order of the list.
//!
//! It lives in memory only, is built from the unsealed records when the book is opened, and is kept up to date
//! by [`SearchIndex::put`] and [`SearchIndex::remove`]. Everything it holds about a person (names, readings,
//! phones) is wiped when it is replaced, removed or dropped. Sealing, storing and showing are left to others.
//!
//! A member has a slot: a small number that stands for her everywhere. In reading order:
//! - [`index`]: the index itself, and a search from query to page
//! - [`orders`]: the three orders of the list, kept sorted
//! - [`tag_bits`], [`bits`]: who carries which tag, and expressions answered by whole words of bits
//! - [`phone_digits`]: how typed digits find a phone
//! - [`name_match`], [`encoded_name`]: how typed text finds a name, and what a name looks like to it
//! - [`readings`], [`surnames`]: how characters are read
//! - [`shown_match`]: which characters of a row the text has found
//! - [`wiped`]: vectors that leave nothing behind when they grow

use std::collections::BTreeSet;

use chrono::NaiveDate;
use guidebook_domain::tag_expression::TagExpression;
use guidebook_domain::{Birthday, BirthdayWindow, MemberId, Phone, Private, TagId};

mod bits;
mod encoded_name;
mod index;
mod name_match;
mod orders;
mod phone_digits;
mod readings;
mod shown_match;
mod surnames;
mod tag_bits;
#[cfg(test)]
mod tests;
mod wiped;

pub use encoded_name::index_letter;
pub use index::SearchIndex;
pub use shown_match::{MatchedField, ShownMatch, shown_matches};

/// The most ids in one [`Page`].
pub const LARGEST_PAGE: usize = 50;

/// What the index knows of a member.
pub struct IndexEntry {
    /// Who it is.
    pub id: MemberId,
    /// The name on the membership.
    pub name: Private,
    /// The guide's own name for the member; may be empty.
    pub remark: Private,
    /// The phone, where there is one.
    pub phone: Option<Phone>,
    /// All tags that the member carries.
    pub tags: BTreeSet<TagId>,
    /// Her birthday, where it is known.
    pub birthday: Option<Birthday>,
    /// The earliest day on which a follow-up that is not done is due.
    pub next_follow_up: Option<NaiveDate>,
    /// What the member has spent, in fen (1/100 yuan).
    pub spend_fen: i64,
    /// When the member was last heard of, in Unix milliseconds.
    pub recent_ms: i64,
}

/// The order of a list. Members who are equal in it stand in the order of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The most recent first.
    Recent,
    /// By the pinyin of the name, then by the name; names that begin with no letter of it stand at the end.
    Name,
    /// Who spent most first.
    Spend,
}

impl Sort {
    const ALL: [Sort; 3] = [Sort::Recent, Sort::Name, Sort::Spend];
}

/// What to search for. It has no `Debug`, because what a guide types is a name or a phone.
#[derive(Clone)]
pub struct Query {
    /// Characters, pinyin, initials or digits; empty finds everyone.
    pub text: String,
    /// Who must hold as well.
    pub tags: Option<TagExpression>,
    /// The birthdays of which hers must be one.
    pub birthday: Option<BirthdayWindow>,
    /// A follow-up must be open that is due on this day or before.
    pub due_by: Option<NaiveDate>,
    /// The order of the hits.
    pub sort: Sort,
    /// How many hits to pass over.
    pub offset: usize,
    /// How many hits to return; more than [`LARGEST_PAGE`] is as much as [`LARGEST_PAGE`].
    pub limit: usize,
}

/// One page of hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The hits on this page, in order.
    pub ids: Vec<MemberId>,
    /// The number of hits on all pages.
    pub total: usize,
}
