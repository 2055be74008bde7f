//! Vectors of the agreement (`tests/golden/chinese.toml`) and of other engines (`engines.toml`).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{at, builtin, read};
use crate::calendar::year::Special;
use crate::calendar::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(default, alias = "why")]
    source: String,
    hours: Option<String>,
    #[serde(default)]
    holidays: Vec<NaiveDate>,
    start: String,
    unit: Option<Unit>,
    #[serde(default)]
    receipt: Receipt,
    weekends_roll: Option<bool>,
    #[serde(default)]
    pauses: Vec<(String, String)>,
    amount: Option<u32>,
    percent: Option<u32>,
    due: Option<String>,
    naive: Option<NaiveDate>,
    to: Option<String>,
    minutes: Option<i64>,
    seconds: Option<i64>,
}

impl Case {
    fn rules(&self) -> Rules {
        Rules {
            hours: self.hours.as_ref().map_or_else(Hours::default, |h| h.parse().unwrap()),
            receipt: self.receipt,
            weekends_roll: self.weekends_roll.unwrap_or(true),
        }
    }

    fn check(&self, calendar: &Calendar, unit: Unit) {
        let (rules, start) = (self.rules(), at(&self.start));
        let pauses: Vec<Span> = self.pauses.iter().map(|(a, b)| super::pause(a, b)).collect();
        let (source, amount) = (&self.source, self.amount.unwrap_or_default());
        if let Some(want) = &self.due {
            let got = match self.percent {
                Some(percent) => share_at(calendar, &rules, start, unit, amount, &pauses, percent).unwrap(),
                None => due(calendar, &rules, start, unit, amount, &pauses).unwrap().due_at,
            };
            assert_eq!(got.shanghai().to_string(), at(want).shanghai().to_string(), "{source}");
        }
        if let Some(to) = &self.to {
            let want = self.minutes.map_or_else(|| self.seconds.unwrap(), |m| m * 60) * 1000;
            assert_eq!(elapsed_ms(calendar, &rules, unit, start, at(to), &pauses), want, "{source}");
        }
        assert!(self.due.is_some() || self.to.is_some(), "{source} asserts nothing");
    }
}

#[test]
fn the_agreement_and_the_code_fall_due_as_computed() {
    let File { case } = read("chinese.toml");
    assert!(case.len() >= 13);
    for case in case {
        case.check(&builtin(), case.unit.unwrap());
    }
}

/// The column `naive`: what comes out when weekdays alone decide, holidays taken off but nothing made up.
/// It shows that the vectors tell the two apart.
#[test]
fn ignoring_make_up_days_would_be_wrong() {
    let File { case } = read("chinese.toml");
    let mut told_apart = 0;
    for case in case.iter().filter(|c| c.naive.is_some()) {
        let mut years: Vec<Year> = builtin().years().cloned().collect();
        for year in &mut years {
            year.days.retain(|_, special| special.kind == DayKind::Holiday);
        }
        let got = due_at(
            &Calendar::of(years),
            &case.rules(),
            at(&case.start),
            case.unit.unwrap(),
            case.amount.unwrap(),
            &[],
        );
        let got = got.unwrap().due_at.shanghai_date();
        // The prolonged holiday of 2020 is a holiday for both; the naive column there is the first notice.
        let prolonged = case.start.starts_with("2020-01");
        assert!(prolonged || Some(got) == case.naive, "{}: {got}", case.source);
        told_apart += u32::from(!case.due.as_ref().unwrap().starts_with(&case.naive.unwrap().to_string()));
    }
    assert!(told_apart >= 5);
}

#[test]
fn other_engines_agree() {
    let File { case } = read("engines.toml");
    assert!(case.len() >= 45, "{}", case.len());
    for case in case {
        let special = Special { kind: DayKind::Holiday, name: "元旦".to_owned() };
        let days: BTreeMap<_, _> = case.holidays.iter().map(|date| (*date, special.clone())).collect();
        let calendar = Calendar::of([Year { year: 1970, notices: Vec::new(), days }]);
        case.check(&calendar, case.unit.unwrap_or(Unit::WorkingHours));
    }
}
