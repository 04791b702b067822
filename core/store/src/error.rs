//! What can go wrong with the store. No variant holds a member's data.

use guidebook_domain::coupon::IssueProblem;
use guidebook_domain::{EditProblem, MemberId};

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The key does not open this book. The book is as it was.
    #[error("the key does not open this book")]
    WrongKey,
    /// The book was written by a newer version. It is as it was.
    #[error("the book has version {found}, this program knows up to {known}")]
    Newer {
        /// Its version.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// A record does not open or does not read.
    #[error("a {0} record is damaged")]
    Damaged(&'static str),
    /// No space left on the device. Nothing was changed.
    #[error("no space left")]
    Full,
    /// The phone is not enrolled.
    #[error("not enrolled")]
    NotEnrolled,
    /// No such member or operation in this book.
    #[error("not in this book")]
    NotFound,
    /// The edit breaks a rule.
    #[error(transparent)]
    Rule(#[from] EditProblem),
    /// A walk-in's phone number is that of a member of this book.
    #[error("already a member of this book")]
    AlreadyMember(MemberId),
    /// This edit cannot be undone.
    #[error("can't be undone")]
    NotUndoable,
    /// A coupon cannot be given out.
    #[error(transparent)]
    CannotIssue(#[from] IssueProblem),
    /// The place of the marks did not answer. Nothing was given out.
    #[error("the marks cannot be reached")]
    NoMarks,
    /// No randomness from the system.
    #[error("no randomness from the system")]
    NoRandomness,
    /// A test asked for this failure.
    #[error("failed on request at {0}")]
    OnRequest(&'static str),
    /// Another fault of SQLite. Its text is not kept: it could quote a value.
    #[error("storage fault ({0:?})")]
    Sqlite(rusqlite::ErrorCode),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::QueryReturnedNoRows => StoreError::NotFound,
            rusqlite::Error::SqliteFailure(cause, _) if cause.code == rusqlite::ErrorCode::DiskFull => StoreError::Full,
            rusqlite::Error::SqliteFailure(cause, _) => StoreError::Sqlite(cause.code),
            _ => StoreError::Damaged("database"),
        }
    }
}
