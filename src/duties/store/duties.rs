//! Rows of duties.

use std::collections::HashSet;

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, IntoActiveModel, Iterable,
    QueryFilter, QuerySelect, QueryTrait, Statement,
};
use uuid::Uuid;

use crate::clocks::{self, Book};
use crate::duties::entity::duty::{Column, Entity, Model};
use crate::duties::model;
use crate::kit::clock::Timestamp;
use crate::kit::db::WriteTx;
use crate::kit::db::{Columns, Fetch, Sql};
use crate::kit::error::Result;

/// The duties of a record, held until the transaction ends: the look-out leaves them alone meanwhile.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &WriteTx, record: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::RecordId.eq(record)).lock_exclusive().all(&**tx).await?)
}

/// The duties of some records, to look at.
///
/// # Errors
/// What the database says.
pub async fn of_records(db: &impl ConnectionTrait, records: &[Uuid]) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::RecordId.is_in(records.iter().copied())).all(db).await?)
}

/// Stores rows, new ones and changed ones alike, with whatever else waits in the transaction; none without rows.
///
/// # Errors
/// What the database says.
pub async fn put(tx: &WriteTx, rows: Vec<Model>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let key = [Column::RecordId, Column::Code, Column::Cycle, Column::Round];
    let rest = Column::iter().filter(|c| !matches!(c, Column::Id) && !key.iter().any(|k| same(*k, *c)));
    let conflict = OnConflict::columns(key).update_columns(rest).to_owned();
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    tx.later(Entity::insert_many(rows).on_conflict(conflict).build(tx.backend())).await;
    Ok(())
}

fn same(a: Column, b: Column) -> bool {
    std::mem::discriminant(&a) == std::mem::discriminant(&b)
}

/// When the next warning is due, out of the index of what is still to be warned of.
pub const NEXT_WARNING: &str =
    "SELECT warn_at FROM duties WHERE warn_at IS NOT NULL ORDER BY warn_at, id LIMIT 1";
/// Warnings that are due by `$1`, the longest due first. The limit stands in the text: SQLite would compile the
/// statement anew for a bound one.
pub const DUE: &str = "SELECT * FROM duties WHERE warn_at <= $1 ORDER BY warn_at, id LIMIT 500";

/// When the next warning is due; `None` when none is left anywhere.
///
/// # Errors
/// What the database says.
pub async fn next_warning(db: &impl Fetch) -> Result<Option<Timestamp>> {
    let mut sql = Sql::default();
    sql.push(NEXT_WARNING);
    Ok(sql.one(db, |columns| columns.take()).await?.map(Timestamp))
}

/// Duties whose warning is due, held until the transaction ends. On PostgreSQL those that somebody else holds
/// are left to them.
///
/// # Errors
/// What the database says.
pub async fn due(tx: &WriteTx, now: Timestamp) -> Result<Vec<Model>> {
    let backend = tx.get_database_backend();
    let hold = if backend == DbBackend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let values = [now.0.into()];
    let statement = Statement::from_sql_and_values(backend, format!("{DUE}{hold}"), values);
    let rows = tx.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok(Model::from_query_result(row, "")?)).collect()
}

/// What a round makes of a duty.
#[derive(Debug)]
pub struct Claim {
    pub id: Uuid,
    /// What had gone out before; when that has changed, somebody else was faster.
    pub warned: i32,
    pub to: i32,
    pub skipped: String,
    pub warn_at: Option<Timestamp>,
}

/// Claims of one statement: few enough that its text is compiled once and kept.
const CLAIMS: usize = 100;

/// Claims warnings: which of them are the caller's to give.
///
/// # Errors
/// What the database says.
pub async fn claim(tx: &WriteTx, claims: &[Claim]) -> Result<HashSet<Uuid>> {
    let mut won = HashSet::new();
    for claims in claims.chunks(CLAIMS) {
        won.extend(claim_some(tx, claims).await?);
    }
    Ok(won)
}

