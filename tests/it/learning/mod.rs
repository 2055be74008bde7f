//! Learning: what counts as watched, quizzes, certificates, reminders and the coverage report.

mod coverage;
mod forged;
mod path;
pub mod permissions;
pub mod published;
mod quizzes;
