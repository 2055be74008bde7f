//! JSON bodies. Read whole under a byte limit, then decoded strictly: UTF-8, one value, known fields, once each.

use std::ops::{Deref, DerefMut};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::decode;
use crate::kit::error::{Code, Error, Result};

/// Largest JSON body in bytes, as app data; the settings decide.
#[derive(Clone, Copy, Debug)]
pub struct JsonLimit(pub usize);

const DEFAULT_LIMIT: usize = 64 * 1024;

/// A decoded body. The type must derive `Deserialize` with `deny_unknown_fields`.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = body(req, payload.take());
        Box::pin(async move { decode_json(&bytes.await?).map(Self) })
    }
}

/// The bytes of a JSON body under the limit of this request.
pub(super) fn body(req: &HttpRequest, payload: Payload) -> impl Future<Output = Result<Bytes>> + use<> {
    let limit = req.app_data::<JsonLimit>().map_or(DEFAULT_LIMIT, |l| l.0);
    let checked = check_headers(req, limit);
    async move {
        checked?;
        read(payload, limit).await
    }
}

fn check_headers(req: &HttpRequest, limit: usize) -> Result<()> {
    let kind = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    if !parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
        || parts.any(|p| {
            let p = p.to_ascii_lowercase();
            p.starts_with("charset=") && p.trim_start_matches("charset=").trim_matches('"') != "utf-8"
        })
        || req.headers().contains_key(header::CONTENT_ENCODING)
    {
        return Err(Error::new(Code::MediaTypeUnsupported).detail("请求内容应为 UTF-8 的 application/json"));
    }
    let length =
        req.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|l| l > limit) { Err(too_large(limit)) } else { Ok(()) }
}

fn too_large(limit: usize) -> Error {
    Error::new(Code::BodyTooLarge).with("limit_bytes", limit)
}

/// Reads a body up to `limit` bytes.
pub(super) async fn read(mut payload: Payload, limit: usize) -> Result<Bytes> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|e| Error::new(Code::BadRequest).because(e))?;
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Decodes bytes strictly.
///
/// # Errors
/// 400 `BAD_JSON` when it is not JSON, 422 naming the field when it is but does not fit.
pub fn decode_json<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    // serde would read a list as the fields in their order.
    if body.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') {
        return Err(match serde_json::from_slice::<serde_json::Value>(body) {
            Ok(_) => decode::refused("", "invalid type: sequence"),
            Err(_) => Error::new(Code::BadJson).because("a broken list"),
        });
    }
    let mut source = serde_json::Deserializer::from_slice(body);
    let value: T = serde_path_to_error::deserialize(&mut source).map_err(|e| {
        let path = e.path().to_string();
        let cause = e.into_inner();
        match cause.classify() {
            Category::Data => decode::refused(&path, &cause.to_string()),
            // A number where the name of a choice should be counts as syntax for serde_json.
            Category::Syntax if serde_json::from_slice::<serde_json::Value>(body).is_ok() => {
                decode::refused(&path, "invalid type")
            }
            // Only the place: the text may quote what was sent.
            Category::Io | Category::Syntax | Category::Eof => {
                Error::new(Code::BadJson).because(format!("line {} column {}", cause.line(), cause.column()))
            }
        }
    })?;
    source.end().map_err(|_| Error::new(Code::BadJson).because("trailing characters"))?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Pause {
        #[expect(dead_code)]
        from: i64,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code)]
        title: String,
        #[serde(default)]
        #[expect(dead_code)]
        pauses: Vec<Pause>,
    }

    fn refusal(text: &str) -> (Code, String, String) {
        told(decode_json::<Body>(text.as_bytes()).unwrap_err())
    }

    fn told(error: Error) -> (Code, String, String) {
        let first = error.fields().first();
        let field = first.map(|f| f.field.clone()).unwrap_or_default();
        (error.code(), field, first.map(|f| f.code.to_string()).unwrap_or_default())
    }

    fn invalid(field: &str, code: &str) -> (Code, String, String) {
        (Code::Invalid, field.into(), code.into())
    }

    #[test]
    fn every_kind_of_bad_value_names_its_field() {
        assert_eq!(refusal("{}"), invalid("title", "REQUIRED"));
        assert_eq!(refusal(r#"{"title":1}"#), invalid("title", "WRONG_TYPE"));
        assert_eq!(refusal(r#"{"title":null}"#), invalid("title", "WRONG_TYPE"));
        assert_eq!(refusal(r#"{"title":"a","x":1}"#), invalid("x", "UNKNOWN_FIELD"));
        assert_eq!(refusal(r#"{"title":"a","title":"b"}"#), invalid("title", "DUPLICATE_FIELD"));
        assert_eq!(
            refusal(r#"{"title":"a","pauses":[{"from":1},{}]}"#),
            invalid("pauses[1].from", "REQUIRED")
        );
        assert_eq!(
            refusal(r#"{"title":"a","pauses":[{"from":1,"q":2}]}"#),
            invalid("pauses[0].q", "UNKNOWN_FIELD")
        );
        assert_eq!(refusal("[]"), invalid("", "WRONG_TYPE"));
        assert_eq!(refusal(" [\"a\"]"), invalid("", "WRONG_TYPE"));
    }

    #[test]
    fn a_choice_of_the_wrong_type_names_its_field() {
        #[derive(Debug, Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Choice {
            One,
        }
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Chosen {
            #[expect(dead_code)]
            choice: Choice,
        }
        for wrong in ["17", "true", "[1]", "null"] {
            let body = format!("{{\"choice\":{wrong}}}");
            assert_eq!(
                told(decode_json::<Chosen>(body.as_bytes()).unwrap_err()),
                invalid("choice", "WRONG_TYPE"),
                "{wrong}"
            );
        }
    }

    #[test]
    fn what_is_not_json_is_400() {
        for bad in ["", "{", "{\"title\":\"a\"} x", "{\"title\":\"\\ud800\"}", "nul", "{\"title\":'a'}"] {
            assert_eq!(refusal(bad).0, Code::BadJson, "{bad}");
        }
        assert_eq!(decode_json::<Body>(b"{\"title\":\"\xff\"}").unwrap_err().code(), Code::BadJson);
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        assert!(decode_json::<serde_json::Value>(deep.as_bytes()).unwrap_err().is(Code::BadJson));
    }
}
