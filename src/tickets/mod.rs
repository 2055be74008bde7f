//! The ticket engine: what is reported, who does what about it, and the record of it.
//!
//! The rule it keeps: a ticket changes only by an action that the machine lists and the policy permits,
//! in one transaction that also writes the event, the derived clocks and the ledger entry.

mod entity;
pub mod jobs;
mod kinds;
pub mod machine;
pub mod model;
pub mod requests;
mod routes;
pub mod service;
mod store;
pub mod views;

pub use routes::routes;
pub use service::{find, gate};
