//! Courses: written and reviewed by the vendor, published in editions, with the text and media that belong to them.
//!
//! The rule it keeps: learners get whole editions and nothing else; what is being written, reviewed or withdrawn
//! never reaches them, and an edition never changes. [`published`] is all that they can take.

mod entity;
pub mod model;
mod requests;
mod routes;
mod service;
mod store;
mod views;

pub use model::{Catalog, Course, Item, Quiz};
pub use routes::routes;
pub use service::catalog::{Version, published, quiz, version};
pub use service::content::{address, shown, slides};
pub use service::folder::Bad;
pub use service::import::{Imported, Refusal, import, publisher};
pub use views::SlideView;
