//! The duties of both sides as they are stored: what runs, what is overdue, who is warned, what was breached.
//!
//! Rule: a duty's row is what `clocks::derive` says of its record, written in the transaction of the event
//! ([`save`]). A verdict compares instants; the look-out ([`jobs`]) only tells people, so what was late and
//! done between two of its rounds is a breach all the same. Nothing here is ever deleted.

mod entity;
pub mod jobs;
pub mod model;
pub mod requests;
mod routes;
mod service;
mod store;
mod views;

pub use model::Record;
pub use routes::routes;
pub use service::act::act;
pub use service::check::{Compared, Difference, Looked, Stored};
pub use service::list::breaches;
pub use service::month::{Counted, breaches_in};
pub use service::moved::{Moved, Moves, any, moved};
pub use service::save::save;
pub use store::duties::push_behind;
