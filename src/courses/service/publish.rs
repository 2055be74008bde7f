//! The steps of a course, and publishing: from the drafts an edition is made, whole, which then never changes.

use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use super::{By, allowed, enter, fresh, json, list, not_now, shown, state};
use crate::courses::entity::{REASON, course, edition, item, version};
use crate::courses::model::acts::Step;
use crate::courses::model::{Category, Course, Item, Kind, Section, State, markup, slides};
use crate::courses::requests::CourseAct;
use crate::courses::store::{self, versions::Latest};
use crate::courses::views::AuthoringCourse;
use crate::files::{Medium, media};
use crate::identity::people;
use crate::identity::policy::Action;
use crate::kit::actor::Role;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::text::{Lines, checked};
use crate::ledger;
use crate::notices::{Notice, Recipient, tell};
use crate::search;

const LONGEST_REASON: usize = 500;

/// Takes a step.
///
/// # Errors
/// 403, 404; 409 with `allowed_actions`; 412; 422 naming the field.
pub async fn act(ctx: &Ctx, id: Uuid, seen: i64, body: CourseAct) -> Result<AuthoringCourse> {
    enter(ctx, Action::WriteCourses)?;
    let (step, reason) = body.taken();
    let reason = reason.map(|r| checked("reason", r, Lines::Many, LONGEST_REASON)).transpose()?;
    let tx = ctx.kit.db.write_tx().await?;
    let mut row = store::courses::lock(&tx, id).await?;
    enter(ctx, step.needs())?;
    fresh(&row, seen)?;
    if !allowed(ctx, &row)?.contains(&step) {
        let refused = not_now(ctx, &row)?;
        let own = step == Step::Approve && state(&row)? == State::InReview;
        return Err(if own {
            refused.detail("最后改动的人不能自己审核，请另一位同事来审")
        } else {
            refused
        });
    }
    step_to(&By::person(ctx), &tx, &mut row, step, reason.as_deref()).await?;
    told(ctx, &tx, &row, step).await?;
    let shown = shown::course(ctx, &*tx, row).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Tells those who may review that a course waits for them, and its author what became of it.
async fn told(ctx: &Ctx, tx: &WriteTx, row: &course::Model, step: Step) -> Result<()> {
    let me = ctx.actor.person_id();
    let title = &row.title;
    let text = match step {
        Step::SubmitForReview => format!("《{title}》等人审核"),
        Step::ReturnDraft => format!("《{title}》被退回，看看要改什么"),
        Step::Publish => format!("《{title}》第 {} 版已发布", row.edition),
        Step::Approve | Step::Withdraw | Step::Revise => return Ok(()),
    };
    let to: Vec<Recipient> = match step {
        Step::SubmitForReview => {
            let reviews =
                |m: &&people::Staff| m.roles.contains(&Role::VendorLead) && Some(m.id) != row.author_id;
            let staff = people::staff(&**tx).await?;
            staff.iter().filter(reviews).map(|m| Recipient::Person(m.id)).collect()
        }
        _ => row.author_id.map(Recipient::Person).into_iter().collect(),
    };
    let notice = Notice {
        event: step.event().to_owned(),
        object_kind: "authoring",
        object_id: row.id,
        number: title.clone(),
        text,
        urgent: false,
        by: me,
    };
    tell(&ctx.kit, tx, ctx.now, &to, &notice).await
}

pub(super) async fn step_to(
    by: &By<'_>,
    tx: &WriteTx,
    row: &mut course::Model,
    step: Step,
    reason: Option<&str>,
) -> Result<()> {
    let next = step.from(state(row)?, row.in_force.is_some());
    let next = next.ok_or_else(|| Error::new(Code::ActionNotAllowed))?;
    row.reason_sealed = match reason {
        Some(reason) => {
            let key = by.kit.vault.deployment_key(&**tx).await?;
            Some(key.seal(REASON, row.id, reason.as_bytes())?)
        }
        None => None,
    };
    match step {
        Step::Approve => row.reviewed_by = by.id(),
        Step::ReturnDraft => row.reviewed_by = None,
        Step::Publish => publish(by, tx, row).await?,
        Step::Withdraw => withdraw(tx, row).await?,
        Step::SubmitForReview if items(tx, row.id).await?.is_empty() => return Err(empty()),
        Step::SubmitForReview | Step::Revise => {}
    }
    next.wire().clone_into(&mut row.state);
    row.updated_at = by.now;
    store::courses::update(tx, row).await?;
    let entry = ledger::Entry {
        action: step.event(),
        object_kind: "course",
        object_id: row.id,
        detail: json!({
            "state": row.state, "edition": row.edition, "in_force": row.in_force, "version": row.version,
        }),
        content: &[row.reason_sealed.as_ref().map_or(&[][..], |sealed| &sealed.0)],
    };
    by.note(&**tx, entry).await
}

fn empty() -> Error {
    Error::new(Code::ActionNotAllowed).detail("课程里还没有内容，请先添加")
}

async fn items(tx: &WriteTx, course: Uuid) -> Result<Vec<item::Model>> {
    let mut items = store::items::of_course(&**tx, course).await?;
    items.retain(|i| !i.removed);
    Ok(items)
}

/// Makes the next edition and puts it in force.
async fn publish(by: &By<'_>, tx: &WriteTx, row: &mut course::Model) -> Result<()> {
    let items = items(tx, row.id).await?;
    if items.is_empty() {
        return Err(empty());
    }
    let before = in_force(tx, row).await?;
    let number = row.edition + 1;
    let ids: Vec<Uuid> = items.iter().map(|i| i.id).collect();
    let latest = store::versions::latest(&**tx, &ids).await?;
    let versions: Vec<&version::Model> = latest.values().filter_map(|l| l.any.as_ref()).collect();
    let media_ids: Vec<Uuid> = versions.iter().filter_map(|v| v.media_id).collect();
    let media = media::all(&**tx, &media_ids).await?;
    let first = store::editions::first_published_at(&**tx, row.id).await?;
    let head = shown::head(row)?;
    let course = Course {
        id: row.id,
        slug: row.slug.clone(),
        category: head.category,
        title: head.title,
        summary: head.summary,
        tags: head.tags,
        mandatory_for: head.mandatory_for,
        due_days: head.due_days,
        edition: number,
        published_at: by.now,
        first_published_at: first.unwrap_or(by.now),
        sections: sections(&items, &latest, &media)?,
    };
    for draft in versions.into_iter().filter(|v| v.edition.is_none()) {
        let fixed = version::Model { edition: Some(number), ..draft.clone() };
        store::versions::update(tx, fixed).await?;
    }
    let edition = edition::Model {
        id: by.kit.ids.fresh()?,
        course_id: row.id,
        number,
        document: json(&course)?,
        published_by: by.id(),
        published_at: by.now,
    };
    store::editions::insert(tx, edition).await?;
    store::editions::raise_generation(tx).await?;
    row.edition = number;
    row.in_force = Some(number);
    row.published_by = by.id();
    row.published_at = Some(by.now);
    for gone in before.iter().filter(|id| !ids.contains(id)) {
        search::remove(tx, *gone).await?;
    }
    search::put_all(tx, &entries(&course, &latest)?).await
}

async fn withdraw(tx: &WriteTx, row: &mut course::Model) -> Result<()> {
    for id in in_force(tx, row).await? {
        search::remove(tx, id).await?;
    }
    row.in_force = None;
    store::editions::raise_generation(tx).await
}

/// The items of the edition in force.
async fn in_force(tx: &WriteTx, row: &course::Model) -> Result<Vec<Uuid>> {
    let Some(number) = row.in_force else { return Ok(Vec::new()) };
    let document = store::editions::document(&**tx, row.id, number).await?.unwrap_or_default();
    let course: Course = serde_json::from_str(&document)
        .map_err(|_| Error::new(Code::Internal).because("a stored edition does not parse"))?;
    Ok(course.items().map(|i| i.id).collect())
}

fn sections(
    items: &[item::Model],
    latest: &HashMap<Uuid, Latest>,
    media: &HashMap<Uuid, Medium>,
) -> Result<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    for item in items {
        let internal = |what: &'static str| Error::new(Code::Internal).because(what);
        let version = latest.get(&item.id).and_then(|l| l.any.as_ref());
        let version = version.ok_or_else(|| internal("an item without a version"))?;
        let medium = version.media_id.and_then(|id| media.get(&id));
        let kind = Kind::from_wire(&item.kind).ok_or_else(|| internal("course_items.kind"))?;
        let pages = match medium {
            None if kind == Kind::Slides => slides::count(&version.body_md).ok(),
            medium => medium.and_then(|m| m.pages).and_then(|n| usize::try_from(n).ok()),
        };
        let shown = Item {
            id: item.id,
            key: item.key.clone(),
            kind,
            title: version.title.clone(),
            required: item.required,
            version_id: version.id,
            version_no: version.number,
            duration_ms: medium.and_then(|m| m.duration_ms),
            pages: pages.and_then(|n| i32::try_from(n).ok()),
            media_type: medium.map(|m| m.kind.media_type().to_owned()),
            size: medium.map(|m| m.size),
            has_captions: version.captions.is_some(),
            link: version.link.clone(),
            min_coverage: version.min_coverage,
            min_dwell_seconds: version.min_dwell_seconds,
            tags: list(&version.tags)?,
            quiz: shown::paper(version)?.map(|p| p.rules()),
        };
        match sections.last_mut().filter(|s| s.title == item.section_title) {
            Some(section) => section.items.push(shown),
            None => sections.push(Section { title: item.section_title.clone(), items: vec![shown] }),
        }
    }
    Ok(sections)
}

/// What can be found: title, text and tags of each item; of a quiz the title alone.
fn entries(course: &Course, latest: &HashMap<Uuid, Latest>) -> Result<Vec<search::Entry>> {
    let entry = |item: &Item| {
        let version = latest.get(&item.id).and_then(|l| l.any.as_ref());
        let source = version.map(|v| v.body_md.as_str()).unwrap_or_default();
        let body =
            markup::render(source).map_err(|_| Error::new(Code::Internal).because("a stored text"))?.text;
        let tags = item.tags.iter().chain(course.tags.iter().filter(|t| !item.tags.contains(t)));
        Ok(search::Entry {
            id: item.id,
            course_id: course.id,
            kind: item.kind.wire().to_owned(),
            title: item.title.clone(),
            body,
            tags: tags.cloned().collect(),
            category: Category::wire(course.category).to_owned(),
        })
    };
    course.items().map(entry).collect()
}
