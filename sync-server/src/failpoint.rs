//! Named places at which tests kill the process: before and after each commit.
//!
//! `GUIDEBOOK_FAILPOINT=name` aborts at the first hit of `name`, `name@n` at the n-th; `panic:name`
//! panics instead. Without the feature `failpoints` a hit is nothing.

use crate::db::Write;

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

/// Aborts the process if `name` is the one asked for and this is its turn.
#[cfg(feature = "failpoints")]
pub fn hit(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};
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

/// Nothing: the feature `failpoints` is off.
#[cfg(not(feature = "failpoints"))]
#[inline(always)]
pub fn hit(_name: &str) {}

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
