//! The write transaction. Dropping it without [`WriteTx::commit`] leaves nothing behind.

use std::ops::Deref;

use sea_orm::{DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};

use super::Db;
use crate::kit::error::Result;

#[derive(Debug)]
pub struct WriteTx(DatabaseTransaction);

impl Db {
    /// Begins a write. On SQLite it takes the write lock at once; on PostgreSQL the
    /// connection's settings bound how long it waits for rows that somebody else holds.
    ///
    /// # Errors
    /// No connection in time, or the database is away.
    pub async fn write_tx(&self) -> Result<WriteTx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(WriteTx(self.writer().begin_with_options(options).await?))
    }
}

impl WriteTx {
    /// # Errors
    /// The database could not make it durable: nothing of it counts.
    pub async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}

impl Deref for WriteTx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
