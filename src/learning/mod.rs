//! What a learner sees and does: courses with their progress, verified watching, quizzes, certificates; and the
//! evidence that training happened (clause 6.2).
//!
//! The rule it keeps: nothing that a client claims is believed beyond what the server's clock allows, no answer of a
//! quiz leaves before its paper is in, and what was completed is never taken back.

mod entity;
pub mod jobs;
pub mod model;
pub mod requests;
mod routes;
pub mod service;
mod store;
pub mod views;

pub use routes::routes;
