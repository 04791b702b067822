//! Many schedules of coupons, as many as `COUPON_SEEDS` asks for.

use guidebook_testkit::coupon_simulation::play;
use guidebook_testkit::simulation::many::{cores, play_each};

/// `COUPON_SEEDS` in the environment plays another number; `.ci/run` sets it.
const SEEDS: u64 = 1_000;

#[test]
fn no_budget_is_overdrawn_and_no_code_is_two_customers_in_any_schedule() {
    let seeds = std::env::var("COUPON_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(SEEDS);
    let failed = play_each(0, seeds, cores(), &play);
    println!("{seeds} schedules, {} failed", failed.len());
    let first: Vec<&str> = failed.iter().take(10).map(|(_, error)| error.as_str()).collect();
    assert!(failed.is_empty(), "{} of {seeds} schedules failed, first:\n{}", failed.len(), first.join("\n"));
}
