//! Jobs: their counters, their state, and what a person wants of them.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::plans::{PLAN_COLUMNS, plan_of};
use super::rows::{Coded, PlanRecord, coded, to_u};
use crate::model::Timestamp;
use crate::plan::{ConflictPolicy, DesiredState, JobState};

/// A job with its plan.
#[derive(Debug, Clone)]
pub(crate) struct JobRecord {
    pub(crate) plan: PlanRecord,
    pub(crate) policy: ConflictPolicy,
    pub(crate) desired: DesiredState,
    pub(crate) state: JobState,
    pub(crate) reason: Option<String>,
    pub(crate) counts: Counts,
    pub(crate) created: Timestamp,
    pub(crate) ended: Option<Timestamp>,
}

/// What is counted of a job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) items: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
    pub(crate) bytes: u64,
    pub(crate) bytes_done: u64,
    pub(crate) bytes_reused: u64,
    /// Bytes of what was left out on purpose; they are in `bytes` too.
    pub(crate) bytes_skipped: u64,
}

const JOB_COLUMNS: &str = "j.policy, j.desired, j.state, j.reason, j.items, j.items_done, \
     j.items_failed, j.items_skipped, j.bytes, j.bytes_done, j.bytes_reused, j.created, j.ended, \
     j.bytes_skipped";

fn job_of(row: &Row<'_>) -> rusqlite::Result<JobRecord> {
    Ok(JobRecord {
        plan: plan_of(row)?,
        policy: coded(row, 12)?,
        desired: coded(row, 13)?,
        state: coded(row, 14)?,
        reason: row.get(15)?,
        counts: Counts {
            items: to_u(row.get(16)?),
            done: to_u(row.get(17)?),
            failed: to_u(row.get(18)?),
            skipped: to_u(row.get(19)?),
            bytes: to_u(row.get(20)?),
            bytes_done: to_u(row.get(21)?),
            bytes_reused: to_u(row.get(22)?),
            bytes_skipped: to_u(row.get(25)?),
        },
        created: Timestamp(row.get(23)?),
        ended: row.get::<_, Option<i64>>(24)?.map(Timestamp),
    })
}

/// Makes a job of a plan; false when it was started already.
pub(crate) fn start(
    db: &Connection,
    plan: &PlanRecord,
    policy: ConflictPolicy,
) -> rusqlite::Result<bool> {
    if policy == ConflictPolicy::Skip {
        db.execute(
            "UPDATE items SET state = 'skipped', reason = 'it exists already' \
             WHERE plan = ?1 AND conflict = 1 AND state = 'planned'",
            [&plan.id],
        )?;
    }
    let made = db.execute(
        "INSERT INTO jobs (id, session, policy, desired, state, items, bytes, created) \
         VALUES (?1, ?2, ?3, 'run', 'queued', 0, 0, ?4) ON CONFLICT (id) DO NOTHING",
        params![
            plan.id,
            plan.session.as_str(),
            policy.code(),
            Timestamp::now().0
        ],
    )?;
    recount(db, &plan.id)?;
    Ok(made == 1)
}

/// The sums of a job's items in the order of [`Counts`]. The whole is what the job set out to do,
/// whatever became of it: an item that failed or was left out stays in it.
const SUMS: &str = "count(*), coalesce(sum(state = 'done'), 0), \
     coalesce(sum(state = 'failed'), 0), coalesce(sum(state = 'skipped'), 0), \
     coalesce(sum(size), 0), coalesce(sum(bytes_done), 0), coalesce(sum(bytes_reused), 0), \
     coalesce(sum(CASE state WHEN 'skipped' THEN size ELSE 0 END), 0) FROM items WHERE plan = ?1";

/// Counts the items anew: the rows are the truth, the counters a summary of them.
pub(crate) fn recount(db: &Connection, job: &str) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "UPDATE jobs SET (items, items_done, items_failed, items_skipped, bytes, bytes_done, \
         bytes_reused, bytes_skipped) = (SELECT {SUMS}) WHERE id = ?1",
    ))?
    .execute([job])?;
    Ok(())
}

