//! Why a clock falls due when it does, day by day, in words that both parties can check with a calendar: the
//! calendar's own account of the allowance, and when it began, waited, stood still and ended.

use chrono::NaiveDate;

use super::book::{Book, InForce};
use super::clock::{Clock, Verdict};
use super::def::{N4, P, Unit, X};
use super::params::PausePolicy;
use super::waits::Wait;
use crate::calendar::{self, Span, TraceDay, duration};
use crate::kit::clock::Timestamp;

/// The days that matter: from receipt to due, and those on which it ended, stood still or waited.
#[must_use]
pub fn trace(clock: &Clock, waits: &[Wait], book: &Book, now: Timestamp) -> Vec<TraceDay> {
    let version = book.number(clock.in_force).unwrap_or_else(|| book.at(clock.started_at));
    let end = clock.ended_at().unwrap_or_else(|| now.max(clock.started_at));
    let waits: Vec<Wait> =
        waits.iter().filter(|w| w.within(clock.started_at, end).is_some()).copied().collect();
    let mut days = counted(clock, version);
    let mut dates = vec![clock.started_at.shanghai_date(), last_day(clock.due_at)];
    dates.extend(clock.ended_at().map(Timestamp::shanghai_date));
    dates.extend(waits.iter().flat_map(|w| [Some(w.from), w.to]).flatten().map(Timestamp::shanghai_date));
    dates.extend(clock.pauses.iter().flat_map(|p| [p.from, p.to]).map(Timestamp::shanghai_date));
    for date in dates {
        if !days.iter().any(|d| d.date == date) {
            days.push(plain(version, date));
        }
    }
    days.sort_by_key(|d| d.date);
    for day in &mut days {
        let told = notes(clock, version, &waits, now, day.date);
        let own = std::mem::take(&mut day.note);
        day.note = std::iter::once(own).chain(told).filter(|n| !n.is_empty()).collect::<Vec<_>>().join("；");
    }
    days
}

/// What the calendar says about the allowance.
fn counted(clock: &Clock, version: &InForce) -> Vec<TraceDay> {
    let Some(unit) = clock.unit.counted() else { return Vec::new() };
    let (calendar, rules) = (&version.calendar, &version.rules);
    let due = calendar::due(calendar, rules, clock.started_at, unit, clock.amount, &clock.pauses);
    due.map(|due| due.trace).unwrap_or_default()
}

/// A day outside the allowance.
fn plain(version: &InForce, date: NaiveDate) -> TraceDay {
    let kind = version.calendar.day(date).kind;
    TraceDay { date, kind, counted: "不计".to_owned(), note: String::new() }
}

/// 24:00 belongs to the day that ends.
fn last_day(due: Timestamp) -> NaiveDate {
    due.plus_millis(-1).shanghai_date()
}

fn notes(clock: &Clock, version: &InForce, waits: &[Wait], now: Timestamp, date: NaiveDate) -> Vec<String> {
    let on = |at: Timestamp| at.shanghai_date() == date;
    let mut notes = Vec::new();
    if on(clock.started_at) {
        notes.push(basis(clock, version));
    }
    for wait in waits {
        if on(wait.from) {
            notes.push(format!("{}起等待甲方，{}", instant(wait.from), effect(wait, version)));
        }
        if let Some(to) = wait.to.filter(|to| on(*to)) {
            notes.push(format!("{}等待结束", instant(to)));
        }
    }
    for pause in &clock.pauses {
        notes.extend(paused(*pause, waits, date));
    }
    if clock.unit == Unit::Instant && last_day(clock.due_at) == date {
        notes.push(format!("{}到期", instant(clock.due_at)));
    }
    if clock.in_time_until > clock.due_at && last_day(clock.due_at) == date {
        notes.push(format!(
            "到期后下一段工作时间从{}开始，在此之前完成仍为按时",
            instant(clock.in_time_until)
        ));
    }
    if let Some(end) = clock.ended_at().filter(|end| on(*end)) {
        notes.push(ending(clock, end, now));
    }
    notes
}

/// What the deadline rests on: the clause, the allowance, and the versions that decided.
fn basis(clock: &Clock, version: &InForce) -> String {
    let clause = match clock.def.clause.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("第 {} 条", clock.def.clause),
        false => clock.def.clause.to_owned(),
    };
    let title = clock.def.title;
    let allowance = match clock.unit {
        Unit::Instant if clock.def == &P => {
            format!("{}给出方案，承诺 {}前完成", instant(clock.started_at), instant(clock.due_at))
        }
        Unit::Instant if clock.def == &X => {
            format!("{}起，甲方指定 {}前", instant(clock.started_at), instant(clock.due_at))
        }
        Unit::Instant => format!("{}起，至 {}前", instant(clock.started_at), instant(clock.due_at)),
        unit => format!("{} 个{}", clock.amount, unit.title()),
    };
    let start = match (clock.def == &N4, clock.cycle) {
        (true, _) => "，自发现之时起算",
        (false, 2..) => "，自重新打开起算",
        _ => "",
    };
    let source = match clock.unit {
        Unit::WorkingDays | Unit::NaturalDays | Unit::WorkingHours => {
            format!("（{}）", version.params.calendar_source)
        }
        Unit::NaturalHours | Unit::Instant => String::new(),
    };
    format!(
        "依据{clause}{title}：{allowance}{start}；参数第 {} 版，日历第 {} 版{source}",
        version.params_version, version.calendar_version
    )
}

fn effect(wait: &Wait, version: &InForce) -> &'static str {
    match (version.params.pause, wait.acknowledged_at.is_some()) {
        (PausePolicy::None, _) => "时限照计，只在净用时中扣除",
        (PausePolicy::Informational, true) => "甲方已认可：时限照计，只在净用时中扣除",
        (PausePolicy::DeductIfAcknowledged, true) if wait.to.is_some() => "甲方已认可，从时限中扣除",
        (PausePolicy::DeductIfAcknowledged, true) => "甲方已认可，结束后从时限中扣除",
        (_, false) => "甲方未认可，时限照计",
    }
}

/// Standing still for another reason than a wait.
fn paused(pause: Span, waits: &[Wait], date: NaiveDate) -> Vec<String> {
    if waits.iter().any(|w| w.from <= pause.from && w.to.is_some_and(|to| to >= pause.to)) {
        return Vec::new();
    }
    let mut notes = Vec::new();
    if pause.from.shanghai_date() == date {
        notes.push(format!("{}完成待甲方核验，暂停计时", instant(pause.from)));
    }
    if pause.to.shanghai_date() == date {
        notes.push(format!(
            "{}核验未通过，恢复计时，其间 {} 不计",
            instant(pause.to),
            duration(pause.to.since(pause.from))
        ));
    }
    notes
}

fn ending(clock: &Clock, end: Timestamp, now: Timestamp) -> String {
    if clock.void_at == Some(clock.started_at) {
        return "双方认定没有这项义务，自始不计".to_owned();
    }
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
