//! Classes, 线上 or 线下 (clause 6.2), `training-sessions` on the wire: planned by both sides, attended with a code
//! that dies in seconds, evidenced by minutes, photos and a roster that both sides sign.
//!
//! The rule it keeps: nobody is on a roster by somebody else's word alone, unless it says whose word and why; and
//! what both signed does not change.

mod entity;
pub mod model;
pub mod requests;
mod routes;
pub mod service;
mod store;
pub mod views;

pub use routes::routes;
pub use service::evidence::{Held, between};
