//! Use cases of courses.

pub mod catalog;
