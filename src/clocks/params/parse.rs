//! Reading the annex from the values of an agreement file or of a request. Everything that is wrong is
//! reported at once, each with its place; half an annex is never taken.

use std::collections::BTreeMap;

use serde_json::Value;
use thiserror::Error;

use super::{
    Annex, Deduction, FaultHours, Params, PausePolicy, People, Retention, SeverityTable, Tighter, param,
};
use crate::calendar::{self, BadHours, Calendar, DueError, Hours, Receipt, Rules};
use crate::clocks::def::{Allowance, Unit, def};
use crate::clocks::words::Severity;
use crate::kit::clock::Timestamp;

/// What cannot be taken, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}：{text}")]
pub struct ParamError {
    /// `P6.critical.response`.
    pub place: String,
    pub text: String,
}

type Parsed<T> = Result<T, ParamError>;

/// One value with its place.
#[derive(Clone, Copy)]
struct At<'a> {
    place: &'a str,
    value: &'a Value,
}

impl Annex {
    /// Reads the values by code, as JSON. What is absent has its default.
    ///
    /// # Errors
    /// Every value that is not understood, out of range, or would loosen the agreement.
    pub fn parse(values: &BTreeMap<String, Value>) -> Result<Self, Vec<ParamError>> {
        let mut annex = Self { params: Params::default(), people: People::default() };
        let mut wrong: Vec<ParamError> =
            values.iter().filter_map(|(code, value)| annex.set(At { place: code, value }).err()).collect();
        if wrong.iter().all(|e| !e.place.starts_with("P6") && !e.place.starts_with("P4")) {
            wrong.extend(annex.params.loosened());
        }
        if wrong.is_empty() { Ok(annex) } else { Err(wrong) }
    }

    /// As [`Annex::parse`], from the `[parameters]` of an agreement file.
    ///
    /// # Errors
    /// As [`Annex::parse`].
    pub fn from_toml(values: &BTreeMap<String, toml::Value>) -> Result<Self, Vec<ParamError>> {
        let json = |value: &toml::Value| serde_json::to_value(value).unwrap_or_default();
        Self::parse(&values.iter().map(|(code, value)| (code.clone(), json(value))).collect())
    }

    fn set(&mut self, at: At<'_>) -> Parsed<()> {
        let params = &mut self.params;
        match at.place {
            "P1" => params.hours = at.hours_of_week()?,
            "P2" => params.calendar_source = at.line()?.to_owned(),
            "P3" => params.pause = at.word(PausePolicy::from_wire)?,
            "P4" => params.fault_hours = at.word(FaultHours::from_wire)?,
            "P5" => drop(at.word(|text| (text == "human_public_answer").then_some(()))?),
            "P6" => params.severities = at.severities(params.fault_hours)?,
            "P7" => {
                params.receipt = at.word(|text| match text {
                    "literal" => Some(Receipt::Literal),
                    "deemed_next" => Some(Receipt::DeemedNext),
                    _ => None,
                })?;
            }
            "P8" => params.weekends_roll = at.yes()?,
            "P9" if at.is_none() => params.confirm_days = None,
            "P9" => params.confirm_days = Some(at.amount(Unit::WorkingDays, 30)?),
            "P10" => params.reopen_days = at.amount(Unit::NaturalDays, 365)?,
            "P11" => self.incident(at)?,
            "P12" => params.retention = at.retention()?,
            "P13" if at.is_none() => params.deduction = None,
            "P13" => params.deduction = Some(at.deduction()?),
            "P14" => params.consultation_hours = at.amount(Unit::WorkingHours, 200)?,
            "P15" => params.invoice_days = at.amount(Unit::WorkingDays, 60)?,
            "P16" if at.is_none() => {}
            "P16" => self.representatives(at)?,
            _ => return Err(at.wrong("附件参数只有 P1 到 P16")),
        }
        Ok(())
    }

    fn incident(&mut self, at: At<'_>) -> Parsed<()> {
        if !at.value.is_object() {
            self.params.incident_hours = at.amount(Unit::NaturalHours, 24)?;
            return Ok(());
        }
        at.fields(|name, at| match name {
            "hours" => at.amount(Unit::NaturalHours, 24).map(|hours| self.params.incident_hours = hours),
            "notify" => at.people().map(|people| self.people.incident = people),
            _ => Err(at.wrong("只有 hours 和 notify")),
        })
    }

    fn representatives(&mut self, at: At<'_>) -> Parsed<()> {
        at.fields(|name, at| match name {
            "client" => at.people().map(|people| self.people.client = people),
            "vendor" => at.people().map(|people| self.people.vendor = people),
            _ => Err(at.wrong("只有 client 和 vendor")),
        })
    }
}

