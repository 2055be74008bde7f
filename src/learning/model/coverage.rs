//! The coverage report (6.2): per subject and department what was planned, held and attended, who began, who is done,
//! and who is late. Pure arithmetic over facts; single results never stand in it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;

use super::standing::due_on;
use crate::classes::Held;
use crate::courses::model::{Category, Course};
use crate::kit::clock::Timestamp;

/// Somebody of the client.
#[derive(Clone, Debug)]
pub struct Learner {
    pub id: Uuid,
    pub department: Option<String>,
    pub joined_at: Timestamp,
}

/// What happened until the end of the span.
#[derive(Debug, Default)]
pub struct Facts {
    /// Person and course: something of it was opened.
    pub started: HashSet<(Uuid, Uuid)>,
    /// Person and course: a certificate was issued.
    pub completed: HashSet<(Uuid, Uuid)>,
    /// Submitted within the span: person, course, passed.
    pub attempts: Vec<(Uuid, Uuid, bool)>,
    /// Began within the span.
    pub classes: Vec<Held>,
}

/// One line. People count once each, however many courses or classes they took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub people: i64,
    pub planned: i64,
    pub held: i64,
    pub attended: i64,
    pub started: i64,
    pub completed: i64,
    pub attempts: i64,
    pub passed: i64,
    pub overdue: i64,
}

impl Counts {
    /// Percent of the attempts that passed; nothing without attempts.
    #[must_use]
    pub fn pass_rate(&self) -> Option<i64> {
        (self.passed * 100).checked_div(self.attempts)
    }
}

/// How one person stands in one subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Mandatory courses of the subject, and how many of them are done or late.
    pub mandatory: i64,
    pub mandatory_done: i64,
    pub overdue: i64,
    pub has_started: bool,
    /// All that is mandatory is done; where nothing is, any course.
    pub has_completed: bool,
    pub attended: i64,
}

/// How a person stands in a subject, as of `today`.
#[must_use]
pub fn standing(
    person: &Learner,
    category: Category,
    courses: &[Arc<Course>],
    facts: &Facts,
    today: NaiveDate,
) -> Standing {
    let mut standing = Standing::default();
    let mut any_done = false;
    for course in courses.iter().filter(|c| c.category == category) {
        let place = (person.id, course.id);
        let is_done = facts.completed.contains(&place);
        standing.has_started |= is_done || facts.started.contains(&place);
        any_done |= is_done;
        if course.is_mandatory_for(person.department.as_deref()) {
            standing.mandatory += 1;
            standing.mandatory_done += i64::from(is_done);
            let is_late = !is_done && due_on(course, person.joined_at).is_some_and(|due| due < today);
            standing.overdue += i64::from(is_late);
        }
    }
    standing.has_completed = match standing.mandatory {
        0 => any_done,
        mandatory => standing.mandatory_done == mandatory,
    };
    let here = |class: &&Held| class.category == category && class.present.contains(&person.id);
    standing.attended = i64::try_from(facts.classes.iter().filter(here).count()).unwrap_or(i64::MAX);
    standing
}

/// The report: a line for each subject and department, and one for each subject.
#[derive(Debug, Default)]
pub struct Report {
    pub rows: Vec<(Category, String, Counts)>,
    pub totals: Vec<(Category, Counts)>,
}

#[must_use]
pub fn report(people: &[Learner], courses: &[Arc<Course>], facts: &Facts, today: NaiveDate) -> Report {
    let mut departments: Vec<String> = people.iter().map(|p| name(p.department.as_deref())).collect();
    departments.sort();
    departments.dedup();
    let subject: HashMap<Uuid, Category> = courses.iter().map(|c| (c.id, c.category)).collect();
    let home: HashMap<Uuid, String> = people.iter().map(|p| (p.id, name(p.department.as_deref()))).collect();
    let mut report = Report::default();
    for category in Category::ALL.iter().copied() {
        let mut lines: HashMap<&str, Counts> = HashMap::new();
        let mut total = Counts::default();
        for person in people {
            let line = lines.entry(departments_name(&departments, person)).or_default();
            let standing = standing(person, category, courses, facts, today);
            for counts in [line, &mut total] {
                counts.people += 1;
                counts.started += i64::from(standing.has_started);
                counts.completed += i64::from(standing.has_completed);
                counts.overdue += i64::from(standing.overdue > 0);
                counts.attended += i64::from(standing.attended > 0);
            }
        }
        for (person, course, passed) in &facts.attempts {
            // Who left since is in nobody's line any more.
            let Some(home) = home.get(person).filter(|_| subject.get(course) == Some(&category)) else {
                continue;
            };
            let line = lines.entry(home.as_str()).or_default();
            for counts in [line, &mut total] {
                counts.attempts += 1;
                counts.passed += i64::from(*passed);
            }
        }
        for class in facts.classes.iter().filter(|c| c.category == category) {
            total.planned += 1;
            total.held += i64::from(class.is_held);
            for department in &departments {
                if class.departments.iter().any(|d| d == "*" || d == department) {
                    let line = lines.entry(department).or_default();
                    line.planned += 1;
                    line.held += i64::from(class.is_held);
                }
            }
        }
        for department in &departments {
            let counts = lines.get(department.as_str()).copied().unwrap_or_default();
            report.rows.push((category, department.clone(), counts));
        }
        report.totals.push((category, total));
    }
    report
}

/// How a department is called in the report.
#[must_use]
pub fn name(department: Option<&str>) -> String {
    department.unwrap_or("未分部门").to_owned()
}

fn departments_name<'a>(all: &'a [String], person: &Learner) -> &'a str {
    let own = name(person.department.as_deref());
    all.iter().find(|d| **d == own).map_or("", String::as_str)
}

#[cfg(test)]
#[path = "coverage_tests.rs"]
mod tests;
