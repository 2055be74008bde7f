//! What the edge tells the extractors about a request. The only type in the request's extensions.

use actix_web::{HttpMessage, HttpRequest};
use uuid::Uuid;

use crate::kit::clock::Timestamp;

#[derive(Clone, Copy, Debug)]
pub struct RequestMeta {
    pub request_id: Uuid,
    /// When the edge took the request up.
    pub now: Timestamp,
}

impl RequestMeta {
    /// `None` outside the edge, which only tests of single extractors are.
    #[must_use]
    pub fn of(req: &HttpRequest) -> Option<Self> {
        req.extensions().get::<Self>().copied()
    }
}
