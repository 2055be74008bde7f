//! Errors as RFC 9457 documents. The one place where an [`Error`] becomes bytes.
//!
//! A handler's error has no request at hand, so it is written without an id first; the edge
//! ([`super::edge`]) writes it again with the request's id and logs the cause.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError, body::BoxBody};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kit::error::{Code, Error, FieldError};

pub const CONTENT_TYPE: &str = "application/problem+json";
const TYPE_BASE: &str = "https://lvyue.invalid/problems/";

/// An error on the wire. Further members may follow, such as `allowed_actions`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody<'a> {
    /// Names the kind of problem: `https://lvyue.invalid/problems/` and the code in lower case.
    #[serde(rename = "type")]
    #[schema(format = "uri", examples("https://lvyue.invalid/problems/version-stale"))]
    kind: String,
    /// One Chinese sentence, fit to show.
    title: &'a str,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// A second sentence about this very case, or the title again.
    detail: &'a str,
    /// Stable, upper snake case.
    #[schema(examples("VERSION_STALE"))]
    code: &'a str,
    /// Quote it when reporting a fault. Equal to the header `X-Request-Id`.
    request_id: Option<Uuid>,
    /// The fields that need attention.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    errors: &'a [FieldError],
    #[serde(flatten)]
    #[schema(ignore)]
    extra: &'a Map<String, Value>,
}

impl<'a> ProblemBody<'a> {
    #[must_use]
    pub fn new(error: &'a Error, request_id: Option<Uuid>) -> Self {
        let code = error.code();
        Self {
            kind: format!("{TYPE_BASE}{}", code.wire().to_ascii_lowercase().replace('_', "-")),
            title: code.title(),
            status: code.status(),
            detail: error.detail_text().unwrap_or_else(|| code.title()),
            code: code.wire(),
            request_id,
            errors: error.fields(),
            extra: error.extra(),
        }
    }
}

/// The whole answer for an error.
#[must_use]
pub fn response(error: &Error, request_id: Option<Uuid>) -> HttpResponse {
    let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    if let Some(seconds) = error.retry_after_seconds() {
        answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if status == StatusCode::UNAUTHORIZED {
        let challenge = match error.code() {
            Code::TokenExpired | Code::SessionEnded => "Bearer error=\"invalid_token\"",
            _ => "Bearer",
        };
        answer.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    answer.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE)));
    // A map of strings always serialises; if that ever changes, the status still tells.
    answer.body(serde_json::to_vec(&ProblemBody::new(error, request_id)).unwrap_or_default())
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        response(self, None)
    }
}

/// An error as an answer, for handlers that do not return a `Result`.
#[derive(Debug)]
pub struct Problem(pub Error);

impl Responder for Problem {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::from_error(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_carries_code_fields_and_extras_but_not_the_cause() {
        let error =
            Error::field("title", "REQUIRED", "请填写").with("allowed_actions", vec!["accept"]).because("x");
        let body = serde_json::to_value(ProblemBody::new(&error, Some(Uuid::nil()))).unwrap();
        assert_eq!(body["type"], "https://lvyue.invalid/problems/invalid");
        assert_eq!(body["errors"][0]["field"], "title");
        assert_eq!(body["allowed_actions"][0], "accept");
        assert_eq!(body["status"], 422);
        assert!(!body.to_string().contains("because"));
        assert_eq!(body["detail"], body["title"]);
    }

    #[test]
    fn busy_and_unauthorised_say_how_to_go_on() {
        let busy = response(&Error::new(Code::Overloaded).retry_after(7), None);
        assert_eq!(busy.headers().get("retry-after").unwrap(), "7");
        let out = response(&Error::new(Code::TokenExpired), None);
        assert_eq!(out.headers().get("www-authenticate").unwrap(), "Bearer error=\"invalid_token\"");
    }
}
