//! How much work SQLite has done, counted in the steps of its virtual machine: about so many a row that is looked at,
//! whatever the machine. Counted in this crate's tests only.

use rusqlite::Statement;

#[cfg(test)]
use {rusqlite::StatementStatus, std::cell::Cell};

#[cfg(test)]
thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Adds what `statement` did since it was last counted.
#[cfg(test)]
pub fn count(statement: &Statement<'_>) {
    let steps = statement.reset_status(StatementStatus::VmStep).unsigned_abs();
    STEPS.set(STEPS.get() + u64::from(steps));
}

/// Nothing: this is no test.
#[cfg(not(test))]
#[inline(always)]
pub fn count(_statement: &Statement<'_>) {}

/// The steps of this thread's transactions during `work`.
#[cfg(test)]
pub fn steps_of<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = STEPS.get();
    let done = work();
    (done, STEPS.get() - before)
}
