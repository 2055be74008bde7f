//! cli

pub mod init;
pub mod invite;
pub mod roster;
