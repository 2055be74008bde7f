//! Lists: one statement per page, keyset, each scope on its own index. Which tickets a caller may see
//! is part of the statement and the same rule as `identity::policy`.

use sea_orm::DbErr;
use uuid::Uuid;

use crate::clocks::{self, ClockDef};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Sealed;
use crate::kit::db::{Columns, Fetch, Sql};
use crate::kit::error::Result;
use crate::kit::page::Cursor;
use crate::tickets::kinds;
use crate::tickets::model::{Kind, Severity, State};

/// What stands for "no deadline" in the order of the queue; the index has the same expression.
pub const NO_DUE: i64 = 9_007_199_254_740_991;

/// Which tickets, before any filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Reported by this person.
    Mine(Uuid),
    /// Followed by this person.
    Followed(Uuid),
    /// Of this department.
    Department(Option<Uuid>),
    /// What the client's people of this department reported, as an employee may see it: without incidents.
    Colleagues(Option<Uuid>),
    /// Open ones, the most urgent first.
    Queue,
    All,
    /// Those an agent sees: open, assigned to them, or entered by them.
    AllOfAgent(Uuid),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignee {
    Is(Uuid),
    None,
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub kinds: Vec<Kind>,
    pub states: Vec<State>,
    pub assignee: Option<Assignee>,
    /// Whole numbers; one of them, or the beginning, where there are both.
    pub numbers: Vec<String>,
    /// Beginning of a number; only letters, digits and hyphens.
    pub number_prefix: Option<String>,
    pub due_before: Option<Timestamp>,
    /// Somebody of the vendor: without the drafts of the client.
    pub kept_from: Option<Uuid>,
}

/// One ticket of a list, still sealed.
#[derive(Clone, Debug)]
pub struct ListRow {
    pub id: Uuid,
    pub version: i64,
    pub kind: Kind,
    pub number: String,
    pub state: State,
    pub severity: Severity,
    pub cycle: i32,
    pub key_id: Uuid,
    pub wrapped: Option<Vec<u8>>,
    pub title_sealed: Sealed,
    pub department_id: Option<Uuid>,
    pub received_at: Timestamp,
    pub updated_at: Timestamp,
    pub rating: Option<i32>,
    pub next_due_at: Option<Timestamp>,
    /// Which clock that is.
    pub next_due: Option<&'static ClockDef>,
    pub reporter: Option<Uuid>,
    pub assignee: Option<Uuid>,
}

impl ListRow {
    /// Where the next page begins after this row.
    #[must_use]
    pub fn place(&self, scope: Scope) -> Cursor {
        let key = match scope {
            Scope::Queue => self.next_due_at.map_or(NO_DUE, |at| at.0),
            _ => 0,
        };
        Cursor { key, id: self.id }
    }

    /// The next columns as [`select_summary`] selects them.
    pub(super) fn read(columns: &mut Columns<'_>) -> std::result::Result<Self, DbErr> {
        Ok(Self {
            id: columns.take()?,
            version: columns.take()?,
            kind: columns.word(Kind::from_wire)?,
            number: columns.take()?,
            state: columns.word(State::from_wire)?,
            severity: columns.word(Severity::from_wire)?,
            cycle: columns.take()?,
            key_id: columns.take()?,
            wrapped: columns.take()?,
            title_sealed: Sealed(columns.take()?),
            department_id: columns.take()?,
            received_at: Timestamp(columns.take()?),
            updated_at: Timestamp(columns.take()?),
            rating: columns.take()?,
            next_due_at: columns.take::<Option<i64>>()?.map(Timestamp),
            next_due: columns.word_if_any(clocks::def)?,
            reporter: columns.take()?,
            assignee: columns.take()?,
        })
    }
}

/// The columns of a summary; `t` is the ticket.
pub(super) fn select_summary(sql: &mut Sql, more: &str) {
    sql.push(
        "SELECT t.id, t.version, t.kind, t.number, t.state, t.severity, t.cycle, t.key_id, \
         t.key_wrapped, t.title_sealed, t.department_id, t.received_at, t.updated_at, t.rating, \
         t.next_due_at, t.next_due_code, t.reporter_id, t.assignee_id",
    );
    sql.push(more);
    sql.push(" FROM tickets t");
}

/// Up to `limit + 1` rows; the surplus one only tells that there is more.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &impl Fetch,
    scope: Scope,
    filter: &Filter,
    limit: u64,
    after: Option<Cursor>,
) -> Result<Vec<ListRow>> {
    let mut sql = Sql::default();
    if !ask(&mut sql, scope, filter, limit, after) {
        return Ok(Vec::new());
    }
    sql.all(db, ListRow::read).await
}

