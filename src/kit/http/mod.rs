//! The HTTP edge: extractors that answer in problem documents, and the layer around every request.
//!
//! Rule: whatever a client sends, the answer is either what the handler says or `application/problem+json`
//! with a code of [`crate::kit::error::Code`]. No text of a library ever reaches a client.

mod act;
mod answer;
mod auth;
mod body_watch;
mod client_ip;
mod decode;
pub mod document;
pub mod edge;
#[cfg(test)]
mod edge_tests;
mod gate;
mod headers;
pub mod idempotency;
mod json;
mod known;
mod meta;
mod mounting;
mod path;
mod problem;
mod query;

pub(crate) use act::by_action;
pub use act::{Act, ByAction};
pub use answer::{created, no_content, ok, ok_versioned};
pub use auth::kit_of;
pub use client_ip::{ClientIp, TrustedProxies};
pub use edge::Edge;
pub use gate::Gate;
pub use headers::{IdempotencyKey, IfMatch};
pub use json::{Json, JsonLimit, decode_json};
pub use known::KnownPaths;
pub use meta::RequestMeta;
pub use mounting::{Listed, Mounting};
pub use path::Path;
pub use problem::{Problem, ProblemBody};
pub use query::Query;
