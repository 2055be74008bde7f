//! The calendar against published vectors, the texts of the notices, its properties, and a second
//! implementation in another language.

mod edges;
mod golden;
mod hours;
mod notices;
mod properties;
mod second_opinion;

mod years;

use super::{Calendar, Span};
use crate::kit::clock::Timestamp;

/// 「2026-09-18 10:00」 or 「2026-09-18 10:00:30」 in Asia/Shanghai.
fn at(text: &str) -> Timestamp {
    let seconds = if text.len() == 16 { ":00" } else { "" };
    Timestamp::parse(&format!("{}{seconds}+08:00", text.replace(' ', "T"))).unwrap()
}

fn pause(from: &str, to: &str) -> Span {
    Span { from: at(from), to: at(to) }
}

fn builtin() -> Calendar {
    Calendar::builtin()
}

fn read<T: serde::de::DeserializeOwned>(file: &str) -> T {
    let path = format!("{}/tests/golden/{file}", env!("CARGO_MANIFEST_DIR"));
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}
