//! 24,000 random cases against an independent implementation with another source of days:
//! `tests/golden/second_opinion.py`. Not one difference is allowed. The seed is printed with a difference.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Serialize;

use super::{at, builtin};
use crate::calendar::*;
use crate::kit::clock::Timestamp;

const CASES: usize = 24_000;
const MINUTE: i64 = 60_000;
const ANNEXES: [&str; 5] = [
    "Mon-Fri 09:00-12:00,13:30-18:00",
    "Mon-Fri 08:30-12:00,14:00-17:30; Sat 09:00-12:00",
    "Mon-Thu 00:00-24:00",
    "Tue-Sun 10:00-22:00; MakeUp 10:00-15:00",
    "Mon 08:00-17:00; Tue-Fri 09:00-18:00; Sat-Sun 10:00-11:00",
];
const UNITS: [Unit; 4] = [Unit::NaturalHours, Unit::WorkingHours, Unit::WorkingDays, Unit::NaturalDays];

#[derive(Debug, Serialize)]
struct Case {
    hours: &'static str,
    deemed_next: bool,
    weekends_roll: bool,
    start: i64,
    unit: Unit,
    amount: u32,
    percent: u32,
    pauses: Vec<(i64, i64)>,
    to: i64,
}

struct Dice(u64);

impl Dice {
    /// Below `n`.
    fn roll(&mut self, n: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.roll(i64::try_from(from.len()).unwrap())).unwrap()]
    }

    fn case(&mut self) -> Case {
        let (first, last) = (at("2018-01-01 00:00").0, at("2026-08-01 00:00").0);
        let mut start = first + self.roll(last - first);
        // Whole minutes most of the time, so that boundaries are met.
        if self.roll(4) > 0 {
            start -= start % (self.pick(&[1, 30, 60]) * MINUTE);
        }
        let unit = self.pick(&UNITS);
        let amount = 1 + self.roll(if unit.is_days() { 30 } else { 90 });
        let pauses = (0..self.pick(&[0, 0, 1, 1, 2, 3, 4]))
            .map(|_| {
                let from = start + (self.roll(20_000) - 500) * MINUTE;
                let length = self.pick(&[0, 1, 30, 90, 600, 1_440, 6_000]);
                (from, from + self.roll(length + 1) * MINUTE)
            })
            .collect();
        Case {
            hours: self.pick(&ANNEXES),
            deemed_next: self.roll(2) == 0,
            weekends_roll: self.roll(2) == 0,
            start,
            unit,
            amount: u32::try_from(amount).unwrap(),
            percent: u32::try_from(self.roll(100)).unwrap(),
            pauses,
            to: start + (self.roll(60_000) - 500) * MINUTE + self.roll(3),
        }
    }
}

impl Case {
    fn answer(&self) -> String {
        let rules = Rules {
            hours: self.hours.parse().unwrap(),
            receipt: if self.deemed_next { Receipt::DeemedNext } else { Receipt::Literal },
            weekends_roll: self.weekends_roll,
        };
        let start = Timestamp(self.start);
        let pauses: Vec<Span> =
            self.pauses.iter().map(|(a, b)| Span { from: Timestamp(*a), to: Timestamp(*b) }).collect();
        let due = due_at(&builtin(), &rules, start, self.unit, self.amount, &pauses).unwrap();
        assert!(!due.provisional, "the cases stay within published years");
        let share =
            share_at(&builtin(), &rules, start, self.unit, self.amount, &pauses, self.percent).unwrap();
        let passed = elapsed_ms(&builtin(), &rules, self.unit, start, Timestamp(self.to), &pauses);
        format!("{} {} {passed}", due.due_at.0, share.0)
    }
}

#[test]
fn an_independent_implementation_agrees() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("var/python/bin/python");
    assert!(
        python.exists(),
        "没有 {}：请先运行 .ci/install test（安装 Python 与 chinesecalendar）",
        python.display()
    );
    let mut seed = [0; 8];
    ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut seed).unwrap();
    let seed = u64::from_le_bytes(seed) | 1;
    let mut dice = Dice(seed);
    let cases: Vec<Case> = (0..CASES).map(|_| dice.case()).collect();

    let mut other = Command::new(python)
        .arg(root.join("tests/golden/second_opinion.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<String> = cases.iter().map(|case| serde_json::to_string(case).unwrap()).collect();
    // It reads everything before it answers.
    other.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let output = other.wait_with_output().unwrap();
    assert!(output.status.success(), "seed {seed}");
    let theirs = String::from_utf8(output.stdout).unwrap();
    assert_eq!(theirs.lines().count(), CASES, "seed {seed}");
    for (case, theirs) in cases.iter().zip(theirs.lines()) {
        assert_eq!(case.answer(), theirs, "seed {seed}: {case:?}");
    }
}
