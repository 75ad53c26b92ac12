//! A small S3 client that shares no line with the product: the second pair of eyes.
//!
//! It signs with its own SigV4 ([`sign`]), reads XML without a schema ([`xml`]), opens one
//! connection a request and never retries, so what it reports is what the server said once.
//! Paths are sent as they are: no key is normalised.

pub mod sign;
pub mod xml;

use std::fmt;

use anyhow::{Context as _, Result, anyhow, bail};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use self::sign::{Signing, encode};
use self::xml::{Element, find_all, text_of};

/// What signs a request. Its `Debug` names the access key and hides the rest.
#[derive(Clone)]
pub struct Keys {
    /// Access key id; empty for an anonymous request.
    pub access_key: String,
    /// Secret access key.
    pub secret_key: String,
    /// Session token of temporary keys.
    pub session_token: Option<String>,
}

impl Keys {
    /// Long-lived keys.
    #[must_use]
    pub fn new(access_key: &str, secret_key: &str) -> Self {
        Self {
            access_key: access_key.to_owned(),
            secret_key: secret_key.to_owned(),
            session_token: None,
        }
    }

    /// No keys: requests are not signed.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::new("", "")
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("access_key", &self.access_key)
            .finish_non_exhaustive()
    }
}

/// A client of one server and one signer.
#[derive(Debug, Clone)]
pub struct S3 {
    authority: String,
    region: String,
    keys: Keys,
}

/// A response, whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// Response headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// An object in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The key, decoded.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// ETag with its quotes.
    pub etag: String,
}

/// A part that the server holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// From 1.
    pub number: u32,
    /// Bytes.
    pub size: u64,
    /// ETag with its quotes.
    pub etag: String,
}

/// A multipart upload that is neither completed nor aborted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The key it will become.
    pub key: String,
    /// The upload id.
    pub id: String,
}

impl S3 {
    /// A client for `endpoint` (`http://HOST:PORT`), signing with `keys`.
    #[must_use]
    pub fn new(endpoint: &str, region: &str, keys: Keys) -> Self {
        let authority = endpoint.trim_start_matches("http://").trim_end_matches('/');
        Self {
            authority: authority.to_owned(),
            region: region.to_owned(),
            keys,
        }
    }

