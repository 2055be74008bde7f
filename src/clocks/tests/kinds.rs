//! Random legal histories of every kind but the fault, against the second implementation, and properties that
//! hold for all of them. A failure prints the history and proptest's seed for it.

use proptest::prelude::*;

use super::super::{Annex, Book, By, Clock, Event, Grade, InForce, Kind, Opening, Severity, Verdict, What};
use super::second::{self, Row};
use super::{at, derive};
use crate::calendar::Calendar;
use crate::kit::clock::Timestamp;

use By::{Client, System, Vendor};

/// Mon 2026-01-05 08:00 in Shanghai: Spring Festival is ahead.
const START: Timestamp = Timestamp(1_767_571_200_000);
const MINUTE: i64 = 60_000;

const KINDS: [Kind; 7] = [
    Kind::Consultation,
    Kind::Change,
    Kind::Quality,
    Kind::Incident,
    Kind::Inspection,
    Kind::Report,
    Kind::Invoice,
];

/// A number stands for a state of the kind; 9 is closed, 8 is over.
type Step = (u8, By, What, u8);

fn steps(kind: Kind) -> Vec<Step> {
    match kind {
        Kind::Fault => Vec::new(),
        Kind::Consultation => vec![
            (0, Vendor, What::Answered, 1),
            (0, System, What::Answered, 0),
            (1, Client, What::FollowedUp, 0),
            (1, System, What::Closed, 9),
            (9, Client, What::Reopened, 0),
        ],
        Kind::Change => vec![
            (0, Client, What::Noted, 0),
            (0, Client, What::Issued, 1),
            (1, Client, What::NoticeEdited, 1),
            (1, Vendor, What::ContactLogged, 1),
            (1, Vendor, What::Replied, 2),
            (2, Client, What::Reconsidered, 1),
            (2, Client, What::Approved, 3),
            (3, Vendor, What::SubmittedForAcceptance, 4),
            (4, Client, What::AcceptanceRejected, 3),
            (4, Client, What::ChangeAccepted, 8),
        ],
        Kind::Quality => vec![
            (0, Client, What::NoticeConfirmed, 1),
            (1, Vendor, What::Acknowledged, 2),
            (1, Vendor, What::Disputed, 3),
            (3, Client, What::FindingAgreed { valid: true }, 2),
            (3, Client, What::FindingAgreed { valid: false }, 8),
            (2, Vendor, What::MarkedRepaired, 4),
            (4, Client, What::VerificationFailed, 2),
            (4, Client, What::VerificationFailed, 2),
            (4, Client, What::VerificationPassed, 9),
            (9, Client, What::Reopened, 1),
        ],
        Kind::Incident => vec![
            (0, Vendor, What::ClientNotified, 1),
            (0, System, What::ClientNotified, 0),
            (1, Client, What::GradeAgreed(Grade::General), 2),
            (1, Client, What::GradeAgreed(Grade::Severe), 2),
            (2, Client, What::ReportDecided, 8),
        ],
        Kind::Inspection | Kind::Report => vec![
            (0, Vendor, What::ReportSubmitted, 1),
            (1, Client, What::ReportReturned, 0),
            (1, Client, What::ReportAccepted, 8),
        ],
        Kind::Invoice => vec![
            (0, Vendor, What::InvoiceIssued, 1),
            (1, Client, What::InvoiceReturned, 0),
            (1, Client, What::ReceiptSigned, 8),
        ],
    }
}

fn opening(kind: Kind, choice: u8) -> (Opening, u8) {
    let date = START.plus_millis(i64::from(choice) * 97 * MINUTE);
    match kind {
        Kind::Fault => (Opening::Fault { severity: Severity::Major }, 0),
        Kind::Consultation => (Opening::Consultation, 0),
        Kind::Change => (Opening::Change, 0),
        Kind::Quality if choice.is_multiple_of(2) => (Opening::Quality { notified: true }, 1),
        Kind::Quality => (Opening::Quality { notified: false }, 0),
        Kind::Incident => (Opening::Incident, 0),
        Kind::Inspection => (Opening::Inspection { due_at: (!choice.is_multiple_of(3)).then_some(date) }, 0),
        Kind::Report => (Opening::Report { due_at: date }, 0),
        Kind::Invoice => (Opening::Invoice, 0),
    }
}

/// Turns raw choices into a history that the machine of the kind would allow. Times are whole minutes.
fn history(kind: Kind, choices: &[(u8, u16)]) -> Vec<Event> {
    let first = choices.first().map_or(0, |c| c.0);
    let (opening, mut state) = opening(kind, first);
    let mut events = vec![at(START, Client, What::Submitted(opening))];
    let mut now = START;
    for (choice, gap) in choices {
        now = now.plus_millis(i64::from(*gap) * MINUTE);
        let open: Vec<Step> = steps(kind).into_iter().filter(|s| s.0 == state).collect();
        match choice % 12 {
            0 if choice.is_multiple_of(24) && state < 8 => {
                state = 8;
                events.push(at(now, Client, What::Withdrawn));
            }
            1 => events.push(at(now, Client, What::Reminded)),
            2 => events.push(at(now, Vendor, What::Said)),
            _ if open.is_empty() => {}
            _ => {
                let (_, by, what, next) = open[usize::from(choice / 12) % open.len()];
                state = next;
                events.push(at(now, by, what));
            }
        }
    }
    events
}

fn choices() -> impl Strategy<Value = Vec<(u8, u16)>> {
    prop::collection::vec((any::<u8>(), 0u16..3000), 0..18)
}

