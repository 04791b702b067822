//! The real binaries under a network that is cut, processes that are killed or stopped, and a disk that fills up, for
//! minutes of real time; and in the end every digest agrees, and every acknowledged edit is found once.
//!
//! In reading order: [`store`] (what takes part), [`guide`] (one phone at work, in a thread of its own), [`chaos`] (what
//! befalls them), [`reckoning`] (what must be true in the end).

pub mod chaos;
pub mod guide;
pub mod reckoning;
pub mod store;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use guide::Book;
use store::BlackBox;

/// Whatever ends the run.
pub type Failure = Box<dyn std::error::Error>;

/// How a run is to be.
pub struct Run {
    /// Where everything lies that may not run out of space.
    pub folder: PathBuf,
    /// A small disk, for the server's database and a phone's book, if there is one.
    pub small_disk: Option<PathBuf>,
    /// How long.
    pub lasts: Duration,
    /// What the chance of guides and chaos is drawn from. Threads and real time see to it that no two runs are alike.
    pub seed: u64,
}

impl Run {
    fn scarce(&self) -> &Path {
        self.small_disk.as_deref().unwrap_or(&self.folder)
    }
}

/// Plays, and prints what happened; an error if anything is lost, doubled or unequal.
pub fn play(run: &Run) -> Result<(), Failure> {
    let (mut stage, books) = store::open(run)?;
    let over = AtomicBool::new(false);
    let (books, happened) = std::thread::scope(|scope| -> Result<_, Failure> {
        let stage_for_guides = &stage.shared;
        let at_work: Vec<_> = books.into_iter().map(|book| scope.spawn(|| guide::works(book, stage_for_guides, &over))).collect();
        let happened = chaos::reigns(run, &mut stage.server, &stage.hq, stage_for_guides, &over);
        over.store(true, Ordering::SeqCst);
        let books = at_work.into_iter().map(|thread| thread.join().map_err(|_| "a guide's thread panicked".into()));
        Ok((books.collect::<Result<Vec<Book>, Failure>>()?, happened?))
    })?;
    println!("{happened}");
    let BlackBox { hq, .. } = stage;
    reckoning::holds(books, &hq.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()))
}

/// A lock that a panicking thread has not spoiled.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
