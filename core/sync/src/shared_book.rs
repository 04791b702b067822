//! A book that a screen and a round use in turns.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use guidebook_store::Store;

use crate::SyncError;

/// A book, open or locked. A round takes it for the moments between requests, never across one.
#[derive(Clone, Default)]
pub struct SharedBook(Arc<Mutex<Option<Store>>>);

impl SharedBook {
    /// The book for a moment; `None` while it is locked.
    pub fn lock(&self) -> MutexGuard<'_, Option<Store>> {
        // A panic elsewhere cannot have left a half-made change: those are transactions.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does `work` with the open book.
    pub fn with<R>(&self, work: impl FnOnce(&mut Store) -> Result<R, SyncError>) -> Result<R, SyncError> {
        work(self.lock().as_mut().ok_or(SyncError::Locked)?)
    }
}
