//! What the shell lends the core: a place for the key, a clock, an ear. Synchronous and fallible.

/// The phone's key store would not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum KeyVaultError {
    /// Not now, or not at all.
    #[error("the key store did not answer")]
    Unavailable,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for KeyVaultError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        KeyVaultError::Unavailable
    }
}

/// Where the keys of the books lie, each under its book's name: Keystore, Keychain. Never beside the books.
#[uniffi::export(with_foreign)]
pub trait KeyVault: Send + Sync {
    /// The key of a book, if there is one. A key store that cannot tell at the moment throws.
    fn load(&self, book: String) -> Result<Option<Vec<u8>>, KeyVaultError>;
    /// Keeps the key (32 bytes) of a book.
    fn save(&self, book: String, key: Vec<u8>) -> Result<(), KeyVaultError>;
    /// Forgets the key of a book for ever. Done if there was none.
    fn erase(&self, book: String) -> Result<(), KeyVaultError>;
}

/// The phone's wall clock, which may be wrong and may jump.
#[uniffi::export(with_foreign)]
pub trait WallClock: Send + Sync {
    /// Unix milliseconds.
    fn now_ms(&self) -> u64;
}

/// Hears what has changed. Called from the core's threads; returns at once.
#[uniffi::export(with_foreign)]
pub trait BookObserver: Send + Sync {
    /// Something changed: read it again if it is shown.
    fn changed(&self, change: BookChange);
}

/// What has changed, not the new value.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum BookChange {
    /// These members: profile, tags, notes, or whether they are in the book at all.
    Members {
        /// Their ids.
        members: Vec<String>,
    },
    /// The tag dictionary or the names of stores, brands and colleagues.
    Dictionary,
    /// What waits, what was answered, the last contact.
    SyncState,
    /// The book was locked, unlocked or wiped, or its members are shown again after they were hidden.
    Book,
}
