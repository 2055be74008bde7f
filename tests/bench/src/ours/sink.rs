//! Rows into PostgreSQL by COPY, into SQLite by one large transaction, both without waiting for the disk:
//! what is measured begins after the load.

use std::fmt::Write as _;

use actix_web::web::Bytes;
use futures_util::SinkExt;
use lvyue::kit::config::Settings;
use secrecy::ExposeSecret;
use uuid::Uuid;

pub const TABLES: [&str; 11] = [
    "ledger_entries",
    "data_keys",
    "departments",
    "people",
    "accounts",
    "consents",
    "tickets",
    "ticket_events",
    "ticket_messages",
    "ticket_solutions",
    "duties",
];

#[derive(Clone, Debug)]
pub enum V {
    Null,
    I(i64),
    B(bool),
    T(String),
    X(Vec<u8>),
    U(Uuid),
}

impl<T: Into<V>> From<Option<T>> for V {
    fn from(v: Option<T>) -> V {
        v.map_or(V::Null, Into::into)
    }
}
macro_rules! values {
    ($($from:ty => $make:expr),* $(,)?) => { $(impl From<$from> for V { fn from(v: $from) -> V { $make(v) } })* };
}
values!(i64 => V::I, bool => V::B, String => V::T, Vec<u8> => V::X, Uuid => V::U, &str => |v: &str| V::T(v.to_owned()));

/// Rows by table, in the order of [`TABLES`].
#[derive(Default)]
pub struct Chunk(pub [Vec<Vec<V>>; TABLES.len()]);

impl Chunk {
    pub fn add(&mut self, table: &str, row: Vec<V>) {
        let at = TABLES.iter().position(|t| *t == table).unwrap();
        self.0[at].push(row);
    }
}

/// The columns of a row where later steps of the schema moved or added some; the others have them in the table's order.
fn columns(table: &str) -> &'static str {
    match table {
        "data_keys" => "(key_id, scope, owner_id, kek_id, wrapped, state, created_at, destroyed_at)",
        "tickets" => {
            "(id, version, kind, number, state, is_open, severity, cycle, key_id, title_sealed, description_sealed, scope_sealed, \
             steps_tried_sealed, contact_sealed, occurred_at, reporter_id, entered_by, department_id, assignee_id, received_at, clock_start, \
             updated_at, closed_at, reminded_at, has_solution, repaired_by, merged_into, rating, next_due_at, next_due_code, key_wrapped)"
        }
        _ => "",
    }
}

/// A row of `$table` in `$chunk`, each value converted.
macro_rules! row {
    ($chunk:expr, $table:literal, $($value:expr),* $(,)?) => { $chunk.add($table, vec![$(crate::ours::sink::V::from($value)),*]) };
}
pub(super) use row;

#[expect(clippy::large_enum_variant)]
pub enum Sink {
    Postgres(tokio_postgres::Client),
    Sqlite(rusqlite::Connection),
}

impl Sink {
    pub async fn open(settings: &Settings) -> Self {
        let url = settings.database.url.expose_secret();
        match url.strip_prefix("sqlite://") {
            Some(path) => Self::Sqlite(rusqlite::Connection::open(path).unwrap()),
            None => {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                actix_web::rt::spawn(async move {
                    let _ = connection.await;
                });
                Self::Postgres(client)
            }
        }
    }

    pub async fn begin(&mut self) {
        match self {
            // Foreign keys hold by construction; checking each row would double the load's time.
            Self::Postgres(c) => c.batch_execute("SET session_replication_role = replica; SET synchronous_commit = off").await.unwrap(),
            Self::Sqlite(c) => {
                c.execute_batch("PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000; BEGIN IMMEDIATE").unwrap()
            }
        }
    }

    pub async fn store(&mut self, chunk: Chunk) {
        for (table, rows) in TABLES.iter().zip(chunk.0).filter(|(_, rows)| !rows.is_empty()) {
            match self {
                Self::Postgres(c) => {
                    let text = rows.iter().fold(String::with_capacity(rows.len() * 400), |mut out, row| {
                        copy_line(&mut out, row);
                        out
                    });
                    let copy = format!("COPY {table}{} FROM STDIN", columns(table));
                    let mut copy = Box::pin(c.copy_in::<_, Bytes>(&copy).await.unwrap());
                    copy.send(text.into()).await.unwrap();
                    copy.close().await.unwrap();
                }
                Self::Sqlite(c) => {
                    let places = vec!["?"; rows[0].len()].join(",");
                    let mut insert = c.prepare_cached(&format!("INSERT INTO {table}{} VALUES ({places})", columns(table))).unwrap();
                    for row in rows {
                        insert.execute(rusqlite::params_from_iter(row.into_iter().map(plain))).unwrap();
                    }
                }
            }
        }
    }

    /// One statement, as it stands.
    pub async fn run(&mut self, sql: &str) {
        match self {
            Self::Postgres(c) => c.batch_execute(sql).await.unwrap(),
            Self::Sqlite(c) => c.execute_batch(sql).unwrap(),
        }
    }

    pub async fn finish(&mut self) {
        match self {
            Self::Postgres(c) => {
                c.batch_execute("VACUUM (ANALYZE, FREEZE)").await.unwrap();
                c.batch_execute("CHECKPOINT").await.unwrap();
            }
            Self::Sqlite(c) => c.execute_batch("COMMIT; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)").unwrap(),
        }
    }
}

fn copy_line(out: &mut String, row: &[V]) {
    for (i, value) in row.iter().enumerate() {
        if i > 0 {
            out.push('\t');
        }
        let _ = match value {
            V::Null => write!(out, "\\N"),
            V::I(n) => write!(out, "{n}"),
            V::B(b) => write!(out, "{}", if *b { "t" } else { "f" }),
            // No text here has a tab, a line break or a backslash.
            V::T(text) => write!(out, "{text}"),
            V::U(id) => write!(out, "{id}"),
            V::X(bytes) => {
                out.push_str("\\\\x");
                for b in bytes {
                    out.push(char::from_digit(u32::from(b >> 4), 16).unwrap());
                    out.push(char::from_digit(u32::from(b & 15), 16).unwrap());
                }
                Ok(())
            }
        };
    }
    out.push('\n');
}

fn plain(value: V) -> rusqlite::types::Value {
    use rusqlite::types::Value;
    match value {
        V::Null => Value::Null,
        V::I(n) => Value::Integer(n),
        V::B(b) => Value::Integer(b.into()),
        V::T(text) => Value::Text(text),
        V::X(bytes) => Value::Blob(bytes),
        V::U(id) => Value::Blob(id.as_bytes().to_vec()),
    }
}
