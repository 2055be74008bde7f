//! Which reminder of which due date was given to whom.

use std::collections::HashSet;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::kit::clock::Timestamp;
use crate::kit::db::{Columns, Sql, WriteTx};
use crate::kit::error::Result;

/// Rows in one statement: SQLite takes 32,766 parameters.
const AT_ONCE: usize = 1000;

/// Somebody to remind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Due {
    pub person_id: Uuid,
    pub due_on: NaiveDate,
    /// So many days before; -1: the day after.
    pub days: i32,
}

/// Claims reminders of one course in the transaction of their notices: those that nobody gave before.
///
/// # Errors
/// What the database says.
pub async fn claim(tx: &WriteTx, course: Uuid, due: &[Due], now: Timestamp) -> Result<HashSet<Uuid>> {
    let mut claimed = HashSet::new();
    for some in due.chunks(AT_ONCE) {
        let mut sql = Sql::default();
        sql.push("INSERT INTO course_reminders (course_id, person_id, due_on, days, at) VALUES ");
        for (at, one) in some.iter().enumerate() {
            if at > 0 {
                sql.push(", ");
            }
            let row: [sea_orm::Value; 5] = [
                course.into(),
                one.person_id.into(),
                one.due_on.to_string().into(),
                one.days.into(),
                now.0.into(),
            ];
            sql.bind_all(row);
        }
        sql.push(" ON CONFLICT (course_id, person_id, due_on, days) DO NOTHING RETURNING person_id");
        claimed.extend(sql.all(&**tx, |columns: &mut Columns<'_>| columns.take::<Uuid>()).await?);
    }
    Ok(claimed)
}

/// Who was reminded so of this course.
///
/// # Errors
/// What the database says.
pub async fn given(db: &impl crate::kit::db::Fetch, course: Uuid) -> Result<HashSet<(Uuid, String, i32)>> {
    let mut sql = Sql::default();
    sql.push("SELECT person_id, due_on, days FROM course_reminders WHERE course_id = ").bind(course);
    let read = |columns: &mut Columns<'_>| Ok((columns.take()?, columns.take()?, columns.take()?));
    Ok(sql.all(db, read).await?.into_iter().collect())
}
