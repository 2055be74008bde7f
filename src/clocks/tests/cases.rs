//! Cases made by hand: each lesson of other engines, each rule of the agreement, the boundary to the millisecond.

use super::super::{Book, By, Clock, Event, P, S24, Verdict, What, duration, trace, waits};
use super::{HOUR, SUBMITTED, at, derive, t};
use crate::calendar::DayKind;
use crate::kit::clock::Timestamp;

const START: Timestamp = Timestamp(1_795_309_920_000); // 2026-11-22 09:12 in Shanghai, a Sunday

fn h(hours: i64) -> Timestamp {
    START.plus_millis(hours * HOUR)
}

fn history(rest: &[(i64, By, What)]) -> Vec<Event> {
    let mut events = vec![at(START, By::Client, SUBMITTED)];
    events.extend(rest.iter().map(|(hours, by, what)| at(h(*hours), *by, *what)));
    events
}

fn one(events: &[Event], now: Timestamp, code: &str, cycle: i32) -> (Clock, Verdict) {
    let mut clocks = derive(events, now).into_iter();
    let clock = clocks.find(|c| c.def.code == code && c.cycle == cycle).unwrap();
    let verdict = clock.verdict(now);
    (clock, verdict)
}

fn solution(eta: Option<i64>) -> What {
    What::SolutionPublished { eta: eta.map(h) }
}

#[test]
fn published_vector_of_the_national_day() {
    let start = t("2026-10-01T09:00:00+08:00");
    let clocks = derive(&[at(start, By::Client, SUBMITTED)], start);
    assert_eq!(clocks.len(), 2);
    assert_eq!(clocks[0].due_at, t("2026-10-01T17:00:00+08:00"));
    assert_eq!(clocks[1].due_at, t("2026-10-02T09:00:00+08:00"));
}

#[test]
fn due_itself_is_in_time_and_one_millisecond_later_is_not() {
    for (late, verdict) in [(0, Verdict::Met), (1, Verdict::Breached), (-1, Verdict::Met)] {
        let mut events = history(&[]);
        events.push(at(h(8).plus_millis(late), By::Vendor, What::Accepted));
        assert_eq!(one(&events, h(30), "R8", 1).1, verdict, "{late}");
    }
    let events = history(&[]);
    assert_eq!(one(&events, h(8), "R8", 1).1, Verdict::Running);
    assert_eq!(one(&events, h(8).plus_millis(1), "R8", 1).1, Verdict::Breached);
}

#[test]
fn only_a_human_public_answer_of_the_vendor_stops_the_response_clock() {
    let answers = [What::Accepted, What::Said, What::AskedClient, solution(None)];
    for what in answers {
        assert_eq!(one(&history(&[(1, By::Vendor, what)]), h(2), "R8", 1).0.stopped_at, Some(h(1)));
        for by in [By::Client, By::System] {
            assert_eq!(one(&history(&[(1, by, what)]), h(2), "R8", 1).0.stopped_at, None, "{by:?} {what:?}");
        }
        let mut hidden = history(&[(1, By::Vendor, what)]);
        hidden[1].public = false;
        assert_eq!(one(&hidden, h(2), "R8", 1).0.stopped_at, None, "internal {what:?}");
    }
    for what in [What::Assigned, What::Reminded, What::Noted, What::Supplied] {
        assert_eq!(one(&history(&[(1, By::Vendor, what)]), h(2), "R8", 1).0.stopped_at, None, "{what:?}");
    }
}

#[test]
fn late_but_done_stays_a_breach_and_the_sweep_plays_no_part() {
    let events = history(&[(9, By::Vendor, What::Accepted)]);
    let (clock, verdict) = one(&events, h(100), "R8", 1);
    assert_eq!((clock.stopped_at, verdict, clock.gross_ms), (Some(h(9)), Verdict::Breached, 9 * HOUR));
}

#[test]
fn waiting_counts_gross_and_is_left_out_net() {
    let events = history(&[
        (1, By::Vendor, What::Accepted),
        (2, By::Vendor, What::AskedClient),
        (3, By::Vendor, What::AskedClient),
        (12, By::Client, What::Supplied),
        (25, By::Vendor, solution(None)),
    ]);
    let (clock, verdict) = one(&events, h(30), "S24", 1);
    assert_eq!((verdict, clock.gross_ms, clock.net_ms), (Verdict::Breached, 25 * HOUR, 15 * HOUR));
    assert_eq!(waits(&events).len(), 1);
    let (response, _) = one(&events, h(30), "R8", 1);
    assert_eq!((response.gross_ms, response.net_ms), (HOUR, HOUR));
}

