//! Keeping the index, and asking it.

mod find;
mod index;
mod suggest;

pub use find::search;
pub use index::{Rebuilt, is_outdated, put, put_all, rebuild, remove};
pub use suggest::{solved, suggest, summary};
