//! Enrolment, rounds, and trying again by itself.

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use guidebook_domain::Retention;
use guidebook_store::Changed;
use guidebook_sync::{RoundReport, SyncError, Syncer, backoff, enrol, last_words};
use tokio::runtime::Runtime;
use tokio::time::sleep;

use crate::boot_clock::since_boot_ms;
use crate::edit_view::{SyncReport, SyncStateView};
use crate::guidebook::Inner;
use crate::request::EnrolRequest;
use crate::view::{BookState, GuideView};
use crate::{BookChange, Guidebook, GuidebookError, InvalidReason};

#[uniffi::export]
impl Guidebook {
    /// Answers to HQ's code. Makes the book and its key if there is none. If the answer was lost, the same code can be
    /// used again on this phone while it lives.
    ///
    /// An open book whose `sync_now` says `SignedOut` comes back this way: the server was put back from a backup of before
    /// this phone's enrolment. The book and all that waits in it stay; the code must be for the same guide (`Invalid`,
    /// `guide`), the server the same. Never wipe such a book: what waits in it lies nowhere else.
    ///
    /// Errors: `Offline`, `Invalid` (`server`, `code`, `device_name`; `book` if it is enrolled with another server; `guide` or
    /// `device` if it may not come back), `Locked` (if it is enrolled and locked), `WrongKey`, `Busy`, `UpgradeNeeded`,
    /// `StorageFull`, `StorageFault`.
    pub async fn enrol(&self, request: EnrolRequest) -> Result<GuideView, GuidebookError> {
        let inner = self.inner.clone();
        finished(runtime()?.spawn(async move {
            let was_open = inner.book.lock().is_some();
            inner.open_for_enrolment()?;
            if let Some(server) = inner.with_book(|store| Ok(store.identity().map(|identity| identity.server.clone())))? {
                if !was_open {
                    // An enrolment is no way around the lock.
                    drop(inner.book.lock().take());
                    return Err(GuidebookError::Locked);
                }
                if server != request.server {
                    return Err(GuidebookError::invalid("book", InvalidReason::NoChange));
                }
            }
            let clock = inner.clone();
            enrol::enrol(&inner.book, &request.server, &request.code, &request.device_name, move || clock.wall_ms()).await?;
            inner.tell(BookChange::Book);
            inner.go_live();
            Ok(())
        }))
        .await?;
        self.guide()
    }

    /// Runs a whole round: pushes what waits, takes the outcomes, pulls what changed. Dropping the call does not stop
    /// the round. When there is no answer, the core tries again by itself while the book is open.
    ///
    /// Errors: `Offline`, `Busy`, `SignedOut`, `Locked`, `Wiped` (the book is gone by then), `UpgradeNeeded`,
    /// `StorageFull`, `StorageFault`.
    pub async fn sync_now(&self) -> Result<SyncReport, GuidebookError> {
        if self.inner.book.lock().is_some() {
            self.inner.with_book(|_| Ok(()))?;
        }
        if self.state()? == BookState::Empty {
            return Err(GuidebookError::SignedOut);
        }
        let inner = self.inner.clone();
        finished(runtime()?.spawn(async move {
            let result = inner.round().await;
            if let Err(error) = &result
                && error.passes()
            {
                inner.try_again();
            }
            let RoundReport { requests, answered, members, come_back_s } = result?;
            Ok(SyncReport { requests, answered, members, come_back_s })
        }))
        .await
    }

    /// What waits, what was refused, the last contact.
    ///
    /// Errors: `Locked`, `StorageFault`.
    pub fn sync_state(&self) -> Result<SyncStateView, GuidebookError> {
        self.inner.with_book(|store| {
            let (waiting, refused) = store.open_operations()?;
            Ok(SyncStateView {
                waiting: waiting as u32,
                refused: refused as u32,
                last_contact_ms: store.standing().last_contact_ms,
                running: self.inner.running.load(Ordering::SeqCst),
                retrying: self.inner.retrying.load(Ordering::SeqCst) || self.inner.live.failing.load(Ordering::SeqCst),
            })
        })
    }
}

