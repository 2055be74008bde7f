//! Pure rules of learning: what counts as watched.

pub mod intervals;
pub mod watching;
