//! What people of the roster hand to each other: codes for a WeChat account, and the sight of a department. Whoever it
//! concerns is told in the same transaction.

mod requests;
mod routes;
mod service;
mod views;

pub use routes::routes;
pub use service::bind;
