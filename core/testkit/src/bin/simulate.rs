//! Plays schedules of the simulation: `simulate --seeds 1000000`. Prints the seeds that fail; exits with 1 if one does.

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use guidebook_testkit::coupon_simulation;
use guidebook_testkit::simulation::many::{cores, play_each, play_many};
use guidebook_testkit::simulation::mix::Mix;
use guidebook_testkit::simulation::trace;

/// Plays schedules of the simulation and prints the seeds that fail.
#[derive(Parser)]
struct Cli {
    /// How many
    #[arg(long, default_value_t = 1_000_000)]
    seeds: u64,
    /// The simulation of coupons
    #[arg(long)]
    coupons: bool,
    /// The first
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Threads; all cores unless told
    #[arg(long)]
    workers: Option<usize>,
    /// How many failures to print in full
    #[arg(long, default_value_t = 20)]
    print: usize,
    /// Tells on stderr what happens, for a single seed
    #[arg(long)]
    trace: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if cli.trace {
        trace::begin();
    } else {
        std::panic::set_hook(Box::new(|_| {}));
    }
    let begun = Instant::now();
    let workers = cli.workers.unwrap_or_else(cores);
    let failed = if cli.coupons {
        play_each(cli.first, cli.seeds, workers, &coupon_simulation::play)
    } else {
        play_many(cli.first, cli.seeds, workers, &Mix::usual())
    };
    for (_, error) in failed.iter().take(cli.print) {
        println!("{error}");
    }
    if failed.len() > cli.print {
        let seeds: Vec<String> = failed[cli.print..].iter().map(|(seed, _)| seed.to_string()).collect();
        println!("and seeds {}", seeds.join(" "));
    }
    for (what, times) in coupon_simulation::happened::all() {
        println!("{times:>10} {what}");
    }
    println!("{} schedules, {} failed, {:.1} s", cli.seeds, failed.len(), begun.elapsed().as_secs_f64());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
