//! Clocks against hand-made cases on real dates, a second implementation, and properties over random histories.

mod cases;
mod golden;
mod kinds;
mod oracle;
mod params;
mod properties;
mod second;
mod versions;

use super::{Book, By, Clock, Event, Opening, Severity, What};
use crate::kit::clock::Timestamp;

pub(super) const HOUR: i64 = 3_600_000;

pub(super) fn t(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(super) fn at(at: Timestamp, by: By, what: What) -> Event {
    Event { at, by, public: true, what }
}

pub(super) const SUBMITTED: What = What::Submitted(Opening::Fault { severity: Severity::Major });

/// With nothing agreed: the defaults and the calendar of the program.
pub(super) fn derive(events: &[Event], now: Timestamp) -> Vec<Clock> {
    super::derive(events, &Book::builtin(), now)
}
