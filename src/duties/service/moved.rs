//! What another version of annex or calendar would do to running duties: pure arithmetic over their rows, in
//! pages, changing nothing.

use crate::kit::db::Fetch;

use crate::calendar;
use crate::clocks::{Book, Clock, InForce, Severity, Unit};
use crate::duties::entity::duty;
use crate::duties::model;
use crate::duties::store::{duties, pages};
use crate::kit::clock::Timestamp;
use crate::kit::error::Result;

/// A running deadline that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub number: String,
    pub code: String,
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Moved {
    /// The deadline of this duty, which was another before.
    pub(super) fn of(row: &duty::Model, from: Timestamp) -> Self {
        Self { number: row.number.clone(), code: row.code.clone(), from, to: row.due_at }
    }
}

/// The deadlines that would move: some by name, all as a count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// The earliest due first.
    pub named: Vec<Moved>,
    pub total: u64,
}

/// What `book` would make of every duty that runs and has not run out by `now`; at most `most` by name.
///
/// # Errors
/// What the database says.
pub async fn moved(db: &impl Fetch, book: &Book, now: Timestamp, most: usize) -> Result<Moves> {
    let mut moves = Moves::default();
    let then = book.at(Timestamp(i64::MAX));
    let mut after = None;
    loop {
        let rows = pages::running(db, now, after).await?;
        let Some(last) = rows.last() else { return Ok(moves) };
        after = Some(pages::place(last));
        for row in &rows {
            let Some(to) = due_under(row, book, then).filter(|to| *to != row.due_at) else { continue };
            moves.total += 1;
            if moves.named.len() < most {
                moves.named.push(Moved {
                    number: row.number.clone(),
                    code: row.code.clone(),
                    from: row.due_at,
                    to,
                });
            }
        }
    }
}

/// When the duty would be due under this version; `None` where nothing is counted.
fn due_under(row: &duty::Model, book: &Book, then: &InForce) -> Option<Timestamp> {
    let clock = model::clock(row)?;
    let severity = row.severity.as_deref().and_then(Severity::from_wire);
    let (unit, amount) = allowance(&clock, severity, book, then);
    let unit = unit.counted()?;
    let (calendar, rules) = (&then.calendar, &then.rules);
    let due = calendar::due_at(calendar, rules, clock.started_at, unit, amount, &clock.pauses);
    due.ok().map(|due| due.due_at)
}

/// What the version allows, P6 with the severity of the fault. A row that an older program wrote does not say
/// how severe its fault is: where the parameters had tightened the allowance, it stays as it is.
fn allowance(clock: &Clock, severity: Option<Severity>, book: &Book, then: &InForce) -> (Unit, u32) {
    let was = book.number(clock.in_force).map(|version| clock.def.allowance(&version.params, severity));
    if was == Some(clock.allowance()) {
        let allowance = clock.def.allowance(&then.params, severity);
        return (allowance.unit, allowance.amount);
    }
    (clock.unit, clock.amount)
}

/// Whether there are any duties yet.
///
/// # Errors
/// What the database says.
pub async fn any(db: &impl Fetch) -> Result<bool> {
    duties::any(db).await
}
