//! Planning an upload: the files, their keys, what these replace.

use std::path::PathBuf;

use super::super::journal::Journal;
use super::super::journal::rows::{Item, ItemState};
use super::super::source::blocking;
use super::walk::{Root, Seen, root, walk};
use super::{ChangeRequest, Draft, Head, TransferOptions, found, nothing, reversible};
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::model::{ObjectKey, Prefix};
use crate::plan::{Operation, Plan, Reversible};
use crate::store::Store;

/// Why a file is left out whose key is taken within the plan.
const DOUBLE: &str = "another file of this upload has the same key";

pub(super) async fn plan(
    journal: &Journal,
    options: &TransferOptions,
    store: &Store,
    request: ChangeRequest,
    line: String,
) -> Result<Plan> {
    let ChangeRequest::Upload {
        session,
        bucket,
        prefix,
        key,
        sources,
        policy,
    } = request
    else {
        return Err(nothing("upload"));
    };
    let (roots, unreadable) = look_at(sources).await?;
    if key.is_some() && !matches!(roots.as_slice(), [one] if !one.is_folder) {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "Plan",
            "Only a single file can be uploaded under a key of its own",
        ));
    }
    let place = key
        .as_ref()
        .map_or_else(|| prefix.as_str(), ObjectKey::as_str);
    let head = Head {
        operation: Operation::Upload,
        session,
        destination: format!("s3://{bucket}/{place}"),
        prefix: key.as_ref().map_or_else(|| prefix.clone(), parent_of),
        bucket,
        title: title(&roots),
        folder: None,
        policy,
        line,
    };
    let mut draft = Draft::begin(journal, store, head).await?;
    for error in unreadable {
        let shown = error.subject().map(Subject::to_string).unwrap_or_default();
        let item = named(&prefix, &shown)?;
        draft
            .leave_out(item, ItemState::Failed, error.to_string())
            .await?;
    }
    let mut seen = walk(roots.clone());
    while let Some(one) = seen.recv().await {
        add(&mut draft, &prefix, key.as_ref(), one).await?;
    }
    refuse_doubles(&mut draft, &roots).await?;
    let prefixes = listed(&prefix, &roots);
    found::mark(&mut draft, store, false, &prefixes).await?;
    draft.flush().await?;
    let id = draft.record.id.clone();
    let sums = journal.read(move |db| super::plans::sums(db, &id)).await?;
    let can_undo = if sums.conflicts == 0 {
        // What was new can be deleted again.
        Reversible::Yes
    } else {
        reversible(store, &draft.record.bucket).await
    };
    draft.finish(can_undo, Some(options.part_size)).await
}

/// Two files may lead to one key when they were named in different folders. Only the first goes, or
/// the second would replace it as soon as it was there.
async fn refuse_doubles(draft: &mut Draft, roots: &[Root]) -> Result<()> {
    if roots.len() < 2 {
        return Ok(());
    }
    draft.flush().await?;
    let id = draft.record.id.clone();
    let doubles = draft
        .journal
        .write(move |db| super::plans::fail_doubles(db, &id, DOUBLE))
        .await?;
    if doubles > 0 {
        draft.warn(format!("{doubles} are left out: {DOUBLE}"));
    }
    Ok(())
}

/// Looks at the named sources. One that cannot be had is an error when it is the only one, and an
/// item that failed when there are others.
async fn look_at(sources: Vec<PathBuf>) -> Result<(Vec<Root>, Vec<Error>)> {
    let looked = blocking(move || Ok(sources.iter().map(|path| root(path)).collect::<Vec<_>>()));
    let (mut roots, mut errors) = (Vec::new(), Vec::new());
    for one in looked.await? {
        match one {
            Ok(root) => roots.push(root),
            Err(error) => errors.push(error),
        }
    }
    if !roots.is_empty() {
        return Ok((roots, errors));
    }
    Err(errors
        .into_iter()
        .next()
        .unwrap_or_else(|| nothing("upload")))
}

async fn add(
    draft: &mut Draft,
    prefix: &Prefix,
    key: Option<&ObjectKey>,
    seen: Seen,
) -> Result<()> {
    match seen {
        Seen::File {
            path,
            relative,
            size,
        } => {
            let chosen = match key {
                Some(key) => Ok(key.clone()),
                None => prefix.join(&relative),
            };
            match chosen {
                Ok(key) => {
                    let mut item = Item::planned(key, size);
                    item.local = Some(path);
                    draft.add(item).await
                }
                Err(_) => {
                    let why = format!(
                        "{}: its key would have more than 1024 bytes",
                        path.display()
                    );
                    draft
                        .leave_out(named(prefix, &relative)?, ItemState::Failed, why)
                        .await
                }
            }
        }
        Seen::LeftOut { relative, why } => {
            draft
                .leave_out(named(prefix, &relative)?, ItemState::Skipped, why)
                .await
        }
        Seen::Refused { relative, why } => {
            draft
                .leave_out(named(prefix, &relative)?, ItemState::Failed, why)
                .await
        }
    }
}

/// A row for something that gets no key: its name as far as a key can carry it.
fn named(prefix: &Prefix, relative: &str) -> Result<Item> {
    let mut text = format!("{prefix}{relative}");
    let mut end = text.len().min(crate::model::MAX_KEY_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    let mut item = Item::planned(ObjectKey::parse(text)?, 0);
    item.local = Some(PathBuf::from(relative));
    Ok(item)
}

/// Where the items of these sources lie: each folder's own prefix, and the level of loose files.
fn listed(prefix: &Prefix, roots: &[Root]) -> Vec<(Prefix, bool)> {
    let mut prefixes = Vec::new();
    if roots.iter().any(|root| !root.is_folder) {
        prefixes.push((prefix.clone(), true));
    }
    for root in roots.iter().filter(|root| root.is_folder) {
        let below = if root.name.is_empty() {
            String::new()
        } else {
            format!("{}/", root.name)
        };
        prefixes.push((Prefix::new(format!("{prefix}{below}")), false));
    }
    prefixes
}

fn title(roots: &[Root]) -> String {
    match roots {
        [one] if one.is_folder => format!("{}/", one.name),
        [one] => one.name.clone(),
        many if many.iter().all(|root| !root.is_folder) => format!("{} files", many.len()),
        many if many.iter().all(|root| root.is_folder) => format!("{} folders", many.len()),
        many => format!("{} files and folders", many.len()),
    }
}

fn parent_of(key: &ObjectKey) -> Prefix {
    Prefix::new(key.as_str())
        .parent()
        .unwrap_or_else(|| Prefix::new(""))
}
