//! Clocks against hand-made cases, a second implementation, and properties over random histories.

mod cases;
mod oracle;
mod properties;

use super::{By, Event, What};
use crate::kit::clock::Timestamp;

pub(super) const HOUR: i64 = 3_600_000;

pub(super) fn t(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(super) fn at(at: Timestamp, by: By, what: What) -> Event {
    Event { at, by, public: true, what }
}
