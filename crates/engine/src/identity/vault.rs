//! Where long-lived secrets are: the OS keychain, or this process's memory where there is none.
//!
//! Keychains block for as long as a person looks at an unlock dialog, and their answers may be
//! reordered when several threads ask. So one worker thread asks, one question at a time, and
//! whoever waits gives up after [`PATIENCE`]: the worker is then left to itself and the next
//! question gets a new one. Nobody ever joins it, so a keychain that hangs cannot hold the exit.
//! The platform's store is built when it is first needed and again after a failure, so that a
//! keychain that was locked or absent works once it is there, without a restart. When it answers
//! after nobody waits any more, since the person was slow to type the password, an event tells that
//! it is open.
//!
//! Invariant: a secret is never written anywhere but into the keychain. Nothing asks the keychain
//! merely to show a list, since asking may open an unlock dialog.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, oneshot};
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, ErrorKind, Result};
use crate::event::EngineEvent;
use crate::model::SessionId;

mod platform;

/// How long a keychain may take to answer. An unlocked one takes milliseconds; a locked one waits
/// for a person, who may take any time and can try again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Turns the keychain off (`memory`), for systems whose keychain must not be used.
const SWITCH: &str = "LONGSHORE_KEYCHAIN";

/// Secrets by session. Shared by reference.
#[derive(Debug)]
pub(super) struct Vault {
    service: String,
    off: bool,
    worker: Mutex<Option<mpsc::Sender<Question>>>,
    memory: Mutex<HashMap<SessionId, Secret>>,
    /// Sessions whose secret was looked for and is not there.
    lacking: Mutex<HashSet<SessionId>>,
    events: broadcast::Sender<EngineEvent>,
}

/// A secret access key, and the token of temporary keys.
#[derive(Clone)]
pub(super) struct Secret {
    pub(super) key: Zeroizing<String>,
    pub(super) token: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where a secret went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Keychain,
    Memory,
}

impl Vault {
    /// A vault over the keychain items of one service name; nothing is asked yet.
    pub(super) fn new(
        service: &str,
        environment: super::environment::Environment<'_>,
        events: broadcast::Sender<EngineEvent>,
    ) -> Self {
        Self {
            service: service.to_owned(),
            off: environment.get(SWITCH) == Some("memory"),
            worker: Mutex::default(),
            memory: Mutex::default(),
            lacking: Mutex::default(),
            events,
        }
    }

    /// Keeps a session's secret: in the keychain, or in memory when there is none. Temporary keys
    /// are kept in memory, since they are of no use after a restart.
    ///
    /// # Errors
    /// `KeychainLocked`, and then nothing is kept.
    pub(super) async fn keep(&self, id: &SessionId, secret: Secret) -> Result<Kept> {
        if secret.token.is_none() && !self.off {
            match self.ask(id, Ask::Set(envelope(&secret.key)?)).await {
                Ok(_) => {
                    self.memory().remove(id);
                    self.lacking().remove(id);
                    return Ok(Kept::Keychain);
                }
                Err(Failure::Absent(why)) => {
                    tracing::info!(why, "no keychain; the secret is kept in memory");
                }
                Err(failure) => return Err(failure.error("SaveSecret")),
            }
        }
        self.memory().insert(id.clone(), secret);
        self.lacking().remove(id);
        Ok(Kept::Memory)
    }

    /// A session's secret; none when nobody kept one.
    ///
    /// # Errors
    /// `KeychainLocked`, `KeychainAbsent`.
    pub(super) async fn secret(&self, id: &SessionId) -> Result<Option<Secret>> {
        if let Some(secret) = self.memory().get(id) {
            return Ok(Some(secret.clone()));
        }
        let asked = if self.off {
            Ok(None)
        } else {
            self.ask(id, Ask::Get).await
        };
        if matches!(asked, Ok(None) | Err(Failure::Absent(_))) {
            self.lacking().insert(id.clone());
        } else {
            self.lacking().remove(id);
        }
        let found = asked.map_err(|f| f.error("ReadSecret"))?;
        found.map(|bytes| opened(&bytes)).transpose()
    }

