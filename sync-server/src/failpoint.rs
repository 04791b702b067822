//! Named places at which tests kill the process: before and after each commit.
//!
//! `GUIDEBOOK_FAILPOINT=name` aborts at the first hit of `name`, `name@n` at the n-th; `panic:name` panics instead.
//! [`arm`] makes a hit of this thread an error: to a simulation, a server that died there. Without the feature
//! `failpoints` a hit is nothing.

use crate::db::{Result, Write};

/// All names.
pub const ALL: [&str; Write::ALL.len() * 2] = names();

const fn names() -> [&'static str; Write::ALL.len() * 2] {
    let mut names = [""; Write::ALL.len() * 2];
    let mut i = 0;
    while i < Write::ALL.len() {
        names[2 * i] = Write::ALL[i].before_commit();
        names[2 * i + 1] = Write::ALL[i].after_commit();
        i += 1;
    }
    names
}

/// Does nothing, unless a test has armed it.
#[cfg(feature = "failpoints")]
pub fn hit(name: &'static str) -> Result<()> {
    armed::hit(name)
}

/// Nothing: the feature `failpoints` is off.
#[cfg(not(feature = "failpoints"))]
#[inline(always)]
pub fn hit(_name: &'static str) -> Result<()> {
    Ok(())
}

/// Makes the `nth` failpoint that this thread meets from here on (counted from 0) return an error. Before a commit the
/// transaction is rolled back, after it only the answer is lost. `None` disarms.
#[cfg(feature = "failpoints")]
pub fn arm(nth: Option<u32>) {
    armed::arm(nth);
}

/// The failpoints that this thread has met since it was asked last, one that returned an error too.
#[cfg(feature = "failpoints")]
pub fn passed() -> Vec<&'static str> {
    armed::passed()
}

#[cfg(feature = "failpoints")]
mod armed {
    use std::cell::{Cell, RefCell};
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use crate::db::Result;
    use crate::error::ServerError;

    thread_local! {
        static COUNTDOWN: Cell<Option<u32>> = const { Cell::new(None) };
        /// The last of them, for nobody may ask.
        static PASSED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }

    const MOST_PASSED: usize = 1000;

    pub fn arm(nth: Option<u32>) {
        COUNTDOWN.set(nth);
    }

    pub fn passed() -> Vec<&'static str> {
        PASSED.take()
    }

    pub fn hit(name: &'static str) -> Result<()> {
        abort_if_asked(name);
        PASSED.with_borrow_mut(|passed| {
            if passed.len() == MOST_PASSED {
                passed.clear();
            }
            passed.push(name);
        });
        let Some(left) = COUNTDOWN.get() else { return Ok(()) };
        COUNTDOWN.set(left.checked_sub(1));
        if left == 0 { Err(ServerError::OnRequest(name)) } else { Ok(()) }
    }

    fn abort_if_asked(name: &str) {
        static ASKED: OnceLock<Option<(String, u64, bool)>> = OnceLock::new();
        static HITS: AtomicU64 = AtomicU64::new(0);
        let asked = ASKED.get_or_init(|| {
            let asked = std::env::var("GUIDEBOOK_FAILPOINT").ok()?;
            let (name, turn) = asked.split_once('@').unwrap_or((&asked, "1"));
            let panics = name.strip_prefix("panic:");
            Some((panics.unwrap_or(name).to_owned(), turn.parse().unwrap_or(1), panics.is_some()))
        });
        let Some((wanted, turn, panics)) = asked else { return };
        if wanted == name && HITS.fetch_add(1, Ordering::SeqCst) + 1 == *turn {
            assert!(!panics, "failpoint {name}");
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn each_name_is_there_once() {
        let names: BTreeSet<_> = super::ALL.into_iter().collect();
        assert_eq!(names.len(), super::ALL.len());
        assert!(names.contains("server.round.before_commit"));
    }
}
