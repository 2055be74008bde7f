//! Request headers with a meaning of ours: `If-Match` and `Idempotency-Key`.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest};

use crate::kit::error::{Code, Error, Result};

/// The version that the caller has seen: `If-Match: "3"` or `If-Match: 3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl Deref for IfMatch {
    type Target = i64;

    fn deref(&self) -> &i64 {
        &self.0
    }
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(if_match(req.headers()).map(Self))
    }
}

fn if_match(headers: &HeaderMap) -> Result<i64> {
    let text =
        single(headers, header::IF_MATCH.as_str())?.ok_or_else(|| Error::new(Code::IfMatchRequired))?;
    // A weak tag must not be compared strongly (RFC 9110, 13.1.1), and "*" would defeat the purpose.
    let digits = unquoted(text).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::new(Code::BadRequest).detail("If-Match 应为一个版本号").because("If-Match"));
    }
    // More digits than a version can have: it was never handed out.
    digits.parse().map_err(|_| Error::new(Code::VersionStale))
}

/// Chosen by the caller, the same for every try of one submission; 1..255 printable ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub String);

impl Deref for IdempotencyKey {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl FromRequest for IdempotencyKey {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(idempotency_key(req.headers()).map(Self))
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<String> {
    let text = single(headers, "idempotency-key")?
        .ok_or_else(|| Error::new(Code::HeaderMissing).with("header", "Idempotency-Key"))?;
    // The draft standard writes a quoted string, most clients a bare one; both name the same key.
    let key = match unquoted(text) {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => text.to_owned(),
    };
    if key.is_empty() || key.len() > 255 || !key.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return Err(Error::new(Code::BadRequest)
            .detail("Idempotency-Key 应为 1 到 255 个可打印的 ASCII 字符")
            .because("Idempotency-Key"));
    }
    Ok(key)
}

/// The header's only value; two would be read differently by two programs.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>> {
    let wrong = || Error::new(Code::BadRequest).because(format!("header {name}"));
    let mut values = headers.get_all(name);
    let Some(first) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(wrong());
    }
    first.to_str().map(|v| Some(v.trim())).map_err(|_| wrong())
}

fn unquoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn version(value: &str) -> Result<i64> {
        if_match(TestRequest::default().insert_header(("if-match", value)).to_http_request().headers())
    }

    fn key(value: &str) -> Result<String> {
        idempotency_key(
            TestRequest::default().insert_header(("idempotency-key", value)).to_http_request().headers(),
        )
    }

    #[test]
    fn versions() {
        assert_eq!(version("\"3\"").unwrap(), 3);
        assert_eq!(version("3").unwrap(), 3);
        for bad in ["W/\"3\"", "*", "\"3\", \"4\"", "-1", "\"\"", "abc"] {
            assert_eq!(version(bad).unwrap_err().code(), Code::BadRequest, "{bad}");
        }
        assert_eq!(version("99999999999999999999").unwrap_err().code(), Code::VersionStale);
        let none = TestRequest::default().to_http_request();
        assert_eq!(if_match(none.headers()).unwrap_err().code(), Code::IfMatchRequired);
    }

    #[test]
    fn keys() {
        assert_eq!(key("\"8e03978e\"").unwrap(), key("8e03978e").unwrap());
        assert_eq!(key(&"k".repeat(255)).unwrap().len(), 255);
        for bad in ["", "\"\"", &"k".repeat(256), "钥匙"] {
            assert_eq!(key(bad).unwrap_err().code(), Code::BadRequest, "{bad}");
        }
        let none = TestRequest::default().to_http_request();
        assert_eq!(idempotency_key(none.headers()).unwrap_err().code(), Code::HeaderMissing);
        let two = TestRequest::default()
            .append_header(("idempotency-key", "a"))
            .append_header(("idempotency-key", "b"))
            .to_http_request();
        assert_eq!(idempotency_key(two.headers()).unwrap_err().code(), Code::BadRequest);
    }
}
