//! SigV4, written out once more from its description, for the tests' own client.
//!
//! S3 signs the path as it is sent; STS is only asked at `/`. The payload's hash is always sent,
//! so a body that changes on its way is refused by the server.

use anyhow::{Result, bail};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use super::Keys;
use crate::utc::Utc;

/// One request, about to be signed.
#[derive(Debug)]
pub struct Signing<'a> {
    /// Who signs.
    pub keys: &'a Keys,
    /// The scope's region.
    pub region: &'a str,
    /// The scope's service: `s3` or `sts`.
    pub service: &'a str,
    /// The `Host` header.
    pub host: &'a str,
    /// The HTTP method.
    pub method: &'a str,
    /// The path before percent-encoding.
    pub path: &'a str,
    /// Query parameters before percent-encoding.
    pub query: &'a [(&'a str, &'a str)],
    /// Further headers; all of them are signed.
    pub headers: &'a [(&'a str, &'a str)],
}

impl Signing<'_> {
    /// Path and query as they go on the wire.
    #[must_use]
    pub fn target(&self) -> String {
        let path = encode(self.path, true);
        match self.canonical_query() {
            query if query.is_empty() => path,
            query => format!("{path}?{query}"),
        }
    }

    /// Every header to send, `host` and `authorization` included.
    #[must_use]
    pub fn headers(&self, body: &[u8]) -> Vec<(String, String)> {
        let now = Utc::now_plus(0);
        let payload = hex(&Sha256::digest(body));
        let mut headers: Vec<(String, String)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.to_lowercase(), (*value).to_owned()))
            .collect();
        headers.push(("host".into(), self.host.to_owned()));
        if self.keys.access_key.is_empty() {
            return headers;
        }
        headers.push(("x-amz-date".into(), now.amz()));
        headers.push(("x-amz-content-sha256".into(), payload.clone()));
        if let Some(token) = &self.keys.session_token {
            headers.push(("x-amz-security-token".into(), token.clone()));
        }
        headers.sort();
        let authorization = self.authorization(&headers, now, &payload);
        headers.push(("authorization".into(), authorization));
        headers
    }

    fn authorization(&self, headers: &[(String, String)], now: Utc, payload: &str) -> String {
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}:{}\n", value.trim()))
            .collect();
        let canonical = format!(
            "{}\n{}\n{}\n{lines}\n{names}\n{payload}",
            self.method,
            encode(self.path, true),
            self.canonical_query(),
        );
        let scope = format!(
            "{}/{}/{}/aws4_request",
            now.date(),
            self.region,
            self.service
        );
        let hashed = hex(&Sha256::digest(canonical.as_bytes()));
        let to_sign = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{hashed}", now.amz());
        let mut key = format!("AWS4{}", self.keys.secret_key).into_bytes();
        for step in [
            now.date().as_str(),
            self.region,
            self.service,
            "aws4_request",
        ] {
            key = mac(&key, step);
        }
        let signature = hex(&mac(&key, &to_sign));
        let access_key = &self.keys.access_key;
        format!(
            "AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
    }

    fn canonical_query(&self) -> String {
        let mut pairs: Vec<String> = self
            .query
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name, false), encode(value, false)))
            .collect();
        pairs.sort();
        pairs.join("&")
    }
}

/// Percent-encodes all but RFC 3986's unreserved characters, and `/` unless it is a path.
#[must_use]
pub fn encode(text: &str, is_path: bool) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            b'/' if is_path => encoded.push('/'),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Undoes percent-encoding and a form's `+`.
///
/// # Errors
/// When an escape is cut short or the bytes are not UTF-8.
pub fn decode(text: &str) -> Result<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [bytes.next(), bytes.next()].map(|b| b.map_or('?', char::from));
                let value = digits.map(|digit| digit.to_digit(16));
                match value {
                    [Some(high), Some(low)] => u8::try_from(high * 16 + low)?,
                    _ => bail!("{text:?} holds an escape that is cut short"),
                }
            }
            plain => plain,
        });
    }
    Ok(String::from_utf8(decoded)?)
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes a key of any length; the error type is for other MACs.
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(text.as_bytes());
            mac.finalize().into_bytes().to_vec()
        },
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_encoding_and_decoding() {
        let key = "Übersicht/a b+c/%41//日本.txt";
        assert_eq!(
            decode(&encode(key, true)).unwrap(),
            key,
            "no byte of a key may change"
        );
        assert_eq!(
            encode("a/b", false),
            "a%2Fb",
            "a query value encodes its slashes"
        );
        assert!(decode("%4").is_err(), "a cut escape is refused");
    }
}
