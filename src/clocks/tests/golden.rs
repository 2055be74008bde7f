//! Every kind of record on real dates, worked out by hand with the notices for 2025 and 2026.
//!
//! 2025: 1–8 October off, Sun 28 September and Sat 11 October worked. 2026: 15–23 February off, Sat 14 and
//! Sat 28 February worked; 1–7 October off, Sun 20 September and Sat 10 October worked.

use super::super::{Book, trace};
use super::super::{
    By, Clock, D15, D30, Event, Grade, Kind, Opening, Severity, Unit, Verdict, What, milestone,
};
use super::{at, derive, t};
use crate::kit::clock::Timestamp;

use By::{Client, System, Vendor};

/// `2026-02-14 17:00` in Shanghai.
pub(super) fn cn(text: &str) -> Timestamp {
    let (date, time) = text.split_once(' ').unwrap();
    t(&format!("{date}T{time}{}+08:00", if time.len() == 5 { ":00" } else { "" }))
}

pub(super) fn history(events: &[(&str, By, What)]) -> Vec<Event> {
    events.iter().map(|(when, by, what)| at(cn(when), *by, *what)).collect()
}

pub(super) fn find(clocks: &[Clock], code: &str, cycle: i32, round: i32) -> Clock {
    let found = clocks.iter().find(|c| c.def.code == code && c.cycle == cycle && c.round == round);
    found.unwrap_or_else(|| panic!("{code} {cycle} {round} in {clocks:#?}")).clone()
}

/// Due and verdict of one clock as of `now`.
pub(super) fn seen(events: &[Event], now: &str, key: (&str, i32, i32)) -> (Timestamp, Verdict) {
    let now = cn(now);
    let clock = find(&derive(events, now), key.0, key.1, key.2);
    (clock.due_at, clock.verdict(now))
}

fn submitted(opening: Opening) -> What {
    What::Submitted(opening)
}

const FAULT: What = What::Submitted(Opening::Fault { severity: Severity::Major });

#[test]
fn a_change_is_answered_by_the_signed_reply_only_and_each_version_has_its_own_clock() {
    let draft = [("2025-09-23 09:00", Client, submitted(Opening::Change))];
    assert!(derive(&history(&draft), cn("2025-10-20 09:00")).is_empty(), "a draft obliges nobody");

    let mut one = history(&draft);
    one.push(at(cn("2025-09-24 10:00"), Client, What::Issued));
    one.push(at(cn("2025-09-25 10:00"), Vendor, What::ContactLogged));
    one.push(at(cn("2025-09-25 11:00"), Vendor, What::Said));
    let due = cn("2025-09-28 18:00");
    assert_eq!(seen(&one, "2025-09-28 18:00", ("A3", 1, 1)), (due, Verdict::Running));
    assert_eq!(seen(&one, "2025-09-28 18:00:01", ("A3", 1, 1)), (due, Verdict::Breached));
    one.push(at(due, Vendor, What::Replied));
    assert_eq!(seen(&one, "2025-10-20 09:00", ("A3", 1, 1)), (due, Verdict::Met));

    let versions = history(&[
        ("2026-02-09 10:00", Client, submitted(Opening::Change)),
        ("2026-02-09 10:00", Client, What::NoticeEdited),
        ("2026-02-09 10:00", Client, What::Issued),
        ("2026-02-11 11:00", Client, What::NoticeEdited),
        ("2026-02-14 17:00", Vendor, What::Replied),
        ("2026-02-14 17:30", Client, What::Reconsidered),
    ]);
    let now = "2026-02-27 09:00";
    assert_eq!(seen(&versions, now, ("A3", 1, 1)), (cn("2026-02-12 18:00"), Verdict::Void));
    assert_eq!(seen(&versions, now, ("A3", 1, 2)), (cn("2026-02-14 18:00"), Verdict::Met));
    assert_eq!(seen(&versions, now, ("A3", 1, 3)), (cn("2026-02-26 18:00"), Verdict::Breached));
    assert_eq!(derive(&versions, cn(now)).len(), 3);
}

