//! A second way to the clocks of the other kinds: declarative and slow. Each duty is a line that says what
//! starts it, stops it, takes the end back and replaces it; dues are found day by day and minute by minute.

use chrono::{Days, NaiveDate};

use super::super::{By, Event, Grade, Kind, Opening, Verdict, What};
use crate::calendar::{Calendar, DayKind};
use crate::kit::clock::Timestamp;

const MINUTE: i64 = 60_000;

/// code, cycle, round, start, due, stop, void, gross, net, verdict
pub(super) type Row =
    (&'static str, i32, i32, Timestamp, Timestamp, Option<Timestamp>, Option<Timestamp>, i64, i64, Verdict);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    WorkingDays(u32),
    WorkingMinutes(i64),
    NaturalHours(i64),
    Named,
}

type Is = fn(&Event) -> bool;

struct Line {
    code: &'static str,
    first_round: i32,
    measure: Measure,
    starts: Is,
    stops: Is,
    back: Is,
    /// Whether the time between an end and its taking back is left out.
    gap: bool,
    /// Ends the clock as void.
    replaced: Is,
    from_cycle_start: bool,
}

fn never(_: &Event) -> bool {
    false
}

fn vendors(e: &Event) -> bool {
    e.public && e.by == By::Vendor
}

fn confirms(asks: Is, answers: Is) -> Line {
    Line {
        code: "C",
        first_round: 1,
        measure: Measure::WorkingDays(5),
        starts: asks,
        stops: answers,
        back: never,
        gap: false,
        replaced: never,
        from_cycle_start: false,
    }
}

fn begins(e: &Event) -> bool {
    matches!(e.what, What::Submitted(_) | What::Reopened)
}

fn lines(kind: Kind) -> Vec<Line> {
    let base = |code, measure, starts: Is, stops: Is| Line {
        code,
        first_round: 0,
        measure,
        starts,
        stops,
        back: never,
        gap: false,
        replaced: never,
        from_cycle_start: false,
    };
    match kind {
        Kind::Fault => unreachable!("the fault has its own oracle"),
        Kind::Change => {
            let notice: Is = |e| matches!(e.what, What::Issued | What::NoticeEdited | What::Reconsidered);
            let a3 = base("A3", Measure::WorkingDays(3), notice, |e| e.what == What::Replied && vendors(e));
            vec![
                Line { first_round: 1, replaced: notice, ..a3 },
                confirms(
                    |e| e.what == What::SubmittedForAcceptance,
                    |e| matches!(e.what, What::ChangeAccepted | What::AcceptanceRejected),
                ),
            ]
        }
        Kind::Quality => {
            let starts: Is = |e| {
                matches!(
                    e.what,
                    What::Submitted(Opening::Quality { notified: true })
                        | What::NoticeConfirmed
                        | What::Reopened
                )
            };
            let repaired: Is = |e| e.what == What::MarkedRepaired && vendors(e);
            let q5 = base("Q5", Measure::WorkingDays(5), starts, repaired);
            let verified: Is = |e| matches!(e.what, What::VerificationPassed | What::VerificationFailed);
            vec![
                Line { back: |e| e.what == What::VerificationFailed, gap: true, ..q5 },
                confirms(repaired, verified),
            ]
        }
        Kind::Consultation => {
            let asks: Is = |e| begins(e) || e.what == What::FollowedUp;
            let w = base("W", Measure::WorkingMinutes(240), asks, |e| e.what == What::Answered && vendors(e));
            vec![Line { first_round: 1, ..w }]
        }
        Kind::Report | Kind::Inspection => {
            let submitted: Is = |e| e.what == What::ReportSubmitted && vendors(e);
            let dated: Is = |e| {
                matches!(
                    e.what,
                    What::Submitted(Opening::Report { .. } | Opening::Inspection { due_at: Some(_) })
                )
            };
            let x = base("X", Measure::Named, dated, submitted);
            vec![
                Line { back: |e| e.what == What::ReportReturned, ..x },
                confirms(submitted, |e| matches!(e.what, What::ReportAccepted | What::ReportReturned)),
            ]
        }
        Kind::Invoice => {
            let issued: Is = |e| e.what == What::InvoiceIssued && vendors(e);
            let f = base("F", Measure::WorkingDays(10), begins, issued);
            vec![
                Line { back: |e| e.what == What::InvoiceReturned, gap: true, ..f },
                confirms(issued, |e| matches!(e.what, What::ReceiptSigned | What::InvoiceReturned)),
            ]
        }
        Kind::Incident => {
            let told: Is = |e| e.what == What::ClientNotified && vendors(e);
            let graded: Is = |e| matches!(e.what, What::GradeAgreed(grade) if grade != Grade::General);
            let n4 = base("N4", Measure::NaturalHours(4), graded, |e| e.what == What::ReportDecided);
            vec![base("I1", Measure::NaturalHours(1), begins, told), Line { from_cycle_start: true, ..n4 }]
        }
    }
}

fn over(e: &Event) -> bool {
    matches!(e.what, What::Withdrawn | What::MergedAway | What::Closed | What::Reopened)
}

