//! Many schedules of coupons, as many as `COUPON_SEEDS` asks for.

#![allow(clippy::unwrap_used)]

use guidebook_testkit::coupon_simulation::play;
use guidebook_testkit::simulation::many::{cores, play_each};

/// Seeds that found a fault; each is played for good.
///
/// - 19007, 23359: a copied vault gave a code to two customers, the one's was taken back, and the other's was used at a till without
///   a network (the check was wrong)
/// - 36255: a coupon that was used, reversed at the till and then taken back, before anybody was told, was told as given out
/// - 68799, 78111, 82191: a copied vault gave a code back that another copy had given out (the check was wrong)
const ONCE_FAILED: &[u64] = &[19007, 23359, 36255, 68799, 78111, 82191];

/// `COUPON_SEEDS` in the environment plays another number; `.ci/run` sets it.
const SEEDS: u64 = 1_000;

#[test]
fn seeds_that_once_failed_hold() {
    for seed in ONCE_FAILED {
        play(*seed).unwrap();
    }
}

#[test]
fn no_budget_is_overdrawn_and_no_code_is_two_customers_in_any_schedule() {
    let seeds = std::env::var("COUPON_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(SEEDS);
    let failed = play_each(0, seeds, cores(), &play);
    println!("{seeds} schedules, {} failed", failed.len());
    let first: Vec<&str> = failed.iter().take(10).map(|(_, error)| error.as_str()).collect();
    assert!(failed.is_empty(), "{} of {seeds} schedules failed, first:\n{}", failed.len(), first.join("\n"));
}
