//! A change carried out: planned, started or taken up again, shown while it runs, summed up.
//!
//! The same command run again finds the unfinished job of the same request and continues it from
//! the parts that the server holds. Ctrl-C (and SIGTERM) pauses; a second one ends at once. Every
//! finished item is one result, the summary is the last.

use std::time::{Duration, Instant};

use longshore_engine::ErrorKind;
use longshore_engine::model::JobId;
use longshore_engine::plan::{
    DesiredState, ItemView, JobState, JobView, Operation, Plan, PlanRow, Verified,
};
use longshore_engine::transfer::ChangeRequest;
use serde_json::{Value, json};

use crate::failure::{ALL_DONE, DENIED, NEEDS_SIGN_IN, Result, SOME_FAILED};
use crate::output::{put, shown};
use crate::run::Run;
use crate::size;

/// A progress line that moves more often is not read faster.
const REDRAW: Duration = Duration::from_millis(200);
/// Items that are read from the journal at once.
const WINDOW: u64 = 500;

/// Plans and carries out a change, or says what it would do; the exit code.
pub(crate) async fn carry_out(run: &Run<'_>, request: ChangeRequest, dry_run: bool) -> Result<u8> {
    let queue = run.engine.transfers();
    if !dry_run && let Some(job) = queue.unfinished_like(&request).await? {
        run.output
            .note("An earlier run of this command is not finished; it continues");
        queue.want(&job, DesiredState::Run).await?;
        return Ok(exit_of(&follow(run, &job).await?));
    }
    let denied = look_ahead(run, &request).await?;
    let plan = queue.plan(request).await?;
    for warning in &plan.warnings {
        run.output.note(warning);
    }
    if dry_run {
        show(run, &plan);
        queue.drop_plan(&plan.id).await;
        return Ok(ALL_DONE);
    }
    let job = queue.start(&plan.id, None).await?;
    let job = follow(run, &job).await?;
    let refused = denied && job.state == JobState::Failed && job.items_done == 0;
    Ok(if refused { DENIED } else { exit_of(&job) })
}

