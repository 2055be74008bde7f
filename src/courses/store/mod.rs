//! Queries of the tables of courses.

pub mod editions;
pub mod versions;
