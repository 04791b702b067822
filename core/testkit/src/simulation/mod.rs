//! Phones, network and server under one seed: the real phone core over SQLite in memory, the real server core over
//! SQLite in memory, a virtual clock, and a network that drops, repeats and delays. After every step the invariants of
//! the plan that can be seen then are checked; at the end, when the edits have stopped and everyone has synced, the rest.
//!
//! In reading order: [`chance`] (the seed), [`phone_model`] (what a phone must show), [`world`] (all that takes part),
//! [`steps`] (what may happen), [`invariants`] (what must be true).

pub mod chance;
pub mod invariants;
pub mod phone_model;
pub mod steps;
pub mod world;

use chance::Chance;
use world::World;

/// Steps in one schedule.
const STEPS: u32 = 40;

/// Plays the schedule of a seed. The error says which invariant broke, at which step.
pub fn play(seed: u64) -> Result<(), String> {
    let mut world = World::new(Chance::new(seed));
    for step in 0..STEPS {
        steps::random_step(&mut world).map_err(|e| format!("seed {seed}, step {step}: {e}"))?;
        invariants::after_a_step(&world).map_err(|e| format!("seed {seed}, step {step}: {e}"))?;
    }
    steps::everyone_syncs(&mut world).map_err(|e| format!("seed {seed}, at the end: {e}"))?;
    invariants::after_a_step(&world).map_err(|e| format!("seed {seed}, at the end: {e}"))?;
    invariants::at_the_end(&world).map_err(|e| format!("seed {seed}, at the end: {e}"))
}
