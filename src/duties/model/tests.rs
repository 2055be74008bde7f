//! The rules of warnings, beside numbers that were worked out by hand.

use uuid::Uuid;

use super::warning::{To, recipients, text};
use super::*;
use crate::clocks::{R8, S24};

const HOUR: i64 = 3_600_000;
/// 2026-11-16 09:00 in China, a Monday.
const START: Timestamp = Timestamp(1_794_790_800_000);

fn after(hours: i64) -> Timestamp {
    START.plus_millis(hours * HOUR)
}

fn response(stopped: Option<Timestamp>) -> Clock {
    Clock {
        def: &R8,
        cycle: 1,
        round: 0,
        unit: Unit::NaturalHours,
        amount: 8,
        started_at: START,
        due_at: after(8),
        provisional: false,
        pauses: vec![Span { from: after(1), to: after(2) }],
        in_time_until: after(8),
        stopped_at: stopped,
        void_at: None,
        gross_ms: 0,
        net_ms: 0,
        in_force: 1,
    }
}

fn record() -> Record {
    Record {
        kind: "fault",
        id: Uuid::from_u128(1),
        number: "GZ-2026-000123".to_owned(),
        owner_id: None,
        reporter_id: Some(Uuid::from_u128(2)),
        severity: None,
    }
}

#[test]
fn a_row_gives_its_clock_back() {
    let book = Book::builtin();
    for clock in [response(None), response(Some(after(7))), response(Some(after(9)))] {
        let row = row(&record(), &clock, Uuid::from_u128(3), None, &book);
        assert_eq!(super::clock(&row), Some(clock));
    }
}

#[test]
fn warnings_come_at_their_shares_and_overdue_a_millisecond_after_due() {
    let book = Book::builtin();
    let clock = Clock { pauses: Vec::new(), ..response(None) };
    let shares: Vec<i64> = THRESHOLDS.iter().map(|t| threshold(&clock, *t, &book).since(START)).collect();
    assert_eq!(shares, [4 * HOUR, 6 * HOUR, 7 * HOUR + 720_000, 8 * HOUR + 1]);
    assert_eq!(warn_at(&clock, 0, &book), Some(after(4)));
    assert_eq!(warn_at(&clock, 75, &book), Some(after(7).plus_millis(720_000)));
    assert_eq!(warn_at(&clock, OVERDUE, &book), None);
}

#[test]
fn what_was_missed_collapses_into_the_highest() {
    let book = Book::builtin();
    let clock = Clock { pauses: Vec::new(), ..response(None) };
    let found = |warned, now| reached(&clock, warned, now, &book);
    assert_eq!(found(0, after(4).plus_millis(-1)), None);
    let first = found(0, after(4)).unwrap();
    assert_eq!((first.percent, first.skipped, first.next), (50, vec![], Some(after(6))));
    let late = found(50, after(8).plus_millis(1)).unwrap();
    assert_eq!((late.percent, late.skipped, late.next), (100, vec![75, 90], None));
    assert_eq!(found(90, after(8)), None, "due itself is in time");
    assert_eq!(found(OVERDUE, after(99)), None);
}

#[test]
fn what_ended_in_time_is_not_warned_of_and_what_ended_late_is() {
    let book = Book::builtin();
    assert_eq!(warn_at(&response(Some(after(8))), 50, &book), None);
    let late = response(Some(after(8).plus_millis(1)));
    assert_eq!(warn_at(&late, 0, &book), Some(after(8).plus_millis(1)));
    let found = reached(&late, 50, after(9), &book).unwrap();
    assert_eq!((found.percent, found.skipped, found.next), (100, vec![75, 90], None));
    assert_eq!(state(&late), BREACHED);
    assert_eq!(state(&response(Some(after(8)))), MET);
    let gone = Clock { void_at: Some(after(1)), ..response(None) };
    assert_eq!((state(&gone), warn_at(&gone, 0, &book)), (VOID, None));
}

#[test]
fn in_time_until_decides_and_not_due() {
    let clock = Clock { in_time_until: after(20), stopped_at: Some(after(20)), ..response(None) };
    assert_eq!(state(&clock), MET);
    let book = Book::builtin();
    let row = row(&record(), &Clock { stopped_at: None, ..clock }, Uuid::from_u128(3), None, &book);
    assert!(!is_late(&row, after(20)) && is_late(&row, after(20).plus_millis(1)));
}

/// Written from the matrix of notices (product.md 5.4), not from the table it checks.
#[test]
fn the_matrix_of_recipients() {
    use To::{Admins, Agents, Leads, Managers, Owner, Reporter};
    let expected: [(&str, [&[To]; 4]); 12] = [
        ("R8", [&[Owner], &[Owner, Leads], &[Owner, Leads, Managers], &[Owner, Leads, Managers, Reporter]]),
        ("S24", [&[Owner], &[Owner, Leads], &[Owner, Leads, Managers], &[Owner, Leads, Managers, Reporter]]),
        ("P", [&[Owner], &[Owner, Leads], &[Owner, Leads, Managers], &[Owner, Leads, Managers, Reporter]]),
        ("Q5", [&[Owner], &[Owner, Leads], &[Owner, Leads, Managers], &[Owner, Leads, Managers, Reporter]]),
        ("A3", [&[Owner], &[Owner, Leads], &[Owner, Leads, Managers], &[Owner, Leads, Managers, Reporter]]),
        ("W", [&[Owner], &[Owner, Leads], &[Owner, Leads, Managers], &[Owner, Leads, Managers, Reporter]]),
        (
            "I1",
            [
                &[Agents, Leads],
                &[Agents, Leads],
                &[Agents, Leads, Managers],
                &[Agents, Leads, Managers, Admins, Reporter],
            ],
        ),
        ("X", [&[Leads], &[Leads], &[Leads, Managers], &[Leads, Managers, Reporter]]),
        ("D30", [&[Leads], &[Leads], &[Leads, Managers], &[Leads, Managers, Reporter]]),
        ("C", [&[Reporter], &[Reporter], &[Reporter, Managers], &[Reporter, Managers, Leads]]),
        ("D15", [&[Managers], &[Managers], &[Managers], &[Managers, Leads]]),
        ("N4", [&[Managers], &[Managers], &[Managers], &[Managers, Leads]]),
    ];
    for (code, rows) in expected {
        for (percent, to) in THRESHOLDS.into_iter().zip(rows) {
            assert_eq!(recipients(code, percent), to, "{code} at {percent}");
        }
    }
}

#[test]
fn every_duty_of_the_agreement_warns_somebody() {
    for def in crate::clocks::DEFS {
        for percent in THRESHOLDS {
            assert!(!recipients(def.code, percent).is_empty(), "{} at {percent}", def.code);
        }
    }
}

#[test]
fn the_sentence_says_what_and_when_and_nobody() {
    let book = Book::builtin();
    let make = |clock: &Clock| row(&record(), clock, Uuid::from_u128(3), None, &book);
    let running = make(&Clock { def: &S24, ..response(None) });
    assert_eq!(text(&running, 75), "GZ-2026-000123 给出解决方案：时限已用 75%，11月16日 17:00 到期");
    assert_eq!(text(&running, 100), "GZ-2026-000123 给出解决方案：已超时，应于 11月16日 17:00 前完成");
    let late = make(&response(Some(after(9))));
    assert_eq!(
        text(&late, 100),
        "GZ-2026-000123 响应：已超时，应于 11月16日 17:00 前完成，实际 11月16日 18:00"
    );
}
