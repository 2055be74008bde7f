//! The duties of the agreement that have a deadline: code, clause and whose they are, and the allowance that
//! each has under the annex parameters in force.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

use super::params::Params;
use super::words::Severity;
use crate::calendar;

/// Who owes the duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Obligor {
    Client,
    Vendor,
}

/// What a deadline rests on. Only what the agreement owes can be a breach of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A clause or its annex: late is a breach.
    Agreement,
    /// A law of one side alone, shown to help it.
    Statute,
    /// A target that the agreement does not name.
    Target,
}

/// How the amount counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Round the clock, rest days and holidays included.
    NaturalHours,
    /// Only while the annex hours (P1) are open.
    WorkingHours,
    /// The receipt day does not count (民法典 201); the last day ends at close of business (203).
    WorkingDays,
    /// As working days, but every day counts; the last day moves off rest days (203).
    NaturalDays,
    /// A date that a party named; the amount is 0.
    Instant,
}

impl Unit {
    /// The calendar's unit; `None` for a date that was named.
    #[must_use]
    pub const fn counted(self) -> Option<calendar::Unit> {
        match self {
            Self::NaturalHours => Some(calendar::Unit::NaturalHours),
            Self::WorkingHours => Some(calendar::Unit::WorkingHours),
            Self::WorkingDays => Some(calendar::Unit::WorkingDays),
            Self::NaturalDays => Some(calendar::Unit::NaturalDays),
            Self::Instant => None,
        }
    }

    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NaturalHours => "自然小时",
            Self::WorkingHours => "工作小时",
            Self::WorkingDays => "工作日",
            Self::NaturalDays => "自然日",
            Self::Instant => "约定时刻",
        }
    }
}

/// An amount of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    pub unit: Unit,
    pub amount: u32,
}

impl Allowance {
    #[must_use]
    pub const fn new(amount: u32, unit: Unit) -> Self {
        Self { unit, amount }
    }
}

/// One duty of the agreement.
pub struct ClockDef {
    pub code: &'static str,
    pub clause: &'static str,
    pub title: &'static str,
    pub obligor: Obligor,
    pub basis: Basis,
    allowance: fn(&Params, Option<Severity>) -> Allowance,
}

impl ClockDef {
    /// What the parameters allow for this duty; for a date that was named, nothing is counted.
    #[must_use]
    pub fn allowance(&self, params: &Params, severity: Option<Severity>) -> Allowance {
        (self.allowance)(params, severity)
    }
}

impl PartialEq for ClockDef {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for ClockDef {}

impl fmt::Debug for ClockDef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

macro_rules! defs {
    ($($(#[$doc:meta])* $name:ident: $clause:literal, $title:literal, $obligor:ident, $basis:ident, $allowance:expr;)*) => {
        $($(#[$doc])* pub static $name: ClockDef = ClockDef {
            code: stringify!($name),
            clause: $clause,
            title: $title,
            obligor: Obligor::$obligor,
            basis: Basis::$basis,
            allowance: $allowance,
        };)*
        /// Every duty, in the order of its clause.
        pub static DEFS: &[&ClockDef] = &[$(&$name),*];
    };
}

const fn named() -> Allowance {
    Allowance::new(0, Unit::Instant)
}

defs! {
    /// From the signing to the requirement document.
    D15: "2.1", "提交需求文档", Client, Agreement, |_, _| Allowance::new(15, Unit::NaturalDays);
    /// From the notice version to the signed written reply.
    A3: "2.2.2", "书面答复变更", Vendor, Agreement, |_, _| Allowance::new(3, Unit::WorkingDays);
    /// From the signing to the first progress report.
    D30: "3.2.1", "首份进度报告", Vendor, Agreement, |_, _| Allowance::new(30, Unit::NaturalDays);
    /// The date that the client set.
    X: "3.2.2", "按指定日期提交", Vendor, Agreement, |_, _| named();
    /// A rhythm of maintenance that was missed: from when it was last kept.
    M: "4.1.1", "按间隔维护", Vendor, Agreement, |_, _| named();
    /// From receipt to the first human public answer.
    R8: "4.2", "响应", Vendor, Agreement, Params::response;
    /// From receipt to the first published solution.
    S24: "4.2", "给出解决方案", Vendor, Agreement, Params::solution;
    /// From a solution to the time promised with it.
    P: "4.2", "承诺时间", Vendor, Agreement, |_, _| named();
    /// From the request to the invoice (P15).
    F: "4.3.2", "开具发票", Vendor, Agreement, |p, _| Allowance::new(p.invoice_days, Unit::WorkingDays);
    /// From a question to its answer (P14): 6.1 names no time, so this is a target.
    W: "6.1", "答复咨询", Vendor, Target, |p, _| Allowance::new(p.consultation_hours, Unit::WorkingHours);
    /// From the notification to the repair that passes verification.
    Q5: "7.3.1", "修复质量问题", Vendor, Agreement, |_, _| Allowance::new(5, Unit::WorkingDays);
    /// From detection to telling the client (P11).
    I1: "8.2", "向甲方通报安全事件", Vendor, Agreement, |p, _| Allowance::new(p.incident_hours, Unit::NaturalHours);
    /// A statutory duty of the client, shown to help it; it is not owed to the vendor.
    N4: "国家网络安全事件报告管理办法", "决定是否上报主管部门", Client, Statute, |_, _| Allowance::new(4, Unit::NaturalHours);
    /// From the moment something waits for the client's confirmation (P9).
    C: "附件 P9", "确认或提出异议", Client, Agreement, |p, _| Allowance::new(p.confirm_days.unwrap_or(0), Unit::WorkingDays);
}

/// The definition of a stored code.
#[must_use]
pub fn def(code: &str) -> Option<&'static ClockDef> {
    DEFS.iter().find(|d| d.code == code).copied()
}
