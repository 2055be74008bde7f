//! Pure: which days are worked in China, and when an allowance of hours or days is used up.
//!
//! The rule it keeps: a due instant follows from the published notices, the annex hours and the start,
//! and from nothing else. A year without a notice is *unpublished*, never "no holidays": weekdays are
//! used, and whatever rests on them is marked provisional. No I/O, no async, no clock.

mod day;
mod due;
mod hours;
mod notice;
mod open;
mod published;
mod rules;
mod trace;
mod year;

pub use day::{Day, DayKind};
pub use due::{Deadline, Due, due, due_at, elapsed_ms, share_at};
pub use hours::{BadHours, Hours};
pub use published::{Calendar, Change};
pub use rules::{DueError, Receipt, Rules, Span, Unit};
pub use trace::{TraceDay, duration};
pub use year::{BadYear, Notice, Year};

#[cfg(test)]
mod tests;
