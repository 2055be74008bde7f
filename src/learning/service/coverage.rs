//! The coverage report, and how far each single person is, for those who may know.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::enter;
use crate::classes;
use crate::contract::model::midnight;
use crate::courses;
use crate::courses::model::Category;
use crate::identity::people;
use crate::identity::policy::Action;
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::{Cursor, Page, window};
use crate::learning::model::LearningState;
use crate::learning::model::coverage::{self, Facts, Learner as Person};
use crate::learning::requests::{CoverageQuery, LearnerQuery};
use crate::learning::store::report as store;
use crate::learning::views::{Coverage, CoverageRow, CoverageTotal, Learner};

/// Days of one report.
const MOST_DAYS: i64 = 5 * 366;

/// Everybody of the client, with their department's name.
async fn everybody(ctx: &Ctx) -> Result<Vec<Person>> {
    let db = ctx.kit.db.reader();
    let names: HashMap<Uuid, String> =
        people::departments(db, Side::Client).await?.into_iter().map(|d| (d.id, d.name)).collect();
    let person = |p: people::Enrolled| Person {
        id: p.id,
        department: p.department_id.and_then(|id| names.get(&id).cloned()),
        joined_at: p.joined_at,
    };
    Ok(people::roll(db, Side::Client).await?.into_iter().map(person).collect())
}

async fn facts(ctx: &Ctx, from: Timestamp, until: Timestamp) -> Result<Facts> {
    let db = ctx.kit.db.reader();
    Ok(Facts {
        started: store::started(db, until).await?,
        completed: store::completed(db, until).await?,
        attempts: store::attempts(db, from, until).await?,
        classes: classes::between(db, from, until).await?,
    })
}

/// Midnight after a day, in Shanghai.
fn after(day: NaiveDate) -> Timestamp {
    midnight(day.succ_opt().unwrap_or(day))
}

/// The evidence for clause 6.2.
///
/// # Errors
/// 403 for those who may not see it; 422 for a span that is none.
pub async fn report(ctx: &Ctx, query: &CoverageQuery) -> Result<Coverage> {
    enter(ctx, Action::SeeCoverage)?;
    let today = ctx.now.shanghai_date();
    let to = query.to.unwrap_or(today);
    let january = NaiveDate::from_ymd_opt(to.year(), 1, 1).unwrap_or(to);
    let from = query.from.unwrap_or(january);
    if !(0..=MOST_DAYS).contains(&(to - from).num_days()) {
        return Err(Error::field("from", "OUT_OF_RANGE", "起止日期应先后有序，最长五年"));
    }
    let catalog = courses::published(&ctx.kit).await?;
    let (people, facts) = (everybody(ctx).await?, facts(ctx, midnight(from), after(to)).await?);
    let report = coverage::report(&people, &catalog.courses, &facts, to.min(today));
    let row =
        |(category, department, counts)| CoverageRow { category, department, counts: From::from(counts) };
    let total = |(category, counts)| CoverageTotal { category, counts: From::from(counts) };
    Ok(Coverage {
        from,
        to,
        rows: report.rows.into_iter().map(row).collect(),
        totals: report.totals.into_iter().map(total).collect(),
    })
}

/// The report as a table for a spreadsheet: UTF-8 with a byte order mark.
///
/// # Errors
/// As [`report`].
pub async fn report_csv(ctx: &Ctx, query: &CoverageQuery) -> Result<Vec<u8>> {
    const HEAD: [&str; 12] = [
        "类别",
        "部门",
        "人数",
        "计划培训",
        "已举办",
        "参加人数",
        "开始学习",
        "完成",
        "答题次数",
        "通过次数",
        "通过率%",
        "逾期人数",
    ];
    let report = report(ctx, query).await?;
    let failed = |e: csv::Error| Error::new(Code::Internal).because(e);
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(HEAD).map_err(failed)?;
    let rows = report.rows.into_iter().map(|r| (r.category, cell(&r.department), r.counts));
    let totals = report.totals.into_iter().map(|t| (t.category, "合计".to_owned(), t.counts));
    for (category, department, c) in rows.chain(totals) {
        let numbers = [c.people, c.planned, c.held, c.attended, c.started, c.completed, c.attempts, c.passed];
        let rate = c.pass_rate.map_or(String::new(), |rate| rate.to_string());
        let mut record = vec![category.title().to_owned(), department];
        record.extend(numbers.map(|n| n.to_string()));
        record.extend([rate, c.overdue.to_string()]);
        writer.write_record(&record).map_err(failed)?;
    }
    writer.into_inner().map_err(|e| Error::new(Code::Internal).because(e.error()))
}

/// Spreadsheets take a cell that begins like a formula for one.
fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() }
}

/// How far single people are with what is mandatory for them.
///
/// # Errors
/// 403 for others than the client's managers and auditors; 422 naming the parameter.
pub async fn learners(ctx: &Ctx, query: &LearnerQuery) -> Result<Page<Learner>> {
    enter(ctx, Action::SeeLearners)?;
    let (limit, after) = window(query.limit, query.cursor.as_deref())?;
    let db = ctx.kit.db.reader();
    let catalog = courses::published(&ctx.kit).await?;
    let until = ctx.now.plus_millis(1);
    let facts = facts(ctx, Timestamp(0), until).await?;
    let department = query.department.as_deref().filter(|d| !d.is_empty());
    let wanted = |p: &Person| {
        department.is_none_or(|d| coverage::name(p.department.as_deref()) == d)
            && after.is_none_or(|a| p.id > a.id)
    };
    let surplus = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    let people: Vec<Person> = everybody(ctx).await?.into_iter().filter(wanted).take(surplus).collect();
    let page = Page::from_surplus(people, limit, |p| Cursor { key: 0, id: p.id });
    let names = people::named(ctx, db, page.items.iter().map(|p| p.id)).await?;
    let categories = Category::ALL.iter().filter(|c| query.category.is_none_or(|only| only == **c));
    let categories: Vec<Category> = categories.copied().collect();
    let today = ctx.now.shanghai_date();
    let mut items = Vec::new();
    for person in &page.items {
        let Some(name) = names.get(&person.id) else { continue };
        for category in &categories {
            let standing = coverage::standing(person, *category, &catalog.courses, &facts, today);
            items.push(Learner {
                person: name.clone(),
                department: person.department.clone(),
                category: *category,
                state: state(&standing),
                completed: standing.mandatory_done,
                courses: standing.mandatory,
                overdue: standing.overdue,
                attended: standing.attended,
            });
        }
    }
    Ok(Page { items, next_cursor: page.next_cursor })
}

fn state(standing: &coverage::Standing) -> LearningState {
    match (standing.has_completed, standing.has_started) {
        (true, _) => LearningState::Completed,
        (false, true) => LearningState::InProgress,
        (false, false) => LearningState::NotStarted,
    }
}
