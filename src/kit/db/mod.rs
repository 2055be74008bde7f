//! The database: one store on SQLite or PostgreSQL, and the only way to begin a write.
//!
//! SQLite has one writer connection and several readers (WAL): writers queue in the pool instead of
//! failing with "database is locked", which deferred transactions do (architecture.md, 0.5).

mod columns;
mod connect;
pub mod constraint;
mod counters;
mod embedded;
mod lanes;
mod pipes;
mod reader;
mod sql;
mod tx;
mod versioned;

pub use columns::Columns;
pub use connect::{Db, Dialect};
pub use reader::{Fetch, Reader};
pub use sql::Sql;
pub use tx::{Tx, WriteTx};
pub use versioned::write_back;
