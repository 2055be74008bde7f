//! What the annex and the agreement say about counting: units, hours, and how receipt and ends are read.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::day::{END_OF_DAYS, begin};
use super::hours::Hours;
use crate::kit::clock::Timestamp;

/// How an amount counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CountedUnit)]
pub enum Unit {
    /// Round the clock from the instant of receipt (民法典 201; clause 4.2).
    NaturalHours,
    /// Only while the annex hours run (P1; clause 6.1.2).
    WorkingHours,
    /// Working days after the day of receipt, to the close of business of the last (clauses 2.2, 7.3).
    WorkingDays,
    /// Calendar days after the day of receipt; an end on a day off moves on (民法典 203; clauses 2.1, 3.2).
    NaturalDays,
}

impl Unit {
    /// Counted in days, so that the day of receipt is not counted (民法典 201).
    #[must_use]
    pub const fn is_days(self) -> bool {
        matches!(self, Self::WorkingDays | Self::NaturalDays)
    }

    /// Milliseconds of one unit on its own scale: an hour, or a day however many hours it is worked.
    pub(super) const fn scale(self) -> i64 {
        if self.is_days() { super::day::DAY_MS } else { 3_600_000 }
    }
}

/// P7: what arrives on a day without work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// Received when it arrived (电子签名法 11).
    #[default]
    Literal,
    /// Working days count as if it had arrived on the next working day.
    DeemedNext,
}

/// The annex parameters that counting needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// P1
    pub hours: Hours,
    /// P7
    pub receipt: Receipt,
    /// P8: natural days that end on a weekend move on, as those that end on a holiday always do.
    pub weekends_roll: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { hours: Hours::default(), receipt: Receipt::Literal, weekends_roll: true }
    }
}

/// A pause: from the first instant that does not count to the first that counts again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Why there is no due instant; [`DueError::field`] names the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DueError {
    #[error("时限须至少为 1")]
    NoAmount,
    #[error("时限太长，到期日超出可计算的范围（1970 年至 2100 年）")]
    TooLong,
    #[error("起算时刻超出可计算的范围（1970 年至 2100 年）")]
    StartOutOfRange,
    #[error("第 {} 段暂停的结束早于开始", index + 1)]
    PauseReversed { index: usize },
    #[error("第 {} 段暂停超出可计算的范围（1970 年至 2100 年）", index + 1)]
    PauseOutOfRange { index: usize },
    #[error("附件没有约定任何工作时间，无法按工作小时计算")]
    NeverOpen,
}

impl DueError {
    /// The argument at fault, as the API names it: `amount`, `start`, `pauses[1].to`, `hours`.
    #[must_use]
    pub fn field(self) -> String {
        match self {
            Self::NoAmount | Self::TooLong => "amount".to_owned(),
            Self::StartOutOfRange => "start".to_owned(),
            Self::PauseReversed { index } => format!("pauses[{index}].to"),
            Self::PauseOutOfRange { index } => format!("pauses[{index}]"),
            Self::NeverOpen => "hours".to_owned(),
        }
    }
}

/// Inside 1970 to 2100, Asia/Shanghai.
pub(super) fn in_range(at: Timestamp) -> bool {
    (begin(0)..begin(END_OF_DAYS)).contains(&at.0)
}

/// Pauses in order and without overlap, empty ones left out.
pub(super) fn orderly(pauses: &[Span]) -> Vec<Span> {
    let mut all: Vec<Span> = pauses.iter().copied().filter(|p| p.from < p.to).collect();
    all.sort_unstable_by_key(|p| p.from);
    let mut merged: Vec<Span> = Vec::with_capacity(all.len());
    for pause in all {
        match merged.last_mut().filter(|last| pause.from <= last.to) {
            Some(last) => last.to = last.to.max(pause.to),
            None => merged.push(pause),
        }
    }
    merged
}
