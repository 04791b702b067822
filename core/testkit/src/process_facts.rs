//! What Linux knows of a process: memory and processor time.

use std::time::Duration;

/// The most memory that the process `pid` has held at once, in bytes (`VmHWM`).
pub fn peak_memory(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

/// How long the threads that the process `pid` has now were on a processor, all together.
pub fn processor_time(pid: u32) -> Option<Duration> {
    let mut ns = 0;
    for thread in std::fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten() {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        ns += text.split_whitespace().next().and_then(|first| first.parse::<u64>().ok()).unwrap_or(0);
    }
    Some(Duration::from_nanos(ns))
}

/// Processors and kernel, for the head of a table.
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{cores} processors, Linux {}, {}", kernel.trim(), std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_seen_to_use_memory_and_time() {
        let pid = std::process::id();
        let before = (peak_memory(pid).unwrap(), processor_time(pid).unwrap());
        let held = std::hint::black_box(vec![1_u8; 64 << 20]);
        let sum: u64 = held.iter().map(|b| u64::from(*b)).sum();
        assert_eq!(sum, 64 << 20);
        assert!(peak_memory(pid).unwrap() > before.0.max(60 << 20) && processor_time(pid).unwrap() > before.1);
    }
}
