//! A paper: drawn from the pools of a quiz, shuffled, frozen for one attempt; and how it is marked. Pure: chance comes
//! in as a seed.
//!
//! Rule: keys of options are given after shuffling, so that nothing that leaves before the submission says which is
//! right.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::courses::model::quiz::{Choice, Paper, Pool, Question, QuestionKind, ShowAnswers};
use crate::kit::error::{Error, Result};

/// What stays of the quiz as it was when the attempt began, and what was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub pass_percent: i32,
    pub show_answers: ShowAnswers,
    pub questions: Vec<Asked>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub id: String,
    pub kind: QuestionKind,
    pub text: String,
    pub options: Vec<Choice>,
    pub explanation: Option<String>,
    /// Keys, in their order; empty before the submission and for what was left out.
    pub chosen: Vec<String>,
}

/// What somebody answered.
#[derive(Clone, Debug)]
pub struct Given {
    /// From 1.
    pub no: i32,
    pub chosen: Vec<String>,
}

/// SplitMix64: small, and the same everywhere. The seed is random, so nobody foresees a paper.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Fisher and Yates.
    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            let sides = u64::try_from(at).unwrap_or(0).saturating_add(1);
            list.swap(at, usize::try_from(self.next() % sides).unwrap_or(at));
        }
    }
}

fn some(count: i32) -> usize {
    usize::try_from(count).unwrap_or(0)
}

/// Draws a paper.
#[must_use]
pub fn draw(paper: &Paper, seed: u64) -> Sheet {
    let mut dice = Dice(seed);
    let mut drawn: Vec<&Question> = Vec::new();
    for pool in &paper.pools {
        let mut questions: Vec<&Question> = pool.questions.iter().collect();
        dice.shuffle(&mut questions);
        questions.truncate(some(Pool::drawn(pool)));
        drawn.extend(questions);
    }
    dice.shuffle(&mut drawn);
    drawn.truncate(some(paper.drawn()));
    let questions = drawn.into_iter().map(|q| ask(q, &mut dice)).collect();
    Sheet { pass_percent: paper.pass_percent, show_answers: paper.show_answers, questions }
}

fn ask(question: &Question, dice: &mut Dice) -> Asked {
    let mut options = question.options.clone();
    // 对 stands before 错 wherever one looks.
    if question.kind != QuestionKind::TrueFalse {
        dice.shuffle(&mut options);
    }
    for (option, key) in options.iter_mut().zip('A'..='Z') {
        option.key = key.to_string();
    }
    Asked {
        id: question.id.clone(),
        kind: question.kind,
        text: question.text.clone(),
        options,
        explanation: question.explanation.clone(),
        chosen: Vec::new(),
    }
}

impl Asked {
    /// The keys that are right, in order.
    #[must_use]
    pub fn correct(&self) -> Vec<String> {
        self.options.iter().filter(|o| o.correct).map(|o| o.key.clone()).collect()
    }

    /// All that is right and nothing else.
    #[must_use]
    pub fn is_right(&self) -> bool {
        !self.chosen.is_empty() && self.chosen == self.correct()
    }
}

impl Sheet {
    /// Writes down what was chosen. What is left out counts as wrong.
    ///
    /// # Errors
    /// 422 for a question that is not on the paper or answered twice, a key that it has not, or two where one is asked.
    pub fn fill(&mut self, answers: &[Given]) -> Result<()> {
        let mut answered = HashSet::new();
        for (at, answer) in answers.iter().enumerate() {
            let place = usize::try_from(answer.no).ok().and_then(|no| no.checked_sub(1));
            let asked = place.and_then(|place| self.questions.get_mut(place));
            let field = |name: &str| format!("answers[{at}].{name}");
            let Some(asked) = asked.filter(|_| answered.insert(answer.no)) else {
                return Err(Error::field(field("no"), "OUT_OF_RANGE", "试卷上没有这道题，或答了两次"));
            };
            let known = |key: &String| asked.options.iter().any(|o| o.key == *key);
            if !answer.chosen.iter().all(known) {
                return Err(Error::field(field("chosen"), "OUT_OF_RANGE", "没有这个选项"));
            }
            let mut chosen = answer.chosen.clone();
            chosen.sort();
            chosen.dedup();
            if chosen.len() > 1 && asked.kind != QuestionKind::Multiple {
                return Err(Error::field(field("chosen"), "TOO_MANY", "这道题只能选一项"));
            }
            asked.chosen = chosen;
        }
        Ok(())
    }