#[test]
fn a_change_waits_for_acceptance() {
    let events = history(&[
        ("2026-09-01 10:00", Client, submitted(Opening::Change)),
        ("2026-09-01 10:00", Client, What::Issued),
        ("2026-09-02 10:00", Vendor, What::Replied),
        ("2026-09-02 11:00", Client, What::Approved),
        ("2026-09-17 15:00", Vendor, What::SubmittedForAcceptance),
        ("2026-09-18 15:00", Client, What::AcceptanceRejected),
        ("2026-09-30 10:00", Vendor, What::SubmittedForAcceptance),
        ("2026-10-13 18:00", Client, What::ChangeAccepted),
    ]);
    // 18, Sun 20 (worked), 21, 22, 23; and 8, 9, Sat 10 (worked), 12, 13.
    let now = "2026-12-01 09:00";
    assert_eq!(seen(&events, now, ("C", 1, 1)), (cn("2026-09-23 18:00"), Verdict::Met));
    assert_eq!(seen(&events, now, ("C", 1, 2)), (cn("2026-10-13 18:00"), Verdict::Met));
}

#[test]
fn a_quality_defect_runs_from_its_notice_and_verification_does_not_count() {
    let proposed = history(&[("2026-02-12 09:00", Client, submitted(Opening::Quality { notified: false }))]);
    assert!(derive(&proposed, cn("2026-03-12 09:00")).is_empty());

    let mut events = proposed;
    events.push(at(cn("2026-02-13 10:00"), Client, What::NoticeConfirmed));
    events.push(at(cn("2026-02-13 11:00"), Vendor, What::Disputed));
    let key = ("Q5", 1, 0);
    assert_eq!(seen(&events, "2026-02-20 09:00", key), (cn("2026-02-27 18:00"), Verdict::Running));
    events.push(at(cn("2026-02-24 10:00"), Vendor, What::MarkedRepaired));
    assert_eq!(seen(&events, "2026-03-20 09:00", key), (cn("2026-02-27 18:00"), Verdict::Met));
    assert_eq!(seen(&events, "2026-02-25 09:00", ("C", 1, 1)), (cn("2026-03-02 18:00"), Verdict::Running));
    events.push(at(cn("2026-02-26 15:00"), Client, What::VerificationFailed));
    // Sat 14, one hour of the 24th, then from three on the 26th, 27, Sat 28 (worked), Mon 2 March, and on the 3rd what the
    // 24th had left and the 26th had lost.
    assert_eq!(seen(&events, "2026-02-27 09:00", key), (cn("2026-03-03 14:00"), Verdict::Running));
    events.push(at(cn("2026-02-28 17:00"), Vendor, What::MarkedRepaired));
    events.push(at(cn("2026-03-03 17:00"), Client, What::VerificationPassed));
    let clocks = derive(&events, cn("2026-04-01 09:00"));
    let q5 = find(&clocks, "Q5", 1, 0);
    assert_eq!((q5.due_at, q5.verdict(cn("2026-04-01 09:00"))), (cn("2026-03-03 14:00"), Verdict::Met));
    let day = 24 * super::HOUR;
    assert_eq!(
        (q5.gross_ms, q5.gross_ms - q5.net_ms),
        (15 * day + 7 * super::HOUR, 2 * day + 5 * super::HOUR)
    );
    assert_eq!(clocks.len(), 3);
}

