//! Keeping the index, and asking it.

mod index;

pub use index::{put, put_all, remove};
