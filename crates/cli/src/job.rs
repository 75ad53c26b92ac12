//! A change carried out: planned, started or taken up again, shown while it runs, summed up.
//!
//! The same command run again finds the unfinished job of the same request and continues it from
//! the parts that the server holds. Ctrl-C (and SIGTERM) pauses; a second one ends at once. Every
//! finished item is one result, the summary is the last, however the run ended.

use std::time::Duration;

use longshore_engine::ErrorKind;
use longshore_engine::model::JobId;
use longshore_engine::plan::{DesiredState, ItemView, JobState, JobView, Operation};
use longshore_engine::transfer::ChangeRequest;

use self::interrupts::Interrupts;
use self::lines::progress_line;
use self::summary::Tally;
use crate::failure::{self, ALL_DONE, DENIED, NEEDS_SIGN_IN, Result, SOME_FAILED};
use crate::run::Run;

mod dry_run;
mod interrupts;
mod lines;
mod summary;

pub(crate) use lines::{action_word, count, line_of, print, print_any, state_word};
pub(crate) use summary::next_step;

/// A progress line that moves more often is not read faster.
const REDRAW: Duration = Duration::from_millis(200);
/// Items that are read from the journal at once.
pub(crate) const WINDOW: u64 = 500;

/// Plans and carries out a change, or says what it would do; the exit code.
pub(crate) async fn carry_out(run: &Run<'_>, request: ChangeRequest, dry_run: bool) -> Result<u8> {
    let mut tally = Tally::begin(run, request.session()).await;
    let mut interrupts = Interrupts::listen();
    let begun = tokio::select! {
        begun = begin(run, request, dry_run, &mut tally) => begun?,
        () = interrupts.next() => {
            tally.nothing_begun(run);
            return Ok(SOME_FAILED);
        }
    };
    match begun {
        Begun::Said(exit) => Ok(exit),
        Begun::Job(id) => follow(run, &id, &mut interrupts, tally).await,
    }
}

/// What came of a request before anything moved.
enum Begun {
    /// It was only said.
    Said(u8),
    /// It is a job.
    Job(JobId),
}

async fn begin(
    run: &Run<'_>,
    request: ChangeRequest,
    dry_run: bool,
    tally: &mut Tally,
) -> Result<Begun> {
    let queue = run.engine.transfers();
    if !dry_run && let Some(id) = queue.unfinished_like(&request).await? {
        tally.elsewhere = queue.job(&id).await?.elsewhere;
        run.output.note(if tally.elsewhere {
            "Another process is at it already; this one looks on"
        } else {
            "An earlier run of this command is not finished; it continues"
        });
        queue.want(&id, DesiredState::Run).await?;
        return Ok(Begun::Job(id));
    }
    look_ahead(run, &request).await?;
    let plan = queue.plan(request).await?;
    for warning in &plan.warnings {
        run.output.note(warning);
    }
    if dry_run {
        let exit = dry_run::show(run, &plan, tally).await?;
        queue.drop_plan(&plan.id).await;
        return Ok(Begun::Said(exit));
    }
    let id = queue.start(&plan.id, None).await?;
    Ok(Begun::Job(id))
}

/// Asks for the bucket before anything is planned, so that a wrong secret or a bucket that is not
/// there leaves no job behind. Not being allowed to look at the bucket is no reason to stop: the
/// session may still be allowed to write.
async fn look_ahead(run: &Run<'_>, request: &ChangeRequest) -> Result<()> {
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
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AccessDenied => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Shows a job that is to run until it settles; the exit code that it stands for.
pub(crate) async fn follow_to_end(run: &Run<'_>, job: &JobView) -> Result<u8> {
    let tally = Tally::begin(run, &job.session).await;
    follow(run, &job.id, &mut Interrupts::listen(), tally).await
}

async fn follow(
    run: &Run<'_>,
    id: &JobId,
    interrupts: &mut Interrupts,
    mut tally: Tally,
) -> Result<u8> {
    let job = watch(run, id, interrupts, &mut tally).await?;
    run.output.clear();
    let (mut start, mut denied) = (0, 0);
    loop {
        let window = run.engine.transfers().items(id, start, WINDOW).await?;
        for item in &window {
            print(run, job.operation, item);
            denied += u64::from(is_denied(item));
        }
        start += WINDOW;
        if (window.len() as u64) < WINDOW {
            break;
        }
    }
    tally.sum_up(run, &job);
    Ok(exit_of(&job, denied))
}

/// Waits until a job settles, drawing its progress; Ctrl-C pauses it.
async fn watch(
    run: &Run<'_>,
    id: &JobId,
    interrupts: &mut Interrupts,
    tally: &mut Tally,
) -> Result<JobView> {
    let queue = run.engine.transfers();
    let mut settled = Box::pin(queue.settled(id));
    let mut redraw = tokio::time::interval(REDRAW);
    let mut interrupted = false;
    let mut waits = false;
    loop {
        tokio::select! {
            job = &mut settled => return Ok(job?),
            () = interrupts.next() => {
                if interrupted {
                    run.output.clear();
                    let mut job = queue.job(id).await?;
                    job.state = JobState::Paused;
                    tally.sum_up(run, &job);
                    std::process::exit(i32::from(SOME_FAILED));
                }
                interrupted = true;
                run.output.note("Pausing; press Ctrl-C again to end at once");
                queue.want(id, DesiredState::Pause).await?;
            }
            _ = redraw.tick() => {
                let job = queue.job(id).await?;
                tally.elsewhere |= job.elsewhere;
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

/// Whether an item failed since the session may not do it.
fn is_denied(item: &ItemView) -> bool {
    let kind = item.failure.as_ref().map(|failure| failure.kind);
    item.state == JobState::Failed && kind.is_some_and(|kind| failure::exit_of(kind) == DENIED)
}

/// The exit code that a settled job stands for, of whose items so many were denied. A delete that left something out did not find what
/// it was asked to delete.
pub(crate) fn exit_of(job: &JobView, denied: u64) -> u8 {
    let not_found = job.operation == Operation::Delete && job.items_skipped > 0;
    match job.state {
        JobState::Done if job.items_failed == 0 && !not_found => ALL_DONE,
        JobState::Failed if denied > 0 && denied == job.items_failed => DENIED,
        JobState::WaitingForSignIn => NEEDS_SIGN_IN,
        _ => SOME_FAILED,
    }
}
