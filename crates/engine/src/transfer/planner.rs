//! Finding out what a change would do: its items, what is in their way, what cannot be undone.
//!
//! A plan is written into the journal while it is found, so that a million objects need no memory;
//! what a person sees of it are counts, sentences and the first rows. Only the journal changes.

use super::journal::Journal;
use super::journal::plans;
use super::journal::rows::{Item, ItemState, PlanRecord, Standing};
use super::{ChangeRequest, TransferOptions, read_only};
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::identity::Actor;
use crate::model::{BucketName, PlanId, Prefix, SessionId};
use crate::plan::{ConflictPolicy, Fate, Operation, Plan, PlanRow, Reversible, SAMPLE_ROWS};
use crate::store::Store;

mod download;
mod found;
mod objects;
mod targets;
mod upload;
mod walk;
mod words;

/// Items that are written at once.
const BATCH: usize = 500;
/// Sentences about items that are kept; the rest is counted.
const MOST_WARNINGS: usize = 50;

/// Plans a change for a session's store.
///
/// # Errors
/// `ReadOnlySession`, `SourceUnreadable`, `BadName`, and what the store answers.
pub(crate) async fn plan(
    journal: &Journal,
    options: &TransferOptions,
    store: &Store,
    request: ChangeRequest,
) -> Result<Plan> {
    if !matches!(request, ChangeRequest::Download { .. }) && store.connection().read_only {
        return Err(read_only(store));
    }
    let line = line(&request);
    match request {
        ChangeRequest::Upload { .. } => upload::plan(journal, options, store, request, line).await,
        ChangeRequest::Download { .. } => {
            download::plan(journal, options, store, request, line).await
        }
        ChangeRequest::Delete { .. } => {
            objects::plan_delete(journal, options, store, request, line).await
        }
        ChangeRequest::Move { .. } => {
            objects::plan_move(journal, options, store, request, line).await
        }
    }
}

/// A request in one line, without its policy: the same request asked again has the same line.
pub(crate) fn line(request: &ChangeRequest) -> String {
    match request {
        ChangeRequest::Upload {
            session,
            bucket,
            prefix,
            key,
            sources,
            contents,
            ..
        } => {
            format!("upload {session} {bucket} {prefix:?} {key:?} {sources:?} {contents}")
        }
        ChangeRequest::Download {
            session,
            bucket,
            targets,
            folder,
            file_name,
            ..
        } => {
            format!("download {session} {bucket} {targets:?} {folder:?} {file_name:?}")
        }
        ChangeRequest::Delete {
            session,
            bucket,
            targets,
        } => {
            format!("delete {session} {bucket} {targets:?}")
        }
        ChangeRequest::Move {
            session,
            bucket,
            from,
            to,
        } => {
            format!("move {session} {bucket} {from:?} {to:?}")
        }
    }
}

/// The head of a plan that is being found.
struct Head {
    operation: Operation,
    session: SessionId,
    bucket: BucketName,
    prefix: Prefix,
    title: String,
    source: String,
    destination: String,
    folder: Option<std::path::PathBuf>,
    policy: ConflictPolicy,
    line: String,
}

/// A plan that is being found and written.
struct Draft {
    journal: Journal,
    record: PlanRecord,
    /// Whether writes will look first, since the server is not known to hold their conditions.
    looks: bool,
    number: u64,
    position: u64,
    batch: Vec<Item>,
    warnings: Vec<String>,
    left_out: Vec<String>,
    unsaid: u64,
    undecodable: words::Undecodable,
}

impl Draft {
    async fn begin(journal: &Journal, store: &Store, head: Head) -> Result<Self> {
        let record = PlanRecord {
            id: PlanId::fresh().into_string(),
            session: head.session,
            session_name: store.connection().name.clone(),
            operation: head.operation,
            title: head.title,
            source: Some(head.source),
            destination: head.destination,
            bucket: head.bucket,
            prefix: head.prefix,
            folder: head.folder,
            policy: head.policy,
            request: head.line,
        };
        let (row, actor) = (record.clone(), Actor::of(store).await);
        journal
            .write(move |db| {
                plans::insert(db, &row)?;
                plans::set_actor(db, &row.id, &actor)
            })
            .await?;
        Ok(Self {
            journal: journal.clone(),
            record,
            looks: !store.enforces_conditions(),
            number: 0,
            position: 0,
            batch: Vec::new(),
            warnings: Vec::new(),
            left_out: Vec::new(),
            unsaid: 0,
            undecodable: words::Undecodable::default(),
        })
    }

    async fn add(&mut self, mut item: Item) -> Result<()> {
        item.number = self.number;
        item.position = self.position;
        self.number += 1;
        self.position += item.size + 1;
        self.batch.push(item);
        if self.batch.len() >= BATCH {
            self.flush().await
        } else {
            Ok(())
        }
    }

