//! Planning what starts from objects: deletes and moves, and the objects behind targets.

use super::super::Target;
use super::super::journal::Journal;
use super::super::journal::plans;
use super::super::journal::rows::{BeforeImage, Item, ItemState};
use super::super::rename::{MOST_COPIED, too_large};
use super::found::{mark, next_token};
use super::words::{Undecodable, common_parent, title};
use super::{ChangeRequest, Draft, Head, nothing, reversible};
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::model::{BucketName, ETag, ObjectKey, Prefix, Timestamp, VersionId};
use crate::plan::{ConflictPolicy, Operation, Plan, Reversible};
use crate::store::{ListRequest, RowKind, Store};

/// An object behind a target.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) key: ObjectKey,
    pub(super) version: Option<VersionId>,
    pub(super) size: u64,
    pub(super) etag: Option<ETag>,
    pub(super) modified: Timestamp,
}

/// The objects behind a target, page by page.
pub(super) struct Objects<'a> {
    store: &'a Store,
    next: Next,
    bucket: BucketName,
    undecodable: Undecodable,
}

enum Next {
    One(ObjectKey, Option<VersionId>),
    Page(ListRequest),
    End,
}

impl<'a> Objects<'a> {
    pub(super) fn of(store: &'a Store, bucket: &BucketName, target: &Target) -> Self {
        let next = match target {
            Target::Object(key, version) => Next::One(key.clone(), version.clone()),
            Target::Prefix(prefix) => Next::Page(ListRequest {
                bucket: bucket.clone(),
                prefix: prefix.clone(),
                delimiter: None,
                start_after: None,
                token: None,
                max_keys: 1000,
            }),
        };
        Self {
            store,
            next,
            bucket: bucket.clone(),
            undecodable: Undecodable::default(),
        }
    }

    /// The next objects; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Object>>> {
        match std::mem::replace(&mut self.next, Next::End) {
            Next::End => Ok(None),
            Next::One(key, version) => self.one(key, version).await.map(|one| Some(vec![one])),
            Next::Page(request) => self.page(request).await.map(Some),
        }
    }

    /// The keys that were met and cannot be decoded, so that nothing can be done to them.
    pub(super) fn undecodable(self) -> Undecodable {
        self.undecodable
    }

    async fn one(&self, key: ObjectKey, version: Option<VersionId>) -> Result<Object> {
        let context = self.store.context();
        let head = self
            .store
            .head_object(&context, &self.bucket, &key, version.as_ref())
            .await?;
        Ok(Object {
            key,
            version,
            size: head.size,
            etag: head.etag,
            modified: head.modified.unwrap_or(Timestamp(0)),
        })
    }

    async fn page(&mut self, mut request: ListRequest) -> Result<Vec<Object>> {
        let page = self
            .store
            .list_page(&self.store.context(), &request)
            .await?;
        let text = |range: &std::ops::Range<u32>| {
            page.arena
                .get(range.start as usize..range.end as usize)
                .unwrap_or_default()
        };
        let mut objects = Vec::with_capacity(page.rows.len());
        for row in page.rows.iter().filter(|row| row.kind == RowKind::Object) {
            let key = ObjectKey::parse(text(&row.key))?;
            if !key.as_str().starts_with(request.prefix.as_str()) {
                return Err(astray(&request, &key));
            }
            objects.push(Object {
                key,
                version: None,
                size: row.size,
                etag: ETag::from_header(text(&row.etag)),
                modified: row.modified,
            });
        }
        for key in &page.undecodable {
            self.undecodable.meet(key);
        }
        if let Some(token) = next_token(&request, page)? {
            request.token = Some(token);
            self.next = Next::Page(request);
        }
        Ok(objects)
    }
}

/// A server or a proxy that drops the prefix lists the whole bucket, and that is what would be
/// deleted or moved.
fn astray(request: &ListRequest, key: &ObjectKey) -> Error {
    let asked = Subject::Named(format!("s3://{}/{}", request.bucket, request.prefix));
    Error::new(
        ErrorKind::NotS3,
        "ListObjectsV2",
        format!("Asked what is below {asked}, the server named {key}; nothing was planned"),
    )
    .about(asked)
    .advise("The server or a proxy before it does not list prefixes as S3 does")
}