impl Params {
    /// What would loosen 4.2.
    fn loosened(&self) -> Vec<ParamError> {
        let mut wrong = Vec::new();
        for severity in Severity::ALL {
            let own = [self.response(Some(*severity)), self.solution(Some(*severity))];
            let agreed = [("response", self.response(None)), ("solution", self.solution(None))];
            for (own, (name, agreed)) in own.into_iter().zip(agreed) {
                // A natural hour is never longer than a working hour; the other way round nothing is known.
                let comparable = own.unit == agreed.unit || own.unit == Unit::NaturalHours;
                if !comparable || own.amount > agreed.amount {
                    wrong.push(ParamError {
                        place: format!("P6.{}.{name}", severity.wire()),
                        text: format!(
                            "只能收紧：不得超过第 4.2 条的 {} 个{}",
                            agreed.amount,
                            agreed.unit.title()
                        ),
                    });
                }
            }
        }
        wrong
    }
}

impl<'a> At<'a> {
    fn wrong(&self, text: impl Into<String>) -> ParamError {
        ParamError { place: self.place.to_owned(), text: text.into() }
    }

    fn is_none(&self) -> bool {
        self.value.as_str() == Some("none")
    }

    /// What may be written instead.
    fn refuse<T>(&self) -> Parsed<T> {
        let code = self.place.split('.').next().unwrap_or_default();
        let options = param(code).map(|p| p.options.join("、")).unwrap_or_default();
        Err(self.wrong(format!("不认识这个值，可以写：{options}")))
    }

