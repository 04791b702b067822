//! What the shell lends the core: places for the key and for marks, a clock, an ear. Synchronous and fallible.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use guidebook_store::{Marks, NoMarks};

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

/// Where it is kept up to which turn coupon codes were given out: Keystore, Keychain. Never in the book nor beside it, and in no
/// backup: a book that is brought back, or copied, must not bring an older figure along. Each mark has a name, of digits and
/// small letters, and a number that only rises.
#[uniffi::export(with_foreign)]
pub trait MarkVault: Send + Sync {
    /// All marks of a book, by name; empty where there are none. One that cannot tell at the moment throws.
    fn load(&self, book: String) -> Result<HashMap<String, u64>, KeyVaultError>;
    /// Raises a mark, or makes it. When it returns, the mark is kept, whatever happens to the process. False, and nothing is
    /// done, where it was as high already.
    fn raise_to(&self, book: String, name: String, mark: u64) -> Result<bool, KeyVaultError>;
    /// Forgets all marks of a book: of one that was wiped. Done if there were none.
    fn erase(&self, book: String) -> Result<(), KeyVaultError>;
}

/// The marks of one book.
pub(crate) struct BookMarks {
    pub vault: Arc<dyn MarkVault>,
    pub book: String,
}

impl Marks for BookMarks {
    fn load(&self) -> Result<BTreeMap<String, u64>, NoMarks> {
        Ok(self.vault.load(self.book.clone()).map_err(|_| NoMarks)?.into_iter().collect())
    }

    fn raise(&self, name: &str, mark: u64) -> Result<bool, NoMarks> {
        self.vault.raise_to(self.book.clone(), name.to_owned(), mark).map_err(|_| NoMarks)
    }
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
    /// Campaigns, what can be given out of them, own coupons.
    Coupons,
    /// What waits, what was answered, the last contact.
    SyncState,
    /// The book was locked, unlocked or wiped, or its members are shown again after they were hidden.
    Book,
}
