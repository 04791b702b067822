//! Plays a day at the counter and checks each step. `--keep` leaves the server running and tells how to enrol a phone;
//! `-- COMMAND` runs a command beside it, and the server ends with that.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use clap::Parser;
use guidebook_testkit::lane::Lane;
use guidebook_testkit::{day, export};
use serde_json::json;

/// A day at the counter: server, three phones and headquarters as real processes.
#[derive(Parser)]
struct Arguments {
    /// Leave the server running and print how to enrol a phone and where the data lies.
    #[arg(long)]
    keep: bool,
    /// Where to keep the data. Without it a temporary folder is used, which goes unless `--keep` is given.
    #[arg(long)]
    directory: Option<PathBuf>,
    /// A program and its words, run when the day is over, with the server's address and HQ's key in `GUIDEBOOK_CONTRACT`.
    #[arg(last = true, conflicts_with = "keep")]
    beside: Vec<String>,
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
    if let [program, words @ ..] = arguments.beside.as_slice() {
        let contract =
            json!({"server": evening.server.address(), "hq_key": evening.hq_key, "guide": day::LI, "till": Lane::program().ok()})
                .to_string();
        return match Command::new(program).args(words).env("GUIDEBOOK_CONTRACT", contract).status() {
            Ok(status) if status.success() => ExitCode::SUCCESS,
            Ok(status) => {
                eprintln!("{program} ended with {status}");
                ExitCode::FAILURE
            }
            Err(error) => {
                eprintln!("{program} can't be run: {error}");
                ExitCode::FAILURE
            }
        };
    }
    if arguments.keep {
        let kept = temporary.keep();
        println!("The server goes on at {} as process {}.", evening.server.address(), evening.server.leave_running());
        println!("  enrol a phone:   code {} within 10 minutes, at the address above", evening.code);
        println!("  HQ's key:        {}", evening.hq_key);
        if let Ok(program) = Lane::program() {
            let directory = evening.lane.directory().display();
            println!("  redeem a coupon: {} --dir {directory} online CODE --spend 30000 --order A100", program.display());
        }
        println!("  data lies in:    {}", if directory.starts_with(&kept) { kept.display() } else { directory.display() });
    }
    ExitCode::SUCCESS
}
