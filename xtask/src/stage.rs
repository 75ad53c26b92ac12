//! Stages that run one after another whatever the one before did, and the table at the end.

use std::time::{Duration, Instant};

use anyhow::{Error, Result};

use crate::count::Count;

/// What a stage found, and how long it took.
struct Done {
    name: String,
    count: Count,
    error: Option<Error>,
    took: Duration,
}

/// The stages that have run.
#[derive(Default)]
pub(crate) struct Stages {
    done: Vec<Done>,
}

impl Stages {
    /// Runs a stage that holds or does not.
    pub(crate) fn check(&mut self, name: &str, stage: impl FnOnce() -> Result<()>) {
        self.counted(name, || stage().map(|()| (true, Count::default())));
    }

    /// Runs a stage that counts tests and says whether its program succeeded.
    pub(crate) fn counted(&mut self, name: &str, stage: impl FnOnce() -> Result<(bool, Count)>) {
        println!("\n=== {name}");
        let began = Instant::now();
        let outcome = stage();
        let took = began.elapsed();
        let (count, error) = match outcome {
            Ok((true, count)) => (count, None),
            Ok((false, count)) => (at_least_one_failed(count), Some(Error::msg("tests failed"))),
            Err(error) => (at_least_one_failed(Count::default()), Some(error)),
        };
        if let Some(error) = &error {
            println!("--- {name} failed: {error:#}");
        }
        self.done.push(Done {
            name: name.to_owned(),
            count,
            error,
            took,
        });
    }

    /// Whether a stage has failed, so that what stands on it need not begin.
    pub(crate) fn has_failed(&self) -> bool {
        self.done.iter().any(|done| done.error.is_some())
    }

    /// Prints the table, the tests that passed on a second try only and, as the last line, the sums. Gives whether everything passed.
    pub(crate) fn finish(self) -> bool {
        let width = self
            .done
            .iter()
            .map(|done| done.name.chars().count())
            .max()
            .unwrap_or(0);
        println!();
        let has_failed = self.has_failed();
        let mut total = Count::default();
        let mut took = Duration::ZERO;
        for done in &self.done {
            total += done.count.clone();
            took += done.took;
            println!("{}", row(done, width));
        }
        println!("{:width$}         {}", "", clock(took));
        for name in &total.shaky {
            println!("on the second try only: {name}");
        }
        println!("{} passed, {} failed", total.passed, total.failed);
        total.failed == 0 && !has_failed
    }
}

fn row(done: &Done, width: usize) -> String {
    let result = if done.error.is_some() { "FAILED" } else { "ok" };
    let Count {
        passed,
        failed,
        shaky,
    } = &done.count;
    let counts = match (passed, failed, shaky.len()) {
        (0, 0, _) => String::new(),
        (passed, 0, 0) => format!("{passed} passed"),
        (passed, 0, shaky) => format!("{passed} passed, {shaky} of them on the second try"),
        (passed, failed, _) => format!("{passed} passed, {failed} failed"),
    };
    let line = format!(
        "{:width$}  {result:6} {}  {counts}",
        done.name,
        clock(done.took)
    );
    line.trim_end().to_owned()
}

/// A stage whose program failed without naming a test still failed.
fn at_least_one_failed(count: Count) -> Count {
    Count {
        failed: count.failed.max(1),
        ..count
    }
}

fn clock(took: Duration) -> String {
    let seconds = took.as_secs();
    format!("{:3}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn a_failing_stage_does_not_stop_the_next_and_is_counted() {
        let mut stages = Stages::default();
        stages.check("breaks", || bail!("broken"));
        stages.counted("counts", || {
            Ok((
                true,
                Count {
                    passed: 3,
                    ..Count::default()
                },
            ))
        });
        stages.counted("dies", || {
            Ok((
                false,
                Count {
                    passed: 2,
                    ..Count::default()
                },
            ))
        });
        assert_eq!(stages.done.len(), 3, "all have run");
        let failed: usize = stages.done.iter().map(|done| done.count.failed).sum();
        assert_eq!(
            failed, 2,
            "a stage that failed counts as a failure even without a test"
        );
        assert!(stages.has_failed(), "what stands on them can be left out");
        assert!(!stages.finish(), "and the whole failed");
    }

    #[test]
    fn the_whole_passes_only_when_every_stage_passed() {
        let mut stages = Stages::default();
        stages.check("holds", || Ok(()));
        assert!(stages.finish());
    }
}
