//! Text from people: bounded, normalised (NFC), free of what breaks databases or misleads readers.
//!
//! Refused: C0 and C1 controls but line feed and tab, bidirectional overrides (they make text read
//! otherwise than it is stored), non-characters. Lengths count characters, not bytes.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::error::{Error, Result};

/// Whether text may span lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    One,
    Many,
}

/// Trims, normalises and checks one text field.
///
/// # Errors
/// 422 naming `field`: empty, too long, or with a character that is not accepted.
pub fn checked(field: &str, text: &str, lines: Lines, max_chars: usize) -> Result<String> {
    let text = text.trim();
    let text: String = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.to_owned(),
        _ => text.nfc().collect(),
    };
    if text.is_empty() {
        return Err(Error::field(field, "REQUIRED", "请填写"));
    }
    let length = text.chars().count();
    if length > max_chars {
        return Err(Error::field(field, "TOO_LONG", format!("最多 {max_chars} 个字，现在有 {length} 个")));
    }
    match text.chars().find(|c| refused(*c, lines)) {
        Some('\n' | '\t') => Err(Error::field(field, "CHARACTER_REFUSED", "这里只能填一行")),
        Some(_) => Err(Error::field(field, "CHARACTER_REFUSED", "含有无法显示的字符，请删去后再试")),
        None => Ok(text),
    }
}

/// As [`checked`]; an absent or blank text is `None`.
///
/// # Errors
/// As [`checked`], but for empty text.
pub fn optional(field: &str, text: Option<&str>, lines: Lines, max_chars: usize) -> Result<Option<String>> {
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        Some(text) => checked(field, text, lines, max_chars).map(Some),
        None => Ok(None),
    }
}

fn refused(c: char, lines: Lines) -> bool {
    match c {
        '\n' | '\t' => lines == Lines::One,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fdd0}'..='\u{fdef}' => true,
        '\u{200b}' | '\u{2060}' | '\u{feff}' => lines == Lines::One,
        c => c.is_control() || (u32::from(c) & 0xfffe) == 0xfffe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_count_characters_and_bad_ones_are_refused() {
        assert_eq!(checked("t", " 打印机坏了 ", Lines::One, 5).unwrap(), "打印机坏了");
        for bad in ["", "  ", "六个字的标题", "a\0b", "a\u{202e}b", "a\u{7f}", "a\nb", "a\u{85}b"] {
            assert!(checked("t", bad, Lines::One, 5).is_err(), "{bad:?}");
        }
        assert_eq!(checked("t", "a\nb\tc", Lines::Many, 9).unwrap(), "a\nb\tc");
        assert_eq!(checked("t", "e\u{301}", Lines::One, 1).unwrap(), "\u{e9}");
    }
}