/// An hour before the last day closes, and the client looks the next morning: the hour is left from then on. Whoever
/// says so a minute before closing has that minute left, however long the client looks.
#[test]
fn a_repair_announced_on_the_last_day_leaves_what_was_left() {
    let looked = |announced: &str, looked: &str| {
        let events = history(&[
            ("2026-11-16 10:00", Client, submitted(Opening::Quality { notified: true })),
            (announced, Vendor, What::MarkedRepaired),
            (looked, Client, What::VerificationFailed),
        ]);
        seen(&events, looked, ("Q5", 1, 0))
    };
    let running = |due| (cn(due), Verdict::Running);
    assert_eq!(looked("2026-11-23 17:00", "2026-11-24 10:00"), running("2026-11-24 11:00"));
    assert_eq!(looked("2026-11-23 17:59", "2026-11-24 10:00"), running("2026-11-24 10:01"));
    assert_eq!(looked("2026-11-23 17:00", "2026-11-27 17:30"), running("2026-11-30 09:30"));
    // On the day it was announced: the half hour that the client looked.
    assert_eq!(looked("2026-11-23 16:00", "2026-11-23 16:30"), running("2026-11-24 09:30"));
}

#[test]
fn no_defect_was_never_a_duty_even_when_it_was_found_late() {
    let mut events = history(&[
        ("2026-02-13 10:00", Client, submitted(Opening::Quality { notified: true })),
        ("2026-02-13 11:00", Vendor, What::Disputed),
    ]);
    assert_eq!(seen(&events, "2026-03-01 09:00", ("Q5", 1, 0)).1, Verdict::Breached);
    events.push(at(cn("2026-03-02 09:00"), Client, What::FindingAgreed { valid: false }));
    assert_eq!(seen(&events, "2026-03-02 09:00", ("Q5", 1, 0)).1, Verdict::Void);
    let valid: Vec<Event> = events
        .iter()
        .map(|e| match e.what {
            What::FindingAgreed { .. } => Event { what: What::FindingAgreed { valid: true }, ..*e },
            _ => *e,
        })
        .collect();
    assert_eq!(seen(&valid, "2026-03-02 09:00", ("Q5", 1, 0)).1, Verdict::Breached);
}

#[test]
fn a_consultation_counts_working_hours_question_by_question() {
    let mut events = history(&[
        ("2026-11-20 16:30", Client, submitted(Opening::Consultation)),
        ("2026-11-20 17:00", Vendor, What::Said),
        ("2026-11-20 17:10", System, What::Answered),
    ]);
    // An hour and a half on Friday, the rest on Monday morning.
    assert_eq!(seen(&events, "2026-11-23 11:30", ("W", 1, 1)), (cn("2026-11-23 11:30"), Verdict::Running));
    events.push(at(cn("2026-11-23 10:00"), Vendor, What::Answered));
    events.push(at(cn("2026-11-23 17:59"), Client, What::FollowedUp));
    events.push(at(cn("2026-11-23 18:10"), Client, What::FollowedUp));
    let clocks = derive(&events, cn("2026-11-24 14:29"));
    assert_eq!(clocks.len(), 2, "asking on while an answer is due starts nothing");
    let first = find(&clocks, "W", 1, 1);
    assert_eq!((first.unit, first.amount, first.gross_ms), (Unit::WorkingHours, 4, 9_000_000));
    // A minute on Monday, three hours in the morning and 59 minutes after lunch.
    assert_eq!(find(&clocks, "W", 1, 2).due_at, cn("2026-11-24 14:29"));
}

#[test]
fn hours_used_up_at_closing_time_are_not_overdue_before_the_next_opening() {
    let asked = ("2026-09-30 17:00", Client, submitted(Opening::Consultation));
    // An hour before the holiday, three hours on 8 October: until lunch.
    let answered = |when: &str| {
        let events = history(&[asked, (when, Vendor, What::Answered)]);
        let clock = find(&derive(&events, cn("2026-10-09 09:00")), "W", 1, 1);
        assert_eq!((clock.due_at, clock.in_time_until), (cn("2026-10-08 12:00"), cn("2026-10-08 13:30")));
        clock.verdict(cn("2026-10-09 09:00"))
    };
    assert_eq!(answered("2026-10-08 12:00"), Verdict::Met);
    assert_eq!(answered("2026-10-08 12:45"), Verdict::Met);
    assert_eq!(answered("2026-10-08 13:30"), Verdict::Met);
    assert_eq!(answered("2026-10-08 13:30:01"), Verdict::Breached);

    let friday = history(&[("2026-11-20 13:59:50", Client, submitted(Opening::Consultation))]);
    let clock = find(&derive(&friday, cn("2026-11-20 15:00")), "W", 1, 1);
    assert_eq!((clock.due_at, clock.in_time_until), (cn("2026-11-20 17:59:50"), cn("2026-11-20 17:59:50")));
}