#[test]
fn an_open_wait_ends_with_the_solution() {
    let events = history(&[(2, By::Vendor, What::AskedClient), (5, By::Vendor, solution(Some(9)))]);
    assert_eq!(waits(&events)[0].to, Some(h(5)));
    let (p, _) = one(&events, h(6), "P", 1);
    assert_eq!((p.gross_ms, p.net_ms, p.due_at), (HOUR, HOUR, h(9)));
}

#[test]
fn rejecting_keeps_the_solution_verdict_and_voids_its_promise() {
    let rejected = |hour| {
        history(&[
            (1, By::Vendor, What::Accepted),
            (2, By::Vendor, solution(Some(10))),
            (hour, By::Client, What::SolutionRejected),
        ])
    };
    assert_eq!(one(&rejected(3), h(30), "S24", 1).1, Verdict::Met);
    assert_eq!(one(&rejected(3), h(30), "P", 1).1, Verdict::Void);
    assert_eq!(one(&rejected(10), h(30), "P", 1).1, Verdict::Void);
    assert_eq!(one(&rejected(11), h(30), "P", 1).1, Verdict::Breached);
}

#[test]
fn each_promise_is_its_own_clock() {
    let events = history(&[
        (2, By::Vendor, solution(Some(10))),
        (3, By::Client, What::SolutionRejected),
        (4, By::Vendor, solution(None)),
        (5, By::Client, What::SolutionRejected),
        (6, By::Vendor, solution(Some(20))),
        (19, By::Vendor, What::MarkedRepaired),
    ]);
    let promises: Vec<Clock> = derive(&events, h(40)).into_iter().filter(|c| c.def == &P).collect();
    let seen: Vec<_> = promises.iter().map(|c| (c.round, c.verdict(h(40)))).collect();
    assert_eq!(seen, [(1, Verdict::Void), (3, Verdict::Met)]);
}

#[test]
fn a_repair_that_fails_verification_was_no_repair() {
    let mut events = history(&[
        (2, By::Vendor, solution(Some(10))),
        (9, By::Vendor, What::MarkedRepaired),
        (9, By::Client, What::VerificationFailed),
    ]);
    assert_eq!(one(&events, h(10), "P", 1).1, Verdict::Running);
    assert_eq!(one(&events, h(11), "P", 1).1, Verdict::Breached);
    // A new promise does not replace the broken one: both end with the repair.
    events.push(at(h(12), By::Vendor, solution(Some(20))));
    events.push(at(h(15), By::Vendor, What::MarkedRepaired));
    let seen: Vec<_> = derive(&events, h(15))
        .iter()
        .filter(|c| c.def == &P)
        .map(|c| (c.round, c.stopped_at, c.gross_ms, c.verdict(h(15))))
        .collect();
    assert_eq!(
        seen,
        [(1, Some(h(15)), 13 * HOUR, Verdict::Breached), (2, Some(h(15)), 3 * HOUR, Verdict::Met)]
    );
}

#[test]
fn reopening_starts_a_cycle_and_leaves_the_first_alone() {
    let events = history(&[
        (9, By::Vendor, What::Accepted),
        (10, By::Vendor, solution(None)),
        (11, By::Vendor, What::MarkedRepaired),
        (12, By::Client, What::Confirmed),
        (20, By::Client, What::Reopened),
        (21, By::Vendor, What::Said),
    ]);
    let now = h(20 + 25);
    assert_eq!(one(&events, now, "R8", 1).1, Verdict::Breached);
    assert_eq!(one(&events, now, "S24", 1).1, Verdict::Met);
    let (second, verdict) = one(&events, now, "R8", 2);
    assert_eq!((second.started_at, second.due_at, verdict), (h(20), h(28), Verdict::Met));
    assert_eq!(one(&events, now, "S24", 2).1, Verdict::Breached);
}

#[test]
fn ended_records_keep_no_live_deadline_but_keep_their_breaches() {
    for what in [What::Withdrawn, What::MergedAway] {
        let events = history(&[(9, By::Client, what)]);
        assert!(derive(&events, h(99)).iter().all(|c| !c.is_running()));
        assert_eq!(one(&events, h(99), "R8", 1).1, Verdict::Breached);
        assert_eq!(one(&events, h(99), "S24", 1).1, Verdict::Void);
        assert_eq!(one(&events, h(99), "S24", 1).0.gross_ms, 9 * HOUR);
    }
}

