//! Boundaries: closing times, pauses inside and outside of hours, provisional days, limits, and the trace.

use super::{at, builtin, pause};
use crate::calendar::*;
use crate::kit::clock::Timestamp;

fn ask(start: &str, unit: Unit, amount: u32, pauses: &[Span]) -> Due {
    due(&builtin(), &Rules::default(), at(start), unit, amount, pauses).unwrap()
}

fn notes(due: &Due) -> Vec<&str> {
    due.trace.iter().map(|d| d.note.as_str()).collect()
}

/// S12: the instant that is stored is closing time, and what is done before the next opening used no more.
#[test]
fn hours_that_end_at_closing_stay_there() {
    let due = ask("2026-11-23 09:00", Unit::WorkingHours, 3, &[]).due_at;
    assert_eq!(due, at("2026-11-23 12:00"));
    let passed =
        |to| elapsed_ms(&builtin(), &Rules::default(), Unit::WorkingHours, at("2026-11-23 09:00"), to, &[]);
    let three_hours = 3 * 3_600_000;
    assert_eq!(passed(at("2026-11-23 13:30")), three_hours);
    assert_eq!(passed(at("2026-11-23 13:30").plus_millis(1)), three_hours + 1);
    assert_eq!(passed(due.plus_millis(-1)), three_hours - 1);
}

/// S2: nothing is rounded to minutes or seconds.
#[test]
fn milliseconds_are_kept() {
    let start = at("2026-11-23 17:59:59").plus_millis(7);
    let due = due_at(&builtin(), &Rules::default(), start, Unit::WorkingHours, 1, &[]).unwrap().due_at;
    assert_eq!(due, at("2026-11-24 09:59:59").plus_millis(7));
}

#[test]
fn a_pause_in_hours_moves_the_end_by_what_of_it_was_open() {
    let over_lunch = [pause("2026-11-23 11:00", "2026-11-23 14:00")];
    assert_eq!(ask("2026-11-23 09:00", Unit::WorkingHours, 4, &over_lunch).due_at, at("2026-11-23 16:00"));
    assert_eq!(ask("2026-11-23 09:00", Unit::NaturalHours, 4, &over_lunch).due_at, at("2026-11-23 16:00"));
    let closed =
        [pause("2026-11-23 12:00", "2026-11-23 13:30"), pause("2026-11-23 18:00", "2026-11-24 09:00")];
    assert_eq!(
        ask("2026-11-23 09:00", Unit::WorkingHours, 12, &closed),
        ask("2026-11-23 09:00", Unit::WorkingHours, 12, &[])
    );
    let overlapping =
        [pause("2026-11-23 10:00", "2026-11-23 11:00"), pause("2026-11-23 09:30", "2026-11-23 10:30")];
    let one = [pause("2026-11-23 09:30", "2026-11-23 11:00")];
    let hours = Unit::NaturalHours;
    assert_eq!(ask("2026-11-23 09:00", hours, 1, &overlapping), ask("2026-11-23 09:00", hours, 1, &one));
    let begins_when_all_is_used = [pause("2026-11-23 12:00", "2026-11-25 12:00")];
    assert_eq!(ask("2026-11-23 09:00", hours, 3, &begins_when_all_is_used).due_at, at("2026-11-23 12:00"));
}