#[test]
fn an_incident_is_told_within_the_hour_and_helps_the_client_with_its_four() {
    let mut events = history(&[("2026-10-01 09:00", Vendor, submitted(Opening::Incident))]);
    let i1 = ("I1", 1, 0);
    assert_eq!(seen(&events, "2026-10-01 10:00", i1), (cn("2026-10-01 10:00"), Verdict::Running));
    events.push(at(cn("2026-10-01 09:40"), System, What::ClientNotified));
    assert_eq!(seen(&events, "2026-10-01 10:00:01", i1).1, Verdict::Breached, "the system tells nobody");
    events.truncate(1);
    events.push(at(cn("2026-10-01 09:40"), Vendor, What::ClientNotified));
    events.push(at(cn("2026-10-01 11:00"), Client, What::GradeAgreed(Grade::General)));
    assert_eq!(derive(&events, cn("2026-10-01 20:00")).len(), 1);
    events.push(at(cn("2026-10-01 11:30"), Client, What::GradeAgreed(Grade::Major)));
    let n4 = ("N4", 1, 0);
    assert_eq!(seen(&events, "2026-10-01 12:00", n4), (cn("2026-10-01 13:00"), Verdict::Running));
    events.push(at(cn("2026-10-01 12:59"), Client, What::ReportDecided));
    assert_eq!(seen(&events, "2026-10-09 09:00", n4).1, Verdict::Met);
    assert_eq!(seen(&events, "2026-10-09 09:00", i1).1, Verdict::Met);
}

#[test]
fn a_report_is_due_on_its_date_whatever_was_returned() {
    for opening in [
        Opening::Report { due_at: cn("2026-10-03 20:00") },
        Opening::Inspection { due_at: Some(cn("2026-10-03 20:00")) },
    ] {
        let mut events = history(&[
            ("2026-09-28 09:00", Client, submitted(opening)),
            ("2026-10-02 09:00", Vendor, What::ReportSubmitted),
        ]);
        let x = ("X", 1, 0);
        assert_eq!(seen(&events, "2026-10-09 09:00", x), (cn("2026-10-03 20:00"), Verdict::Met));
        assert_eq!(seen(&events, "2026-10-09 09:00", ("C", 1, 1)).0, cn("2026-10-13 18:00"));
        events.push(at(cn("2026-10-03 19:00"), Client, What::ReportReturned));
        assert_eq!(seen(&events, "2026-10-03 19:00", x).1, Verdict::Running);
        events.push(at(cn("2026-10-04 09:00"), Vendor, What::ReportSubmitted));
        events.push(at(cn("2026-10-05 09:00"), Client, What::ReportAccepted));
        assert_eq!(seen(&events, "2026-10-09 09:00", x), (cn("2026-10-03 20:00"), Verdict::Breached));
    }
    let open = history(&[("2026-09-28 09:00", Client, submitted(Opening::Inspection { due_at: None }))]);
    assert!(derive(&open, cn("2027-09-28 09:00")).is_empty());
}