#[test]
fn a_merge_target_takes_the_earlier_start_of_duties_that_still_ran() {
    let absorbed = |response, solution| What::Absorbed {
        response_from: response,
        solution_from: solution,
        duty_from: None,
    };
    let both = history(&[(1, By::Client, absorbed(Some(h(-3)), Some(h(-3))))]);
    assert_eq!(one(&both, h(2), "R8", 1).0.due_at, h(5));
    assert_eq!(one(&both, h(2), "S24", 1).0.due_at, h(21));
    // Later starts change nothing, answered duties neither.
    let later = history(&[(2, By::Client, absorbed(Some(h(1)), None))]);
    assert_eq!(one(&later, h(2), "R8", 1).0.started_at, START);
    let answered =
        history(&[(1, By::Vendor, What::Accepted), (2, By::Vendor, absorbed(Some(h(-30)), Some(h(-3))))]);
    assert_eq!(one(&answered, h(3), "R8", 1), (derive(&answered, h(3)).remove(0), Verdict::Met));
    assert_eq!(one(&answered, h(3), "S24", 1).0.started_at, h(-3));
}

#[test]
fn times_that_run_backwards_are_read_in_order() {
    let mut events = history(&[(2, By::Vendor, What::AskedClient), (1, By::Vendor, solution(Some(9)))]);
    assert_eq!(one(&events, h(0), "S24", 1).0.stopped_at, Some(h(2)));
    events.push(at(h(0), By::Vendor, What::MarkedRepaired));
    assert!(derive(&events, h(0)).iter().all(|c| c.gross_ms >= 0 && c.net_ms >= 0));
}

#[test]
fn the_trace_says_when_it_came_why_it_counts_and_when_it_falls_due() {
    let events = history(&[]);
    let clock = derive(&events, h(1)).remove(0);
    let days = trace(&clock, &waits(&events), &Book::builtin(), h(1));
    assert_eq!(days.len(), 1);
    assert_eq!(days[0].kind, DayKind::Rest);
    assert_eq!(days[0].counted, "8 小时");
    assert_eq!(
        days[0].note,
        "11月22日 周日 休息 09:12 收到，从这一刻起算，计 8 小时，17:12 到期；\
         依据第 4.2 条响应：8 个自然小时；参数第 1 版，日历第 1 版"
    );

    let events = history(&[(25, By::Vendor, solution(None))]);
    let clock = derive(&events, h(30)).remove(1);
    assert_eq!(clock.def, &S24);
    let days = trace(&clock, &waits(&events), &Book::builtin(), h(30));
    let counted: Vec<_> = days.iter().map(|d| (d.date.to_string(), d.counted.as_str())).collect();
    assert_eq!(
        counted,
        [("2026-11-22".to_owned(), "14 小时 48 分"), ("2026-11-23".to_owned(), "9 小时 12 分")]
    );
    assert_eq!(
        days[1].note,
        "11月23日 周一 工作日 计 9 小时 12 分，累计 24 小时，09:12 到期；11月23日 10:12 完成，用时 1 天 1 小时，超时 1 小时"
    );
}

#[test]
fn the_trace_tells_waits_and_promises() {
    let events = history(&[
        (2, By::Vendor, What::AskedClient),
        (5, By::Client, What::Supplied),
        (6, By::Vendor, solution(Some(40))),
    ]);
    let notes = |n: usize| {
        let clock = derive(&events, h(7)).remove(n);
        let days = trace(&clock, &waits(&events), &Book::builtin(), h(7));
        days.into_iter().map(|d| d.note).collect::<Vec<_>>().join("\n")
    };
    assert!(
        notes(1).contains("11月22日 11:12 起等待甲方，时限照计，只在净用时中扣除；11月22日 14:12 等待结束")
    );
    assert_eq!(
        notes(2),
        "依据第 4.2 条承诺时间：11月22日 15:12 给出方案，承诺 11月24日 01:12 前完成；参数第 1 版，日历第 1 版\n\
         11月24日 01:12 到期"
    );
}

#[test]
fn durations_leave_out_what_is_zero() {
    assert_eq!(duration(0), "0 秒");
    assert_eq!(duration(90_061_999), "1 天 1 小时 1 分 1 秒");
    assert_eq!(duration(48 * 60_000), "48 分");
}
