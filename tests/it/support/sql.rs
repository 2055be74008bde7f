//! Looks into the database past the program, the same way on both.

use lvyue::kit::db::{Db, Dialect};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};

pub fn backend(db: &Db) -> DbBackend {
    match db.dialect() {
        Dialect::Sqlite => DbBackend::Sqlite,
        Dialect::Postgres => DbBackend::Postgres,
    }
}

/// A pool that lived through a cut line may still hold a dead connection, which shows itself on use and is
/// then gone; looking again is what a client does too.
pub async fn rows(db: &Db, sql: &str) -> Vec<QueryResult> {
    let mut looks = 0;
    loop {
        match db.reader().query_all_raw(Statement::from_string(backend(db), sql)).await {
            Ok(rows) => return rows,
            Err(e) if looks < 20 && e.to_string().contains("communicating with database") => looks += 1,
            Err(e) => panic!("{sql}: {e}"),
        }
    }
}

pub async fn execute(db: &Db, sql: &str) -> Result<u64, DbErr> {
    Ok(db.writer().execute_raw(Statement::from_string(backend(db), sql)).await?.rows_affected())
}

/// One number.
pub async fn number(db: &Db, sql: &str) -> i64 {
    rows(db, sql).await[0].try_get_by_index(0).unwrap_or_else(|e| panic!("{sql}: {e}"))
}

/// The tables of the program, without the migrator's own.
pub async fn tables(db: &Db) -> Vec<String> {
    let sql = match db.dialect() {
        Dialect::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        }
        Dialect::Postgres => {
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        }
    };
    let names = rows(db, sql).await;
    let names = names.iter().map(|row| row.try_get_by_index::<String>(0).unwrap());
    names.filter(|name| name != "seaql_migrations").collect()
}

/// How many rows each table has.
pub async fn counts(db: &Db) -> Vec<(String, i64)> {
    let mut counts = Vec::new();
    for table in tables(db).await {
        let count = number(db, &format!("SELECT COUNT(*) FROM {table}")).await;
        counts.push((table, count));
    }
    counts
}
