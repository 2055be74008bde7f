//! The three clocks of a fault, from its events.
//!
//! - R8 stops at the first human public answer of the vendor in the cycle, S24 at the first published
//!   solution of the cycle; rejecting that solution does not start S24 again.
//! - P runs from a solution with a promised time to the repair. Rejecting the solution voids its P. A
//!   repair that fails verification was no repair: the same P goes on as if it had never stopped.
//! - Reopening begins cycle n+1 with its own R8 and S24; what cycle n brought stands.
//! - Withdrawing and merging end what still runs as void; what was overdue by then stays breached.
//! - Waiting for the client never stops a clock; it is deducted in the net figure only.

use super::clock::{Clock, ClockDef, P, R8, S24};
use super::event::{Event, What};
use crate::kit::clock::Timestamp;

const HOUR_MS: i64 = 3_600_000;

/// A span in which the vendor waited for something it had asked the client for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    pub from: Timestamp,
    pub to: Option<Timestamp>,
}

/// All clocks of a fault as of `now`, in the order in which they started.
#[must_use]
pub fn derive(events: &[Event], now: Timestamp) -> Vec<Clock> {
    let mut run = Run::default();
    for event in ordered(events) {
        run.take(&event);
    }
    let now = run.last.map_or(now, |last| last.max(now));
    let waits = waits(events);
    for clock in &mut run.clocks {
        let end = clock.ended_at().unwrap_or(now);
        clock.gross_ms = end.since(clock.started_at).max(0);
        clock.net_ms = clock.gross_ms.saturating_sub(waited(&waits, clock.started_at, end));
    }
    run.clocks
}

/// The spans of waiting, in order; they never overlap.
#[must_use]
pub fn waits(events: &[Event]) -> Vec<Wait> {
    let mut waits: Vec<Wait> = Vec::new();
    for event in ordered(events) {
        let open = waits.last_mut().filter(|w| w.to.is_none());
        match (event.what, open) {
            (What::AskedClient, None) => waits.push(Wait { from: event.at, to: None }),
            (
                What::Supplied | What::SolutionPublished { .. } | What::Withdrawn | What::MergedAway,
                Some(wait),
            ) => {
                wait.to = Some(event.at);
            }
            _ => {}
        }
    }
    waits
}

/// Milliseconds of `from..to` that were spent waiting.
fn waited(waits: &[Wait], from: Timestamp, to: Timestamp) -> i64 {
    let overlap = |w: &Wait| w.to.unwrap_or(to).min(to).since(w.from.max(from)).max(0);
    waits.iter().map(overlap).sum()
}

/// The events with times that never run backwards: the order decides, a machine's clock may not.
fn ordered(events: &[Event]) -> impl Iterator<Item = Event> {
    events.iter().scan(Timestamp(i64::MIN), |last, event| {
        *last = event.at.max(*last);
        Some(Event { at: *last, ..*event })
    })
}

#[derive(Default)]
struct Run {
    clocks: Vec<Clock>,
    cycle: i32,
    solutions: i32,
    last: Option<Timestamp>,
}

impl Run {
    fn take(&mut self, event: &Event) {
        let at = event.at;
        self.last = Some(at);
        if event.is_answer() {
            self.stop(&R8, at);
        }
        match event.what {
            What::Submitted if self.cycle == 0 => self.begin(at),
            What::SolutionPublished { eta } => {
                self.stop(&S24, at);
                self.solutions += 1;
                if let Some(due) = eta {
                    self.start(&P, self.solutions, at, due);
                }
            }
            What::SolutionRejected => {
                let rejected = self.solutions;
                self.void(at, |c| c.def == &P && c.round == rejected);
            }
            What::MarkedRepaired => self.stop(&P, at),
            What::VerificationFailed => {
                for clock in self.current(&P) {
                    clock.stopped_at = None;
                }
            }
            What::Reopened => {
                self.void(at, |_| true);
                self.begin(at);
            }
            What::Withdrawn | What::MergedAway => self.void(at, |_| true),
            What::Absorbed { response_from, solution_from } => {
                self.start_earlier(&R8, response_from);
                self.start_earlier(&S24, solution_from);
            }
            _ => {}
        }
    }

    fn begin(&mut self, at: Timestamp) {
        self.cycle += 1;
        for def in [&R8, &S24] {
            self.start(def, 0, at, due(def, at));
        }
    }

    fn start(&mut self, def: &'static ClockDef, round: i32, at: Timestamp, due_at: Timestamp) {
        self.clocks.push(Clock {
            def,
            cycle: self.cycle,
            round,
            started_at: at,
            due_at,
            stopped_at: None,
            void_at: None,
            gross_ms: 0,
            net_ms: 0,
        });
    }

    /// Clocks of this definition in the running cycle that did not fall away.
    fn current(&mut self, def: &'static ClockDef) -> impl Iterator<Item = &mut Clock> {
        let cycle = self.cycle;
        self.clocks.iter_mut().filter(move |c| c.def == def && c.cycle == cycle && c.void_at.is_none())
    }

    fn stop(&mut self, def: &'static ClockDef, at: Timestamp) {
        for clock in self.current(def) {
            clock.stopped_at.get_or_insert(at);
        }
    }

    fn void(&mut self, at: Timestamp, which: impl Fn(&Clock) -> bool) {
        for clock in self.clocks.iter_mut().filter(|c| c.is_running() && which(c)) {
            clock.void_at = Some(at);
        }
    }

    fn start_earlier(&mut self, def: &'static ClockDef, from: Option<Timestamp>) {
        let Some(from) = from else { return };
        for clock in self.current(def).filter(|c| c.is_running() && from < c.started_at) {
            clock.started_at = from;
            clock.due_at = due(def, from);
        }
    }
}

fn due(def: &ClockDef, start: Timestamp) -> Timestamp {
    start.plus_millis(def.amount.saturating_mul(HOUR_MS))
}
