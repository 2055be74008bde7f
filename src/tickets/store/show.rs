//! One ticket: its head in one statement; everything that hangs on it (events, messages, solutions) with
//! the people who wrote it in a second.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use super::list::{ListRow, select_summary};
use super::people::{self, PersonRow};
use super::sql::Sql;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Sealed;
use crate::kit::error::Result;

/// A ticket's own row with who is named on it, still sealed.
#[derive(Debug)]
pub struct Head {
    pub summary: ListRow,
    pub is_open: bool,
    pub description_sealed: Sealed,
    pub scope_sealed: Option<Sealed>,
    pub steps_tried_sealed: Option<Sealed>,
    pub contact_sealed: Option<Sealed>,
    pub occurred_at: Option<Timestamp>,
    pub department_id: Option<Uuid>,
    pub entered_by: Option<PersonRow>,
    pub closed_at: Option<Timestamp>,
    pub reminded_at: Option<Timestamp>,
    pub has_solution: bool,
    pub repaired_by: Option<Uuid>,
    pub merged_into: Option<(Uuid, String)>,
}

/// # Errors
/// What the database says.
pub async fn head(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Head>> {
    let mut sql = Sql::default();
    let more = format!(
        ", {}, t.is_open, t.description_sealed, t.scope_sealed, t.steps_tried_sealed, t.contact_sealed, \
         t.occurred_at, t.department_id, t.closed_at, t.reminded_at, t.has_solution, \
         t.repaired_by, t.merged_into, m.number AS merged_number",
        people::columns("e")
    );
    select_summary(&mut sql, &more);
    sql.push(&people::joins("e", "t.entered_by"));
    sql.push(" LEFT JOIN tickets m ON m.id = t.merged_into WHERE t.id = ").bind(id);
    Ok(sql.one(db).await?.map(|row| read_head(&row)).transpose()?)
}

fn read_head(row: &QueryResult) -> std::result::Result<Head, DbErr> {
    let merged: Option<Uuid> = row.try_get("", "merged_into")?;
    let number: Option<String> = row.try_get("", "merged_number")?;
    Ok(Head {
        summary: ListRow::read(row)?,
        is_open: row.try_get("", "is_open")?,
        description_sealed: row.try_get("", "description_sealed")?,
        scope_sealed: row.try_get("", "scope_sealed")?,
        steps_tried_sealed: row.try_get("", "steps_tried_sealed")?,
        contact_sealed: row.try_get("", "contact_sealed")?,
        occurred_at: row.try_get("", "occurred_at")?,
        department_id: row.try_get("", "department_id")?,
        entered_by: PersonRow::read(row, "e")?,
        closed_at: row.try_get("", "closed_at")?,
        reminded_at: row.try_get("", "reminded_at")?,
        has_solution: row.try_get("", "has_solution")?,
        repaired_by: row.try_get("", "repaired_by")?,
        merged_into: merged.zip(number),
    })
}

/// Which of the three a [`ThreadRow`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Event,
    Message,
    Solution,
}

/// One row of what hangs on a ticket. The columns mean, per part:
/// `n` seq / – / number; `word` event / – / type; `state` to / – / state; `text` text / body / text.
#[derive(Debug)]
pub struct ThreadRow {
    pub part: Part,
    pub id: Uuid,
    pub n: i32,
    pub cycle: i32,
    pub word: String,
    pub side: String,
    pub visibility: String,
    pub at: Timestamp,
    pub from_state: Option<String>,
    pub state: String,
    pub detail: String,
    pub text: Option<Sealed>,
    pub reason: Option<Sealed>,
    pub eta: Option<Timestamp>,
    pub ledger_id: Option<Uuid>,
    pub author: Option<PersonRow>,
}

// NULLs carry their type: inside a subselect PostgreSQL would otherwise make them text.
const EVENTS: &str = "SELECT 0 AS part, id, seq AS n, cycle, event AS word, actor_side AS side, visibility, \
    at, from_state, to_state AS state, detail, text_sealed AS text, CAST(NULL AS BYTEA) AS reason, \
    CAST(NULL AS BIGINT) AS eta, ledger_id, actor_id AS author FROM ticket_events WHERE ticket_id = ";
