//! What the coverage report counts: facts without words, in a few statements for any number of people.

use std::collections::HashSet;

use uuid::Uuid;

use crate::kit::clock::Timestamp;
use crate::kit::db::{Columns, Fetch, Sql};
use crate::kit::error::Result;

type Pair = (Uuid, Uuid);

fn pair(columns: &mut Columns<'_>) -> std::result::Result<Pair, sea_orm::DbErr> {
    Ok((columns.take()?, columns.take()?))
}

/// Person and course: opened before `until`.
///
/// # Errors
/// What the database says.
pub async fn started(db: &impl Fetch, until: Timestamp) -> Result<HashSet<Pair>> {
    let mut sql = Sql::default();
    sql.push("SELECT DISTINCT person_id, course_id FROM item_progress WHERE started_at < ").bind(until.0);
    Ok(sql.all(db, pair).await?.into_iter().collect())
}

/// Person and course: certified before `until`.
///
/// # Errors
/// What the database says.
pub async fn completed(db: &impl Fetch, until: Timestamp) -> Result<HashSet<Pair>> {
    let mut sql = Sql::default();
    sql.push("SELECT DISTINCT person_id, course_id FROM certificates WHERE issued_at < ").bind(until.0);
    Ok(sql.all(db, pair).await?.into_iter().collect())
}

/// Who has a certificate of this course.
///
/// # Errors
/// What the database says.
pub async fn certified(db: &impl Fetch, course: Uuid) -> Result<HashSet<Uuid>> {
    let mut sql = Sql::default();
    sql.push("SELECT DISTINCT person_id FROM certificates WHERE course_id = ").bind(course);
    Ok(sql.all(db, |columns: &mut Columns<'_>| columns.take::<Uuid>()).await?.into_iter().collect())
}

/// Papers handed in from `from` until before `until`: person, course, passed.
///
/// # Errors
/// What the database says.
pub async fn attempts(db: &impl Fetch, from: Timestamp, until: Timestamp) -> Result<Vec<(Uuid, Uuid, bool)>> {
    let mut sql = Sql::default();
    sql.push("SELECT person_id, course_id, passed FROM quiz_attempts WHERE submitted_at >= ").bind(from.0);
    sql.push(" AND submitted_at < ").bind(until.0);
    let read = |columns: &mut Columns<'_>| Ok((columns.take()?, columns.take()?, columns.take()?));
    sql.all(db, read).await
}
