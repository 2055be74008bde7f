//! Courses as the vendor writes them: making, changing, finding.

use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{By, edited, enter, json, open, payload, shown};
use crate::courses::entity::course;
use crate::courses::model::content::{self, LONGEST_TITLE, Wrong};
use crate::courses::model::{Category, State};
use crate::courses::requests::{AuthoringQuery, CourseChange, NewCourse};
use crate::courses::store;
use crate::courses::views::{AuthoringCourse, AuthoringRow};
use crate::identity::people;
use crate::identity::policy::Action;
use crate::kit::actor::Side;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::kit::page::{Cursor, Page, window};
use crate::ledger;

/// What a course says about itself, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub category: Category,
    pub title: String,
    pub summary: String,
    pub tags: Vec<String>,
    pub mandatory_for: Vec<String>,
    pub due_days: Option<i32>,
}

impl Head {
    pub(super) fn checked(self) -> Result<Self, Wrong> {
        Ok(Self {
            category: self.category,
            title: content::line("title", &self.title, LONGEST_TITLE)?,
            summary: content::summary(&self.summary)?,
            tags: content::tags(&self.tags)?,
            mandatory_for: content::departments(&self.mandatory_for)?,
            due_days: content::due_days(self.due_days)?,
        })
    }

    pub(super) fn write(&self, row: &mut course::Model) -> Result<()> {
        self.category.wire().clone_into(&mut row.category);
        row.title.clone_from(&self.title);
        row.summary.clone_from(&self.summary);
        row.tags = json(&self.tags)?;
        row.mandatory_for = json(&self.mandatory_for)?;
        row.due_days = self.due_days;
        Ok(())
    }
}

/// Every name must be a department of the client.
pub(super) async fn known_departments(db: &impl ConnectionTrait, names: &[String]) -> Result<(), Wrong> {
    let asked: Vec<&str> = names.iter().map(String::as_str).filter(|n| *n != "*").collect();
    if asked.is_empty() {
        return Ok(());
    }
    let known = people::departments(db, Side::Client).await;
    let known = known.map_err(|e| Wrong::new("mandatory_for", e.code().title()))?;
    match asked.iter().find(|n| !known.iter().any(|k| k.name == **n)) {
        Some(name) => Err(Wrong::new("mandatory_for", format!("甲方没有叫“{name}”的部门"))),
        None => Ok(()),
    }
}

/// Begins a course.
///
/// # Errors
/// 403; 422 naming the field.
pub async fn create(ctx: &Ctx, key: &IdempotencyKey, body: NewCourse) -> Result<Answer> {
    enter(ctx, Action::WriteCourses)?;
    let payload = payload(&body)?;
    let head = Head {
        category: body.category,
        title: body.title,
        summary: body.summary,
        tags: body.tags,
        mandatory_for: body.mandatory_for,
        due_days: body.due_days,
    };
    let head = head.checked()?;
    known_departments(ctx.kit.db.reader(), &head.mandatory_for).await?;
    once(ctx, "courses.create", key, &payload, async |tx| {
        let id = ctx.kit.ids.fresh()?;
        let row = insert(&By::person(ctx), tx, id, &id.simple().to_string(), &head, None).await?;
        let shown = shown::course(ctx, &**tx, row).await?;
        Stored::created(format!("/api/v1/authoring/courses/{id}"), shown.version, &shown)
    })
    .await
}

pub(super) async fn insert(
    by: &By<'_>,
    tx: &WriteTx,
    id: Uuid,
    slug: &str,
    head: &Head,
    source_digest: Option<Vec<u8>>,
) -> Result<course::Model> {
    let mut row = course::Model {
        id,
        version: 1,
        slug: slug.to_owned(),
        category: String::new(),
        title: String::new(),
        summary: String::new(),
        tags: String::new(),
        mandatory_for: String::new(),
        due_days: None,
        state: State::Draft.wire().to_owned(),
        edition: 0,
        in_force: None,
        author_id: by.id(),
        reviewed_by: None,
        published_by: None,
        published_at: None,
        reason_sealed: None,
        source_digest,
        created_at: by.now,
        updated_at: by.now,
    };
    head.write(&mut row)?;
    store::courses::insert(tx, row.clone()).await?;
    note(by, tx, "course.created", &row).await?;
    Ok(row)
}

pub(super) async fn note(by: &By<'_>, tx: &WriteTx, action: &'static str, row: &course::Model) -> Result<()> {
    let entry = ledger::Entry {
        action,
        object_kind: "course",
        object_id: row.id,
        detail: json!({
            "category": row.category, "state": row.state, "edition": row.edition, "version": row.version,
            "due_days": row.due_days,
        }),
        content: &[
            row.title.as_bytes(),
            row.summary.as_bytes(),
            row.tags.as_bytes(),
            row.mandatory_for.as_bytes(),
        ],
    };
    by.note(&**tx, entry).await
}

/// Changes what a draft says about itself.
///
/// # Errors
/// 403, 404; 409 when it is no draft; 412; 422 naming the field.
pub async fn change(ctx: &Ctx, id: Uuid, seen: i64, body: CourseChange) -> Result<AuthoringCourse> {
    enter(ctx, Action::WriteCourses)?;
    known_departments(ctx.kit.db.reader(), body.mandatory_for.as_deref().unwrap_or_default()).await?;
    let tx = ctx.kit.db.write_tx().await?;
    let mut row = open(ctx, &tx, id, seen).await?;
    let before = shown::head(&row)?;
    let head = Head {
        category: body.category.unwrap_or(before.category),
        title: body.title.unwrap_or(before.title),
        summary: body.summary.unwrap_or(before.summary),
        tags: body.tags.unwrap_or(before.tags),
        mandatory_for: body.mandatory_for.unwrap_or(before.mandatory_for),
        due_days: body.due_days.or(before.due_days),
    };
    head.checked()?.write(&mut row)?;
    let by = By::person(ctx);
    edited(&by, &tx, &mut row).await?;
    note(&by, &tx, "course.changed", &row).await?;
    let shown = shown::course(ctx, &*tx, row).await?;
    tx.commit().await?;
    Ok(shown)
}

/// A page of all courses, the newest first.
///
/// # Errors
/// 403; 422 naming the parameter.
pub async fn list(ctx: &Ctx, query: &AuthoringQuery) -> Result<Page<AuthoringRow>> {
    enter(ctx, Action::WriteCourses)?;
    let (limit, after) = window(query.limit, query.cursor.as_deref())?;
    let db = ctx.kit.db.reader();
    let found = store::courses::page(db, query.state, query.category, limit, after).await?;
    let page = Page::from_surplus(found, limit, |r| Cursor { key: 0, id: r.id });
    let ids: Vec<Uuid> = page.items.iter().map(|r| r.id).collect();
    let counts = store::items::counts(db, &ids).await?;
    let items = page.items.iter().map(|row| shown::row(row, counts.get(&row.id).copied().unwrap_or(0)));
    Ok(Page { items: items.collect::<Result<_>>()?, next_cursor: page.next_cursor })
}

/// One course with everything that is written in it.
///
/// # Errors
/// 403, 404.
pub async fn show(ctx: &Ctx, id: Uuid) -> Result<AuthoringCourse> {
    enter(ctx, Action::WriteCourses)?;
    let db = ctx.kit.db.reader();
    let row = store::courses::find(db, id).await?;
    let row = row.ok_or_else(|| crate::kit::error::Error::new(crate::kit::error::Code::NotFound))?;
    shown::course(ctx, db, row).await
}
