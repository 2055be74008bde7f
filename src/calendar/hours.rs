//! P1, the working hours of the annex: per weekday any number of intervals, Asia/Shanghai.
//!
//! `Mon-Fri 09:00-12:00,13:30-18:00; Sat 09:00-12:00`, or with 周一至周五, 至, ：and ；. A day on which work is
//! made up has the hours of `MakeUp` (调休); where the annex gives none, Monday's, or those of the first
//! weekday that has any. What is printed is read back as the same.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use super::day::{DayKind, weekday};

const MINUTE_MS: i64 = 60_000;
const LAST_MINUTE: i64 = 24 * 60;
/// English as printed, and the Chinese forms that are read besides.
const NAMES: [(&str, &[&str]); 7] = [
    ("Mon", &["周一", "星期一", "礼拜一"]),
    ("Tue", &["周二", "星期二", "礼拜二"]),
    ("Wed", &["周三", "星期三", "礼拜三"]),
    ("Thu", &["周四", "星期四", "礼拜四"]),
    ("Fri", &["周五", "星期五", "礼拜五"]),
    ("Sat", &["周六", "星期六", "礼拜六"]),
    ("Sun", &["周日", "星期日", "星期天", "周天", "礼拜天"]),
];
const MAKE_UP: &str = "MakeUp";

/// Milliseconds since midnight; `from < to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    pub from: i64,
    pub to: i64,
}

/// When work is done, by weekday.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hours {
    week: [Vec<Interval>; 7],
    make_up: Option<Vec<Interval>>,
}

/// Where the text cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("工作时间「{place}」：{problem}")]
pub struct BadHours {
    pub place: String,
    pub problem: &'static str,
}

impl Hours {
    /// No hours at all: days end at 24:00, and working hours never pass.
    #[must_use]
    pub fn none() -> Self {
        Self { week: Default::default(), make_up: None }
    }

    /// The open intervals of a day, in order. Nothing is open on a holiday; an ordinary weekend has the
    /// hours that the annex gives it, usually none.
    pub(super) fn on(&self, kind: DayKind, day: i64) -> &[Interval] {
        match kind {
            DayKind::Holiday => &[],
            DayKind::MakeUp => match &self.make_up {
                Some(own) => own,
                None => self.week.iter().take(5).find(|of| !of.is_empty()).map_or(&[], Vec::as_slice),
            },
            DayKind::Workday | DayKind::Rest => self.week.get(weekday(day)).map_or(&[], Vec::as_slice),
        }
    }

    /// Whether any weekday is ever open.
    pub(super) fn is_never_open(&self) -> bool {
        self.week.iter().all(Vec::is_empty)
    }
}

impl Default for Hours {
    /// The default of P1: Monday to Friday 09:00–12:00 and 13:30–18:00.
    fn default() -> Self {
        let at = |hour: i64, minute: i64| (hour * 60 + minute) * MINUTE_MS;
        let day =
            || vec![Interval { from: at(9, 0), to: at(12, 0) }, Interval { from: at(13, 30), to: at(18, 0) }];
        Self { week: [day(), day(), day(), day(), day(), Vec::new(), Vec::new()], make_up: None }
    }
}

impl FromStr for Hours {
    type Err = BadHours;

    fn from_str(text: &str) -> Result<Self, BadHours> {
        let text = plain(text);
        let mut hours = Self::none();
        let groups: Vec<&str> = text.split(';').map(str::trim).filter(|group| !group.is_empty()).collect();
        if groups.is_empty() {
            return bad(&text, "没有写任何时间；没有约定时请写 none");
        }
        if groups == ["none"] {
            return Ok(hours);
        }
        for group in groups {
            let digit = group.find(|c: char| c.is_ascii_digit());
            let Some((days, times)) = digit.and_then(|at| group.split_at_checked(at)) else {
                return bad(group, "缺少时间，例如 09:00-18:00");
            };
            let intervals = intervals(times)?;
            for name in days.trim().split(',') {
                let name = name.trim();
                if name.eq_ignore_ascii_case(MAKE_UP) || name == "调休" || name == "调休上班" {
                    fill(hours.make_up.get_or_insert_default(), &intervals, name)?;
                    continue;
                }
                for day in range(name)? {
                    if let Some(of) = hours.week.get_mut(day) {
                        fill(of, &intervals, name)?;
                    }
                }
            }
        }
        Ok(hours)
    }
}

