//! Live: changes made elsewhere arrive by themselves while the app is open, and edits go at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use guidebook_sync::SyncError;
use guidebook_sync::live::{Next, Pace, Wait};
use guidebook_wire::CursorRecord;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::guidebook::Inner;
use crate::syncing::runtime;
use crate::{BookChange, Guidebook};

/// Edits that follow each other within this time go up together.
const GATHERED: Duration = Duration::from_millis(300);

#[uniffi::export]
impl Guidebook {
    /// Whether the book is live: as long as it is open, the core waits at the server, and what HQ or a colleague changes is
    /// here, and told to the observer, in about a second; an edit goes up by itself within half a second. Switch it on when
    /// the app comes to the front, and off when it goes. The wish outlives a lock: after `unlock` or `enrol` it holds again.
    /// On again when it is on ends a pause after a failure, for instance when the network is back.
    ///
    /// A phone that has to be enrolled again, or a program that is too old, ends it; `sync_now` tells why.
    pub fn set_live(&self, on: bool) {
        self.inner.live.wanted.store(on, Ordering::SeqCst);
        if on { self.inner.go_live() } else { self.inner.end_live() }
    }
}

/// What a book knows of being live.
#[derive(Default)]
pub(crate) struct Live {
    /// Whether the shell wants it.
    pub wanted: AtomicBool,
    /// Whether it tries again after a failure.
    pub failing: AtomicBool,
    /// Tells the loop of edits. The loop ends when it is dropped.
    edits: Mutex<Option<watch::Sender<()>>>,
}

impl Inner {
    /// Begins, if it is wanted and the book is open; nudges what has begun.
    pub fn go_live(self: &Arc<Self>) {
        if !self.live.wanted.load(Ordering::SeqCst) || self.book.lock().is_none() {
            return;
        }
        let mut edits = self.live.edits.lock().unwrap_or_else(PoisonError::into_inner);
        if edits.as_ref().is_some_and(|edits| edits.send(()).is_ok()) {
            return;
        }
        let (tell, told) = watch::channel(());
        if let Ok(runtime) = runtime() {
            *edits = Some(tell);
            runtime.spawn(run(Arc::downgrade(self), told));
        }
    }

    /// Ends it. A round under way goes on to its end.
    pub fn end_live(&self) {
        self.live.edits.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Something was edited on this phone.
    pub fn edited(&self) {
        if let Some(edits) = &*self.live.edits.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = edits.send(());
        }
    }

    fn cursor(&self) -> Option<CursorRecord> {
        self.book.lock().as_ref().map(|store| store.standing().cursor)
    }

    fn something_waits(&self) -> bool {
        self.book.lock().as_ref().is_some_and(|store| store.open_operations().is_ok_and(|(waiting, _)| waiting > 0))
    }

    fn show_failing(&self, failing: bool) {
        if self.live.failing.swap(failing, Ordering::SeqCst) != failing {
            self.tell(BookChange::SyncState);
        }
    }
}

/// The loop. It holds the book for the moments between requests only, so that a book that is let go of is gone.
async fn run(weak: Weak<Inner>, edits: watch::Receiver<()>) {
    let mut live = Loop { weak, edits, pace: Pace::default(), last_round: Instant::now() };
    let mut next = Next::Round;
    while let Some(after) = live.step(next).await {
        next = after;
    }
    if let Some(inner) = live.weak.upgrade() {
        inner.show_failing(false);
    }
}

struct Loop {
    weak: Weak<Inner>,
    edits: watch::Receiver<()>,
    pace: Pace,
    last_round: Instant,
}

impl Loop {
    /// Carries out one step; what comes after it, or nothing at the end.
    async fn step(&mut self, next: Next) -> Option<Next> {
        let quiet = self.weak.upgrade()?.quiet();
        match next {
            Next::Stop => None,
            Next::Pause { ms } => {
                let Ok(edited) = timeout(Duration::from_millis(ms), self.edits.changed()).await else {
                    return Some(self.pace.after_pause());
                };
                edited.ok()?;
                self.gather().await
            }
            // The server has asked for quiet; an edit does not break it.
            Next::Round | Next::Wait if !quiet.is_zero() => {
                tokio::select! {
                    () = sleep(quiet) => self.what_waits().map(|waits| if waits { Next::Round } else { next }),
                    () = ended(&mut self.edits) => None,
                }
            }
            Next::Round => self.round().await,
            Next::Wait => self.wait().await,
        }
    }

    async fn round(&mut self) -> Option<Next> {
        let inner = self.weak.upgrade()?;
        // What was edited until here goes with it.
        self.edits.has_changed().ok()?;
        self.edits.mark_unchanged();
        let before = inner.cursor();
        let result = inner.round().await;
        self.last_round = Instant::now();
        let next = self.pace.after_round(&result, inner.cursor() != before, random());
        inner.show_failing(self.pace.is_failing());
        Some(next)
    }

    async fn wait(&mut self) -> Option<Next> {
        let inner = self.weak.upgrade()?;
        let wait = Wait::prepare(&inner.book, &mut *inner.syncer.lock().await).await;
        drop(inner);
        let begun = Instant::now();
        let (result, cursor) = match wait {
            Err(error) => (Err(error), None),
            Ok(wait) => {
                let cursor = wait.cursor;
                tokio::select! {
                    answer = wait.send() => (answer, Some(cursor)),
                    edited = self.edits.changed() => {
                        edited.ok()?;
                        return self.gather().await;
                    }
                }
            }
        };
        let inner = self.weak.upgrade()?;
        if let Err(SyncError::Busy { come_back_s }) = &result {
            inner.be_quiet(*come_back_s);
        }
        let moved = cursor.is_some() && inner.cursor() != cursor;
        let next = self.pace.after_wait(&result, begun.elapsed(), moved, self.last_round.elapsed(), random());
        inner.show_failing(self.pace.is_failing());
        Some(next)
    }

    /// After an edit: the others that come with it, and then a round, if none has taken them already.
    async fn gather(&mut self) -> Option<Next> {
        tokio::select! {
            () = sleep(GATHERED) => {}
            () = ended(&mut self.edits) => return None,
        }
        self.what_waits().map(|waits| if waits { Next::Round } else { self.pace.after_pause() })
    }

    /// Whether edits wait to be sent.
    fn what_waits(&self) -> Option<bool> {
        Some(self.weak.upgrade()?.something_waits())
    }
}

/// Waits until nobody wants it live any more.
async fn ended(edits: &mut watch::Receiver<()>) {
    while edits.changed().await.is_ok() {}
}

fn random() -> u64 {
    getrandom::u64().unwrap_or(0)
}
