//! Who comes in and what they may: roster, WeChat accounts, sessions, consents, and the policy table.
//!
//! Rule: a personal value leaves this feature masked, except to the person it belongs to, or through a
//! reveal that is written down. Other features see people only through [`people`], and ask [`policy`].

pub mod consent;
mod entity;
mod model;
pub mod notice;
pub mod people;
pub mod policy;
pub mod reveals;
mod routes;
mod service;
mod store;
mod views;

pub use routes::routes;
pub use service::Arrival;
pub use service::binding::bind;
pub use service::consents::give as agree;
pub use service::delegates::{delegate, delegates, follow_person, revoke};
pub use service::invite::{Invited, count_invitation, invite, invite_by};
pub use service::login::login;
pub use service::roster::{Loaded, Refused, leave, load};
pub use service::roster_file::BadLine;
pub use views::{BindingBody, ConsentBody, LoginBody, Me};

#[cfg(test)]
mod stories;
