//! Reminders of mandatory courses: 7 days before they are due, on the day before, and on the day after.
//!
//! Each is claimed in the transaction of its notice: exactly once with any number of workers. When nobody looked for a
//! while, the latest one goes out and those that it replaces do not.

use chrono::NaiveDate;
use serde_json::json;

use crate::courses;
use crate::courses::model::Course;
use crate::identity::people;
use crate::kit::Kit;
use crate::kit::actor::Side;
use crate::kit::error::Result;
use crate::learning::model::standing::due_on;
use crate::learning::store::reminders::{self as store, Due};
use crate::learning::store::report;
use crate::ledger;
use crate::notices::{self, Line};

/// What was due longer ago is reminded of no more.
const LATE_DAYS: i64 = -30;

/// Which reminder is in place so many days before the due date.
fn reminder(days_left: i64) -> Option<i32> {
    match days_left {
        2..=7 => Some(7),
        0..=1 => Some(1),
        LATE_DAYS..0 => Some(-1),
        _ => None,
    }
}

fn text(course: &Course, due: &Due) -> String {
    let day = due.due_on.format("%m-%d");
    match due.days {
        -1 => format!("《{}》应在 {day} 前完成，现已逾期，请尽快完成", course.title),
        _ => format!("《{}》请在 {day} 前完成", course.title),
    }
}

/// Gives the reminders that are in place now.
///
/// # Errors
/// What the database says; what was given stays given.
pub async fn give(kit: &Kit) -> Result<usize> {
    let (now, db) = (kit.clock.now(), kit.db.reader());
    let today = now.shanghai_date();
    let catalog = courses::published(kit).await?;
    let asked = catalog.courses.iter().filter(|c| c.due_days.is_some() && !c.mandatory_for.is_empty());
    let asked: Vec<_> = asked.collect();
    if asked.is_empty() {
        return Ok(0);
    }
    let roll = people::roll(db, Side::Client).await?;
    let departments = people::departments(db, Side::Client).await?;
    let mut given = 0;
    for course in asked {
        let done = report::certified(db, course.id).await?;
        let told = store::given(db, course.id).await?;
        let mut due = Vec::new();
        for person in roll.iter().filter(|p| !done.contains(&p.id)) {
            let department = departments.iter().find(|d| Some(d.id) == person.department_id);
            if !course.is_mandatory_for(department.map(|d| d.name.as_str())) {
                continue;
            }
            let Some(due_on) = due_on(course, person.joined_at) else { continue };
            let Some(days) = reminder(days_between(today, due_on)) else { continue };
            if !told.contains(&(person.id, due_on.to_string(), days)) {
                due.push(Due { person_id: person.id, due_on, days });
            }
        }
        if !due.is_empty() {
            given += tell(kit, course, &due).await?;
        }
    }
    Ok(given)
}

fn days_between(today: NaiveDate, due_on: NaiveDate) -> i64 {
    (due_on - today).num_days()
}

async fn tell(kit: &Kit, course: &Course, due: &[Due]) -> Result<usize> {
    let now = kit.clock.now();
    let tx = kit.db.write_tx().await?;
    let claimed = store::claim(&tx, course.id, due, now).await?;
    let line = |due: &Due| Line {
        person_id: due.person_id,
        event: format!("course.due.{}", due.days),
        object_kind: "course",
        object_id: course.id,
        number: course.title.clone(),
        text: text(course, due),
        urgent: false,
    };
    let lines: Vec<Line> = due.iter().filter(|d| claimed.contains(&d.person_id)).map(line).collect();
    let count = lines.len();
    if count > 0 {
        let entry = ledger::Entry {
            action: "course.reminded",
            object_kind: "course",
            object_id: course.id,
            detail: json!({ "edition": course.edition, "count": count }),
            content: &[],
        };
        notices::deliver_new(kit, &tx, now, lines).await?;
        ledger::append_system(kit, &*tx, entry).await?;
    }
    tx.commit().await?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_reminder_in_place_is_given() {
        let at = [31, 8, 7, 2, 1, 0, -1, -30, -31].map(reminder);
        let expected = [None, None, Some(7), Some(7), Some(1), Some(1), Some(-1), Some(-1), None];
        assert_eq!(at, expected);
    }
}
