//! How often a quiz may still be tried, and what came of the tries.

use uuid::Uuid;

use crate::courses::model::QuizRules;
use crate::kit::clock::Timestamp;
use crate::learning::entity::attempt;
use crate::learning::views::QuizState;

const DAY_MS: i64 = 86_400_000;
const SHANGHAI_MS: i64 = 8 * 3_600_000;

/// The attempts of one person at one quiz.
pub(super) struct Tries<'a>(Vec<&'a attempt::Model>);

pub(super) fn tries(quiz: Uuid, all: &[attempt::Model]) -> Tries<'_> {
    Tries(all.iter().filter(|a| a.item_id == quiz).collect())
}

/// The day on which an attempt counts.
pub(super) fn day(now: Timestamp) -> String {
    now.shanghai_date().to_string()
}

impl Tries<'_> {
    pub(super) fn left(&self, rules: &QuizRules, now: Timestamp) -> i32 {
        let today = day(now);
        let used = self.0.iter().filter(|a| a.day == today).count();
        rules.attempts_per_day.saturating_sub(i32::try_from(used).unwrap_or(i32::MAX)).max(0)
    }

    /// Midnight in Shanghai, where none is left.
    pub(super) fn next_at(&self, rules: &QuizRules, now: Timestamp) -> Option<Timestamp> {
        let midnight = (now.0 + SHANGHAI_MS).div_euclid(DAY_MS).saturating_add(1) * DAY_MS - SHANGHAI_MS;
        (self.left(rules, now) == 0).then_some(Timestamp(midnight))
    }

    pub(super) fn open(&self) -> Option<Uuid> {
        self.0.iter().find(|a| a.submitted_at.is_none()).map(|a| a.id)
    }

    pub(super) fn last_number(&self) -> i32 {
        self.0.iter().map(|a| a.number).max().unwrap_or(0)
    }

    pub(super) fn best(&self) -> Option<i32> {
        self.0.iter().filter_map(|a| a.score).max()
    }

    pub(super) fn passed(&self) -> bool {
        self.0.iter().any(|a| a.passed == Some(true))
    }

    pub(super) fn state(&self, rules: &QuizRules, now: Timestamp) -> QuizState {
        QuizState {
            pass_percent: rules.pass_percent,
            questions: rules.questions,
            attempts_left: self.left(rules, now),
            next_attempt_at: self.next_at(rules, now),
            best_score: self.best(),
            passed: self.passed(),
            open_attempt: self.open(),
        }
    }
}
