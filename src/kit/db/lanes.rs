//! Connections to PostgreSQL, kept in hand. The driver's own pool asks the server after each use whether the
//! connection still lives: a second round trip of every statement. Here a connection comes back only from a
//! statement that ended, so there is nothing to ask; one that died meanwhile is replaced on use.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::sqlx::postgres::{
    PgArguments, PgConnectOptions, PgConnection, PgDatabaseError, PgQueryResult, PgRow, PgSeverity,
};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, Executor, IntoArguments};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a request waits for one of the connections, and for a new one.
const ROOM: Duration = Duration::from_secs(1);
const CONNECT: Duration = Duration::from_secs(2);
/// Longer unused than this, a firewall on the way may have forgotten it.
const STALE: Duration = Duration::from_secs(300);
/// As the server's `statement_timeout`.
const STATEMENT: Duration = Duration::from_secs(5);

pub(super) struct Lanes {
    options: PgConnectOptions,
    idle: Mutex<Vec<(PgConnection, Instant)>>,
    room: Arc<Semaphore>,
    most: u32,
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lanes")
    }
}

/// One connection. Dropping it closes it; [`Lane::home`] keeps it for the next.
pub(super) struct Lane {
    /// Away while a statement runs: whoever gives up waiting for an answer leaves no half-read connection.
    connection: Option<PgConnection>,
    lanes: Arc<Lanes>,
    fresh: bool,
    _room: OwnedSemaphorePermit,
}

impl Lanes {
    pub(super) fn new(options: PgConnectOptions, most: u32) -> Arc<Self> {
        let room = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(1)));
        Arc::new(Self { options, idle: Mutex::default(), room, most })
    }

    /// Runs one statement that may be repeated: a connection that died in the meantime is replaced.
    pub(super) async fn rows(self: &Arc<Self>, statement: Statement) -> Result<Vec<PgRow>, DbErr> {
        loop {
            let mut lane = self.take().await?;
            match lane.rows(statement.clone()).await {
                Ok(rows) => {
                    lane.home();
                    return Ok(rows);
                }
                Err(error) if lane.fresh || lane.connection.is_some() => {
                    lane.home();
                    return Err(error);
                }
                // Each turn drops one of the old connections, so this ends.
                Err(_) => {}
            }
        }
    }

    /// A connection with a transaction begun on it.
    pub(super) async fn begin(self: &Arc<Self>) -> Result<Lane, DbErr> {
        loop {
            let mut lane = self.take().await?;
            match lane.run("BEGIN").await {
                Ok(()) => return Ok(lane),
                Err(error) if lane.fresh => return Err(error),
                Err(_) => {}
            }
        }
    }

    async fn take(self: &Arc<Self>) -> Result<Lane, DbErr> {
        let room = tokio::time::timeout(ROOM, Arc::clone(&self.room).acquire_owned()).await;
        let room = match room {
            Ok(Ok(room)) => room,
            Ok(Err(_)) => return Err(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)),
            Err(_) => return Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
        };
        let kept = self.idle().pop().filter(|(_, since)| since.elapsed() < STALE);
        let fresh = kept.is_none();
        let connection = match kept {
            Some((connection, _)) => connection,
            None => self.connect().await?,
        };
        Ok(Lane { connection: Some(connection), lanes: Arc::clone(self), fresh, _room: room })
    }

    async fn connect(&self) -> Result<PgConnection, DbErr> {
        match tokio::time::timeout(CONNECT, PgConnection::connect_with(&self.options)).await {
            Ok(connected) => connected.map_err(|e| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(e)))),
            Err(_) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<(PgConnection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for those in use and closes them; nothing is handed out any more.
    pub(super) async fn close(&self) {
        // Whoever still holds one is waited for, as long as a statement may take.
        let _ = tokio::time::timeout(STATEMENT, self.room.acquire_many(self.most)).await;
        self.room.close();
        let idle = std::mem::take(&mut *self.idle());
        for (connection, _) in idle {
            // A connection that cannot say goodbye is gone anyway.
            let _ = connection.close().await;
        }
    }
}

impl Lane {
    pub(super) async fn rows(&mut self, statement: Statement) -> Result<Vec<PgRow>, DbErr> {
        self.with(async |connection| query(statement).fetch_all(connection).await).await
    }

    pub(super) async fn execute(&mut self, statement: Statement) -> Result<PgQueryResult, DbErr> {
        self.with(async |connection| query(statement).execute(connection).await).await
    }

    /// Text without values, in one go.
    pub(super) async fn run(&mut self, sql: &'static str) -> Result<(), DbErr> {
        self.with(async |connection| connection.execute(sqlx::raw_sql(sql)).await.map(drop)).await
    }

    pub(super) fn home(mut self) {
        if let Some(connection) = self.connection.take().filter(|_| !self.lanes.room.is_closed()) {
            self.lanes.idle().push((connection, Instant::now()));
        }
    }

    async fn with<T>(
        &mut self,
        run: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, DbErr> {
        let connection = self.connection.take();
        let mut connection = connection.ok_or(DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?;
        let done = run(&mut connection).await;
        let lost = match &done {
            Ok(_) => false,
            // The server is closing this connection, and says so.
            Err(sqlx::Error::Database(e)) => e
                .try_downcast_ref::<PgDatabaseError>()
                .is_none_or(|e| matches!(e.severity(), PgSeverity::Fatal | PgSeverity::Panic)),
            Err(_) => true,
        };
        if !lost {
            self.connection = Some(connection);
        }
        done.map_err(|e| DbErr::Query(RuntimeErr::SqlxError(Arc::new(e))))
    }
}

fn query(statement: Statement) -> sqlx::query::Query<'static, sqlx::Postgres, PgArguments> {
    let values = statement.values.unwrap_or(sea_orm::Values(Vec::new()));
    let values: PgArguments = IntoArguments::<sqlx::Postgres>::into_arguments(SqlxValues(values));
    sqlx::query_with(AssertSqlSafe(statement.sql), values)
}
