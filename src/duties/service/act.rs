//! What people do about a breach: the obligor disputes, the counterpart answers, waives or confirms. Their
//! words are sealed with the record that the breach belongs to.

use serde_json::json;
use uuid::Uuid;

use super::list;
use crate::clocks;
use crate::duties::entity::{TEXT, breach, breach_event};
use crate::duties::model::matter::{BreachAction, BreachStatus, next};
use crate::duties::requests::BreachActionBody;
use crate::duties::store::breaches as store;
use crate::duties::views::Breach;
use crate::kit::actor::{Role, Side};
use crate::kit::crypto::{DataKey, KeyScope};
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::text::{Lines, checked};
use crate::ledger;
use crate::notices::{self, Notice, Recipient};

const LONGEST: usize = 2000;

/// Does the action on the breach as the caller saw it.
///
/// # Errors
/// 404, 403; 422 naming the field; 412 when it has changed; 409 with what can be done instead.
pub async fn act(ctx: &Ctx, id: Uuid, seen: i64, body: BreachActionBody) -> Result<Breach> {
    let action = body.action;
    let row = list::find(ctx, id, action.policy()).await?;
    let text = words(body)?;
    step(ctx, &row, seen, action)?;

    let tx = ctx.kit.db.write_tx().await?;
    let row = store::hold(&tx, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let to = step(ctx, &row, seen, action)?;
    write(ctx, &tx, row, (action, to), text.as_deref()).await?;
    tx.commit().await?;
    list::breach(ctx, id).await
}

/// The words that belong to the action.
fn words(body: BreachActionBody) -> Result<Option<String>> {
    let (field, given, other) = match body.action {
        BreachAction::Dispute | BreachAction::Waive => ("reason", body.reason, body.text.map(|_| "text")),
        BreachAction::AnswerDispute => ("text", body.text, body.reason.map(|_| "reason")),
        BreachAction::Confirm => {
            let other = body.reason.map(|_| "reason").or(body.text.map(|_| "text"));
            return other.map_or(Ok(None), |field| Err(not_here(field)));
        }
    };
    if let Some(other) = other {
        return Err(not_here(other));
    }
    checked(field, given.as_deref().unwrap_or_default(), Lines::Many, LONGEST).map(Some)
}

fn not_here(field: &'static str) -> Error {
    Error::field(field, "NOT_ALLOWED", "这项操作不需要填写这一栏")
}

/// What the action makes of the breach.
fn step(ctx: &Ctx, row: &breach::Model, seen: i64, action: BreachAction) -> Result<BreachStatus> {
    if row.version != seen {
        return Err(Error::new(Code::VersionStale));
    }
    let allowed: Vec<&str> = list::allowed(ctx, row)?.into_iter().map(BreachAction::wire).collect();
    next(list::status(row)?, action)
        .ok_or_else(|| Error::new(Code::ActionNotAllowed).with("allowed_actions", allowed))
}

async fn write(
    ctx: &Ctx,
    tx: &WriteTx,
    row: breach::Model,
    (action, to): (BreachAction, BreachStatus),
    text: Option<&str>,
) -> Result<()> {
    let id = ctx.kit.ids.fresh()?;
    let key = key(ctx, tx, row.record_id).await?;
    let sealed = text.map(|t| key.seal(TEXT, id, t.as_bytes())).transpose()?;
    let content: Vec<&[u8]> = sealed.iter().map(|s| s.0.as_slice()).collect();
    let entry = ledger::Entry {
        action: &format!("breach.{}", action.wire()),
        object_kind: "breach",
        object_id: row.id,
        detail: json!({
            "number": row.number, "code": row.code, "cycle": row.cycle, "round": row.round,
            "from": row.status, "to": to,
        }),
        content: &content,
    };
    let ledger_id = ledger::append(ctx, &**tx, entry).await?;
    let event = breach_event::Model {
        id,
        breach_id: row.id,
        seq: store::next_seq(tx, row.id).await?,
        event: action.wire().to_owned(),
        actor_id: ctx.actor.person_id(),
        actor_side: ctx.side()?.wire().to_owned(),
        at: ctx.now,
        due_at: row.due_at,
        ended_at: row.ended_at,
        in_force: row.in_force,
        because: None,
        text_sealed: sealed,
        ledger_id,
    };
    let seen = row.version;
    let notice = notice(ctx, &row, action);
    let obligor = list::obligor(&row)?;
    let told = if action == BreachAction::Dispute { other(obligor) } else { obligor };
    let row = breach::Model { version: seen + 1, status: to.wire().to_owned(), updated_at: ctx.now, ..row };
    store::update(tx, seen, row, event).await?;
    let to = [Recipient::Role(speaker(told))];
    notices::tell(&ctx.kit, tx, ctx.now, &to, &notice).await
}

/// Who speaks for a side.
const fn speaker(side: Side) -> Role {
    match side {
        Side::Client => Role::ClientManager,
        Side::Vendor => Role::VendorLead,
    }
}

const fn other(side: Side) -> Side {
    match side {
        Side::Client => Side::Vendor,
        Side::Vendor => Side::Client,
    }
}

fn notice(ctx: &Ctx, row: &breach::Model, action: BreachAction) -> Notice {
    let title = clocks::def(&row.code).map_or(row.code.as_str(), |def| def.title);
    Notice {
        event: format!("breach.{}", action.wire()),
        object_kind: "breach",
        object_id: row.id,
        number: row.number.clone(),
        text: format!("{} {title}的超时记录：对方已{}", row.number, action.title()),
        urgent: false,
        by: ctx.actor.person_id(),
    }
}

/// The record's own key, so that the words go when the record's do; without one the deployment's.
async fn key(ctx: &Ctx, tx: &WriteTx, record: Uuid) -> Result<DataKey> {
    match ctx.kit.vault.key_of(&**tx, KeyScope::Ticket, record).await? {
        Some(key) => Ok(key),
        None => ctx.kit.vault.deployment_key(&**tx).await,
    }
}
