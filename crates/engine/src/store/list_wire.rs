//! One page of ListObjectsV2, from the wire into a [`ListPage`] without the SDK's own parser.
//!
//! The SDK signs and sends the request; a [`PageSlot`] travels with it as an extension. `wire`
//! hands the answer to the slot, which reads the body, parses it with quick-xml into one arena and
//! gives the SDK an empty result in its place. So no key needs a string of its own.
//!
//! Invariant: a page is whole or it is a fault. A listing never ends early because an answer made
//! no sense: a promised next page without a token, a token that leads back, a row without a size.

mod parse;
mod text;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;

use crate::error::Result;
use crate::store::attempt::{Call, Pace};
use crate::store::wire::Stalled;
use crate::store::{ListPage, ListRequest, RequestContext, Store, error_map};

pub(super) use text::decode_url;

/// A page of 1000 keys of 1024 bytes, each byte written as three, is 4 MB with its fields.
const MAX_PAGE_BYTES: usize = 16 * 1024 * 1024;
/// What S3 gives at most, and what a page is asked for at most.
const MAX_KEYS: u16 = 1000;
/// What the SDK is given in place of the page.
const EMPTY_RESULT: &[u8] = b"<ListBucketResult/>";

/// Why an answer is no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageFault {
    /// The body ended or broke off.
    #[error("broke off in the middle of a page: {0}")]
    BrokenOff(String),
    /// It is longer than any page can be.
    #[error("sent a page of more than {MAX_PAGE_BYTES} bytes")]
    TooLarge,
    /// It is no listing at all.
    #[error("answers a listing with {0}, which S3 does not")]
    NotAListing(&'static str),
    /// It declares a document type or entities, which no S3 server needs and parsers suffer from.
    #[error("sent a page with a document type or entities of its own")]
    Entities,
    /// It is not well-formed.
    #[error("sent a page that is not well-formed: {0}")]
    Malformed(String),
    /// A row lacks what makes it one.
    #[error("sent a row whose {0} makes no sense")]
    BadField(&'static str),
    /// More is promised, but not where.
    #[error("says that there is more, but not where it goes on")]
    NoToken,
    /// The next page is the same as this one.
    #[error("leads from a page to the same page again")]
    SameToken,
}

/// Where a page is put that was read under the SDK.
#[derive(Debug, Clone, Default)]
pub(super) struct PageSlot(Arc<Mutex<Option<ListPage>>>);

impl PageSlot {
    /// Reads an answer's body as a page, keeps it, and gives the SDK an empty result instead.
    pub(super) async fn read(
        &self,
        mut response: HttpResponse,
        stall: Duration,
    ) -> std::result::Result<HttpResponse, ConnectorError> {
        let body = collect(response.take_body(), stall).await?;
        let page =
            parse::page(&body).map_err(|fault| ConnectorError::other(Box::new(fault), None))?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
        *response.body_mut() = SdkBody::from(Bytes::from_static(EMPTY_RESULT));
        // The SDK holds a body against its announced length.
        response
            .headers_mut()
            .insert("content-length", EMPTY_RESULT.len().to_string());
        Ok(response)
    }

    fn take(&self) -> Option<ListPage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Reads a whole body of at most [`MAX_PAGE_BYTES`].
pub(super) async fn collect(
    mut body: SdkBody,
    stall: Duration,
) -> std::result::Result<Bytes, ConnectorError> {
    let mut whole = BytesMut::new();
    loop {
        let frame = tokio::time::timeout(stall, body.frame())
            .await
            .map_err(|_| ConnectorError::timeout(Stalled(stall).into()))?;
        let Some(frame) = frame else {
            return Ok(whole.freeze());
        };
        let frame = frame.map_err(|error| fault(PageFault::BrokenOff(error.to_string())))?;
        if let Ok(data) = frame.into_data() {
            whole.extend_from_slice(&data);
        }
        if whole.len() > MAX_PAGE_BYTES {
            return Err(fault(PageFault::TooLarge));
        }
    }
}

fn fault(fault: PageFault) -> ConnectorError {
    ConnectorError::other(Box::new(fault), None)
}

impl Store {
    /// One page of a bucket's objects and common prefixes, in the order of their keys.
    ///
    /// # Errors
    /// `NoSuchBucket`, `AccessDenied`; `NotS3` when the answer makes no sense, so that a listing is
    /// never taken for complete when it is not.
    ///
    /// # Cancellation
    /// Dropping it drops the request; nothing is changed by it.
    pub async fn list_page(&self, ctx: &RequestContext, request: &ListRequest) -> Result<ListPage> {
        let call = Call::read("ListObjectsV2", Some(&request.bucket)).at(Pace::Page);
        let bucket = ctx.bucket_parameter(&request.bucket);
        let slot = PageSlot::default();
        self.run(ctx, &call, |client| {
            let slot = slot.clone();
            client
                .list_objects_v2()
                .bucket(&bucket)
                .set_prefix(Some(request.prefix.as_str().to_owned()).filter(|p| !p.is_empty()))
                .set_delimiter(request.delimiter.clone())
                .set_start_after(
                    request
                        .start_after
                        .clone()
                        .filter(|after| !after.is_empty()),
                )
                .set_continuation_token(request.token.clone())
                .max_keys(i32::from(request.max_keys.clamp(1, MAX_KEYS)))
                .encoding_type(aws_sdk_s3::types::EncodingType::Url)
                .customize()
                .mutate_request(ctx.marks())
                .mutate_request(move |request| request.add_extension(slot.clone()))
                .send()
        })
        .await?;
        let page = slot.take().ok_or(PageFault::NotAListing("nothing"));
        let page = page.and_then(|page| match &page.next_token {
            Some(next) if request.token.as_ref() == Some(next) => Err(PageFault::SameToken),
            _ => Ok(page),
        });
        page.map_err(|fault| error_map::broken_body(&call, self.connection(), &fault))
    }
}