    /// Percent of the questions that are right, rounded down, and whether that passes.
    #[must_use]
    pub fn mark(&self) -> (i32, bool) {
        let right = self.questions.iter().filter(|q| q.is_right()).count();
        let all = self.questions.len().max(1);
        let score = i32::try_from(right * 100 / all).unwrap_or(0);
        // Compared before rounding: 2 of 3 do not pass at 67.
        let needed = all * some(self.pass_percent);
        (score, right * 100 >= needed && right > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(id: &str, kind: QuestionKind, right: &[bool]) -> Question {
        let option = |(n, correct): (usize, &bool)| Choice {
            key: char::from(b'A' + u8::try_from(n).unwrap()).to_string(),
            text: format!("{id}-{n}"),
            correct: *correct,
        };
        Question {
            id: id.to_owned(),
            kind,
            text: format!("题 {id}"),
            options: right.iter().enumerate().map(option).collect(),
            explanation: Some(format!("解 {id}")),
        }
    }

    fn paper(draw: Option<i32>) -> Paper {
        let singles =
            (0..10).map(|n| question(&format!("s{n}"), QuestionKind::Single, &[true, false, false]));
        let others = vec![
            question("m", QuestionKind::Multiple, &[true, true, false, false]),
            question("t", QuestionKind::TrueFalse, &[false, true]),
        ];
        Paper {
            pass_percent: 80,
            draw,
            attempts_per_day: 3,
            show_answers: ShowAnswers::AfterAttempt,
            pools: vec![
                Pool { name: None, draw: Some(3), questions: singles.collect() },
                Pool { name: None, draw: None, questions: others },
            ],
        }
    }

    #[test]
    fn every_seed_gives_a_whole_paper_and_no_two_orders_are_always_the_same() {
        let mut keys = HashSet::new();
        let mut first = HashSet::new();
        for seed in 0..200 {
            let sheet = draw(&paper(None), seed);
            let ids: HashSet<&str> = sheet.questions.iter().map(|q| q.id.as_str()).collect();
            assert_eq!((sheet.questions.len(), ids.len()), (5, 5), "seed {seed}");
            assert!(ids.contains("m") && ids.contains("t"), "seed {seed}");
            for asked in &sheet.questions {
                let shown: Vec<&str> = asked.options.iter().map(|o| o.key.as_str()).collect();
                assert_eq!(shown, ["A", "B", "C", "D"][..shown.len()], "seed {seed}");
                match asked.kind {
                    QuestionKind::Single => drop(keys.insert(asked.correct())),
                    QuestionKind::TrueFalse => assert_eq!(asked.correct(), ["B"]),
                    QuestionKind::Multiple => assert_eq!(asked.correct().len(), 2),
                }
            }
            first.insert(sheet.questions[0].id.clone());
            assert_eq!(draw(&paper(Some(2)), seed).questions.len(), 2);
            assert_eq!(draw(&paper(None), seed), sheet, "the same seed, the same paper");
        }
        assert_eq!(keys.len(), 3, "the right one stands everywhere: {keys:?}");
        assert!(first.len() > 8, "{first:?}");
    }

    #[test]
    fn marking_wants_all_that_is_right_and_nothing_else() {
        let mut sheet = draw(&paper(None), 7);
        assert_eq!(sheet.mark(), (0, false), "an empty sheet");
        let all: Vec<Given> = sheet
            .questions
            .iter()
            .zip(1..)
            .map(|(q, no)| Given { no, chosen: q.correct().into_iter().rev().collect() })
            .collect();
        sheet.fill(&all).unwrap();
        assert_eq!(sheet.mark(), (100, true));
        let multiple = sheet.questions.iter().position(|q| q.kind == QuestionKind::Multiple).unwrap();
        sheet.questions[multiple].chosen.pop();
        assert_eq!(sheet.mark(), (80, true), "half of a multiple choice is wrong; 4 of 5 pass at 80");
        sheet.questions[(multiple + 1) % 5].chosen.clear();
        assert_eq!(sheet.mark(), (60, false));
        sheet.pass_percent = 61;
        assert!(!sheet.mark().1);
        sheet.pass_percent = 60;
        assert!(sheet.mark().1);
    }

    #[test]
    fn answers_that_cannot_be_are_refused_by_name() {
        let sheet = draw(&paper(None), 7);
        let single = sheet.questions.iter().position(|q| q.kind == QuestionKind::Single).unwrap();
        let no = i32::try_from(single).unwrap() + 1;
        let give =
            |no, chosen: &[&str]| Given { no, chosen: chosen.iter().map(|c| (*c).to_owned()).collect() };
        for (answers, field) in [
            (vec![give(0, &["A"])], "answers[0].no"),
            (vec![give(6, &["A"])], "answers[0].no"),
            (vec![give(-1, &["A"])], "answers[0].no"),
            (vec![give(no, &["A"]), give(no, &["B"])], "answers[1].no"),
            (vec![give(no, &["E"])], "answers[0].chosen"),
            (vec![give(no, &["A", "B"])], "answers[0].chosen"),
        ] {
            let refused = sheet.clone().fill(&answers).unwrap_err();
            assert_eq!(refused.fields()[0].field, field);
        }
    }
}
