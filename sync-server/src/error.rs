//! What goes wrong inside ([`ServerError`]) and what a caller is told ([`ServiceError`]).

use std::fmt;

use guidebook_wire::{ErrorCode, ErrorRecord};

/// The server's own trouble. Logged once, where it is handled; holds no member's data.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The database.
    #[error("database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL. Its message may quote a row, so only the code is told, and the table or constraint.
    #[error("database: SQLSTATE {code} at {place}")]
    Postgres {
        /// The code, or `connection`.
        code: String,
        /// The constraint or the table, where it names one.
        place: String,
    },
    /// The database can't be had at present.
    #[error("the database is busy or out of reach")]
    Busy {
        /// Seconds after which the caller comes back.
        come_back_s: u32,
    },
    /// A file or a socket.
    #[error("input or output: {0}")]
    Io(#[from] std::io::Error),
    /// What the database holds can't be read. The text says where, never what.
    #[error("the database holds something that is not {0}")]
    Corrupt(&'static str),
    /// The database was written by a newer version; it was not touched.
    #[error("the database has version {found}, this server knows up to {known}")]
    NewerDatabase {
        /// The version found.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// The configuration makes no sense.
    #[error("configuration: {0}")]
    Config(String),
    /// A task of the runtime died.
    #[error("a task ended before its answer")]
    Task,
    /// A transaction was given up on purpose; whoever did it holds the reason.
    #[error("rolled back")]
    RolledBack,
    /// A test asked for this failure.
    #[error("failed on request at {0}")]
    OnRequest(&'static str),
}

/// Why a request is not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The caller's part.
    #[error("{0}")]
    Refused(Refused),
    /// The server's own part.
    #[error(transparent)]
    Server(#[from] ServerError),
}

/// A refusal in words for the caller. Holds no member's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why, for a program.
    pub code: ErrorCode,
    /// The field to blame.
    pub field: Option<String>,
    /// Why, for a person.
    pub reason: Option<String>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.field, &self.reason) {
            (Some(field), Some(reason)) => write!(f, "{field}: {reason}"),
            (Some(word), None) | (None, Some(word)) => f.write_str(word),
            (None, None) => write!(f, "{:?}", self.code),
        }
    }
}

impl ServiceError {
    /// A refusal that says no more than its code.
    pub fn plain(code: ErrorCode) -> Self {
        ServiceError::Refused(Refused { code, field: None, reason: None })
    }

    /// A refusal that names a field and says why.
    pub fn about(code: ErrorCode, field: &str, reason: impl ToString) -> Self {
        ServiceError::Refused(Refused { code, field: Some(field.to_owned()), reason: Some(reason.to_string()) })
    }

    /// A field is missing or malformed.
    pub fn invalid(field: &str, reason: impl ToString) -> Self {
        ServiceError::about(ErrorCode::Invalid, field, reason)
    }

    /// No such thing, or not the caller's.
    pub fn not_found(field: &str) -> Self {
        ServiceError::about(ErrorCode::NotFound, field, "not found")
    }

    /// The word that a program decides by.
    pub fn code(&self) -> ErrorCode {
        match self {
            ServiceError::Refused(refused) => refused.code,
            ServiceError::Server(ServerError::Busy { .. }) => ErrorCode::Busy,
            ServiceError::Server(_) => ErrorCode::Internal,
        }
    }

    /// The body of the answer.
    pub fn record(&self) -> ErrorRecord {
        match self {
            ServiceError::Refused(Refused { code, field, reason }) => {
                ErrorRecord { error: *code, field: field.clone(), reason: reason.clone(), come_back_s: None }
            }
            ServiceError::Server(error) => {
                let come_back_s = if let ServerError::Busy { come_back_s } = error { Some(*come_back_s) } else { None };
                ErrorRecord { error: self.code(), field: None, reason: None, come_back_s }
            }
        }
    }
}
