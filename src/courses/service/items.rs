//! Items of a course: adding, changing, removing, and how a text will look.

use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use super::{By, edited, enter, json, list, open, payload, shown};
use crate::courses::entity::{course, item, version};
use crate::courses::model::content::{self, Draft, Wrong};
use crate::courses::model::{Kind, Paper, markup, paper_text};
use crate::courses::requests::{ItemChange, NewItem};
use crate::courses::store;
use crate::courses::store::versions::Latest;
use crate::courses::views::{AuthoringCourse, Preview};
use crate::files::{Medium, media};
use crate::identity::policy::Action;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::ledger;

const MOST_ITEMS: usize = 200;
/// Before the id of an upload, as the target of a picture.
const UPLOAD: &str = "upload:";

/// Adds an item to a draft, at the end of its section.
///
/// # Errors
/// 403, 404; 409 when the course is no draft; 412; 422 naming the field.
pub async fn add(ctx: &Ctx, key: &IdempotencyKey, course: Uuid, seen: i64, body: NewItem) -> Result<Answer> {
    enter(ctx, Action::WriteCourses)?;
    let payload = payload(&(course, &body))?;
    once(ctx, "courses.add_item", key, &payload, async |tx| {
        let mut row = open(ctx, tx, course, seen).await?;
        let by = By::person(ctx);
        let items = store::items::of_course(&**tx, course).await?;
        if items.iter().filter(|i| !i.removed).count() >= MOST_ITEMS {
            return Err(Wrong::new("kind", format!("一门课程最多 {MOST_ITEMS} 个内容")).into());
        }
        let id = ctx.kit.ids.fresh()?;
        let mut item = item::Model {
            id,
            course_id: course,
            key: format!("m-{}", id.simple()),
            section_no: 0,
            section_title: String::new(),
            position: 0,
            kind: body.kind.wire().to_owned(),
            required: body.required,
            removed: false,
        };
        place(&mut item, &items, &body.section_title)?;
        let draft = Draft {
            title: body.title,
            tags: body.tags,
            body_md: body.body_md.unwrap_or_default(),
            paper: paper(body.questions_text.as_deref())?,
            medium: None,
            captions: body.captions,
            link: body.link,
            min_coverage: body.min_coverage,
            min_dwell_seconds: body.min_dwell_seconds,
        };
        let draft = fetched(ctx, tx, course, draft, body.upload_id).await?;
        store::items::insert(tx, item.clone()).await?;
        put(&by, tx, &item, &Latest::default(), draft, None).await?;
        edited(&by, tx, &mut row).await?;
        let shown = shown::course(ctx, &**tx, row).await?;
        Stored::created(format!("/api/v1/authoring/courses/{course}"), shown.version, &shown)
    })
    .await
}

