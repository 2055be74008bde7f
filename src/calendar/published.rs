//! The years that are published, as one calendar: what any day is, and whether that is settled.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::day::{self, Day, DayKind};
use super::year::{LATE_DECEMBER, Special, Year};

const FILES: [&str; 9] = [
    include_str!("../../config/calendar/2018.json"),
    include_str!("../../config/calendar/2019.json"),
    include_str!("../../config/calendar/2020.json"),
    include_str!("../../config/calendar/2021.json"),
    include_str!("../../config/calendar/2022.json"),
    include_str!("../../config/calendar/2023.json"),
    include_str!("../../config/calendar/2024.json"),
    include_str!("../../config/calendar/2025.json"),
    include_str!("../../config/calendar/2026.json"),
];

/// A file that did not parse would be an unpublished year; a test reads them all.
static BUILTIN: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::of(FILES.iter().filter_map(|text| Year::from_json(text).ok())));

/// Cheap to clone; never changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: Arc<BTreeMap<i32, Year>>,
    /// By day number, in order; the notice of the later year wins in late December.
    special: Arc<[(i64, Special)]>,
    /// First and last-but-one day of each stretch in which nothing can still change, in order.
    settled: Arc<[(i64, i64)]>,
}

/// A day that a year would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Change {
    pub before: Day,
    pub after: Day,
}

impl Calendar {
    /// The years that this program was built with.
    #[must_use]
    pub fn builtin() -> Self {
        BUILTIN.clone()
    }

    /// A calendar of these years; of two with the same number the later one counts.
    #[must_use]
    pub fn of(years: impl IntoIterator<Item = Year>) -> Self {
        let years: BTreeMap<i32, Year> = years.into_iter().map(|y| (y.year, y)).collect();
        let mut special = BTreeMap::new();
        for year in years.values() {
            special.extend(year.days.iter().map(|(date, s)| (day::number(*date), s.clone())));
        }
        let settled = years.keys().filter_map(|year| {
            let end = match years.contains_key(&(year + 1)) {
                true => day::new_year(year + 1),
                false => NaiveDate::from_ymd_opt(*year, 12, LATE_DECEMBER).map(day::number),
            };
            Some((day::new_year(*year)?, end?))
        });
        Self { settled: settled.collect(), special: special.into_iter().collect(), years: Arc::new(years) }
    }

    /// The calendar with this year added, or in place of the year it had.
    #[must_use]
    pub fn with(&self, year: Year) -> Self {
        Self::of(self.years.values().cloned().chain([year]))
    }

    /// Every day that would become another kind, get another name, or be settled with a changed kind.
    #[must_use]
    pub fn diff(&self, year: &Year) -> Vec<Change> {
        let with = self.with(year.clone());
        let first = NaiveDate::from_ymd_opt(year.year - 1, 12, LATE_DECEMBER).map_or(0, day::number);
        let last = day::new_year(year.year + 1).unwrap_or(first);
        let changed = |n: &i64| self.special(*n) != with.special(*n);
        let change = |n| Change { before: self.numbered(n), after: with.numbered(n) };
        (first..last).filter(changed).map(change).collect()
    }

    /// The published years, in order.
    pub fn years(&self) -> impl Iterator<Item = &Year> {
        self.years.values()
    }

    /// The year as published; `None` while it is not.
    #[must_use]
    pub fn year(&self, year: i32) -> Option<&Year> {
        self.years.get(&year)
    }

    /// What the day is.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Day {
        self.numbered(day::number(date))
    }

    /// All days of a year in order, published or not.
    pub fn days(&self, year: i32) -> impl Iterator<Item = Day> {
        let (from, to) =
            (day::new_year(year).unwrap_or(0), day::new_year(year.saturating_add(1)).unwrap_or(0));
        (from..to).map(|n| self.numbered(n))
    }

    fn numbered(&self, n: i64) -> Day {
        Day {
            date: day::date(n),
            kind: self.kind(n),
            name: self.special(n).map(|s| s.name.clone()),
            published: self.is_settled(n),
        }
    }

    pub(super) fn special(&self, n: i64) -> Option<&Special> {
        let at = self.special.binary_search_by_key(&n, |(day, _)| *day).ok()?;
        self.special.get(at).map(|(_, special)| special)
    }

    pub(super) fn kind(&self, n: i64) -> DayKind {
        self.special(n).map_or_else(|| DayKind::by_weekday(n), |s| s.kind)
    }

    /// Whether no notice that is still to come can change the day (short of a re-issue).
    pub(super) fn is_settled(&self, n: i64) -> bool {
        let before = self.settled.partition_point(|(from, _)| *from <= n);
        before.checked_sub(1).and_then(|i| self.settled.get(i)).is_some_and(|(_, end)| n < *end)
    }
}
