//! Definitions of clocks and a clock as derived: start, due, end, and the verdict that follows from them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::kit::clock::Timestamp;

/// Who owes the duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Obligor {
    Client,
    Vendor,
}

/// How the amount counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Round the clock, rest days and holidays included.
    NaturalHours,
    /// A date that a party named; the amount is 0.
    Instant,
}

/// One duty of the agreement.
#[derive(Debug, PartialEq, Eq)]
pub struct ClockDef {
    pub code: &'static str,
    pub clause: &'static str,
    pub title: &'static str,
    pub obligor: Obligor,
    pub unit: Unit,
    pub amount: i64,
}

pub const R8: ClockDef = ClockDef {
    code: "R8",
    clause: "4.2",
    title: "响应",
    obligor: Obligor::Vendor,
    unit: Unit::NaturalHours,
    amount: 8,
};

pub const S24: ClockDef = ClockDef {
    code: "S24",
    clause: "4.2",
    title: "给出解决方案",
    obligor: Obligor::Vendor,
    unit: Unit::NaturalHours,
    amount: 24,
};

pub const P: ClockDef = ClockDef {
    code: "P",
    clause: "4.2",
    title: "承诺时间",
    obligor: Obligor::Vendor,
    unit: Unit::Instant,
    amount: 0,
};

/// The definition of a stored code.
#[must_use]
pub fn def(code: &str) -> Option<&'static ClockDef> {
    [&R8, &S24, &P].into_iter().find(|d| d.code == code)
}

/// Fulfilled in time or not. A breach is a fact: no later event takes it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Running,
    Met,
    Breached,
    Void,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub def: &'static ClockDef,
    pub cycle: i32,
    /// Tells the promises of one cycle apart: the how-many-eth solution of the record; 0 for the others.
    pub round: i32,
    pub started_at: Timestamp,
    pub due_at: Timestamp,
    /// When the duty was fulfilled.
    pub stopped_at: Option<Timestamp>,
    /// When the duty fell away (withdrawn, merged, solution rejected).
    pub void_at: Option<Timestamp>,
    /// From start to end (or now), nothing left out.
    pub gross_ms: i64,
    /// `gross_ms` without the time in which the vendor waited for the client: a second figure to talk
    /// about, without effect on the verdict.
    pub net_ms: i64,
}

impl Clock {
    /// When it ended, whichever way.
    #[must_use]
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.stopped_at.or(self.void_at)
    }

    #[must_use]
    pub fn is_running(&self) -> bool {
        self.ended_at().is_none()
    }

    /// The verdict as of `now`. Due itself is still in time, to the millisecond.
    #[must_use]
    pub fn verdict(&self, now: Timestamp) -> Verdict {
        match (self.stopped_at, self.void_at) {
            (Some(at), _) if at <= self.due_at => Verdict::Met,
            (None, Some(at)) if at <= self.due_at => Verdict::Void,
            (None, None) if now <= self.due_at => Verdict::Running,
            _ => Verdict::Breached,
        }
    }
}
