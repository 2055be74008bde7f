//! Pure: the ordered events of a record become clocks with due instants, verdicts and their explanation.
//!
//! The rule it keeps: a clock is a function of its events and of now, and of nothing else. It is never
//! counted up, never corrected in place; deriving it again gives the same answer, and a verdict follows
//! from timestamps alone. No I/O, no async.

mod clock;
mod event;
mod fault;
mod trace;

#[cfg(test)]
mod tests;

pub use clock::{Clock, ClockDef, Obligor, P, R8, S24, Unit, Verdict, def};
pub use event::{By, Event, What};
pub use fault::{Wait, derive, waits};
pub use trace::{TraceDay, duration, trace};