const MESSAGES: &str = "SELECT 1 AS part, id, 0 AS n, 0 AS cycle, '' AS word, side, visibility, at, \
    CAST(NULL AS TEXT) AS from_state, '' AS state, '' AS detail, body_sealed AS text, \
    CAST(NULL AS BYTEA) AS reason, CAST(NULL AS BIGINT) AS eta, CAST(NULL AS UUID) AS ledger_id, \
    author_id AS author FROM ticket_messages WHERE ticket_id = ";
const SOLUTIONS: &str = "SELECT 2 AS part, id, number AS n, cycle, solution_type AS word, 'vendor' AS side, \
    'public' AS visibility, published_at AS at, CAST(NULL AS TEXT) AS from_state, state, '' AS detail, \
    text_sealed AS text, reason_sealed AS reason, eta, CAST(NULL AS UUID) AS ledger_id, \
    author_id AS author FROM ticket_solutions WHERE ticket_id = ";

/// What to read of a ticket.
#[derive(Clone, Copy, Debug)]
pub struct Want {
    /// Internal notes too.
    pub internal: bool,
    /// Events after this number, at most so many.
    pub events: Option<(i32, i64)>,
    /// Messages after this id, at most so many.
    pub messages: Option<(Uuid, i64)>,
    pub solutions: bool,
}

/// Events, messages and solutions of a ticket in their order, in one statement.
///
/// # Errors
/// What the database says.
pub async fn thread(db: &impl ConnectionTrait, ticket: Uuid, want: Want) -> Result<Vec<ThreadRow>> {
    let mut sql = Sql::default();
    let hidden = if want.internal { "" } else { " AND visibility = 'public'" };
    sql.push("SELECT x.*, ").push(&people::columns("p")).push(" FROM (");
    let mut parts = 0;
    let mut part = |sql: &mut Sql, select: &str| {
        sql.push(if parts > 0 { " UNION ALL " } else { "" });
        parts += 1;
        // A limit inside a union needs a select around it, and PostgreSQL a name for that.
        sql.push("SELECT * FROM (").push(select).bind(ticket);
    };
    if let Some((after, limit)) = want.events {
        part(&mut sql, EVENTS);
        sql.push(hidden).push(" AND seq > ").bind(after);
        sql.push(" ORDER BY seq LIMIT ").bind(limit).push(") es");
    }
    if let Some((after, limit)) = want.messages {
        part(&mut sql, MESSAGES);
        sql.push(hidden).push(" AND id > ").bind(after);
        sql.push(" ORDER BY id LIMIT ").bind(limit).push(") ms");
    }
    if want.solutions {
        part(&mut sql, SOLUTIONS);
        sql.push(") ss");
    }
    sql.push(") x").push(&people::joins("p", "x.author")).push(" ORDER BY x.part, x.n, x.id");
    let rows = sql.all(db).await?;
    Ok(rows.iter().map(read_thread).collect::<std::result::Result<_, _>>()?)
}

fn read_thread(row: &QueryResult) -> std::result::Result<ThreadRow, DbErr> {
    let part = match row.try_get::<i32>("", "part")? {
        0 => Part::Event,
        1 => Part::Message,
        _ => Part::Solution,
    };
    Ok(ThreadRow {
        part,
        id: row.try_get("", "id")?,
        n: row.try_get("", "n")?,
        cycle: row.try_get("", "cycle")?,
        word: row.try_get("", "word")?,
        side: row.try_get("", "side")?,
        visibility: row.try_get("", "visibility")?,
        at: row.try_get("", "at")?,
        from_state: row.try_get("", "from_state")?,
        state: row.try_get("", "state")?,
        detail: row.try_get("", "detail")?,
        text: row.try_get("", "text")?,
        reason: row.try_get("", "reason")?,
        eta: row.try_get("", "eta")?,
        ledger_id: row.try_get("", "ledger_id")?,
        author: PersonRow::read(row, "p")?,
    })
}
