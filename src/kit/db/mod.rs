//! The database: one store on SQLite or PostgreSQL, and the only way to begin a write.
//!
//! SQLite has one writer connection and several readers (WAL): writers queue in the pool instead of
//! failing with "database is locked", which deferred transactions do (architecture.md, 0.5).

mod connect;
pub mod constraint;
mod counters;
pub mod sql;
mod tx;

pub use connect::{Db, Dialect};
pub use tx::WriteTx;