impl Inner {
    /// One round; rounds run one after the other.
    pub async fn round(&self) -> Result<RoundReport, SyncError> {
        let mut syncer = self.syncer.lock().await;
        let before = self.look_at_clocks();
        if before == Some(Retention::Shredded) {
            let _ = self.wipe();
            return Err(SyncError::Wipe);
        }
        self.running.store(true, Ordering::SeqCst);
        let tell = |changed: &Changed| self.tell_changed(changed);
        let result = guidebook_sync::run(&self.book, &mut syncer, &|| self.wall_ms(), &tell).await;
        self.running.store(false, Ordering::SeqCst);
        match &result {
            Ok(_) => self.after_contact(before),
            Err(SyncError::Wipe | SyncError::Revoked) => {
                self.mark_for_wipe();
                if matches!(result, Err(SyncError::Revoked)) {
                    last_words::offer(&self.book, last_words::WITHIN).await;
                }
                *syncer = Syncer::default();
                // If the key store will not let go of the key now, the next opening or round asks again.
                let _ = self.wipe();
            }
            Err(_) => {}
        }
        self.tell(BookChange::SyncState);
        let come_back_s = match &result {
            Ok(report) => report.come_back_s,
            Err(SyncError::Busy { come_back_s }) => Some(*come_back_s),
            Err(_) => None,
        };
        if let Some(come_back_s) = come_back_s {
            self.be_quiet(come_back_s);
        }
        result
    }

    /// The server has asked to come back in so many seconds: until then the core does nothing by itself.
    pub fn be_quiet(&self, come_back_s: u32) {
        let ms = backoff::come_back_ms(come_back_s, getrandom::u64().unwrap_or(0));
        let until = Instant::now().checked_add(Duration::from_millis(ms));
        let mut quiet = self.quiet_until.lock().unwrap_or_else(PoisonError::into_inner);
        *quiet = until.max(*quiet);
    }

    /// How long that still is.
    pub fn quiet(&self) -> Duration {
        let quiet = self.quiet_until.lock().unwrap_or_else(PoisonError::into_inner);
        quiet.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }

    /// Members who were hidden are shown. Edits that are old by now may go; what stays, goes after the next round.
    fn after_contact(&self, before: Option<Retention>) {
        if let Some(store) = self.book.lock().as_mut() {
            let _ = store.prune();
        }
        if before == Some(Retention::Hidden) {
            self.tell(BookChange::Book);
        }
    }

    /// Time is counted from the look before a round. None while the book is locked.
    fn look_at_clocks(&self) -> Option<Retention> {
        let wall_ms = self.wall_ms();
        self.book.lock().as_mut().map(|store| store.look_at_clocks(wall_ms, since_boot_ms()))
    }

    /// Tries again until a round succeeds, fails for good, or the book is closed. One such loop runs at a time.
    fn try_again(self: &Arc<Self>) {
        if self.retrying.swap(true, Ordering::SeqCst) {
            return;
        }
        let weak = Arc::downgrade(self);
        if let Ok(runtime) = runtime() {
            runtime.spawn(retry_loop(weak));
        }
    }

    fn tell_changed(&self, changed: &Changed) {
        if !changed.members.is_empty() {
            self.tell(BookChange::Members { members: changed.members.iter().map(ToString::to_string).collect() });
        }
        if changed.coupons {
            self.tell(BookChange::Coupons);
        }
        if changed.dictionary {
            self.tell(BookChange::Dictionary);
        }
    }
}

async fn retry_loop(weak: Weak<Inner>) {
    for attempt in 0.. {
        let random = getrandom::u64().unwrap_or(0);
        sleep(Duration::from_millis(backoff::wait_ms(attempt, random))).await;
        while let Some(quiet) = weak.upgrade().map(|inner| inner.quiet()).filter(|quiet| !quiet.is_zero()) {
            sleep(quiet).await;
        }
        let Some(inner) = weak.upgrade() else { return };
        match inner.round().await {
            Err(error) if error.passes() => {}
            Ok(_) | Err(_) => break,
        }
    }
    if let Some(inner) = weak.upgrade() {
        inner.retrying.store(false, Ordering::SeqCst);
        inner.tell(BookChange::SyncState);
    }
}

/// The core's own runtime, one for the process: a round outlives the call that began it.
pub(crate) fn runtime() -> Result<&'static Runtime, GuidebookError> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let made = RUNTIME.get_or_init(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(2).thread_name("guidebook").enable_all().build().ok()
    });
    made.as_ref().ok_or(GuidebookError::StorageFault)
}

async fn finished<T>(task: tokio::task::JoinHandle<Result<T, GuidebookError>>) -> Result<T, GuidebookError> {
    // A task ends early only by a panic, which the bindings must not carry across.
    task.await.unwrap_or(Err(GuidebookError::StorageFault))
}
