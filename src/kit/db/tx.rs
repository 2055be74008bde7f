//! The write transaction. Dropping it without [`WriteTx::commit`] leaves nothing behind.

use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};

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
use crate::kit::error::{Code, Error, Result};

#[derive(Debug)]
pub struct WriteTx(Tx);

/// What statements of a transaction run on.
pub struct Tx {
    on: On,
    /// Writes that wait for company, see [`Tx::later`].
    waiting: Mutex<Vec<Statement>>,
    /// Statements that have not ended well: they failed, or whoever waited for them gave up.
    open: AtomicUsize,
}

enum On {
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
            return Ok(WriteTx(Tx::new(On::Postgres(PgTx(Mutex::new(Some(lanes.begin().await?)))))));
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(WriteTx(Tx::new(On::Sqlite(self.writer().begin_with_options(options).await?))))
    }
}

impl WriteTx {
    /// # Errors
    /// The database could not make it durable: nothing of it counts.
    pub async fn commit(self) -> Result<()> {
        self.0.flush().await?;
        // PostgreSQL answers such a COMMIT with a quiet rollback, SQLite would keep half of it.
        if self.0.open.load(Ordering::Relaxed) > 0 {
            return Err(Error::new(Code::Internal).because("a commit after a statement that failed"));
        }
        match self.0.on {
            On::Sqlite(tx) => tx.commit().await?,
            On::Postgres(mut tx) => {
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

impl Tx {
    fn new(on: On) -> Self {
        Self { on, waiting: Mutex::default(), open: AtomicUsize::new(0) }
    }

    /// What statements are built for.
    pub fn backend(&self) -> DbBackend {
        match &self.on {
            On::Sqlite(_) => DbBackend::Sqlite,
            On::Postgres(_) => DbBackend::Postgres,
        }
    }

    /// Adds a write whose outcome nobody waits for: it goes to the database together with the others, as one
    /// statement, before anything else of this transaction does and at the latest with the commit. No two
    /// that wait may touch the same row; each must find what it refers to written or waiting before it.
    pub async fn later(&self, write: Statement) {
        self.waiting.lock().await.push(write);
    }

    async fn flush(&self) -> std::result::Result<(), DbErr> {
        let waiting = std::mem::take(&mut *self.waiting.lock().await);
        match together(self.backend(), waiting) {
            Some(all) => self.run(all).await.map(drop),
            None => Ok(()),
        }
    }

    async fn run(&self, statement: Statement) -> std::result::Result<ExecResult, DbErr> {
        self.whole(async {
            match &self.on {
                On::Sqlite(tx) => tx.execute_raw(statement).await,
                On::Postgres(tx) => Ok(tx.lane().await?.execute(statement).await?.into()),
            }
        })
        .await
    }

    /// Remembers a statement that does not end well.
    async fn whole<T>(
        &self,
        run: impl Future<Output = std::result::Result<T, DbErr>>,
    ) -> std::result::Result<T, DbErr> {
        self.open.fetch_add(1, Ordering::Relaxed);
        let done = run.await?;
        self.open.fetch_sub(1, Ordering::Relaxed);
        Ok(done)
    }
}

impl Fetch for Tx {
    async fn fetch<T: Send>(
        &self,
        sql: String,
        values: Vec<sea_orm::Value>,
        read: Read<T>,
    ) -> std::result::Result<Vec<T>, DbErr> {
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        let rows = self.query_all_raw(statement).await?;
        rows.iter().map(|row| read(&mut Columns::of(row)?)).collect()
    }
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> std::result::Result<ExecResult, DbErr> {
        self.flush().await?;
        self.run(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> std::result::Result<ExecResult, DbErr> {
        self.execute_raw(Statement::from_string(self.backend(), sql.to_owned())).await
    }

    async fn query_one_raw(&self, statement: Statement) -> std::result::Result<Option<QueryResult>, DbErr> {
        self.flush().await?;
        self.whole(async {
            match &self.on {
                On::Sqlite(tx) => tx.query_one_raw(statement).await,
                On::Postgres(tx) => {
                    Ok(tx.lane().await?.rows(statement).await?.into_iter().next().map(Into::into))
                }
            }
        })
        .await
    }

    async fn query_all_raw(&self, statement: Statement) -> std::result::Result<Vec<QueryResult>, DbErr> {
        self.flush().await?;
        self.whole(async {
            match &self.on {
                On::Sqlite(tx) => tx.query_all_raw(statement).await,
                On::Postgres(tx) => {
                    Ok(tx.lane().await?.rows(statement).await?.into_iter().map(Into::into).collect())
                }
            }
        })
        .await
    }
}

/// Several writes as one statement: on SQLite one after the other, on PostgreSQL as parts of a `WITH`, whose
/// foreign keys are looked at when all is written.
fn together(backend: DbBackend, writes: Vec<Statement>) -> Option<Statement> {
    let last = writes.len().checked_sub(1)?;
    let mut sql = String::new();
    let mut values = Vec::new();
    for (at, write) in writes.into_iter().enumerate() {
        let before = values.len();
        values.extend(write.values.map(|v| v.0).unwrap_or_default());
        match backend {
            DbBackend::Postgres => {
                if at < last {
                    sql.push_str(if at == 0 { "WITH " } else { ", " });
                    sql.push_str(&format!("w{at} AS ("));
                }
                if at == last && at > 0 {
                    sql.push(' ');
                }
                renumber(&mut sql, &write.sql, before);
                if at < last {
                    sql.push(')');
                }
            }
            _ => {
                if at > 0 {
                    sql.push_str("; ");
                }
                // Numbered places count through all of them; `?` goes on where the last one ended.
                renumber(&mut sql, &write.sql, before);
            }
        }
    }
    Some(Statement::from_sql_and_values(backend, sql, values))
}

/// Appends `text` with each `$n` as `$(n + by)`.
fn renumber(sql: &mut String, text: &str, by: usize) {
    let mut parts = text.split('$');
    sql.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = part.split_at(digits);
        let number = number.parse::<usize>().map_or_else(|_| number.to_owned(), |n| (n + by).to_string());
        sql.push('$');
        sql.push_str(&number);
        sql.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_that_go_together_keep_their_values() {
        let write = |sql: &str, n: i64| Statement::from_sql_and_values(DbBackend::Postgres, sql, [n.into()]);
        let three =
            || vec![write("INSERT INTO a VALUES ($1)", 1), write("UPDATE b SET c = $1", 2), write("X $1", 3)];
        let all = together(DbBackend::Postgres, three()).unwrap();
        assert_eq!(all.sql, "WITH w0 AS (INSERT INTO a VALUES ($1)), w1 AS (UPDATE b SET c = $2) X $3");
        assert_eq!(all.values.unwrap().0, [1_i64.into(), 2_i64.into(), 3_i64.into()]);
        let one = together(DbBackend::Postgres, vec![write("INSERT INTO a VALUES ($1)", 1)]).unwrap();
        assert_eq!(one.sql, "INSERT INTO a VALUES ($1)");
        assert!(together(DbBackend::Sqlite, three()).unwrap().sql.contains("; UPDATE b SET c = $2"));
        assert!(together(DbBackend::Sqlite, Vec::new()).is_none());
    }
}
