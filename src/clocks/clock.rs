//! A clock as derived: start, due, end, and the verdict that follows from them.

use serde::Serialize;
use utoipa::ToSchema;

use super::book::Book;
use super::def::{Allowance, ClockDef, Unit};
use crate::calendar::{self, Span};
use crate::kit::clock::Timestamp;

/// Fulfilled in time or not. A breach is a fact: only what both sides agree on later (a wait that the client
/// acknowledges, a finding that there was no defect) gives another verdict, and the first one stays on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Running,
    Met,
    Breached,
    Void,
}

/// One duty with its times. Cycle, code and round tell the clocks of a record apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    pub def: &'static ClockDef,
    pub cycle: i32,
    /// Tells clocks of one code and cycle apart. P: the how-many-eth solution of the record. A3, W and C: the
    /// how-many-eth notice version, question or request for confirmation of the cycle. 0 for the others,
    /// unless the record changed its kind and back.
    pub round: i32,
    pub unit: Unit,
    /// Of the unit; 0 for a date that was named.
    pub amount: u32,
    pub started_at: Timestamp,
    /// The last instant that is in time. Working hours: see `in_time_until`.
    pub due_at: Timestamp,
    /// It rests on a day that no published notice has settled.
    pub provisional: bool,
    /// Spans that did not count, in order.
    pub pauses: Vec<Span>,
    /// As `due_at`, except that working hours which end at closing time are used up no further until the next
    /// opening: what is done in between is done within the hours.
    pub in_time_until: Timestamp,
    /// When the duty was fulfilled.
    pub stopped_at: Option<Timestamp>,
    /// When the duty fell away (withdrawn, merged, replaced); the start itself when there never was one.
    pub void_at: Option<Timestamp>,
    /// From start to end (or now); only for working hours is closed time left out.
    pub gross_ms: i64,
    /// `gross_ms` without pauses and without the waits that P3 lets count: a second figure to talk about.
    pub net_ms: i64,
    /// Number of the version of the [`Book`] that decided.
    pub in_force: i32,
}

impl Clock {
    /// When it ended, whichever way.
    #[must_use]
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.stopped_at.or(self.void_at)
    }

    #[must_use]
    pub fn is_running(&self) -> bool {
        self.ended_at().is_none()
    }

    /// The verdict as of `now`. Due itself is still in time, to the millisecond.
    #[must_use]
    pub fn verdict(&self, now: Timestamp) -> Verdict {
        match (self.stopped_at, self.void_at) {
            (Some(at), _) if at <= self.in_time_until => Verdict::Met,
            (None, Some(at)) if at <= self.in_time_until => Verdict::Void,
            (None, None) if now <= self.in_time_until => Verdict::Running,
            _ => Verdict::Breached,
        }
    }

    #[must_use]
    pub const fn allowance(&self) -> Allowance {
        Allowance::new(self.amount, self.unit)
    }

    /// When `percent` of the allowance is used up, on the unit's own scale: half of five working days is in
    /// the hours of the third. Of a date that was named, the share of the time until it. 100 is due itself.
    #[must_use]
    pub fn warn_at(&self, book: &Book, percent: u32) -> Timestamp {
        let percent = percent.min(100);
        let version = book.number(self.in_force).unwrap_or_else(|| book.at(self.started_at));
        let counted = self.unit.counted().filter(|_| percent < 100).and_then(|unit| {
            let (calendar, rules) = (&version.calendar, &version.rules);
            let at = calendar::share_at(
                calendar,
                rules,
                self.started_at,
                unit,
                self.amount,
                &self.pauses,
                percent,
            );
            at.ok()
        });
        counted.unwrap_or_else(|| {
            let whole = self.due_at.since(self.started_at).max(0);
            let share = i128::from(whole) * i128::from(percent) / 100;
            self.due_at.min(self.started_at.plus_millis(i64::try_from(share).unwrap_or(whole)))
        })
    }
}
