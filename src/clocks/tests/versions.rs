//! What was in force when: later versions move what still runs, from its original start, and nothing else.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::{
    Annex, Book, By, Clock, Event, InForce, Opening, Params, Severity, Verdict, What, derive, trace, waits,
};
use super::at;
use super::golden::{cn, find, history};
use crate::calendar::{Calendar, Year};
use crate::kit::clock::Timestamp;

use By::{Client, Vendor};

const FAULT: What = What::Submitted(Opening::Fault { severity: Severity::Major });

pub(super) fn params(values: &[(&str, Value)]) -> Params {
    let values: BTreeMap<String, Value> =
        values.iter().map(|(code, value)| ((*code).to_owned(), value.clone())).collect();
    Annex::parse(&values).unwrap().params
}

fn version(number: i32, from: &str, params: Params, calendar: Calendar) -> InForce {
    InForce::new(number, cn(from), (number, params), (number, calendar))
}

/// The defaults, and from an instant on another annex.
fn book(from: &str, values: &[(&str, Value)]) -> Book {
    Book::new(vec![
        version(1, "2020-01-01 00:00", Params::default(), Calendar::builtin()),
        version(2, from, params(values), Calendar::builtin()),
    ])
    .unwrap()
}

fn agreed(values: &[(&str, Value)]) -> Book {
    Book::new(vec![version(1, "2020-01-01 00:00", params(values), Calendar::builtin())]).unwrap()
}

fn one(events: &[Event], book: &Book, now: &str, code: &str) -> (Clock, Verdict) {
    let clocks = derive(events, book, cn(now));
    let clock = clocks.into_iter().find(|c| c.def.code == code).unwrap();
    let verdict = clock.verdict(cn(now));
    (clock, verdict)
}

#[test]
fn a_book_answers_for_every_instant() {
    assert!(Book::new(Vec::new()).is_none());
    let book = book("2026-11-20 09:00", &[("P14", json!(8))]);
    let number = |when: Timestamp| book.at(when).number;
    assert_eq!(number(Timestamp(i64::MIN)), 1);
    assert_eq!(number(cn("2026-11-20 09:00").plus_millis(-1)), 1);
    assert_eq!(number(cn("2026-11-20 09:00")), 2);
    assert_eq!(number(Timestamp(i64::MAX)), 2);
    assert_eq!(book.versions().map(|v| v.number).collect::<Vec<_>>(), [1, 2]);
    assert!(book.number(2).is_some() && book.number(3).is_none());
}

#[test]
fn a_running_clock_follows_the_new_version_from_its_original_start() {
    let book = book("2026-11-20 15:00", &[("P14", json!("6 working hours"))]);
    let mut events = history(&[("2026-11-20 13:30", Client, What::Submitted(Opening::Consultation))]);
    let (before, _) = one(&events, &book, "2026-11-20 14:59", "W");
    assert_eq!((before.amount, before.due_at, before.in_force), (4, cn("2026-11-20 17:30"), 1));
    let (after, _) = one(&events, &book, "2026-11-20 15:00", "W");
    assert_eq!((after.amount, after.due_at, after.in_force), (6, cn("2026-11-23 10:30"), 2));
    events.push(at(cn("2026-11-20 14:00"), Vendor, What::Answered));
    let (ended, verdict) = one(&events, &book, "2026-12-20 15:00", "W");
    assert_eq!((ended.amount, ended.in_force, verdict), (4, 1, Verdict::Met));
}

#[test]
fn what_ran_out_before_stays_breached_whatever_the_new_version_says() {
    let events = history(&[("2026-11-20 09:00", Client, What::Submitted(Opening::Consultation))]);
    // Due at 14:30; generous hours come at 15:00.
    let late = book("2026-11-20 15:00", &[("P14", json!(200))]);
    let (clock, verdict) = one(&events, &late, "2026-11-20 16:00", "W");
    assert_eq!((clock.in_force, clock.due_at, verdict), (1, cn("2026-11-20 14:30"), Verdict::Breached));
    let in_time = book("2026-11-20 14:30", &[("P14", json!(200))]);
    assert_eq!(one(&events, &in_time, "2026-11-20 16:00", "W").1, Verdict::Running);
}

