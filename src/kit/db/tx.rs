//! The write transaction. Dropping it without [`WriteTx::commit`] leaves nothing behind.

use std::fmt;
use std::ops::Deref;

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use super::Db;
use super::columns::Columns;
use super::lanes::Lane;
use super::reader::{Fetch, Read};
use crate::kit::error::Result;

#[derive(Debug)]
pub struct WriteTx(Tx);

/// What statements of a transaction run on.
pub enum Tx {
    Sqlite(DatabaseTransaction),
    Postgres(PgTx),
}

/// A transaction on a connection of the lanes; empty once it has ended.
pub struct PgTx(Mutex<Option<Lane>>);

impl Drop for PgTx {
    /// Locks must not wait for the connection's next user. Nobody needs to wait for this: whoever stops the
    /// program closes the connection, which ends the transaction as well.
    fn drop(&mut self) {
        if let Some(mut lane) = self.0.get_mut().take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move {
                if lane.run("ROLLBACK").await.is_ok() {
                    lane.home();
                }
            });
        }
    }
}

impl PgTx {
    async fn lane(&self) -> std::result::Result<MappedMutexGuard<'_, Lane>, DbErr> {
        MutexGuard::try_map(self.0.lock().await, Option::as_mut)
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tx")
    }
}

impl Db {
    /// Begins a write. On SQLite it takes the write lock at once; on PostgreSQL the
    /// connection's settings bound how long it waits for rows that somebody else holds.
    ///
    /// # Errors
    /// No connection in time, or the database is away.
    pub async fn write_tx(&self) -> Result<WriteTx> {
        if let Some(lanes) = self.lanes() {
            return Ok(WriteTx(Tx::Postgres(PgTx(Mutex::new(Some(lanes.begin().await?))))));
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(WriteTx(Tx::Sqlite(self.writer().begin_with_options(options).await?)))
    }
}

impl WriteTx {
    /// # Errors
    /// The database could not make it durable: nothing of it counts.
    pub async fn commit(self) -> Result<()> {
        match self.0 {
            Tx::Sqlite(tx) => tx.commit().await?,
            Tx::Postgres(mut tx) => {
                if let Some(mut lane) = tx.0.get_mut().take() {
                    lane.run("COMMIT").await?;
                    lane.home();
                }
            }
        }
        Ok(())
    }
}

impl Deref for WriteTx {
    type Target = Tx;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Fetch for Tx {
    async fn fetch<T: Send>(
        &self,
        sql: String,
        values: Vec<sea_orm::Value>,
        read: Read<T>,
    ) -> std::result::Result<Vec<T>, DbErr> {
        let statement = Statement::from_sql_and_values(self.get_database_backend(), sql, values);
        let rows = self.query_all_raw(statement).await?;
        rows.iter().map(|row| read(&mut Columns::of(row)?)).collect()
    }
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> std::result::Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(tx) => tx.execute_raw(statement).await,
            Self::Postgres(tx) => Ok(tx.lane().await?.execute(statement).await?.into()),
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> std::result::Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(tx) => tx.execute_unprepared(sql).await,
            Self::Postgres(_) => {
                self.execute_raw(Statement::from_string(DbBackend::Postgres, sql.to_owned())).await
            }
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> std::result::Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(tx) => tx.query_one_raw(statement).await,
            Self::Postgres(_) => Ok(self.query_all_raw(statement).await?.into_iter().next()),
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> std::result::Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(tx) => tx.query_all_raw(statement).await,
            Self::Postgres(tx) => {
                Ok(tx.lane().await?.rows(statement).await?.into_iter().map(Into::into).collect())
            }
        }
    }
}
