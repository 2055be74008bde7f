//! From rows to what the vendor's people see.

use uuid::Uuid;

use super::courses::Head;
use super::{allowed, content, list, state};
use crate::courses::entity::{REASON, course, item, version};
use crate::courses::model::{Category, Kind, Paper, State, paper_text};
use crate::courses::store::{self, versions::Latest};
use crate::courses::views::{AuthoringCourse, AuthoringItem, AuthoringRow, AuthoringSection, MediaView};
use crate::files::{Medium, media};
use crate::identity::people;
use crate::kit::ctx::Ctx;
use crate::kit::db::Fetch;
use crate::kit::error::{Code, Error, Result};

fn unknown(what: &'static str) -> Error {
    Error::new(Code::Internal).because(what)
}

/// What the row says about the course.
pub(super) fn head(row: &course::Model) -> Result<Head> {
    Ok(Head {
        category: Category::from_wire(&row.category).ok_or_else(|| unknown("courses.category"))?,
        title: row.title.clone(),
        summary: row.summary.clone(),
        tags: list(&row.tags)?,
        mandatory_for: list(&row.mandatory_for)?,
        due_days: row.due_days,
    })
}

/// The questions of a version, when it has some.
pub(super) fn paper(row: &version::Model) -> Result<Option<Paper>> {
    let read = |text| serde_json::from_str(text).map_err(|_| unknown("item_versions.questions"));
    row.questions.as_deref().map(read).transpose()
}

pub(super) fn row(row: &course::Model, items: i64) -> Result<AuthoringRow> {
    let state = state(row)?;
    Ok(AuthoringRow {
        id: row.id,
        slug: row.slug.clone(),
        category: head(row)?.category,
        title: row.title.clone(),
        state,
        edition: row.edition,
        in_force: row.in_force,
        version: row.version,
        items,
        updated_at: row.updated_at,
        draft: !matches!(state, State::Published | State::Withdrawn),
    })
}

pub(super) async fn course(ctx: &Ctx, db: &impl Fetch, row: course::Model) -> Result<AuthoringCourse> {
    let items: Vec<item::Model> =
        store::items::of_course(db, row.id).await?.into_iter().filter(|i| !i.removed).collect();
    let ids: Vec<Uuid> = items.iter().map(|i| i.id).collect();
    let latest = store::versions::latest(db, &ids).await?;
    let media_ids: Vec<Uuid> = latest.values().filter_map(|l| l.any.as_ref()?.media_id).collect();
    let media = media::all(db, &media_ids).await?;
    let mut sections: Vec<AuthoringSection> = Vec::new();
    for item in &items {
        let latest = latest.get(&item.id).ok_or_else(|| unknown("an item without a version"))?;
        let medium = latest.any.as_ref().and_then(|v| v.media_id).and_then(|id| media.get(&id));
        let shown = of_item(ctx, item, latest, medium)?;
        match sections.last_mut().filter(|s| s.title == item.section_title) {
            Some(section) => section.items.push(shown),
            None => sections.push(AuthoringSection { title: item.section_title.clone(), items: vec![shown] }),
        }
    }
    let reason = match &row.reason_sealed {
        Some(sealed) => Some(ctx.kit.vault.deployment_key(db).await?.open_text(REASON, row.id, sealed)?),
        None => None,
    };
    let asked = [row.author_id, row.reviewed_by, row.published_by];
    let people = people::named(ctx, db, asked.into_iter().flatten()).await?;
    let named = |id: Option<Uuid>| id.and_then(|id| people.get(&id).cloned());
    let allowed_actions = allowed(ctx, &row)?;
    let head = head(&row)?;
    Ok(AuthoringCourse {
        id: row.id,
        slug: row.slug.clone(),
        category: head.category,
        title: head.title,
        summary: head.summary,
        tags: head.tags,
        mandatory_for: head.mandatory_for,
        due_days: head.due_days,
        state: state(&row)?,
        edition: row.edition,
        in_force: row.in_force,
        version: row.version,
        author: named(row.author_id),
        reviewed_by: named(row.reviewed_by),
        published_by: named(row.published_by),
        published_at: row.published_at,
        reason,
        created_at: row.created_at,
        updated_at: row.updated_at,
        sections,
        allowed_actions,
    })
}

fn of_item(ctx: &Ctx, item: &item::Model, latest: &Latest, medium: Option<&Medium>) -> Result<AuthoringItem> {
    let version = latest.any.as_ref().ok_or_else(|| unknown("an item without a version"))?;
    let media = medium.map(|m| MediaView {
        media_type: m.kind.media_type().to_owned(),
        size: m.size,
        duration_ms: m.duration_ms,
        pages: m.pages,
        content_url: content::address(&ctx.kit, ctx.now, item.id, version.id, "content"),
    });
    let kind = Kind::from_wire(&item.kind).ok_or_else(|| unknown("course_items.kind"))?;
    let slides = match kind {
        Kind::Slides => content::slides(&ctx.kit, ctx.now, item.id, version.id, &version.body_md)?,
        _ => Vec::new(),
    };
    Ok(AuthoringItem {
        id: item.id,
        key: item.key.clone(),
        kind,
        title: version.title.clone(),
        required: item.required,
        position: item.position,
        draft_version: latest.draft().map(|v| v.number),
        published_version: latest.published.as_ref().map(|v| v.number),
        body_md: version.body_md.clone(),
        body_html: content::shown(&ctx.kit, ctx.now, item.id, version.id, &version.body_html),
        questions_text: paper(version)?.map(|p| paper_text::write_whole(&p)),
        media,
        slides,
        captions: version.captions.clone(),
        link: version.link.clone(),
        min_coverage: version.min_coverage,
        min_dwell_seconds: version.min_dwell_seconds,
        tags: list(&version.tags)?,
    })
}
