//! cli

pub mod audit;
