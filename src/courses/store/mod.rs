//! Queries of the tables of courses.

pub mod courses;
pub mod editions;
pub mod items;
pub mod versions;
