//! Readers of the SQLite file in the thread that asks: a page of a list takes less time than handing the
//! question to another thread and the answer back. They only read; the one writer is elsewhere.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, Value as Stored};
use rusqlite::{Connection, OpenFlags, Row, ToSql};
use sea_orm::{DbErr, RuntimeErr, Value};

const STATEMENTS: usize = 64;
/// Bytes of the file that are read where the system keeps them, without a copy; 64 GiB is all of any file that belongs
/// into SQLite.
pub(super) const MAPPED: u64 = 1 << 36;
/// A reader waits only while the log is being recovered, and with it waits the thread that serves.
const BUSY: Duration = Duration::from_millis(500);

pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Readers")
    }
}

impl Readers {
    pub(super) fn new(path: &str) -> Self {
        Self { path: path.into(), idle: Mutex::default() }
    }

    /// All rows of a statement, each read while it stands.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        values: &[Value],
        read: impl Fn(&Row<'_>) -> Result<T, DbErr>,
    ) -> Result<Vec<T>, DbErr> {
        let kept = self.idle().pop();
        let connection = kept.map_or_else(|| self.open(), Ok).map_err(failed)?;
        let rows = run(&connection, sql, values, read);
        self.idle().push(connection);
        rows
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        // Not read-only: the shared memory of the log must be writable even for readers.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY)?;
        // A plan that no bound value changes: otherwise statements are compiled again when values change.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.execute_batch(&format!(
            "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; \
             PRAGMA mmap_size = {MAPPED};"
        ))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn close(&self) {
        self.idle().clear();
    }
}

fn run<T>(
    connection: &Connection,
    sql: &str,
    values: &[Value],
    read: impl Fn(&Row<'_>) -> Result<T, DbErr>,
) -> Result<Vec<T>, DbErr> {
    let mut statement = connection.prepare_cached(sql).map_err(failed)?;
    for (at, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, Bound(value)).map_err(failed)?;
    }
    let mut rows = statement.raw_query();
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        all.push(read(row)?);
    }
    Ok(all)
}

struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Bool(Some(value)) => ToSqlOutput::Owned(Stored::Integer(i64::from(*value))),
            Value::Int(Some(value)) => ToSqlOutput::Owned(Stored::Integer(i64::from(*value))),
            Value::BigInt(Some(value)) => ToSqlOutput::Owned(Stored::Integer(*value)),
            Value::String(Some(text)) => ToSqlOutput::Borrowed(text.as_str().into()),
            Value::Bytes(Some(bytes)) => ToSqlOutput::Borrowed(bytes.as_slice().into()),
            Value::Uuid(Some(id)) => ToSqlOutput::Borrowed(id.as_bytes().as_slice().into()),
            other => {
                let text = format!("no reader binds {:?}", std::mem::discriminant(other));
                return Err(rusqlite::Error::ToSqlConversionFailure(text.into()));
            }
        })
    }
}

pub(super) fn failed(error: rusqlite::Error) -> DbErr {
    DbErr::Query(RuntimeErr::Internal(error.to_string()))
}
