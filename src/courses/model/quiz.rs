//! The questions of a quiz: pools, how many are drawn, and the rules of an attempt. Pure.
//! A question keeps its id as long as its text and its options do, whatever version of the quiz it stands in.

use serde::{Deserialize, Serialize};

use super::QuizRules;
use crate::clocks::words::words;

words! {
    /// When right answers and explanations are shown.
    ShowAnswers {
        AfterAttempt = "after_attempt", "交卷后";
        AfterPass = "after_pass", "通过后";
    }
}

words! {
    QuestionKind {
        Single = "single", "单选";
        Multiple = "multiple", "多选";
        TrueFalse = "true_false", "判断";
    }
}

/// A quiz as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// 1..100.
    pub pass_percent: i32,
    /// How many questions of all pools together; `None` = what the pools say.
    pub draw: Option<i32>,
    pub attempts_per_day: i32,
    pub show_answers: ShowAnswers,
    pub pools: Vec<Pool>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    pub name: Option<String>,
    /// How many of its questions stand on a paper; `None` = all.
    pub draw: Option<i32>,
    pub questions: Vec<Question>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: String,
    pub kind: QuestionKind,
    pub text: String,
    pub options: Vec<Choice>,
    pub explanation: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// `A`, `B`, … in the order of the text.
    pub key: String,
    pub text: String,
    pub correct: bool,
}

fn count<T>(list: &[T]) -> i32 {
    i32::try_from(list.len()).unwrap_or(i32::MAX)
}

impl Pool {
    /// How many of its questions stand on a paper.
    #[must_use]
    pub fn drawn(&self) -> i32 {
        let all = count(&self.questions);
        self.draw.map_or(all, |n| n.clamp(0, all))
    }
}

impl Paper {
    /// How many questions stand on a paper: each pool gives what it says, `draw` picks among those.
    #[must_use]
    pub fn drawn(&self) -> i32 {
        let of_pools = self.pools.iter().map(Pool::drawn).sum::<i32>();
        self.draw.map_or(of_pools, |n| n.clamp(0, of_pools))
    }

    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.pools.iter().flat_map(|p| &p.questions)
    }

    #[must_use]
    pub fn rules(&self) -> QuizRules {
        QuizRules {
            pass_percent: self.pass_percent,
            questions: self.drawn(),
            attempts_per_day: self.attempts_per_day,
            show_answers: self.show_answers,
        }
    }
}
