//! HQ's files: rows a second and memory of `guidebook-server import`.

use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use super::figure::{Bar, Figure, Unit};
use super::{Failure, Measured};
use crate::phone::beside_this_program;
use crate::process_facts::peak_memory;
use crate::server_process::ServerProcess;
use crate::workload::Workload;

/// How often the memory of the import is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Imports so many members and three times as many orders.
pub fn measure(members: u32, seed: u64) -> Measured {
    let folder = tempfile::tempdir()?;
    let (files, data) = (folder.path().join("files"), folder.path().join("server"));
    let workload = Workload { orders: members * 3, ..Workload::of(members, seed) };
    workload.write(&files)?;
    ServerProcess::init(&data)?;
    let mut process = Process::new(beside_this_program("guidebook-server")?);
    process.arg("--data-dir").arg(&data).arg("import").arg(&files).args(["--tenant", "rainbow"]).stdout(Stdio::null());
    let began = Instant::now();
    let mut child = process.spawn()?;
    let mut peak = 0;
    let status = loop {
        peak = peak.max(peak_memory(child.id()).unwrap_or(0));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(LOOK);
    };
    let took = began.elapsed();
    if !status.success() {
        return Err(Failure::from("the import failed"));
    }
    let rows = f64::from(workload.members) + f64::from(workload.orders);
    let what = format!("import of {} members, {} orders", workload.members, workload.orders);
    Ok(vec![
        Figure::new(format!("{what}: rows a second"), rows / took.as_secs_f64(), Unit::PerSecond).bar(Bar::AtLeast(30_000.0)),
        Figure::bytes("  peak memory", peak).bar(Bar::AtMost(200.0e6)),
    ])
}