    /// The keys that sign.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Sends one request to `/bucket/key`, signed, and gives the answer whatever its status is.
    ///
    /// # Errors
    /// When the connection fails or breaks.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Answer> {
        self.send_to("s3", method, path, query, headers, body.into())
            .await
    }

    async fn send_to(
        &self,
        service: &str,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer> {
        let signing = Signing {
            keys: &self.keys,
            region: &self.region,
            service,
            host: &self.authority,
            method: method.as_str(),
            path,
            query,
            headers,
        };
        let mut request = Request::builder().method(&method).uri(signing.target());
        for (name, value) in signing.headers(&body) {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(body)).context("not a request")?;
        exchange(&self.authority, request).await
    }

    /// Creates a bucket.
    ///
    /// # Errors
    /// When the server does not answer 200.
    pub async fn create_bucket(&self, bucket: &str) -> Result<()> {
        self.ok(Method::PUT, bucket, "", &[], Bytes::new())
            .await
            .map(drop)
    }

    /// Creates a bucket unless it exists.
    ///
    /// # Errors
    /// When it neither exists nor can be created.
    pub async fn ensure_bucket(&self, bucket: &str) -> Result<()> {
        if self
            .ok(Method::HEAD, bucket, "", &[], Bytes::new())
            .await
            .is_ok()
        {
            return Ok(());
        }
        self.create_bucket(bucket).await
    }

    /// Deletes an empty bucket.
    ///
    /// # Errors
    /// When the server does not answer 2xx.
    pub async fn delete_bucket(&self, bucket: &str) -> Result<()> {
        self.ok(Method::DELETE, bucket, "", &[], Bytes::new())
            .await
            .map(drop)
    }

    /// The names of the buckets that the keys may see.
    ///
    /// # Errors
    /// When the server does not answer 2xx.
    pub async fn buckets(&self) -> Result<Vec<String>> {
        let answer = self.ok(Method::GET, "", "", &[], Bytes::new()).await?;
        let buckets = find_all(&answer.body, "Bucket")?;
        buckets.iter().map(|bucket| field(bucket, "Name")).collect()
    }

    /// Puts an object in one request.
    ///
    /// # Errors
    /// When the server does not answer 2xx.
    pub async fn put(&self, bucket: &str, key: &str, body: impl Into<Bytes>) -> Result<Answer> {
        self.ok(Method::PUT, bucket, key, &[], body.into()).await
    }

    /// The whole object.
    ///
    /// # Errors
    /// When the server does not answer 2xx.
    pub async fn get(&self, bucket: &str, key: &str) -> Result<Bytes> {
        Ok(self
            .ok(Method::GET, bucket, key, &[], Bytes::new())
            .await?
            .body)
    }

    /// The object's headers; `None` when there is no such object.
    ///
    /// # Errors
    /// When the server answers neither 2xx nor 404.
    pub async fn head(&self, bucket: &str, key: &str) -> Result<Option<HeaderMap>> {
        let path = object_path(bucket, key);
        let answer = self
            .send(Method::HEAD, &path, &[], &[], Bytes::new())
            .await?;
        match answer.status {
            StatusCode::NOT_FOUND => Ok(None),
            status if status.is_success() => Ok(Some(answer.headers)),
            status => bail!("HEAD {path} answered {status}"),
        }
    }

    /// Deletes an object.
    ///
    /// # Errors
    /// When the server does not answer 2xx.
    pub async fn delete(&self, bucket: &str, key: &str) -> Result<()> {
        self.ok(Method::DELETE, bucket, key, &[], Bytes::new())
            .await
            .map(drop)
    }

    /// All objects whose key starts with `prefix`, page by page.
    ///
    /// # Errors
    /// When the server does not answer 2xx or the page is not XML.
    pub async fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<Listed>> {
        let mut listed = Vec::new();
        let mut token = String::new();
        loop {
            let mut query = vec![
                ("list-type", "2"),
                ("prefix", prefix),
                ("encoding-type", "url"),
            ];
            if !token.is_empty() {
                query.push(("continuation-token", &token));
            }
            let answer = self
                .ok(Method::GET, bucket, "", &query, Bytes::new())
                .await?;
            for object in find_all(&answer.body, "Contents")? {
                listed.push(Listed {
                    key: sign::decode(&field(&object, "Key")?)?,
                    size: field(&object, "Size")?.parse()?,
                    etag: field(&object, "ETag")?,
                });
            }
            match text_of(&answer.body, "NextContinuationToken")? {
                Some(next) => token = next,
                None => return Ok(listed),
            }
        }
    }

    /// The parts that the server holds of an upload, page by page.
    ///
    /// # Errors
    /// When the server does not answer 2xx or the page is not XML.
    pub async fn list_parts(&self, bucket: &str, key: &str, upload_id: &str) -> Result<Vec<Part>> {
        let mut parts = Vec::new();
        let mut marker = "0".to_owned();
        loop {
            let query = [("uploadId", upload_id), ("part-number-marker", &marker)];
            let answer = self
                .ok(Method::GET, bucket, key, &query, Bytes::new())
                .await?;
            for part in find_all(&answer.body, "Part")? {
                parts.push(Part {
                    number: field(&part, "PartNumber")?.parse()?,
                    size: field(&part, "Size")?.parse()?,
                    etag: field(&part, "ETag")?,
                });
            }
            let truncated = text_of(&answer.body, "IsTruncated")?.as_deref() == Some("true");
            match text_of(&answer.body, "NextPartNumberMarker")? {
                Some(next) if truncated && next != marker => marker = next,
                _ => return Ok(parts),
            }
        }
    }

    /// The uploads in `bucket` that are neither completed nor aborted (the first 1000).
    ///
    /// # Errors
    /// When the server does not answer 2xx or the page is not XML.
    pub async fn list_uploads(&self, bucket: &str) -> Result<Vec<Upload>> {
        let answer = self
            .ok(Method::GET, bucket, "", &[("uploads", "")], Bytes::new())
            .await?;
        find_all(&answer.body, "Upload")?
            .iter()
            .map(|upload| {
                Ok(Upload {
                    key: field(upload, "Key")?,
                    id: field(upload, "UploadId")?,
                })
            })
            .collect()
    }

    /// Begins a multipart upload and gives its id.
    ///
    /// # Errors
    /// When the server does not answer 2xx with an id.
    pub async fn create_upload(&self, bucket: &str, key: &str) -> Result<String> {
        let answer = self
            .ok(Method::POST, bucket, key, &[("uploads", "")], Bytes::new())
            .await?;
        text_of(&answer.body, "UploadId")?.context("no UploadId in the answer")
    }

    /// Sends one part and gives its ETag.
    ///
    /// # Errors
    /// When the server does not answer 2xx with an ETag.
    pub async fn upload_part(
        &self,
        (bucket, key): (&str, &str),
        upload_id: &str,
        number: u32,
        body: impl Into<Bytes>,
    ) -> Result<String> {
        let number = number.to_string();
        let query = [("partNumber", number.as_str()), ("uploadId", upload_id)];
        let answer = self
            .ok(Method::PUT, bucket, key, &query, body.into())
            .await?;
        let etag = answer.headers.get("etag").context("no ETag for the part")?;
        Ok(etag.to_str()?.to_owned())
    }

    /// Completes an upload from `(number, ETag)` pairs.
    ///
    /// # Errors
    /// When the server refuses, also by an `<Error>` under status 200.
    pub async fn complete_upload(
        &self,
        (bucket, key): (&str, &str),
        upload_id: &str,
        parts: &[(u32, String)],
    ) -> Result<Answer> {
        let parts: String = parts
            .iter()
            .map(|(n, etag)| {
                format!("<Part><PartNumber>{n}</PartNumber><ETag>{etag}</ETag></Part>")
            })
            .collect();
        let body = format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
        let query = [("uploadId", upload_id)];
        self.ok(Method::POST, bucket, key, &query, body.into())
            .await
    }

    /// Assumes a role and gives its temporary keys.
    ///
    /// # Errors
    /// When STS does not answer 2xx with keys.
    pub async fn assume_role(&self, role_arn: &str, session_name: &str) -> Result<Keys> {
        let body = format!(
            "Action=AssumeRole&Version=2011-06-15&RoleArn={}&RoleSessionName={}",
            encode(role_arn, false),
            encode(session_name, false)
        );
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let answer = self
            .send_to("sts", Method::POST, "/", &[], &headers, Bytes::from(body))
            .await?;
        let answer = answer.success("AssumeRole")?;
        let wanted = |name| text_of(&answer.body, name)?.context("no keys in the answer");
        Ok(Keys {
            access_key: wanted("AccessKeyId")?,
            secret_key: wanted("SecretAccessKey")?,
            session_token: Some(wanted("SessionToken")?),
        })
    }

    async fn ok(
        &self,
        method: Method,
        bucket: &str,
        key: &str,
        query: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer> {
        let path = object_path(bucket, key);
        let what = format!("{method} {path}");
        self.send(method, &path, query, &[], body)
            .await?
            .success(&what)
    }
}

impl Answer {
    /// The answer itself when it is 2xx and holds no `<Error>`.
    ///
    /// # Errors
    /// Otherwise, with status and body.
    pub fn success(self, what: &str) -> Result<Self> {
        let text = String::from_utf8_lossy(&self.body);
        let is_error = !self.status.is_success() || text.contains("<Error>");
        if is_error {
            bail!("{what} answered {}: {text}", self.status);
        }
        Ok(self)
    }

    /// S3's error code, when the body carries one.
    #[must_use]
    pub fn error_code(&self) -> Option<String> {
        text_of(&self.body, "Code").ok().flatten()
    }
}

/// `/bucket/key`, as [`S3::send`] takes it.
#[must_use]
pub fn object_path(bucket: &str, key: &str) -> String {
    match (bucket, key) {
        ("", _) => "/".to_owned(),
        (bucket, "") => format!("/{bucket}"),
        (bucket, key) => format!("/{bucket}/{key}"),
    }
}

fn field(element: &Element, name: &str) -> Result<String> {
    element
        .get(name)
        .cloned()
        .ok_or_else(|| anyhow!("no <{name}> in {element:?}"))
}

async fn exchange(authority: &str, request: Request<Full<Bytes>>) -> Result<Answer> {
    let stream = TcpStream::connect(authority)
        .await
        .with_context(|| format!("cannot connect to {authority}"))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driving = tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let (head, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    driving.abort();
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body,
    })
}
