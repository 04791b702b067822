//! How often what happened: a schedule in which nothing meets proves nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

static ALL: Mutex<BTreeMap<&str, u64>> = Mutex::new(BTreeMap::new());

/// What happened in one schedule.
pub type Happened = BTreeMap<&'static str, u64>;

/// Adds a schedule to all.
pub fn add(happened: &Happened) {
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    for (what, times) in happened {
        *all.entry(what).or_default() += times;
    }
}

/// What happened in all schedules of this process so far.
pub fn all() -> Happened {
    ALL.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
