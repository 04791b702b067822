//! The same work on many things, on several cores at once: opening, reading, writing out and sealing a row hangs on no other.
//! SQLite has one writer, so the rows themselves are read and written one after the other.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::thread;

/// Fewer things are not worth waking another core for.
const WORTH_A_THREAD: usize = 64;
/// More cores would wait for SQLite.
const MOST_THREADS: usize = 4;

/// What `work` makes of each of `things`, in their order. A panic in it is this call's.
pub(crate) fn side_by_side<T: Send, R: Send>(things: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let parts = things.len() / WORTH_A_THREAD;
    if parts < 2 {
        return things.into_iter().map(work).collect();
    }
    let size = things.len().div_ceil(parts.min(cores()));
    let work = |part: Vec<T>| part.into_iter().map(&work).collect::<Vec<R>>();
    let mut first = things;
    let mut rest = Vec::new();
    while first.len() > size {
        rest.push(first.split_off(first.len() - size));
    }
    thread::scope(|scope| {
        let elsewhere: Vec<_> = rest.into_iter().rev().map(|part| scope.spawn(|| work(part))).collect();
        let mut done = work(first);
        for part in elsewhere {
            done.extend(part.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    })
}

/// Asked once: Linux opens several files to answer.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_worked_on_once_and_in_order() {
        for count in [0, 1, WORTH_A_THREAD - 1, WORTH_A_THREAD * 2, WORTH_A_THREAD * 3 + 1, 1_000] {
            let things: Vec<String> = (0..count).map(|n| n.to_string()).collect();
            let expected: Vec<String> = things.iter().map(|thing| format!("{thing}!")).collect();
            assert_eq!(side_by_side(things, |thing| thing + "!"), expected);
        }
    }

    #[test]
    #[should_panic(expected = "thing 150")]
    fn a_panic_elsewhere_is_one_here() {
        side_by_side((0..200).collect(), |n| assert_ne!(n, 150, "thing 150"));
    }
}
