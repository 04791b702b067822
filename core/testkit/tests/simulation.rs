//! Ten thousand schedules, and the seeds that once failed.

#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicU64, Ordering};

use guidebook_testkit::simulation::play;

/// Seeds that found a fault, with what it was.
const ONCE_FAILED: &[u64] = &[];

/// `SIMULATION_SEEDS` in the environment plays another number.
const SEEDS: u64 = 10_000;

#[test]
fn seeds_that_once_failed_hold() {
    for seed in ONCE_FAILED {
        play(*seed).unwrap();
    }
}

#[test]
fn every_invariant_holds_in_ten_thousand_schedules() {
    let seeds = std::env::var("SIMULATION_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(SEEDS);
    let next = AtomicU64::new(0);
    let failed = std::thread::scope(|scope| {
        let worker = || {
            let mut failed = Vec::new();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= seeds {
                    return failed;
                }
                if let Err(error) = play(seed) {
                    failed.push(error);
                }
            }
        };
        let workers: Vec<_> = (0..std::thread::available_parallelism().map_or(1, usize::from)).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|w| w.join().unwrap()).collect::<Vec<_>>()
    });
    println!("{seeds} schedules, {} failed", failed.len());
    assert!(failed.is_empty(), "{} of {seeds} schedules failed, first:\n{}", failed.len(), failed[..failed.len().min(10)].join("\n"));
}
