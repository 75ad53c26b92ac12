//! What a case stands on: a server, a store on it, a bucket of its own.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use bytes::Bytes;
use longshore_engine::model::{BucketName, ObjectKey, Prefix, Region, SessionId};
use longshore_engine::store::{
    Body, Connection, Crc64, GetStream, ListPage, ListRequest, ListedRow, PathStyle,
    RequestContext, RowKind, Store, WriteCondition, WriteOptions, WriteReceipt,
};
use longshore_tests::s3::Keys;
use longshore_tests::servers::{Moto, SeaweedFs, Server};

/// A server and a store that acts on it as its administrator.
pub(crate) struct Ground {
    pub(crate) server: Server,
    pub(crate) store: Store,
    pub(crate) ctx: RequestContext,
}

pub(crate) fn seaweedfs() -> Ground {
    Ground::on(SeaweedFs::shared().unwrap().server())
}

pub(crate) fn moto() -> Ground {
    Ground::on(Moto::shared().unwrap().server())
}

impl Ground {
    pub(crate) fn on(server: &Server) -> Self {
        let keys = Keys::new(server.access_key(), server.secret_key());
        let store = store(server.endpoint(), server.region(), Some(&keys));
        Self {
            server: server.clone(),
            ctx: store.context(),
            store,
        }
    }

    /// An empty bucket that no other test has.
    pub(crate) async fn bucket(&self, purpose: &str) -> BucketName {
        BucketName::parse(self.server.fresh_bucket(purpose).await.unwrap()).unwrap()
    }

    /// Writes an object and gives what the server answered.
    pub(crate) async fn put(&self, bucket: &BucketName, name: &str, text: &str) -> WriteReceipt {
        let options = WriteOptions::default();
        self.put_with(bucket, name, text, &options, &WriteCondition::None)
            .await
            .unwrap()
    }

    pub(crate) async fn put_with(
        &self,
        bucket: &BucketName,
        name: &str,
        text: &str,
        options: &WriteOptions,
        condition: &WriteCondition,
    ) -> longshore_engine::Result<WriteReceipt> {
        let body = body(text.as_bytes().to_vec());
        self.store
            .put_object(&self.ctx, bucket, &key(name), &body, options, condition)
            .await
    }

    /// One page of a folder.
    pub(crate) async fn folder(&self, bucket: &BucketName, prefix: &str) -> ListPage {
        let request = ListRequest {
            prefix: Prefix::new(prefix),
            ..flat(bucket)
        };
        let request = ListRequest {
            delimiter: Some("/".into()),
            ..request
        };
        self.store.list_page(&self.ctx, &request).await.unwrap()
    }

    /// All keys below a prefix, page by page.
    pub(crate) async fn keys(&self, bucket: &BucketName, page: u16) -> Vec<String> {
        let mut request = ListRequest {
            max_keys: page,
            ..flat(bucket)
        };
        let mut keys = Vec::new();
        loop {
            let page = self.store.list_page(&self.ctx, &request).await.unwrap();
            keys.extend(page.rows.iter().map(|row| text(&page, row).to_owned()));
            match page.next_token {
                Some(token) => request.token = Some(token),
                None => return keys,
            }
        }
    }
}

/// A store with keys, or anonymous.
pub(crate) fn store(endpoint: &str, region: &str, keys: Option<&Keys>) -> Store {
    Store::connect(connection(endpoint, region, keys)).unwrap()
}

pub(crate) fn connection(endpoint: &str, region: &str, keys: Option<&Keys>) -> Connection {
    let credentials = keys.map(|keys| {
        SharedCredentialsProvider::new(Credentials::new(
            keys.access_key.clone(),
            keys.secret_key.clone(),
            keys.session_token.clone(),
            None,
            "test",
        ))
    });
    Connection {
        session: SessionId::fresh(),
        name: "conformance".into(),
        endpoint_url: Some(endpoint.to_owned()),
        region: Region::new(region),
        path_style: PathStyle::Auto,
        role: None,
        ca_bundle: None,
        credentials,
        drop_credentials: None,
        trust_plain_http: false,
        read_only: false,
    }
}

pub(crate) fn flat(bucket: &BucketName) -> ListRequest {
    ListRequest {
        bucket: bucket.clone(),
        prefix: Prefix::new(""),
        delimiter: None,
        start_after: None,
        token: None,
        max_keys: 1000,
    }
}

pub(crate) fn key(text: &str) -> ObjectKey {
    ObjectKey::parse(text).unwrap()
}

pub(crate) fn body(bytes: Vec<u8>) -> Body {
    Body {
        crc64: Crc64::of(&bytes),
        bytes: Bytes::from(bytes),
    }
}

pub(crate) fn text<'a>(page: &'a ListPage, row: &ListedRow) -> &'a str {
    &page.arena[row.key.start as usize..row.key.end as usize]
}

/// Kind and key of each row.
pub(crate) fn rows(page: &ListPage) -> Vec<(RowKind, &str)> {
    page.rows
        .iter()
        .map(|row| (row.kind, text(page, row)))
        .collect()
}

/// Everything that a stream still carries.
pub(crate) async fn all(mut stream: GetStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(some) = stream.next().await.unwrap() {
        bytes.extend_from_slice(&some);
    }
    bytes
}
