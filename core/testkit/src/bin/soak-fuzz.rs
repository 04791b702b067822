//! Throws mutated inputs at every decoder, in one process, and says how many panicked and how much memory it took.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use guidebook_testkit::fuzzing::mutate::mutated;
use guidebook_testkit::fuzzing::{TARGETS, Target, corpus};
use guidebook_testkit::process_facts::peak_memory;
use guidebook_testkit::simulation::chance::Chance;

/// Panics that are printed; more are only counted.
const MOST_PRINTED: u64 = 20;
/// An input made of others' mutations is kept to be mutated again; so many at most.
const POOL: usize = 2_000;

/// Mutated inputs for every decoder.
#[derive(Parser)]
struct Arguments {
    /// Inputs in all, shared out evenly.
    #[arg(default_value_t = 10_000_000)]
    inputs: u64,
    /// Decides the inputs.
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// Only this decoder.
    #[arg(long)]
    target: Option<String>,
}

fn main() -> ExitCode {
    let Arguments { inputs, seed, target } = Arguments::parse();
    let targets: Vec<&Target> = TARGETS.iter().filter(|one| target.as_deref().is_none_or(|name| name == one.name)).collect();
    // What a panic says goes into the report below, once, not on standard error a million times.
    std::panic::set_hook(Box::new(|_| ()));
    let share = inputs / targets.len().max(1) as u64;
    let mut panics = 0;
    for target in targets {
        let began = Instant::now();
        let found = throw(target, share, seed);
        panics += found;
        println!("{:<16} {share:>10} inputs  {found} panics  {:>7.0} a second", target.name, share as f64 / began.elapsed().as_secs_f64());
    }
    let memory = peak_memory(std::process::id()).unwrap_or(0);
    println!("{panics} panics, peak memory {:.1} MB, seed {seed}", memory as f64 / 1e6);
    if panics == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Throws `count` inputs; the number of panics.
fn throw(target: &Target, count: u64, seed: u64) -> u64 {
    let mut chance = Chance::new(seed);
    let kept = corpus::inputs(target).expect("the corpus lies in the repository");
    let mut pool = kept.clone();
    let mut panics = 0;
    for _ in 0..count {
        let parent = if chance.percent(50) { chance.pick(&kept) } else { chance.pick(&pool) };
        let input = mutated(parent, &mut chance);
        if catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).is_err() {
            panics += 1;
            if panics <= MOST_PRINTED {
                println!("{}: panic on {}", target.name, input.escape_ascii());
            }
        }
        if chance.percent(1) {
            let at = if pool.len() < POOL { pool.len() } else { chance.below(POOL) };
            if at == pool.len() { pool.push(input) } else { pool[at] = input }
        }
    }
    panics
}
