//! The agreement itself: parties and term, annexes in signed versions, milestones, delivery, maintenance, exit.
//!
//! The rule it keeps: nothing that decides deadlines changes without both signatures, and what both signed takes
//! effect late enough for every process to know it. [`book`] is the history that all clocks are derived with.

mod entity;
pub mod jobs;
pub mod model;
pub mod requests;
mod routes;
pub mod service;
mod store;
pub mod views;

pub use routes::routes;
pub use service::book::book;
pub use service::{client_name, gate, key};
