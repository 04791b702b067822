//! Plays a day at the counter and checks each step. `--keep` leaves the server running and tells how to enrol a phone.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use guidebook_testkit::{day, export};

/// A day at the counter: server, three phones and headquarters as real processes.
#[derive(Parser)]
struct Arguments {
    /// Leave the server running and print how to enrol a phone and where the data lies.
    #[arg(long)]
    keep: bool,
    /// Where to keep the data. Without it a temporary folder is used, which goes unless `--keep` is given.
    #[arg(long)]
    directory: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let temporary = tempfile::Builder::new().prefix("guidebook-demo-").tempdir().expect("a temporary folder");
    let directory = arguments.directory.unwrap_or_else(|| temporary.path().to_owned());
    let yesterday = export::yesterday();
    let evening = match day::play(&directory, yesterday) {
        Ok(evening) => evening,
        Err(error) => {
            eprintln!("\nThe day ended early: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("\nThe day is over; every check held.");
    if arguments.keep {
        let kept = temporary.keep();
        println!("The server goes on at {} as process {}.", evening.server.address(), evening.server.leave_running());
        println!("  enrol a phone:   code {} within 10 minutes, at the address above", evening.code);
        println!("  HQ's key:        {}", evening.hq_key);
        println!("  data lies in:    {}", if directory.starts_with(&kept) { kept.display() } else { directory.display() });
    }
    ExitCode::SUCCESS
}
