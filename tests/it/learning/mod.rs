//! Learning: what counts as watched, quizzes, certificates, reminders and the coverage report.

pub mod bodies;
mod coverage;
mod forged;
mod path;
pub mod permissions;
pub mod published;
mod quizzes;
