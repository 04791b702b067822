//! Coupons under one seed: the real phone core and the real server core over SQLite in memory, tills with and without a
//! network, marks outside of the book, and all that makes an over-issue elsewhere: lost and repeated answers, books that are
//! put back or lie on two phones, vaults that are lost, leases that end, budgets that change, a server put back. After each
//! step the invariants 4 and 7 of the plan; at the end, when all have synced, headquarters' report against the phones' own
//! ledgers. The clock, the disks, the phones and the second server are those of [`crate::simulation`].
//!
//! In reading order: [`mix`] (what happens how often), [`customers`] and [`booked`] (the reference model), [`vault`],
//! [`beginning`], [`world`] (all that takes part), [`phones`], [`files`], [`rounds`], [`rewound`], [`tills`], [`lanes`], [`headquarters`]
//! (what may happen), [`steps`] (one of it), [`invariants`], [`ending`] (what must be true), [`happened`] (how often it did).

pub mod beginning;
pub mod booked;
pub mod customers;
pub mod ending;
pub mod files;
pub mod happened;
pub mod headquarters;
pub mod invariants;
pub mod lanes;
pub mod mix;
pub mod phones;
pub mod rewound;
pub mod rounds;
pub mod steps;
pub mod tills;
pub mod vault;
pub mod world;

use crate::simulation::trace;
use world::World;

/// Plays the schedule of a seed. The error says which invariant broke, at which step.
pub fn play(seed: u64) -> Result<(), String> {
    let mut world = World::new(seed);
    let played = play_in(&mut world, seed);
    world.ends();
    played
}

fn play_in(world: &mut World, seed: u64) -> Result<(), String> {
    for step in 0..steps_of(seed) {
        let event = world.mix.draw(&mut world.chance);
        let played = steps::play(world, event).and_then(|()| invariants::after_a_step(world));
        trace::say(|| told(world, seed, &format!("step {step} {event:?}")));
        played.map_err(|e| format!("seed {seed}, step {step}, {event:?}: {e}"))?;
    }
    ending::play(world).map_err(|e| format!("seed {seed}, at the end: {e}"))?;
    trace::say(|| told(world, seed, "the end"));
    Ok(())
}

/// A line of the trace. Two runs whose lines are the same have drawn the same and done the same.
fn told(world: &World, seed: u64, what: &str) -> String {
    let (drawn, now_ms, happened) = (world.chance.drawn(), world.now_ms, &world.happened);
    format!("seed {seed} {what}: {now_ms} ms, chance {drawn:016x}, {happened:?}")
}

/// Most schedules are short; one in eight is long.
fn steps_of(seed: u64) -> u32 {
    if seed % 8 == 7 { 70 } else { 28 }
}
