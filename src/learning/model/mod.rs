//! Pure rules of learning: what counts as watched, how papers are drawn and marked, when a course is done, what the
//! coverage report says.

pub mod coverage;
pub mod intervals;
pub mod paper;
pub mod standing;
pub mod watching;

use crate::clocks::words::words;

words! {
    LearningState {
        NotStarted = "not_started", "未开始";
        InProgress = "in_progress", "学习中";
        Completed = "completed", "已完成";
    }
}

/// Without the characters that people mix up when they read them aloud.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The check code of a certificate: 16 characters, 80 random bits.
#[must_use]
pub fn check_code(random: [u8; 16]) -> String {
    random.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32))).map(|b| char::from(*b)).collect()
}

/// As people type one: with hyphens, blanks, small letters.
#[must_use]
pub fn typed_code(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_uppercase()).collect()
}
