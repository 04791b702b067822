//! Why a round or an enrolment ended early. Whatever the reason, the book is whole and the outbox keeps what waits.

use guidebook_store::StoreError;
use guidebook_wire::ErrorCode;

/// Why a round or an enrolment ended early.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// No answer: no network, no server, or the connection died.
    #[error("no answer")]
    Offline,
    /// This phone is not enrolled.
    #[error("not enrolled")]
    SignedOut,
    /// The book was locked meanwhile.
    #[error("locked")]
    Locked,
    /// The phone must forget everything: the guide's time has ended, and the server has taken what she left.
    #[error("to be wiped")]
    Wipe,
    /// This phone was revoked: it says its last words and forgets everything.
    #[error("revoked")]
    Revoked,
    /// This program is too old, or too new, for the server.
    #[error("another protocol version is needed")]
    UpgradeNeeded,
    /// The server asks to come back later.
    #[error("the server asks to come back later")]
    Busy {
        /// In how many seconds, plus jitter.
        come_back_s: u32,
    },
    /// The server refused the request.
    #[error("refused: {field}: {code:?}")]
    Refused {
        /// Why.
        code: ErrorCode,
        /// The field to blame, or empty.
        field: String,
    },
    /// The server's address is not one: `https://…`, or `http://` on loopback.
    #[error("not a server's address")]
    BadAddress,
    /// The server answered in words that are not the protocol's.
    #[error("not understood")]
    NotUnderstood,
    /// No randomness from the system.
    #[error("no randomness from the system")]
    NoRandomness,
    /// The book.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SyncError {
    /// Whether trying again later may help.
    pub fn passes(&self) -> bool {
        match self {
            SyncError::Offline | SyncError::Busy { .. } => true,
            SyncError::Refused { code, .. } => *code == ErrorCode::Internal,
            SyncError::NotUnderstood
            | SyncError::SignedOut
            | SyncError::Locked
            | SyncError::Wipe
            | SyncError::Revoked
            | SyncError::UpgradeNeeded
            | SyncError::BadAddress
            | SyncError::NoRandomness
            | SyncError::Store(_) => false,
        }
    }
}