    /// Whether there is a keychain, be it locked; opens no dialog.
    pub(super) async fn has_keychain(&self) -> bool {
        if self.off {
            return false;
        }
        let nobody = SessionId::new("nobody");
        !matches!(self.ask(&nobody, Ask::Look).await, Err(Failure::Absent(_)))
    }

    /// Forgets a session's secret.
    ///
    /// # Errors
    /// `KeychainLocked`: the item is still there.
    pub(super) async fn forget(&self, id: &SessionId) -> Result<()> {
        self.memory().remove(id);
        if self.off {
            return Ok(());
        }
        match self.ask(id, Ask::Delete).await {
            Ok(_) | Err(Failure::Absent(_)) => Ok(()),
            Err(failure) => Err(failure.error("ForgetSecret")),
        }
    }

    /// Whether a session's secret is in this process's memory.
    pub(super) fn remembers(&self, id: &SessionId) -> bool {
        self.memory().contains_key(id)
    }

    /// Whether a session's secret was looked for and is nowhere.
    pub(super) fn lacks(&self, id: &SessionId) -> bool {
        self.lacking().contains(id)
    }

    async fn ask(&self, id: &SessionId, ask: Ask) -> Result<Answer, Failure> {
        let (reply, answer) = oneshot::channel();
        let mut question = Question {
            account: id.as_str().to_owned(),
            ask,
            reply,
        };
        // The worker ends only by a panic of a store; the question then goes to a new one.
        for _ in 0..2 {
            match self.worker()?.send(question) {
                Ok(()) => return self.wait(answer).await,
                Err(mpsc::SendError(unsent)) => {
                    question = unsent;
                    self.abandon();
                }
            }
        }
        Err(Failure::Other(
            "the keychain's thread does not start".to_owned(),
        ))
    }

