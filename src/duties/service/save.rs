//! Bringing the stored duties of a record to what was derived, in the transaction of the event.

use super::breaches::{self, Judged};
use super::moved::Moved;
use crate::clocks::{Book, Clock};
use crate::duties::entity::duty;
use crate::duties::model::{self, OVERDUE, Record};
use crate::duties::store::duties;
use crate::kit::Kit;
use crate::kit::clock::Timestamp;
use crate::kit::db::WriteTx;
use crate::kit::error::Result;

/// Stores what changed of a record's duties, and writes down what is late by `at`, once. `before` is what was
/// derived before the event: while it is empty, nothing is stored yet and nothing is read. Who works on the
/// record may have changed without its clocks: the running duties follow. `book` is what they were derived with.
/// Gives back which running deadlines have moved, the earliest first.
///
/// # Errors
/// What the database says.
pub async fn save(
    kit: &Kit,
    tx: &WriteTx,
    at: Timestamp,
    book: &Book,
    record: &Record,
    (before, after): (&[Clock], &[Clock]),
) -> Result<Vec<Moved>> {
    if !before.iter().chain(after).any(Clock::is_running) && before == after {
        return Ok(Vec::new());
    }
    let stored = if before.is_empty() { Vec::new() } else { duties::hold(tx, record.id).await? };
    let mut changed: Vec<duty::Model> = Vec::new();
    let mut judged: Vec<Judged> = Vec::new();
    let mut deadlines: Vec<Moved> = Vec::new();
    for clock in after {
        let old = stored.iter().find(|row| model::same(row, clock));
        let id = match old {
            Some(row) => row.id,
            None => kit.ids.fresh()?,
        };
        let row = model::row(record, clock, id, old, book);
        let runs = |row: &&duty::Model| row.state == model::RUNNING;
        if let Some(old) = old.filter(runs).filter(|old| runs(&&row) && old.due_at != row.due_at) {
            deadlines.push(Moved::of(&row, old.due_at));
        }
        let moved = old != Some(&row);
        // The look-out writes down what it finds overdue at its last warning; what changes after that is
        // written down here.
        // What is not owed by the agreement is never a breach; one that an older program wrote down goes.
        let late = model::is_late(&row, at) && model::is_owed(&row.code);
        let was_late = old.is_some_and(|o| model::is_late(o, at));
        if (late && (moved || row.warned < OVERDUE)) || (was_late && !late) {
            judged.push(Judged { duty: row.clone(), late, was: old.cloned() });
        }
        if moved {
            changed.push(row);
        }
    }
    // A record that became of another kind owes other things from then on; what it owed stays to be read.
    for old in stored.iter().filter(|row| row.state == model::RUNNING) {
        if !after.iter().any(|clock| model::same(old, clock)) {
            changed.push(duty::Model {
                void_at: Some(at),
                state: if at > old.in_time_until { model::BREACHED } else { model::VOID }.to_owned(),
                warn_at: old.warn_at.filter(|_| at > old.in_time_until),
                ..old.clone()
            });
        }
    }
    duties::put(tx, changed).await?;
    breaches::judge(kit, tx, at, judged).await?;
    deadlines.sort_by_key(|d| d.to);
    Ok(deadlines)
}
