//! What of a search is about tickets: a number or the digits of one, or words of kind and state and nothing
//! else. Tickets are found by nothing more, because what people wrote about them is sealed.

use super::{Kind, State};

/// How many years back bare digits are looked for.
const YEARS: i32 = 5;

/// What is looked for; nothing when all is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Whole numbers.
    pub numbers: Vec<String>,
    /// Beginning of a number.
    pub prefix: Option<String>,
    pub kinds: Vec<Kind>,
    pub states: Vec<State>,
}

impl Asked {
    /// Reads folded text: lower case, its words separated by spaces. `prefixes` are what numbers begin with.
    #[must_use]
    pub fn read(text: &str, prefixes: &[(Kind, &'static str)], year: i32) -> Self {
        Self::number(text, prefixes, year).or_else(|| Self::words(text)).unwrap_or_default()
    }

    /// `gz 2026 000123`, `gz2026`, `2026 000123`, `000123`, `gz`.
    fn number(text: &str, prefixes: &[(Kind, &'static str)], year: i32) -> Option<Self> {
        let text = text.trim();
        let letters = text.len() - text.trim_start_matches(|c: char| c.is_ascii_lowercase()).len();
        let (letters, rest) = text.split_at_checked(letters)?;
        let prefixes: Vec<_> =
            prefixes.iter().filter(|(_, p)| letters.is_empty() || p.eq_ignore_ascii_case(letters)).collect();
        // Without the hyphens year and number are one: `2026000123`.
        let year_apart = |part| if is_whole(part) { part.split_at_checked(4) } else { Some((part, "")) };
        let parts = rest.split(' ').filter_map(year_apart).flat_map(|(a, b)| [a, b]);
        let parts: Vec<&str> = parts.filter(|p| !p.is_empty()).collect();
        let digits = parts.iter().all(|p| p.len() <= 10 && p.bytes().all(|b| b.is_ascii_digit()));
        if prefixes.is_empty() || !digits {
            return None;
        }
        let whole = |years: &[i32], digits: &str| {
            let of =
                |y: &i32| prefixes.iter().map(|(_, p)| format!("{p}-{y}-{digits:0>6}")).collect::<Vec<_>>();
            years.iter().flat_map(of).collect::<Vec<_>>()
        };
        let recent: Vec<i32> = (year - YEARS..=year).rev().collect();
        match (letters.is_empty(), parts.as_slice()) {
            (false, []) => {
                Some(Self { kinds: prefixes.iter().map(|(kind, _)| *kind).collect(), ..Self::default() })
            }
            (false, [year]) if is_year(year) => {
                let prefix = prefixes.first().map(|(_, p)| format!("{p}-{year}-"));
                Some(Self { prefix, ..Self::default() })
            }
            (_, [digits]) => Some(Self { numbers: whole(&recent, digits), ..Self::default() }),
            (no_letters, [year, digits]) if is_year(year) => {
                let prefix = prefixes.first().filter(|_| !no_letters);
                Some(Self {
                    numbers: whole(&[year.parse().ok()?], digits),
                    prefix: prefix.map(|(_, p)| format!("{p}-{year}-{digits}")),
                    ..Self::default()
                })
            }
            _ => None,
        }
    }

    /// `故障 处理中`, with or without spaces: titles of kinds and states, and nothing else.
    fn words(text: &str) -> Option<Self> {
        let mut rest: &str = &text.split(' ').collect::<String>();
        let mut asked = Self::default();
        while !rest.is_empty() {
            let begins = |title: &str| rest.starts_with(title).then_some(title.len());
            let kind = Kind::ALL.iter().filter_map(|k| Some((begins(k.title())?, *k))).max();
            let state = State::ALL.iter().filter_map(|s| Some((begins(s.title())?, *s))).max();
            let (length, _) = match (kind, state) {
                (Some((length, kind)), state) if state.is_none_or(|(other, _)| other <= length) => {
                    (length, asked.kinds.push(kind))
                }
                (_, Some((length, state))) => (length, asked.states.push(state)),
                _ => return None,
            };
            rest = rest.get(length..)?;
        }
        Some(asked).filter(|a| *a != Self::default())
    }
}

fn is_whole(text: &str) -> bool {
    text.len() == 10 && text.starts_with("20")
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.starts_with("20")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREFIXES: &[(Kind, &str)] = &[(Kind::Fault, "GZ"), (Kind::Change, "BG")];

    fn read(text: &str) -> Asked {
        Asked::read(text, PREFIXES, 2026)
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for text in ["gz 2026 000123", "gz2026 123", "gz 2026 0123", "gz2026000123"] {
            assert_eq!(read(text).numbers, ["GZ-2026-000123"], "{text}");
        }
        assert_eq!(read("gz 2026 0001").prefix.as_deref(), Some("GZ-2026-0001"));
        assert_eq!(read("gz 2026").prefix.as_deref(), Some("GZ-2026-"));
        assert_eq!(read("2025 7").numbers, ["GZ-2025-000007", "BG-2025-000007"]);
        let digits = read("123").numbers;
        assert_eq!(
            (digits.len(), digits[0].as_str(), digits[11].as_str()),
            (12, "GZ-2026-000123", "BG-2021-000123")
        );
        assert_eq!(read("gz").kinds, [Kind::Fault]);
        for nothing in ["", " ", "xy 2026 1", "gz 2026 1 2", "12345678901", "gz a"] {
            assert_eq!(read(nothing), Asked::default(), "{nothing:?}");
        }
    }

    #[test]
    fn words_are_read_when_there_are_no_others() {
        let asked = read("故障 处理中");
        assert_eq!((asked.kinds, asked.states), (vec![Kind::Fault], vec![State::InProgress]));
        assert_eq!(read("待确认变更").kinds, [Kind::Change]);
        assert_eq!(read("质量问题").kinds, [Kind::Quality]);
        assert_eq!(read("待甲方确认").states, [State::Proposed]);
        assert_eq!(read("打印机故障"), Asked::default());
        for title in Kind::ALL.iter().map(|k| k.title()).chain(State::ALL.iter().map(|s| s.title())) {
            assert_ne!(read(title), Asked::default(), "{title}");
        }
    }
}
