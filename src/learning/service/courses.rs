//! The learner's list of courses, and one course with its items.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use super::completion::shown;
use super::quizzes::{self, Tries};
use super::{Me, earned, enter, rows};
use crate::courses;
use crate::courses::model::{Catalog, Course, Item, Kind};
use crate::identity::policy::Action;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::{Cursor, Page, window};
use crate::learning::entity::certificate;
use crate::learning::model::standing::{self, Row};
use crate::learning::requests::CourseQuery;
use crate::learning::store::{attempts, certificates, progress};
use crate::learning::views::{CourseItem, CourseSection, CourseSummary, CourseView, MyCourse, MyItem};

/// The courses in force, by subject and title, each with the caller's progress.
///
/// # Errors
/// 403, 428; 422 naming the parameter.
pub async fn list(ctx: &Ctx, query: &CourseQuery) -> Result<Page<CourseSummary>> {
    enter(ctx, Action::ReadCourses)?;
    let (limit, after) = window(query.limit, query.cursor.as_deref())?;
    let catalog = courses::published(&ctx.kit).await?;
    let me = Me::of(ctx).await?;
    let db = ctx.kit.db.reader();
    let mine = rows(&progress::of_person(db, me.id).await?);
    let earned = latest(certificates::of_person(db, me.id).await?);
    let wanted = catalog.courses.iter().filter(|c| query.category.is_none_or(|k| k == c.category));
    // The catalogue is small and in memory; a course that went away meanwhile begins the list anew.
    let wanted: Vec<&Arc<Course>> = wanted.collect();
    let from = after.and_then(|a| wanted.iter().position(|c| c.id == a.id)).map_or(0, |at| at + 1);
    let surplus = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    let some = wanted.iter().skip(from).take(surplus);
    let items = some.map(|c| summary(&me, c, &mine, earned.get(&c.id), &catalog)).collect::<Result<_>>()?;
    Ok(Page::from_surplus(items, limit, |c: &CourseSummary| Cursor { key: 0, id: c.id }))
}

/// The latest certificate of each course; they come with the latest first.
fn latest(all: Vec<certificate::Model>) -> HashMap<Uuid, certificate::Model> {
    let mut by_course = HashMap::new();
    for one in all {
        by_course.entry(one.course_id).or_insert(one);
    }
    by_course
}

/// One course with its items.
///
/// # Errors
/// 403, 428; 404 for a course that is not in force.
pub async fn show(ctx: &Ctx, id: Uuid) -> Result<CourseView> {
    enter(ctx, Action::ReadCourses)?;
    let catalog = courses::published(&ctx.kit).await?;
    let course = catalog.course(id).ok_or_else(|| Error::new(Code::NotFound))?;
    let me = Me::of(ctx).await?;
    let db = ctx.kit.db.reader();
    let mine = rows(&progress::of_course(db, me.id, id).await?);
    let certificate = certificates::latest(db, me.id, id).await?;
    let quizzes: Vec<Uuid> = course.items().filter(|i| i.kind == Kind::Quiz).map(|i| i.id).collect();
    let tries = attempts::of_quizzes(db, me.id, &quizzes).await?;
    let section = |s: &courses::model::Section| CourseSection {
        title: s.title.clone(),
        items: s.items.iter().map(|i| item(i, &mine, &quizzes::tries(i.id, &tries), ctx)).collect(),
    };
    Ok(CourseView {
        summary: summary(&me, course, &mine, certificate.as_ref(), &catalog)?,
        sections: course.sections.iter().map(section).collect(),
    })
}

fn item(item: &Item, mine: &[Row], tries: &Tries<'_>, ctx: &Ctx) -> CourseItem {
    let standing = standing::item(item, mine);
    CourseItem {
        id: item.id,
        kind: item.kind,
        title: item.title.clone(),
        required: item.required,
        version_id: item.version_id,
        version_no: item.version_no,
        duration_ms: item.duration_ms,
        pages: item.pages,
        min_coverage: item.min_coverage,
        link: item.link.clone(),
        my: MyItem {
            state: standing.state,
            coverage: standing.coverage,
            position: standing.position_ms.map(seconds),
            completed_at: standing.completed_at,
            has_new: standing.has_new,
        },
        quiz: item.quiz.map(|rules| tries.state(&rules, ctx.now)),
    }
}

/// Durations of media are far below 2^53 milliseconds.
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

fn summary(
    me: &Me,
    course: &Course,
    mine: &[Row],
    certificate: Option<&certificate::Model>,
    catalog: &Catalog,
) -> Result<CourseSummary> {
    let standing = standing::course(course, mine, certificate.map(earned));
    let client = me.client.as_ref().filter(|c| course.is_mandatory_for(c.department.as_deref()));
    Ok(CourseSummary {
        id: course.id,
        category: course.category,
        title: course.title.clone(),
        summary: course.summary.clone(),
        tags: course.tags.clone(),
        edition: course.edition,
        minutes: standing::minutes(course),
        items: course.items().count(),
        mandatory: client.is_some(),
        due_on: client.and_then(|c| standing::due_on(course, c.joined_at)),
        my: MyCourse {
            state: standing.state,
            percent: standing.percent,
            completed_at: standing.completed_at,
            has_new: standing.has_new,
        },
        certificate: certificate.map(|c| shown(c, catalog)).transpose()?,
    })
}
