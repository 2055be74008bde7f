//! How far somebody is with an item and with a course. Pure: from the edition in force and what is stored of the person.
//!
//! Rule: what was completed once stays completed. A new version is new content, a new item lowers the percentage;
//! neither takes anything back.

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::LearningState;
use crate::courses::model::{Course, Item, Kind};
use crate::kit::clock::Timestamp;

/// What is stored of one version of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub item_id: Uuid,
    pub version_id: Uuid,
    pub coverage: i32,
    pub position_ms: i64,
    pub completed_at: Option<Timestamp>,
}

/// A certificate as far as it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earned {
    pub edition: i32,
    pub issued_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemStanding {
    pub state: LearningState,
    /// Of the version in force, percent.
    pub coverage: i32,
    pub position_ms: Option<i64>,
    pub completed_at: Option<Timestamp>,
    pub has_new: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseStanding {
    pub state: LearningState,
    /// Of the required items, 0..100.
    pub percent: i32,
    pub completed_at: Option<Timestamp>,
    pub has_new: bool,
    /// Every required item is completed, in the version in force.
    pub is_fresh: bool,
}

#[must_use]
pub fn item(item: &Item, rows: &[Row]) -> ItemStanding {
    let mine = || rows.iter().filter(|r| r.item_id == item.id);
    let current = mine().find(|r| r.version_id == item.version_id);
    let completed_at = mine().filter_map(|r| r.completed_at).max();
    let state = match completed_at {
        Some(_) => LearningState::Completed,
        None if mine().next().is_some() => LearningState::InProgress,
        None => LearningState::NotStarted,
    };
    ItemStanding {
        state,
        coverage: current.map_or(0, |r| r.coverage),
        position_ms: current.map(|r| r.position_ms).filter(|_| item.kind.plays()),
        completed_at,
        has_new: completed_at.is_some() && current.is_none_or(|r| r.completed_at.is_none()),
    }
}

/// `earned`: the latest certificate of this course.
#[must_use]
pub fn course(course: &Course, rows: &[Row], earned: Option<Earned>) -> CourseStanding {
    let items: Vec<(&Item, ItemStanding)> = course.items().map(|i| (i, item(i, rows))).collect();
    let has_required = items.iter().any(|(i, _)| i.required);
    // Where nothing is required, everything counts.
    let counted: Vec<&ItemStanding> =
        items.iter().filter(|(i, _)| i.required || !has_required).map(|(_, s)| s).collect();
    let done = counted.iter().filter(|s| s.state == LearningState::Completed).count();
    let percent = (done * 100).checked_div(counted.len()).and_then(|p| i32::try_from(p).ok()).unwrap_or(0);
    let is_done = earned.is_some() || percent == 100;
    let state = match is_done {
        true => LearningState::Completed,
        false if items.iter().any(|(_, s)| s.state != LearningState::NotStarted) => LearningState::InProgress,
        false => LearningState::NotStarted,
    };
    let last = || counted.iter().filter_map(|s| s.completed_at).max();
    CourseStanding {
        state,
        percent,
        completed_at: is_done.then(|| earned.map(|e| e.issued_at).or_else(last)).flatten(),
        has_new: is_done && (percent < 100 || items.iter().any(|(_, s)| s.has_new)),
        is_fresh: percent == 100 && counted.iter().all(|s| !s.has_new),
    }
}

/// Whether a certificate is to be issued now: at the first completion, and once more for an edition whose new content
/// was taken too.
#[must_use]
pub fn earns(course: &Course, standing: &CourseStanding, latest: Option<Earned>) -> bool {
    match latest {
        None => standing.percent == 100,
        Some(earned) => standing.is_fresh && earned.edition < course.edition,
    }
}

/// When somebody must have taken it: days after the publication, or after they joined when that was later.
#[must_use]
pub fn due_on(course: &Course, joined_at: Timestamp) -> Option<NaiveDate> {
    let days = u64::try_from(course.due_days?).ok()?;
    let from = course.first_published_at.max(joined_at).shanghai_date();
    from.checked_add_days(Days::new(days))
}

/// How long a course takes, in minutes: what plays, what is to be read, half a minute for each question.
#[must_use]
pub fn minutes(course: &Course) -> i64 {
    let one = |item: &Item| match item.kind {
        Kind::Quiz => item.quiz.map_or(0, |q| i64::from(q.questions) * 30_000),
        _ => item.duration_ms.unwrap_or_else(|| i64::from(item.min_dwell_seconds) * 1000),
    };
    let whole: i64 = course.items().map(one).sum();
    if whole == 0 { 0 } else { whole.saturating_add(59_999) / 60_000 }
}

#[cfg(test)]
#[path = "standing_tests.rs"]
pub(super) mod tests;
