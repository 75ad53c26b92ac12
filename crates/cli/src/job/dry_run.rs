//! A plan that is not carried out: every row, also of what is left out, then the sums.
//!
//! The exit code is the one that the real run would end with as far as the plan can tell: 1 when
//! something that was named cannot be had, 0 when only what never goes (a link in a folder, what
//! exists with `--no-overwrite`) is left out.

use longshore_engine::plan::{ConflictPolicy, Fate, Operation, Plan, PlanRow};
use longshore_engine::size;
use serde_json::{Value, json};

use super::WINDOW;
use super::lines::{action_word, count, line_of};
use super::summary::Tally;
use crate::failure::{ALL_DONE, Result, SOME_FAILED};
use crate::output::{put, shown};
use crate::run::Run;

/// What the rows of a plan add up to.
#[derive(Default)]
struct Sums {
    items: u64,
    bytes: u64,
    skipped: u64,
    failed: u64,
}

impl Sums {
    /// Counts a row; how it ends where it is not carried out.
    fn add(&mut self, row: &PlanRow, policy: ConflictPolicy) -> Option<&'static str> {
        let exists = row.conflict && policy == ConflictPolicy::Skip;
        match row.fate {
            Fate::Refused => {
                self.failed += 1;
                Some("failed")
            }
            Fate::Goes if !exists => {
                self.items += 1;
                self.bytes += row.bytes;
                None
            }
            Fate::Goes | Fate::LeftOut => {
                self.skipped += 1;
                Some("skipped")
            }
        }
    }
}

/// Prints the plan; the exit code.
pub(super) async fn show(run: &Run<'_>, plan: &Plan, tally: &Tally) -> Result<u8> {
    let action = action_word(plan.operation);
    let (mut sums, mut start) = (Sums::default(), 0);
    loop {
        let rows = run.engine.transfers().plan_rows(&plan.id, start, WINDOW);
        let rows = rows.await?;
        for row in &rows {
            let state = sums.add(row, plan.policy);
            run.output
                .result(&row_line(action, row, state), || text(action, row, state));
        }
        start += WINDOW;
        if (rows.len() as u64) < WINDOW {
            break;
        }
    }
    sum_up(run, plan, &sums, tally);
    let not_found = plan.operation == Operation::Delete && sums.skipped > 0;
    Ok(if sums.failed > 0 || not_found {
        SOME_FAILED
    } else {
        ALL_DONE
    })
}

fn sum_up(run: &Run<'_>, plan: &Plan, sums: &Sums, tally: &Tally) {
    let mut line = json!({
        "type": "summary",
        "dryRun": true,
        "items": sums.items,
        "done": 0,
        "skipped": sums.skipped,
        "failed": sums.failed,
        "bytes": sums.bytes,
        "bytesSent": 0,
        "bytesReused": 0,
        "requests": plan.requests,
        "seconds": tally.seconds(),
    });
    put(
        &mut line,
        "warnings",
        Some(plan.warnings.clone()).filter(|warnings| !warnings.is_empty()),
    );
    run.output.result(&line, || {
        let action = action_word(plan.operation);
        let mut text = format!("(dry run) {} to {action}", count(sums.items));
        for (count, word) in [
            (sums.skipped, "left out"),
            (sums.failed, "that cannot be had"),
        ] {
            if count > 0 {
                text.push_str(&format!(", {count} {word}"));
            }
        }
        let (size, requests) = (size::in_words(sums.bytes), plan.requests);
        let s = if requests == 1 { "" } else { "s" };
        format!("{text}, {size}, about {requests} request{s}")
    });
}

fn row_line(action: &str, row: &PlanRow, state: Option<&str>) -> Value {
    let mut line = json!({"type": "plan", "action": action, "source": row.source, "why": row.why});
    put(
        &mut line,
        "destination",
        Some(row.destination.as_str()).filter(|d| !d.is_empty()),
    );
    put(&mut line, "state", state);
    line
}

fn text(action: &str, row: &PlanRow, state: Option<&str>) -> String {
    let (ends, why) = (line_of(&row.source, &row.destination), shown(&row.why));
    match state {
        None => format!("(dry run) {action} {ends} ({why})"),
        // A reason that names the item says all.
        Some(state) if row.why.contains(&row.source) => format!("(dry run) {state}: {why}"),
        Some(state) => format!("(dry run) {state} {action} {ends}: {why}"),
    }
}
