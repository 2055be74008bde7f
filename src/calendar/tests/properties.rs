//! What holds for every start, span, annex and set of pauses. A failure prints the case and proptest's seed.

use proptest::prelude::*;

use super::builtin;
use crate::calendar::*;
use crate::kit::clock::Timestamp;

const MINUTE: i64 = 60_000;
const UNITS: [Unit; 4] = [Unit::NaturalHours, Unit::WorkingHours, Unit::WorkingDays, Unit::NaturalDays];

/// 2017-06-01 to 2027-06-30, so that both unpublished ends occur.
fn instants() -> impl Strategy<Value = Timestamp> {
    (1_496_246_400_000..1_814_313_600_000_i64).prop_map(Timestamp)
}

fn annexes() -> impl Strategy<Value = Rules> {
    let hours = prop::sample::select(vec![
        "Mon-Fri 09:00-12:00,13:30-18:00",
        "Mon-Fri 08:30-12:00,14:00-17:30; Sat 09:00-12:00",
        "Mon-Thu 00:00-24:00",
        "Tue-Sun 10:00-22:00; MakeUp 10:00-15:00",
        "Mon-Sun 00:00-24:00",
    ]);
    (hours, any::<bool>(), any::<bool>()).prop_map(|(hours, deemed, weekends_roll)| Rules {
        hours: hours.parse().unwrap(),
        receipt: if deemed { Receipt::DeemedNext } else { Receipt::Literal },
        weekends_roll,
    })
}

fn units() -> impl Strategy<Value = Unit> {
    prop::sample::select(UNITS.to_vec())
}

/// Up to four pauses of up to six days, in minutes from the start; they may overlap and touch.
fn offsets() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((-3_000..30_000_i64, 0..9_000_i64), 0..4)
}

