//! Writes a copy of the department store's export whose last day is yesterday.

use std::path::PathBuf;

use clap::Parser;
use guidebook_testkit::export;

/// A copy of the department store's export whose last day is yesterday.
#[derive(Parser)]
struct Arguments {
    /// The folder to write to.
    directory: PathBuf,
}

fn main() -> std::io::Result<()> {
    let directory = Arguments::parse().directory;
    let yesterday = export::yesterday();
    export::shifted(&export::in_repository(), &directory, yesterday)?;
    println!("{} files in {}, last day {yesterday}", export::FILES.len(), directory.display());
    Ok(())
}
