//! One ticket: its head in one statement; everything that hangs on it (events, messages, solutions) with
//! the people who wrote it in a second.

use sea_orm::DbErr;
use uuid::Uuid;

use super::list::{ListRow, select_summary};
use crate::clocks;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Sealed;
use crate::kit::db::{Columns, Fetch, Sql};
use crate::kit::error::Result;
use crate::tickets::entity::{event, ticket};
use crate::tickets::model::{Kind, Severity, State};

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
    pub entered_by: Option<Uuid>,
    pub closed_at: Option<Timestamp>,
    pub reminded_at: Option<Timestamp>,
    pub has_solution: bool,
    pub repaired_by: Option<Uuid>,
    pub merged_into: Option<(Uuid, String)>,
    pub reporter_side: String,
    pub receipt_digest: Option<String>,
    /// Whether it is worth asking for attachments, records, links.
    pub has_files: bool,
    pub has_records: bool,
    pub has_links: bool,
    pub followers: i64,
    /// Whether the caller follows it.
    pub follows: bool,
}

impl Head {
    /// A ticket as it was written a moment ago; nothing has happened to it yet. `None` for words that no row has.
    #[must_use]
    pub fn of_new(row: ticket::Model, has_files: bool) -> Option<Self> {
        let next_due = match row.next_due_code.as_deref() {
            Some(code) => Some(clocks::def(code)?),
            None => None,
        };
        Some(Self {
            is_open: row.is_open,
            description_sealed: row.description_sealed,
            scope_sealed: row.scope_sealed,
            steps_tried_sealed: row.steps_tried_sealed,
            contact_sealed: row.contact_sealed,
            occurred_at: row.occurred_at,
            entered_by: Some(row.entered_by),
            closed_at: None,
            reminded_at: None,
            has_solution: false,
            repaired_by: None,
            merged_into: None,
            reporter_side: row.reporter_side,
            receipt_digest: row.receipt_digest,
            has_files,
            has_records: false,
            has_links: false,
            followers: 0,
            follows: false,
            summary: ListRow {
                id: row.id,
                version: row.version,
                kind: Kind::from_wire(&row.kind)?,
                number: row.number,
                state: State::from_wire(&row.state)?,
                severity: Severity::from_wire(&row.severity)?,
                cycle: row.cycle,
                key_id: row.key_id,
                wrapped: row.key_wrapped,
                title_sealed: row.title_sealed,
                department_id: row.department_id,
                received_at: row.received_at,
                updated_at: row.updated_at,
                rating: row.rating,
                next_due_at: row.next_due_at,
                next_due,
                reporter: Some(row.reporter_id),
                assignee: row.assignee_id,
            },
        })
    }
}

/// # Errors
/// What the database says.
pub async fn head(db: &impl Fetch, id: Uuid, me: Uuid) -> Result<Option<Head>> {
    let mut sql = Sql::default();
    let more = ", t.entered_by, t.is_open, t.description_sealed, t.scope_sealed, t.steps_tried_sealed, t.contact_sealed, \
         t.occurred_at, t.closed_at, t.reminded_at, t.has_solution, \
         t.repaired_by, t.merged_into, m.number AS merged_number, \
         t.reporter_side, t.receipt_digest, \
         EXISTS (SELECT 1 FROM attachments f WHERE f.ticket_id = t.id) AS has_files, \
         EXISTS (SELECT 1 FROM ticket_records r WHERE r.ticket_id = t.id) AS has_records, \
         EXISTS (SELECT 1 FROM ticket_links l WHERE l.from_id = t.id OR l.to_id = t.id) AS has_links, \
         (SELECT COUNT(*) FROM ticket_followers w WHERE w.ticket_id = t.id) AS followers, \
         EXISTS (SELECT 1 FROM ticket_followers w WHERE w.ticket_id = t.id AND w.person_id = $1) AS follows";
    select_summary(&mut sql, more);
    sql.value(me);
    sql.push(" LEFT JOIN tickets m ON m.id = t.merged_into WHERE t.id = ").bind(id);
    sql.one(db, read_head).await
}

fn read_head(columns: &mut Columns<'_>) -> std::result::Result<Head, DbErr> {
    let sealed = |value: Option<Vec<u8>>| value.map(Sealed);
    let instant = |value: Option<i64>| value.map(Timestamp);
    Ok(Head {
        summary: ListRow::read(columns)?,
        entered_by: columns.take()?,
        is_open: columns.take()?,
        description_sealed: Sealed(columns.take()?),
        scope_sealed: sealed(columns.take()?),
        steps_tried_sealed: sealed(columns.take()?),
        contact_sealed: sealed(columns.take()?),
        occurred_at: instant(columns.take()?),
        closed_at: instant(columns.take()?),
        reminded_at: instant(columns.take()?),
        has_solution: columns.take()?,
        repaired_by: columns.take()?,
        merged_into: {
            let id: Option<Uuid> = columns.take()?;
            id.zip(columns.take()?)
        },
        reporter_side: columns.take()?,
        receipt_digest: columns.take()?,
        has_files: columns.take()?,
        has_records: columns.take()?,
        has_links: columns.take()?,
        followers: columns.take()?,
        follows: columns.take()?,
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
    pub author: Option<Uuid>,
}

impl ThreadRow {
    /// An event as it was written.
    #[must_use]
    pub fn of_event(row: event::Model) -> Self {
        Self {
            part: Part::Event,
            id: row.id,
            n: row.seq,
            cycle: row.cycle,
            word: row.event,
            side: row.actor_side,
            visibility: row.visibility,
            at: row.at,
            from_state: row.from_state,
            state: row.to_state,
            detail: row.detail,
            text: row.text_sealed,
            reason: None,
            eta: None,
            ledger_id: Some(row.ledger_id),
            author: row.actor_id,
        }
    }
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
pub async fn thread(db: &impl Fetch, ticket: Uuid, want: Want) -> Result<Vec<ThreadRow>> {
    let mut sql = Sql::default();
    let hidden = if want.internal { "" } else { " AND visibility = 'public'" };
    sql.push("SELECT x.* FROM (");
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
        sql.push(" ORDER BY seq").limit(limit).push(") es");
    }
    if let Some((after, limit)) = want.messages {
        part(&mut sql, MESSAGES);
        sql.push(hidden).push(" AND id > ").bind(after);
        sql.push(" ORDER BY id").limit(limit).push(") ms");
    }
    if want.solutions {
        part(&mut sql, SOLUTIONS);
        sql.push(") ss");
    }
    sql.push(") x").push(" ORDER BY x.part, x.n, x.id");
    sql.all(db, read_thread).await
}

fn read_thread(columns: &mut Columns<'_>) -> std::result::Result<ThreadRow, DbErr> {
    let part = match columns.take::<i32>()? {
        0 => Part::Event,
        1 => Part::Message,
        _ => Part::Solution,
    };
    Ok(ThreadRow {
        part,
        id: columns.take()?,
        n: columns.take()?,
        cycle: columns.take()?,
        word: columns.take()?,
        side: columns.take()?,
        visibility: columns.take()?,
        at: Timestamp(columns.take()?),
        from_state: columns.take()?,
        state: columns.take()?,
        detail: columns.take()?,
        text: columns.take::<Option<Vec<u8>>>()?.map(Sealed),
        reason: columns.take::<Option<Vec<u8>>>()?.map(Sealed),
        eta: columns.take::<Option<i64>>()?.map(Timestamp),
        ledger_id: columns.take()?,
        author: columns.take()?,
    })
}
