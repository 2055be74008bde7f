//! From a closed ticket to a draft article: what was wrong and what helped, without the people. It becomes a draft in
//! the course of common questions, and is read, put right and reviewed like any other.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use super::courses::{Head, insert};
use super::items::put;
use super::publish::step_to;
use super::{By, edited, enter, not_now, shown, state};
use crate::courses::entity::{course, item};
use crate::courses::model::acts::Step;
use crate::courses::model::content::{Draft, LONGEST_TITLE};
use crate::courses::model::redact::redacted;
use crate::courses::model::{Category, Kind, State};
use crate::courses::store;
use crate::courses::store::versions::Latest;
use crate::courses::views::DraftedArticle;
use crate::identity::people;
use crate::identity::policy::Action;
use crate::kit::actor::Side;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::ledger;
use crate::tickets;
use crate::tickets::model::Visibility;
use crate::tickets::views::{Message, Ticket};

const SLUG: &str = "faq";
const SECTION: &str = "来自工单";

/// Writes the draft.
///
/// # Errors
/// 404 for a ticket that the caller does not see; 403; 409 while it is not closed, or while the course is being
/// reviewed.
pub async fn write(ctx: &Ctx, key: &IdempotencyKey, ticket_id: Uuid) -> Result<Answer> {
    let ticket = tickets::service::show(ctx, ticket_id).await?;
    enter(ctx, Action::WriteCourses)?;
    if ticket.summary.state != tickets::model::State::Closed {
        return Err(Error::new(Code::ActionNotAllowed).detail("工单关闭以后才能写成文章"));
    }
    let draft = draft(&ticket, &names(ctx, &ticket).await?);
    once(ctx, "courses.article", key, ticket_id.as_bytes(), async |tx| {
        let by = By::person(ctx);
        let mut row = course(ctx, &by, tx).await?;
        let items = store::items::of_course(&**tx, row.id).await?;
        let same = |i: &&item::Model| !i.removed && i.section_title == SECTION;
        let last = items.iter().map(|i| i.section_no).max().map_or(0, |n| n + 1);
        let id = ctx.kit.ids.fresh()?;
        let item = item::Model {
            id,
            course_id: row.id,
            key: format!("m-{}", id.simple()),
            section_no: items.iter().find(same).map_or(last, |i| i.section_no),
            section_title: SECTION.to_owned(),
            position: items.iter().filter(same).map(|i| i.position).max().map_or(0, |n| n + 1),
            kind: Kind::Article.wire().to_owned(),
            required: false,
            removed: false,
        };
        store::items::insert(tx, item.clone()).await?;
        put(&by, tx, &item, &Latest::default(), draft, None).await?;
        edited(&by, tx, &mut row).await?;
        let entry = ledger::Entry {
            action: "ticket.article_drafted",
            object_kind: "ticket",
            object_id: ticket_id,
            detail: json!({ "course": row.id, "item": id }),
            content: &[],
        };
        ledger::append(ctx, &**tx, entry).await?;
        let drafted = DraftedArticle { course: shown::course(ctx, &**tx, row).await?, item_id: id };
        let path = format!("/api/v1/authoring/courses/{}", drafted.course.id);
        Stored::created(path, drafted.course.version, &drafted)
    })
    .await
}

/// The course of common questions as a draft; it is made when there is none.
async fn course(ctx: &Ctx, by: &By<'_>, tx: &WriteTx) -> Result<course::Model> {
    let Some(found) = store::courses::of_slug(&**tx, SLUG).await? else {
        let head = Head {
            category: Category::Troubleshooting,
            title: "常见问题".to_owned(),
            summary: "从处理过的工单里整理出来的问题和办法。".to_owned(),
            tags: Vec::new(),
            mandatory_for: Vec::new(),
            due_days: None,
        };
        return insert(by, tx, ctx.kit.ids.fresh()?, SLUG, &head, None).await;
    };
    let mut row = store::courses::lock(tx, found.id).await?;
    match state(&row)? {
        State::Draft => {}
        State::Published | State::Withdrawn => step_to(by, tx, &mut row, Step::Revise, None).await?,
        State::InReview | State::Approved => {
            return Err(not_now(ctx, &row)?.detail("“常见问题”正在审核，请等发布或退回以后再添加"));
        }
    }
    Ok(row)
}

/// The names of everybody whom the ticket shows.
async fn names(ctx: &Ctx, ticket: &Ticket) -> Result<Vec<String>> {
    let summary = &ticket.summary;
    let mut people: HashSet<Uuid> = HashSet::from([summary.reporter.id]);
    people.extend(summary.assignee.iter().chain(&ticket.on_behalf).map(|p| p.id));
    people.extend(ticket.solutions.iter().map(|s| s.author.id));
    people.extend(ticket.messages.items.iter().map(|m| m.author.id));
    people.extend(ticket.waits.iter().map(|w| w.asked_by.id));
    let mut names = Vec::with_capacity(people.len());
    for id in people {
        match people::contact_of(ctx, ctx.kit.db.reader(), id).await {
            Ok(contact) => names.push(contact.name),
            // Whose key was destroyed has no name any more.
            Err(err) if err.is(Code::DecryptFailed) => {}
            Err(err) => return Err(err),
        }
    }
    Ok(names)
}

/// The last solution; what a question was answered with.
fn helped(ticket: &Ticket) -> Option<&str> {
    let answers = |m: &&Message| m.side == Side::Vendor && m.visibility == Visibility::Public;
    match ticket.summary.kind {
        tickets::model::Kind::Consultation => {
            ticket.messages.items.iter().rfind(answers).map(|m| m.body.as_str())
        }
        _ => ticket.solutions.last().map(|s| s.text.as_str()),
    }
}

fn draft(ticket: &Ticket, names: &[String]) -> Draft {
    // Markdown marks of the reporter are text.
    let clean = |text: &str| {
        let text = redacted(text, names);
        text.chars()
            .flat_map(|c| ("\\`*_[]<>#|!~".contains(c)).then_some('\\').into_iter().chain([c]))
            .collect::<String>()
    };
    let title: String = redacted(&ticket.summary.title, names).chars().take(LONGEST_TITLE).collect();
    let mut body = format!("## 现象\n\n{}\n", clean(&ticket.description));
    if let Some(tried) = &ticket.steps_tried {
        body.push_str(&format!("\n## 试过什么\n\n{}\n", clean(tried)));
    }
    body.push_str("\n## 办法\n\n");
    match helped(ticket) {
        Some(text) => body.push_str(&format!("{}\n", clean(text))),
        None => body.push_str("（请补充）\n"),
    }
    Draft { title, body_md: body, ..Draft::default() }
}