async fn claim_some(tx: &WriteTx, claims: &[Claim]) -> Result<Vec<Uuid>> {
    let mut sql = Sql::default();
    sql.push("UPDATE duties SET warned = v.column3, skipped = v.column4, warn_at = v.column5 FROM (VALUES ");
    for (i, claim) in claims.iter().enumerate() {
        sql.push(if i > 0 { ", (" } else { "(" });
        sql.bind(claim.id).push(", ").bind(claim.warned).push(", ").bind(claim.to);
        sql.push(", ").bind(claim.skipped.as_str()).push(", ").bind(claim.warn_at.map(|t| t.0)).push(")");
    }
    sql.push(") AS v WHERE duties.id = v.column1 AND duties.warned = v.column2 RETURNING id");
    sql.all(&**tx, |columns| columns.take()).await
}

/// How many run and how many of them are overdue, per obligor.
///
/// # Errors
/// What the database says.
pub async fn counts(db: &impl Fetch, now: Timestamp) -> Result<Vec<(String, i64, i64)>> {
    let mut sql = Sql::default();
    sql.push("SELECT obligor, COUNT(*), COALESCE(SUM(CASE WHEN in_time_until < ").bind(now.0);
    sql.push(" THEN 1 ELSE 0 END), 0) FROM duties WHERE obligor IN ('client', 'vendor')");
    sql.push(" AND state = 'running' GROUP BY obligor");
    sql.all(db, |columns: &mut Columns<'_>| Ok((columns.take()?, columns.take()?, columns.take()?))).await
}

/// The duties that the agreement does not owe, as the index `duties_not_owed` has them.
pub const NOT_OWED: &str = "code IN ('N4', 'W')";

/// Totals in one statement: all out of the index of pages, less those that are not owed, out of theirs; of what runs,
/// the rows are looked at. A sum of counts would be of another type on each database.
#[must_use]
pub fn totals() -> String {
    format!(
        "SELECT obligor, state, CAST(SUM(n) AS BIGINT), CAST(SUM(late) AS BIGINT) FROM (\
         SELECT obligor, state, COUNT(*) AS n, 0 AS late FROM duties GROUP BY obligor, state \
         UNION ALL SELECT obligor, state, -COUNT(*), 0 FROM duties WHERE {NOT_OWED} GROUP BY obligor, state \
         UNION ALL SELECT obligor, state, 0, COUNT(*) FROM duties WHERE obligor IN ('client', 'vendor') \
         AND state = 'running' AND in_time_until < $1 AND NOT ({NOT_OWED}) GROUP BY obligor, state\
         ) t GROUP BY obligor, state"
    )
}

/// Per obligor and state: how many rows, and of those that run, how many have run out by `now`. Only what the agreement
/// owes.
///
/// # Errors
/// What the database says.
pub async fn tally(db: &impl Fetch, now: Timestamp) -> Result<Vec<(String, String, i64, i64)>> {
    let mut sql = Sql::default();
    sql.push(&totals()).value(now.0);
    let row =
        |columns: &mut Columns<'_>| Ok((columns.take()?, columns.take()?, columns.take()?, columns.take()?));
    sql.all(db, row).await
}

/// Adds the condition that the running duty `d` has yet to follow a version that came into force by `now`: as
/// `model::follows` says of a row.
pub fn push_behind(sql: &mut Sql, book: &Book, now: Timestamp) {
    sql.push("d.state = 'running' AND (FALSE");
    for version in book.versions().filter(|v| v.from <= now) {
        sql.push(" OR (d.in_force < ").bind(version.number);
        sql.push(" AND d.in_time_until >= ").bind(version.from.plus_millis(-1).0);
        for def in clocks::DEFS.iter().filter(|def| model::lapses(def, version)) {
            sql.push(" AND d.code <> ").bind(def.code);
        }
        sql.push(")");
    }
    sql.push(")");
}

/// # Errors
/// What the database says.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Whether there are any rows.
///
/// # Errors
/// What the database says.
pub async fn any(db: &impl Fetch) -> Result<bool> {
    let mut sql = Sql::default();
    sql.push("SELECT 1 FROM duties LIMIT 1");
    Ok(sql.one(db, |columns| columns.take::<i32>()).await?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clocks::Basis;

    #[test]
    fn what_is_not_owed_is_what_the_definitions_say() {
        let codes = clocks::DEFS.iter().filter(|def| def.basis != Basis::Agreement).map(|def| def.code);
        let mut codes: Vec<String> = codes.map(|code| format!("'{code}'")).collect();
        codes.sort();
        assert_eq!(NOT_OWED, format!("code IN ({})", codes.join(", ")));
    }
}
