//! Planning a download: the objects, their local names, what these replace.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::super::Target;
use super::super::fingerprint::Fingerprint;
use super::super::journal::Journal;
use super::super::journal::plans;
use super::super::journal::rows::{BeforeImage, Item, ItemState, Standing};
use super::super::source::blocking;
use super::found::exists;
use super::targets::{Object, Targets};
use super::words::{address, common_parent, distinct, title};
use super::{ChangeRequest, Draft, Head, TransferOptions, nothing};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Timestamp;
use crate::names;
use crate::plan::{Operation, Plan, Reversible};
use crate::store::Store;

pub(super) async fn plan(
    journal: &Journal,
    options: &TransferOptions,
    store: &Store,
    request: ChangeRequest,
    line: String,
) -> Result<Plan> {
    let ChangeRequest::Download {
        session,
        bucket,
        targets,
        folder,
        file_name,
        policy,
    } = request
    else {
        return Err(nothing("download"));
    };
    if targets.is_empty() {
        return Err(nothing("download"));
    }
    if file_name.is_some() && !matches!(targets.as_slice(), [Target::Object(..)]) {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "Plan",
            "Only a single object can be downloaded under a name of its own",
        ));
    }
    let targets = distinct(&targets, false);
    let head = Head {
        operation: Operation::Download,
        session,
        bucket: bucket.clone(),
        prefix: common_parent(&targets),
        title: title(&bucket, &targets),
        source: address(&bucket, &targets),
        destination: folder.display().to_string(),
        folder: Some(folder.clone()),
        policy,
        line,
    };
    let mut draft = Draft::begin(journal, store, head).await?;
    let mut taken = Taken::default();
    let mut objects = Targets::of(store, &bucket, targets, ItemState::Failed);
    while let Some((target, page)) = objects.next(&mut draft).await? {
        let mut items = Vec::new();
        for object in page {
            let relative = relative(file_name.as_deref(), &target, &object);
            let number = draft.number + items.len() as u64;
            let local = taken.take(&mut draft, number, relative).await?;
            items.push(item(object, local));
        }
        for item in look_at(folder.clone(), items).await? {
            draft.add(item).await?;
        }
    }
    draft.finish(Reversible::Yes, options.part_size).await
}

/// Where an object lands below the folder, before names meet.
fn relative(file_name: Option<&str>, target: &Target, object: &Object) -> PathBuf {
    match (file_name, target) {
        (Some(name), _) => PathBuf::from(names::local_name(name)),
        (None, Target::Object(key, _)) => names::local_path(key.name()),
        (None, Target::Prefix(_)) => below(target, object),
    }
}

/// The path of an object of a prefix: from the prefix's own last segment on. A folder's marker
/// becomes the folder.
fn below(target: &Target, object: &Object) -> PathBuf {
    let start = match target {
        Target::Prefix(prefix) => prefix.parent().map_or(0, |parent| parent.as_str().len()),
        Target::Object(..) => 0,
    };
    let relative = object
        .key
        .as_str()
        .get(start..)
        .unwrap_or_else(|| object.key.as_str());
    match relative.strip_suffix('/') {
        Some(folder) if object.size == 0 => names::local_path(folder),
        _ => names::local_path(relative),
    }
}

fn item(object: Object, local: PathBuf) -> Item {
    let mut item = Item::planned(object.key, object.size);
    item.version = object.version;
    item.etag = object.etag;
    item.local = Some(local);
    item
}

/// Marks the items whose file exists.
async fn look_at(folder: PathBuf, items: Vec<Item>) -> Result<Vec<Item>> {
    blocking(move || {
        let mut items = items;
        for item in &mut items {
            let Some(local) = &item.local else { continue };
            let marker = item.key.as_str().ends_with('/') && item.size == 0;
            let Ok(metadata) = std::fs::symlink_metadata(folder.join(local)) else {
                continue;
            };
            if marker && metadata.is_dir() {
                continue;
            }
            item.standing = Standing::Present;
            item.why = exists(metadata.len());
            item.before = Some(BeforeImage {
                size: metadata.len(),
                etag: None,
                modified: metadata
                    .modified()
                    .map_or(0, |time| Timestamp::from(time).0),
                fingerprint: Some(Fingerprint::of(&metadata)),
            });
        }
        Ok(items)
    })
    .await
}

/// Names that the plan itself has given, so that no two items meet.
#[derive(Default)]
struct Taken {
    /// Files by path, with their item's number; folders without one.
    paths: HashMap<PathBuf, Option<u64>>,
}

impl Taken {
    /// The path that an item gets: its own, or one with a number where it would meet another. A
    /// file whose name is needed for a folder gives way.
    async fn take(&mut self, draft: &mut Draft, number: u64, path: PathBuf) -> Result<PathBuf> {
        for parent in path
            .ancestors()
            .skip(1)
            .filter(|p| !p.as_os_str().is_empty())
        {
            if let Some(Some(holder)) = self.paths.insert(parent.to_owned(), None) {
                let other = self.free(parent);
                self.paths.insert(other.clone(), Some(holder));
                draft.flush().await?;
                let plan = draft.record.id.clone();
                draft
                    .journal
                    .write(move |db| plans::set_local(db, &plan, holder, &other))
                    .await?;
            }
        }
        let path = if self.paths.contains_key(&path) {
            self.free(&path)
        } else {
            path
        };
        self.paths.insert(path.clone(), Some(number));
        Ok(path)
    }

    fn free(&self, path: &Path) -> PathBuf {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        (1..)
            .map(|n| path.with_file_name(names::numbered(name, n)))
            .find(|candidate| !self.paths.contains_key(candidate))
            .unwrap_or_else(|| path.to_owned())
    }
}
