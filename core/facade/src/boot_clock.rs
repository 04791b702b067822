//! The clock since the phone's start. Nobody can set it, and it goes on while the phone sleeps; at a start it begins again.

/// Milliseconds since the phone's start.
#[cfg(unix)]
pub(crate) fn since_boot_ms() -> u64 {
    use rustix::time::{ClockId, clock_gettime};
    // Apple's monotonic clock goes on during sleep, that of Linux does not.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const CLOCK: ClockId = ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const CLOCK: ClockId = ClockId::Monotonic;
    let now = clock_gettime(CLOCK);
    now.tv_sec as u64 * 1_000 + now.tv_nsec as u64 / 1_000_000
}

/// Milliseconds since this process first asked: less than has passed since the start, so that no time is counted twice.
#[cfg(not(unix))]
pub(crate) fn since_boot_ms() -> u64 {
    static BEGAN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    BEGAN.get_or_init(std::time::Instant::now).elapsed().as_millis() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_more_than_nothing_and_never_goes_back() {
        let first = since_boot_ms();
        assert!(cfg!(not(unix)) || first > 0);
        assert!(since_boot_ms() >= first);
    }
}
