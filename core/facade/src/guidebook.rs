//! Opening, unlocking, locking and wiping the book.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use guidebook_store::{Key, Moment, Store};
use guidebook_sync::{SharedBook, Syncer};

use crate::request::OpenRequest;
use crate::view::{BookState, GuideView};
use crate::{BookChange, BookObserver, GuidebookError, KeyVault, WallClock};

/// The file of the book; SQLite adds `-wal` and `-shm` beside it.
const FILE: &str = "book.db";

/// The client book of one guide on one phone.
#[derive(uniffi::Object)]
pub struct Guidebook {
    pub(crate) inner: Arc<Inner>,
}

/// What screens and rounds share.
pub(crate) struct Inner {
    directory: PathBuf,
    keys: Arc<dyn KeyVault>,
    clock: Option<Arc<dyn WallClock>>,
    observer: Mutex<Option<Arc<dyn BookObserver>>>,
    pub book: SharedBook,
    pub syncer: tokio::sync::Mutex<Syncer>,
    pub running: AtomicBool,
    pub retrying: AtomicBool,
}

#[uniffi::export]
impl Guidebook {
    /// Finds the book in its folder, without opening it. A book whose key is gone can never be read again: what a
    /// wipe left of it, or a backup brought back, is removed here. Without a `clock` the system's is used.
    ///
    /// Errors: `StorageFault`.
    #[uniffi::constructor]
    pub fn open(request: OpenRequest, keys: Arc<dyn KeyVault>, clock: Option<Arc<dyn WallClock>>) -> Result<Arc<Self>, GuidebookError> {
        let directory = PathBuf::from(request.directory);
        std::fs::create_dir_all(&directory).map_err(|_| GuidebookError::StorageFault)?;
        let inner = Inner {
            directory,
            keys,
            clock,
            observer: Mutex::default(),
            book: SharedBook::default(),
            syncer: tokio::sync::Mutex::default(),
            running: AtomicBool::new(false),
            retrying: AtomicBool::new(false),
        };
        if inner.keys.load()?.is_none() {
            inner.remove_files()?;
        }
        Ok(Arc::new(Guidebook { inner: Arc::new(inner) }))
    }

    /// Whether the book can be read.
    ///
    /// Errors: `StorageFault`.
    pub fn state(&self) -> Result<BookState, GuidebookError> {
        if let Some(store) = self.inner.book.lock().as_ref() {
            return Ok(if store.identity().is_some() { BookState::Open } else { BookState::Unenrolled });
        }
        Ok(if self.inner.keys.load()?.is_some() { BookState::Locked } else { BookState::Empty })
    }

    /// Opens the book with the key from the key store. Done if it is open.
    ///
    /// Errors: `SignedOut` where there is no book, `WrongKey`, `UpgradeNeeded`, `StorageFault`.
    pub fn unlock(&self) -> Result<(), GuidebookError> {
        if self.inner.book.lock().is_some() {
            return Ok(());
        }
        let bytes = zeroize::Zeroizing::new(self.inner.keys.load()?.ok_or(GuidebookError::SignedOut)?);
        let key = Key::from_bytes(&bytes).ok_or(GuidebookError::WrongKey)?;
        self.inner.open_book(&key)
    }

    /// Closes the book: key, index and session leave the memory. A round under way ends without harm.
    pub fn lock(&self) {
        drop(self.inner.book.lock().take());
        self.inner.tell(BookChange::Book);
    }

    /// Forgets everything on this phone, the key first. What waits is lost: sync before.
    ///
    /// Errors: `StorageFault`.
    pub fn wipe(&self) -> Result<(), GuidebookError> {
        self.inner.wipe()
    }

    /// The guide whose book this is.
    ///
    /// Errors: `Locked`, `SignedOut`.
    pub fn guide(&self) -> Result<GuideView, GuidebookError> {
        self.inner.with(|store| {
            let identity = store.identity().ok_or(GuidebookError::SignedOut)?;
            Ok(GuideView {
                id: identity.guide.id.to_string(),
                name: identity.guide.name.clone(),
                store: identity.guide.store.to_string(),
                brand: identity.guide.brand.as_ref().map(ToString::to_string),
                device: identity.device.to_string(),
            })
        })
    }

    /// Sets who hears of changes; `None` for nobody.
    pub fn observe(&self, observer: Option<Arc<dyn BookObserver>>) {
        *self.inner.observer.lock().unwrap_or_else(PoisonError::into_inner) = observer;
    }
}

impl Inner {
    /// Does `work` with the open book.
    pub fn with<R>(&self, work: impl FnOnce(&mut Store) -> Result<R, GuidebookError>) -> Result<R, GuidebookError> {
        work(self.book.lock().as_mut().ok_or(GuidebookError::Locked)?)
    }

    /// This phone's clock, Unix milliseconds.
    pub fn wall_ms(&self) -> u64 {
        match &self.clock {
            Some(clock) => clock.now_ms(),
            None => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as u64),
        }
    }

    /// Now, with the chance that an id needs.
    pub fn moment(&self) -> Result<Moment, GuidebookError> {
        let mut random = [0; 10];
        getrandom::fill(&mut random).map_err(|_| GuidebookError::StorageFault)?;
        Ok(Moment { wall_ms: self.wall_ms(), random })
    }

    /// Tells the observer, if there is one.
    pub fn tell(&self, change: BookChange) {
        let observer = self.observer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // An observer that throws panics on this side. What was done is done all the same: its fault is not the caller's.
        if let Some(observer) = observer {
            let _ = catch_unwind(AssertUnwindSafe(|| observer.changed(change)));
        }
    }

    /// Opens the book or makes an empty one.
    pub fn open_book(&self, key: &Key) -> Result<(), GuidebookError> {
        let store = Store::open(&self.file(), key)?;
        *self.book.lock() = Some(store);
        self.tell(BookChange::Book);
        Ok(())
    }

    /// Opens the book for an enrolment: with its key, or with a fresh one that the key store has taken first.
    pub fn open_for_enrolment(&self) -> Result<(), GuidebookError> {
        if self.book.lock().is_some() {
            return Ok(());
        }
        let key = match self.keys.load()? {
            Some(bytes) => Key::from_bytes(&zeroize::Zeroizing::new(bytes)).ok_or(GuidebookError::WrongKey)?,
            None => {
                let key = Key::random()?;
                self.keys.save(key.expose().to_vec())?;
                key
            }
        };
        self.open_book(&key)
    }

    /// The key first: from then on the files are noise. A wipe that is cut short is finished at the next opening.
    pub fn wipe(&self) -> Result<(), GuidebookError> {
        self.keys.erase()?;
        drop(self.book.lock().take());
        self.remove_files()?;
        self.tell(BookChange::Book);
        Ok(())
    }

    fn file(&self) -> PathBuf {
        self.directory.join(FILE)
    }

    fn remove_files(&self) -> Result<(), GuidebookError> {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            remove_file(&self.directory.join(format!("{FILE}{suffix}")))?;
        }
        Ok(())
    }
}

fn remove_file(path: &Path) -> Result<(), GuidebookError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(GuidebookError::StorageFault),
        Ok(()) | Err(_) => Ok(()),
    }
}
