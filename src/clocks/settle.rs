//! When a clock falls due, under which version of the annex and calendar, and what it measured.
//!
//! The rule it keeps: a running clock follows what is in force now, from its original start and with all its
//! pauses; once it has ended or run out, the version that was in force then decides for good.

use super::book::{Book, InForce};
use super::clock::Clock;
use super::def::{Allowance, ClockDef, Obligor, Unit};
use super::params::PausePolicy;
use super::waits::Wait;
use super::words::Severity;
use crate::calendar::{self, Span};
use crate::kit::clock::Timestamp;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// A clock before anything was counted.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub def: &'static ClockDef,
    pub cycle: i32,
    pub round: i32,
    pub started_at: Timestamp,
    /// The date that a party named.
    pub named: Option<Timestamp>,
    pub severity: Option<Severity>,
    /// What the severity became while the clock ran.
    pub severities: Vec<(Timestamp, Severity)>,
    /// Spans in which it stood still.
    pub gaps: Vec<Span>,
    pub stopped_at: Option<Timestamp>,
    pub void_at: Option<Timestamp>,
}

/// A due instant under one version.
struct Due<'a> {
    version: &'a InForce,
    allowance: Allowance,
    due_at: Timestamp,
    in_time_until: Timestamp,
    provisional: bool,
    pauses: Vec<Span>,
}

impl Draft {
    pub fn new(def: &'static ClockDef, cycle: i32, round: i32, at: Timestamp) -> Self {
        Self {
            def,
            cycle,
            round,
            started_at: at,
            named: None,
            severity: None,
            severities: Vec::new(),
            gaps: Vec::new(),
            stopped_at: None,
            void_at: None,
        }
    }

    pub fn ended_at(&self) -> Option<Timestamp> {
        self.stopped_at.or(self.void_at)
    }

    pub fn is_running(&self) -> bool {
        self.ended_at().is_none()
    }

    /// The clock as of `now`.
    pub fn settle(&self, book: &Book, waits: &[Wait], now: Timestamp) -> Clock {
        let end = self.ended_at().unwrap_or(now).max(self.started_at);
        let due = self.due(book, waits, end);
        let (gross_ms, net_ms) = self.measure(&due, waits, end);
        Clock {
            def: self.def,
            cycle: self.cycle,
            round: self.round,
            unit: due.allowance.unit,
            amount: due.allowance.amount,
            started_at: self.started_at,
            due_at: due.due_at,
            provisional: due.provisional,
            pauses: due.pauses,
            in_time_until: due.in_time_until,
            stopped_at: self.stopped_at,
            void_at: self.void_at,
            gross_ms,
            net_ms,
            in_force: due.version.number,
        }
    }

    /// Goes through what was in force while the clock ran, and stays with the first under which it ran out.
    fn due<'a>(&self, book: &'a Book, waits: &[Wait], end: Timestamp) -> Due<'a> {
        let changes = book.changes(self.started_at, end);
        let mut changes: Vec<Timestamp> = changes.chain(self.severities.iter().map(|(at, _)| *at)).collect();
        changes.sort_unstable();
        let mut due = self.due_under(book.at(self.started_at), self.started_at, waits, end);
        for change in changes {
            let ran_out = due.in_time_until.plus_millis(1) < change;
            let next = self.due_under(book.at(change), change, waits, end);
            // Silence that confirms no longer (P9 none) leaves a request for confirmation as it was.
            if !ran_out && next.allowance != Allowance::new(0, Unit::WorkingDays) {
                due = next;
            }
        }
        due
    }

    fn due_under<'a>(
        &self,
        version: &'a InForce,
        since: Timestamp,
        waits: &[Wait],
        end: Timestamp,
    ) -> Due<'a> {
        let later = self.severities.iter().rev().find(|(at, _)| *at <= since).map(|(_, severity)| *severity);
        let allowance = self.def.allowance(&version.params, later.or(self.severity));
        let mut due = Due {
            version,
            allowance,
            due_at: self.named.unwrap_or(self.started_at),
            in_time_until: self.named.unwrap_or(self.started_at),
            provisional: false,
            pauses: self.gaps.clone(),
        };
        let Some(unit) = allowance.unit.counted() else { return due };
        if version.params.pause == PausePolicy::DeductIfAcknowledged && self.def.obligor == Obligor::Vendor {
            // The length of a wait that is still open is not known: it moves nothing yet.
            let taken = waits.iter().filter(|w| w.acknowledged_at.is_some() && w.to.is_some());
            due.pauses.extend(taken.filter_map(|w| w.within(self.started_at, end)));
            due.pauses.sort_unstable_by_key(|s| s.from);
        }
        let (calendar, rules, amount) = (&version.calendar, &version.rules, allowance.amount);
        match calendar::due_at(calendar, rules, self.started_at, unit, amount, &due.pauses) {
            Ok(counted) => {
                due.due_at = counted.due_at;
                due.provisional = counted.provisional;
            }
            // Outside 1970 to 2100, or hours that the annex never opens: by the wall clock, and said so.
            Err(_) => {
                let scale = if unit.is_days() { DAY_MS } else { HOUR_MS };
                due.due_at = self.started_at.plus_millis(i64::from(amount).saturating_mul(scale));
                due.provisional = true;
            }
        }
        due.in_time_until = match unit {
            calendar::Unit::WorkingHours => opening(version, due.due_at),
            _ => due.due_at,
        };
        due
    }

    fn measure(&self, due: &Due<'_>, waits: &[Wait], end: Timestamp) -> (i64, i64) {
        let policy = due.version.params.pause;
        let told = |w: &&Wait| policy == PausePolicy::None || w.acknowledged_at.is_some();
        let mut out: Vec<Span> =
            waits.iter().filter(told).filter_map(|w| w.within(self.started_at, end)).collect();
        out.extend(&due.pauses);
        let passed = |out: &[Span]| match due.allowance.unit {
            Unit::WorkingHours => {
                let (calendar, rules) = (&due.version.calendar, &due.version.rules);
                calendar::elapsed_ms(calendar, rules, calendar::Unit::WorkingHours, self.started_at, end, out)
            }
            _ => end.since(self.started_at).saturating_sub(joined(out, end)),
        };
        let gross = passed(&[]);
        (gross, if out.is_empty() { gross } else { passed(&out) })
    }
}

/// The time that spans cover together, up to `end`.
fn joined(spans: &[Span], end: Timestamp) -> i64 {
    let mut spans = spans.to_vec();
    spans.sort_unstable_by_key(|s| s.from);
    let (mut sum, mut covered) = (0, Timestamp(i64::MIN));
    for span in spans {
        let (from, to) = (span.from.max(covered), span.to.min(end));
        sum += to.since(from).max(0);
        covered = covered.max(to);
    }
    sum
}

/// The last instant up to which no working time passes after `at`: `at` itself while the hours are open,
/// otherwise the next opening.
fn opening(version: &InForce, at: Timestamp) -> Timestamp {
    const HUNDREDTH_MS: i64 = HOUR_MS / 100;
    let (calendar, rules, unit) = (&version.calendar, &version.rules, calendar::Unit::WorkingHours);
    // No interval of the annex hours is shorter than a minute, so that 36 seconds lie in one of them.
    let used = calendar::share_at(calendar, rules, at, unit, 1, &[], 1);
    let opens = used.map_or(at, |used| used.plus_millis(-HUNDREDTH_MS));
    match calendar::elapsed_ms(calendar, rules, unit, at, opens, &[]) {
        0 => opens.max(at),
        _ => at,
    }
}
