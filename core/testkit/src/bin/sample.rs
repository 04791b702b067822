//! Writes an export: the department store's, whose last day is yesterday, or a made-up retailer of any size.

use std::path::PathBuf;

use clap::Parser;
use guidebook_testkit::export;
use guidebook_testkit::workload::Workload;

/// A copy of the department store's export whose last day is yesterday; with `--members` a made-up retailer instead.
#[derive(Parser)]
struct Arguments {
    /// So many members, made from the seed; about 690 bytes of JSON each on the wire.
    #[arg(long)]
    members: Option<u32>,
    /// Decides names, numbers, tags and purchases.
    #[arg(long, default_value_t = 42, requires = "members")]
    seed: u64,
    /// So many orders; one a member if not given.
    #[arg(long, requires = "members")]
    orders: Option<u32>,
    /// So many guides; if not given, one up to 20,000 members, then one for every 500.
    #[arg(long, requires = "members", value_parser = clap::value_parser!(u32).range(1..))]
    guides: Option<u32>,
    /// The folder to write to.
    directory: PathBuf,
}

fn main() -> std::io::Result<()> {
    let Arguments { members, seed, orders, guides, directory } = Arguments::parse();
    let Some(members) = members else {
        let yesterday = export::yesterday();
        export::shifted(&export::in_repository(), &directory, yesterday)?;
        println!("{} files in {}, last day {yesterday}", export::FILES.len(), directory.display());
        return Ok(());
    };
    let usual = Workload::of(members, seed);
    let workload = Workload { orders: orders.unwrap_or(usual.orders), guides: guides.unwrap_or(usual.guides), ..usual };
    workload.write(&directory)?;
    println!("{members} members of {} guides and {} orders in {}", workload.guides, workload.orders, directory.display());
    Ok(())
}
