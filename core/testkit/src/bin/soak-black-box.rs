//! Real processes under real faults: `soak-black-box --minutes 30`. See `black_box`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use guidebook_testkit::black_box::{Run, play};

/// Plays real phones and a real server under cuts, kills, stops and a full disk, and compares everything in the end.
#[derive(Parser)]
struct Cli {
    /// How long
    #[arg(long, default_value_t = 30)]
    minutes: u64,
    /// What chance is drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A disk of a few megabytes that may be filled up; none is filled unless it is given
    #[arg(long, env = "GUIDEBOOK_SMALL_DISK")]
    small_disk: Option<PathBuf>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let folder = tempfile::tempdir().expect("a folder for the run");
    let lasts = Duration::from_secs(cli.minutes * 60);
    let run = Run { folder: folder.path().to_owned(), small_disk: cli.small_disk, lasts, seed: cli.seed };
    match play(&run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("soak-black-box: {error}");
            // What is left of the run says more than its error.
            println!("kept: {}", folder.keep().display());
            ExitCode::FAILURE
        }
    }
}
