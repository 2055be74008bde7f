//! The inbox: who is told what. Other features call [`tell`] in the transaction of what happened, so that a
//! thing and its notice are there together or not at all.
//!
//! Rule: a notice holds a number, a kind, a state and times; never personal data, never words of people. The
//! same about the same thing within ten minutes is one notice, not two.

mod entity;
pub mod model;
mod requests;
mod routes;
mod service;
mod store;
mod views;

pub use model::{Line, Notice, Recipient};
pub use routes::routes;
pub use service::{deliver_new, tell, tell_new};
