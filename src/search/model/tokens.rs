//! What of a text is looked up. Of Chinese: each two neighbouring characters, and each single one; so that
//! a word is found wherever it stands in a sentence, without a dictionary. Of a Latin word or a number: it
//! and all its beginnings, so that `exc` finds `Excel`; of a mixed one the parts as well.

use std::collections::BTreeMap;

use super::Entry;
use super::fold::{Folded, Script, fold};

/// A Latin word counts by its first characters, so that a pasted key does not fill the index.
pub const LONGEST_WORD: usize = 16;

/// Points of a token for standing in the title, and for standing in the tags or the category.
const TITLE: u32 = 36;
const TAGS: u32 = 14;
/// Most points for standing in the body, however often. With all three: what fits into six bits.
const BODY: u32 = 13;

/// A body of usual length, in characters: in a longer one a token counts less.
const USUAL: usize = 600;

/// Which tokens a document has, and how much each says about it: 1..=63.
pub type Impacts = BTreeMap<String, u8>;

/// The tokens of a document.
#[must_use]
pub fn impacts(entry: &Entry) -> Impacts {
    let mut places: BTreeMap<String, (bool, bool, usize)> = BTreeMap::new();
    for_each(&fold(&entry.title), |token| places.entry(token).or_default().0 = true);
    for tag in entry.tags.iter().chain([&entry.category]) {
        for_each(&fold(tag), |token| places.entry(token).or_default().1 = true);
    }
    let body = fold(&entry.body);
    for_each(&body, |token| places.entry(token).or_default().2 += 1);
    let points = |(title, tags, times): (bool, bool, usize)| {
        let points = u32::from(title) * TITLE + u32::from(tags) * TAGS + often(times, body.chars.len());
        u8::try_from(points.clamp(1, 63)).unwrap_or(u8::MAX)
    };
    places.into_iter().map(|(token, found)| (token, points(found))).collect()
}

/// Points for standing in the body, as BM25 has it with k₁ = 1.2 and b = 0.75: tf·2.2 / (tf + 1.2·(0.25 + 0.75·length/usual)).
fn often(times: usize, length: usize) -> u32 {
    if times == 0 {
        return 0;
    }
    let damp = 300 + 900 * length / USUAL;
    let points = 13 * 1000 * times / (1000 * times + damp);
    u32::try_from(points).unwrap_or(BODY).clamp(1, BODY)
}

/// A word like `100mb` in its letters and digits, because some write it with a space; `p9` or `mp4` as it is.
pub fn parts(run: &[char]) -> impl Iterator<Item = &[char]> {
    let cuts = run.chunk_by(|a, b| a.is_numeric() == b.is_numeric()).all(|part| part.len() > 1);
    run.chunk_by(move |a, b| !cuts || a.is_numeric() == b.is_numeric())
}

fn for_each(folded: &Folded, mut out: impl FnMut(String)) {
    for (script, _, run) in folded.runs() {
        match script {
            Script::Dense => {
                run.iter().for_each(|c| out(c.to_string()));
                run.windows(2).for_each(|pair| out(pair.iter().collect()));
            }
            Script::Spaced => {
                let mut beginnings = |part: &[char]| {
                    let mut word = String::new();
                    for c in part.iter().take(LONGEST_WORD) {
                        word.push(*c);
                        out(word.clone());
                    }
                };
                beginnings(run);
                parts(run).skip(1).for_each(beginnings);
            }
        }
    }
}

/// The tokens that a text is looked up by, each once, in the order of the text: of Chinese the pairs, a
/// single character only where it stands alone; of a word what was typed of it.
#[must_use]
pub fn asked(folded: &Folded) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut add = |token: String| {
        if !tokens.contains(&token) {
            tokens.push(token);
        }
    };
    for (script, _, run) in folded.runs() {
        match script {
            Script::Dense if run.len() > 1 => run.windows(2).for_each(|pair| add(pair.iter().collect())),
            Script::Dense => run.iter().for_each(|c| add(c.to_string())),
            Script::Spaced => parts(run).for_each(|part| add(part.iter().take(LONGEST_WORD).collect())),
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn entry(title: &str, body: &str, tags: &[&str]) -> Entry {
        Entry {
            id: Uuid::nil(),
            course_id: Uuid::nil(),
            kind: "article".to_owned(),
            title: title.to_owned(),
            body: body.to_owned(),
            tags: tags.iter().map(|t| (*t).to_owned()).collect(),
            category: String::new(),
        }
    }

    #[test]
    fn chinese_is_cut_into_pairs_and_words_keep_their_beginnings() {
        let found = impacts(&entry("用Win重启", "", &[]));
        let tokens: Vec<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(tokens, ["w", "wi", "win", "启", "用", "重", "重启"]);
        assert_eq!(asked(&fold("密码忘了 WIN 忘了 码")), ["密码", "码忘", "忘了", "win", "码"]);
        assert_eq!(asked(&fold("100MB P9 mp4 win10")), ["100", "mb", "p9", "mp4", "win", "10"]);
        assert!(impacts(&entry("100MB", "", &[])).contains_key("mb"));
        assert!(asked(&fold("😀！？ \u{3000}")).is_empty());
    }

    #[test]
    fn the_title_says_more_than_tags_and_they_more_than_the_body() {
        let of = |e: &Entry| impacts(e).get("密码").copied().unwrap_or_default();
        let (title, tag) = (of(&entry("密码", "", &[])), of(&entry("", "", &["密码"])));
        let short = of(&entry("", "密码", &[]));
        let often = of(&entry("", &"密码".repeat(500), &[]));
        let long = of(&entry("", &format!("密码{}", "某".repeat(3000)), &[]));
        assert!(title > tag && tag > often && often > short && short > long && long > 0);
        assert_eq!(of(&entry("密码", &"密码。".repeat(9999), &["密码"])), 62);
    }
}
