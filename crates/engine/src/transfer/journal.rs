//! The journal: what was planned, begun and acknowledged, on disk before anybody relies on it.
//!
//! One SQLite file in WAL mode with `synchronous=FULL`, so that a committed row survives a power
//! cut. All statements run on one thread of their own; async code sends closures over a bounded
//! channel and waits for the answer. Closures that wait together share one transaction (each in a
//! savepoint), so that the rows of many parts cost one fsync; an answer is given only after the
//! commit. The journal is never the only copy of a person's data: losing it loses progress.
//!
//! A damaged file is moved aside, never repaired in place; a newer one is not touched.

use std::path::PathBuf;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::error::{Error, ErrorKind, Result};

pub(crate) mod items;
pub(crate) mod jobs;
mod open;
pub(crate) mod plans;
pub(crate) mod rows;
mod schema;

/// Closures that may wait for the writer: more than all parts in flight, so that none blocks long.
const BACKLOG: usize = 256;
/// Closures that share one transaction at most: keeps the wait for a commit short.
const GROUP: usize = 64;

/// The journal. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub(crate) struct Journal {
    sender: mpsc::Sender<Message>,
}

/// A journal that was just opened.
pub(crate) struct Opened {
    pub(crate) journal: Journal,
    /// Where a damaged file was moved to.
    pub(crate) moved_aside: Option<PathBuf>,
}

enum Message {
    Work(Work),
    Close(oneshot::Sender<()>),
}

struct Work {
    writes: bool,
    run: Run,
}

/// Runs in a transaction, or is told why there is none.
type Run = Box<dyn FnOnce(Result<&Connection, &rusqlite::Error>) -> Settle + Send>;

/// Answers the caller once the fate of the transaction is known.
type Settle = Box<dyn FnOnce(Option<&rusqlite::Error>) + Send>;

impl Journal {
    /// Opens `journal.db` in a directory, which is made when it is missing.
    ///
    /// # Errors
    /// `StateNewer` when a newer version wrote it, `StateUnavailable` when it cannot be used.
    pub(crate) async fn open(data_dir: PathBuf) -> Result<Opened> {
        let opened = tokio::task::spawn_blocking(move || open::open(&data_dir))
            .await
            .map_err(|e| internal("the journal's opener stopped").caused_by(e))??;
        let (sender, receiver) = mpsc::channel(BACKLOG);
        std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || serve(opened.connection, receiver))
            .map_err(|e| internal("no thread for the journal").caused_by(e))?;
        Ok(Opened {
            journal: Self { sender },
            moved_aside: opened.moved_aside,
        })
    }

    /// Runs a closure that only reads.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        self.submit(false, work).await
    }

    /// Runs a closure whose changes are on disk when this returns.
    ///
    /// # Cancellation
    /// Once the closure was handed over it runs even if the caller goes away.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        self.submit(true, work).await
    }

    /// Waits for what was handed over and closes the file; later calls fail.
    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.sender.send(Message::Close(done)).await.is_ok() {
            let _gone = closed.await;
        }
    }

    async fn submit<T, F>(&self, writes: bool, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let run = move |begun: Result<&Connection, &rusqlite::Error>| -> Settle {
            let outcome = match begun {
                Ok(connection) => in_savepoint(connection, work).map_err(|e| unavailable(&e)),
                Err(error) => Err(unavailable(error)),
            };
            Box::new(move |failed| {
                let outcome = match (outcome, failed) {
                    (Ok(_), Some(error)) => Err(unavailable(error)),
                    (Ok(value), None) => Ok(value),
                    (Err(error), _) => Err(error),
                };
                let _nobody_waits = reply.send(outcome);
            })
        };
        let message = Message::Work(Work {
            writes,
            run: Box::new(run),
        });
        self.sender.send(message).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

fn serve(connection: Connection, mut receiver: mpsc::Receiver<Message>) {
    let mut closers = Vec::new();
    while let Some(first) = receiver.blocking_recv() {
        let mut group = Vec::new();
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Work(work) => group.push(work),
                Message::Close(done) => {
                    receiver.close();
                    closers.push(done);
                }
            }
            next = if group.len() < GROUP {
                receiver.try_recv().ok()
            } else {
                None
            };
        }
        run_group(&connection, group);
    }
    if let Err((_, error)) = connection.close() {
        tracing::warn!(%error, "the journal did not close cleanly");
    }
    for done in closers {
        let _nobody_waits = done.send(());
    }
}

fn run_group(connection: &Connection, group: Vec<Work>) {
    if group.is_empty() {
        return;
    }
    let writes = group.iter().any(|work| work.writes);
    let begin = if writes {
        "BEGIN IMMEDIATE"
    } else {
        "BEGIN DEFERRED"
    };
    if let Err(error) = connection.execute_batch(begin) {
        for work in group {
            (work.run)(Err(&error))(None);
        }
        return;
    }
    let settles: Vec<Settle> = group
        .into_iter()
        .map(|work| (work.run)(Ok(connection)))
        .collect();
    let ended = connection.execute_batch("COMMIT");
    if ended.is_err() && !connection.is_autocommit() {
        let _already_over = connection.execute_batch("ROLLBACK");
    }
    for settle in settles {
        settle(ended.as_ref().err());
    }
}

fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    connection.execute_batch("SAVEPOINT work")?;
    let outcome = work(connection);
    let end = if outcome.is_ok() {
        "RELEASE work"
    } else {
        "ROLLBACK TO work; RELEASE work"
    };
    connection.execute_batch(end)?;
    outcome
}

/// The journal's own failure, in words.
pub(super) fn unavailable(error: &rusqlite::Error) -> Error {
    Error::new(
        ErrorKind::StateUnavailable,
        "Journal",
        format!("The state database could not be used: {error}"),
    )
    .advise("Check that the data directory can be written and that the disk is not full")
}

fn closed() -> Error {
    Error::new(
        ErrorKind::StateUnavailable,
        "Journal",
        "The transfer queue is closed",
    )
}

fn internal(words: &'static str) -> Error {
    Error::new(ErrorKind::Internal, "Journal", words)
}

#[cfg(test)]
mod tests;
