//! The objects behind targets, page by page.
//!
//! Of several targets one that is not there is left out with a sentence and the others go on; where
//! nothing of what was named is there, that is the answer. A server that lists what was not asked
//! for, or lists in circles, ends the plan.

use super::super::Target;
use super::super::journal::rows::{Item, ItemState};
use super::Draft;
use super::words::Undecodable;
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::model::{BucketName, ETag, ObjectKey, Timestamp, VersionId};
use crate::store::{ListRequest, Pages, RowKind, Store};

/// The objects behind several targets, each page with the target that it belongs to.
pub(super) struct Targets<'a> {
    store: &'a Store,
    bucket: BucketName,
    waiting: std::vec::IntoIter<Target>,
    current: Option<(Target, Objects<'a>)>,
    several: bool,
    /// What becomes of one that is not there.
    absent: ItemState,
    any: bool,
    missing: Option<Error>,
}

impl<'a> Targets<'a> {
    pub(super) fn of(
        store: &'a Store,
        bucket: &BucketName,
        targets: Vec<Target>,
        absent: ItemState,
    ) -> Self {
        Self {
            store,
            bucket: bucket.clone(),
            several: targets.len() > 1,
            waiting: targets.into_iter(),
            current: None,
            absent,
            any: false,
            missing: None,
        }
    }

    /// The next objects; none at the end.
    ///
    /// # Errors
    /// `NoSuchKey` when nothing of what was named is there, and what the server answers.
    pub(super) async fn next(
        &mut self,
        draft: &mut Draft,
    ) -> Result<Option<(Target, Vec<Object>)>> {
        loop {
            let Some((target, objects)) = &mut self.current else {
                let Some(target) = self.waiting.next() else {
                    return match self.missing.take() {
                        Some(error) if !self.any => Err(error),
                        _ => Ok(None),
                    };
                };
                let objects = Objects::of(self.store, &self.bucket, &target);
                self.current = Some((target, objects));
                continue;
            };
            match objects.next().await {
                Ok(Some(page)) => {
                    self.any = true;
                    return Ok(Some((target.clone(), page)));
                }
                Ok(None) => {
                    if let Some((_, objects)) = self.current.take() {
                        draft.undecodable.join(objects.undecodable());
                    }
                }
                Err(error) if self.several && error.kind() == ErrorKind::NoSuchKey => {
                    let (target, _) = (target.clone(), self.current.take());
                    self.leave_out(draft, &target).await?;
                    self.missing.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn leave_out(&self, draft: &mut Draft, target: &Target) -> Result<()> {
        let Target::Object(key, version) = target else {
            return Ok(());
        };
        let mut item = Item::planned(key.clone(), 0);
        item.version.clone_from(version);
        let why = format!("There is no object “s3://{}/{key}”", self.bucket);
        draft.leave_out(item, self.absent, why).await
    }
}

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
struct Objects<'a> {
    store: &'a Store,
    next: Next,
    bucket: BucketName,
    pages: Pages,
    undecodable: Undecodable,
}

enum Next {
    One(ObjectKey, Option<VersionId>),
    Page(ListRequest),
    End,
}

impl<'a> Objects<'a> {
    fn of(store: &'a Store, bucket: &BucketName, target: &Target) -> Self {
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
            pages: Pages::default(),
            undecodable: Undecodable::default(),
        }
    }

    /// The next objects; none at the end.
    async fn next(&mut self) -> Result<Option<Vec<Object>>> {
        match std::mem::replace(&mut self.next, Next::End) {
            Next::End => Ok(None),
            Next::One(key, version) => self.one(key, version).await.map(|one| Some(vec![one])),
            Next::Page(request) => self.page(request).await.map(Some),
        }
    }

    /// The keys that were met and cannot be decoded, so that nothing can be done to them.
    fn undecodable(self) -> Undecodable {
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
        if let Some(token) = self.pages.after(&page)? {
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
