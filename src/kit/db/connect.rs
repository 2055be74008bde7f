//! Opening the database, with the pragmas and limits that durability and speed need.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use migrations::{Migrator, migrate};
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use sea_orm_migration::MigratorTrait;
use secrecy::ExposeSecret;

use super::counters::Counters;
use super::embedded::{MAPPED, Readers};
use super::lanes::Lanes;
use super::pipes::Pipes;
use super::reader::{Fast, Reader};
use crate::kit::config;
use crate::kit::error::{Code, Error, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// Readers and the writer. On PostgreSQL reads and transactions have lanes, single writes the pool.
#[derive(Clone, Debug)]
pub struct Db {
    reader: Reader,
    writer: DatabaseConnection,
    dialect: Dialect,
    counters: Arc<Counters>,
}

impl Db {
    /// Opens the pools; connections are made when first needed.
    ///
    /// # Errors
    /// A URL that is neither SQLite nor PostgreSQL, a folder that cannot be made, a database that is away.
    pub async fn open(settings: &config::Database) -> Result<Self> {
        Self::connect(settings, false).await
    }

    /// As [`Db::open`], but on PostgreSQL no connection is made before the first use: it then belongs to
    /// the runtime of the thread that uses it.
    ///
    /// # Errors
    /// A URL that is neither SQLite nor PostgreSQL, a folder that cannot be made.
    pub async fn open_lazily(settings: &config::Database) -> Result<Self> {
        Self::connect(settings, true).await
    }

    async fn connect(settings: &config::Database, lazily: bool) -> Result<Self> {
        let url = settings.url.expose_secret();
        if let Some(path) = url.strip_prefix("sqlite://") {
            let path = path.split('?').next().unwrap_or(path);
            if let Some(folder) = Path::new(path).parent().filter(|f| !f.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder).map_err(|e| Error::new(Code::StorageFull).because(e))?;
            }
            let file = format!("sqlite://{path}?mode=rwc");
            let writer = Database::connect(sqlite_options(&file, 1)).await?;
            let pool = Database::connect(sqlite_options(&file, settings.max_connections.max(1))).await?;
            let reader = Reader::new(pool, Fast::Sqlite(Arc::new(Readers::new(path))));
            Ok(Self { reader, writer, dialect: Dialect::Sqlite, counters: Arc::default() })
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let mut options = postgres_options(url, settings.max_connections.div_ceil(4).max(1));
            options.connect_lazy(lazily);
            let pool = Database::connect(options).await?;
            let lane = url.parse().map_err(|_| unusable("database.url is not a PostgreSQL address"))?;
            let lane = postgres_settings(lane).disable_statement_logging();
            let pipes = Pipes::new(url, &lane);
            let lanes = Lanes::new(lane, settings.max_connections.max(1));
            Ok(Self {
                reader: Reader::new(pool.clone(), Fast::Postgres(lanes, pipes)),
                writer: pool,
                dialect: Dialect::Postgres,
                counters: Arc::default(),
            })
        } else {
            Err(unusable("database.url must begin with sqlite:// or postgres://"))
        }
    }

    /// For reads. Never begin a write on it.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    pub(super) fn lanes(&self) -> Option<&Arc<Lanes>> {
        self.reader.lanes()
    }

    /// For single write statements; several belong into [`Db::write_tx`].
    #[must_use]
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Brings the schema up to date, on a connection of its own.
    ///
    /// # Errors
    /// What the database says; nothing of the failed step stays.
    pub async fn migrate(settings: &config::Database) -> Result<()> {
        let one = Self::open(&config::Database { url: settings.url.clone(), max_connections: 1 }).await?;
        if one.dialect == Dialect::Postgres {
            // Who starts second waits until the first has migrated, however long that takes.
            one.writer.execute_unprepared("SET lock_timeout = 0; SET statement_timeout = 0").await?;
        }
        migrate(&one.writer).await?;
        one.close().await
    }

    /// Names of steps that the code knows and the database has not.
    ///
    /// # Errors
    /// The database is away.
    pub async fn pending_migrations(&self) -> Result<usize> {
        Ok(Migrator::get_pending_migrations_read_only(self.reader.pool()).await?.len())
    }

    /// Waits for connections in use and closes the pools; on SQLite the log is folded into the file.
    ///
    /// # Errors
    /// The database is away.
    pub async fn close(self) -> Result<()> {
        self.reader.close().await?;
        if self.dialect == Dialect::Sqlite {
            self.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(self.writer.close_by_ref().await?)
    }
}

/// The driver's own text may quote the address with its password.
fn unusable(why: &str) -> Error {
    Error::new(Code::Internal).because(why)
}

fn common(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(0)
        .acquire_timeout(Duration::from_secs(1))
        // A ping before each statement costs a seventh of the throughput. A dead connection shows itself on
        // use, as one 503 that the client repeats, and is then gone from the pool.
        .test_before_acquire(false)
        .sqlx_logging(false);
    options
}

fn sqlite_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = common(url, connections);
    // The writer's queue may be long under load; a request's own time limit ends the wait.
    options.acquire_timeout(Duration::from_secs(5));
    options.map_sqlx_sqlite_opts(|o| {
        o.journal_mode(SqliteJournalMode::Wal)
            // FULL: an acknowledged write survives a power cut, not only a crash.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF")
            .pragma("temp_store", "MEMORY")
            .pragma("mmap_size", MAPPED.to_string())
            .statement_cache_capacity(256)
    });
    options
}

fn postgres_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = common(url, connections);
    options.connect_timeout(Duration::from_secs(2));
    options.map_sqlx_postgres_opts(postgres_settings);
    options
}

fn postgres_settings(options: PgConnectOptions) -> PgConnectOptions {
    options.application_name("lvyue").options([
        ("statement_timeout", "5s"),
        // Here and not with each transaction: that would be one more round trip of every write.
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("timezone", "UTC"),
        // Every statement here is a keyset read or a write by key, whose plan no value changes; planning
        // each list anew costs more than running it.
        ("plan_cache_mode", "force_generic_plan"),
    ])
}