#[test]
fn an_invoice_within_ten_working_days_less_the_time_the_client_held_it() {
    let mut events = history(&[("2025-09-24 10:00", Client, submitted(Opening::Invoice))]);
    // 25, 26, Sun 28, 29, 30 September; 9, 10, Sat 11, 13, 14 October; later, what was left on Monday the 13th at ten goes
    // on on Wednesday at eleven.
    let f = ("F", 1, 0);
    assert_eq!(seen(&events, "2025-10-14 18:00", f), (cn("2025-10-14 18:00"), Verdict::Running));
    events.push(at(cn("2025-10-13 10:00"), Vendor, What::InvoiceIssued));
    assert_eq!(seen(&events, "2025-10-14 18:00", ("C", 1, 1)).0, cn("2025-10-20 18:00"));
    events.push(at(cn("2025-10-15 11:00"), Client, What::InvoiceReturned));
    assert_eq!(seen(&events, "2025-10-15 18:00", f), (cn("2025-10-17 10:00"), Verdict::Running));
    events.push(at(cn("2025-10-17 10:00:01"), Vendor, What::InvoiceIssued));
    events.push(at(cn("2025-10-18 09:00"), Client, What::ReceiptSigned));
    assert_eq!(seen(&events, "2025-10-20 18:00", f).1, Verdict::Breached);
    assert_eq!(seen(&events, "2025-10-20 18:00", ("C", 1, 2)).1, Verdict::Met);
}

#[test]
fn a_repair_asks_the_client_and_silence_is_late_whenever_the_sweep_comes() {
    let mut events = history(&[
        ("2026-09-29 09:00", Client, FAULT),
        ("2026-09-29 10:00", Vendor, What::Accepted),
        ("2026-09-29 11:00", Vendor, What::SolutionPublished { eta: None }),
        ("2026-09-30 10:00", Vendor, What::MarkedRepaired),
    ]);
    let due = cn("2026-10-13 18:00");
    assert_eq!(seen(&events, "2026-10-13 18:00", ("C", 1, 1)), (due, Verdict::Running));
    for swept in ["2026-10-13 18:00:01", "2026-11-13 18:00"] {
        events.truncate(4);
        events.push(at(cn(swept), System, What::Confirmed));
        assert_eq!(seen(&events, "2026-12-01 09:00", ("C", 1, 1)), (due, Verdict::Breached));
    }
}

#[test]
fn milestones_count_natural_days_and_move_off_holidays() {
    let (signed, book) = (cn("2026-09-16 00:00"), Book::builtin());
    let d15 = milestone(&D15, signed, None, &book, cn("2026-10-08 18:00"));
    assert_eq!((d15.due_at, d15.verdict(cn("2026-10-08 18:00"))), (cn("2026-10-08 18:00"), Verdict::Running));
    assert_eq!(d15.verdict(cn("2026-10-08 18:00:01")), Verdict::Breached);
    let d30 = milestone(&D30, signed, Some(cn("2026-10-16 18:00")), &book, cn("2026-12-01 00:00"));
    assert_eq!((d30.due_at, d30.verdict(cn("2026-12-01 00:00"))), (cn("2026-10-16 18:00"), Verdict::Met));
    assert!(!d15.provisional && !d30.provisional);
}

#[test]
fn a_record_that_changes_its_kind_is_read_again_from_its_start() {
    let asked = |to, when: &str| {
        history(&[
            ("2026-02-13 09:00", Client, FAULT),
            ("2026-02-13 10:00", Vendor, What::Accepted),
            (when, Client, What::Reclassified { to }),
        ])
    };
    let soon = asked(Kind::Quality, "2026-02-13 11:00");
    let clocks = derive(&soon, cn("2026-02-24 09:00"));
    let verdict = |code: &str| find(&clocks, code, 1, 0).verdict(cn("2026-02-24 09:00"));
    assert_eq!(
        (verdict("R8"), verdict("S24"), verdict("Q5")),
        (Verdict::Met, Verdict::Void, Verdict::Running)
    );
    let q5 = find(&clocks, "Q5", 1, 0);
    assert_eq!((q5.started_at, q5.due_at), (cn("2026-02-13 09:00"), cn("2026-02-27 18:00")));

    let late = asked(Kind::Consultation, "2026-02-15 09:00");
    let clocks = derive(&late, cn("2026-02-24 09:00"));
    assert_eq!(find(&clocks, "S24", 1, 0).verdict(cn("2026-02-24 09:00")), Verdict::Breached);
    // Three hours in the morning of the 13th and one after lunch.
    assert_eq!(find(&clocks, "W", 1, 1).due_at, cn("2026-02-13 14:30"));

    let notice = asked(Kind::Change, "2026-02-13 11:00");
    assert!(derive(&notice, cn("2026-02-24 09:00")).iter().all(|c| !c.is_running()), "no notice yet");
}

