//! Opening, unlocking, locking, switching and wiping a book.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use guidebook_domain::Retention;
use guidebook_store::wipe::{self, BOOK_FILE};
use guidebook_store::{Key, Moment, Store, failpoint};
use guidebook_sync::{SharedBook, Syncer};
use zeroize::Zeroizing;

use crate::boot_clock::since_boot_ms;
use crate::foreign::BookMarks;
use crate::live::Live;
use crate::request::OpenRequest;
use crate::shelf::{Place, fault};
use crate::view::{BookState, GuideView};
use crate::{BookChange, BookObserver, GuidebookError, KeyVault, MarkVault, WallClock};

/// The client book of one guide on one phone.
#[derive(uniffi::Object)]
pub struct Guidebook {
    pub(crate) inner: Arc<Inner>,
}

/// What screens and rounds share.
pub(crate) struct Inner {
    place: Place,
    keys: Arc<dyn KeyVault>,
    clock: Option<Arc<dyn WallClock>>,
    marks: Option<Arc<dyn MarkVault>>,
    observer: Mutex<Option<Arc<dyn BookObserver>>>,
    pub book: SharedBook,
    pub syncer: tokio::sync::Mutex<Syncer>,
    pub running: AtomicBool,
    pub retrying: AtomicBool,
    pub live: Live,
    /// Until when the server wishes to hear nothing of what the core does by itself.
    pub quiet_until: Mutex<Option<Instant>>,
}

#[uniffi::export]
impl Guidebook {
    /// Finds a book in its folder, without opening it, and finishes a wipe that was cut short. The key store is asked once,
    /// so that one that does not answer is known from the beginning; nothing is removed then. A book whose key is gone for
    /// good (a backup that was brought back) counts as none: it is never read, and the next enrolment takes its place.
    /// Without a `clock` the system's is used; without `marks` no coupon is given out.
    ///
    /// Errors: `Invalid` (`book`), `StorageFull`, `StorageFault`.
    #[uniffi::constructor(default(marks = None))]
    pub fn open(
        request: OpenRequest,
        keys: Arc<dyn KeyVault>,
        clock: Option<Arc<dyn WallClock>>,
        marks: Option<Arc<dyn MarkVault>>,
    ) -> Result<Arc<Self>, GuidebookError> {
        let inner = Inner {
            place: Place::find(&request.directory, request.book)?,
            keys,
            clock,
            marks,
            observer: Mutex::default(),
            book: SharedBook::default(),
            syncer: tokio::sync::Mutex::default(),
            running: AtomicBool::new(false),
            retrying: AtomicBool::new(false),
            live: Live::default(),
            quiet_until: Mutex::default(),
        };
        if wipe::is_marked(&inner.place.folder()) {
            inner.wipe()?;
        } else {
            inner.key()?;
        }
        Ok(Arc::new(Guidebook { inner: Arc::new(inner) }))
    }

    /// The name of this book among those of the phone.
    pub fn name(&self) -> String {
        self.inner.place.name.clone()
    }

    /// Whether the book can be read.
    ///
    /// Errors: `StorageFault`.
    pub fn state(&self) -> Result<BookState, GuidebookError> {
        if self.inner.book.lock().is_some() {
            let seen = self.inner.reach(|store, retention| Ok((store.identity().is_some(), retention)));
            match seen {
                Ok((true, Retention::Visible)) => return Ok(BookState::Open),
                Ok((true, Retention::Hidden | Retention::Shredded)) => return Ok(BookState::Hidden),
                Ok((false, _)) => return Ok(BookState::Unenrolled),
                // Shredded, or locked in between.
                Err(GuidebookError::Wiped | GuidebookError::Locked) => {}
                Err(other) => return Err(other),
            }
        }
        let wiping = wipe::is_marked(&self.inner.place.folder());
        Ok(if !wiping && self.inner.key()?.is_some() { BookState::Locked } else { BookState::Empty })
    }

    /// Opens the book with the key from the key store. Done if it is open. A book that has been without contact for 14
    /// days is shredded here.
    ///
    /// Errors: `SignedOut` where there is no book, `WrongKey`, `Wiped`, `UpgradeNeeded`, `StorageFault`.
    pub fn unlock(&self) -> Result<(), GuidebookError> {
        if self.inner.book.lock().is_some() {
            return Ok(());
        }
        if wipe::is_marked(&self.inner.place.folder()) {
            self.inner.wipe()?;
            return Err(GuidebookError::Wiped);
        }
        let bytes = self.inner.key()?.ok_or(GuidebookError::SignedOut)?;
        let key = Key::from_bytes(&bytes).ok_or(GuidebookError::WrongKey)?;
        self.inner.open_book(&key)?;
        self.inner.place.used();
        self.inner.with_book(|store| {
            // A disk that takes nothing does not keep the guide from reading.
            let _ = store.prune();
            Ok(())
        })?;
        self.inner.go_live();
        Ok(())
    }

    /// Closes the book: key, index and session leave the memory. A round under way ends without harm.
    pub fn lock(&self) {
        self.inner.end_live();
        drop(self.inner.book.lock().take());
        self.inner.tell(BookChange::Book);
    }

