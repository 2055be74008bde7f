//! When an allowance is used up, how much of it has passed, and when a share of it has.
//!
//! - Hours are due at the earliest instant at which they have passed: at closing time, not at the next
//!   opening. Pauses and, for working hours, closed time do not pass.
//! - Working days: close of business of the n-th working day after the day of receipt. What a pause took out of
//!   their hours is made up for after it, hour for hour.
//! - Natural days: close of business of the n-th counted day after it, moved on off days off; a day that lies wholly in
//!   pauses does not count.
//! - Close of business is the end of the annex hours of that day, 24:00 where it has none (民法典 203).

use serde::Serialize;
use utoipa::ToSchema;

use super::day::{END_OF_DAYS, begin, day_of};
use super::open::Count;
use super::published::Calendar;
use super::rules::{DueError, Receipt, Rules, Span, Unit, in_range, orderly};
use super::trace::{self, TraceDay};
use crate::kit::clock::Timestamp;

/// A due instant with its explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Due {
    /// The last instant that is in time.
    pub due_at: Timestamp,
    /// A day it rests on is not settled by a published notice.
    pub provisional: bool,
    pub trace: Vec<TraceDay>,
}

/// A due instant alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    pub due_at: Timestamp,
    pub provisional: bool,
}

/// When `amount` of the unit, counted from receipt at `start`, is used up, with the days that lead there.
///
/// # Errors
/// An amount of 0, anything outside 1970 to 2100, a reversed pause, working hours without any hours.
pub fn due(
    calendar: &Calendar,
    rules: &Rules,
    start: Timestamp,
    unit: Unit,
    amount: u32,
    pauses: &[Span],
) -> Result<Due, DueError> {
    let Deadline { due_at, provisional } = due_at(calendar, rules, start, unit, amount, pauses)?;
    let pauses = orderly(pauses);
    let count = Count { calendar, rules, pauses: &pauses };
    let trace = trace::days(&count, start, unit, amount, due_at);
    Ok(Due { due_at, provisional, trace })
}

/// [`due`] without the days: for lists and for deriving many clocks.
///
/// # Errors
/// Those of [`due`].
pub fn due_at(
    calendar: &Calendar,
    rules: &Rules,
    start: Timestamp,
    unit: Unit,
    amount: u32,
    pauses: &[Span],
) -> Result<Deadline, DueError> {
    check(rules, start, unit, pauses)?;
    if amount == 0 {
        return Err(DueError::NoAmount);
    }
    let pauses = orderly(pauses);
    let count = Count { calendar, rules, pauses: &pauses };
    let need = i64::from(amount).saturating_mul(unit.scale());
    match unit {
        Unit::NaturalDays => natural_days(&count, start, amount),
        _ => reach(&count, start, unit, need),
    }
}

/// When `percent` of the allowance is used up on the unit's own scale: half of five working days is the
/// middle of the third one's hours. 100 and more is the due instant itself; what natural days gain by
/// moving on off days off belongs to the last hundredth.
///
/// # Errors
/// Those of [`due`].
pub fn share_at(
    calendar: &Calendar,
    rules: &Rules,
    start: Timestamp,
    unit: Unit,
    amount: u32,
    pauses: &[Span],
    percent: u32,
) -> Result<Timestamp, DueError> {
    let due = due_at(calendar, rules, start, unit, amount, pauses)?.due_at;
    if percent >= 100 {
        return Ok(due);
    }
    let whole = i64::from(amount).saturating_mul(unit.scale());
    let need = whole.saturating_mul(i64::from(percent)).saturating_add(99) / 100;
    if need == 0 {
        return Ok(start);
    }
    let pauses = orderly(pauses);
    reach(&Count { calendar, rules, pauses: &pauses }, start, unit, need).map(|deadline| deadline.due_at)
}

/// How much has passed at `to` of an allowance that began at `from`, in milliseconds of the unit's own
/// scale: an hour is 3,600,000, a day 86,400,000 however many hours it is worked. 0 when `to` is earlier.
/// Reversed pauses are no pauses; instants outside 1970 to 2100 count as its ends.
#[must_use]
pub fn elapsed_ms(
    calendar: &Calendar,
    rules: &Rules,
    unit: Unit,
    from: Timestamp,
    to: Timestamp,
    pauses: &[Span],
) -> i64 {
    let within = |at: Timestamp| Timestamp(at.0.clamp(begin(0), begin(END_OF_DAYS)));
    let (from, to) = (within(from), within(to));
    if to <= from {
        return 0;
    }
    let pauses = orderly(pauses);
    let count = Count { calendar, rules, pauses: &pauses };
    if unit.is_days() { count.days_between(unit, from, to) } else { count.hours_between(unit, from.0, to.0) }
}

fn check(rules: &Rules, start: Timestamp, unit: Unit, pauses: &[Span]) -> Result<(), DueError> {
    if !in_range(start) {
        return Err(DueError::StartOutOfRange);
    }
    for (index, pause) in pauses.iter().enumerate() {
        if pause.to < pause.from {
            return Err(DueError::PauseReversed { index });
        }
        if !in_range(pause.from) || !in_range(pause.to) {
            return Err(DueError::PauseOutOfRange { index });
        }
    }
    if unit == Unit::WorkingHours && rules.hours.is_never_open() {
        return Err(DueError::NeverOpen);
    }
    Ok(())
}

/// The earliest instant at which `need` (more than 0) has passed on the unit's own scale.
fn reach(count: &Count, start: Timestamp, unit: Unit, need: i64) -> Result<Deadline, DueError> {
    let mut need = need;
    let mut provisional = false;
    if unit == Unit::NaturalHours {
        let due_at = count.pass(start.0, begin(END_OF_DAYS), &mut need).ok_or(DueError::TooLong)?;
        return Ok(Deadline { due_at, provisional });
    }
    let first = if unit.is_days() { count.day_of_receipt(unit, start) } else { day_of(start) };
    let settled = |from: i64, to: i64| (from..=to).all(|day| count.calendar.is_settled(day));
    for day in first..END_OF_DAYS {
        let ended = match unit {
            Unit::WorkingHours => {
                count.open(day).find_map(|(from, to)| count.pass(from.max(start.0), to, &mut need))
            }
            _ if day == first || !count.counts(unit, day) => None,
            _ => count.pass_day(unit, day, &mut need),
        };
        if let Some(due_at) = ended {
            // Literal receipt does not ask what kind of day it is.
            let asked = match unit {
                Unit::WorkingHours => first,
                _ if count.rules.receipt == Receipt::DeemedNext => day_of(start),
                _ => first + 1,
            };
            provisional |= !settled(asked, day);
            return Ok(Deadline { due_at, provisional });
        }
    }
    Err(DueError::TooLong)
}

fn natural_days(count: &Count, start: Timestamp, amount: u32) -> Result<Deadline, DueError> {
    let (mut left, mut provisional, mut day) = (amount, false, day_of(start));
    while left > 0 || count.rolls(day) {
        day += 1;
        if day >= END_OF_DAYS {
            return Err(DueError::TooLong);
        }
        // Before the last day only those near a pause matter as days of a kind.
        if left <= 1 || count.is_near_pause(day) {
            provisional |= !count.calendar.is_settled(day);
        }
        if left > 0 && count.counts(Unit::NaturalDays, day) {
            left -= 1;
        }
    }
    Ok(Deadline { due_at: Timestamp(count.close(day)), provisional })
}
