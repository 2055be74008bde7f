//! Finding what was published, in Chinese: a search over materials, and suggestions while a ticket is written.
//! Other features call [`put`] and [`remove`] in the transaction of what they publish or withdraw.
//!
//! Rule: only published text is indexed, never what is sealed; the same question gets the same hits in the same
//! order on both databases, because all counting is integers in one place.

pub mod model;
mod requests;
mod routes;
mod service;
mod store;
mod views;

pub use model::Entry;
pub use routes::routes;
pub use service::{Rebuilt, is_outdated, put, put_all, rebuild, remove};
