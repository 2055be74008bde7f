//! What is searched and how words become tokens. Pure.

pub mod fold;
pub mod marks;
pub mod postings;
pub mod question;
pub mod rank;
pub mod tokens;

use uuid::Uuid;

/// A published material as it can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The material's.
    pub id: Uuid,
    pub course_id: Uuid,
    /// `article`, `video`, …
    pub kind: String,
    pub title: String,
    /// As people read it, without markup; line feeds are kept.
    pub body: String,
    pub tags: Vec<String>,
    pub category: String,
}
