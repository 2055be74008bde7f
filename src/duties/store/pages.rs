//! Pages of duties: keyset, each part of a page out of the index by side, state and due. What runs comes
//! first, the earliest due first; then what has ended, the latest due first.

use sea_orm::ConnectionTrait;

use crate::duties::entity::duty::Model;
use crate::duties::model::{BREACHED, MET, RUNNING, VOID};
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;
use crate::kit::db::Sql;
use crate::kit::error::Result;
use crate::kit::page::Cursor;

/// The verdict that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// Running or overdue.
    Open,
    Running,
    Met,
    Breached,
    Void,
}

impl Judged {
    #[must_use]
    pub fn from_wire(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            RUNNING => Some(Self::Running),
            MET => Some(Self::Met),
            BREACHED => Some(Self::Breached),
            VOID => Some(Self::Void),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub side: Option<Side>,
    pub verdict: Option<Judged>,
    pub kind: Option<String>,
}

/// Where the next page begins after this row: ended ones have negative keys.
#[must_use]
pub fn place(row: &Model) -> Cursor {
    let due = row.due_at.0;
    Cursor { key: if row.state == RUNNING { due } else { -due }, id: row.id }
}

/// Up to `limit + 1` rows; the surplus one only tells that there is more.
///
/// # Errors
/// What the database says.
pub async fn duties(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    now: Timestamp,
    limit: u64,
    after: Option<Cursor>,
) -> Result<Vec<Model>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let mut rows = Vec::new();
    let runs = !matches!(wanted.verdict, Some(Judged::Met | Judged::Void));
    if runs && after.is_none_or(|c| c.key >= 0) {
        rows = part(db, wanted, &[RUNNING], now, limit, after).await?;
    }
    let left = limit - i64::try_from(rows.len()).unwrap_or(limit);
    let ended: &[&str] = match wanted.verdict {
        None => &[MET, BREACHED, VOID],
        Some(Judged::Met) => &[MET],
        Some(Judged::Breached) => &[BREACHED],
        Some(Judged::Void) => &[VOID],
        Some(Judged::Open | Judged::Running) => &[],
    };
    if left > 0 && !ended.is_empty() {
        let after = after.filter(|c| c.key < 0);
        rows.extend(part(db, wanted, ended, now, left, after).await?);
    }
    Ok(rows)
}

/// Rows of these states in their order: a limited read per side and state, put together.
async fn part(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    states: &[&str],
    now: Timestamp,
    limit: i64,
    after: Option<Cursor>,
) -> Result<Vec<Model>> {
    let runs = states == [RUNNING];
    let order = if runs { "due_at, id" } else { "due_at DESC, id DESC" };
    let sides = wanted.side.map_or_else(|| vec![Side::Client, Side::Vendor], |side| vec![side]);
    let mut sql = Sql::default();
    sql.push("SELECT x.* FROM (");
    let pairs = sides.iter().flat_map(|side| states.iter().map(move |state| (side, state)));
    for (i, (side, state)) in pairs.enumerate() {
        // A limit inside a union needs a select around it, and PostgreSQL a name for that.
        sql.push(if i > 0 { " UNION ALL " } else { "" });
        sql.push("SELECT * FROM (SELECT * FROM duties WHERE obligor = ").bind(side.wire());
        sql.push(" AND state = ").bind(*state);
        if let Some(kind) = &wanted.kind {
            sql.push(" AND record_kind = ").bind(kind.as_str());
        }
        match wanted.verdict {
            Some(Judged::Running) => sql.push(" AND in_time_until >= ").bind(now.0),
            Some(Judged::Breached) if runs => sql.push(" AND in_time_until < ").bind(now.0),
            _ => &mut sql,
        };
        if let Some(after) = after {
            sql.push(if runs { " AND (due_at, id) > (" } else { " AND (due_at, id) < (" });
            sql.bind(after.key.abs()).push(", ").bind(after.id).push(")");
        }
        sql.push(&format!(" ORDER BY {order}")).limit(limit).push(&format!(") p{i}"));
    }
    let order = if runs { "x.due_at, x.id" } else { "x.due_at DESC, x.id DESC" };
    sql.push(&format!(") x ORDER BY {order}")).limit(limit);
    sql.models(db).await
}

/// How many duties are read at a time by whoever goes through all.
const AT_ONCE: i64 = 1000;

/// The next duties that run and have not run out by `now`, the earliest due first.
///
/// # Errors
/// What the database says.
pub async fn running(db: &impl ConnectionTrait, now: Timestamp, after: Option<Cursor>) -> Result<Vec<Model>> {
    let wanted = Wanted { verdict: Some(Judged::Running), ..Wanted::default() };
    part(db, &wanted, &[RUNNING], now, AT_ONCE, after).await
}