fn kind() -> impl Strategy<Value = Kind> {
    (0..KINDS.len()).prop_map(|n| KINDS[n])
}

fn row(c: &Clock, now: Timestamp) -> Row {
    let code = c.def.code;
    let verdict = c.verdict(now);
    (code, c.cycle, c.round, c.started_at, c.due_at, c.stopped_at, c.void_at, c.gross_ms, c.net_ms, verdict)
}

fn key(c: &Clock) -> (&'static str, i32, i32) {
    (c.def.code, c.cycle, c.round)
}

/// The defaults, and another annex from an instant on: everything that can change a deadline changes.
fn book(from: Timestamp) -> Book {
    let later =
        [("P1", "Mon-Fri 10:00-15:00"), ("P7", "deemed_next"), ("P11", "5"), ("P14", "9"), ("P15", "3")];
    let later = later.map(|(code, value)| (code.to_owned(), value.into())).into_iter().collect();
    let version =
        |number, from, params| InForce::new(number, from, (number, params), (1, Calendar::builtin()));
    let annex = Annex::parse(&later).unwrap();
    Book::new(vec![version(1, START, Default::default()), version(2, from, annex.params)]).unwrap()
}

/// What had ended or run out before `from` is the same after another annex came into force.
pub(super) fn settled_stands(
    events: &[Event],
    (before, from, now): (Timestamp, Timestamp, Timestamp),
) -> Result<(), TestCaseError> {
    let book = book(from);
    let then = super::super::derive(events, &book, before);
    let after = super::super::derive(events, &book, now);
    prop_assert_eq!(then.len(), after.len());
    for (a, b) in then.iter().zip(&after) {
        prop_assert_eq!(key(a), key(b));
        let settled = !a.is_running() || a.verdict(from.plus_millis(-1)) == Verdict::Breached;
        if settled {
            prop_assert_eq!((a.due_at, a.in_force, a.provisional), (b.due_at, b.in_force, b.provisional));
            prop_assert_eq!(a.verdict(from.plus_millis(-1)), b.verdict(now));
        } else {
            prop_assert_eq!(b.in_force, 2);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn two_implementations_agree(kind in kind(), choices in choices(), later in 0i64..4000) {
        let events = history(kind, &choices);
        let now = events[events.len() - 1].at.plus_millis(later * MINUTE);
        let mut mine: Vec<Row> = derive(&events, now).iter().map(|c| row(c, now)).collect();
        mine.sort_by_key(|r| (r.1, r.0, r.2));
        prop_assert_eq!(mine, second::rows(kind, &events, now));
    }

    #[test]
    fn a_later_version_never_touches_what_ended_or_ran_out(
        kind in kind(), choices in choices(), wait in 0i64..4000, since in 1i64..90_000, later in 0i64..90_000,
    ) {
        let events = history(kind, &choices);
        let before = events[events.len() - 1].at.plus_millis(wait * MINUTE);
        let from = before.plus_millis(since);
        let now = from.plus_millis(later * 1000);
        settled_stands(&events, (before, from, now))?;
    }

    #[test]
    fn history_only_adds(kind in kind(), choices in choices(), later in 0i64..9000) {
        let events = history(kind, &choices);
        let end = events[events.len() - 1].at.plus_millis(later * MINUTE);
        let last = derive(&events, end);
        let annulled = events.iter().any(|e| e.what == What::FindingAgreed { valid: false });
        for cut in 1..=events.len() {
            let until = events.get(cut).map_or(end, |e| e.at);
            for before in derive(&events[..cut], until) {
                let after = last.iter().find(|c| key(c) == key(&before));
                prop_assert!(after.is_some(), "a clock is never forgotten");
                let after = after.unwrap();
                prop_assert_eq!(after.started_at, before.started_at);
                // Taking an end back can move due, and only later: that time was the client's.
                prop_assert!(after.due_at >= before.due_at);
                if before.void_at.is_some() {
                    prop_assert_eq!(after.void_at, before.void_at);
                }
                if before.is_running() && before.verdict(until.plus_millis(-1)) == Verdict::Breached && !annulled {
                    prop_assert_eq!(after.verdict(end), Verdict::Breached);
                }
            }
        }
    }

    #[test]
    fn figures_and_warnings_are_sound(kind in kind(), choices in choices(), later in 0i64..4000) {
        let book = book(START.plus_millis(20_000 * MINUTE));
        let events = history(kind, &choices);
        let now = events[events.len() - 1].at.plus_millis(later * MINUTE);
        let clocks = super::super::derive(&events, &book, now);
        prop_assert_eq!(&clocks, &super::super::derive(&events, &book, now));
        let mut keys: Vec<_> = clocks.iter().map(key).collect();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), clocks.len());
        for c in &clocks {
            prop_assert!(c.net_ms >= 0 && c.net_ms <= c.gross_ms);
            prop_assert!(c.in_time_until >= c.due_at);
            prop_assert!(c.stopped_at.is_none() || c.void_at.is_none());
            let warned: Vec<Timestamp> = [1, 50, 75, 90, 99, 100].iter().map(|p| c.warn_at(&book, *p)).collect();
            prop_assert!(warned.is_sorted(), "{:?}", warned);
            prop_assert_eq!(warned[5], c.due_at);
            prop_assert!(warned[0] >= c.started_at.min(c.due_at));
            let days = super::super::trace(c, &super::super::waits(&events), &book, now);
            prop_assert!(days.is_sorted_by(|a, b| a.date < b.date), "each day once");
            prop_assert!(days.iter().any(|d| d.note.contains("依据")) && days.iter().any(|d| d.note.contains("到期")));
        }
    }
}