#[test]
fn changing_the_kind_and_back_answers_once_and_breaches_once() {
    let mut events = history(&[
        ("2026-02-13 09:00", Client, submitted(Opening::Consultation)),
        ("2026-02-13 10:00", Vendor, What::Answered),
        ("2026-02-13 11:00", Client, What::Reclassified { to: Kind::Fault }),
        ("2026-02-13 12:00", Client, What::Reclassified { to: Kind::Consultation }),
        ("2026-02-14 12:00", Client, What::Reclassified { to: Kind::Fault }),
    ]);
    let now = cn("2026-02-14 12:00");
    let clocks = derive(&events, now);
    let shown: Vec<_> = clocks.iter().map(|c| (c.def.code, c.round, c.verdict(now))).collect();
    assert_eq!(
        shown,
        [
            ("W", 1, Verdict::Met),
            ("R8", 0, Verdict::Met),
            ("S24", 0, Verdict::Void),
            ("S24", 1, Verdict::Breached),
        ]
    );
    assert_eq!(find(&clocks, "R8", 1, 0).stopped_at, Some(cn("2026-02-13 10:00")));
    events.push(at(cn("2026-02-14 13:00"), Client, What::Reclassified { to: Kind::Quality }));
    events.push(at(cn("2026-02-14 14:00"), Client, What::Reclassified { to: Kind::Fault }));
    let late = derive(&events, cn("2026-02-14 14:00"));
    let s24 = late.iter().filter(|c| c.def.code == "S24" && c.verdict(now) == Verdict::Breached);
    assert_eq!(s24.count(), 1);
}

#[test]
fn merging_hands_on_the_duty_that_still_ran() {
    for (opening, code, round) in [
        (Opening::Quality { notified: true }, "Q5", 0),
        (Opening::Consultation, "W", 1),
        (Opening::Invoice, "F", 0),
        (Opening::Incident, "I1", 0),
    ] {
        let source = history(&[("2026-11-16 09:00", Client, submitted(opening))]);
        let mut target = history(&[("2026-11-17 09:00", Client, submitted(opening))]);
        let running = derive(&source, cn("2026-11-17 10:00"));
        target.push(at(cn("2026-11-17 10:00"), Vendor, What::absorbed(&running)));
        let clock = find(&derive(&target, cn("2026-11-17 10:00")), code, 1, round);
        assert_eq!(clock.started_at, cn("2026-11-16 09:00"), "{code}");
        assert_eq!(clock.due_at, running[0].due_at, "{code}");
    }
}

#[test]
fn the_trace_can_be_checked_by_hand() {
    let events = history(&[
        ("2025-09-24 10:00", Client, submitted(Opening::Change)),
        ("2025-09-24 10:00", Client, What::Issued),
        ("2025-09-29 09:00:05", Vendor, What::Replied),
    ]);
    let now = cn("2025-10-01 09:00");
    let clock = find(&derive(&events, now), "A3", 1, 1);
    let days = trace(&clock, &[], &Book::builtin(), now);
    let told: Vec<_> = days.iter().map(|d| (d.counted.as_str(), d.note.as_str())).collect();
    assert_eq!(
        told,
        [
            (
                "不计",
                "9月24日 周三 工作日 10:00 收到，当日不计；依据第 2.2.2 条书面答复变更：3 个工作日；\
                 参数第 1 版，日历第 1 版（国务院办公厅每年的节假日安排通知）"
            ),
            ("第1日", "9月25日 周四 工作日 计第1日"),
            ("第2日", "9月26日 周五 工作日 计第2日"),
            ("不计", "9月27日 周六 休息 不计"),
            ("第3日", "9月28日 周日 调休上班 计第3日，18:00 到期"),
            ("不计", "9月29日 09:00:05 完成，用时 4 天 23 小时 5 秒，超时 15 小时 5 秒"),
        ]
    );
}
