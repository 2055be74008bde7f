//! Reading. [`Reader`] serves every query; [`Fetch`] is for those that people wait for: rows are read
//! where they stand, column by column, without the mapper's names and without another thread.

use std::fmt;
use std::sync::Arc;

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use super::columns::Columns;
use super::embedded::Readers;
use super::lanes::Lanes;
use super::pipes::Pipes;

/// How one row becomes one value.
pub type Read<T> = fn(&mut Columns<'_>) -> Result<T, DbErr>;

/// A connection that hands rows out as they come.
pub trait Fetch: ConnectionTrait {
    /// # Errors
    /// What the database says, or `read` found another column than it wanted.
    fn fetch<T: Send>(
        &self,
        sql: String,
        values: Vec<sea_orm::Value>,
        read: Read<T>,
    ) -> impl Future<Output = Result<Vec<T>, DbErr>> + Send;
}

/// For reads. Never begin a write on it.
#[derive(Clone)]
pub struct Reader {
    pool: DatabaseConnection,
    fast: Fast,
}

#[derive(Clone)]
pub(super) enum Fast {
    Postgres(Arc<Lanes>, Option<Arc<Pipes>>),
    Sqlite(Arc<Readers>),
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("pool", &self.pool).finish_non_exhaustive()
    }
}

impl Reader {
    pub(super) fn new(pool: DatabaseConnection, fast: Fast) -> Self {
        Self { pool, fast }
    }

    pub(super) fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    pub(super) fn lanes(&self) -> Option<&Arc<Lanes>> {
        match &self.fast {
            Fast::Postgres(lanes, _) => Some(lanes),
            Fast::Sqlite(_) => None,
        }
    }

    pub(super) async fn close(&self) -> Result<(), DbErr> {
        match &self.fast {
            Fast::Postgres(lanes, pipes) => {
                if let Some(pipes) = pipes {
                    pipes.close().await;
                }
                lanes.close().await;
            }
            Fast::Sqlite(readers) => readers.close(),
        }
        self.pool.close_by_ref().await
    }
}

impl Fetch for Reader {
    async fn fetch<T: Send>(
        &self,
        sql: String,
        values: Vec<sea_orm::Value>,
        read: Read<T>,
    ) -> Result<Vec<T>, DbErr> {
        match &self.fast {
            Fast::Postgres(lanes, pipes) => {
                if let Some(pipes) = pipes {
                    match pipes.rows(&sql, &values).await {
                        // A password from elsewhere than the address, a server that is just coming: the lanes know.
                        Err(DbErr::Conn(_)) => {}
                        rows => return rows?.iter().map(|row| read(&mut Columns::piped(row))).collect(),
                    }
                }
                let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
                // Rare, and large: inside this future every list would carry it around.
                let rows = Box::pin(lanes.rows(statement)).await?;
                rows.iter().map(|row| read(&mut Columns::postgres(row))).collect()
            }
            Fast::Sqlite(readers) => readers.rows(&sql, &values, |row| read(&mut Columns::embedded(row))),
        }
    }
}

#[async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.pool.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.pool.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.fast {
            Fast::Postgres(lanes, _) => Ok(lanes.rows(statement).await?.into_iter().next().map(Into::into)),
            Fast::Sqlite(_) => self.pool.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.fast {
            Fast::Postgres(lanes, _) => {
                Ok(lanes.rows(statement).await?.into_iter().map(Into::into).collect())
            }
            Fast::Sqlite(_) => self.pool.query_all_raw(statement).await,
        }
    }
}
