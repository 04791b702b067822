//! Why a row, or a whole file, is refused. Nothing here holds what a row says: these texts reach logs and screens.

use std::io;

/// Why the whole file is refused.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("the file cannot be read")]
    Io(#[from] io::Error),
    /// The file is empty, or its first line is no header.
    #[error("no header line")]
    NoHeader,
    /// A column is not there.
    #[error("no column {column}")]
    MissingColumn {
        /// Its Chinese header; the English name would do too.
        column: &'static str,
    },
    /// A column is there twice, perhaps once in Chinese and once in English.
    #[error("two columns {column}")]
    ColumnTwice {
        /// Its Chinese header.
        column: &'static str,
    },
}

/// The first thing that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct RowProblem {
    /// The column's header as in the file; empty when the row as a whole is meant.
    pub field: String,
    /// What is wrong.
    pub reason: RowReason,
}

impl RowProblem {
    /// A problem of the row as a whole.
    pub fn of_the_row(reason: RowReason) -> Self {
        RowProblem { field: String::new(), reason }
    }
}

/// Why a row is refused. Those that need the database are raised by the importer's other half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum RowReason {
    /// A value that must be there is not.
    #[error("empty")]
    Empty,
    /// A text is too long.
    #[error("too long")]
    TooLong {
        /// The most characters that it may have.
        limit: usize,
    },
    /// A phone number is not a mainland mobile number.
    #[error("not a mobile number")]
    NotAMobileNumber,
    /// A day or time is not written `YYYY-MM-DD`, `--MM-DD` (birthdays) or `YYYY-MM-DD HH:MM:SS`, or no calendar has it.
    #[error("no such day")]
    NoSuchDay,
    /// A number is not one, or is out of all proportion.
    #[error("not a number")]
    NotANumber,
    /// A word is none of those that the column knows.
    #[error("not one of {allowed}")]
    NotOneOf {
        /// The words that the column knows.
        allowed: &'static str,
    },
    /// A value, or the row, is not built as it should be.
    #[error("malformed")]
    Malformed,
    /// A JSON object lacks a key. (A value that is known to be empty is `null` or `""`.)
    #[error("missing")]
    Missing,
    /// The row has more or fewer values than the header.
    #[error("wrong number of columns")]
    WrongColumnCount,
    /// The line is longer than [`super::LONGEST_LINE`].
    #[error("line too long")]
    LineTooLong,
    /// A value has bytes that are no text in the file's encoding.
    #[error("bad encoding")]
    BadEncoding,
    /// The database has no such guide.
    #[error("no such guide")]
    NoSuchGuide,
    /// The database has no such store.
    #[error("no such store")]
    NoSuchStore,
    /// The database has no such brand.
    #[error("no such brand")]
    NoSuchBrand,
    /// The database has no such product.
    #[error("no such product")]
    NoSuchProduct,
    /// The database has no such tag.
    #[error("no such tag")]
    NoSuchTag,
    /// A member carries two tags of a group that allows one.
    #[error("two values in a single-choice group")]
    TwoInSingleChoice,
    /// An earlier row of the file has the same member.
    #[error("the same member twice in one file")]
    TwiceInFile,
}
