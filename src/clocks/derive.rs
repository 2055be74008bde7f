//! From events to clocks: what every kind of record has in common. What each kind starts and stops stands in
//! `rules`.
//!
//! - Reopening begins cycle n+1 with clocks of its own; what cycle n brought stands.
//! - Withdrawing and merging end what still runs as void; what was overdue by then stays breached.
//! - A record that changes its kind is read again from the start of its cycle as what it now is: the old
//!   kind's running clocks are void, the new kind's begin where the cycle began.

use super::book::Book;
use super::clock::{Clock, Verdict};
use super::def::{A3, C, ClockDef, F, I1, P, Q5, R8, S24, W};
use super::event::{Event, Opening, What};
use super::rules;
use super::settle::Draft;
use super::waits::{Wait, ordered, waits};
use super::words::{Kind, Severity};
use crate::calendar::Span;
use crate::kit::clock::Timestamp;

/// All clocks of a record as of `now`, in the order in which they started. An instant before the last event
/// is taken as that of the last event.
#[must_use]
pub fn derive(events: &[Event], book: &Book, now: Timestamp) -> Vec<Clock> {
    let events: Vec<Event> = ordered(events).collect();
    let waits = waits(&events);
    let now = events.last().map_or(now, |last| last.at.max(now));
    let mut run = Run::new(book, &waits);
    for (n, event) in events.iter().enumerate() {
        run.take(&events, n, event);
    }
    run.drafts.iter().map(|draft| draft.settle(book, &waits, now)).collect()
}

/// A clock that no record has, such as a milestone: from `start` until `stop`, as of `now`.
#[must_use]
pub fn milestone(
    def: &'static ClockDef,
    start: Timestamp,
    stop: Option<Timestamp>,
    book: &Book,
    now: Timestamp,
) -> Clock {
    let draft = Draft { stopped_at: stop, ..Draft::new(def, 1, 0, start) };
    draft.settle(book, &[], now)
}

/// As [`milestone`], for one that ends at a date that was named: by a party, or by a rhythm that was agreed.
#[must_use]
pub fn named(
    def: &'static ClockDef,
    start: Timestamp,
    due: Timestamp,
    stop: Option<Timestamp>,
    book: &Book,
    now: Timestamp,
) -> Clock {
    let draft = Draft { stopped_at: stop, named: Some(due), ..Draft::new(def, 1, 0, start) };
    draft.settle(book, &[], now)
}

/// A history on its way.
pub(super) struct Run<'a> {
    book: &'a Book,
    waits: &'a [Wait],
    drafts: Vec<Draft>,
    kind: Option<Kind>,
    cycle: i32,
    /// Where the cycle began: its place in the history, and the instant.
    began: (usize, Timestamp),
    severity: Option<Severity>,
    /// Solutions so far, over all cycles.
    solutions: i32,
    /// Reading the cycle again after a change of kind.
    again: bool,
}

impl<'a> Run<'a> {
    fn new(book: &'a Book, waits: &'a [Wait]) -> Self {
        Self {
            book,
            waits,
            drafts: Vec::new(),
            kind: None,
            cycle: 0,
            began: (0, Timestamp(i64::MIN)),
            severity: None,
            solutions: 0,
            again: false,
        }
    }

    fn take(&mut self, events: &[Event], n: usize, event: &Event) {
        let at = event.at;
        match event.what {
            What::Submitted(opening) if self.kind.is_none() => {
                self.kind = Some(opening.kind());
                if let Opening::Fault { severity } = opening {
                    self.severity = Some(severity);
                }
                self.begin(n, at);
                rules::open(self, opening, at);
            }
            What::Reopened => {
                self.void_all(at);
                self.begin(n, at);
                rules::begin(self, self.kind, at);
            }
            What::Withdrawn | What::MergedAway | What::Closed => self.void_all(at),
            What::Reclassified { to } => self.reclassify(events, n, to, at),
            _ => {
                if let What::SolutionPublished { .. } = event.what {
                    self.solutions += 1;
                }
                rules::take(self, self.kind, event);
            }
        }
    }

    fn begin(&mut self, n: usize, at: Timestamp) {
        self.cycle += 1;
        self.began = (n, at);
    }

    fn reclassify(&mut self, events: &[Event], n: usize, to: Kind, at: Timestamp) {
        self.void_all(at);
        self.kind = Some(to);
        self.again = true;
        let (first, began) = self.began;
        rules::begin(self, self.kind, began);
        for event in events.get(first + 1..n).unwrap_or_default() {
            rules::take(self, self.kind, event);
        }
        self.again = false;
    }

    /// When the cycle began.
    pub fn began_at(&self) -> Timestamp {
        self.began.1
    }

    /// Whether the client is asked to confirm within P9.
    pub fn is_confirmed_by_silence(&self, at: Timestamp) -> bool {
        self.book.at(at).params.confirm_days.is_some()
    }