pub(super) fn rows(kind: Kind, events: &[Event], now: Timestamp) -> Vec<Row> {
    let mut rows = Vec::new();
    for line in lines(kind) {
        let mut rounds: Vec<(i32, i32)> = Vec::new();
        for (i, event) in events.iter().enumerate().filter(|(_, e)| (line.starts)(e)) {
            let cycle = i32::try_from(events[..=i].iter().filter(|e| begins(e)).count()).unwrap();
            let began = events[..=i].iter().rfind(|e| begins(e)).unwrap().at;
            let of_cycle = rounds.iter().filter(|(c, _)| *c == cycle).count();
            let round = line.first_round + i32::try_from(of_cycle).unwrap();
            rounds.push((cycle, round));
            let start = if line.from_cycle_start { began } else { event.at };
            rows.push(row(&line, (cycle, round), (i, start), events, now));
        }
    }
    rows.sort_by_key(|r| (r.1, r.0, r.2));
    rows
}

fn row(
    line: &Line,
    (cycle, round): (i32, i32),
    (i, start): (usize, Timestamp),
    events: &[Event],
    now: Timestamp,
) -> Row {
    let rest = &events[i + 1..];
    let until = rest.iter().position(|e| over(e) || (line.replaced)(e));
    let own = &rest[..until.unwrap_or(rest.len())];
    let last_back = own.iter().rposition(line.back);
    let stop = own.iter().skip(last_back.map_or(0, |n| n + 1)).find(|e| (line.stops)(e)).map(|e| e.at);
    let mut gaps = Vec::new();
    if line.gap {
        let mut from = 0;
        for (n, back) in own.iter().enumerate().filter(|(_, e)| (line.back)(e)) {
            let ended = own[from..n].iter().find(|e| (line.stops)(e));
            gaps.extend(ended.map(|e| (e.at, back.at)));
            from = n + 1;
        }
    }
    let annulled = own.iter().any(|e| e.what == What::FindingAgreed { valid: false }) && line.code == "Q5";
    let (stop, void) = match (annulled, stop) {
        (true, _) => (None, Some(start)),
        (false, Some(at)) => (Some(at), None),
        (false, None) => (None, until.map(|n| rest[n].at)),
    };
    let (due, in_time) = due(line.measure, events[i].what, start, &gaps);
    let end = stop.or(void).unwrap_or(now);
    let verdict = match (stop, void) {
        _ if end > in_time => Verdict::Breached,
        (Some(_), _) => Verdict::Met,
        (_, Some(_)) => Verdict::Void,
        _ => Verdict::Running,
    };
    let passed = |from: Timestamp, to: Timestamp| match line.measure {
        Measure::WorkingMinutes(_) => minutes(from, to).filter(|m| is_open(*m)).count() as i64 * MINUTE,
        _ => to.0 - from.0,
    };
    let left_out: i64 = gaps.iter().map(|(from, to)| passed(*from, *to)).sum();
    let gross = passed(start, end);
    (line.code, cycle, round, start, due, stop, void, gross, gross - left_out, verdict)
}

/// Due, and the last instant that is in time.
fn due(
    measure: Measure,
    began: What,
    start: Timestamp,
    gaps: &[(Timestamp, Timestamp)],
) -> (Timestamp, Timestamp) {
    match measure {
        Measure::Named => match began {
            What::Submitted(Opening::Report { due_at } | Opening::Inspection { due_at: Some(due_at) }) => {
                (due_at, due_at)
            }
            other => panic!("{other:?} names no date"),
        },
        Measure::NaturalHours(hours) => {
            let due = start.plus_millis(hours * 60 * MINUTE);
            (due, due)
        }
        Measure::WorkingDays(days) => {
            // Every day has the same 450 minutes: it is over when that many per day were open and not held by a gap.
            let mut left = i64::from(days * 450);
            let first = on(start.shanghai_date() + Days::new(1), (0, 0)).0;
            let held = |minute: i64| gaps.iter().any(|(a, b)| a.0 <= minute && minute < b.0);
            let mut minute = first;
            while left > 0 {
                left -= i64::from(is_open(minute) && !held(minute));
                minute += MINUTE;
            }
            (Timestamp(minute), Timestamp(minute))
        }
        Measure::WorkingMinutes(mut left) => {
            let mut minute = start.0;
            while left > 0 {
                left -= i64::from(is_open(minute));
                minute += MINUTE;
            }
            let due = minute;
            while !is_open(minute) {
                minute += MINUTE;
            }
            (Timestamp(due), Timestamp(minute))
        }
    }
}

fn minutes(from: Timestamp, to: Timestamp) -> impl Iterator<Item = i64> {
    (from.0..to.0).step_by(60_000)
}

/// Histories have whole minutes: a minute is open or not.
fn is_open(minute: i64) -> bool {
    let at = Timestamp(minute);
    let time = at.shanghai().format("%H:%M").to_string();
    let within = |from: &str, to: &str| time.as_str() >= from && time.as_str() < to;
    (within("09:00", "12:00") || within("13:30", "18:00")) && works(at.shanghai_date())
}

fn works(date: NaiveDate) -> bool {
    matches!(Calendar::builtin().day(date).kind, DayKind::Workday | DayKind::MakeUp)
}

fn on(date: NaiveDate, (hour, minute): (u32, u32)) -> Timestamp {
    let utc = date.and_hms_opt(hour, minute, 0).unwrap().and_utc();
    Timestamp(utc.timestamp_millis() - 8 * 60 * MINUTE)
}
