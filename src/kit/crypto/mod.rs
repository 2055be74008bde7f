//! Sealing, blind indexes and tokens, all on ring. Formats and reasons: docs/ARCHITECTURE.md, "Sealing".

pub mod blind;
mod field;
mod kek;
mod key_rows;
mod keyfile;
mod provider;
mod refresh;
mod register;
mod reload;
mod token;
mod vault;

pub use keyfile::{KeyError, KeyFile, Made};
pub use provider::install;
pub use refresh::RefreshClaim;
pub use token::{Claims, SessionKey, Tokens};
pub use vault::{Column, DataKey, KeyScope, Sealed, Vault};
