//! Sealing, blind indexes and tokens, all on ring. Formats and reasons: docs/ARCHITECTURE.md, "Sealing".

pub mod blind;
mod data_key;
mod field;
mod kek;
mod key_rows;
mod keyfile;
mod provider;
mod recent;
mod refresh;
mod register;
mod reload;
pub mod rotation;
pub mod stream;
mod token;
mod vault;

pub use data_key::{Column, DataKey, KeyScope, Sealed};
pub use keyfile::{KeyError, KeyFile, Made};
pub use provider::install;
pub use refresh::RefreshClaim;
pub use token::{Claims, SessionKey, Tokens};
pub use vault::Vault;

#[cfg(test)]
mod vectors_tests;
