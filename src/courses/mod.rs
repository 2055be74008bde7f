//! Courses: written and reviewed by the vendor, published in editions, with the text and media that belong to them.
//!
//! The rule it keeps: learners get whole editions and nothing else; what is being written, reviewed or withdrawn
//! never reaches them, and an edition never changes. [`published`] is all that they can take.

mod entity;
pub mod model;
mod service;
mod store;

pub use model::{Catalog, Course, Item, Quiz, markup};
pub use service::catalog::{Version, published, quiz, version};
