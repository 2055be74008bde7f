//! What somebody asks for, and how well a title and a text answer it: the finer order among the best.

use std::collections::HashSet;

use super::Entry;
use super::fold::{Folded, GAP, fold};
use super::marks::marks;
use super::tokens::asked;

/// Words that ask and say nothing about what is asked; longer ones stand before what they begin with.
const ASKING: &[&str] = &[
    "怎么办",
    "怎么样",
    "怎么",
    "如何",
    "为什么",
    "为何",
    "什么",
    "请问",
    "能不能",
    "可不可以",
    "是不是",
    "有没有",
    "哪里",
    "哪儿",
    "在哪",
    "一下",
    "我的",
    "吗",
    "呢",
    "吧",
];

/// How much of an entry's title and tags a draft must tell of.
const ANSWERS: u64 = 40;

/// Not to be printed: it may be somebody's draft.
#[derive(Clone)]
pub struct Question {
    /// What was typed, folded, its gaps as one each.
    phrase: Vec<char>,
    pub tokens: Vec<String>,
    /// The same, to look one up.
    pub wanted: HashSet<String>,
}

impl Question {
    #[must_use]
    pub fn new(text: &str) -> Self {
        let folded = fold(text);
        let phrase = squeezed(&folded.chars);
        let tokens = asked(&without_asking(&phrase));
        let tokens = if tokens.is_empty() { asked(&folded) } else { tokens };
        let wanted = tokens.iter().cloned().collect();
        Self { phrase, tokens, wanted }
    }

    /// Points for an entry whose tokens have these: more where the title is about little else, and where
    /// the words stand together as they were typed.
    #[must_use]
    pub fn refine(&self, entry: &Entry, points: u64) -> u64 {
        let title = fold(&entry.title);
        let mut percent = 100 + 60 * self.share_of(&title) / 100;
        let squeezed_title = squeezed(&title.chars);
        if squeezed_title == self.phrase {
            percent += 100;
        } else if contains(&squeezed_title, &self.phrase) {
            percent += 60;
        }
        if self.phrase.len() > 2 && contains(&squeezed(&fold(&entry.body).chars), &self.phrase) {
            percent += 30;
        }
        points * percent / 100
    }

    /// How much of a text is what was asked for, in percent of its letters.
    #[must_use]
    pub fn share_of(&self, text: &Folded) -> u64 {
        let marks = marks(text, &self.wanted);
        let letters = text.chars.iter().zip(&text.origin).filter(|(c, _)| **c != GAP);
        let (mut all, mut hit) = (0, 0);
        for (_, origin) in letters {
            all += 1;
            hit += u64::from(marks.get(*origin).copied().unwrap_or(false));
        }
        100 * hit / all.max(1)
    }
}

/// Whether an entry is about what a draft tells: the letters of its title that stand in the draft, in percent,
/// and ten for each letter of a tag that does, make `ANSWERS`.
#[must_use]
pub fn answers(draft: &Question, entry: &Entry) -> bool {
    let tags = entry.tags.iter().map(|tag| squeezed(&fold(tag).chars));
    let told: usize = tags.filter(|tag| contains(&draft.phrase, tag)).map(|tag| 10 * tag.len()).sum();
    draft.share_of(&fold(&entry.title)) + u64::try_from(told).unwrap_or(u64::MAX) >= ANSWERS
}

fn squeezed(chars: &[char]) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(chars.len());
    for c in chars {
        if *c != GAP || out.last().is_some_and(|last| *last != GAP) {
            out.push(*c);
        }
    }
    if out.last() == Some(&GAP) {
        out.pop();
    }
    out
}

fn contains(text: &[char], phrase: &[char]) -> bool {
    !phrase.is_empty() && text.windows(phrase.len()).any(|w| w == phrase)
}

/// The question with a gap where asking words stood.
fn without_asking(phrase: &[char]) -> Folded {
    let mut text: String = phrase.iter().collect();
    for word in ASKING {
        text = text.replace(word, " ");
    }
    fold(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asking_words_are_cut_unless_nothing_else_is_asked() {
        assert_eq!(Question::new("请问密码怎么改？").tokens, ["密码", "改"]);
        assert_eq!(Question::new("怎么办").tokens, ["怎么", "么办"]);
        assert!(Question::new(" ！！😀 ").tokens.is_empty());
    }
}
