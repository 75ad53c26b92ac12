//! Who drives a job: one process at a time.
//!
//! A row names the owner (a fresh id a queue), its process (id and start time, so that a reused id
//! is told apart) and its heartbeat. It is taken in one immediate transaction. A lease is stale when
//! its process is gone or its heartbeat is older than [`STALE`]; whoever lost it stops at the next
//! beat. Local processes only: the data directory is not for sharing between machines.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use crate::model::{SessionId, Timestamp};

/// A heartbeat is renewed this often.
pub(crate) const BEAT: Duration = Duration::from_secs(5);
/// A lease without a heartbeat for this long is free: six missed beats.
pub(crate) const STALE: Duration = Duration::from_secs(30);

/// This queue as a lease holder.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    id: String,
    pid: u32,
    started: u64,
}

impl Owner {
    /// This process under a fresh id.
    pub(crate) fn here() -> Self {
        let pid = std::process::id();
        Self {
            id: uuid::Uuid::now_v7().to_string(),
            pid,
            started: start_time(pid).unwrap_or(0),
        }
    }

    /// Takes the lease of a job; false when a living other holds it.
    pub(crate) fn take(
        &self,
        db: &Connection,
        job: &str,
        session: &SessionId,
    ) -> rusqlite::Result<bool> {
        if self.elsewhere(db, job)? {
            return Ok(false);
        }
        db.execute(
            "INSERT OR REPLACE INTO leases (job, session, owner, pid, started, heartbeat) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                job,
                session.as_str(),
                self.id,
                self.pid,
                i64::try_from(self.started).unwrap_or(0),
                Timestamp::now().0
            ],
        )?;
        Ok(true)
    }

    /// Renews the lease; false when it was lost.
    pub(crate) fn beat(&self, db: &Connection, job: &str) -> rusqlite::Result<bool> {
        let changed = db.execute(
            "UPDATE leases SET heartbeat = ?3 WHERE job = ?1 AND owner = ?2",
            params![job, self.id, Timestamp::now().0],
        )?;
        Ok(changed == 1)
    }

    /// Whether this queue holds the lease.
    pub(crate) fn holds(&self, db: &Connection, job: &str) -> rusqlite::Result<bool> {
        let owner: Option<String> = db
            .query_row("SELECT owner FROM leases WHERE job = ?1", [job], |row| {
                row.get(0)
            })
            .optional()?;
        Ok(owner.as_deref() == Some(&self.id))
    }

    /// Gives the lease back.
    pub(crate) fn release(&self, db: &Connection, job: &str) -> rusqlite::Result<()> {
        db.execute(
            "DELETE FROM leases WHERE job = ?1 AND owner = ?2",
            params![job, self.id],
        )?;
        Ok(())
    }

    /// Whether a living other holds the lease.
    pub(crate) fn elsewhere(&self, db: &Connection, job: &str) -> rusqlite::Result<bool> {
        let held = db
            .query_row(
                "SELECT owner, pid, started, heartbeat FROM leases WHERE job = ?1",
                [job],
                |row| {
                    Ok((
                        row.get::<_, String>(0)?,
                        row.get::<_, u32>(1)?,
                        row.get::<_, i64>(2)?,
                        row.get::<_, i64>(3)?,
                    ))
                },
            )
            .optional()?;
        Ok(held.is_some_and(|(owner, pid, started, heartbeat)| {
            owner != self.id && is_alive(pid, started, heartbeat)
        }))
    }
}

fn is_alive(pid: u32, started: i64, heartbeat: i64) -> bool {
    let age = Timestamp::now().0.saturating_sub(heartbeat);
    if u128::try_from(age).unwrap_or(0) > STALE.as_millis() {
        return false;
    }
    // Where /proc tells nothing, the heartbeat alone decides.
    match start_time(pid) {
        Some(now) => i64::try_from(now).unwrap_or(0) == started,
        None => !std::path::Path::new("/proc/self/stat").exists(),
    }
}

/// The process's start in clock ticks since boot: field 22 of its stat line, counted after the
/// name in parentheses, which may hold anything. None for a process that is gone or a zombie.
fn start_time(pid: u32) -> Option<u64> {
    let line = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = line.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?;
    if state == "Z" || state == "X" {
        return None;
    }
    // The state was field 3, so field 22 is the nineteenth that follows.
    fields.nth(18)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_known_by_its_start() {
        let pid = std::process::id();
        let started = i64::try_from(start_time(pid).unwrap()).unwrap();
        let now = Timestamp::now().0;
        assert!(is_alive(pid, started, now), "this process lives");
        assert!(
            !is_alive(pid, started + 1, now),
            "the id was given to another process"
        );
        assert!(
            !is_alive(pid, started, now - 31_000),
            "it does not beat any more"
        );
        assert!(
            !is_alive(u32::MAX, started, now),
            "there is no such process"
        );
    }
}
