//! cli

pub mod exit;
pub mod keys;
