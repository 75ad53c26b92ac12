//! Answers whose root element has the operation's other name.
//!
//! Some servers call the root of an answer `ListPartsResponse` where S3 says `ListPartsResult`.
//! Clients that look at the fields only never notice; the SDK refuses the whole answer. A
//! [`RootName`] travels with the request as an extension and sets the name right underneath it.
//! Only the name is touched, and only from `…Response`: an error or a web page stays what it is.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use std::time::Duration;

use crate::store::list_wire;

/// The root element that the SDK expects.
#[derive(Debug, Clone, Copy)]
pub(super) struct RootName(pub(super) &'static str);

impl RootName {
    /// Sets the root's name right, where it is another name for the same.
    pub(super) async fn correct(
        self,
        mut response: HttpResponse,
        stall: Duration,
    ) -> Result<HttpResponse, ConnectorError> {
        let body = list_wire::collect(response.take_body(), stall).await?;
        let body = match renamed(&body, self.0) {
            Some(text) => Bytes::from(text),
            None => body,
        };
        // The SDK holds a body against its announced length.
        response
            .headers_mut()
            .insert("content-length", body.len().to_string());
        *response.body_mut() = SdkBody::from(body);
        Ok(response)
    }
}

fn renamed(body: &[u8], expected: &str) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    // The first `<` that begins neither a declaration nor a comment is the root's.
    let start = text
        .match_indices('<')
        .map(|(at, _)| at + 1)
        .find(|at| !matches!(text.as_bytes().get(*at), Some(b'?' | b'!') | None))?;
    let rest = &text[start..];
    let name = &rest[..rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))?];
    if name == expected || !name.ends_with("Response") {
        return None;
    }
    let (head, rest) = (&text[..start], &rest[name.len()..]);
    match rest.rsplit_once(&format!("</{name}>")) {
        Some((inside, tail)) => Some(format!("{head}{expected}{inside}</{expected}>{tail}")),
        // An answer with nothing in it: `<…Response/>`.
        None => Some(format!("{head}{expected}{rest}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_name_for_the_same_is_set_right_and_nothing_else() {
        let odd = "<?xml version=\"1.0\"?>\n<XResponse xmlns=\"u\"><A>XResponse</A></XResponse>\n";
        assert_eq!(
            renamed(odd.as_bytes(), "XResult").as_deref(),
            Some("<?xml version=\"1.0\"?>\n<XResult xmlns=\"u\"><A>XResponse</A></XResult>\n"),
            "only the root is renamed"
        );
        for kept in [
            "<XResult/>",
            "<Error><Code>x</Code></Error>",
            "<html></html>",
            "",
            "{}",
        ] {
            assert_eq!(
                renamed(kept.as_bytes(), "XResult"),
                None,
                "“{kept}” stays what it is"
            );
        }
    }
}
