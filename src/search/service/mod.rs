//! Keeping the index, and asking it.

mod find;
mod index;
mod suggest;

pub use find::search;
pub use index::{put, put_all, remove};
pub use suggest::{solved, suggest, summary};