fn bad<T>(place: &str, problem: &'static str) -> Result<T, BadHours> {
    Err(BadHours { place: place.to_owned(), problem })
}

/// Full-width forms and the Chinese 至 become what the grammar uses.
fn plain(text: &str) -> String {
    let one = |c: char| match c {
        '\u{ff10}'..='\u{ff19}' => char::from_u32(u32::from(c) - 0xff10 + 0x30).unwrap_or(c),
        '：' => ':',
        '，' | '、' => ',',
        '；' | '\n' => ';',
        '—' | '–' | '－' | '～' | '~' | '至' | '到' => '-',
        '\u{3000}' => ' ',
        other => other,
    };
    text.trim().chars().map(one).collect()
}

fn fill(of: &mut Vec<Interval>, with: &[Interval], name: &str) -> Result<(), BadHours> {
    if !of.is_empty() {
        return bad(name, "这一天写了两次");
    }
    of.extend_from_slice(with);
    Ok(())
}

fn range(text: &str) -> Result<Vec<usize>, BadHours> {
    let named = |name: &str| {
        let name = name.trim();
        NAMES
            .iter()
            .position(|(english, chinese)| english.eq_ignore_ascii_case(name) || chinese.contains(&name))
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (named(first), named(last)) {
        (Some(first), Some(last)) if first <= last => Ok((first..=last).collect()),
        (Some(_), Some(_)) => bad(text, "星期的顺序反了，请从周一写到周日"),
        _ => bad(text, "不是星期，请写 Mon-Fri、Sat 或周一至周五"),
    }
}

fn intervals(text: &str) -> Result<Vec<Interval>, BadHours> {
    let mut all: Vec<Interval> = Vec::new();
    for part in text.split(',') {
        let part = part.trim();
        let Some((from, to)) = part.split_once('-') else {
            return bad(part, "请写成 09:00-12:00");
        };
        let (from, to) = (clock(from, part)?, clock(to, part)?);
        if from == to {
            return bad(part, "开始与结束相同");
        }
        if from > to {
            return bad(part, "结束早于开始；跨午夜的请分两天写");
        }
        all.push(Interval { from: from * MINUTE_MS, to: to * MINUTE_MS });
    }
    all.sort_unstable_by_key(|i| i.from);
    if let Some([a, b]) = all.array_windows().find(|[a, b]| a.to > b.from) {
        return Err(BadHours { place: format!("{a},{b}"), problem: "两段时间重叠" });
    }
    Ok(all)
}

fn clock(text: &str, part: &str) -> Result<i64, BadHours> {
    let digits = |t: &str, most: i64| {
        let plain = (1..=2).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
        t.parse::<i64>().ok().filter(|n| plain && *n <= most)
    };
    let time = text.trim().split_once(':').and_then(|(hour, minute)| {
        let minute = digits(minute, 59).filter(|_| minute.len() == 2)?;
        Some(digits(hour, 24)? * 60 + minute).filter(|m| *m <= LAST_MINUTE)
    });
    match time {
        Some(minutes) => Ok(minutes),
        None => bad(part, "不是时刻，请写 00:00 至 24:00"),
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from / MINUTE_MS, self.to / MINUTE_MS);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = |of: &[Interval]| of.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let mut groups: Vec<String> = Vec::new();
        let mut days = self.week.iter().zip(NAMES).peekable();
        while let Some((of, (first, _))) = days.next() {
            let mut last = first;
            while let Some((_, (next, _))) = days.next_if(|(other, _)| *other == of) {
                last = next;
            }
            match of.is_empty() {
                true => {}
                false if first == last => groups.push(format!("{first} {}", times(of))),
                false => groups.push(format!("{first}-{last} {}", times(of))),
            }
        }
        groups.extend(self.make_up.as_deref().map(|of| format!("{MAKE_UP} {}", times(of))));
        f.write_str(if groups.is_empty() { "none" } else { "" })?;
        f.write_str(&groups.join("; "))
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