#[test]
fn a_reissued_calendar_moves_what_runs_and_leaves_what_ended() {
    let mut year: Value = serde_json::from_str(&Calendar::builtin().year(2026).unwrap().to_json()).unwrap();
    // As in 2020: the holiday is prolonged while it lasts.
    for day in ["2026-02-24", "2026-02-25"] {
        year["days_off"].as_array_mut().unwrap().push(json!({ "date": day, "name": "春节" }));
    }
    let longer = Calendar::builtin().with(Year::from_json(&year.to_string()).unwrap());
    let book = Book::new(vec![
        version(1, "2026-01-01 00:00", Params::default(), Calendar::builtin()),
        version(2, "2026-02-20 12:00", Params::default(), longer),
    ])
    .unwrap();
    let mut events =
        history(&[("2026-02-13 10:00", Client, What::Submitted(Opening::Quality { notified: true }))]);
    assert_eq!(one(&events, &book, "2026-02-20 11:59", "Q5").0.due_at, cn("2026-02-27 18:00"));
    let (moved, _) = one(&events, &book, "2026-02-20 12:00", "Q5");
    // Sat 14, 26, 27, Sat 28, Mon 2 March.
    assert_eq!((moved.due_at, moved.in_force), (cn("2026-03-02 18:00"), 2));
    events.push(at(cn("2026-02-14 10:00"), Vendor, What::MarkedRepaired));
    assert_eq!(one(&events, &book, "2026-03-20 12:00", "Q5").0.in_force, 1);
}

#[test]
fn severity_tightens_from_the_original_start_and_a_breach_stays() {
    let book = agreed(&[("P6", json!({ "critical": { "response": "2 natural hours", "solution": 12 } }))]);
    let mut events = history(&[("2026-10-01 09:00", Client, FAULT)]);
    assert_eq!(one(&events, &book, "2026-10-01 10:00", "R8").0.due_at, cn("2026-10-01 17:00"));
    events.push(at(cn("2026-10-01 10:00"), Client, What::SeveritySet(Severity::Critical)));
    let (r8, verdict) = one(&events, &book, "2026-10-01 11:00", "R8");
    assert_eq!((r8.amount, r8.due_at, verdict), (2, cn("2026-10-01 11:00"), Verdict::Running));
    assert_eq!(one(&events, &book, "2026-10-01 11:00", "S24").0.due_at, cn("2026-10-01 21:00"));
    events.push(at(cn("2026-10-01 12:00"), Client, What::SeveritySet(Severity::Minor)));
    assert_eq!(one(&events, &book, "2026-10-01 12:00", "R8").1, Verdict::Breached);
    let (s24, _) = one(&events, &book, "2026-10-01 12:00", "S24");
    assert_eq!((s24.amount, s24.due_at), (24, cn("2026-10-02 09:00")));
}

#[test]
fn faults_in_working_hours_when_the_annex_says_so() {
    let book = agreed(&[("P4", json!("working"))]);
    let events = history(&[("2026-09-30 17:00", Client, FAULT)]);
    // An hour, then 8 October until 17:30; 7.5 hours each on the 8th, 9th and Sat 10th, the last half on Mon 12.
    assert_eq!(one(&events, &book, "2026-10-01 12:00", "R8").0.due_at, cn("2026-10-08 17:30"));
    assert_eq!(one(&events, &book, "2026-10-01 12:00", "S24").0.due_at, cn("2026-10-12 09:30"));
}

