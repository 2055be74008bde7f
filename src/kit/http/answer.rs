//! Answers that several features give: bodies with the version as `ETag`, places of what was created.

use actix_web::HttpResponse;
use actix_web::http::header::{ETAG, LOCATION};
use serde::Serialize;

/// 201 with `Location`, and `ETag` where the thing has a version.
#[must_use]
pub fn created<'a, T: Serialize + ?Sized>(
    location: impl Into<Option<&'a str>>,
    version: impl Into<Option<i64>>,
    body: &T,
) -> HttpResponse {
    let mut answer = HttpResponse::Created();
    if let Some(location) = location.into() {
        answer.insert_header((LOCATION, location));
    }
    if let Some(version) = version.into() {
        answer.insert_header((ETAG, etag(version)));
    }
    answer.json(body)
}

/// 200 with the version as `ETag`.
#[must_use]
pub fn ok_versioned<T: Serialize + ?Sized>(version: i64, body: &T) -> HttpResponse {
    HttpResponse::Ok().insert_header((ETAG, etag(version))).json(body)
}

/// 200.
#[must_use]
pub fn ok<T: Serialize + ?Sized>(body: &T) -> HttpResponse {
    HttpResponse::Ok().json(body)
}

/// 204.
#[must_use]
pub fn no_content() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

pub(super) fn etag(version: i64) -> String {
    format!("\"{version}\"")
}
