//! A second try for tests that talk to servers and windows.
//!
//! A loaded machine can make a server late or a window slow in ways that no test should have to
//! bear. A test that failed runs once more, alone; if it passes then, it has passed, and the table
//! says how many needed that, and which. What fails twice, more than a few failures, and a program that ended
//! without naming a test are failures.

use anyhow::{Result, bail};

use crate::count::{self, Count};
use crate::tool::Tool;

/// More failures than this are no accident.
const MOST_ACCIDENTS: usize = 4;

/// Runs what `tests` makes with `options` for the test programs, and failed tests once more.
pub(crate) fn cargo(options: &[&str], tests: impl Fn() -> Tool) -> Result<(bool, Count)> {
    let first = tests().args(["--"]).args(options);
    let (succeeded, output) = first.run_and_read()?;
    let count = count::cargo(&output);
    if succeeded {
        if !output.contains("test result:") {
            bail!("cargo ran no test");
        }
        return Ok((true, count));
    }
    let failed = count::failed_in_cargo(&output);
    if failed.is_empty() || failed.len() > MOST_ACCIDENTS || failed.len() != count.failed {
        return Ok((false, count));
    }
    println!("--- {} failed and run once more, alone", failed.len());
    let second = tests().args(["--", "--exact", "--test-threads=1"]);
    let (succeeded, output) = second.args(&failed).run_and_read()?;
    let again = count::cargo(&output);
    if !succeeded || again.failed > 0 || again.passed < failed.len() {
        return Ok((false, count));
    }
    Ok((
        true,
        Count {
            passed: count.passed + failed.len(),
            failed: 0,
            shaky: failed,
        },
    ))
}