    /// Starts a clock that the cycle has once.
    pub fn start(&mut self, def: &'static ClockDef, at: Timestamp) {
        self.push(def, 0, at, None);
    }

    /// Starts the next of the clocks that the cycle has several of.
    pub fn start_next(&mut self, def: &'static ClockDef, at: Timestamp) {
        self.push(def, 1, at, None);
    }

    /// Starts a clock that ends at a date that a party named.
    pub fn start_named(&mut self, def: &'static ClockDef, at: Timestamp, due: Timestamp) {
        self.push(def, 0, at, Some(due));
    }

    /// The promise that came with the last solution.
    pub fn promise(&mut self, at: Timestamp, due: Timestamp) {
        self.push(&P, self.solutions, at, Some(due));
    }

    fn push(&mut self, def: &'static ClockDef, first_round: i32, at: Timestamp, named: Option<Timestamp>) {
        // What was promised and what was asked of the client stood under the kind that it had then.
        if self.again && (def == &P || def == &C || self.stands(def, at)) {
            return;
        }
        let of_cycle = self.drafts.iter().filter(|d| d.def == def && d.cycle == self.cycle);
        let round = of_cycle.map(|d| d.round + 1).max().unwrap_or(first_round).max(first_round);
        let severity = self.severity;
        self.drafts.push(Draft { named, severity, ..Draft::new(def, self.cycle, round, at) });
    }

    /// Whether the same duty of this cycle was settled before: fulfilled, or overdue when it fell away.
    fn stands(&self, def: &ClockDef, at: Timestamp) -> bool {
        let same = |d: &&Draft| d.def == def && d.cycle == self.cycle && d.started_at == at;
        self.drafts.iter().filter(same).any(|d| match d.void_at {
            Some(void) => d.settle(self.book, self.waits, void).verdict(void) == Verdict::Breached,
            None => d.stopped_at.is_some(),
        })
    }

    /// Clocks of this definition in the running cycle that did not fall away.
    pub fn current(&mut self, def: &'static ClockDef) -> impl Iterator<Item = &mut Draft> {
        let cycle = self.cycle;
        self.drafts.iter_mut().filter(move |d| d.def == def && d.cycle == cycle && d.void_at.is_none())
    }

    pub fn runs(&mut self, def: &'static ClockDef) -> bool {
        self.current(def).any(|d| d.is_running())
    }

    /// Whether the cycle ever had such a clock.
    pub fn had(&self, def: &ClockDef) -> bool {
        self.drafts.iter().any(|d| d.def == def && d.cycle == self.cycle)
    }

    pub fn stop(&mut self, def: &'static ClockDef, at: Timestamp) {
        for draft in self.current(def) {
            draft.stopped_at.get_or_insert(at);
        }
    }

    /// Takes the end back, as if it had never been.
    pub fn take_back(&mut self, def: &'static ClockDef) {
        for draft in self.current(def) {
            draft.stopped_at = None;
        }
    }

    /// Takes the end back; the time since then does not count.
    pub fn resume(&mut self, def: &'static ClockDef, at: Timestamp) {
        for draft in self.current(def) {
            if let Some(from) = draft.stopped_at.take() {
                draft.gaps.push(Span { from, to: at });
            }
        }
    }

    pub fn void(&mut self, at: Timestamp, which: impl Fn(&Draft) -> bool) {
        for draft in self.drafts.iter_mut().filter(|d| d.is_running() && which(d)) {
            draft.void_at = Some(at);
        }
    }

    fn void_all(&mut self, at: Timestamp) {
        self.void(at, |_| true);
    }

    /// There never was such a duty in this cycle.
    pub fn annul(&mut self, def: &'static ClockDef) {
        for draft in self.current(def) {
            draft.stopped_at = None;
            draft.void_at = Some(draft.started_at);
        }
    }

    pub fn rejected_promise(&mut self, at: Timestamp) {
        let rejected = self.solutions;
        self.void(at, |d| d.def == &P && d.round == rejected);
    }

    pub fn set_severity(&mut self, at: Timestamp, severity: Severity) {
        if self.again {
            return;
        }
        self.severity = Some(severity);
        for draft in self.drafts.iter_mut().filter(|d| d.is_running() && (d.def == &R8 || d.def == &S24)) {
            draft.severities.push((at, severity));
        }
    }

    /// Duties of a record that was merged into this one go on here from when they began there.
    pub fn absorb(
        &mut self,
        response: Option<Timestamp>,
        solution: Option<Timestamp>,
        duty: Option<Timestamp>,
    ) {
        let others = [&A3, &Q5, &W, &I1, &F].map(|def| (def, duty));
        for (def, from) in [(&R8, response), (&S24, solution)].into_iter().chain(others) {
            let Some(from) = from else { continue };
            for draft in self.current(def).filter(|d| d.is_running() && from < d.started_at) {
                draft.started_at = from;
            }
        }
    }
}