/// What of working days' hours lies in pauses comes back after them, hour for hour; of natural days only whole ones.
#[test]
fn a_pause_in_days_takes_what_of_their_hours_it_covers() {
    let wd = |pauses: &[Span]| ask("2026-11-20 10:00", Unit::WorkingDays, 2, pauses);
    assert_eq!(wd(&[]).due_at, at("2026-11-24 18:00"));
    for neutral in [
        pause("2026-11-20 10:00", "2026-11-20 18:00"), // the day of receipt does not count anyway
        pause("2026-11-21 00:00", "2026-11-23 00:00"), // a weekend
        pause("2026-11-23 12:00", "2026-11-23 13:30"), // lunch
        pause("2026-11-23 18:00", "2026-11-24 09:00"), // the night
        pause("2026-11-23 10:00", "2026-11-23 10:00"), // empty
    ] {
        assert_eq!(wd(&[neutral]).due_at, at("2026-11-24 18:00"), "{neutral:?}");
    }
    for (paused, due) in [
        (pause("2026-11-23 09:01", "2026-11-23 18:00"), "2026-11-25 17:59"), // all but the first minute
        (pause("2026-11-23 09:00", "2026-11-23 17:59"), "2026-11-25 17:59"), // all but the last
        (pause("2026-11-23 17:59", "2026-11-24 17:59"), "2026-11-25 18:00"), // a working day's hours on two days
        (pause("2026-11-23 09:00", "2026-11-23 18:00"), "2026-11-25 18:00"),
        (pause("2026-11-20 17:59", "2026-11-25 09:01"), "2026-11-27 09:01"),
        // An hour before the end, until ten the next morning: the hour that was left, from ten.
        (pause("2026-11-24 17:00", "2026-11-25 10:00"), "2026-11-25 11:00"),
        // A moment before the end: a moment is left, and no day is gained.
        (pause("2026-11-24 17:59", "2026-11-25 17:30"), "2026-11-25 17:31"),
        // An hour between ten and eleven is an hour.
        (pause("2026-11-23 10:00", "2026-11-23 11:00"), "2026-11-25 10:00"),
    ] {
        assert_eq!(wd(&[paused]).due_at, at(due), "{paused:?}");
    }
    let evening = wd(&[pause("2026-11-24 17:00", "2026-11-25 10:00")]);
    assert_eq!(
        notes(&evening)[3..],
        [
            "11月23日 周一 工作日 计第1日",
            "11月24日 周二 工作日 计第2日中的 6 小时 30 分，暂停的 1 小时 不计",
            "11月25日 周三 工作日 计第2日中的 1 小时，暂停的 1 小时 不计，11:00 到期"
        ]
    );
    // Several together may cover a day; what lies between its hours need not be.
    let halves =
        [pause("2026-11-23 08:00", "2026-11-23 12:00"), pause("2026-11-23 13:30", "2026-11-23 19:00")];
    assert_eq!(wd(&halves).due_at, at("2026-11-25 18:00"));
    assert_eq!(wd(&halves[..1]).due_at, at("2026-11-25 12:00"));
    assert_eq!(notes(&wd(&halves))[3], "11月23日 周一 工作日 全天暂停，不计");

    // Natural days: a day without hours is its 24 hours, so only a whole one takes a Saturday out.
    let nd = |pauses: &[Span]| ask("2026-11-20 10:00", Unit::NaturalDays, 4, pauses).due_at;
    assert_eq!(nd(&[]), at("2026-11-24 18:00"));
    assert_eq!(nd(&[pause("2026-11-21 09:00", "2026-11-21 18:00")]), at("2026-11-24 18:00"));
    assert_eq!(nd(&[pause("2026-11-21 00:00", "2026-11-22 00:00")]), at("2026-11-25 18:00"));
    assert_eq!(nd(&[pause("2026-11-23 19:00", "2026-11-24 08:00")]), at("2026-11-24 18:00"));
}

#[test]
fn unpublished_days_make_a_deadline_provisional() {
    let provisional = |start, unit, n| ask(start, unit, n, &[]).provisional;
    assert!(!provisional("2026-12-21 10:00", Unit::WorkingDays, 4));
    assert!(provisional("2026-12-21 10:00", Unit::WorkingDays, 5), "27 December may yet be worked, 28 off");
    assert!(!provisional("2026-12-25 10:00", Unit::NaturalHours, 500), "no calendar in natural hours");
    assert!(provisional("2026-12-25 17:59", Unit::WorkingHours, 1));
    assert!(!provisional("2026-12-25 17:00", Unit::WorkingHours, 1));
    assert!(provisional("2026-12-10 10:00", Unit::NaturalDays, 30));
    assert!(!provisional("2017-12-28 10:00", Unit::NaturalDays, 4 + 1), "only the last day asks what it is");
    assert!(provisional("2018-01-02 10:00", Unit::NaturalDays, 40_000 / 4));
    let told = ask("2026-12-25 10:00", Unit::WorkingDays, 1, &[]);
    assert_eq!(notes(&told)[1], "12月26日 周六 休息 不计（放假安排未公布，暂按星期推算）");
    assert_eq!(told.due_at, at("2026-12-28 18:00"));
}

#[test]
fn what_makes_no_sense_is_an_error_that_names_its_place() {
    let start = at("2026-11-23 10:00");
    let ask = |start, unit, amount, pauses: &[Span]| {
        due(&builtin(), &Rules::default(), start, unit, amount, pauses)
            .map(|_| ())
            .map_err(|e| (e, e.field()))
    };
    let all = [Unit::NaturalHours, Unit::WorkingHours, Unit::WorkingDays, Unit::NaturalDays];
    for unit in all {
        let err = |e: DueError, field: &str| Err((e, field.to_owned()));
        assert_eq!(ask(start, unit, 0, &[]), err(DueError::NoAmount, "amount"));
        assert_eq!(ask(start, unit, u32::MAX, &[]), err(DueError::TooLong, "amount"));
        for far in [i64::MIN, at("1969-12-31 23:59").0, at("2101-01-01 00:00").0, i64::MAX] {
            assert_eq!(ask(Timestamp(far), unit, 1, &[]), err(DueError::StartOutOfRange, "start"));
            let _ = elapsed_ms(&builtin(), &Rules::default(), unit, Timestamp(far), start, &[]);
            let _ = elapsed_ms(&builtin(), &Rules::default(), unit, start, Timestamp(far), &[]);
            let far = Span { from: start, to: Timestamp(far.max(start.0)) };
            if far.to > at("2101-01-01 00:00") {
                assert_eq!(
                    ask(start, unit, 1, &[far]),
                    err(DueError::PauseOutOfRange { index: 0 }, "pauses[0]")
                );
            }
        }
        let good = pause("2026-11-23 10:00", "2026-11-23 11:00");
        let reversed = Span { from: good.to, to: good.from };
        assert_eq!(
            ask(start, unit, 1, &[good, reversed]),
            err(DueError::PauseReversed { index: 1 }, "pauses[1].to")
        );
        assert!(ask(at("1970-01-01 00:00"), unit, 1, &[]).is_ok());
        assert_eq!(ask(at("2100-12-31 23:00"), unit, 2, &[]), err(DueError::TooLong, "amount"));
    }
    let never = Rules { hours: Hours::none(), ..Rules::default() };
    let closed = due(&builtin(), &never, start, Unit::WorkingHours, 1, &[]).unwrap_err();
    assert_eq!((closed, closed.field()), (DueError::NeverOpen, "hours".to_owned()));
    assert_eq!(
        due_at(&builtin(), &never, start, Unit::WorkingDays, 1, &[]).unwrap().due_at,
        at("2026-11-25 00:00")
    );
}