/// Asks for the bucket before anything is planned, so that a wrong secret or a bucket that is not
/// there leaves no job behind. Whether the session may not even look at the bucket: that alone is
/// no reason to stop, since it may still be allowed to write.
async fn look_ahead(run: &Run<'_>, request: &ChangeRequest) -> Result<bool> {
    let (ChangeRequest::Upload {
        session, bucket, ..
    }
    | ChangeRequest::Download {
        session, bucket, ..
    }
    | ChangeRequest::Delete {
        session, bucket, ..
    }
    | ChangeRequest::Move {
        session, bucket, ..
    }) = request;
    let store = run.engine.store(session).await?;
    match longshore_engine::bucket::open_by_name(&store, bucket).await {
        Ok(_) => Ok(false),
        Err(error) if error.kind() == ErrorKind::AccessDenied => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Prints a plan that is not carried out.
fn show(run: &Run<'_>, plan: &Plan) {
    let action = action_word(plan.operation);
    for row in &plan.sample {
        run.output.result(&plan_line(action, row), || {
            let what = if row.destination.is_empty() {
                shown(&row.source)
            } else {
                format!("{} → {}", shown(&row.source), shown(&row.destination))
            };
            format!("(dry run) {action} {what} ({})", shown(&row.why))
        });
    }
    let line = json!({
        "type": "summary",
        "dryRun": true,
        "items": plan.items,
        "done": 0,
        "skipped": 0,
        "failed": 0,
        "bytes": plan.bytes,
        "bytesSent": 0,
        "bytesReused": 0,
        "requests": plan.requests,
        "seconds": 0.0,
    });
    run.output.result(&line, || {
        let more = plan.items.saturating_sub(plan.sample.len() as u64);
        let more = if more > 0 {
            format!(", {more} of them not shown")
        } else {
            String::new()
        };
        format!(
            "(dry run) {} to {action}{more}, {}, about {} requests",
            items(plan.items),
            size::shown(plan.bytes),
            plan.requests
        )
    });
}

fn plan_line(action: &str, row: &PlanRow) -> Value {
    let mut line = json!({"type": "plan", "action": action, "source": row.source, "why": row.why});
    put(
        &mut line,
        "destination",
        Some(row.destination.as_str()).filter(|d| !d.is_empty()),
    );
    line
}

/// Shows a job until it settles.
pub(crate) async fn follow(run: &Run<'_>, id: &JobId) -> Result<JobView> {
    let begun = Instant::now();
    let job = watch(run, id).await?;
    run.output.clear();
    let mut start = 0;
    loop {
        let window = run.engine.transfers().items(id, start, WINDOW).await?;
        let read = window.len() as u64;
        for item in &window {
            print(run, job.operation, item);
        }
        start += read;
        if read < WINDOW {
            break;
        }
    }
    sum_up(run, &job, begun.elapsed());
    Ok(job)
}

/// Waits until a job settles, drawing its progress; Ctrl-C pauses it.
async fn watch(run: &Run<'_>, id: &JobId) -> Result<JobView> {
    let queue = run.engine.transfers();
    let mut settled = Box::pin(queue.settled(id));
    let mut redraw = tokio::time::interval(REDRAW);
    let mut asked_to_end = Interrupts::listen();
    let mut interrupted = false;
    let mut waits = false;
    loop {
        tokio::select! {
            job = &mut settled => return Ok(job?),
            () = asked_to_end.next() => {
                if interrupted {
                    run.output.clear();
                    std::process::exit(i32::from(SOME_FAILED));
                }
                interrupted = true;
                run.output.note("Pausing; press Ctrl-C again to end at once");
                queue.want(id, DesiredState::Pause).await?;
            }
            _ = redraw.tick() => {
                let job = queue.job(id).await?;
                let waiting = job.state == JobState::WaitingForNetwork;
                if waiting && !waits {
                    let why = job.reason.as_deref().unwrap_or("it is not there");
                    run.output.note(&format!("Waiting for the network: {why}"));
                }
                waits = waiting;
                run.output.progress(&progress_line(&job));
            }
        }
    }
}

fn progress_line(job: &JobView) -> String {
    let percent = (job.bytes_done * 100).checked_div(job.bytes).unwrap_or(0);
    let mut line = format!(
        "{} {}  {percent} %  {} of {}",
        state_word(job.state),
        job.title,
        size::shown(job.bytes_done),
        size::shown(job.bytes)
    );
    if job.items > 1 {
        line.push_str(&format!("  {} of {} items", job.items_done, job.items));
    }
    if job.speed > 0 {
        line.push_str(&format!("  {}/s", size::shown(job.speed)));
    }
    if let Some(seconds) = job.eta {
        line.push_str(&format!("  {seconds} s left"));
    }
    line
}

fn print(run: &Run<'_>, operation: Operation, item: &ItemView) {
    let Some(state) = finished(item) else { return };
    run.output.result(&item_line(operation, item, state), || {
        let action = action_word(operation);
        let what = if item.destination.is_empty() {
            shown(&item.source)
        } else {
            format!("{} → {}", shown(&item.source), shown(&item.destination))
        };
        let why = item
            .reason
            .as_deref()
            .map(|why| format!(": {}", shown(why)))
            .unwrap_or_default();
        match state {
            "done" => format!("{action} {what}"),
            _ => format!("{state} {action} {what}{why}"),
        }
    });
}

/// How an item ended; none while it has not.
fn finished(item: &ItemView) -> Option<&'static str> {
    match item.state {
        _ if item.skipped => Some("skipped"),
        JobState::Done => Some("done"),
        JobState::Failed => Some("failed"),
        JobState::Cancelled => Some("cancelled"),
        _ => None,
    }
}

fn item_line(operation: Operation, item: &ItemView, state: &str) -> Value {
    let mut line = json!({
        "type": "item",
        "action": action_word(operation),
        "source": item.source,
        "state": state,
    });
    put(
        &mut line,
        "destination",
        Some(item.destination.as_str()).filter(|d| !d.is_empty()),
    );
    let verified = match item.verified {
        Verified::No => None,
        Verified::Checksum => Some("checksum"),
        Verified::ETag => Some("etag"),
        Verified::LengthOnly => Some("lengthOnly"),
    };
    let carries_bytes = !matches!(operation, Operation::Delete);
    put(
        &mut line,
        "verified",
        carries_bytes.then_some(verified.unwrap_or("no")),
    );
    put(&mut line, "reason", item.reason.as_deref());
    line
}

fn sum_up(run: &Run<'_>, job: &JobView, took: Duration) {
    let sent = job.bytes_done.saturating_sub(job.bytes_reused);
    let mut line = json!({
        "type": "summary",
        "done": job.items_done,
        "skipped": job.items_skipped,
        "failed": job.items_failed,
        "bytes": job.bytes,
        "bytesSent": sent,
        "bytesReused": job.bytes_reused,
        "seconds": (took.as_secs_f64() * 1000.0).round() / 1000.0,
    });
    if !job.state.is_over() {
        line["state"] = json!(state_word(job.state));
    }
    run.output.result(&line, || {
        let mut text = format!("{} done, {}", items(job.items_done), size::shown(sent));
        for (count, word) in [(job.items_skipped, "skipped"), (job.items_failed, "failed")] {
            if count > 0 {
                text.push_str(&format!(", {count} {word}"));
            }
        }
        if job.bytes_reused > 0 {
            text.push_str(&format!(
                ", {} not sent again",
                size::shown(job.bytes_reused)
            ));
        }
        text
    });
    let advice = match job.state {
        JobState::Paused => {
            "Paused. Run the same command again, or `longshore transfers resume`, to continue"
        }
        JobState::WaitingForSignIn => {
            "The session must be signed in again; what was transferred is kept"
        }
        _ => return,
    };
    let why = job
        .reason
        .as_deref()
        .map(|why| format!(" ({why})"))
        .unwrap_or_default();
    run.output.note(&format!("{advice}{why}"));
}

/// The exit code that a settled job stands for.
pub(crate) fn exit_of(job: &JobView) -> u8 {
    match job.state {
        JobState::Done if job.items_failed == 0 => ALL_DONE,
        JobState::WaitingForSignIn => NEEDS_SIGN_IN,
        _ => SOME_FAILED,
    }
}

/// Ctrl-C and, where there is one, the polite signal to end. It listens from the start on, so that
/// a signal that comes while something else is awaited is not lost.
struct Interrupts {
    #[cfg(unix)]
    signals: [Option<tokio::signal::unix::Signal>; 2],
    #[cfg(windows)]
    signal: Option<tokio::signal::windows::CtrlC>,
}

impl Interrupts {
    #[cfg(unix)]
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        Self {
            signals: kinds.map(|kind| signal(kind).ok()),
        }
    }

    #[cfg(windows)]
    fn listen() -> Self {
        Self {
            signal: tokio::signal::windows::ctrl_c().ok(),
        }
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        let [interrupt, terminate] = &mut self.signals;
        tokio::select! {
            Some(()) = received(interrupt) => {}
            Some(()) = received(terminate) => {}
            else => std::future::pending().await,
        }
    }

    #[cfg(windows)]
    async fn next(&mut self) {
        match &mut self.signal {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        }
    }
}

