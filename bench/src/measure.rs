//! Whole processes, measured: wall time, CPU time, peak memory; alternating runs and medians.

use std::process::Command;
use std::time::Instant;

/// What one run of a process took.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// Wall seconds.
    pub wall: f64,
    /// User and system CPU seconds.
    pub cpu: f64,
    /// Peak resident memory in MB (10^6 bytes).
    pub memory: f64,
}

/// Runs a command to its end and measures it.
///
/// # Errors
/// When it cannot be started or does not end well.
pub fn run(command: &mut Command) -> anyhow::Result<Sample> {
    let start = Instant::now();
    let child = command.spawn()?;
    let pid = i32::try_from(child.id())?;
    let mut status = 0;
    // SAFETY: both out parameters are valid for the call, and the child is waited for only here.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        if libc::wait4(pid, &raw mut status, 0, &raw mut usage) != pid {
            anyhow::bail!("the process cannot be waited for");
        }
        usage
    };
    let wall = start.elapsed().as_secs_f64();
    anyhow::ensure!(status == 0, "the process ended with {status}");
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    Ok(Sample {
        wall,
        cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
        // Linux counts in units of 1024 bytes.
        memory: usage.ru_maxrss as f64 * 1024.0 / 1e6,
    })
}

/// The median of each figure.
pub fn median(samples: &[Sample]) -> Sample {
    let middle = |figure: fn(&Sample) -> f64| {
        let mut all: Vec<f64> = samples.iter().map(figure).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
    };
    Sample { wall: middle(|s| s.wall), cpu: middle(|s| s.cpu), memory: middle(|s| s.memory) }
}

/// Prints one row a way, with the ratio of its wall time to the first way's.
pub fn print_table(work: &str, rows: &[(String, Sample)]) {
    let Some((_, first)) = rows.first() else { return };
    println!("\n{work}\n{:<28} {:>9} {:>7} {:>9} {:>10}", "way", "wall s", "ratio", "cpu s", "memory MB");
    for (way, sample) in rows {
        println!(
            "{way:<28} {:>9.3} {:>7.2} {:>9.3} {:>10.1}",
            sample.wall,
            sample.wall / first.wall,
            sample.cpu,
            sample.memory
        );
    }
}
