//! Phones, network and servers under one seed: the real phone core over SQLite in memory, the real server core over
//! SQLite in memory, a virtual clock, and all that goes wrong. After every step the invariants of the plan that can be
//! seen then are checked; at the end, when the edits have stopped and everyone has synced, the rest.
//!
//! In reading order: [`chance`] (the seed), [`mix`] (what happens how often), [`truth`] (what the server must hold),
//! [`phone_model`] (what a phone must show), [`disk`] (where they lie), [`world`] and [`beginning`] (all that takes part), [`edits`], [`phones`],
//! [`network`], [`instances`], [`headquarters`], [`server_file`], [`straits`] (what may happen), [`steps`] (one of it),
//! [`invariants`] (what must be true), [`many`] (many schedules).

pub mod beginning;
pub mod chance;
pub mod disk;
pub mod edits;
pub mod handovers;
pub mod headquarters;
pub mod instances;
pub mod invariants;
pub mod last_words;
pub mod many;
pub mod mix;
pub mod network;
pub mod phone_model;
pub mod phones;
pub mod server_file;
pub mod snapshots;
pub mod steps;
pub mod straits;
pub mod terms;
pub mod trace;
pub mod truth;
pub mod world;

use mix::Mix;
use world::World;

/// Plays the schedule of a seed. The error says which invariant broke, at which step.
pub fn play(seed: u64) -> Result<(), String> {
    play_with(seed, Mix::usual())
}

/// The same with another mix of events.
pub fn play_with(seed: u64, mix: Mix) -> Result<(), String> {
    let mut world = World::new(seed, mix);
    let played = play_in(&mut world, seed);
    world.ends();
    played
}

fn play_in(world: &mut World, seed: u64) -> Result<(), String> {
    for step in 0..steps_of(seed) {
        steps::random_step(world).map_err(|e| format!("seed {seed}, step {step}: {e}"))?;
        invariants::after_a_step(world).map_err(|e| format!("seed {seed}, step {step}: {e}"))?;
    }
    steps::everyone_syncs(world).map_err(|e| format!("seed {seed}, at the end: {e}"))?;
    invariants::after_a_step(world).map_err(|e| format!("seed {seed}, at the end: {e}"))?;
    invariants::at_the_end(world).map_err(|e| format!("seed {seed}, at the end: {e}"))?;
    trace::say(|| format!("seed {seed}, the end: {} ms, chance {:016x}", world.now_ms, world.chance.drawn()));
    Ok(())
}

/// Most schedules are short, for most faults need few steps; one in eight is long.
fn steps_of(seed: u64) -> u32 {
    if seed % 8 == 7 { 60 } else { 20 }
}
