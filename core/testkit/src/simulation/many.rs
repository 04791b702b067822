//! Many schedules on all cores.

use std::sync::atomic::{AtomicU64, Ordering};

use super::mix::Mix;
use super::play_with;

/// Plays the seeds from `first`, `count` of them, on `workers` threads. Gives what failed, by seed. A schedule that
/// panics has failed as well.
pub fn play_many(first: u64, count: u64, workers: usize, mix: &Mix) -> Vec<(u64, String)> {
    play_each(first, count, workers, &|seed| play_with(seed, mix.clone()))
}

/// The same of another simulation.
pub fn play_each(
    first: u64,
    count: u64,
    workers: usize,
    play: &(dyn Fn(u64) -> Result<(), String> + Sync + std::panic::RefUnwindSafe),
) -> Vec<(u64, String)> {
    let next = AtomicU64::new(0);
    let worker = || {
        let mut failed = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= count {
                return failed;
            }
            let seed = first + n;
            let played = std::panic::catch_unwind(|| play(seed));
            match played {
                Ok(Ok(())) => {}
                Ok(Err(error)) => failed.push((seed, error)),
                Err(_) => failed.push((seed, format!("seed {seed}: a panic"))),
            }
        }
    };
    let mut failed: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers.max(1)).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker catches what its schedules do")).collect()
    });
    failed.sort();
    failed
}

/// As many workers as there are cores.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
