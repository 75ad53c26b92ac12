//! Jobs and items as they are shown: the live side where a job runs here, the journal elsewhere.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::DIED;
use super::job::Shared;
use super::journal::jobs::{self, JobRecord};
use super::journal::plans;
use super::journal::rows::{Item, ItemState, PlanRecord};
use super::planner::ends;
use super::progress::{Live, Sight};
use super::restore;
use crate::error::Result;
use crate::model::JobId;
use crate::plan::{ItemView, JobState, JobView, PartCell, PartMap};

/// What the journal says of a job.
struct Recorded {
    record: JobRecord,
    elsewhere: bool,
    /// Whether a living process, this one or another, holds the lease.
    driven: bool,
    map: PartMap,
}

pub(super) async fn all(shared: &Shared) -> Result<Vec<JobView>> {
    let (owner, running) = (shared.owner.clone(), shared.running());
    let known: HashSet<String> = running.keys().map(|job| job.as_str().to_owned()).collect();
    let recorded: Vec<Recorded> = shared
        .journal
        .read(move |db| {
            jobs::all(db)?
                .into_iter()
                .map(|record| recorded(db, &owner, &known, record))
                .collect()
        })
        .await?;
    Ok(recorded
        .into_iter()
        .map(|one| seen(&running, one))
        .collect())
}

pub(super) async fn one(shared: &Shared, id: &JobId) -> Result<Option<JobView>> {
    let (owner, job) = (shared.owner.clone(), id.as_str().to_owned());
    let running = shared.running();
    let known: HashSet<String> = running.keys().map(|job| job.as_str().to_owned()).collect();
    let found = shared
        .journal
        .read(move |db| {
            jobs::find(db, &job)?
                .map(|record| recorded(db, &owner, &known, record))
                .transpose()
        })
        .await?;
    Ok(found.map(|one| seen(&running, one)))
}

pub(super) async fn items(
    shared: &Shared,
    id: &JobId,
    start: u64,
    len: u64,
) -> Result<Option<Vec<ItemView>>> {
    let job = id.as_str().to_owned();
    let found = shared
        .journal
        .read(move |db| {
            let Some(record) = jobs::find(db, &job)? else {
                return Ok(None);
            };
            Ok(Some((
                record.plan,
                record.state,
                plans::items(db, &job, start, len)?,
            )))
        })
        .await?;
    Ok(found.map(|(plan, state, items)| {
        items
            .into_iter()
            .map(|item| item_view(&plan, state, item))
            .collect()
    }))
}

fn recorded(
    db: &rusqlite::Connection,
    owner: &super::lease::Owner,
    running: &HashSet<String>,
    mut record: JobRecord,
) -> rusqlite::Result<Recorded> {
    let elsewhere = owner.elsewhere(db, &record.plan.id)?;
    let driven = elsewhere || owner.holds(db, &record.plan.id)?;
    let id = &record.plan.id;
    if running.contains(id) {
        // The live side knows better and costs no query.
        return Ok(Recorded {
            record,
            elsewhere,
            driven,
            map: PartMap::default(),
        });
    }
    if !record.state.is_over() {
        record.counts = jobs::counts(db, id)?;
    }
    let map = match (record.state, usize::try_from(record.counts.items)) {
        (JobState::Done, Ok(items)) if items > 1 => PartMap {
            cells: vec![PartCell::Done; items.min(PartMap::CELLS)],
        },
        _ => restore::map(db, id, true)?.draw(),
    };
    Ok(Recorded {
        record,
        elsewhere,
        driven,
        map,
    })
}

fn seen(running: &HashMap<JobId, Arc<Live>>, recorded: Recorded) -> JobView {
    let Recorded {
        record,
        elsewhere,
        driven,
        map,
    } = recorded;
    let job = JobId::new(record.plan.id.as_str());
    let sight = match running.get(&job) {
        Some(live) if !record.state.is_over() => live.sight(),
        _ => at_rest(&record, driven, map),
    };
    let running = matches!(sight.state, JobState::Running | JobState::Verifying);
    JobView {
        id: job,
        session: record.plan.session,
        session_name: record.plan.session_name,
        operation: record.plan.operation,
        title: record.plan.title,
        source: record.plan.source,
        destination: record.plan.destination,
        touches: Some((record.plan.bucket, record.plan.prefix)),
        state: sight.state,
        reason: sight.reason,
        items: sight.counts.items,
        items_done: sight.counts.done,
        items_failed: sight.counts.failed,
        items_skipped: sight.counts.skipped,
        bytes: sight.counts.bytes,
        bytes_done: sight.counts.bytes_done,
        bytes_reused: sight.counts.bytes_reused,
        bytes_skipped: sight.counts.bytes_skipped,
        speed: if running { sight.speed } else { 0 },
        eta: sight.eta.filter(|_| running),
        map: sight.map,
        created: record.created,
        ended: record.ended,
        elsewhere,
    }
}

/// A job that does not run here. One that the journal says is running although nobody drives it
/// lost its process and is shown as paused.
fn at_rest(record: &JobRecord, driven: bool, map: PartMap) -> Sight {
    let rests = record.state.is_over()
        || driven
        || matches!(
            record.state,
            JobState::Queued | JobState::Paused | JobState::WaitingForSignIn
        );
    let (state, reason) = if rests {
        (record.state, record.reason.clone())
    } else {
        (JobState::Paused, Some(DIED.to_owned()))
    };
    Sight {
        state,
        reason,
        counts: record.counts,
        speed: 0,
        eta: None,
        map,
    }
}

fn item_view(plan: &PlanRecord, job: JobState, item: Item) -> ItemView {
    let (source, destination) = ends(plan, &item);
    let state = match item.state {
        ItemState::Planned => JobState::Queued,
        ItemState::Creating | ItemState::Moving => {
            if job == JobState::Queued {
                JobState::Running
            } else {
                job
            }
        }
        ItemState::Completing => {
            if job == JobState::Running {
                JobState::Verifying
            } else {
                job
            }
        }
        ItemState::Done | ItemState::Skipped => JobState::Done,
        ItemState::Failed => JobState::Failed,
        ItemState::Cancelled => JobState::Cancelled,
    };
    ItemView {
        number: item.number,
        source,
        destination,
        state,
        skipped: item.state == ItemState::Skipped,
        bytes: item.size,
        bytes_done: item.bytes_done,
        bytes_reused: item.bytes_reused,
        verified: item.verified,
        reason: item.reason,
        failure: item.failure,
        upload_id: item.upload_id.map(crate::model::UploadId::into_string),
    }
}
