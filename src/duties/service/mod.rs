//! Use cases of duties and breaches.

pub mod act;
pub mod breaches;
pub mod check;
pub mod list;
pub mod month;
pub mod moved;
pub mod save;
