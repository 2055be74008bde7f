//! Spans in which the vendor waited for something it had asked the client for. They are facts of the record;
//! what they do to a clock is the word of annex P3.

use super::event::{Event, What};
use crate::calendar::Span;
use crate::kit::clock::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    pub from: Timestamp,
    pub to: Option<Timestamp>,
    /// When the client agreed that the wait was its own.
    pub acknowledged_at: Option<Timestamp>,
}

/// The spans of waiting, in order; they never overlap.
#[must_use]
pub fn waits(events: &[Event]) -> Vec<Wait> {
    let mut waits: Vec<Wait> = Vec::new();
    for event in ordered(events) {
        let at = event.at;
        let last = waits.last_mut();
        match (event.what, last) {
            (What::WaitAcknowledged, Some(wait)) => {
                wait.acknowledged_at.get_or_insert(at);
            }
            (What::AskedClient, Some(Wait { to: None, .. })) => {}
            (What::AskedClient, _) => waits.push(Wait { from: at, to: None, acknowledged_at: None }),
            (what, Some(wait)) if wait.to.is_none() && ends(what) => wait.to = Some(at),
            _ => {}
        }
    }
    waits
}

const fn ends(what: What) -> bool {
    matches!(
        what,
        What::Supplied
            | What::WaitLapsed
            | What::SolutionPublished { .. }
            | What::Withdrawn
            | What::MergedAway
            | What::Closed
    )
}

/// The events with times that never run backwards: the order decides, a machine's clock may not.
pub(super) fn ordered(events: &[Event]) -> impl Iterator<Item = Event> {
    events.iter().scan(Timestamp(i64::MIN), |last, event| {
        *last = event.at.max(*last);
        Some(Event { at: *last, ..*event })
    })
}

impl Wait {
    /// The part inside `from..to`, an open wait reaching to `to`; `None` when there is none.
    pub(super) fn within(&self, from: Timestamp, to: Timestamp) -> Option<Span> {
        let span = Span { from: self.from.max(from), to: self.to.unwrap_or(to).min(to) };
        (span.from < span.to).then_some(span)
    }
}
