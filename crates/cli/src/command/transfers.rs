//! `transfers`: the jobs of this data directory, whichever process runs them.

use std::time::Duration;

use longshore_engine::model::JobId;
use longshore_engine::plan::{DesiredState, ItemView, JobState, JobView};
use longshore_engine::size;
use serde_json::{Value, json};

use crate::args::{Chosen, TransferAction};
use crate::failure::{ALL_DONE, Result, SOME_FAILED};
use crate::job;
use crate::output::{name, put, shown};
use crate::run::Run;

/// How long another process may take to pause or cancel: a part that is being sent ends first.
const ELSEWHERE: Duration = Duration::from_secs(60);

pub(crate) async fn run(run: &Run<'_>, action: Option<&TransferAction>) -> Result<u8> {
    match action {
        None | Some(TransferAction::List) => list(run).await,
        Some(TransferAction::Show(chosen)) => show(run, chosen).await,
        Some(TransferAction::Resume(chosen)) => resume(run, chosen).await,
        Some(TransferAction::Pause(chosen)) => want(run, chosen, DesiredState::Pause).await,
        Some(TransferAction::Cancel(chosen)) => want(run, chosen, DesiredState::Cancel).await,
    }
}

async fn list(run: &Run<'_>) -> Result<u8> {
    for job in run.engine.transfers().jobs().await? {
        print(run, &job).await?;
    }
    Ok(ALL_DONE)
}

/// Prints a job: how far it is, and where it did not go well why and what to do.
async fn print(run: &Run<'_>, job: &JobView) -> Result<()> {
    let first = run.engine.transfers().items(&job.id, 0, 1).await?.pop();
    let line = json_of(job, first.as_ref());
    run.output.result(&line, || text_of(job));
    Ok(())
}

fn text_of(job: &JobView) -> String {
    let whole = size::in_words(job.bytes);
    let mut text = format!(
        "{}  {:18} {:>3} % of {whole:>8}  {}  {}",
        job.id,
        job::state_word(job.state),
        job.percent(),
        counts(job),
        job::line_of(&job.title, &job.destination),
    );
    let why = job.reason.as_deref().map(shown);
    for line in why.into_iter().chain(job::next_step(job)) {
        text.push_str(&format!("\n    {line}"));
    }
    text
}

/// `4 of 61 items done, 57 failed`.
fn counts(job: &JobView) -> String {
    let mut text = format!("{} of {} done", job.items_done, job::count(job.items));
    for (count, word) in [
        (job.items_failed, "failed"),
        (job.items_skipped, "left out"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {word}"));
        }
    }
    text
}

fn json_of(job: &JobView, first: Option<&ItemView>) -> Value {
    let only = first.filter(|_| job.items == 1);
    let mut line = json!({
        "id": job.id.as_str(),
        "state": job::state_word(job.state),
        "direction": job::action_word(job.operation),
        "title": job.title,
        "items": job.items,
        "itemsDone": job.items_done,
        "itemsFailed": job.items_failed,
        "itemsSkipped": job.items_skipped,
        "bytesDone": job.bytes_done,
        "bytesTotal": job.bytes,
    });
    let source = only.map(|item| item.source.as_str());
    put(&mut line, "source", source.or(job.source.as_deref()));
    let destination = match job.operation {
        // It leads nowhere.
        longshore_engine::plan::Operation::Delete => None,
        _ => Some(only.map_or(job.destination.as_str(), |item| item.destination.as_str())),
    };
    put(
        &mut line,
        "destination",
        destination.filter(|d| !d.is_empty()),
    );
    put(
        &mut line,
        "uploadId",
        only.and_then(|item| item.upload_id.as_deref()),
    );
    put(&mut line, "reason", job.reason.as_deref());
    put(&mut line, "next", job::next_step(job));
    line
}

/// Prints jobs with all their items: what is not done first, since that is what somebody looks for.
async fn show(run: &Run<'_>, which: &Chosen) -> Result<u8> {
    for job in chosen(run, which).await? {
        print(run, &job).await?;
        for done in [false, true] {
            let mut start = 0;
            loop {
                let window = run.engine.transfers().items(&job.id, start, job::WINDOW);
                let window = window.await?;
                for item in &window {
                    let is_done = item.state == JobState::Done && !item.skipped;
                    if is_done == done {
                        job::print_any(run, job.operation, item);
                    }
                }
                start += job::WINDOW;
                if (window.len() as u64) < job::WINDOW {
                    break;
                }
            }
        }
    }
    Ok(ALL_DONE)
}

/// The chosen jobs; `--all` leaves out those that are over.
async fn chosen(run: &Run<'_>, chosen: &Chosen) -> Result<Vec<JobView>> {
    let queue = run.engine.transfers();
    let mut jobs = Vec::new();
    if chosen.all {
        jobs = queue.jobs().await?;
        jobs.retain(|job| !job.state.is_over());
    }
    for id in &chosen.ids {
        jobs.push(queue.job(&JobId::new(id.as_str())).await?);
    }
    Ok(jobs)
}

async fn resume(run: &Run<'_>, which: &Chosen) -> Result<u8> {
    // A job that was started with flags acts as their session, which exists once they are read.
    let _ = run.session();
    let mut exit = ALL_DONE;
    let (over, jobs): (Vec<_>, Vec<_>) = chosen(run, which)
        .await?
        .into_iter()
        .partition(|job| job.state.is_over());
    for job in &over {
        let next = job::next_step(job).map(|step| format!(". {step}"));
        let (state, next) = (job::state_word(job.state), next.unwrap_or_default());
        run.output.note(&format!(
            "{} is {state}, so there is nothing to resume{next}",
            name(job.id.as_str())
        ));
        exit = exit.max(job::exit_of(job, 0));
    }
    for job in &jobs {
        run.engine
            .transfers()
            .want(&job.id, DesiredState::Run)
            .await?;
    }
    for job in &jobs {
        exit = exit.max(job::follow_to_end(run, job).await?);
    }
    Ok(exit)
}

async fn want(run: &Run<'_>, which: &Chosen, state: DesiredState) -> Result<u8> {
    // A cancelled job's parts are removed as its session, which may come from flags too.
    let _ = run.session();
    let queue = run.engine.transfers();
    let jobs = chosen(run, which).await?;
    for job in &jobs {
        queue.want(&job.id, state).await?;
    }
    let mut exit = ALL_DONE;
    for job in &jobs {
        let settled = tokio::time::timeout(ELSEWHERE, queue.settled(&job.id)).await;
        let now = match settled {
            Ok(view) => view?,
            Err(_) => queue.job(&job.id).await?,
        };
        let reached =
            now.state.is_over() || (state == DesiredState::Pause && now.state == JobState::Paused);
        if !reached {
            run.output.note(&format!(
                "{} is still {}",
                now.id,
                job::state_word(now.state)
            ));
            exit = SOME_FAILED;
        } else if let Some(remains) = remains(&now) {
            run.output.warn(remains);
            exit = SOME_FAILED;
        }
        let line = json_of(&now, None);
        run.output.result(&line, || {
            format!("{}  {}", now.id, job::state_word(now.state))
        });
    }
    Ok(exit)
}

/// Why something of a cancelled job may have stayed behind.
fn remains(job: &JobView) -> Option<&str> {
    job.reason
        .as_deref()
        .filter(|_| job.state == JobState::Cancelled)
}