fn pauses(start: Timestamp, offsets: &[(i64, i64)]) -> Vec<Span> {
    let span = |(from, length): &(i64, i64)| {
        let from = start.plus_millis(from * MINUTE);
        Span { from, to: from.plus_millis(length * MINUTE) }
    };
    offsets.iter().map(span).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn due_is_monotone_in_the_start(
        start in instants(), later in 0..4_000_i64, rules in annexes(), unit in units(), n in 1..40_u32, off in offsets()
    ) {
        let pauses = pauses(start, &off);
        let at = |start| due_at(&builtin(), &rules, start, unit, n, &pauses).unwrap().due_at;
        prop_assert!(at(start) <= at(start.plus_millis(later * MINUTE)));
    }

    #[test]
    fn due_is_monotone_in_the_span_and_never_before_the_start(
        start in instants(), rules in annexes(), unit in units(), n in 1..40_u32, more in 0..9_u32, off in offsets()
    ) {
        let pauses = pauses(start, &off);
        let at = |n| due_at(&builtin(), &rules, start, unit, n, &pauses).unwrap().due_at;
        prop_assert!(start < at(n));
        prop_assert!(at(n) <= at(n + more));
        let share = |p| share_at(&builtin(), &rules, start, unit, n, &pauses, p).unwrap();
        let shares: Vec<Timestamp> = [0, 1, 50, 75, 90, 99, 100].into_iter().map(share).collect();
        prop_assert!(shares.is_sorted(), "{shares:?}");
    }

    /// `due` is the earliest instant at which the span has passed. Natural days that moved on off a day off
    /// have passed it before.
    #[test]
    fn what_has_passed_at_due_is_the_span(
        start in instants(), rules in annexes(), unit in units(), n in 1..40_u32, percent in 1..100_u32, off in offsets()
    ) {
        let pauses = pauses(start, &off);
        let passed = |to| elapsed_ms(&builtin(), &rules, unit, start, to, &pauses);
        let span = i64::from(n) * if unit.is_days() { 86_400_000 } else { 3_600_000 };
        let due = due_at(&builtin(), &rules, start, unit, n, &pauses).unwrap().due_at;
        if unit == Unit::NaturalDays {
            prop_assert!(passed(due) >= span);
        } else {
            // A millisecond of a short day's hours is several of the unit's own scale.
            let exact = unit != Unit::WorkingDays || pauses.is_empty();
            prop_assert!(if exact { passed(due) == span } else { passed(due) >= span }, "{}", passed(due));
            prop_assert!(passed(due.plus_millis(-1)) < span);
        }
        let share = share_at(&builtin(), &rules, start, unit, n, &pauses, percent).unwrap();
        let part = span / 100 * i64::from(percent);
        prop_assert!(passed(share) >= part && passed(share.plus_millis(-1)) < part, "{}", passed(share));
    }

    /// Hours add up over any split; days do not, because each split would leave out its own day of receipt.
    #[test]
    fn hours_add_up_over_a_split(
        start in instants(), rules in annexes(), a in 0..60_000_i64, b in 0..60_000_i64, off in offsets(), natural: bool
    ) {
        let unit = if natural { Unit::NaturalHours } else { Unit::WorkingHours };
        let pauses = pauses(start, &off);
        let (middle, end) = (start.plus_millis(a * MINUTE + 7), start.plus_millis((a + b) * MINUTE + 9));
        let passed = |from, to| elapsed_ms(&builtin(), &rules, unit, from, to, &pauses);
        prop_assert_eq!(passed(start, end), passed(start, middle) + passed(middle, end));
    }

    #[test]
    fn what_has_passed_never_shrinks(
        start in instants(), rules in annexes(), unit in units(), a in 0..60_000_i64, b in 0..9_000_i64, off in offsets()
    ) {
        let pauses = pauses(start, &off);
        let passed = |minutes| elapsed_ms(&builtin(), &rules, unit, start, start.plus_millis(minutes * MINUTE), &pauses);
        prop_assert!(passed(a) <= passed(a + b));
    }

    #[test]
    fn a_pause_never_makes_a_deadline_earlier_and_an_empty_or_repeated_one_changes_nothing(
        start in instants(), rules in annexes(), unit in units(), n in 1..40_u32, off in offsets(), at in 0..30_000_i64
    ) {
        let with = pauses(start, &off);
        let ask = |pauses: &[Span]| due(&builtin(), &rules, start, unit, n, pauses).unwrap();
        prop_assert!(ask(&[]).due_at <= ask(&with).due_at);
        let empty = start.plus_millis(at * MINUTE);
        let mut same = with.clone();
        same.reverse();
        same.extend(with.first().copied());
        same.push(Span { from: empty, to: empty });
        prop_assert_eq!(ask(&same), ask(&with));
    }

    /// Nobody gains more by a pause than it took out of the hours: what is left when it begins is left when it ends.
    #[test]
    fn a_pause_gives_back_what_it_took(start in instants(), n in 1..20_u32, from in 0..20_000_i64, length in 0..9_000_i64) {
        let pause = Span { from: start.plus_millis(from * MINUTE), to: start.plus_millis((from + length) * MINUTE) };
        let ask = |pauses: &[Span]| due_at(&builtin(), &Rules::default(), start, Unit::WorkingDays, n, pauses).unwrap().due_at;
        let open = |from, to| elapsed_ms(&builtin(), &Rules::default(), Unit::WorkingHours, from, to, &[]);
        let (without, with) = (ask(&[]), ask(&[pause]));
        let receipt = start.shanghai_date();
        // The day of receipt does not count, so that a pause on it takes nothing.
        if pause.from.shanghai_date() > receipt && pause.from < without {
            let (left, got) = (open(pause.from, without), open(pause.to, with));
            prop_assert!((left - got).abs() <= 1, "{left} left, {got} given");
        }
    }

    /// Inside a night of the default annex any pause is neutral to what counts hours worked or working days.
    #[test]
    fn a_pause_outside_hours_is_neutral(start in instants(), n in 1..40_u32, day in 0..30_i64, a in 0..900_i64, b in 0..900_i64, days: bool) {
        let unit = if days { Unit::WorkingDays } else { Unit::WorkingHours };
        let evening = start.0 + 8 * 3_600_000;
        let evening = evening - evening.rem_euclid(86_400_000) + day * 86_400_000 + (18 - 8) * 3_600_000;
        let night = Span { from: Timestamp(evening + a.min(b) * MINUTE), to: Timestamp(evening + a.max(b) * MINUTE) };
        let ask = |pauses: &[Span]| due_at(&builtin(), &Rules::default(), start, unit, n, pauses).unwrap();
        prop_assert_eq!(ask(&[night]), ask(&[]));
    }

    /// Whatever a new year says, deadlines that end before its first day stand.
    #[test]
    fn an_import_leaves_what_it_does_not_touch(start in instants(), rules in annexes(), unit in units(), n in 1..40_u32, year in 2018..=2026_i32) {
        let without = Calendar::of(builtin().years().filter(|y| y.year() != year).cloned());
        let changes = without.diff(builtin().year(year).unwrap());
        let ask = |calendar: &Calendar| due_at(calendar, &rules, start, unit, n, &[]).unwrap();
        let (before, after) = (ask(&without), ask(&builtin()));
        let end = before.due_at.max(after.due_at).shanghai_date();
        let touched = changes.iter().any(|c| (start.shanghai_date()..=end).contains(&c.after.date));
        if !touched {
            prop_assert_eq!(before.due_at, after.due_at);
        }
        prop_assert!(unit != Unit::NaturalHours || before == after);
        prop_assert!(before == after || before.provisional || touched);
    }

    /// The trace tells the whole story: its counted days or hours add up to the allowance, day after day.
    #[test]
    fn the_trace_adds_up(start in instants(), rules in annexes(), unit in units(), n in 1..40_u32, off in offsets()) {
        let due = due(&builtin(), &rules, start, unit, n, &pauses(start, &off)).unwrap();
        let dates: Vec<_> = due.trace.iter().map(|d| d.date).collect();
        prop_assert_eq!(dates.first(), Some(&start.shanghai_date()));
        prop_assert!(dates.windows(2).all(|w| w[0].succ_opt() == Some(w[1])));
        prop_assert!(due.trace.last().unwrap().note.contains(" 到期"));
        prop_assert_eq!(due.trace.iter().filter(|d| d.note.contains("到期")).count(), 1);
        if unit.is_days() {
            let counted = due.trace.iter().filter(|d| d.counted != "不计").map(|d| d.counted.replace("的一部分", ""));
            let mut counted: Vec<String> = counted.collect();
            counted.dedup();
            prop_assert_eq!(counted, (1..=n).map(|i| format!("第{i}日")).collect::<Vec<_>>());
        }
    }
}
