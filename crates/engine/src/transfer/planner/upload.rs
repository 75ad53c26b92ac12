//! Planning an upload: the files, their keys, what these replace.

use std::path::{Path, PathBuf};

use super::super::journal::Journal;
use super::super::journal::rows::{Item, ItemState};
use super::super::source::blocking;
use super::walk::{Root, Seen, root, walk};
use super::words::marked;
use super::{ChangeRequest, Draft, Head, TransferOptions, found, nothing, reversible};
use crate::error::{Error, ErrorKind, Result};
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
        contents,
        policy,
    } = request
    else {
        return Err(nothing("upload"));
    };
    let from = source(&sources);
    let (mut roots, unreadable) = look_at(sources).await?;
    let title = title(&roots);
    if contents {
        for root in roots.iter_mut().filter(|root| root.is_folder) {
            root.name.clear();
        }
    }
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
        source: from,
        destination: format!("s3://{bucket}/{place}"),
        prefix: key.as_ref().map_or_else(|| prefix.clone(), parent_of),
        bucket,
        title,
        folder: None,
        policy,
        line,
    };
    let mut draft = Draft::begin(journal, store, head).await?;
    refuse_unreadable(&mut draft, &prefix, unreadable).await?;
    add_all(&mut draft, &prefix, key.as_ref(), &roots).await?;
    refuse_doubles(&mut draft, &roots).await?;
    let prefixes = listed(&prefix, &roots);
    found::mark(&mut draft, store, false, &prefixes).await?;
    let can_undo = if draft.sums().await?.conflicts == 0 {
        // What was new can be deleted again.
        Reversible::Yes
    } else {
        reversible(store, &draft.record.bucket).await
    };
    draft.finish(can_undo, options.part_size).await
}

/// The path that was named, or what several have in common.
fn source(sources: &[PathBuf]) -> String {
    let common = match sources {
        [one] => one.clone(),
        many => {
            let mut folders = many.iter().filter_map(|path| path.parent());
            let first = folders.next().unwrap_or(Path::new("/")).to_owned();
            folders.fold(first, |mut common, folder| {
                while !folder.starts_with(&common) && common.pop() {}
                common
            })
        }
    };
    common.display().to_string()
}

/// Keeps a named source that cannot be had as an item that failed.
async fn refuse_unreadable(
    draft: &mut Draft,
    prefix: &Prefix,
    unreadable: Vec<(PathBuf, Error)>,
) -> Result<()> {
    for (path, error) in unreadable {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let item = named(prefix, &name, path.clone())?;
        draft
            .leave_out(item, ItemState::Failed, error.to_string())
            .await?;
    }
    Ok(())
}

/// Adds what the sources hold, and says how many folders no key stands for.
async fn add_all(
    draft: &mut Draft,
    prefix: &Prefix,
    key: Option<&ObjectKey>,
    roots: &[Root],
) -> Result<()> {
    let mut empty = 0_u64;
    let mut seen = walk(roots.to_vec());
    while let Some(one) = seen.recv().await {
        match one {
            Seen::EmptyFolder => empty += 1,
            other => add(draft, prefix, key, other).await?,
        }
    }
    match empty {
        0 => {}
        1 => draft.warn("1 empty folder is not sent: S3 has no folders, only keys".to_owned()),
        many => draft.warn(format!(
            "{many} empty folders are not sent: S3 has no folders, only keys"
        )),
    }
    Ok(())
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
        draft.tell_left_out(format!("{doubles} are left out: {DOUBLE}"));
    }
    Ok(())
}

/// Looks at the named sources. One that cannot be had is an error when it is the only one, and an
/// item that failed when there are others.
async fn look_at(sources: Vec<PathBuf>) -> Result<(Vec<Root>, Vec<(PathBuf, Error)>)> {
    let looked = blocking(move || {
        let look = |path: PathBuf| (root(&path), path);
        Ok(sources.into_iter().map(look).collect::<Vec<_>>())
    });
    let (mut roots, mut errors) = (Vec::new(), Vec::new());
    for (looked, path) in looked.await? {
        match looked {
            Ok(root) => roots.push(root),
            Err(error) => errors.push((path, error)),
        }
    }
    if !roots.is_empty() {
        return Ok((roots, errors));
    }
    Err(errors
        .into_iter()
        .next()
        .map_or_else(|| nothing("upload"), |(_, error)| error))
}

async fn add(
    draft: &mut Draft,
    prefix: &Prefix,
    key: Option<&ObjectKey>,
    seen: Seen,
) -> Result<()> {
    let (path, relative, state, why) = match seen {
        Seen::EmptyFolder => return Ok(()),
        Seen::File {
            path,
            relative,
            size,
        } => {
            let chosen = match key {
                Some(key) => Ok(key.clone()),
                None => prefix.join(&relative),
            };
            if let Ok(key) = chosen {
                let mut item = Item::planned(key, size);
                item.local = Some(path);
                return draft.add(item).await;
            }
            let why = format!(
                "“{}” would have a key of more than 1024 bytes",
                path.display()
            );
            (path, relative, ItemState::Failed, why)
        }
        Seen::LeftOut {
            path,
            relative,
            why,
        } => (path, relative, ItemState::Skipped, why),
        Seen::Refused {
            path,
            relative,
            why,
        } => (path, relative, ItemState::Failed, why),
    };
    let item = named(prefix, &relative, path)?;
    draft.leave_out(item, state, why).await
}

/// A row for something that gets no key: its name as far as a key can carry it.
fn named(prefix: &Prefix, relative: &str, path: PathBuf) -> Result<Item> {
    let mut text = format!("{prefix}{relative}");
    let mut end = text.len().min(crate::model::MAX_KEY_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    let mut item = Item::planned(ObjectKey::parse(text)?, 0);
    item.local = Some(path);
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
        [one] if one.is_folder => marked(&format!("{}/", one.name)),
        [one] => marked(&one.name),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_sources_start_at_what_they_have_in_common() {
        let said = |paths: &[&str]| source(&paths.iter().map(PathBuf::from).collect::<Vec<_>>());
        assert_eq!(said(&["/a/b"]), "/a/b", "one is itself");
        assert_eq!(said(&["/a/b/c", "/a/b/d"]), "/a/b", "one folder");
        assert_eq!(said(&["/a/b/c", "/a/bc/d"]), "/a", "two folders");
        assert_eq!(said(&["/a", "/b/c"]), "/", "nothing");
    }
}
