//! Named places at which tests kill the process or make a write fail. Without the feature `failpoints` they are nothing.

use crate::StoreError;

/// Every failpoint of this crate, in the order in which an edit and a sync meet them.
pub const ALL: &[&str] = &[
    "store.edit.before_commit",
    "store.edit.after_commit",
    "store.pull.before_commit",
    "store.pull.after_commit",
    "store.setting.before_commit",
    "store.setting.after_commit",
];

/// Where a coupon is given out, handed over or taken back, and where unused codes go back, in order; the commit itself is
/// an edit's.
pub const COUPONS: &[&str] = &[
    "store.issue.before_mark",
    "store.issue.after_mark",
    "store.edit.before_commit",
    "store.edit.after_commit",
    "store.coupon.before_commit",
    "store.coupon.after_commit",
    "store.surrender.before_mark",
    "store.surrender.after_mark",
];

/// The steps of a wipe, in order: between marking the book and erasing its key, after the key, before each file, before
/// the mark goes. At `facade` ones the key store is met.
pub const WIPE: &[&str] = &[
    "facade.wipe.marked",
    "facade.wipe.key_erased",
    "store.wipe.before_book",
    "store.wipe.before_log",
    "store.wipe.before_shared_memory",
    "store.wipe.before_journal",
    "store.wipe.before_mark",
    "store.wipe.before_folder",
];

/// Does nothing, unless a test has armed `name`: see [`arm`], or set `GUIDEBOOK_FAILPOINT=name` (or `name@3` for the
/// third time) in the environment to abort the process here, or `panic:name` to panic.
#[cfg(feature = "failpoints")]
pub fn hit(name: &'static str) -> Result<(), StoreError> {
    armed::hit(name)
}

/// Does nothing.
#[cfg(not(feature = "failpoints"))]
#[inline(always)]
pub fn hit(_name: &'static str) -> Result<(), StoreError> {
    Ok(())
}

/// Makes the `nth` failpoint that this thread meets from here on (counted from 0) return an error. `None` disarms.
#[cfg(feature = "failpoints")]
pub fn arm(nth: Option<u32>) {
    armed::arm(nth);
}

#[cfg(feature = "failpoints")]
mod armed {
    use std::cell::Cell;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use crate::StoreError;

    thread_local! {
        static COUNTDOWN: Cell<Option<u32>> = const { Cell::new(None) };
    }

    pub fn arm(nth: Option<u32>) {
        COUNTDOWN.set(nth);
    }

    pub fn hit(name: &'static str) -> Result<(), StoreError> {
        abort_if_asked(name);
        match COUNTDOWN.get() {
            None => Ok(()),
            Some(0) => {
                COUNTDOWN.set(None);
                Err(StoreError::OnRequest(name))
            }
            Some(n) => {
                COUNTDOWN.set(Some(n - 1));
                Ok(())
            }
        }
    }

    fn abort_if_asked(name: &str) {
        static ASKED: OnceLock<Option<(String, u32, bool)>> = OnceLock::new();
        static MET: AtomicU32 = AtomicU32::new(0);
        let asked = ASKED.get_or_init(|| {
            let text = std::env::var("GUIDEBOOK_FAILPOINT").ok()?;
            let (name, nth) = text.split_once('@').unwrap_or((&text, "1"));
            let panics = name.strip_prefix("panic:");
            Some((panics.unwrap_or(name).to_owned(), nth.parse().ok()?, panics.is_some()))
        });
        let Some((asked_name, nth, panics)) = asked else { return };
        if asked_name == name && MET.fetch_add(1, Ordering::SeqCst) + 1 == *nth {
            assert!(!panics, "failpoint {name}");
            std::process::abort();
        }
    }
}
