//! Figures of the operating system about this process.

use nix::sys::{
    resource::{UsageWho, getrusage},
    time::{TimeVal, TimeValLike as _},
};

/// Accounts of this process so far.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Microseconds in the program itself.
    pub user_us: f64,
    /// Microseconds in the kernel on its behalf.
    pub system_us: f64,
    /// Number of context switches.
    pub context_switches: u64,
}

impl Usage {
    /// Until now.
    ///
    /// # Panics
    /// If the system has no such figures.
    pub fn now() -> Self {
        let usage = getrusage(UsageWho::RUSAGE_SELF).expect("every process may ask for its own accounts");
        let us = |time: TimeVal| time.num_microseconds() as f64;
        Self {
            user_us: us(usage.user_time()),
            system_us: us(usage.system_time()),
            context_switches: (usage.voluntary_context_switches() + usage.involuntary_context_switches())
                as u64,
        }
    }

    /// Microseconds in all.
    pub fn cpu_us(&self) -> f64 {
        self.user_us + self.system_us
    }
}

/// The largest resident size of this program so far, in KiB. `getrusage` is not suitable: its figure survives `exec`,
/// so it may belong to the program that started this one.
pub fn peak_rss_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0)
}
