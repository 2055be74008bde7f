//! Why a clock falls due when it does, day by day, in words that both parties can check with a calendar.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::clock::{Clock, Unit, Verdict};
use super::fault::Wait;
use crate::kit::clock::Timestamp;

const DAY_MS: i64 = 86_400_000;
const SHANGHAI_MS: i64 = 8 * 3_600_000;

/// One calendar day (Asia/Shanghai) of a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TraceDay {
    pub date: NaiveDate,
    /// How this day counts.
    #[schema(examples("natural"))]
    pub kind: &'static str,
    /// How much of the allowance falls on this day.
    #[schema(examples("8 小时内的 7 小时 48 分"))]
    pub counted: String,
    pub note: String,
}

/// The days that matter: from receipt to due, and those on which it ended or the vendor waited.
#[must_use]
pub fn trace(clock: &Clock, waits: &[Wait], now: Timestamp) -> Vec<TraceDay> {
    let end = clock.ended_at().unwrap_or_else(|| now.max(clock.started_at));
    let within = |w: &&Wait| w.from <= end && w.to.is_none_or(|to| to >= clock.started_at);
    let waits: Vec<Wait> = waits.iter().filter(within).copied().collect();

    let mut dates = vec![clock.started_at.shanghai_date(), clock.due_at.shanghai_date()];
    if clock.def.unit == Unit::NaturalHours {
        let between = clock.started_at.shanghai_date().iter_days();
        dates.extend(between.take_while(|d| *d < clock.due_at.shanghai_date()));
    }
    dates.extend(clock.ended_at().map(Timestamp::shanghai_date));
    for wait in &waits {
        dates.push(wait.from.shanghai_date());
        dates.extend(wait.to.map(Timestamp::shanghai_date));
    }
    dates.sort_unstable();
    dates.dedup();
    dates.into_iter().map(|date| day(clock, &waits, now, date)).collect()
}

fn day(clock: &Clock, waits: &[Wait], now: Timestamp, date: NaiveDate) -> TraceDay {
    let mut notes = Vec::new();
    let on = |at: Timestamp| at.shanghai_date() == date;
    if on(clock.started_at) {
        match clock.def.unit {
            Unit::NaturalHours => {
                let verb = if clock.cycle > 1 { "重开" } else { "收到" };
                notes.push(format!("{}{verb}，从这一刻起算", instant(clock.started_at)));
                notes.push(format!("{} 小时为自然小时，节假日也计", clock.def.amount));
            }
            Unit::Instant => {
                notes.push(format!("{}给出方案并承诺完成时间", instant(clock.started_at)));
            }
        }
    }
    for wait in waits {
        if on(wait.from) {
            notes.push(format!("{}起等待甲方补充，时限照计，只在净用时中扣除", instant(wait.from)));
        }
        if let Some(to) = wait.to.filter(|to| on(*to)) {
            notes.push(format!("{}等待结束", instant(to)));
        }
    }
    if on(clock.due_at) {
        notes.push(format!("到期 {}", instant(clock.due_at).trim_end()));
    }
    if let Some(end) = clock.ended_at().filter(|end| on(*end)) {
        notes.push(ending(clock, end, now));
    }
    TraceDay { date, kind: "natural", counted: counted(clock, date), note: notes.join("；") }
}

fn ending(clock: &Clock, end: Timestamp, now: Timestamp) -> String {
    let at = instant(end);
    let used = duration(clock.gross_ms);
    let done = if clock.stopped_at.is_some() { "完成" } else { "终止" };
    match clock.verdict(now) {
        Verdict::Breached => {
            format!("{at}{done}，用时 {used}，超时 {}", duration(end.since(clock.due_at)))
        }
        Verdict::Void => format!("{at}{done}，不再计时"),
        Verdict::Met | Verdict::Running => format!("{at}{done}，用时 {used}"),
    }
}

fn counted(clock: &Clock, date: NaiveDate) -> String {
    let (from, to) = bounds(date);
    let share = clock.due_at.min(to).since(clock.started_at.max(from)).max(0);
    match clock.def.unit {
        Unit::NaturalHours if share > 0 => {
            format!("{} 小时内的 {}", clock.def.amount, duration(share))
        }
        Unit::NaturalHours => "0".to_owned(),
        Unit::Instant => "以承诺的时刻为准".to_owned(),
    }
}

/// The first instant of a Shanghai day, and of the day after.
fn bounds(date: NaiveDate) -> (Timestamp, Timestamp) {
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    let from = Timestamp(days.saturating_mul(DAY_MS).saturating_sub(SHANGHAI_MS));
    (from, from.plus_millis(DAY_MS))
}

/// 「11月22日 09:12 」; seconds and milliseconds only where they are not zero.
fn instant(at: Timestamp) -> String {
    let at = at.shanghai();
    let exact = match (at.timestamp() % 60, at.timestamp_subsec_millis()) {
        (0, 0) => "%H:%M",
        (_, 0) => "%H:%M:%S",
        _ => "%H:%M:%S%.3f",
    };
    format!("{} ", at.format(&format!("%-m月%-d日 {exact}")))
}

/// 「1 天 2 小时 3 分 4 秒」 without what is zero; rounds down to seconds.
#[must_use]
pub fn duration(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    let parts = [
        (seconds / 86_400, "天"),
        (seconds % 86_400 / 3600, "小时"),
        (seconds % 3600 / 60, "分"),
        (seconds % 60, "秒"),
    ];
    let words: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if words.is_empty() { "0 秒".to_owned() } else { words.join(" ") }
}