/// The statement of a page; false where nobody could be on it.
fn ask(sql: &mut Sql, scope: Scope, filter: &Filter, limit: u64, after: Option<Cursor>) -> bool {
    select_summary(sql, "");
    match scope {
        Scope::Mine(person) => sql.push(" WHERE t.reporter_id = ").bind(person),
        Scope::Followed(person) => {
            sql.push(" WHERE t.id IN (SELECT w.ticket_id FROM ticket_followers w WHERE w.person_id = ");
            sql.bind(person).push(")")
        }
        Scope::Department(Some(department)) => sql.push(" WHERE t.department_id = ").bind(department),
        Scope::Colleagues(Some(department)) => {
            sql.push(" WHERE t.department_id = ").bind(department);
            sql.push(" AND t.reporter_side = 'client' AND t.kind <> 'incident'")
        }
        Scope::Department(None) | Scope::Colleagues(None) => return false,
        Scope::Queue => sql.push(" WHERE t.is_open"),
        Scope::All => sql.push(" WHERE 1 = 1"),
        Scope::AllOfAgent(me) => {
            sql.push(" WHERE (t.is_open OR t.assignee_id = ").bind(me);
            sql.push(" OR t.entered_by = ").bind(me).push(")")
        }
    };
    narrow(sql, filter);
    let queue = format!("COALESCE(t.next_due_at, {NO_DUE})");
    match (scope, after) {
        (Scope::Queue, Some(after)) => {
            sql.push(&format!(" AND ({queue}, t.id) > (")).bind(after.key).push(", ");
            sql.bind(after.id).push(")")
        }
        (_, Some(after)) => sql.push(" AND t.id < ").bind(after.id),
        (_, None) => &mut *sql,
    };
    if scope == Scope::Queue {
        sql.push(&format!(" ORDER BY {queue}, t.id"));
    } else {
        sql.push(" ORDER BY t.id DESC");
    }
    sql.limit(i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1);
    true
}

fn narrow(sql: &mut Sql, filter: &Filter) {
    if let Some(vendor) = filter.kept_from {
        // What nobody has issued is still among the client.
        sql.push(" AND (t.state NOT IN ").bind_all(kinds::AMONG_THE_CLIENT.map(State::wire));
        sql.push(" OR t.entered_by = ").bind(vendor).push(")");
    }
    if !filter.kinds.is_empty() {
        sql.push(" AND t.kind IN ").bind_all(filter.kinds.iter().map(|k| k.wire()));
    }
    if !filter.states.is_empty() {
        sql.push(" AND t.state IN ").bind_all(filter.states.iter().map(|s| s.wire()));
    }
    match filter.assignee {
        Some(Assignee::Is(person)) => sql.push(" AND t.assignee_id = ").bind(person),
        Some(Assignee::None) => sql.push(" AND t.assignee_id IS NULL"),
        None => &mut *sql,
    };
    if !filter.numbers.is_empty() {
        sql.push(" AND (t.number IN ").bind_all(filter.numbers.iter().map(String::as_str));
        if let Some(prefix) = &filter.number_prefix {
            sql.push(" OR t.number LIKE ").bind(format!("{prefix}%"));
        }
        sql.push(")");
    } else if let Some(prefix) = &filter.number_prefix {
        sql.push(" AND t.number LIKE ").bind(format!("{prefix}%"));
    }
    if let Some(due) = filter.due_before {
        sql.push(" AND t.next_due_at < ").bind(due.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::config;
    use crate::kit::db::Db;

    /// What SQLite does for it; on PostgreSQL the story of the costs counts the buffers.
    async fn plan(db: &Db, scope: Scope, after: Option<Cursor>) -> String {
        let mut sql = Sql::default();
        sql.push("EXPLAIN QUERY PLAN ");
        let filter = Filter { kinds: vec![Kind::Fault], states: vec![State::Closed], ..Filter::default() };
        assert!(ask(&mut sql, scope, &filter, 20, after));
        let lines = sql
            .all(db.reader(), |columns| {
                for _ in 0..3 {
                    columns.take::<i64>()?;
                }
                columns.take::<String>()
            })
            .await
            .unwrap();
        lines.join("; ")
    }

    #[tokio::test]
    async fn pages_come_from_their_index() {
        let folder = tempfile::TempDir::new().unwrap();
        let url = format!("sqlite://{}", folder.path().join("lvyue.db").display());
        let settings = config::Database { url: url.into(), max_connections: 1 };
        Db::migrate(&settings).await.unwrap();
        let db = Db::open(&settings).await.unwrap();
        let somebody = Uuid::from_u128(1);
        for after in [None, Some(Cursor { key: 0, id: somebody })] {
            let mine = plan(&db, Scope::Mine(somebody), after).await;
            assert!(mine.contains("COVERING INDEX tickets_mine"), "not from the index alone: {mine}");
            let department = plan(&db, Scope::Department(Some(somebody)), after).await;
            assert!(department.contains("INDEX tickets_department"), "{department}");
            let queue = plan(&db, Scope::Queue, after).await;
            assert!(queue.contains("INDEX tickets_queue"), "{queue}");
            for plan in [mine, department, queue] {
                assert!(!plan.contains("TEMP B-TREE"), "{plan}");
            }
        }
        db.close().await.unwrap();
    }
}