/// The counters as the rows say, for a job whose summary its driver may not have written yet.
pub(crate) fn counts(db: &Connection, job: &str) -> rusqlite::Result<Counts> {
    db.prepare_cached(&format!("SELECT {SUMS}"))?
        .query_row([job], |row| {
            Ok(Counts {
                items: to_u(row.get(0)?),
                done: to_u(row.get(1)?),
                failed: to_u(row.get(2)?),
                skipped: to_u(row.get(3)?),
                bytes: to_u(row.get(4)?),
                bytes_done: to_u(row.get(5)?),
                bytes_reused: to_u(row.get(6)?),
                bytes_skipped: to_u(row.get(7)?),
            })
        })
}

pub(crate) fn find(db: &Connection, job: &str) -> rusqlite::Result<Option<JobRecord>> {
    db.prepare_cached(&format!(
        "SELECT {PLAN_COLUMNS}, {JOB_COLUMNS} FROM jobs j JOIN plans p ON p.id = j.id \
         WHERE j.id = ?1"
    ))?
    .query_row([job], job_of)
    .optional()
}

/// All jobs, newest first.
pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<JobRecord>> {
    db.prepare_cached(&format!(
        "SELECT {PLAN_COLUMNS}, {JOB_COLUMNS} FROM jobs j JOIN plans p ON p.id = j.id \
         ORDER BY j.created DESC, j.id DESC"
    ))?
    .query_map([], job_of)?
    .collect()
}

/// Jobs that are not over.
pub(crate) fn unfinished(db: &Connection) -> rusqlite::Result<Vec<JobRecord>> {
    db.prepare_cached(&format!(
        "SELECT {PLAN_COLUMNS}, {JOB_COLUMNS} FROM jobs j JOIN plans p ON p.id = j.id \
         WHERE j.state NOT IN ('done', 'failed', 'cancelled') ORDER BY j.created"
    ))?
    .query_map([], job_of)?
    .collect()
}

/// The newest unfinished job that was asked for with the same request.
pub(crate) fn unfinished_like(db: &Connection, request: &str) -> rusqlite::Result<Option<String>> {
    db.query_row(
        "SELECT j.id FROM jobs j JOIN plans p ON p.id = j.id WHERE p.request = ?1 \
         AND j.state NOT IN ('done', 'failed', 'cancelled') ORDER BY j.created DESC LIMIT 1",
        [request],
        |row| row.get(0),
    )
    .optional()
}

pub(crate) fn set_state(
    db: &Connection,
    job: &str,
    state: JobState,
    reason: Option<&str>,
) -> rusqlite::Result<()> {
    let ended = state.is_over().then(|| Timestamp::now().0);
    db.prepare_cached("UPDATE jobs SET state = ?2, reason = ?3, ended = ?4 WHERE id = ?1")?
        .execute(params![job, state.code(), reason, ended])?;
    Ok(())
}

/// Writes what is wanted; false when the job is over or unknown. A job at rest that is to move
/// again is queued from now on, so that nobody takes its rest for the answer.
pub(crate) fn want(
    db: &Connection,
    job: &str,
    desired: DesiredState,
    driven: bool,
) -> rusqlite::Result<bool> {
    let changed = db.execute(
        "UPDATE jobs SET desired = ?2 WHERE id = ?1 \
         AND state NOT IN ('done', 'failed', 'cancelled')",
        params![job, desired.code()],
    )?;
    if changed == 1 && !driven && desired != DesiredState::Pause {
        db.execute(
            "UPDATE jobs SET state = 'queued', reason = NULL WHERE id = ?1",
            [job],
        )?;
    }
    Ok(changed == 1)
}

/// Writes that a job was paused as it was asked to, unless it was asked for something else since.
pub(crate) fn pause(db: &Connection, job: &str) -> rusqlite::Result<()> {
    db.execute(
        "UPDATE jobs SET state = CASE desired WHEN 'pause' THEN 'paused' ELSE 'queued' END, \
         reason = NULL WHERE id = ?1",
        [job],
    )?;
    Ok(())
}

/// Takes ended jobs (with their plans, items and parts) off and says which.
pub(crate) fn forget_ended(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let ended: Vec<String> = db
        .prepare("SELECT id FROM jobs WHERE state IN ('done', 'failed', 'cancelled')")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for id in &ended {
        db.execute("DELETE FROM plans WHERE id = ?1", [id])?;
    }
    Ok(ended)
}
