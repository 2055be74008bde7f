//! The annex parameters P1–P16, typed. What the agreement leaves open is decided here, once, by both sides.
//!
//! The rule it keeps: what is absent has the safe default, what is written must be understood to the letter,
//! and nothing that the annex says loosens a number that a clause of the agreement names.

mod flaws;
mod parse;
mod table;
mod write;

use crate::calendar::{Hours, Receipt, Rules};
use crate::clocks::def::{Allowance, Unit};
use crate::clocks::words::{Severity, words};

pub use flaws::{FLAWS, Flaw};
pub use parse::ParamError;
pub use table::{PARAMS, Param, param};

words! {
    /// P3: what waiting for the client does to the vendor's clocks.
    PausePolicy {
        None = "none", "等待不影响时限";
        Informational = "informational", "等待只作说明";
        DeductIfAcknowledged = "deduct_if_acknowledged", "甲方认可的等待予以扣除";
    }
}

words! {
    /// P4: what the hours of 4.2 are.
    FaultHours {
        Natural = "natural", "自然小时";
        Working = "working", "工作小时";
    }
}

/// P6: tighter allowances of one severity; `None` keeps the agreement's 8 and 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tighter {
    pub response: Option<Allowance>,
    pub solution: Option<Allowance>,
}

/// P6 by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeverityTable {
    pub critical: Tighter,
    pub major: Tighter,
    pub minor: Tighter,
}

/// P12: how long is kept at least, in months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Contract facts and records of entrusted processing: at least 36 (网络数据安全管理条例 12).
    pub records_months: u32,
    /// Network logs: at least 6 (网络安全法 21).
    pub logs_months: u32,
}

/// P13: what a breach takes off the month's fee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deduction {
    /// 分.
    pub monthly_fee_cents: u64,
    /// Code of the clock and its share of the fee for each breach, in hundredths of a percent.
    pub shares: Vec<(&'static str, u32)>,
    /// No month loses more than this share, in hundredths of a percent.
    pub cap: u32,
}

/// The parameters without what names people (P16 and the list of P11 are in [`People`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// P1
    pub hours: Hours,
    /// P2: what the calendar is taken from, in words.
    pub calendar_source: String,
    /// P3
    pub pause: PausePolicy,
    /// P4
    pub fault_hours: FaultHours,
    /// P6
    pub severities: SeverityTable,
    /// P7
    pub receipt: Receipt,
    /// P8
    pub weekends_roll: bool,
    /// P9: working days of silence; `None`: silence never confirms.
    pub confirm_days: Option<u32>,
    /// P10: natural days.
    pub reopen_days: u32,
    /// P11: natural hours.
    pub incident_hours: u32,
    /// P12
    pub retention: Retention,
    /// P13
    pub deduction: Option<Deduction>,
    /// P14: working hours.
    pub consultation_hours: u32,
    /// P15: working days.
    pub invoice_days: u32,
}

/// The parts of the annex that name people: to be sealed, never in the public values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// P11: whom to call in an incident, in this order.
    pub incident: Vec<String>,
    /// P16
    pub client: Vec<String>,
    /// P16
    pub vendor: Vec<String>,
}

/// An annex as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Annex {
    pub params: Params,
    pub people: People,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            hours: Hours::default(),
            calendar_source: "国务院办公厅每年的节假日安排通知".to_owned(),
            pause: PausePolicy::None,
            fault_hours: FaultHours::Natural,
            severities: SeverityTable::default(),
            receipt: Receipt::Literal,
            weekends_roll: true,
            confirm_days: Some(5),
            reopen_days: 14,
            incident_hours: 1,
            retention: Retention { records_months: 36, logs_months: 6 },
            deduction: None,
            consultation_hours: 4,
            invoice_days: 10,
        }
    }
}

/// 4.2.
const RESPONSE_HOURS: u32 = 8;
const SOLUTION_HOURS: u32 = 24;

impl Params {
    /// The rules of counting: P1, P7, P8.
    #[must_use]
    pub fn rules(&self) -> Rules {
        Rules { hours: self.hours.clone(), receipt: self.receipt, weekends_roll: self.weekends_roll }
    }

    /// The allowance of R8: 8 hours in the unit of P4, or what P6 tightens them to.
    #[must_use]
    pub fn response(&self, severity: Option<Severity>) -> Allowance {
        self.tighter(severity).response.unwrap_or_else(|| self.fault_allowance(RESPONSE_HOURS))
    }

    /// The allowance of S24: 24 hours in the unit of P4, or what P6 tightens them to.
    #[must_use]
    pub fn solution(&self, severity: Option<Severity>) -> Allowance {
        self.tighter(severity).solution.unwrap_or_else(|| self.fault_allowance(SOLUTION_HOURS))
    }

    const fn fault_allowance(&self, amount: u32) -> Allowance {
        let unit = match self.fault_hours {
            FaultHours::Natural => Unit::NaturalHours,
            FaultHours::Working => Unit::WorkingHours,
        };
        Allowance::new(amount, unit)
    }

    fn tighter(&self, severity: Option<Severity>) -> Tighter {
        match severity {
            Some(Severity::Critical) => self.severities.critical,
            Some(Severity::Major) => self.severities.major,
            Some(Severity::Minor) => self.severities.minor,
            None => Tighter::default(),
        }
    }
}