#[cfg(unix)]
async fn received(signal: &mut Option<tokio::signal::unix::Signal>) -> Option<()> {
    signal.as_mut()?.recv().await
}

fn items(count: u64) -> String {
    if count == 1 {
        "1 item".to_owned()
    } else {
        format!("{count} items")
    }
}

/// An operation in one word.
pub(crate) fn action_word(operation: Operation) -> &'static str {
    match operation {
        Operation::Upload => "upload",
        Operation::Download => "download",
        Operation::Delete => "delete",
        Operation::Move => "move",
    }
}

/// A state in one word.
pub(crate) fn state_word(state: JobState) -> &'static str {
    match state {
        JobState::Queued => "queued",
        JobState::Running => "running",
        JobState::Paused => "paused",
        JobState::WaitingForSignIn => "waitingForSignIn",
        JobState::WaitingForNetwork => "waitingForNetwork",
        JobState::Verifying => "verifying",
        JobState::Done => "done",
        JobState::Failed => "failed",
        JobState::Cancelled => "cancelled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(state: JobState, skipped: bool) -> ItemView {
        ItemView {
            number: 0,
            source: "/a".to_owned(),
            destination: "s3://b/a".to_owned(),
            state,
            skipped,
            bytes: 1,
            bytes_done: 1,
            bytes_reused: 0,
            verified: Verified::Checksum,
            reason: None,
            upload_id: None,
        }
    }

    #[test]
    fn a_finished_item_is_one_line_with_only_what_is_known() {
        let done = item(JobState::Done, false);
        assert_eq!(
            item_line(Operation::Upload, &done, "done"),
            json!({"type":"item","action":"upload","source":"/a","destination":"s3://b/a","state":"done","verified":"checksum"}),
            "no reason where there is none"
        );
        assert_eq!(
            finished(&item(JobState::Done, true)),
            Some("skipped"),
            "left out on purpose"
        );
        assert_eq!(
            finished(&item(JobState::Paused, false)),
            None,
            "what goes on is not finished"
        );
    }
}
