//! Sealing, blind indexes and tokens, all on ring. Formats and reasons: docs/ARCHITECTURE.md, "Sealing".

mod token;
mod vault;

pub use token::Tokens;
pub use vault::{Column, DataKey, KeyScope, Sealed, Vault};
