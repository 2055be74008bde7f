//! Queries of identity, by table: the only files of the feature that read and write its tables.

mod accounts;
mod people;
mod sessions;
mod standing;

pub use accounts::*;
pub use people::*;
pub use sessions::*;
pub use standing::*;
