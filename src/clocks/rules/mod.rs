//! What starts and stops the clocks of each kind of record, one file per kind.

mod change;
mod consultation;
mod fault;
mod incident;
mod invoice;
mod quality;
mod report;

use super::derive::Run;
use super::event::{Event, Opening, What};
use super::words::Kind;
use crate::kit::clock::Timestamp;

/// The clocks that begin with the record.
pub(super) fn open(run: &mut Run<'_>, opening: Opening, at: Timestamp) {
    match opening {
        Opening::Quality { notified: false } => {}
        Opening::Report { due_at } | Opening::Inspection { due_at: Some(due_at) } => {
            report::open(run, at, due_at)
        }
        _ => begin(run, Some(opening.kind()), at),
    }
}

/// The clocks that begin with a cycle of the kind.
pub(super) fn begin(run: &mut Run<'_>, kind: Option<Kind>, at: Timestamp) {
    match kind {
        Some(Kind::Fault) => fault::begin(run, at),
        Some(Kind::Consultation) => consultation::begin(run, at),
        Some(Kind::Quality) => quality::begin(run, at),
        Some(Kind::Incident) => incident::begin(run, at),
        Some(Kind::Invoice) => invoice::begin(run, at),
        // A change runs from its notice, a report and an inspection from the date that was set.
        Some(Kind::Change | Kind::Report | Kind::Inspection) | None => {}
    }
}

/// What an event does to the clocks of the kind.
pub(super) fn take(run: &mut Run<'_>, kind: Option<Kind>, event: &Event) {
    match event.what {
        What::SeveritySet(severity) => run.set_severity(event.at, severity),
        What::Absorbed { response_from, solution_from, duty_from } => {
            run.absorb(response_from, solution_from, duty_from);
        }
        _ => match kind {
            Some(Kind::Fault) => fault::take(run, event),
            Some(Kind::Consultation) => consultation::take(run, event),
            Some(Kind::Change) => change::take(run, event),
            Some(Kind::Quality) => quality::take(run, event),
            Some(Kind::Incident) => incident::take(run, event),
            Some(Kind::Report | Kind::Inspection) => report::take(run, event),
            Some(Kind::Invoice) => invoice::take(run, event),
            None => {}
        },
    }
}