#[test]
fn waits_move_a_deadline_only_when_the_annex_deducts_them_and_the_client_acknowledged() {
    let asked = history(&[
        ("2026-10-01 09:00", Client, FAULT),
        ("2026-10-01 10:00", Vendor, What::AskedClient),
        ("2026-10-01 20:00", Client, What::Supplied),
    ]);
    let mut acknowledged = asked.clone();
    acknowledged.push(at(cn("2026-10-01 21:00"), Client, What::WaitAcknowledged));
    let hour = super::HOUR;
    let seen = |policy: &str, events: &[Event]| {
        let (s24, _) = one(events, &agreed(&[("P3", json!(policy))]), "2026-10-01 22:00", "S24");
        (s24.due_at, s24.gross_ms / hour, s24.net_ms / hour)
    };
    let (due, moved) = (cn("2026-10-02 09:00"), cn("2026-10-02 19:00"));
    assert_eq!(seen("none", &asked), (due, 13, 3));
    assert_eq!(seen("none", &acknowledged), (due, 13, 3));
    assert_eq!(seen("informational", &asked), (due, 13, 13));
    assert_eq!(seen("informational", &acknowledged), (due, 13, 3));
    assert_eq!(seen("deduct_if_acknowledged", &asked), (due, 13, 13));
    assert_eq!(seen("deduct_if_acknowledged", &acknowledged), (moved, 13, 3));

    let mut open = asked[..2].to_vec();
    open.push(at(cn("2026-10-01 11:00"), Client, What::WaitAcknowledged));
    assert_eq!(seen("deduct_if_acknowledged", &open).0, due, "nobody knows yet how long it will be");
    open.push(at(cn("2026-10-01 21:00"), By::System, What::WaitLapsed));
    assert_eq!(seen("deduct_if_acknowledged", &open).0, cn("2026-10-02 20:00"));
    assert_eq!(waits(&open)[0].acknowledged_at, Some(cn("2026-10-01 11:00")));
}

#[test]
fn silence_confirms_nothing_when_the_annex_says_so() {
    let events = history(&[
        ("2026-11-16 09:00", Client, FAULT),
        ("2026-11-16 10:00", Vendor, What::SolutionPublished { eta: None }),
        ("2026-11-16 11:00", Vendor, What::MarkedRepaired),
    ]);
    let without = derive(&events, &agreed(&[("P9", json!("none"))]), cn("2026-12-16 11:00"));
    assert!(without.iter().all(|c| c.def.code != "C"));
    let later = book("2026-11-17 09:00", &[("P9", json!("none"))]);
    let (asked, _) = one(&events, &later, "2026-11-18 11:00", "C");
    assert_eq!((asked.due_at, asked.in_force), (cn("2026-11-23 18:00"), 1));
}

#[test]
fn beyond_the_published_years_a_deadline_is_provisional() {
    let events =
        history(&[("2026-12-30 10:00", Client, What::Submitted(Opening::Quality { notified: true }))]);
    let clock = find(&derive(&events, &Book::builtin(), cn("2026-12-30 10:00")), "Q5", 1, 0);
    assert!(clock.provisional);
    let noted = trace(&clock, &[], &Book::builtin(), cn("2026-12-30 10:00"));
    assert!(noted.iter().any(|d| d.note.contains("未公布")), "{noted:#?}");
}

#[test]
fn warnings_come_on_the_units_own_scale() {
    let book = Book::builtin();
    let quality =
        history(&[("2026-02-13 10:00", Client, What::Submitted(Opening::Quality { notified: true }))]);
    let q5 = find(&derive(&quality, &book, cn("2026-02-13 10:00")), "Q5", 1, 0);
    // Two and a half of five days: Sat 14, 24, and half of the 7.5 hours of the 25th.
    assert_eq!(q5.warn_at(&book, 50), cn("2026-02-25 14:15"));
    assert_eq!(q5.warn_at(&book, 100), q5.due_at);
    let fault = history(&[("2026-10-01 09:00", Client, FAULT)]);
    let r8 = find(&derive(&fault, &book, cn("2026-10-01 09:00")), "R8", 1, 0);
    let warned: Vec<_> = [50, 75, 90, 100].map(|p| r8.warn_at(&book, p)).to_vec();
    let expected = ["13:00", "15:00", "16:12", "17:00"].map(|time| cn(&format!("2026-10-01 {time}")));
    assert_eq!(warned, expected);
    let report = history(&[(
        "2026-10-01 00:00",
        Client,
        What::Submitted(Opening::Report { due_at: cn("2026-10-05 00:00") }),
    )]);
    let x = find(&derive(&report, &book, cn("2026-10-01 00:00")), "X", 1, 0);
    assert_eq!(x.warn_at(&book, 75), cn("2026-10-04 00:00"));
}
