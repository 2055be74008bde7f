//! The seeded demonstration: a desk that looks as if two companies had used it for two months.
//!
//! Rule: nothing is written behind the services' backs. The story is told to the same functions that
//! serve requests, under a clock that is moved along, so the ledger and the deadlines are real.

pub mod cast;
mod dice;
pub mod house;
mod pictures;
mod plan;
mod plot;
mod recent;
mod scenes;
mod seed;
mod stage;

pub use seed::{Seeded, seed};
