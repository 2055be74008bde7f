//! Pure: how a derived clock becomes a stored duty, when its next warning is due, and what lateness means.
//! Due itself is still in time, to the millisecond.

pub mod matter;
pub mod warning;

use uuid::Uuid;

use super::entity::duty;
use crate::calendar::Span;
use crate::clocks::{
    self, Allowance, Basis, Book, Clock, ClockDef, InForce, Obligor, Severity, Unit, Verdict,
};
use crate::kit::clock::Timestamp;

/// The shares of the allowance at which people are warned, in percent of the unit's own scale. At 100 the
/// duty is overdue.
pub const THRESHOLDS: [i32; 4] = [50, 75, 90, OVERDUE];
pub const OVERDUE: i32 = 100;

pub const RUNNING: &str = "running";
pub const MET: &str = "met";
pub const BREACHED: &str = "breached";
pub const VOID: &str = "void";

/// What a clock belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// As its feature calls it: the kind of a ticket, `milestone`, …
    pub kind: &'static str,
    pub id: Uuid,
    pub number: String,
    /// Who works on it, as far as somebody does.
    pub owner_id: Option<Uuid>,
    pub reporter_id: Option<Uuid>,
    /// Of a fault or a quality defect.
    pub severity: Option<Severity>,
}

/// Which clock of its record a duty is.
#[must_use]
pub fn same(row: &duty::Model, clock: &Clock) -> bool {
    row.code == clock.def.code && row.cycle == clock.cycle && row.round == clock.round
}

/// What tells a clock apart from the others of its record: code, cycle and round.
#[must_use]
pub fn identity(clock: &Clock) -> (String, i32, i32) {
    (clock.def.code.to_owned(), clock.cycle, clock.round)
}

/// Whether a running duty that was derived with an older version follows this one: not when it had run out before,
/// and not when the version asks for nothing any more (P9 none).
#[must_use]
pub fn follows(row: &duty::Model, version: &InForce) -> bool {
    let in_time = row.in_time_until.plus_millis(1) >= version.from;
    in_time && clocks::def(&row.code).is_some_and(|def| !lapses(def, version))
}

/// Whether the version asks for nothing any more of what this duty asked for.
#[must_use]
pub fn lapses(def: &ClockDef, version: &InForce) -> bool {
    def.allowance(&version.params, None) == Allowance::new(0, Unit::WorkingDays)
}

/// The row of a clock. What went out before stays said: only a threshold above `warned` is warned of again.
#[must_use]
pub fn row(record: &Record, clock: &Clock, id: Uuid, old: Option<&duty::Model>, book: &Book) -> duty::Model {
    let warned = old.map_or(0, |o| o.warned);
    duty::Model {
        id: old.map_or(id, |o| o.id),
        record_kind: record.kind.to_owned(),
        record_id: record.id,
        number: record.number.clone(),
        owner_id: record.owner_id,
        reporter_id: record.reporter_id,
        code: clock.def.code.to_owned(),
        clause: clock.def.clause.to_owned(),
        cycle: clock.cycle,
        round: clock.round,
        obligor: obligor(clock.def.obligor).to_owned(),
        unit: unit(clock.unit).to_owned(),
        amount: i64::from(clock.amount),
        started_at: clock.started_at,
        due_at: clock.due_at,
        in_time_until: clock.in_time_until,
        provisional: clock.provisional,
        pauses: pauses(&clock.pauses),
        stopped_at: clock.stopped_at,
        void_at: clock.void_at,
        state: state(clock).to_owned(),
        in_force: clock.in_force,
        warned,
        skipped: old.map(|o| o.skipped.clone()).unwrap_or_default(),
        warn_at: warn_at(clock, warned, book),
        severity: record.severity.map(|s| s.wire().to_owned()),
    }
}

/// When the next warning after `warned` percent is due; `None` when none is left. A duty that ended late
/// still has its last one: the look-out tells of it.
#[must_use]
pub fn warn_at(clock: &Clock, warned: i32, book: &Book) -> Option<Timestamp> {
    let next = THRESHOLDS.into_iter().find(|t| *t > warned)?;
    match clock.ended_at() {
        Some(_) if ended_late(clock) => Some(threshold(clock, OVERDUE, book)),
        Some(_) => None,
        None => Some(threshold(clock, next, book)),
    }
}

/// The instant at which `percent` of the allowance is used; overdue begins one millisecond after the last
/// instant that is in time.
#[must_use]
pub fn threshold(clock: &Clock, percent: i32, book: &Book) -> Timestamp {
    match u32::try_from(percent) {
        Ok(share) if percent < OVERDUE => clock.warn_at(book, share),
        _ => clock.in_time_until.plus_millis(1),
    }
}

