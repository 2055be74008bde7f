//! Use cases of duties and breaches.

pub mod breaches;
pub mod check;
pub mod save;
