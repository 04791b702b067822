//! What happens in a schedule, told line by line: for one seed that fails.

use std::sync::atomic::{AtomicBool, Ordering};

static TELLS: AtomicBool = AtomicBool::new(false);

/// From now on what happens is told on stderr.
pub fn begin() {
    TELLS.store(true, Ordering::Relaxed);
}

/// Tells `what`, if somebody wants to know.
pub fn say(what: impl FnOnce() -> String) {
    if TELLS.load(Ordering::Relaxed) {
        eprintln!("{}", what());
    }
}
