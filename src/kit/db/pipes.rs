//! Questions to PostgreSQL that people wait for share a few connections: each is sent without waiting for the
//! answer to the one before, so that under load the server is woken once for several of them. Only for a server
//! on this machine or one that is reached without TLS: elsewhere the network takes longer than all that this
//! saves, and the lanes serve.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::TryStreamExt;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, Value};
use tokio_postgres::config::Host;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Error, NoTls, Row, Statement};

const CONNECT: Duration = Duration::from_secs(2);
/// Connections of one thread.
const PIPES: usize = 4;
/// A pipe with so many questions under way is passed over while another has room.
const DEPTH: usize = 8;
/// Texts that a connection keeps prepared; lists have a few dozen, with all their filters.
const STATEMENTS: usize = 256;

pub(super) struct Pipes {
    config: Config,
    pipes: [Slot; PIPES],
}

#[derive(Default)]
struct Slot {
    pipe: tokio::sync::Mutex<Option<Arc<Pipe>>>,
    under_way: AtomicUsize,
}

struct Pipe {
    client: Client,
    prepared: Mutex<HashMap<String, Statement>>,
}

impl fmt::Debug for Pipes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pipes")
    }
}

/// Counts a question while it is under way, given up ones too.
struct UnderWay<'a>(&'a AtomicUsize);

impl<'a> UnderWay<'a> {
    fn on(slot: &'a Slot) -> Self {
        slot.under_way.fetch_add(1, Ordering::Relaxed);
        Self(&slot.under_way)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Pipes {
    /// `None` where TLS is or may be wanted; `settings` are what each connection begins with.
    pub(super) fn new(url: &str, settings: &PgConnectOptions) -> Option<Arc<Self>> {
        let mut config: Config = url.parse().ok()?;
        let near = |host: &Host| match host {
            Host::Tcp(name) => {
                name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
            }
            Host::Unix(_) => true,
        };
        let plain = match settings.get_ssl_mode() {
            PgSslMode::Disable | PgSslMode::Allow => true,
            PgSslMode::Prefer => config.get_hosts().iter().all(near),
            PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull => false,
        };
        if !plain || config.get_hosts().is_empty() {
            return None;
        }
        config.options(settings.get_options().unwrap_or_default());
        config.application_name(settings.get_application_name().unwrap_or_default());
        config.connect_timeout(CONNECT);
        Some(Arc::new(Self { config, pipes: Default::default() }))
    }

    /// Runs one statement that may be repeated: a connection that died in the meantime is replaced, once.
    pub(super) async fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbErr> {
        let (params, types) = bound(values)?;
        loop {
            let slot = self.slot().ok_or_else(closed)?;
            let _under_way = UnderWay::on(slot);
            let (pipe, fresh) = slot.pipe(&self.config).await?;
            match pipe.rows(sql, &params, &types).await {
                Ok(rows) => return Ok(rows),
                Err(error) if fresh || !pipe.client.is_closed() => return Err(failed(&error)),
                // Each turn replaces one of the old connections, so this ends.
                Err(_) => {}
            }
        }
    }

    /// The first that has room, so that questions travel together; else the one with the shortest queue.
    fn slot(&self) -> Option<&Slot> {
        let under_way = |slot: &&Slot| slot.under_way.load(Ordering::Relaxed);
        let room = self.pipes.iter().find(|slot| under_way(slot) < DEPTH);
        room.or_else(|| self.pipes.iter().min_by_key(under_way))
    }

    /// Nothing is waited for: whoever still has a question under way keeps its connection until the answer.
    pub(super) async fn close(&self) {
        for slot in &self.pipes {
            slot.pipe.lock().await.take();
        }
    }
}

impl Slot {
    /// Its connection, and whether it was made for this question.
    #[expect(
        clippy::disallowed_methods,
        reason = "it lives as long as its client, and closing takes that away"
    )]
    async fn pipe(&self, config: &Config) -> Result<(Arc<Pipe>, bool), DbErr> {
        let mut kept = self.pipe.lock().await;
        if let Some(pipe) = kept.as_ref().filter(|pipe| !pipe.client.is_closed()) {
            return Ok((Arc::clone(pipe), false));
        }
        let connecting = tokio::time::timeout(CONNECT, config.connect(NoTls)).await;
        let (client, connection) = match connecting {
            Ok(connected) => connected.map_err(|e| DbErr::Conn(RuntimeErr::Internal(text(&e))))?,
            Err(_) => return Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
        };
        // It ends with the last question once its client is gone; what breaks it is told to who is waiting.
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = text(&error), "a connection to PostgreSQL ended");
            }
        });
        let pipe = Arc::new(Pipe { client, prepared: Mutex::default() });
        *kept = Some(Arc::clone(&pipe));
        Ok((pipe, true))
    }
}

impl Pipe {
    async fn rows(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
        types: &[Type],
    ) -> Result<Vec<Row>, Error> {
        let statement = self.statement(sql, types).await?;
        let rows = self.client.query_raw(&statement, params.iter().copied()).await?;
        rows.try_collect().await
    }

    async fn statement(&self, sql: &str, types: &[Type]) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare_typed(sql, types).await?;
        let mut prepared = self.prepared();
        if prepared.len() >= STATEMENTS {
            prepared.clear();
        }
        prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn prepared(&self) -> std::sync::MutexGuard<'_, HashMap<String, Statement>> {
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Bound<'a> = (Vec<&'a (dyn ToSql + Sync)>, Vec<Type>);

/// Values with the types that they have here: PostgreSQL would guess narrower ones from the columns.
fn bound(values: &[Value]) -> Result<Bound<'_>, DbErr> {
    let mut all: Bound<'_> = (Vec::with_capacity(values.len()), Vec::with_capacity(values.len()));
    for value in values {
        let (param, kind): (&(dyn ToSql + Sync), Type) = match value {
            Value::Bool(value) => (value, Type::BOOL),
            Value::Int(value) => (value, Type::INT4),
            Value::BigInt(value) => (value, Type::INT8),
            Value::String(value) => (value, Type::TEXT),
            Value::Bytes(value) => (value, Type::BYTEA),
            Value::Uuid(value) => (value, Type::UUID),
            other => return Err(DbErr::Type(format!("no reader binds {:?}", std::mem::discriminant(other)))),
        };
        all.0.push(param);
        all.1.push(kind);
    }
    Ok(all)
}

fn closed() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)
}

fn failed(error: &Error) -> DbErr {
    DbErr::Query(RuntimeErr::Internal(text(error)))
}

/// What the server said, without its detail: that quotes values.
fn text(error: &Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(server), _) => server.message().to_owned(),
        (None, Some(cause)) => format!("{error}: {cause}"),
        (None, None) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serve_only_where_nobody_wants_tls() {
        let serve = |url: &str| Pipes::new(url, &url.parse().unwrap()).is_some();
        for near in [
            "postgres://me@127.0.0.1:5432/lvyue",
            "postgres://me@localhost/lvyue",
            "postgres://me@[::1]/lvyue",
            "postgres://me@%2Frun%2Fpostgresql/lvyue",
            "postgres://me@db.example/lvyue?sslmode=disable",
        ] {
            assert!(serve(near), "{near}");
        }
        for other in [
            "postgres://me@db.example/lvyue",
            "postgres://me@10.0.0.7/lvyue?sslmode=prefer",
            "postgres://me@127.0.0.1/lvyue?sslmode=require",
            "postgres://me@db.example/lvyue?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem",
        ] {
            assert!(!serve(other), "{other}");
        }
    }
}
