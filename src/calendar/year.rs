//! One year of the State Council's notices: its days off and the days on which work is made up.
//!
//! A year is checked before it exists: dates inside the year (or the last days of December before it),
//! each once, weekends where work is made up, all seven festivals. An empty year is refused, because "not
//! published yet" is no fact about holidays.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::day::{DayKind, number};

/// The festivals of 全国年节及纪念日放假办法, in the order of the notices.
pub const FESTIVALS: [&str; 7] = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"];

/// The first day of December that a notice for the next year may settle. New Year's block with its make-up
/// days reaches at most to the weekend before it: the earliest so far was 29 December (2018), the earliest
/// that can be is a Saturday within the week before 1 January.
pub const LATE_DECEMBER: u32 = 26;

/// A notice that the year rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// 国务院办公厅关于2026年部分节假日安排的通知
    pub title: String,
    /// 国办发明电〔2025〕7号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<NaiveDate>,
}

/// A year as published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    pub(super) year: i32,
    pub(super) notices: Vec<Notice>,
    /// Only days on which the notice departs from what the weekday says, or that it names.
    pub(super) days: BTreeMap<NaiveDate, Special>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Special {
    pub kind: DayKind,
    pub name: String,
}

/// What is wrong with a year, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}：{problem}")]
pub struct BadYear {
    pub place: String,
    pub problem: String,
}

impl BadYear {
    pub(super) fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place: place.into(), problem: problem.into() }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: i32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notices: Vec<Notice>,
    days_off: Vec<Entry>,
    make_up_workdays: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    date: NaiveDate,
    name: String,
}

impl Year {
    /// The year that the file or the notice is about.
    #[must_use]
    pub fn year(&self) -> i32 {
        self.year
    }

    /// The notices it rests on; empty when the file names none.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Reads a year file: `{year, notices?, days_off: [{date, name}], make_up_workdays: [{date, name}]}`.
    ///
    /// # Errors
    /// Text that is no such file, or a year that fails a check; the place is named.
    pub fn from_json(text: &str) -> Result<Self, BadYear> {
        let file: File =
            serde_json::from_str(text).map_err(|e| BadYear::new("年度文件", format!("无法识别：{e}")))?;
        let off = file
            .days_off
            .into_iter()
            .enumerate()
            .map(|(i, e)| (format!("days_off[{i}]"), e, DayKind::Holiday));
        let made_up = file.make_up_workdays.into_iter().enumerate();
        let made_up = made_up.map(|(i, e)| (format!("make_up_workdays[{i}]"), e, DayKind::MakeUp));
        let entries = off.chain(made_up).map(|(place, e, kind)| (place, e.date, e.name, kind));
        Self::checked(file.year, file.notices, entries)
    }

    /// The file that [`Year::from_json`] reads.
    #[must_use]
    pub fn to_json(&self) -> String {
        let entries = |kind: DayKind| {
            let of_kind = self.days.iter().filter(move |(_, s)| s.kind == kind);
            of_kind.map(|(date, s)| Entry { date: *date, name: s.name.clone() }).collect()
        };
        let file = File {
            year: self.year,
            notices: self.notices.clone(),
            days_off: entries(DayKind::Holiday),
            make_up_workdays: entries(DayKind::MakeUp),
        };
        serde_json::to_string_pretty(&file).unwrap_or_default()
    }

    pub(super) fn checked(
        year: i32,
        notices: Vec<Notice>,
        entries: impl Iterator<Item = (String, NaiveDate, String, DayKind)>,
    ) -> Result<Self, BadYear> {
        if !(1970..=2100).contains(&year) {
            return Err(BadYear::new("year", format!("{year} 不在 1970 至 2100 之间")));
        }
        let mut days = BTreeMap::new();
        for (place, date, name, kind) in entries {
            let problem = |text: &str| Err(BadYear::new(&*place, format!("{date} {text}")));
            let before = date.year() == year - 1 && date.month() == 12 && date.day() >= LATE_DECEMBER;
            if date.year() != year && !before {
                return problem(&format!("不属于 {year} 年（上一年 12 月 {LATE_DECEMBER} 日起除外）"));
            }
            if !name.split('、').all(|n| FESTIVALS.contains(&n)) {
                return problem(&format!("的节日名「{name}」不认识，应为：{}", FESTIVALS.join("、")));
            }
            if kind == DayKind::MakeUp && DayKind::by_weekday(number(date)) != DayKind::Rest {
                return problem("不是周末，不会是调休上班日");
            }
            if days.insert(date, Special { kind, name }).is_some() {
                return problem("出现了两次");
            }
        }
        let whole = Self { year, notices, days };
        whole.has_all_festivals()?;
        Ok(whole)
    }

    fn has_all_festivals(&self) -> Result<(), BadYear> {
        let off = |festival: &str| {
            let named =
                |s: &&Special| s.kind == DayKind::Holiday && s.name.split('、').any(|n| n == festival);
            self.days.values().filter(named).count()
        };
        if self.days.values().all(|s| s.kind != DayKind::Holiday) {
            return Err(BadYear::new("days_off", "一天假也没有：未公布的年份不能导入"));
        }
        for festival in FESTIVALS {
            // When both fall together they are one holiday of eight days, which some files call 国庆节 only.
            let joined = festival == "中秋节" && off("国庆节") >= 8;
            if off(festival) == 0 && !joined {
                return Err(BadYear::new("days_off", format!("缺少{festival}")));
            }
        }
        Ok(())
    }
}
