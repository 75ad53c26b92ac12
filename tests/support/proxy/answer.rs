//! Answers that the proxy gives itself, and changes to those that the server gave.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, ETAG};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;

use super::rule::Action;
use super::shape::{Body, BoxError};
use crate::utc::Utc;

const WRONG_ETAG: &str = "\"00000000000000000000000000000bad\"";

/// S3's error XML under `status`.
pub(super) fn s3_error(status: u16, code: &str, extra: &str) -> Response<Body> {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
         <Message>The proxy answers {code}</Message>{extra}\
         <RequestId>PROXY0000000001</RequestId></Error>"
    );
    let mut response = whole(status, xml.into());
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    set(&mut response, "x-amz-request-id", "PROXY0000000001");
    response
}

/// A body of known length under `status`.
pub(super) fn whole(status: u16, body: Bytes) -> Response<Body> {
    let mut response = Response::new(full(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    response
}

/// The refusal of a server whose clock is `seconds` ahead.
pub(super) fn skewed(seconds: i64) -> Response<Body> {
    let server_time = Utc::now_plus(seconds);
    let extra = format!(
        "<RequestTime>{}</RequestTime><ServerTime>{}</ServerTime>\
         <MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>",
        Utc::now_plus(0).amz(),
        server_time.iso()
    );
    let mut response = s3_error(403, "RequestTimeTooSkewed", &extra);
    set(&mut response, DATE.as_str(), &server_time.http());
    response
}

/// S3's redirect to another region.
pub(super) fn redirect(status: u16, location: &str, region: &str) -> Response<Body> {
    let code = if status == 307 {
        "TemporaryRedirect"
    } else {
        "PermanentRedirect"
    };
    let host = location.split("://").last().unwrap_or_default();
    let endpoint = host.split('/').next().unwrap_or_default();
    let mut response = s3_error(status, code, &format!("<Endpoint>{endpoint}</Endpoint>"));
    set(&mut response, "location", location);
    set(&mut response, "x-amz-bucket-region", region);
    response
}

/// Sets a header, if it is one.
pub(super) fn set<B>(response: &mut Response<B>, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        response.headers_mut().insert(name, value);
    }
}

/// The server's response with the change that `action` asks for; `None` when it asks for none
/// that needs the whole body.
pub(super) async fn rewritten(
    action: &Action,
    response: Response<Incoming>,
) -> Result<Response<Body>, BoxError> {
    let (mut head, body) = response.into_parts();
    let mut body = body.collect().await?.to_bytes();
    match action {
        Action::NoETag => {
            head.headers.remove(ETAG);
            body = replace_etags(&body, None);
        }
        Action::WrongETag => {
            if head.headers.contains_key(ETAG) {
                head.headers
                    .insert(ETAG, HeaderValue::from_static(WRONG_ETAG));
            }
            body = replace_etags(&body, Some(WRONG_ETAG));
        }
        Action::ReplaceBody { body: new } => body = Bytes::from(new.clone()),
        _ => {}
    }
    // A response to HEAD keeps the length of the body that it does not have.
    if !body.is_empty() {
        head.headers
            .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    Ok(Response::from_parts(head, full(body)))
}

/// Replaces what stands in each `<ETag>`, or removes the elements.
fn replace_etags(xml: &Bytes, with: Option<&str>) -> Bytes {
    let Ok(text) = std::str::from_utf8(xml) else {
        return xml.clone();
    };
    let mut rest = text;
    let mut changed = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once("<ETag>") {
        let Some((_, behind)) = after.split_once("</ETag>") else {
            break;
        };
        changed.push_str(before);
        if let Some(etag) = with {
            changed.push_str(&format!("<ETag>{etag}</ETag>"));
        }
        rest = behind;
    }
    changed.push_str(rest);
    changed.into()
}

pub(super) fn full(body: Bytes) -> Body {
    Full::new(body)
        .map_err(|never| match never {})
        .boxed_unsync()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn etags_in_xml_are_replaced_or_removed_and_nothing_else_is() {
        let xml = Bytes::from_static(b"<R><ETag>\"a\"</ETag><K>k</K><ETag>\"b\"</ETag></R>");
        let without = replace_etags(&xml, None);
        assert_eq!(without, "<R><K>k</K></R>");
        let wrong = replace_etags(&xml, Some("x"));
        assert_eq!(wrong, "<R><ETag>x</ETag><K>k</K><ETag>x</ETag></R>");
    }
}
