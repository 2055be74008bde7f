//! Reporting: number, key, row, first event, clocks, ledger entry and attachments in one transaction.
//! The answer is the 回执, so it must stand in the database before it is given.

use serde_json::json;
use uuid::Uuid;

use super::body::{self, Report};
use super::history::{self, Step};
use super::{enter, read};
use crate::files;
use crate::identity::people;
use crate::identity::policy::{Action as May, Facts, authorise};
use crate::kit::actor::{Member, Side};
use crate::kit::crypto::{DataKey, KeyScope, Sealed};
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::tickets::entity::{CONTACT, DESCRIPTION, SCOPE, STEPS, TITLE, ticket};
use crate::tickets::model::{State, Visibility};
use crate::tickets::requests::NewTicket;
use crate::tickets::store::{numbers, write};
use crate::tickets::views::Ticket;

/// Takes a report in.
///
/// # Errors
/// 422 naming the fields; 403 for who may not report; what idempotency says.
pub async fn create(ctx: &Ctx, key: &IdempotencyKey, body: NewTicket) -> Result<Answer> {
    enter(ctx)?;
    let report = body::report(&body, ctx.now)?;
    let reporter = reporter(ctx, body.on_behalf_of).await?;
    let payload = serde_json::to_vec(&body).map_err(|e| Error::new(Code::Internal).because(e))?;
    // Before the transaction: on SQLite that one holds the only writer.
    let number = numbers::next(&ctx.kit.db, report.kind, ctx.now).await?;
    once(ctx, "ticket.create", key, &payload, async |tx| {
        let ticket = store(ctx, tx, &report, &reporter, number.clone()).await?;
        let id = ticket.summary.id;
        Stored::created(format!("/api/v1/tickets/{id}"), ticket.summary.version, &ticket)
    })
    .await
}

/// The caller, or for the vendor's people the client they report for.
async fn reporter(ctx: &Ctx, on_behalf_of: Option<Uuid>) -> Result<Member> {
    let me = ctx.member()?;
    let may = match me.side {
        Side::Client => May::Submit,
        Side::Vendor => May::SubmitOnBehalf,
    };
    authorise(&ctx.actor, may, &Facts::Nothing)?;
    let refused = |code, text: &str| Error::field("on_behalf_of", code, text);
    match (me.side, on_behalf_of) {
        (Side::Client, None) => Ok(me.clone()),
        (Side::Client, Some(_)) => Err(refused("NOT_ALLOWED", "只有乙方人员可以代为报告")),
        (Side::Vendor, None) => Err(refused("REQUIRED", "请选择代哪位甲方人员报告")),
        (Side::Vendor, Some(id)) => {
            let member = people::member_of(ctx, ctx.kit.db.reader(), id).await?;
            member.filter(|m| m.side == Side::Client).ok_or_else(|| refused("NOT_FOUND", "没有这位甲方人员"))
        }
    }
}

async fn store(
    ctx: &Ctx,
    tx: &WriteTx,
    report: &Report,
    reporter: &Member,
    number: String,
) -> Result<Ticket> {
    let id = ctx.kit.ids.fresh()?;
    let key_id = ctx.kit.ids.fresh()?;
    let made = ctx.kit.vault.make_key(key_id, KeyScope::Ticket, id, ctx.now)?;
    tx.later(made.insert(tx.backend())).await;
    let key = &made.key;
    let mut row = sealed_row(ctx, key, id, report, reporter, number)?;
    row.key_wrapped = made.wrapped();
    let optional = [&row.scope_sealed, &row.steps_tried_sealed, &row.contact_sealed];
    let mut content = vec![row.title_sealed.clone(), row.description_sealed.clone()];
    content.extend(optional.into_iter().flatten().cloned());
    let step = Step {
        id: ctx.kit.ids.fresh()?,
        event: history::SUBMITTED,
        visibility: Visibility::Public,
        from: None,
        to: State::Submitted,
        detail: json!({
            "kind": report.kind, "severity": report.severity, "attachments": report.attachment_ids.len(),
            "on_behalf": row.entered_by != row.reporter_id,
        }),
        text: None,
        content,
    };
    let change = history::plan(ctx, tx, &mut row, &[], step).await?;
    write::insert_ticket(tx, row.clone()).await?;
    let first = change.event().clone();
    history::save(tx, change).await?;
    let public = Visibility::Public.wire();
    files::link(ctx, &**tx, &report.attachment_ids, id, key, None, public).await?;
    read::created(ctx, &**tx, row, first, key.clone(), !report.attachment_ids.is_empty()).await
}

fn sealed_row(
    ctx: &Ctx,
    key: &DataKey,
    id: Uuid,
    report: &Report,
    reporter: &Member,
    number: String,
) -> Result<ticket::Model> {
    let optional = |column, text: &Option<String>| -> Result<Option<Sealed>> {
        text.as_ref().map(|t| key.seal(column, id, t.as_bytes())).transpose()
    };
    Ok(ticket::Model {
        id,
        version: 1,
        kind: report.kind.wire().to_owned(),
        number,
        state: State::Submitted.wire().to_owned(),
        is_open: true,
        severity: report.severity.wire().to_owned(),
        cycle: 1,
        key_id: key.id,
        title_sealed: key.seal(TITLE, id, report.title.as_bytes())?,
        description_sealed: key.seal(DESCRIPTION, id, report.description.as_bytes())?,
        scope_sealed: optional(SCOPE, &report.scope)?,
        steps_tried_sealed: optional(STEPS, &report.steps_tried)?,
        contact_sealed: optional(CONTACT, &report.contact)?,
        occurred_at: report.occurred_at,
        reporter_id: reporter.person_id,
        entered_by: ctx.member()?.person_id,
        department_id: reporter.department_id,
        assignee_id: None,
        received_at: ctx.now,
        clock_start: ctx.now,
        updated_at: ctx.now,
        closed_at: None,
        reminded_at: None,
        has_solution: false,
        repaired_by: None,
        merged_into: None,
        rating: None,
        next_due_at: None,
        next_due_code: None,
        key_wrapped: None,
    })
}