    async fn wait(
        &self,
        answer: oneshot::Receiver<Result<Answer, Failure>>,
    ) -> Result<Answer, Failure> {
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => {
                self.abandon();
                Err(Failure::Other("the keychain's store failed".to_owned()))
            }
            Err(_) => {
                self.abandon();
                Err(Failure::Locked(format!(
                    "it did not answer within {} s",
                    PATIENCE.as_secs()
                )))
            }
        }
    }

    fn worker(&self) -> Result<mpsc::Sender<Question>, Failure> {
        let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = &*worker {
            return Ok(sender.clone());
        }
        let (sender, questions) = mpsc::channel();
        let (service, events) = (self.service.clone(), self.events.clone());
        std::thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || answer_all(&service, &questions, &events))
            .map_err(|e| Failure::Other(e.to_string()))?;
        *worker = Some(sender.clone());
        Ok(sender)
    }

    fn abandon(&self) {
        *self.worker.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn memory(&self) -> MutexGuard<'_, HashMap<SessionId, Secret>> {
        // A panic while the lock was held leaves a map that is still whole.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lacking(&self) -> MutexGuard<'_, HashSet<SessionId>> {
        self.lacking.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Answer = Option<Zeroizing<Vec<u8>>>;

struct Question {
    account: String,
    ask: Ask,
    reply: oneshot::Sender<Result<Answer, Failure>>,
}

enum Ask {
    /// Whether anybody answers.
    Look,
    Get,
    Set(Zeroizing<Vec<u8>>),
    Delete,
}

/// Why the keychain did not do it.
#[derive(Debug)]
enum Failure {
    Locked(String),
    Absent(String),
    Other(String),
}

impl Failure {
    fn error(self, operation: &'static str) -> Error {
        match self {
            Self::Locked(why) => Error::new(
                ErrorKind::KeychainLocked,
                operation,
                format!("The keychain is locked ({why})"),
            )
            .advise("Unlock it (its own dialog may be open behind this window), then try again"),
            Self::Absent(why) => Error::new(
                ErrorKind::KeychainAbsent,
                operation,
                format!("There is no keychain on this system ({why})"),
            )
            .advise("Enter the secret again; it is then kept in memory until Longshore ends"),
            Self::Other(why) => Error::new(
                ErrorKind::KeychainAbsent,
                operation,
                format!("The keychain failed ({why})"),
            )
            .advise("Try again; if it stays so, restart the keychain"),
        }
    }

    fn of(error: &keyring_core::Error) -> Self {
        use keyring_core::Error as E;
        match error {
            E::NoStorageAccess(why) => Self::Locked(why.to_string()),
            E::NoDefaultStore => Self::Absent("none is set up".to_owned()),
            // The other kinds may carry the item's bytes, so only this one's text is taken.
            E::PlatformFailure(why) => Self::Other(why.to_string()),
            E::TooLong(_, limit) => Self::Other(format!("it takes at most {limit} characters")),
            E::Ambiguous(_) => Self::Other("it holds several items for this session".to_owned()),
            _ => Self::Other("it holds something that Longshore did not write".to_owned()),
        }
    }
}

/// The worker: one question at a time until nobody can ask any more.
fn answer_all(
    service: &str,
    questions: &mpsc::Receiver<Question>,
    events: &broadcast::Sender<EngineEvent>,
) {
    let mut store = None;
    while let Ok(Question {
        account,
        ask,
        reply,
    }) = questions.recv()
    {
        // Whoever gave up waiting must not find the keychain changed later.
        if reply.is_closed() {
            continue;
        }
        let fresh = store.is_none();
        let mut answer = answer_one(&mut store, service, &account, &ask);
        if !fresh && matches!(answer, Err(Failure::Other(_))) {
            // The keychain may have been restarted since the store was built.
            store = None;
            answer = answer_one(&mut store, service, &account, &ask);
        }
        if answer.is_err() {
            store = None;
        }
        give(reply, answer, events);
    }
}

/// Gives an answer to whoever waits for it. Where nobody waited for as long as a person took to
/// unlock the keychain, that it is open now is told instead.
fn give(
    reply: oneshot::Sender<Result<Answer, Failure>>,
    answer: Result<Answer, Failure>,
    events: &broadcast::Sender<EngineEvent>,
) {
    if let Err(Ok(_)) = reply.send(answer) {
        let _nobody_listens = events.send(EngineEvent::SignedIn(None));
    }
}

fn answer_one(
    store: &mut Option<platform::Store>,
    service: &str,
    account: &str,
    ask: &Ask,
) -> Result<Answer, Failure> {
    if matches!(ask, Ask::Look) {
        // A connection that was made earlier would answer for a keychain that is gone.
        *store = None;
    }
    let store = match store {
        Some(store) => store,
        empty => empty.insert(platform::open().map_err(|e| Failure::Absent(e.to_string()))?),
    };
    let entry = platform::entry(store, service, account).map_err(|e| Failure::of(&e))?;
    let done = match ask {
        Ask::Look => Ok(None),
        Ask::Get => entry.get_secret().map(|bytes| Some(Zeroizing::new(bytes))),
        Ask::Set(bytes) => entry.set_secret(bytes).map(|()| None),
        Ask::Delete => entry.delete_credential().map(|()| None),
    };
    match done {
        Err(keyring_core::Error::NoEntry) => Ok(None),
        other => other.map_err(|e| Failure::of(&e)),
    }
}

/// What one keychain item holds: JSON, so that more can be added without another item (each item
/// of another name may cost the person one more dialog).
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    version: u32,
    secret_access_key: String,
}

impl Drop for Envelope {
    fn drop(&mut self) {
        self.secret_access_key.zeroize();
    }
}

fn envelope(key: &str) -> Result<Zeroizing<Vec<u8>>> {
    let envelope = Envelope {
        version: 1,
        secret_access_key: key.to_owned(),
    };
    serde_json::to_vec(&envelope)
        .map(Zeroizing::new)
        .map_err(|_| {
            Error::new(
                ErrorKind::Internal,
                "SaveSecret",
                "The secret could not be wrapped",
            )
        })
}

fn opened(bytes: &[u8]) -> Result<Secret> {
    // The parser's own error would quote what it read.
    let Ok(mut envelope) = serde_json::from_slice::<Envelope>(bytes) else {
        return Err(Error::new(
            ErrorKind::NeedsSignIn,
            "ReadSecret",
            "The keychain's item of this session is not one that Longshore wrote",
        )
        .advise("Edit the session and enter the secret again"));
    };
    let key = Zeroizing::new(std::mem::take(&mut envelope.secret_access_key));
    Ok(Secret { key, token: None })
}

#[cfg(test)]
mod tests;