/// Changes an item of a draft; what is not named stays.
///
/// # Errors
/// As [`add`].
pub async fn change(
    ctx: &Ctx,
    course: Uuid,
    id: Uuid,
    seen: i64,
    body: ItemChange,
) -> Result<AuthoringCourse> {
    enter(ctx, Action::WriteCourses)?;
    let tx = ctx.kit.db.write_tx().await?;
    let mut row = open(ctx, &tx, course, seen).await?;
    let by = By::person(ctx);
    let items = store::items::of_course(&*tx, course).await?;
    let mut item = of(&items, id)?.clone();
    let latest = store::versions::latest(&*tx, &[id]).await?.remove(&id).unwrap_or_default();
    let before = latest.any.as_ref().ok_or_else(|| Error::new(Code::Internal).because("no version"))?;
    item.required = body.required.unwrap_or(item.required);
    if let Some(section) = body.section_title.filter(|s| *s != item.section_title) {
        place(&mut item, &items, &section)?;
    }
    if let Some(position) = body.position {
        let most = i32::try_from(MOST_ITEMS).unwrap_or(i32::MAX);
        if !(0..=most).contains(&position) {
            return Err(Wrong::new("position", format!("应在 0 到 {most} 之间")).into());
        }
        item.position = position;
    }
    let old = old_draft(&tx, before).await?;
    let has_file = Kind::from_wire(&item.kind).is_some_and(Kind::has_media);
    let draft = Draft {
        title: body.title.unwrap_or(old.title),
        tags: body.tags.unwrap_or(old.tags),
        body_md: body.body_md.unwrap_or(old.body_md),
        paper: paper(body.questions_text.as_deref())?.or(old.paper),
        medium: old.medium.filter(|_| has_file),
        captions: body.captions.or(old.captions).filter(|c| !c.is_empty()),
        link: body.link.or(old.link),
        min_coverage: body.min_coverage.or(old.min_coverage),
        min_dwell_seconds: body.min_dwell_seconds,
    };
    let draft = fetched(ctx, &tx, course, draft, body.upload_id).await?;
    store::items::update(&tx, item.clone()).await?;
    let source = before.source_digest.clone();
    put(&by, &tx, &item, &latest, draft, source).await?;
    edited(&by, &tx, &mut row).await?;
    let shown = shown::course(ctx, &*tx, row).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Takes an item out of a draft; editions that have it keep it.
///
/// # Errors
/// As [`add`].
pub async fn remove(ctx: &Ctx, course: Uuid, id: Uuid, seen: i64) -> Result<AuthoringCourse> {
    enter(ctx, Action::WriteCourses)?;
    let tx = ctx.kit.db.write_tx().await?;
    let mut row = open(ctx, &tx, course, seen).await?;
    let by = By::person(ctx);
    let items = store::items::of_course(&*tx, course).await?;
    drop_item(&by, &tx, of(&items, id)?.clone()).await?;
    edited(&by, &tx, &mut row).await?;
    let shown = shown::course(ctx, &*tx, row).await?;
    tx.commit().await?;
    Ok(shown)
}

fn of(items: &[item::Model], id: Uuid) -> Result<&item::Model> {
    items.iter().find(|i| i.id == id && !i.removed).ok_or_else(|| Error::new(Code::NotFound))
}

pub(super) async fn drop_item(by: &By<'_>, tx: &WriteTx, mut item: item::Model) -> Result<()> {
    item.removed = true;
    store::items::update(tx, item.clone()).await?;
    let entry = ledger::Entry {
        action: "course.item_removed",
        object_kind: "course",
        object_id: item.course_id,
        detail: json!({ "item": item.id, "kind": item.kind }),
        content: &[item.key.as_bytes()],
    };
    by.note(&**tx, entry).await
}

/// At the end of the section of that title; a title that is new begins a section at the end.
fn place(item: &mut item::Model, items: &[item::Model], section: &str) -> Result<()> {
    let title = content::line("section_title", section, content::LONGEST_TITLE)?;
    let there: Vec<&item::Model> = items.iter().filter(|i| !i.removed && i.id != item.id).collect();
    let same = there.iter().filter(|i| i.section_title == title);
    let last = same.clone().map(|i| i.position).max();
    let no = same.clone().map(|i| i.section_no).max();
    let end = there.iter().map(|i| i.section_no).max().map_or(0, |n| n + 1);
    item.section_no = no.unwrap_or(end);
    item.position = last.map_or(0, |n| n + 1);
    item.section_title = title;
    Ok(())
}

fn paper(text: Option<&str>) -> Result<Option<Paper>, Wrong> {
    let read = |text: &str| paper_text::read_whole(text).map_err(|fault| Wrong::at("questions_text", fault));
    text.map(read).transpose()
}

/// What a stored version holds, as somebody could have written it.
async fn old_draft(tx: &WriteTx, row: &version::Model) -> Result<Draft> {
    let medium = match row.media_id {
        Some(id) => media::find(&**tx, id).await?,
        None => None,
    };
    Ok(Draft {
        title: row.title.clone(),
        tags: list(&row.tags)?,
        body_md: row.body_md.clone(),
        paper: shown::paper(row)?,
        medium,
        captions: row.captions.clone(),
        link: row.link.clone(),
        min_coverage: Some(row.min_coverage),
        min_dwell_seconds: None,
    })
}

/// With the uploads that the draft names made part of the course.
async fn fetched(
    ctx: &Ctx,
    tx: &WriteTx,
    course: Uuid,
    mut draft: Draft,
    upload: Option<Uuid>,
) -> Result<Draft> {
    if let Some(upload) = upload {
        draft.medium = Some(media::take(ctx, &**tx, upload, course).await?);
    }
    let pictures = markup::pictures(&draft.body_md).map_err(|fault| Wrong::at("body_md", fault))?;
    let mut names = HashMap::new();
    for picture in &pictures {
        let wrong = |text: &str| {
            let line = Some(picture.line);
            Error::from(Wrong { field: "body_md", line, text: text.to_owned() })
        };
        if let Some(upload) = picture.target.strip_prefix(UPLOAD) {
            let id = Uuid::try_parse(upload).map_err(|_| wrong("图片的编号不对，请重新插入"))?;
            let medium = media::take(ctx, &**tx, id, course).await?;
            names.insert(
                picture.target.clone(),
                image_name(&medium).ok_or_else(|| wrong("这个文件不是图片"))?,
            );
        } else if let Some(digest) = markup::digest_of(&picture.target) {
            let there = media::named(&**tx, course, digest).await?.and_then(|m| image_name(&m));
            there.ok_or_else(|| wrong("这张图片不在这门课程里，请重新插入"))?;
        }
    }
    draft.body_md = markup::renamed(&draft.body_md, &pictures, &names);
    Ok(draft)
}

/// How a text names a picture.
pub(super) fn image_name(medium: &Medium) -> Option<String> {
    medium.kind.is_image().then(|| format!("{}{}", markup::IMAGES, medium.sha256))
}

/// Writes what an item holds now: into its draft, or as a draft after what was published.
pub(super) async fn put(
    by: &By<'_>,
    tx: &WriteTx,
    item: &item::Model,
    latest: &Latest,
    draft: Draft,
    source_digest: Option<Vec<u8>>,
) -> Result<()> {
    let kind = Kind::from_wire(&item.kind).ok_or_else(|| Error::new(Code::Internal).because("item kind"))?;
    let good = content::check(kind, &draft)?;
    let number = latest.any.as_ref().map_or(1, |v| v.number + i32::from(v.edition.is_some()));
    let row = version::Model {
        id: match latest.draft() {
            Some(draft) => draft.id,
            None => by.kit.ids.fresh()?,
        },
        item_id: item.id,
        number,
        edition: None,
        title: good.title,
        body_md: good.body_md,
        body_html: good.body.html,
        questions: draft.paper.as_ref().map(json).transpose()?,
        media_id: draft.medium.as_ref().map(|m| m.id),
        captions: good.captions,
        link: good.link,
        min_coverage: good.min_coverage,
        min_dwell_seconds: good.min_dwell_seconds,
        tags: json(&good.tags)?,
        source_digest,
        created_by: by.id(),
        created_at: by.now,
    };
    let entry = ledger::Entry {
        action: "course.item_written",
        object_kind: "course",
        object_id: item.course_id,
        detail: json!({
            "item": item.id, "version": row.id, "number": row.number, "kind": item.kind,
            "media": row.media_id, "required": item.required,
        }),
        content: &[
            row.title.as_bytes(),
            row.body_md.as_bytes(),
            row.questions.as_deref().unwrap_or_default().as_bytes(),
            row.captions.as_deref().unwrap_or_default().as_bytes(),
            row.link.as_deref().unwrap_or_default().as_bytes(),
        ],
    };
    by.note(&**tx, entry).await?;
    match latest.draft() {
        Some(_) => store::versions::update(tx, row).await,
        None => store::versions::insert(tx, row).await,
    }
}

/// How a text will look; nothing is stored.
///
/// # Errors
/// 403; 422 with the line.
pub async fn preview(ctx: &Ctx, body_md: &str) -> Result<Preview> {
    enter(ctx, Action::WriteCourses)?;
    let body_md = content::body(body_md)?;
    let pictures = markup::pictures(&body_md).map_err(|fault| Wrong::at("body_md", fault))?;
    let rendered = markup::render(&markup::without_pictures(&body_md, &pictures));
    let html = rendered.map_err(|fault| Wrong::at("body_md", fault))?.html;
    Ok(Preview { html })
}

/// The course that an item belongs to.
pub(super) async fn course_of(
    db: &impl sea_orm::ConnectionTrait,
    item: Uuid,
) -> Result<Option<(course::Model, item::Model)>> {
    let Some(item) = store::items::find(db, item).await? else { return Ok(None) };
    Ok(store::courses::find(db, item.course_id).await?.map(|course| (course, item)))
}