fn ended_late(clock: &Clock) -> bool {
    clock.ended_at().is_some_and(|end| end > clock.in_time_until)
}

/// What is due of a row: the highest threshold reached, the lower ones that it replaces, and when the next
/// one is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    pub percent: i32,
    pub skipped: Vec<i32>,
    pub next: Option<Timestamp>,
}

/// What has been reached of a clock by `now` and was not warned of; `None` when nothing was.
#[must_use]
pub fn reached(clock: &Clock, warned: i32, now: Timestamp, book: &Book) -> Option<Reached> {
    let late = ended_late(clock);
    let open = |t: &i32| *t > warned;
    let is_due = |t: &i32| late || threshold(clock, *t, book) <= now;
    let mut due: Vec<i32> = THRESHOLDS.into_iter().filter(open).take_while(is_due).collect();
    let percent = due.pop()?;
    Some(Reached { percent, skipped: due, next: warn_at(clock, percent, book) })
}

/// The clock that a row was made of; `None` for a code that the program does not know.
#[must_use]
pub fn clock(row: &duty::Model) -> Option<Clock> {
    Some(Clock {
        def: clocks::def(&row.code)?,
        cycle: row.cycle,
        round: row.round,
        unit: unit_from(&row.unit)?,
        amount: u32::try_from(row.amount).ok()?,
        started_at: row.started_at,
        due_at: row.due_at,
        provisional: row.provisional,
        pauses: pauses_from(&row.pauses)?,
        in_time_until: row.in_time_until,
        stopped_at: row.stopped_at,
        void_at: row.void_at,
        gross_ms: 0,
        net_ms: 0,
        in_force: row.in_force,
    })
}

/// `running` until it ends, then how it ended.
#[must_use]
pub fn state(clock: &Clock) -> &'static str {
    match (clock.stopped_at, clock.void_at) {
        (None, None) => RUNNING,
        _ if ended_late(clock) => BREACHED,
        (Some(_), _) => MET,
        (None, Some(_)) => VOID,
    }
}

/// When it ended, whichever way.
#[must_use]
pub fn ended_at(row: &duty::Model) -> Option<Timestamp> {
    row.stopped_at.or(row.void_at)
}

/// Whether lateness of this code is a breach of the agreement; not of a target or of a law that is only shown.
#[must_use]
pub fn is_owed(code: &str) -> bool {
    clocks::def(code).is_some_and(|def| def.basis == Basis::Agreement)
}

/// Whether it was, or by `now` is, not fulfilled in time.
#[must_use]
pub fn is_late(row: &duty::Model, now: Timestamp) -> bool {
    ended_at(row).unwrap_or(now) > row.in_time_until
}

/// The verdict as of `now`.
#[must_use]
pub fn verdict(row: &duty::Model, now: Timestamp) -> Verdict {
    match row.state.as_str() {
        MET => Verdict::Met,
        VOID => Verdict::Void,
        RUNNING if !is_late(row, now) => Verdict::Running,
        _ => Verdict::Breached,
    }
}

/// What a notice about the record calls it.
#[must_use]
pub fn object_kind(record_kind: &str) -> &'static str {
    match clocks::Kind::from_wire(record_kind) {
        Some(_) => "ticket",
        None => "contract_record",
    }
}

#[must_use]
pub const fn obligor(obligor: Obligor) -> &'static str {
    match obligor {
        Obligor::Client => "client",
        Obligor::Vendor => "vendor",
    }
}

const UNITS: [(Unit, &str); 5] = [
    (Unit::NaturalHours, "natural_hours"),
    (Unit::WorkingHours, "working_hours"),
    (Unit::WorkingDays, "working_days"),
    (Unit::NaturalDays, "natural_days"),
    (Unit::Instant, "instant"),
];

#[must_use]
pub fn unit(unit: Unit) -> &'static str {
    UNITS.iter().find(|(u, _)| *u == unit).map_or("", |(_, wire)| wire)
}

fn unit_from(text: &str) -> Option<Unit> {
    UNITS.iter().find(|(_, wire)| *wire == text).map(|(unit, _)| *unit)
}

/// Spans as they are stored: `[[from, to], …]` in milliseconds.
fn pauses(spans: &[Span]) -> String {
    let pairs: Vec<[i64; 2]> = spans.iter().map(|s| [s.from.0, s.to.0]).collect();
    serde_json::to_string(&pairs).unwrap_or_default()
}

fn pauses_from(text: &str) -> Option<Vec<Span>> {
    let pairs: Vec<[i64; 2]> = serde_json::from_str(text).ok()?;
    Some(pairs.into_iter().map(|[from, to]| Span { from: Timestamp(from), to: Timestamp(to) }).collect())
}

#[cfg(test)]
mod tests;
