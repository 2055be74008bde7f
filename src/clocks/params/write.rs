//! The annex as values again, in the form in which it is read: for storing a version and for comparing two.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::parse::write_amount;
use super::{Deduction, Params, SeverityTable, Tighter};
use crate::calendar::Receipt;
use crate::clocks::def::Unit;

impl Params {
    /// Every public parameter by code; reading them gives the same parameters. P16 and the list of P11 name
    /// people and are not here.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, Value> {
        let amount = |n, unit| json!(write_amount(n, unit));
        let receipt = match self.receipt {
            Receipt::Literal => "literal",
            Receipt::DeemedNext => "deemed_next",
        };
        let values = [
            ("P1", json!(self.hours.to_string())),
            ("P2", json!(self.calendar_source)),
            ("P3", json!(self.pause.wire())),
            ("P4", json!(self.fault_hours.wire())),
            ("P5", json!("human_public_answer")),
            ("P6", severities(&self.severities)),
            ("P7", json!(receipt)),
            ("P8", json!(if self.weekends_roll { "yes" } else { "no" })),
            ("P9", self.confirm_days.map_or(json!("none"), |n| amount(n, Unit::WorkingDays))),
            ("P10", amount(self.reopen_days, Unit::NaturalDays)),
            ("P11", amount(self.incident_hours, Unit::NaturalHours)),
            (
                "P12",
                json!({ "records_months": self.retention.records_months, "logs_months": self.retention.logs_months }),
            ),
            ("P13", self.deduction.as_ref().map_or(json!("none"), deduction)),
            ("P14", amount(self.consultation_hours, Unit::WorkingHours)),
            ("P15", amount(self.invoice_days, Unit::WorkingDays)),
        ];
        values.into_iter().map(|(code, value)| (code.to_owned(), value)).collect()
    }
}

fn severities(table: &SeverityTable) -> Value {
    let rows = [("critical", table.critical), ("major", table.major), ("minor", table.minor)];
    let rows: Map<String, Value> = rows
        .into_iter()
        .filter(|(_, row)| *row != Tighter::default())
        .map(|(name, row)| (name.to_owned(), tighter(row)))
        .collect();
    if rows.is_empty() { json!("none") } else { Value::Object(rows) }
}

fn tighter(row: Tighter) -> Value {
    let fields = [("response", row.response), ("solution", row.solution)];
    let fields = fields.into_iter().filter_map(|(name, own)| {
        Some((name.to_owned(), own.map(|a| json!(write_amount(a.amount, a.unit)))?))
    });
    Value::Object(fields.collect())
}

fn deduction(deduction: &Deduction) -> Value {
    let share = |hundredths: u32| match hundredths % 100 {
        0 => format!("{}%", hundredths / 100),
        part => format!("{}.{}%", hundredths / 100, format!("{part:02}").trim_end_matches('0')),
    };
    let shares: Map<String, Value> =
        deduction.shares.iter().map(|(code, of)| ((*code).to_owned(), json!(share(*of)))).collect();
    json!({
        "monthly_fee_cents": deduction.monthly_fee_cents, "shares": shares, "cap": share(deduction.cap),
    })
}
