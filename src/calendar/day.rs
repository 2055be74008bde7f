//! Days as numbers: whole days since 1970-01-01 in Asia/Shanghai, their weekday, and what kind they are.
//! The supported range is 1970 to 2100; every walk over days ends there.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::kit::clock::Timestamp;

pub const DAY_MS: i64 = 86_400_000;
/// Asia/Shanghai is UTC+8 without daylight saving since 1991; the program uses +08:00 throughout.
const SHANGHAI_MS: i64 = 8 * 3_600_000;
/// 2101-01-01, the first day after the supported range; the first day of it is 0.
pub const END_OF_DAYS: i64 = 47_847;

/// What a day is by the State Council's notice, or by its weekday where no notice says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Monday to Friday.
    Workday,
    /// An ordinary Saturday or Sunday.
    Rest,
    /// A day off by notice, weekend days inside the holiday included (放假).
    Holiday,
    /// A Saturday or Sunday on which work is made up (调休上班).
    MakeUp,
}

impl DayKind {
    /// Counts as a 工作日.
    #[must_use]
    pub const fn is_worked(self) -> bool {
        matches!(self, Self::Workday | Self::MakeUp)
    }

    /// What the weekday alone says.
    pub(super) const fn by_weekday(day: i64) -> Self {
        if weekday(day) < 5 { Self::Workday } else { Self::Rest }
    }

    pub(super) const fn chinese(self) -> &'static str {
        match self {
            Self::Workday => "工作日",
            Self::Rest => "休息",
            Self::Holiday => "放假",
            Self::MakeUp => "调休上班",
        }
    }
}

/// One calendar day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Day {
    pub date: NaiveDate,
    pub kind: DayKind,
    /// The festival that the day off or the make-up day belongs to.
    pub name: Option<String>,
    /// False where only the weekday is known: the year has no notice yet, or the day is in late December
    /// and the next year's notice, which may still change it, is not out.
    pub published: bool,
}

/// Monday 0 … Sunday 6; 1970-01-01 was a Thursday.
pub const fn weekday(day: i64) -> usize {
    (day + 3).rem_euclid(7).unsigned_abs() as usize
}

pub const fn day_of(at: Timestamp) -> i64 {
    at.0.saturating_add(SHANGHAI_MS).div_euclid(DAY_MS)
}

/// The instant at which the day begins.
pub const fn begin(day: i64) -> i64 {
    day.saturating_mul(DAY_MS).saturating_sub(SHANGHAI_MS)
}

pub fn number(date: NaiveDate) -> i64 {
    date.signed_duration_since(NaiveDate::default()).num_days()
}

pub fn date(day: i64) -> NaiveDate {
    chrono::TimeDelta::try_days(day)
        .and_then(|days| NaiveDate::default().checked_add_signed(days))
        .unwrap_or_default()
}

/// 1 January of the year.
pub fn new_year(year: i32) -> Option<i64> {
    NaiveDate::from_ymd_opt(year, 1, 1).map(number)
}

pub fn chinese_weekday(day: i64) -> &'static str {
    ["周一", "周二", "周三", "周四", "周五", "周六", "周日"].get(weekday(day)).copied().unwrap_or_default()
}

/// 「9月28日 周日」
pub fn chinese_date(day: i64) -> String {
    let date = date(day);
    format!("{}月{}日 {}", date.month(), date.day(), chinese_weekday(day))
}
