//! Opening the journal's file: private, checked, brought up to the present version.
//!
//! A newer file is refused before SQLite touches it. A file that is no database or fails its check
//! is moved aside together with its `-wal` and `-shm`, and a new one is begun; the caller says so.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use super::schema;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Timestamp;

const FILE: &str = "journal.db";
/// How long one process waits for another's transaction; theirs are short, disks can be slow.
const BUSY: Duration = Duration::from_secs(10);

pub(super) struct OpenedFile {
    pub(super) connection: Connection,
    pub(super) moved_aside: Option<PathBuf>,
}

enum Flaw {
    Damaged(String),
    Refused(Error),
}

pub(super) fn open(data_dir: &Path) -> Result<OpenedFile> {
    make_directory(data_dir)?;
    let path = data_dir.join(FILE);
    refuse_newer_header(&path)?;
    match open_checked(&path) {
        Ok(connection) => Ok(OpenedFile {
            connection,
            moved_aside: None,
        }),
        Err(Flaw::Refused(error)) => Err(error),
        Err(Flaw::Damaged(words)) => {
            let aside = move_aside(data_dir, &path)?;
            tracing::warn!(%words, aside = %aside.display(), "the journal was damaged");
            match open_checked(&path) {
                Ok(connection) => Ok(OpenedFile {
                    connection,
                    moved_aside: Some(aside),
                }),
                Err(Flaw::Refused(error)) => Err(error),
                Err(Flaw::Damaged(words)) => Err(Error::new(
                    ErrorKind::StateCorrupt,
                    "Journal",
                    format!(
                        "A new state database in {} is damaged: {words}",
                        data_dir.display()
                    ),
                )),
            }
        }
    }
}

fn make_directory(data_dir: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data_dir)
        .map_err(|e| {
            Error::new(
                ErrorKind::StateUnavailable,
                "Journal",
                format!(
                    "The data directory {} could not be made: {e}",
                    data_dir.display()
                ),
            )
            .advise("Choose another directory with LONGSHORE_DATA_DIR or correct its permissions")
            .caused_by(e)
        })
}

/// Reads `user_version` from the file's header (bytes 60 to 63, big-endian), so that a newer file
/// keeps every byte.
fn refuse_newer_header(path: &Path) -> Result<()> {
    let mut header = [0; 64];
    let Ok(mut file) = std::fs::File::open(path) else {
        return Ok(());
    };
    if file.read_exact(&mut header).is_err() || !header.starts_with(b"SQLite format 3\0") {
        return Ok(());
    }
    let version = u32::from_be_bytes([header[60], header[61], header[62], header[63]]);
    if version > schema::current() {
        Err(newer(version))
    } else {
        Ok(())
    }
}

fn newer(version: u32) -> Error {
    Error::new(
        ErrorKind::StateNewer,
        "Journal",
        format!(
            "The state database was written by a newer Longshore (its version is {version}, this \
             one knows {}). Nothing was changed",
            schema::current()
        ),
    )
    .advise("Use the newer Longshore, or another data directory (LONGSHORE_DATA_DIR)")
}

fn open_checked(path: &Path) -> Result<Connection, Flaw> {
    let touched = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path);
    touched.map_err(|e| {
        Flaw::Refused(
            Error::new(
                ErrorKind::StateUnavailable,
                "Journal",
                format!(
                    "The state database {} cannot be written: {e}",
                    path.display()
                ),
            )
            .advise("Correct the permissions of the data directory, or choose another one")
            .caused_by(e),
        )
    })?;
    let connection = Connection::open(path).map_err(flaw)?;
    connection.busy_timeout(BUSY).map_err(flaw)?;
    let version: u32 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(flaw)?;
    if version > schema::current() {
        return Err(Flaw::Refused(newer(version)));
    }
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
        )
        .map_err(flaw)?;
    check(&connection)?;
    migrate(&connection).map_err(flaw)?;
    Ok(connection)
}

fn check(connection: &Connection) -> Result<(), Flaw> {
    let words: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(flaw)?;
    if words == "ok" {
        Ok(())
    } else {
        Err(Flaw::Damaged(words))
    }
}

fn migrate(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    // Read again inside the transaction: another process may just have taken the steps.
    let done: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for step in schema::STEPS.iter().skip(done as usize) {
        connection.execute_batch(step)?;
    }
    connection.pragma_update(None, "user_version", schema::current())?;
    connection.execute_batch("COMMIT")
}

fn flaw(error: rusqlite::Error) -> Flaw {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            Flaw::Damaged(error.to_string())
        }
        _ => Flaw::Refused(super::unavailable(&error).caused_by(error)),
    }
}

fn move_aside(data_dir: &Path, path: &Path) -> Result<PathBuf> {
    let aside = data_dir.join(format!("journal.corrupt-{}.db", utc(Timestamp::now())));
    std::fs::rename(path, &aside).map_err(|e| {
        Error::new(
            ErrorKind::StateCorrupt,
            "Journal",
            format!("The state database is damaged and could not be moved aside: {e}"),
        )
        .advise(format!("Move {} away by hand", path.display()))
        .caused_by(e)
    })?;
    for suffix in ["-wal", "-shm"] {
        let beside = |of: &Path| {
            let mut name = of.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        if let Err(error) = std::fs::rename(beside(path), beside(&aside))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, suffix, "a companion of the damaged journal stayed");
        }
    }
    Ok(aside)
}

/// `20261130T212104.123Z`, by the civil-from-days rule of the Gregorian calendar.
fn utc(time: Timestamp) -> String {
    let (days, millis) = (time.0.div_euclid(86_400_000), time.0.rem_euclid(86_400_000));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year + era * 400 + i64::from(month <= 2);
    let (hour, minute) = (millis / 3_600_000, millis / 60_000 % 60);
    let (second, milli) = (millis / 1000 % 60, millis % 1000);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}.{milli:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_utc() {
        assert_eq!(utc(Timestamp(0)), "19700101T000000.000Z", "the epoch");
        assert_eq!(
            utc(Timestamp(951_782_400_000)),
            "20000229T000000.000Z",
            "a leap day"
        );
        assert_eq!(
            utc(Timestamp(1_796_073_664_005)),
            "20261130T212104.005Z",
            "a present day"
        );
    }
}
