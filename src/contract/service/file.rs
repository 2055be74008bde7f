//! The agreement file, read strictly: every mistake is named with its place, and nothing of a bad file counts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, de};

use crate::clocks::Annex;
use crate::kit::text::{Lines, checked};

/// What the file says.
#[derive(Debug)]
pub struct AgreementFile {
    pub number: String,
    pub client: String,
    pub vendor: String,
    pub signed_on: NaiveDate,
    pub delivered_on: Option<NaiveDate>,
    pub expires_on: Option<NaiveDate>,
    pub annex: Annex,
}

/// What is wrong with the file, one line for each mistake.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct BadFile(pub Vec<String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    number: String,
    #[serde(deserialize_with = "day")]
    signed_on: NaiveDate,
    #[serde(default, deserialize_with = "known_day")]
    delivered_on: Option<NaiveDate>,
    #[serde(default, deserialize_with = "known_day")]
    expires_on: Option<NaiveDate>,
    client: PartySection,
    vendor: PartySection,
    #[serde(default)]
    parameters: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartySection {
    name: String,
}

/// A calendar day, as TOML's own date or as text.
fn day<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let text = match toml::Value::deserialize(from)? {
        toml::Value::Datetime(date) => date.to_string(),
        toml::Value::String(text) => text,
        _ => return Err(de::Error::custom("应为日期，如 2026-09-18")),
    };
    text.parse().map_err(|_| de::Error::custom("应为日期，如 2026-09-18"))
}

fn known_day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    day(from).map(Some)
}

impl AgreementFile {
    /// # Errors
    /// Everything that is wrong.
    pub fn read(text: &str) -> Result<Self, BadFile> {
        let document: Document = toml::from_str(text).map_err(|e| BadFile(vec![e.to_string()]))?;
        let mut wrong = Vec::new();
        let mut line = |field: &str, value: &str, most: usize| {
            checked(field, value, Lines::One, most).unwrap_or_else(|err| {
                let why = err.fields().first().map_or_else(String::new, |f| f.message.clone());
                wrong.push(format!("{field}：{why}"));
                String::new()
            })
        };
        let number = line("number", &document.number, 60);
        let client = line("client.name", &document.client.name, 100);
        let vendor = line("vendor.name", &document.vendor.name, 100);
        let mut must = |holds: bool, text: &str| {
            if !holds {
                wrong.push(text.to_owned());
            }
        };
        must(client != vendor || client.is_empty(), "vendor.name：甲方和乙方不能是同一家");
        let (delivered_on, expires_on) = (document.delivered_on, document.expires_on);
        must(delivered_on.is_none_or(|d| d >= document.signed_on), "delivered_on：早于 signed_on");
        let from = delivered_on.unwrap_or(document.signed_on);
        must(expires_on.is_none_or(|e| e > from), "expires_on：应晚于签订与交付日期");
        match Annex::from_toml(&document.parameters) {
            Ok(annex) if wrong.is_empty() => Ok(Self {
                number,
                client,
                vendor,
                signed_on: document.signed_on,
                delivered_on,
                expires_on: expires_on.or(delivered_on.map(crate::contract::model::expires_on)),
                annex,
            }),
            Ok(_) => Err(BadFile(wrong)),
            Err(errors) => {
                wrong.extend(errors.iter().map(|e| format!("parameters.{e}")));
                Err(BadFile(wrong))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "number = \"LY-2026-01\"\nsigned_on = \"2026-09-18\"\n\
        [client]\nname = \"甲公司\"\n[vendor]\nname = \"乙公司\"\n[parameters]\nP4 = \"natural\"\nP10 = 14\n";

    #[test]
    fn strict_about_what_it_keeps() {
        AgreementFile::read(GOOD).unwrap();
        AgreementFile::read(&GOOD.replace("\"2026-09-18\"", "2026-09-18")).unwrap();
        for (from, to) in [
            ("signed_on = \"2026-09-18\"", "signed_on = \"2026-09-31\""),
            ("signed_on = \"2026-09-18\"\n", ""),
            ("number", "numero"),
            ("乙公司", "甲公司"),
            ("P10", "P17"),
            ("P10", "P01"),
            ("\"甲公司\"", "\"  \""),
            ("[client]", "delivered_on = \"2026-09-01\"\n[client]"),
            ("[client]", "expires_on = \"2026-09-18\"\n[client]"),
        ] {
            assert!(AgreementFile::read(&GOOD.replace(from, to)).is_err(), "{to}");
        }
    }

    #[test]
    fn a_bad_parameter_names_itself_and_all_mistakes_are_told() {
        let bad = GOOD.replace("P10 = 14", "P9 = 99\nP10 = \"soon\"").replace("乙公司", "甲公司");
        let BadFile(lines) = AgreementFile::read(&bad).unwrap_err();
        for place in ["vendor.name", "parameters.P9", "parameters.P10"] {
            assert!(lines.iter().any(|l| l.starts_with(place)), "{place}: {lines:?}");
        }
    }

    #[test]
    fn the_example_is_whole() {
        let text = include_str!("../../../config/agreement.example.toml");
        let file = AgreementFile::read(text).unwrap();
        assert_eq!(file.signed_on.to_string(), "2026-09-16");
        for code in 1..=16 {
            assert!(text.contains(&format!("P{code} ")), "P{code} is not explained");
        }
    }

    #[test]
    fn a_known_delivery_gives_the_end() {
        let known = GOOD.replace("[client]", "delivered_on = \"2028-02-29\"\n[client]");
        let file = AgreementFile::read(&known).unwrap();
        assert_eq!(file.expires_on.unwrap().to_string(), "2029-02-28");
    }
}
