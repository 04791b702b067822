//! Prints the table of bars: what was measured, its floor of the same run, the bar, and whether it holds.

use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use guidebook_testkit::bench::stage::Stage;
use guidebook_testkit::bench::{
    Failure, Measured, added_column, cuts, durable_edit, edits, first_sync, history, import, nothing_changed, rush, search, stall, table,
    waiters,
};
use guidebook_testkit::process_facts::machine;
use guidebook_testkit::workload::Workload;

/// The figures of a sync, each beside its floor of the same run and its bar.
#[derive(Parser)]
struct Arguments {
    /// Members of the guide who syncs. The bars are for 10,000.
    #[arg(long, default_value_t = 10_000)]
    members: u32,
    /// Decides the workload.
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// Repetitions of which medians are taken.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Only these, separated by commas.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Measure>,
    /// Import 1,000,000 members and 3,000,000 orders instead of a tenth.
    #[arg(long)]
    full: bool,
    /// Play a morning rush of so many phones as well.
    #[arg(long, value_name = "PHONES")]
    rush: Option<u32>,
    /// Let so many phones wait for news as well, at most 18,000.
    #[arg(long, value_name = "PHONES")]
    waiters: Option<u32>,
    /// Servers of the rush; more than one needs a database that they share.
    #[arg(long, default_value_t = 1)]
    servers: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measure {
    FirstSync,
    NothingChanged,
    Load,
    Push,
    Pull,
    Search,
    Edit,
    Cuts,
    History,
    Column,
    Stall,
    Import,
    Rush,
    Waiters,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    println!("{}; {} members, seed {}, medians of {}", machine(), arguments.members, arguments.seed, arguments.runs);
    print!("{}", table::head());
    let mut broken = false;
    let wanted = |measure: &Measure| match measure {
        // Only where its size is given.
        Measure::Rush => arguments.rush.is_some(),
        Measure::Waiters => arguments.waiters.is_some(),
        _ => arguments.only.is_empty() || arguments.only.contains(measure),
    };
    let mut stage = None;
    for measure in Measure::value_variants().iter().filter(|m| wanted(m)) {
        match take(*measure, &arguments, &mut stage) {
            Ok(figures) => print!("{}", table::group(&command(*measure, &arguments), &figures)),
            Err(error) => {
                eprintln!("{}: {error}", command(*measure, &arguments));
                broken = true;
            }
        }
    }
    if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// What measures this alone.
fn command(measure: Measure, arguments: &Arguments) -> String {
    let name = measure.to_possible_value().map_or(String::new(), |value| value.get_name().to_owned());
    let mut words =
        format!("./dev bench sync --only {name} --members {} --seed {} --runs {}", arguments.members, arguments.seed, arguments.runs);
    if measure == Measure::Import && arguments.full {
        words += " --full";
    }
    if let (Measure::Rush, Some(phones)) = (measure, arguments.rush) {
        words += &format!(" --rush {phones} --servers {}", arguments.servers);
    }
    if let (Measure::Waiters, Some(phones)) = (measure, arguments.waiters) {
        words += &format!(" --waiters {phones}");
    }
    words
}

fn take(measure: Measure, arguments: &Arguments, stage: &mut Option<Stage>) -> Measured {
    let Arguments { members, seed, runs, .. } = *arguments;
    match measure {
        Measure::FirstSync => first_sync::measure(on(stage, members, seed)?, runs),
        Measure::NothingChanged => nothing_changed::alone(on(stage, members, seed)?),
        Measure::Load => nothing_changed::many(members, seed, Duration::from_secs(3)),
        Measure::Push => edits::push(on(stage, members, seed)?, runs),
        Measure::Pull => edits::pull(on(stage, members, seed)?, runs),
        Measure::Search => search::measure(seed),
        Measure::Edit => durable_edit::measure(on(stage, members, seed)?),
        Measure::Cuts => cuts::measure(on(stage, members, seed)?),
        Measure::History => history::measure(on(stage, members, seed)?),
        Measure::Column => added_column::measure(members, seed),
        Measure::Stall => stall::measure(members, seed, runs),
        Measure::Import => import::measure(if arguments.full { 1_000_000 } else { 100_000 }, seed),
        Measure::Waiters => arguments.waiters.map_or(Ok(Vec::new()), |phones| waiters::measure(phones, seed)),
        Measure::Rush => arguments.rush.map_or(Ok(Vec::new()), |phones| rush::measure(phones, arguments.servers, seed)),
    }
}

/// The retailer of one guide that most measures share, made at the first need.
fn on(stage: &mut Option<Stage>, members: u32, seed: u64) -> Result<&Stage, Failure> {
    if stage.is_none() {
        *stage = Some(Stage::of(Workload { guides: 1, ..Workload::of(members, seed) }, |_| ())?);
    }
    stage.as_ref().ok_or_else(|| "no stage".into())
}
