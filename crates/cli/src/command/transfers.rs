//! `transfers`: the jobs of this data directory, whichever process runs them.

use std::time::Duration;

use longshore_engine::model::JobId;
use longshore_engine::plan::{DesiredState, ItemView, JobState, JobView};
use serde_json::{Value, json};

use crate::args::{Chosen, TransferAction};
use crate::failure::{ALL_DONE, Result, SOME_FAILED};
use crate::output::{put, shown};
use crate::run::Run;
use crate::{job, size};

/// How long another process may take to pause or cancel: a part that is being sent ends first.
const ELSEWHERE: Duration = Duration::from_secs(60);

pub(crate) async fn run(run: &Run<'_>, action: Option<&TransferAction>) -> Result<u8> {
    match action {
        None | Some(TransferAction::List) => list(run).await,
        Some(TransferAction::Resume(chosen)) => resume(run, chosen).await,
        Some(TransferAction::Pause(chosen)) => want(run, chosen, DesiredState::Pause).await,
        Some(TransferAction::Cancel(chosen)) => want(run, chosen, DesiredState::Cancel).await,
    }
}

async fn list(run: &Run<'_>) -> Result<u8> {
    let queue = run.engine.transfers();
    for job in queue.jobs().await? {
        let first = queue.items(&job.id, 0, 1).await?.pop();
        let line = json_of(&job, first.as_ref());
        run.output.result(&line, || {
            let percent = (job.bytes_done * 100).checked_div(job.bytes).unwrap_or(0);
            format!(
                "{}  {:18} {percent:>3} % of {:>10}  {} → {}",
                job.id,
                job::state_word(job.state),
                size::shown(job.bytes),
                shown(&job.title),
                shown(&job.destination)
            )
        });
    }
    Ok(ALL_DONE)
}

fn json_of(job: &JobView, first: Option<&ItemView>) -> Value {
    let only = first.filter(|_| job.items == 1);
    let mut line = json!({
        "id": job.id.as_str(),
        "state": job::state_word(job.state),
        "direction": job::action_word(job.operation),
        "source": only.map_or(job.title.as_str(), |item| item.source.as_str()),
        "destination": only.map_or(job.destination.as_str(), |item| item.destination.as_str()),
        "bytesDone": job.bytes_done,
        "bytesTotal": job.bytes,
    });
    put(
        &mut line,
        "uploadId",
        only.and_then(|item| item.upload_id.as_deref()),
    );
    put(&mut line, "reason", job.reason.as_deref());
    line
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
    let jobs = chosen(run, which).await?;
    let mut exit = ALL_DONE;
    for job in jobs.iter().filter(|job| !job.state.is_over()) {
        run.engine
            .transfers()
            .want(&job.id, DesiredState::Run)
            .await?;
    }
    for job in jobs.iter().filter(|job| !job.state.is_over()) {
        exit = exit.max(job::exit_of(&job::follow(run, &job.id).await?));
    }
    Ok(exit)
}

async fn want(run: &Run<'_>, which: &Chosen, state: DesiredState) -> Result<u8> {
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
        }
        let line = json_of(&now, None);
        run.output.result(&line, || {
            format!("{}  {}", now.id, job::state_word(now.state))
        });
    }
    Ok(exit)
}
