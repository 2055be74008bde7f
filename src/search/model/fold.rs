//! Text as it is compared: full-width forms, case, and traditional characters make no difference, and
//! whatever is neither a letter nor a digit is a gap. Each folded character knows which one it came from, so
//! that hits can be shown in the text as it was written.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// The block that nearly all Chinese text is written with.
const IDEOGRAPHS: std::ops::RangeInclusive<u32> = 0x4e00..=0x9fff;

/// What stands between words.
pub const GAP: char = ' ';

/// U+4E00..U+9FFF → the simplified character.
static SIMPLIFIED: LazyLock<Vec<char>> = LazyLock::new(|| {
    let mut table: Vec<char> = IDEOGRAPHS.filter_map(char::from_u32).collect();
    let lines = include_str!("traditional.txt").lines().filter(|l| !l.starts_with('#'));
    for pair in lines.flat_map(|l| l.split(' ')) {
        let mut chars = pair.chars();
        if let (Some(from), Some(to)) = (chars.next(), chars.next())
            && let Some(place) = place(from).and_then(|p| table.get_mut(p))
        {
            *place = to;
        }
    }
    table
});

fn place(c: char) -> Option<usize> {
    usize::try_from(u32::from(c).checked_sub(*IDEOGRAPHS.start())?).ok()
}

/// Calls `out` with each character that `c` is compared as, or with [`GAP`].
fn fold_char(c: char, mut out: impl FnMut(char)) {
    if c.is_ascii() {
        out(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { GAP });
    } else if IDEOGRAPHS.contains(&u32::from(c)) {
        out(simplified(c));
    } else {
        for c in std::iter::once(c).nfkc().flat_map(char::to_lowercase) {
            out(if c.is_alphanumeric() { simplified(c) } else { GAP });
        }
    }
}

fn simplified(c: char) -> char {
    place(c).and_then(|p| SIMPLIFIED.get(p)).copied().unwrap_or(c)
}

/// Folded text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    pub chars: Vec<char>,
    /// For each of `chars`, the place of its origin among the characters of the text.
    pub origin: Vec<usize>,
}

/// Folds a text.
#[must_use]
pub fn fold(text: &str) -> Folded {
    let mut folded = Folded { chars: Vec::with_capacity(text.len() / 3), origin: Vec::new() };
    folded.origin.reserve(text.len() / 3);
    for (at, c) in text.chars().enumerate() {
        fold_char(c, |c| {
            folded.chars.push(c);
            folded.origin.push(at);
        });
    }
    folded
}

/// What a run of characters is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Written without spaces: any two neighbours may be a word.
    Dense,
    /// Letters and digits of writing with spaces.
    Spaced,
}

/// How a folded character is read; `None` for a gap.
#[must_use]
pub fn script(c: char) -> Option<Script> {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric().then_some(Script::Spaced);
    }
    match u32::from(c) {
        // Ideographs with their extensions, kana, bopomofo.
        0x3005..=0x3007 | 0x3041..=0x30ff | 0x3105..=0x312f | 0x3400..=0x9fff | 0xf900..=0xfaff => {
            Some(Script::Dense)
        }
        0x2_0000..=0x3_ffff => Some(Script::Dense),
        _ => c.is_alphanumeric().then_some(Script::Spaced),
    }
}

impl Folded {
    /// The runs of one script each, with the place of each among `chars`.
    pub fn runs(&self) -> impl Iterator<Item = (Script, usize, &[char])> {
        let mut at = 0;
        self.chars.chunk_by(|a, b| script(*a) == script(*b)).filter_map(move |run| {
            let from = at;
            at += run.len();
            Some((script(*run.first()?)?, from, run))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(s: &str) -> String {
        fold(s).chars.into_iter().collect()
    }

    #[test]
    fn width_case_and_tradition_make_no_difference() {
        assert_eq!(text("ＥＸＣＥＬ　匯出"), "excel 汇出");
        assert_eq!(text("系統故障，請重啟電腦！"), text("系统故障，请重启电脑！"));
        assert_eq!(text("①号㈱½Ⅷ"), "1号 株 1 2viii");
        assert_eq!(text("a😀b\u{0}c"), "a b c");
        assert_eq!(text("Straße İ"), "straße i ");
    }

    #[test]
    fn each_character_knows_its_origin() {
        let folded = fold("Ⅷ章");
        assert_eq!(folded.chars, ['v', 'i', 'i', 'i', '章']);
        assert_eq!(folded.origin, [0, 0, 0, 0, 1]);
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for c in (0..=0x3_ffff).filter_map(char::from_u32) {
            let once = text(&c.to_string());
            assert_eq!(text(&once), once, "{c}");
        }
    }

    #[test]
    fn runs_are_cut_where_the_script_changes() {
        let folded = fold("用Excel导出、3份");
        let runs: Vec<(Script, usize, String)> =
            folded.runs().map(|(s, at, run)| (s, at, run.iter().collect())).collect();
        let expected = [
            (Script::Dense, 0, "用"),
            (Script::Spaced, 1, "excel"),
            (Script::Dense, 6, "导出"),
            (Script::Spaced, 9, "3"),
            (Script::Dense, 10, "份"),
        ];
        assert_eq!(runs, expected.map(|(s, at, run)| (s, at, run.to_owned())));
    }
}
