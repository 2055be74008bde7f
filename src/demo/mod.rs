//! The seeded demonstration: one agreement from its signing to the last days of its term, and a desk that looks as
//! if two companies had used it for two months.
//!
//! Rule: nothing is written behind the services' backs. The story is told to the same functions that
//! serve requests, under a clock that is moved along, so the ledger and the deadlines are real.

mod affairs;
pub mod cast;
mod dice;
mod errands;
pub mod house;
mod lessons;
mod pictures;
mod plan;
mod plot;
mod recent;
mod scenes;
mod seed;
mod stage;
mod tales;

pub use seed::{Seeded, seed};
