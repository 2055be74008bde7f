//! What of a text was found, to be shown: the text in segments, each a hit or not, and the part of a long
//! one that has the best of it.

use std::collections::HashSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::fold::{Folded, Script};
use super::tokens::{LONGEST_WORD, parts};

/// Characters of an excerpt, and how many of them stand before the hit.
const EXCERPT: usize = 90;
const BEFORE: usize = 20;

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Segment {
    pub text: String,
    /// Whether it is what was asked for.
    pub hit: bool,
}

/// For each character of the folded text's origin, whether it belongs to one of the tokens.
#[must_use]
pub fn marks(folded: &Folded, tokens: &HashSet<String>) -> Vec<bool> {
    let mut marks = vec![false; folded.origin.last().map_or(0, |last| last + 1)];
    let mut mark = |from: usize, length: usize| {
        for origin in folded.origin.iter().skip(from).take(length) {
            if let Some(mark) = marks.get_mut(*origin) {
                *mark = true;
            }
        }
    };
    let mut token = String::new();
    let mut is_token = |chars: &[char]| {
        token.clear();
        token.extend(chars);
        tokens.contains(&token)
    };
    for (script, from, run) in folded.runs() {
        match script {
            Script::Dense => {
                for (at, pair) in run.windows(2).enumerate() {
                    if is_token(pair) {
                        mark(from + at, 2);
                    }
                }
                for (at, one) in run.chunks(1).enumerate() {
                    if is_token(one) {
                        mark(from + at, 1);
                    }
                }
            }
            Script::Spaced => {
                let mut typed = |part: &[char]| {
                    let mut lengths = (1..=part.len().min(LONGEST_WORD)).rev();
                    lengths.find(|n| part.get(..*n).is_some_and(&mut is_token)).unwrap_or(0)
                };
                mark(from, typed(run));
                let mut at = from;
                for part in parts(run) {
                    mark(at, typed(part));
                    at += part.len();
                }
            }
        }
    }
    marks
}

/// The whole text in segments.
#[must_use]
pub fn segments(text: &str, marks: &[bool]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for (at, c) in text.chars().enumerate() {
        let hit = marks.get(at).copied().unwrap_or(false);
        match segments.last_mut() {
            Some(last) if last.hit == hit => last.text.push(c),
            _ => segments.push(Segment { text: c.to_string(), hit }),
        }
    }
    segments
}

/// The part of the text around the longest run of what was found, on one line; its beginning when nothing was.
#[must_use]
pub fn excerpt(text: &str, marks: &[bool]) -> Vec<Segment> {
    let mut at = 0;
    let (mut best, mut start) = (0, 0);
    for run in marks.chunk_by(|a, b| a == b) {
        if run.first() == Some(&true) && run.len() > best {
            (best, start) = (run.len(), at);
        }
        at += run.len();
    }
    let from = start.saturating_sub(BEFORE);
    let mut shown = Vec::new();
    let mut line = String::new();
    let mut rest =
        text.chars().zip(marks.iter().copied().chain(std::iter::repeat(false))).skip(from).peekable();
    while line.chars().count() < EXCERPT {
        let Some((c, hit)) = rest.next() else { break };
        if !c.is_whitespace() {
            line.push(c);
            shown.push(hit);
        } else if !line.is_empty() && !line.ends_with(' ') {
            line.push(' ');
            shown.push(false);
        }
    }
    let mut segments = segments(&line, &shown);
    let dots = || Segment { text: "…".to_owned(), hit: false };
    if from > 0 {
        segments.insert(0, dots());
    }
    if rest.peek().is_some() {
        segments.push(dots());
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::super::tokens::asked;
    use super::*;

    fn shown(segments: &[Segment]) -> String {
        segments.iter().map(|s| if s.hit { format!("[{}]", s.text) } else { s.text.clone() }).collect()
    }

    fn found(text: &str, question: &str) -> Vec<bool> {
        marks(&fold(text), &asked(&fold(question)).into_iter().collect())
    }

    #[test]
    fn hits_are_marked_in_the_text_as_it_was_written() {
        for (text, question, expected) in [
            ("忘記密碼，怎麼辦", "密码", "忘記[密碼]，怎麼辦"),
            ("ＥＸＣＥＬ导出Excel2", "excel 出", "[ＥＸＣＥＬ]导[出Excel]2"),
            ("不超过100MB", "100 mb", "不超过[100MB]"),
            ("第Ⅷ章", "viii", "第[Ⅷ]章"),
            ("打印机不打印", "打印", "[打印]机不[打印]"),
            ("重复重复", "复重", "重[复重]复"),
            ("没有", "别的", "没有"),
            ("", "别的", ""),
        ] {
            assert_eq!(shown(&segments(text, &found(text, question))), expected);
        }
    }

    #[test]
    fn an_excerpt_is_one_line_around_the_longest_hit() {
        let text = format!("{}密码\n\n  {}忘记密码了{}", "甲".repeat(30), "乙".repeat(50), "丙".repeat(200));
        let excerpt = excerpt(&text, &found(&text, "忘记密码"));
        let line = shown(&excerpt);
        assert_eq!(line, format!("…{}[忘记密码]了{}…", "乙".repeat(20), "丙".repeat(65)));
        assert_eq!(shown(&super::excerpt("一\n二", &[])), "一 二");
        assert!(super::excerpt("", &[]).is_empty());
    }

    #[test]
    fn segments_together_are_the_text() {
        use proptest::prelude::*;
        proptest!(|(text in "\\PC{0,40}", question in "\\PC{0,9}")| {
            let all: String = segments(&text, &found(&text, &question)).iter().map(|s| s.text.as_str()).collect();
            prop_assert_eq!(all, text);
        });
    }
}
