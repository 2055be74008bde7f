//! Reporting: number, key, row, first event, clocks, ledger entry and attachments in one transaction.
//! The answer is the 回执, so it must stand in the database before it is given.

use serde_json::{Value, json};
use uuid::Uuid;

use super::body::{self, Report};
use super::history::{self, By, Step};
use super::{book, enter, read};
use crate::clocks::Book;
use crate::files;
use crate::identity::people;
use crate::identity::policy::{Action as May, Facts, authorise};
use crate::kit::actor::{Member, Role, Side};
use crate::kit::crypto::{DataKey, KeyScope, Sealed};
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::tickets::entity::{CONTACT, DESCRIPTION, SCOPE, STEPS, TITLE, ticket};
use crate::tickets::kinds;
use crate::tickets::model::standing::event as words;
use crate::tickets::model::{Kind, State, Visibility};
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
    let reporter = reporter(ctx, report.kind, body.on_behalf_of).await?;
    let payload = serde_json::to_vec(&body).map_err(|e| Error::new(Code::Internal).because(e))?;
    // Before the transaction: on SQLite that one holds the only writer.
    let number = numbers::next(&ctx.kit.db, report.kind, ctx.now).await?;
    let book = book(&ctx.kit).await?;
    once(ctx, "ticket.create", key, &payload, async |tx| {
        let ticket = store(ctx, tx, &book, &report, &reporter, number.clone()).await?;
        let id = ticket.summary.id;
        Stored::created(format!("/api/v1/tickets/{id}"), ticket.summary.version, &ticket)
    })
    .await
}

/// The caller, or for the vendor's people the client they report for. An incident everybody declares for
/// themselves: who found it is part of the record.
async fn reporter(ctx: &Ctx, kind: Kind, on_behalf_of: Option<Uuid>) -> Result<Member> {
    let me = ctx.member()?;
    let may = match (kind, me.side) {
        (Kind::Incident, _) => May::DeclareIncident,
        (kind, _) if kinds::is_managers(kind) => May::SubmitForClient,
        (Kind::Fault | Kind::Consultation, Side::Vendor) => May::SubmitOnBehalf,
        _ => May::Submit,
    };
    authorise(&ctx.actor, may, &Facts::Nothing)?;
    let refused = |code, text: &str| Error::field("on_behalf_of", code, text);
    match (may, on_behalf_of) {
        (May::SubmitOnBehalf, None) => Err(refused("REQUIRED", "请选择代哪位甲方人员报告")),
        (May::SubmitOnBehalf, Some(id)) => {
            let member = people::member_of(ctx, ctx.kit.db.reader(), id).await?;
            member.filter(|m| m.side == Side::Client).ok_or_else(|| refused("NOT_FOUND", "没有这位甲方人员"))
        }
        (_, None) => Ok(me.clone()),
        (_, Some(_)) => Err(refused("NOT_ALLOWED", "只有乙方人员可以代为报告故障和咨询")),
    }
}

/// Where a ticket of the caller begins: a manager's word is the client's word.
fn beginning(ctx: &Ctx, kind: Kind) -> State {
    match kind {
        Kind::Quality if !ctx.actor.has(Role::ClientManager) => State::Proposed,
        kind => kinds::spec(kind).entry,
    }
}

async fn store(
    ctx: &Ctx,
    tx: &WriteTx,
    book: &Book,
    report: &Report,
    reporter: &Member,
    number: String,
) -> Result<Ticket> {
    let (row, key) = insert(ctx, tx, book, report, reporter, number).await?;
    let public = Visibility::Public.wire();
    files::link(ctx, &**tx, &report.attachment_ids, row.id, &key, None, public).await?;
    read::written(ctx, &**tx, row.id).await
}

/// Writes a new ticket with its key, its first event, its clocks and the ledger entry.
///
/// # Errors
/// What the database says.
pub(super) async fn insert(
    ctx: &Ctx,
    tx: &WriteTx,
    book: &Book,
    report: &Report,
    reporter: &Member,
    number: String,
) -> Result<(ticket::Model, DataKey)> {
    let id = ctx.kit.ids.fresh()?;
    let key_id = ctx.kit.ids.fresh()?;
    let key = ctx.kit.vault.new_key(&**tx, key_id, KeyScope::Ticket, id, ctx.now).await?;
    let mut row = sealed_row(ctx, &key, id, report, reporter, number)?;
    let optional = [&row.scope_sealed, &row.steps_tried_sealed, &row.contact_sealed];
    let mut content = vec![row.title_sealed.clone(), row.description_sealed.clone()];
    content.extend(optional.into_iter().flatten().cloned());
    let to = beginning(ctx, report.kind);
    let mut detail = report.particulars.clone();
    detail.insert("kind".to_owned(), json!(report.kind));
    detail.insert("attachments".to_owned(), json!(report.attachment_ids.len()));
    detail.insert("on_behalf".to_owned(), json!(row.entered_by != row.reporter_id));
    if report.kind == Kind::Quality {
        detail.insert("notified".to_owned(), json!(to == State::Notified));
    }
    let step = Step {
        id: ctx.kit.ids.fresh()?,
        event: words::SUBMITTED,
        visibility: Visibility::Public,
        from: None,
        to,
        detail: Value::Object(detail),
        text: None,
        content,
    };
    let change = history::plan((&ctx.kit, book), tx, By::Person(ctx), &mut row, &[], step).await?;
    write::insert_ticket(tx, row.clone()).await?;
    history::save((&ctx.kit, book), tx, change).await?;
    Ok((row, key))
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
        state: beginning(ctx, report.kind).wire().to_owned(),
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
        reporter_side: reporter.side.wire().to_owned(),
        receipt_digest: None,
        wake_at: None,
    })
}
