//! Why a due instant is what it is, day by day, in words that anybody can check with a wall calendar.

use chrono::{FixedOffset, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::day::{self, DAY_MS, DayKind, begin, chinese_date, day_of};
use super::open::Count;
use super::rules::Unit;
use crate::kit::clock::Timestamp;

/// One calendar day (Asia/Shanghai) between receipt and due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TraceDay {
    pub date: NaiveDate,
    pub kind: DayKind,
    /// What of the allowance falls on the day: 「第3日」, 「第3日的一部分」, 「2 小时 30 分」 or 「不计」.
    #[schema(examples("第3日"))]
    pub counted: String,
    #[schema(examples("9月28日 周日 调休上班 计第3日，18:00 到期"))]
    pub note: String,
}

const NOT: &str = "不计";

/// All days from receipt to the due instant.
pub fn days(count: &Count, start: Timestamp, unit: Unit, amount: u32, due: Timestamp) -> Vec<TraceDay> {
    // 24:00 belongs to the day that ends.
    let last = day_of(Timestamp(due.0 - 1)).max(day_of(start));
    let days = day_of(start)..=last;
    if unit.is_days() {
        let receipt = count.day_of_receipt(unit, start);
        let mut sum = 0;
        days.map(|day| {
            let told = if day <= receipt {
                on_receipt(day, receipt, start)
            } else {
                counted_day(count, unit, day, i64::from(amount) * DAY_MS, &mut sum)
            };
            line(count, day, unit, told, due)
        })
        .collect()
    } else {
        let mut sum = 0;
        days.map(|day| line(count, day, unit, hours(count, unit, day, start, due, &mut sum), due)).collect()
    }
}

/// What of the allowance falls on the day, and the words for it.
type Told = (String, String);

fn on_receipt(day: i64, receipt: i64, start: Timestamp) -> Told {
    let words = match (day == day_of(start), day == receipt) {
        (true, true) => format!("{} 收到，当日不计", clock(start)),
        (true, false) => format!("{} 收到，非工作日，视为下一工作日收到", clock(start)),
        (false, true) => "视为收到之日，不计".to_owned(),
        (false, false) => NOT.to_owned(),
    };
    (NOT.to_owned(), words)
}

/// `sum` is what has passed of the `whole`, on the unit's own scale.
fn counted_day(count: &Count, unit: Unit, day: i64, whole: i64, sum: &mut i64) -> Told {
    if *sum == whole {
        let words = if count.rolls(day) { "顺延" } else { "顺延至此" };
        return (NOT.to_owned(), words.to_owned());
    }
    if !count.counts(unit, day) {
        let paused = unit == Unit::NaturalDays || count.calendar.kind(day).is_worked();
        return (NOT.to_owned(), if paused { "全天暂停，不计".to_owned() } else { NOT.to_owned() });
    }
    let (share, left) = (count.share(unit, day), whole - *sum);
    *sum += share.min(left);
    let n = (*sum + DAY_MS - 1) / DAY_MS;
    if share < DAY_MS || left < DAY_MS {
        // The last part may be less than what the pause left of the day.
        let of_hours = |share: i64| in_hours(count.length(day) * share / DAY_MS);
        let (passed, paused) = (of_hours(share.min(left)), count.length(day) - count.unpaused(day));
        let mut words = format!("计第{n}日中的 {passed}");
        if paused > 0 {
            words.push_str(&format!("，暂停的 {} 不计", in_hours(paused)));
        }
        return (format!("第{n}日的一部分"), words);
    }
    let moves = *sum == whole && unit == Unit::NaturalDays && count.rolls(day);
    let words = format!("计第{n}日{}", if moves { "，遇休息日顺延" } else { "" });
    (format!("第{n}日"), words)
}

fn hours(count: &Count, unit: Unit, day: i64, start: Timestamp, due: Timestamp, sum: &mut i64) -> Told {
    let (from, to) = (start.0.max(begin(day)), due.0.min(begin(day + 1)));
    let passed = count.hours_between(unit, from, to);
    let mut words = Vec::new();
    if day == day_of(start) {
        words.push(format!("{} 收到，从这一刻起算", clock(start)));
    }
    if passed == 0 {
        words.push(NOT.to_owned());
        return (NOT.to_owned(), words.join("，"));
    }
    *sum += passed;
    words.push(format!("计 {}", in_hours(passed)));
    if *sum > passed {
        words.push(format!("累计 {}", in_hours(*sum)));
    }
    if passed < (Count { pauses: &[], ..*count }).hours_between(unit, from, to) {
        words.push("暂停的时间不计".to_owned());
    }
    (in_hours(passed), words.join("，"))
}

fn line(count: &Count, day: i64, unit: Unit, told: Told, due: Timestamp) -> TraceDay {
    let kind = count.calendar.kind(day);
    let name = count.calendar.special(day).filter(|_| kind == DayKind::Holiday).map_or("", |s| &s.name);
    let (counted, words) = told;
    let mut note = format!("{} {name}{} {words}", chinese_date(day), kind.chinese());
    if due.0 > begin(day) && due.0 <= begin(day + 1) {
        let at = if due.0 == begin(day + 1) { "24:00".to_owned() } else { clock(due) };
        note.push_str(&format!("，{at} 到期"));
    }
    if unit != Unit::NaturalHours && !count.calendar.is_settled(day) {
        note.push_str("（放假安排未公布，暂按星期推算）");
    }
    TraceDay { date: day::date(day), kind, counted, note }
}

/// 「09:30」; seconds and milliseconds only where they are not zero.
fn clock(at: Timestamp) -> String {
    let at: chrono::DateTime<FixedOffset> = at.shanghai();
    let exact = match (at.timestamp() % 60, at.timestamp_subsec_millis()) {
        (0, 0) => "%H:%M",
        (_, 0) => "%H:%M:%S",
        _ => "%H:%M:%S%.3f",
    };
    at.format(exact).to_string()
}

/// 「26 小时 3 分 4 秒」 without what is zero; rounds down to seconds. For counts of hours, where a day of
/// 24 of them would mislead.
fn in_hours(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    words(&[(seconds / 3600, "小时"), (seconds % 3600 / 60, "分"), (seconds % 60, "秒")])
}

/// 「1 天 2 小时 3 分 4 秒」 without what is zero; rounds down to seconds.
#[must_use]
pub fn duration(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    words(&[
        (seconds / 86_400, "天"),
        (seconds % 86_400 / 3600, "小时"),
        (seconds % 3600 / 60, "分"),
        (seconds % 60, "秒"),
    ])
}

fn words(parts: &[(i64, &str)]) -> String {
    let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n} {unit}"));
    let words = parts.collect::<Vec<_>>().join(" ");
    if words.is_empty() { "0 秒".to_owned() } else { words }
}