#[test]
fn a_share_is_on_the_units_own_scale() {
    let share = |unit, n, percent| {
        share_at(&builtin(), &Rules::default(), at("2026-11-20 10:00"), unit, n, &[], percent).unwrap()
    };
    assert_eq!(share(Unit::NaturalHours, 8, 50), at("2026-11-20 14:00"));
    assert_eq!(share(Unit::WorkingHours, 8, 75), at("2026-11-20 17:30"));
    // Half of five working days: half of the third one's 7.5 hours, 3 h 45 after opening.
    assert_eq!(share(Unit::WorkingDays, 5, 50), at("2026-11-25 14:15"));
    assert_eq!(share(Unit::WorkingDays, 5, 60), at("2026-11-25 18:00"));
    assert_eq!(share(Unit::WorkingDays, 5, 100), at("2026-11-27 18:00"));
    assert_eq!(share(Unit::WorkingDays, 5, 0), at("2026-11-20 10:00"));
    // Nine of ten natural days end on Sunday, which has no hours; the tenth is Monday.
    assert_eq!(share(Unit::NaturalDays, 10, 90), at("2026-11-30 00:00"));
    assert_eq!(share(Unit::NaturalDays, 10, 100), at("2026-11-30 18:00"));
}

#[test]
fn the_trace_can_be_checked_with_a_wall_calendar() {
    assert_eq!(
        notes(&ask("2025-09-24 10:00", Unit::WorkingDays, 3, &[])),
        [
            "9月24日 周三 工作日 10:00 收到，当日不计",
            "9月25日 周四 工作日 计第1日",
            "9月26日 周五 工作日 计第2日",
            "9月27日 周六 休息 不计",
            "9月28日 周日 调休上班 计第3日，18:00 到期",
        ]
    );
    let deemed = Rules { receipt: Receipt::DeemedNext, ..Rules::default() };
    let told = due(&builtin(), &deemed, at("2026-01-02 10:30"), Unit::WorkingDays, 1, &[]).unwrap();
    assert_eq!(
        notes(&told),
        [
            "1月2日 周五 元旦放假 10:30 收到，非工作日，视为下一工作日收到",
            "1月3日 周六 元旦放假 不计",
            "1月4日 周日 调休上班 视为收到之日，不计",
            "1月5日 周一 工作日 计第1日，18:00 到期",
        ]
    );
    let pauses = [pause("2026-11-23 10:00", "2026-11-23 10:30")];
    assert_eq!(
        notes(&ask("2026-11-20 17:00", Unit::WorkingHours, 4, &pauses)),
        [
            "11月20日 周五 工作日 17:00 收到，从这一刻起算，计 1 小时",
            "11月21日 周六 休息 不计",
            "11月22日 周日 休息 不计",
            "11月23日 周一 工作日 计 3 小时，累计 4 小时，暂停的时间不计，14:00 到期",
        ]
    );
    assert_eq!(
        notes(&ask("2026-09-30 20:00", Unit::NaturalHours, 8, &[])),
        [
            "9月30日 周三 工作日 20:00 收到，从这一刻起算，计 4 小时",
            "10月1日 周四 国庆节放假 计 4 小时，累计 8 小时，04:00 到期",
        ]
    );
    let rolled = ask("2026-11-19 10:00", Unit::NaturalDays, 2, &[]);
    assert_eq!(
        notes(&rolled),
        [
            "11月19日 周四 工作日 10:00 收到，当日不计",
            "11月20日 周五 工作日 计第1日",
            "11月21日 周六 休息 计第2日，遇休息日顺延",
            "11月22日 周日 休息 顺延",
            "11月23日 周一 工作日 顺延至此，18:00 到期",
        ]
    );
    let json = serde_json::to_value(&rolled.trace[2]).unwrap();
    let want = serde_json::json!({
        "date": "2026-11-21", "kind": "rest", "counted": "第2日", "note": "11月21日 周六 休息 计第2日，遇休息日顺延"
    });
    assert_eq!(json, want);
    let midnight = Rules { hours: Hours::none(), ..Rules::default() };
    let told = due(&builtin(), &midnight, at("2026-11-23 10:00"), Unit::WorkingDays, 1, &[]).unwrap();
    assert_eq!(notes(&told)[1..], ["11月24日 周二 工作日 计第1日，24:00 到期"]);
}
