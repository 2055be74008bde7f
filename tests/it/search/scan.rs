//! Random texts, random changes, random questions: what the index says is what looking through every text
//! character by character says.

use std::collections::BTreeMap;

use lvyue::search::Entry;
use serde_json::Value;

use super::{entry, find, publish, take_back};
use crate::support::World;

/// A small alphabet, so that chance makes words: simplified, traditional, both widths, gaps.
const LETTERS: &[&str] =
    &["密", "码", "碼", "系", "统", "統", "打", "印", "机", "登", "录", "，", " ", "a", "b", "Ａ", "B", "3"];

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn text(&mut self, most: usize) -> String {
        (0..self.roll(most + 1)).map(|_| LETTERS[self.roll(LETTERS.len())]).collect()
    }
}

/// As the search compares, written again for these letters.
fn plain(text: &str) -> String {
    let letter = |c| match c {
        '碼' => '码',
        '統' => '统',
        'Ａ' => 'a',
        'B' => 'b',
        '，' => ' ',
        c => c,
    };
    text.chars().map(letter).collect()
}

/// Whether one of the texts has the question: a piece of Chinese anywhere, a word by its beginning.
fn has(entry: &Entry, asked: &str) -> bool {
    let texts = [&entry.title, &entry.body].into_iter().chain(&entry.tags).map(|t| plain(t));
    let word = asked.is_ascii();
    texts.into_iter().any(|text| text.match_indices(asked).any(|(at, _)| !word || begins(&text, at)))
}

/// Whether a word begins here, or, in one like `33ab` whose letters and digits all stand in twos at least, a part of it.
fn begins(text: &str, at: usize) -> bool {
    let in_word = |c: char| c.is_ascii_alphanumeric();
    let start = text[..at].trim_end_matches(in_word).len();
    let run = text[start..].split(|c| !in_word(c)).next().unwrap();
    let parts: Vec<&[u8]> =
        run.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()).collect();
    let starts = parts.iter().scan(start, |at, part| {
        *at += part.len();
        Some(*at)
    });
    at == start || (parts.iter().all(|part| part.len() > 1) && starts.collect::<Vec<_>>().contains(&at))
}

#[test]
fn words_begin_where_letters_and_digits_part() {
    let at = |text: &str| (0..text.len()).filter(|at| begins(text, *at)).collect::<Vec<_>>();
    assert_eq!(
        (at("33aa"), at("3aa"), at("ab33 b"), at("aa3")),
        (vec![0, 2], vec![0], vec![0, 2, 4, 5], vec![0])
    );
}

fn ids(found: &Value) -> Vec<String> {
    let mut ids: Vec<String> =
        found["items"].as_array().unwrap().iter().map(|i| i["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

story!(the_index_finds_what_a_scan_finds, async |w: World| {
    let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    let seed = u64::try_from(seed & 0xffff_ffff).unwrap();
    eprintln!("seed {seed}");
    let mut dice = Dice(seed);
    let amy = w.as_("amy").await;
    let mut there: BTreeMap<u128, Entry> = BTreeMap::new();
    for round in 0..12 {
        let mut changed: BTreeMap<u128, Entry> = BTreeMap::new();
        for _ in 0..dice.roll(12) {
            let number = u128::try_from(dice.roll(40)).unwrap();
            let (title, body, tag) = (dice.text(8), dice.text(60), dice.text(3));
            changed.insert(number, entry(number, &title, &body, &[&tag]));
        }
        publish(&w, &changed.values().cloned().collect::<Vec<_>>()).await;
        there.append(&mut changed);
        for number in (0..dice.roll(4)).map(|_| u128::try_from(dice.roll(40)).unwrap()).collect::<Vec<_>>() {
            take_back(&w, entry(number, "", "", &[]).id).await;
            there.remove(&number);
        }
        for _ in 0..15 {
            let typed = dice.text(3);
            let asked = plain(&typed);
            let asked = asked.trim();
            // One piece: one or two Chinese characters, or a word without a border between letters and digits.
            let chinese = asked.chars().all(|c| !c.is_ascii()) && asked.chars().count() <= 2;
            let word = asked.chars().all(|c| c.is_ascii_alphabetic()) || asked == "3";
            if asked.is_empty() || !(chinese || word) {
                continue;
            }
            let found = find(&amy, &typed, "&in=materials&limit=50").await;
            let mut scanned: Vec<String> =
                there.values().filter(|e| has(e, asked)).map(|e| e.id.to_string()).collect();
            scanned.sort();
            assert_eq!(ids(&found), scanned, "seed {seed}, round {round}: {typed:?}");
            assert_eq!(found["total"], scanned.len());
        }
        // A longer piece: what has it is among what is found.
        let typed: String = (0..4).map(|_| LETTERS[dice.roll(11)]).collect();
        let found = ids(&find(&amy, &typed, "&in=materials&limit=50").await);
        for entry in there.values().filter(|e| has(e, &plain(&typed))) {
            assert!(found.contains(&entry.id.to_string()), "seed {seed}, round {round}: {typed:?}");
        }
    }
    w
});