    /// Adds an item that will not be carried out, with a sentence about it.
    async fn leave_out(&mut self, mut item: Item, state: ItemState, why: String) -> Result<()> {
        self.tell_left_out(why.clone());
        item.state = state;
        item.why.clone_from(&why);
        item.reason = Some(why);
        self.add(item).await
    }

    /// A sentence about the whole.
    fn warn(&mut self, sentence: String) {
        self.warnings.push(sentence);
    }

    /// A sentence about an item that is left out.
    fn tell_left_out(&mut self, sentence: String) {
        if self.left_out.len() < MOST_WARNINGS {
            self.left_out.push(sentence);
        } else {
            self.unsaid += 1;
        }
    }

    async fn flush(&mut self) -> Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let items = std::mem::take(&mut self.batch);
        let (plan, session) = (self.record.id.clone(), self.record.session.clone());
        self.journal
            .write(move |db| plans::insert_items(db, &plan, &session, &items))
            .await
    }

    /// What was counted so far.
    async fn sums(&mut self) -> Result<plans::Sums> {
        self.flush().await?;
        let id = self.record.id.clone();
        self.journal.read(move |db| plans::sums(db, &id)).await
    }

    /// Ends the finding: counts, first rows, sentences.
    async fn finish(mut self, reversible: Reversible, part_size: u64) -> Result<Plan> {
        self.flush().await?;
        let (id, operation) = (self.record.id.clone(), self.record.operation);
        let asked = plans::Asked {
            part_size,
            skips: self.record.policy == ConflictPolicy::Skip,
            looks: self.looks,
        };
        let (sums, requests, items) = self
            .journal
            .read(move |db| {
                let requests = plans::requests(db, &id, operation, &asked)?;
                Ok((
                    plans::sums(db, &id)?,
                    requests,
                    plans::items(db, &id, 0, SAMPLE_ROWS as u64)?,
                ))
            })
            .await?;
        if self.unsaid > 0 {
            self.left_out.push(format!(
                "{} more are left out for such reasons",
                self.unsaid
            ));
        }
        if let Some(sentence) = self.undecodable.sentence() {
            self.warnings.push(sentence);
        }
        let sample = items.iter().map(|item| row(&self.record, item)).collect();
        Ok(Plan {
            id: PlanId::new(self.record.id),
            operation: self.record.operation,
            session: self.record.session,
            title: self.record.title,
            destination: self.record.destination,
            items: sums.items - sums.skipped - sums.failed,
            bytes: sums.bytes,
            requests,
            conflicts: sums.conflicts,
            policy: self.record.policy,
            reversible,
            skipped: sums.skipped,
            failed: sums.failed,
            warnings: self.warnings,
            left_out: self.left_out,
            sample,
        })
    }
}

/// An item as a row of its plan.
pub(crate) fn row(plan: &PlanRecord, item: &Item) -> PlanRow {
    let (source, destination) = ends(plan, item);
    let why = if item.why.is_empty() {
        "new".to_owned()
    } else {
        item.why.clone()
    };
    PlanRow {
        source,
        destination,
        bytes: item.size,
        why,
        conflict: item.standing == Standing::Present,
        fate: match item.state {
            ItemState::Skipped => Fate::LeftOut,
            ItemState::Failed => Fate::Refused,
            _ => Fate::Goes,
        },
    }
}

/// What an item starts from and where it leads, for display.
pub(crate) fn ends(plan: &PlanRecord, item: &Item) -> (String, String) {
    let object = |key| Subject::Object(plan.bucket.clone(), key).to_string();
    let local = item.local.as_ref().map(|path| match &plan.folder {
        Some(folder) => folder.join(path).display().to_string(),
        None => path.display().to_string(),
    });
    match plan.operation {
        Operation::Upload => (local.unwrap_or_default(), object(item.key.clone())),
        Operation::Download => (object(item.key.clone()), local.unwrap_or_default()),
        Operation::Delete => (object(item.key.clone()), String::new()),
        Operation::Move => (
            object(item.key.clone()),
            item.to_key.clone().map(object).unwrap_or_default(),
        ),
    }
}

/// Whether what a bucket replaces or loses can be had back.
async fn reversible(store: &Store, bucket: &BucketName) -> Reversible {
    match store.versioning(&store.context(), bucket).await {
        Ok(Some(true)) => Reversible::Yes,
        Ok(Some(false)) => Reversible::No,
        Ok(None) | Err(_) => Reversible::Unknown,
    }
}

fn nothing(what: &str) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        "Plan",
        format!("Nothing was named to {what}"),
    )
}
