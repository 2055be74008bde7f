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
mod store;
