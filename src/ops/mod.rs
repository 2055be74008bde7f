//! Whether the process lives and whether it can serve. The answers name checks, never versions or hosts.

mod routes;
mod service;
mod store;
mod views;

pub use routes::routes;
pub use service::Health;
pub use views::{CheckState, Readiness};
