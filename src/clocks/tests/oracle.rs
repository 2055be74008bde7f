//! A second way to the same clocks: declarative and quadratic. For each clock it looks through the whole
//! history for what started it, what ended it and what took the end back; no state is carried along.

use super::super::{By, Event, Verdict, What};
use super::HOUR;
use crate::kit::clock::Timestamp;

/// code, cycle, round, start, due, stop, void, gross, net, verdict
pub(super) type Row =
    (&'static str, i32, i32, Timestamp, Timestamp, Option<Timestamp>, Option<Timestamp>, i64, i64, Verdict);

pub(super) fn rows(events: &[Event], now: Timestamp) -> Vec<Row> {
    let mut rows = Vec::new();
    let starts: Vec<usize> = (0..events.len())
        .filter(|i| matches!(events[*i].what, What::Submitted(_) | What::Reopened))
        .collect();
    for (n, from) in starts.iter().enumerate() {
        let to = starts.get(n + 1).copied().unwrap_or(events.len());
        let cycle = i32::try_from(n + 1).unwrap();
        let span = *from..to;
        rows.push(hours("R8", 8, cycle, events, span.clone(), now));
        rows.push(hours("S24", 24, cycle, events, span.clone(), now));
        for i in span.clone() {
            if let What::SolutionPublished { eta: Some(eta) } = events[i].what {
                let round = events[..=i].iter().filter(|e| published(e)).count();
                let round = i32::try_from(round).unwrap();
                let (stop, void) = promise_end(&events[..to], i);
                rows.push(row("P", cycle, round, events[i].at, eta, (stop, void), events, now));
            }
        }
    }
    rows.sort_by_key(|r| (r.1, r.0, r.2));
    rows
}

fn published(e: &Event) -> bool {
    matches!(e.what, What::SolutionPublished { .. })
}

fn over(e: &Event) -> bool {
    matches!(e.what, What::Withdrawn | What::MergedAway)
}

fn hours(
    code: &'static str,
    amount: i64,
    cycle: i32,
    events: &[Event],
    span: std::ops::Range<usize>,
    now: Timestamp,
) -> Row {
    let cycle_events = &events[span];
    let stops = |e: &Event| match code {
        "R8" => {
            e.by == By::Vendor
                && e.public
                && (published(e) || matches!(e.what, What::Accepted | What::Said | What::AskedClient))
        }
        _ => published(e),
    };
    let end = cycle_events.iter().position(|e| stops(e) || over(e)).unwrap_or(cycle_events.len());
    let start = cycle_events[..end]
        .iter()
        .filter_map(|e| match (e.what, code) {
            (What::Absorbed { response_from, .. }, "R8") => response_from,
            (What::Absorbed { solution_from, .. }, _) => solution_from,
            _ => None,
        })
        .chain([cycle_events[0].at])
        .min()
        .unwrap();
    let (stop, void) = match cycle_events.get(end) {
        Some(e) if stops(e) => (Some(e.at), None),
        Some(e) => (None, Some(e.at)),
        None => (None, None),
    };
    row(code, cycle, 0, start, Timestamp(start.0 + amount * HOUR), (stop, void), events, now)
}

/// How the promise published at `i` ended: the last repair that was not taken back, unless it fell away.
fn promise_end(events: &[Event], i: usize) -> (Option<Timestamp>, Option<Timestamp>) {
    let next = (i + 1..events.len()).find(|j| published(&events[*j])).unwrap_or(events.len());
    let rejected = (i + 1..next).find(|j| events[*j].what == What::SolutionRejected);
    let repairs: Vec<usize> = (i + 1..events.len())
        .filter(|j| events[*j].what == What::MarkedRepaired)
        .filter(|j| !events[*j..].iter().any(|e| e.what == What::VerificationFailed))
        .collect();
    let ended = (i + 1..events.len()).find(|j| over(&events[*j]));
    match (rejected, repairs.first(), ended) {
        (Some(j), _, _) => (None, Some(events[j].at)),
        (None, Some(j), _) => (Some(events[*j].at), None),
        (None, None, Some(j)) => (None, Some(events[j].at)),
        (None, None, None) => (None, None),
    }
}

#[expect(clippy::too_many_arguments, reason = "a row is just these")]
fn row(
    code: &'static str,
    cycle: i32,
    round: i32,
    start: Timestamp,
    due: Timestamp,
    (stop, void): (Option<Timestamp>, Option<Timestamp>),
    events: &[Event],
    now: Timestamp,
) -> Row {
    let end = stop.or(void).unwrap_or(now);
    let verdict = if end > due {
        Verdict::Breached
    } else if stop.is_some() {
        Verdict::Met
    } else if void.is_some() {
        Verdict::Void
    } else {
        Verdict::Running
    };
    // Waiting, minute by minute: the histories of the properties have whole minutes.
    let mut net = 0;
    let mut minute = start.0;
    while minute < end.0 {
        let last = events
            .iter()
            .rfind(|e| e.at.0 <= minute && (e.what == What::AskedClient || answers_wait(e)))
            .map(|e| e.what);
        if last != Some(What::AskedClient) {
            net += 60_000;
        }
        minute += 60_000;
    }
    (code, cycle, round, start, due, stop, void, end.0 - start.0, net, verdict)
}

fn answers_wait(e: &Event) -> bool {
    published(e) || over(e) || e.what == What::Supplied
}