    fn text(&self) -> Parsed<&'a str> {
        self.value.as_str().map_or_else(|| self.refuse(), Ok)
    }

    fn word<T>(&self, read: impl Fn(&str) -> Option<T>) -> Parsed<T> {
        self.value.as_str().and_then(read).map_or_else(|| self.refuse(), Ok)
    }

    fn line(&self) -> Parsed<&'a str> {
        let text = self.text()?;
        let length = text.chars().count();
        let plain = text.trim() == text && !text.chars().any(char::is_control);
        match length {
            1..=200 if plain => Ok(text),
            _ => Err(self.wrong("应为 1 到 200 字的一行文字，首尾没有空格")),
        }
    }

    fn yes(&self) -> Parsed<bool> {
        match self.value {
            Value::Bool(yes) => Ok(*yes),
            Value::String(text) if text == "yes" => Ok(true),
            Value::String(text) if text == "no" => Ok(false),
            _ => self.refuse(),
        }
    }

    /// `14`, `"14"`, `"14 natural days"`, `"14 自然日"`: always of this unit, from 1 to `most`.
    fn amount(&self, unit: Unit, most: u32) -> Parsed<u32> {
        let (number, named) = match self.value {
            Value::Number(number) => (number.as_u64(), Some(unit)),
            Value::String(text) => split_amount(text, unit),
            _ => (None, None),
        };
        let said = || format!("应为 1 到 {most} 个{}，例如 \"{}\"", unit.title(), write_amount(most, unit));
        match (number.and_then(|n| u32::try_from(n).ok()), named) {
            (Some(n), Some(named)) if named == unit && (1..=most).contains(&n) => Ok(n),
            _ => Err(self.wrong(said())),
        }
    }

    /// P1. Without any open hour consultations would never fall due.
    fn hours_of_week(&self) -> Parsed<Hours> {
        let hours: Hours = self.text()?.parse().map_err(|e: BadHours| self.wrong(e.to_string()))?;
        let rules = Rules { hours: hours.clone(), ..Rules::default() };
        let unit = calendar::Unit::WorkingHours;
        match calendar::due_at(&Calendar::default(), &rules, Timestamp(0), unit, 1, &[]) {
            Err(DueError::NeverOpen) => Err(self.wrong("至少要有一段工作时间")),
            _ => Ok(hours),
        }
    }

    /// Hours of a fault: in the unit that is written, otherwise in the unit of P4.
    fn hours(&self, of: FaultHours, most: u32) -> Parsed<Allowance> {
        let unit = match of {
            FaultHours::Natural => Unit::NaturalHours,
            FaultHours::Working => Unit::WorkingHours,
        };
        let named = match self.value {
            Value::String(text) => split_amount(text, unit).1,
            _ => Some(unit),
        };
        let unit = named
            .filter(|u| matches!(u, Unit::NaturalHours | Unit::WorkingHours))
            .ok_or_else(|| self.wrong("应为自然小时或工作小时，例如 \"2 natural hours\""))?;
        Ok(Allowance::new(self.amount(unit, most)?, unit))
    }

    /// Every field of a table, each with its own place.
    fn fields(&self, mut read: impl FnMut(&str, At<'_>) -> Parsed<()>) -> Parsed<()> {
        let Value::Object(fields) = self.value else { return self.refuse() };
        for (name, value) in fields {
            read(name, At { place: &format!("{}.{name}", self.place), value })?;
        }
        Ok(())
    }

    fn severities(&self, of: FaultHours) -> Parsed<SeverityTable> {
        let mut table = SeverityTable::default();
        if self.is_none() {
            return Ok(table);
        }
        self.fields(|name, at| {
            let row = match name {
                "critical" => &mut table.critical,
                "major" => &mut table.major,
                "minor" => &mut table.minor,
                _ => return Err(at.wrong("严重程度只有 critical、major、minor")),
            };
            *row = at.tighter(of)?;
            Ok(())
        })?;
        Ok(table)
    }

    fn tighter(&self, of: FaultHours) -> Parsed<Tighter> {
        let mut row = Tighter::default();
        self.fields(|name, at| match name {
            "response" => at.hours(of, 8).map(|hours| row.response = Some(hours)),
            "solution" => at.hours(of, 24).map(|hours| row.solution = Some(hours)),
            _ => Err(at.wrong("只有 response 和 solution")),
        })?;
        Ok(row)
    }

    fn months(&self, least: u32, most: u32) -> Parsed<u32> {
        let months = self.value.as_u64().and_then(|n| u32::try_from(n).ok());
        months
            .filter(|n| (least..=most).contains(n))
            .ok_or_else(|| self.wrong(format!("应为 {least} 到 {most} 个月")))
    }

    fn retention(&self) -> Parsed<Retention> {
        let mut kept = Params::default().retention;
        self.fields(|name, at| match name {
            "records_months" => at.months(36, 360).map(|n| kept.records_months = n),
            "logs_months" => at.months(6, 120).map(|n| kept.logs_months = n),
            _ => Err(at.wrong("只有 records_months 和 logs_months")),
        })?;
        Ok(kept)
    }

    fn deduction(&self) -> Parsed<Deduction> {
        let mut deduction = Deduction { monthly_fee_cents: 0, shares: Vec::new(), cap: 0 };
        self.fields(|name, at| match name {
            "monthly_fee_cents" => at.cents().map(|cents| deduction.monthly_fee_cents = cents),
            "cap" => at.share().map(|share| deduction.cap = share),
            "shares" => at.fields(|code, at| {
                let def = def(code).ok_or_else(|| at.wrong("没有这个时限代码"))?;
                deduction.shares.push((def.code, at.share()?));
                Ok(())
            }),
            _ => Err(at.wrong("只有 monthly_fee_cents、shares 和 cap")),
        })?;
        if deduction.monthly_fee_cents == 0 || deduction.shares.is_empty() || deduction.cap == 0 {
            return Err(self.wrong("monthly_fee_cents、shares 和 cap 都要写"));
        }
        deduction.shares.sort_unstable();
        Ok(deduction)
    }

    /// Up to 一亿元.
    fn cents(&self) -> Parsed<u64> {
        let cents = self.value.as_u64().filter(|n| (1..=10_000_000_000).contains(n));
        cents.ok_or_else(|| self.wrong("应为 1 到 10000000000 分的整数（至多一亿元）"))
    }

    /// `"0.5%"`: hundredths of a percent, above 0, to 100%.
    fn share(&self) -> Parsed<u32> {
        let share = self.value.as_str().and_then(|text| {
            let number = text.strip_suffix('%')?;
            let (whole, part) = number.split_once('.').unwrap_or((number, ""));
            let digits = |t: &str, most| t.len() <= most && t.bytes().all(|b| b.is_ascii_digit());
            let plain = !whole.is_empty() && digits(whole, 3) && digits(part, 2) && !number.ends_with('.');
            let hundredths = format!("{part:0<2}");
            plain.then(|| Some(whole.parse::<u32>().ok()? * 100 + hundredths.parse::<u32>().ok()?))?
        });
        share
            .filter(|n| (1..=10_000).contains(n))
            .ok_or_else(|| self.wrong("应为大于 0、不超过 100% 的比例，至多两位小数，例如 \"0.5%\""))
    }

    fn people(&self) -> Parsed<Vec<String>> {
        let wrong = || self.wrong("应为 1 到 20 行文字的列表");
        let list = self.value.as_array().filter(|l| (1..=20).contains(&l.len())).ok_or_else(wrong)?;
        let line = |value: &Value| At { place: self.place, value }.line().map(str::to_owned);
        list.iter().map(line).collect()
    }
}

/// The number and the unit that a text names; without a name it is the unit that is asked for.
fn split_amount(text: &str, asked: Unit) -> (Option<u64>, Option<Unit>) {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, name) = text.split_at_checked(digits).unwrap_or((text, ""));
    let name = name.trim();
    let unit = match name.strip_prefix('个').unwrap_or(name) {
        "" => Some(asked),
        "natural hour" | "natural hours" | "自然小时" => Some(Unit::NaturalHours),
        "working hour" | "working hours" | "工作小时" => Some(Unit::WorkingHours),
        "working day" | "working days" | "工作日" => Some(Unit::WorkingDays),
        "natural day" | "natural days" | "自然日" => Some(Unit::NaturalDays),
        _ => None,
    };
    (number.parse().ok(), unit)
}

/// As the agreement file has it: `14 natural days`.
pub(super) fn write_amount(amount: u32, unit: Unit) -> String {
    let name = match unit {
        Unit::NaturalHours => "natural hour",
        Unit::WorkingHours => "working hour",
        Unit::WorkingDays => "working day",
        Unit::NaturalDays => "natural day",
        Unit::Instant => "",
    };
    format!("{amount} {name}{}", if amount == 1 { "" } else { "s" })
}
