//! The calendar against published vectors, its properties, and a second implementation.

mod golden;

use super::Calendar;
use crate::kit::clock::Timestamp;

/// 「2026-09-18 10:00」 in Asia/Shanghai.
fn at(text: &str) -> Timestamp {
    let text = if text.len() == 16 { format!("{text}:00") } else { text.to_owned() };
    Timestamp::parse(&format!("{}+08:00", text.replace(' ', "T"))).unwrap()
}

fn builtin() -> Calendar {
    Calendar::builtin()
}
