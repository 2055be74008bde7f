//! Pure: the ordered events of a record become clocks with due instants, verdicts and their explanation.
//!
//! The rule it keeps: a clock is a function of its events, of what the annex and the calendar said when, and
//! of now, and of nothing else. It is never counted up, never corrected in place; deriving it again gives the
//! same answer, and a verdict follows from timestamps alone. No I/O, no async.

mod book;
mod clock;
mod def;
mod derive;
mod event;
mod params;
mod rules;
mod settle;
mod trace;
mod waits;
pub(crate) mod words;

#[cfg(test)]
mod tests;

pub use crate::calendar::{TraceDay, duration};
pub use book::{Book, InForce};
pub use clock::{Clock, Verdict};
pub use def::{
    A3, Allowance, Basis, C, ClockDef, D15, D30, DEFS, F, I1, M, N4, Obligor, P, Q5, R8, S24, Unit, W, X, def,
};
pub use derive::{derive, milestone, named};
pub use event::{By, Event, Opening, What};
pub use params::{
    Annex, Deduction, FLAWS, FaultHours, Flaw, PARAMS, Param, ParamError, Params, PausePolicy, People,
    Retention, SeverityTable, Tighter, param,
};
pub use trace::trace;
pub use waits::{Wait, waits};
pub use words::{Grade, Kind, Severity};