    /// Locks this book, then opens another of this phone, with the same key store, marks, clock and observer. One that is not
    /// enrolled yet comes back closed.
    ///
    /// Errors: as [`Guidebook::open`] and [`Guidebook::unlock`]; this book is locked all the same.
    pub fn switch_book(&self, book: String) -> Result<Arc<Self>, GuidebookError> {
        self.lock();
        let request = OpenRequest { directory: self.inner.place.directory(), book: Some(book) };
        let other = Guidebook::open(request, self.inner.keys.clone(), self.inner.clock.clone(), self.inner.marks.clone())?;
        other.observe(self.inner.observer());
        other.inner.live.wanted.store(self.inner.live.wanted.load(Ordering::SeqCst), Ordering::SeqCst);
        match other.unlock() {
            Ok(()) | Err(GuidebookError::SignedOut) => Ok(other),
            Err(error) => Err(error),
        }
    }

    /// Forgets everything of this book, the key first. What waits is lost: sync before.
    ///
    /// Errors: `StorageFault`.
    pub fn wipe(&self) -> Result<(), GuidebookError> {
        self.inner.wipe()
    }

    /// The guide whose book this is.
    ///
    /// Errors: `Locked`, `SignedOut`.
    pub fn guide(&self) -> Result<GuideView, GuidebookError> {
        self.inner.with_book(|store| {
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
    /// Does `work` with the open book, if its members may be shown.
    pub fn with<R>(&self, work: impl FnOnce(&mut Store) -> Result<R, GuidebookError>) -> Result<R, GuidebookError> {
        self.reach(|store, retention| if retention == Retention::Visible { work(store) } else { Err(GuidebookError::Locked) })
    }

    /// Does `work` with the open book, also while its members are hidden: for what shows none.
    pub fn with_book<R>(&self, work: impl FnOnce(&mut Store) -> Result<R, GuidebookError>) -> Result<R, GuidebookError> {
        self.reach(|store, _| work(store))
    }

    /// Every way to the book looks at the clocks first. One that was without contact for too long is shredded here.
    fn reach<R>(&self, work: impl FnOnce(&mut Store, Retention) -> Result<R, GuidebookError>) -> Result<R, GuidebookError> {
        let wall_ms = self.wall_ms();
        let mut book = self.book.lock();
        let store = book.as_mut().ok_or(GuidebookError::Locked)?;
        match store.look_at_clocks(wall_ms, since_boot_ms()) {
            Retention::Shredded => {
                drop(book);
                self.wipe()?;
                Err(GuidebookError::Wiped)
            }
            retention => work(store, retention),
        }
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

    fn observer(&self) -> Option<Arc<dyn BookObserver>> {
        self.observer.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells the observer, if there is one.
    pub fn tell(&self, change: BookChange) {
        // An observer that throws panics on this side. What was done is done all the same: its fault is not the caller's.
        if let Some(observer) = self.observer() {
            let _ = catch_unwind(AssertUnwindSafe(|| observer.changed(change)));
        }
    }

    /// The book's key, if there is one.
    fn key(&self) -> Result<Option<Zeroizing<Vec<u8>>>, GuidebookError> {
        Ok(self.keys.load(self.place.name.clone())?.map(Zeroizing::new))
    }

    /// Opens the book or makes an empty one.
    fn open_book(&self, key: &Key) -> Result<(), GuidebookError> {
        self.place.make()?;
        let mut store = Store::open(&self.place.folder().join(BOOK_FILE), key)?;
        if let Some(vault) = &self.marks {
            store.keep_marks_in(Arc::new(BookMarks { vault: vault.clone(), book: self.place.name.clone() }));
        }
        *self.book.lock() = Some(store);
        self.tell(BookChange::Book);
        Ok(())
    }

    /// Opens the book for an enrolment: with its key, or with a fresh one that the key store has taken first. What a book
    /// without a key has left can never be read again and goes.
    pub fn open_for_enrolment(&self) -> Result<(), GuidebookError> {
        if self.book.lock().is_some() {
            return Ok(());
        }
        if wipe::is_marked(&self.place.folder()) {
            self.wipe()?;
        }
        let key = match self.key()? {
            Some(bytes) => Key::from_bytes(&bytes).ok_or(GuidebookError::WrongKey)?,
            None => {
                wipe::remove_files(&self.place.folder()).map_err(fault)?;
                // A phone that is enrolled anew gets turns from the first on.
                self.erase_marks()?;
                let key = Key::random()?;
                self.keys.save(self.place.name.clone(), key.expose().to_vec())?;
                key
            }
        };
        self.open_book(&key)?;
        self.place.used();
        Ok(())
    }

    /// Says that this book is to go: whatever happens from here on, the next opening finishes it.
    pub fn mark_for_wipe(&self) {
        // A disk that takes nothing must not hold up the key's end.
        let _ = wipe::mark(&self.place.folder());
    }

    /// The key first: from then on the files are noise. A wipe that is cut short is finished at the next opening.
    pub fn wipe(&self) -> Result<(), GuidebookError> {
        self.mark_for_wipe();
        failpoint::hit("facade.wipe.marked")?;
        self.end_live();
        let erased = self.keys.erase(self.place.name.clone());
        drop(self.book.lock().take());
        erased?;
        failpoint::hit("facade.wipe.key_erased")?;
        self.place.forgotten();
        wipe::remove_files(&self.place.folder()).map_err(fault)?;
        // Of no use to anybody by now; an enrolment in this place asks again.
        let _ = self.erase_marks();
        self.tell(BookChange::Book);
        Ok(())
    }

    fn erase_marks(&self) -> Result<(), GuidebookError> {
        self.marks.as_ref().map_or(Ok(()), |marks| Ok(marks.erase(self.place.name.clone())?))
    }
}