pub(super) async fn plan_delete(
    journal: &Journal,
    store: &Store,
    request: ChangeRequest,
    line: String,
) -> Result<Plan> {
    let ChangeRequest::Delete {
        session,
        bucket,
        targets,
    } = request
    else {
        return Err(nothing("delete"));
    };
    if targets.is_empty() {
        return Err(nothing("delete"));
    }
    let head = Head {
        operation: Operation::Delete,
        session,
        bucket: bucket.clone(),
        prefix: common_parent(&targets),
        title: title(&targets),
        destination: format!("s3://{bucket}/{}", common_parent(&targets)),
        folder: None,
        policy: ConflictPolicy::Overwrite,
        line,
    };
    let mut draft = Draft::begin(journal, store, head).await?;
    let mut versions = false;
    for target in &targets {
        let mut objects = Objects::of(store, &bucket, target);
        while let Some(page) = objects.next().await? {
            for object in page {
                versions |= object.version.is_some();
                draft.add(removed(object)).await?;
            }
        }
        draft.undecodable.join(objects.undecodable());
    }
    // A version that is named is gone for good, also where versions are kept.
    let can_undo = if versions {
        Reversible::No
    } else {
        reversible(store, &bucket).await
    };
    if versions {
        draft.warn("A version that is deleted cannot be had back".to_owned());
    } else if can_undo == Reversible::No {
        draft.warn("The bucket keeps no versions: what is deleted cannot be had back".to_owned());
    }
    draft.finish(can_undo, None).await
}

fn removed(object: Object) -> Item {
    let mut item = Item::planned(object.key, object.size);
    item.version = object.version;
    item.before = Some(BeforeImage {
        size: object.size,
        etag: object.etag.as_ref().map(|etag| etag.as_str().to_owned()),
        modified: object.modified.0,
        fingerprint: None,
    });
    item.etag = object.etag;
    item.why = format!("removes {} bytes", object.size);
    item
}

pub(super) async fn plan_move(
    journal: &Journal,
    store: &Store,
    request: ChangeRequest,
    line: String,
) -> Result<Plan> {
    let ChangeRequest::Move {
        session,
        bucket,
        from,
        to,
    } = request
    else {
        return Err(nothing("move"));
    };
    refuse_nonsense(&from, &to)?;
    let targets = [from];
    let head = Head {
        operation: Operation::Move,
        session,
        bucket: bucket.clone(),
        prefix: common_parent(&[targets[0].clone(), Target::Prefix(Prefix::new(to.as_str()))]),
        title: title(&targets),
        destination: format!("s3://{bucket}/{to}"),
        folder: None,
        policy: ConflictPolicy::Ask,
        line,
    };
    let mut draft = Draft::begin(journal, store, head).await?;
    let mut objects = Objects::of(store, &bucket, &targets[0]);
    while let Some(page) = objects.next().await? {
        for object in page {
            let item = moved(&targets[0], &to, object)?;
            if item.size > MOST_COPIED {
                let why = too_large(&item).to_string();
                draft.leave_out(item, ItemState::Failed, why).await?;
            } else {
                draft.add(item).await?;
            }
        }
    }
    draft.undecodable.join(objects.undecodable());
    let place = match &targets[0] {
        Target::Prefix(_) => (Prefix::new(to), false),
        Target::Object(..) => (
            Prefix::new(to).parent().unwrap_or_else(|| Prefix::new("")),
            true,
        ),
    };
    mark(&mut draft, store, true, &[place]).await?;
    let id = draft.record.id.clone();
    let conflicts = journal
        .read(move |db| plans::sums(db, &id))
        .await?
        .conflicts;
    let can_undo = if conflicts == 0 {
        Reversible::Yes
    } else {
        reversible(store, &bucket).await
    };
    draft.finish(can_undo, None).await
}

fn moved(from: &Target, to: &str, object: Object) -> Result<Item> {
    let start = match from {
        Target::Prefix(prefix) => prefix.as_str().len(),
        Target::Object(key, _) => key.as_str().len(),
    };
    let rest = object.key.as_str().get(start..).unwrap_or_default();
    let mut item = Item::planned(object.key.clone(), object.size);
    item.to_key = Some(ObjectKey::parse(format!("{to}{rest}"))?);
    item.etag = object.etag;
    Ok(item)
}

fn refuse_nonsense(from: &Target, to: &str) -> Result<()> {
    let words = match from {
        Target::Object(_, Some(_)) => "An old version cannot be moved",
        Target::Object(key, None) if key.as_str() == to => "It has this key already",
        Target::Object(..) if to.is_empty() => "An object needs a key",
        Target::Prefix(prefix) if to.starts_with(prefix.as_str()) => {
            "A folder cannot be moved into itself"
        }
        Target::Prefix(prefix) if prefix.as_str().is_empty() => "A whole bucket cannot be moved",
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::InvalidInput, "Plan", words))
}
