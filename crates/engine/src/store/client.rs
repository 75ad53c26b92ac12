//! The client of one connection.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::capability::Capabilities;
use crate::error::Result;
use crate::model::{BucketName, ETag, ObjectKey, Prefix, Region, SessionId, UploadId, VersionId};
use crate::object::Grant;
use crate::store::{
    Body, BucketEntry, BucketPage, ByteRange, CompleteRequest, Connection, CopyRequest,
    DeleteOutcome, GetRequest, ListPage, ListRequest, ObjectHead, OpenUpload, PartReceipt,
    RequestContext, UploadRef, WriteCondition, WriteOptions, WriteReceipt,
};

/// One session's S3. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    connection: std::sync::Arc<Connection>,
    capabilities: std::sync::Arc<Capabilities>,
}

impl Store {
    /// A store on a connection; nothing is sent yet.
    ///
    /// # Errors
    /// `InvalidInput` when the endpoint is no http(s) URL.
    pub fn connect(connection: Connection) -> Result<Self> {
        Ok(Self {
            connection: std::sync::Arc::new(connection),
            capabilities: std::sync::Arc::default(),
        })
    }

    /// The session that acts.
    pub fn session(&self) -> &SessionId {
        &self.connection.session
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The plain context of its session.
    pub fn context(&self) -> RequestContext {
        RequestContext::of(self.connection.session.clone())
    }

    /// What the connection was found to be able to do.
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// See the operation of that name.
    pub async fn list_buckets(
        &self,
        _ctx: &RequestContext,
        _token: Option<&str>,
    ) -> Result<BucketPage> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn create_bucket(
        &self,
        _ctx: &RequestContext,
        _bucket: &BucketName,
        _region: Option<&Region>,
    ) -> Result<()> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn delete_bucket(&self, _ctx: &RequestContext, _bucket: &BucketName) -> Result<()> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn head_bucket(
        &self,
        _ctx: &RequestContext,
        _bucket: &BucketName,
    ) -> Result<BucketEntry> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn versioning(
        &self,
        _ctx: &RequestContext,
        _bucket: &BucketName,
    ) -> Result<Option<bool>> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn list_page(
        &self,
        _ctx: &RequestContext,
        _request: &ListRequest,
    ) -> Result<ListPage> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn head_object(
        &self,
        _ctx: &RequestContext,
        _bucket: &BucketName,
        _key: &ObjectKey,
        _version: Option<&VersionId>,
    ) -> Result<ObjectHead> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn object_tags(
        &self,
        _ctx: &RequestContext,
        _bucket: &BucketName,
        _key: &ObjectKey,
        _version: Option<&VersionId>,
    ) -> Result<BTreeMap<String, String>> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn object_grants(
        &self,
        _ctx: &RequestContext,
        _bucket: &BucketName,
        _key: &ObjectKey,
        _version: Option<&VersionId>,
    ) -> Result<Vec<Grant>> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn get_object(
        &self,
        _ctx: &RequestContext,
        _request: &GetRequest,
    ) -> Result<GetStream> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn put_object(
        &self,
        _ctx: &RequestContext,
        _bucket: &BucketName,
        _key: &ObjectKey,
        _body: &Body,
        _options: &WriteOptions,
        _condition: &WriteCondition,
    ) -> Result<WriteReceipt> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn create_upload(
        &self,
        _ctx: &RequestContext,
        _bucket: &BucketName,
        _key: &ObjectKey,
        _options: &WriteOptions,
    ) -> Result<UploadId> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn upload_part(
        &self,
        _ctx: &RequestContext,
        _upload: &UploadRef<'_>,
        _number: u32,
        _body: &Body,
    ) -> Result<PartReceipt> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn complete_upload(
        &self,
        _ctx: &RequestContext,
        _upload: &UploadRef<'_>,
        _request: &CompleteRequest,
    ) -> Result<WriteReceipt> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn abort_upload(&self, _ctx: &RequestContext, _upload: &UploadRef<'_>) -> Result<()> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn list_parts(
        &self,
        _ctx: &RequestContext,
        _upload: &UploadRef<'_>,
    ) -> Result<Vec<PartReceipt>> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn list_uploads(
        &self,
        _ctx: &RequestContext,
        _bucket: &BucketName,
        _prefix: &Prefix,
    ) -> Result<Vec<OpenUpload>> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn delete_object(
        &self,
        _ctx: &RequestContext,
        _bucket: &BucketName,
        _key: &ObjectKey,
        _version: Option<&VersionId>,
        _if_match: Option<&ETag>,
    ) -> Result<()> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn delete_objects(
        &self,
        _ctx: &RequestContext,
        _bucket: &BucketName,
        _keys: &[(ObjectKey, Option<VersionId>)],
    ) -> Result<Vec<DeleteOutcome>> {
        todo!()
    }
    /// See the operation of that name.
    pub async fn copy_object(
        &self,
        _ctx: &RequestContext,
        _request: &CopyRequest,
    ) -> Result<WriteReceipt> {
        todo!()
    }
}

/// The bytes of an object as they arrive.
#[derive(Debug)]
pub struct GetStream {
    /// What the answer says about the object; its size is the whole object's.
    pub head: ObjectHead,
    /// The bytes that the answer carries.
    pub range: ByteRange,
}

impl GetStream {
    /// The next bytes; none at the end.
    ///
    /// # Errors
    /// `Offline` when the body ends early, `Timeout` when nothing arrives for a while.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        todo!()
    }
}
