//! Sealing, blind indexes and tokens, all on ring. Formats and reasons: docs/ARCHITECTURE.md, "Sealing".

pub mod blind;
mod field;
mod kek;
mod key_rows;
mod keyfile;
mod register;
mod token;
mod vault;

pub use keyfile::{KeyError, KeyFile, Made};
pub use token::Tokens;
pub use vault::{Column, DataKey, KeyScope, Sealed, Vault};
