//! What Linux knows of a process: memory and processor time.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::Duration;

/// The most memory that the process `pid` has held at once, in bytes (`VmHWM`).
pub fn peak_memory(pid: u32) -> Option<u64> {
    status(pid, "VmHWM:")
}

/// The memory that the process `pid` holds now, in bytes (`VmRSS`).
pub fn memory(pid: u32) -> Option<u64> {
    status(pid, "VmRSS:")
}

fn status(pid: u32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

/// How long each thread of a process was on a processor, by a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessorTime(BTreeMap<OsString, u64>);

impl ProcessorTime {
    /// Of the process `pid`, now. Empty where Linux does not tell.
    pub fn of(pid: u32) -> ProcessorTime {
        let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
        let ns = |thread: &std::fs::DirEntry| -> Option<u64> {
            let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse().ok()
        };
        ProcessorTime(threads.filter_map(|thread| Some((thread.file_name(), ns(&thread)?))).collect())
    }

    /// Of the calling thread alone, now.
    pub fn of_this_thread() -> ProcessorTime {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        let ns = text.split_whitespace().next().and_then(|ns| ns.parse().ok());
        ProcessorTime(ns.into_iter().map(|ns| (OsString::new(), ns)).collect())
    }

    /// What has been used since an earlier moment. A thread that has ended in between counts for nothing.
    pub fn since(&self, before: &ProcessorTime) -> Duration {
        let used = self.0.iter().map(|(thread, ns)| ns.saturating_sub(before.0.get(thread).copied().unwrap_or(0)));
        Duration::from_nanos(used.sum())
    }
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
        let before = ProcessorTime::of(pid);
        let held = std::hint::black_box(vec![1_u8; 64 << 20]);
        let sum: u64 = held.iter().map(|b| u64::from(*b)).sum();
        assert_eq!(sum, 64 << 20);
        assert!(memory(pid).unwrap() > 60 << 20);
        drop(held);
        assert!(peak_memory(pid).unwrap() > 60 << 20);
        assert!(memory(pid) < peak_memory(pid));
        assert!(ProcessorTime::of(pid).since(&before) > Duration::ZERO);
    }

    #[test]
    fn a_thread_that_has_ended_takes_nothing_away() {
        let times = |list: &[(&str, u64)]| ProcessorTime(list.iter().map(|(name, ns)| ((*name).into(), *ns)).collect());
        let used = times(&[("1", 7), ("3", 4)]).since(&times(&[("1", 5), ("2", 100)]));
        assert_eq!(used, Duration::from_nanos(6));
    }
}
