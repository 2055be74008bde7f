//! What counts: open time less pauses for hours, counted days for days.
//!
//! A day has a *window*: its annex hours, or all 24 hours where it has none (a holiday, an ordinary
//! weekend, an annex without hours). Half a day has passed when half of its window has. Of a working day, what of its
//! window lies in pauses does not pass: who stops a clock for an hour of it gains that hour and no more. Of a natural
//! day nothing is taken out in parts: it does not count when its whole window lies in pauses.

use super::day::{DAY_MS, DayKind, END_OF_DAYS, begin, day_of};
use super::hours::Interval;
use super::published::Calendar;
use super::rules::{Receipt, Rules, Span, Unit};
use crate::kit::clock::Timestamp;

const WHOLE_DAY: &[Interval] = &[Interval { from: 0, to: DAY_MS }];

/// One way of counting: a calendar, the annex, and pauses in order.
pub struct Count<'a> {
    pub calendar: &'a Calendar,
    pub rules: &'a Rules,
    pub pauses: &'a [Span],
}

impl<'a> Count<'a> {
    /// The open intervals of a day as instants.
    pub fn open(&self, day: i64) -> impl Iterator<Item = (i64, i64)> + use<'a> {
        instants(day, self.rules.hours.on(self.calendar.kind(day), day))
    }

    /// The window of a day as instants.
    pub fn window(&self, day: i64) -> impl Iterator<Item = (i64, i64)> + use<'a> {
        let hours = self.rules.hours.on(self.calendar.kind(day), day);
        instants(day, if hours.is_empty() { WHOLE_DAY } else { hours })
    }

    /// Close of business: the end of the window.
    pub fn close(&self, day: i64) -> i64 {
        self.window(day).last().map_or_else(|| begin(day + 1), |(_, to)| to)
    }

    pub fn is_paused(&self, day: i64) -> bool {
        !self.pauses.is_empty() && self.window(day).all(|(from, to)| self.paused(from, to) == to - from)
    }

    /// Whether a pause reaches into the 24 hours of the day at all, so that its hours mattered.
    pub fn is_near_pause(&self, day: i64) -> bool {
        self.paused(begin(day), begin(day + 1)) > 0
    }

    /// Milliseconds of `from..to` inside pauses.
    pub fn paused(&self, from: i64, to: i64) -> i64 {
        let after = self.pauses.get(self.pauses.partition_point(|p| p.to.0 <= from)..).unwrap_or_default();
        let within = after.iter().take_while(|p| p.from.0 < to);
        within.map(|p| p.to.0.min(to) - p.from.0.max(from)).sum()
    }

    /// The earliest instant in `from..to` at which `need` has passed; less what passes otherwise.
    pub fn pass(&self, from: i64, to: i64, need: &mut i64) -> Option<Timestamp> {
        let mut at = from;
        let after = self.pauses.get(self.pauses.partition_point(|p| p.to.0 <= from)..).unwrap_or_default();
        for pause in after.iter().take_while(|p| p.from.0 < to) {
            if let Some(end) = step(at, pause.from.0, need) {
                return Some(end);
            }
            at = at.max(pause.to.0);
        }
        step(at, to, need)
    }

    /// Whether natural days that end here move on: a day off, or one that does not count.
    pub fn rolls(&self, day: i64) -> bool {
        match self.calendar.kind(day) {
            DayKind::Holiday => true,
            DayKind::Rest if self.rules.weekends_roll => true,
            _ => self.is_paused(day),
        }
    }
}

fn instants(day: i64, of: &[Interval]) -> impl Iterator<Item = (i64, i64)> {
    let midnight = begin(day);
    of.iter().map(move |i| (midnight + i.from, midnight + i.to))
}

fn step(from: i64, to: i64, need: &mut i64) -> Option<Timestamp> {
    let free = to.saturating_sub(from).max(0);
    if free > 0 && *need <= free {
        return Some(Timestamp(from + *need));
    }
    *need -= free;
    None
}

impl Count<'_> {
    /// Day 0. P7 moves it for working days only: natural days run from a date that a party knows, whatever
    /// day it is.
    pub fn day_of_receipt(&self, unit: Unit, start: Timestamp) -> i64 {
        let day = day_of(start);
        if unit != Unit::WorkingDays || self.rules.receipt == Receipt::Literal {
            return day;
        }
        (day..END_OF_DAYS).find(|day| self.calendar.kind(*day).is_worked()).unwrap_or(END_OF_DAYS)
    }

    /// Whether the day counts in a unit of days.
    pub fn counts(&self, unit: Unit, day: i64) -> bool {
        (unit == Unit::NaturalDays || self.calendar.kind(day).is_worked()) && !self.is_paused(day)
    }

    /// What can pass of a day that counts, on the unit's own scale; rounds down.
    pub fn share(&self, unit: Unit, day: i64) -> i64 {
        if unit != Unit::WorkingDays || !self.is_near_pause(day) {
            return DAY_MS;
        }
        self.unpaused(day) * DAY_MS / self.length(day).max(1)
    }

    /// What of a working day's window is not paused, in milliseconds.
    pub fn unpaused(&self, day: i64) -> i64 {
        self.length(day) - self.window(day).map(|(from, to)| self.paused(from, to)).sum::<i64>()
    }

    /// The earliest instant of a day that counts at which `need` has passed; less what can pass of it otherwise.
    pub fn pass_day(&self, unit: Unit, day: i64, need: &mut i64) -> Option<Timestamp> {
        let share = self.share(unit, day);
        if *need > share {
            *need -= share;
            return None;
        }
        let mut part = (self.length(day) * *need + DAY_MS - 1) / DAY_MS;
        let pauses = if unit == Unit::WorkingDays { self.pauses } else { &[] };
        let count = Count { pauses, ..*self };
        self.window(day).find_map(|(from, to)| count.pass(from, to, &mut part))
    }

    pub fn hours_between(&self, unit: Unit, from: i64, to: i64) -> i64 {
        let free = |from: i64, to: i64| if from < to { to - from - self.paused(from, to) } else { 0 };
        if unit == Unit::NaturalHours {
            return free(from, to);
        }
        let days = day_of(Timestamp(from))..=day_of(Timestamp(to));
        days.flat_map(|day| self.open(day)).map(|(a, b)| free(a.max(from), b.min(to))).sum()
    }

    pub fn days_between(&self, unit: Unit, from: Timestamp, to: Timestamp) -> i64 {
        let last = day_of(to);
        let counted = (self.day_of_receipt(unit, from) + 1..=last).filter(|day| self.counts(unit, *day));
        let passed = |day| if day < last { self.share(unit, day) } else { self.passed_of(unit, day, to.0) };
        counted.map(passed).sum()
    }

    /// How much of the day has passed at an instant on it.
    fn passed_of(&self, unit: Unit, day: i64, at: i64) -> i64 {
        let held = |from: i64, to: i64| if unit == Unit::WorkingDays { self.paused(from, to) } else { 0 };
        let free = |from: i64, to: i64| if from < to { to - from - held(from, to) } else { 0 };
        let passed: i64 = self.window(day).map(|(from, to)| free(from, at.min(to))).sum();
        passed * DAY_MS / self.length(day).max(1)
    }

    pub fn length(&self, day: i64) -> i64 {
        self.window(day).map(|(from, to)| to - from).sum()
    }
}
