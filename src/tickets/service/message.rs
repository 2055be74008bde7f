//! Messages. A public one by the vendor on a fault nobody accepted yet is the acceptance: it answers the
//! client, so it moves the state and stops the response clock.

use serde_json::json;
use uuid::Uuid;

use super::history::{self, By, Step};
use super::{body, book, enter, facts, find_permitted, state, unknown_word};
use crate::clocks::Book;
use crate::files;
use crate::identity::{people, policy};
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::{DataKey, Sealed};
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::tickets::entity::{BODY, message};
use crate::tickets::model::standing::event as words;
use crate::tickets::model::{Kind, State, Visibility};
use crate::tickets::requests::NewMessage;
use crate::tickets::store::write;
use crate::tickets::views::Message;

/// Adds a message.
///
/// # Errors
/// 404 or 403 as the policy says; 422 naming the field; what idempotency says.
pub async fn post(ctx: &Ctx, id: Uuid, key: &IdempotencyKey, new: NewMessage) -> Result<Answer> {
    enter(ctx)?;
    let action = match new.visibility {
        Visibility::Public => policy::Action::Reply,
        Visibility::Internal => policy::Action::NoteInternal,
    };
    find_permitted(ctx, id, action).await?;
    let text = body::message(&new.body)?;
    body::files("attachment_ids", &new.attachment_ids)?;
    let payload = serde_json::to_vec(&(id, &new)).map_err(|e| Error::new(Code::Internal).because(e))?;
    let book = book(&ctx.kit).await?;
    once(ctx, "ticket.message", key, &payload, async |tx| {
        let message = store(ctx, tx, &book, id, action, &text, &new).await?;
        Stored::created(format!("/api/v1/tickets/{id}/messages"), None, &message)
    })
    .await
}

async fn store(
    ctx: &Ctx,
    tx: &WriteTx,
    book: &Book,
    id: Uuid,
    action: policy::Action,
    text: &str,
    new: &NewMessage,
) -> Result<Message> {
    let member = ctx.member()?;
    let mut row = write::lock(tx, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    policy::allow(&ctx.actor, action, &facts(ctx, &**tx, &row).await?).require()?;
    let events = write::events(&**tx, id).await?;
    let key = ctx.kit.vault.key(&**tx, row.key_id).await?;
    let from = state(&row.state)?;
    let answers = member.side == Side::Vendor && new.visibility == Visibility::Public;
    let seen = row.version;
    let to = if answers && from == State::Submitted && row.kind == Kind::Fault.wire() {
        row.assignee_id = row.assignee_id.or(Some(member.person_id));
        row.version += 1;
        State::InProgress
    } else {
        from
    };
    let at = history::event_time(ctx.now, &row);
    let said = say(ctx, tx, &key, Saying { ticket_id: id, text, visibility: new.visibility, at }).await?;
    let step = Step {
        id: ctx.kit.ids.fresh()?,
        event: words::MESSAGE,
        visibility: new.visibility,
        from: Some(from),
        to,
        detail: json!({ "message_id": said.id, "attachments": new.attachment_ids.len() }),
        text: None,
        content: vec![said.sealed],
    };
    let change = history::plan((&ctx.kit, book), tx, By::Person(ctx), &mut row, &events, step).await?;
    write::update_ticket(tx, seen, row).await?;
    history::save((&ctx.kit, book), tx, change).await?;
    let visibility = new.visibility.wire();
    let ids = &new.attachment_ids;
    let attachments = files::link(ctx, &**tx, ids, id, &key, Some(said.id), visibility).await?;
    let mut authors = people::named(ctx, &**tx, [member.person_id]).await?;
    let author = authors.remove(&member.person_id).ok_or_else(|| unknown_word("people.id"))?;
    Ok(Message {
        id: said.id,
        author,
        side: member.side,
        visibility: new.visibility,
        body: text.to_owned(),
        at,
        attachments,
    })
}

/// A message that is about to be stored.
pub(super) struct Saying<'a> {
    pub ticket_id: Uuid,
    pub text: &'a str,
    pub visibility: Visibility,
    pub at: Timestamp,
}

/// A stored message: its id, and the sealed body that the ledger vouches for.
pub(super) struct Said {
    pub id: Uuid,
    pub sealed: Sealed,
}

pub(super) async fn say(ctx: &Ctx, tx: &WriteTx, key: &DataKey, saying: Saying<'_>) -> Result<Said> {
    let member = ctx.member()?;
    let id = ctx.kit.ids.fresh()?;
    let sealed = key.seal(BODY, id, saying.text.as_bytes())?;
    let row = message::Model {
        id,
        ticket_id: saying.ticket_id,
        author_id: member.person_id,
        side: member.side.wire().to_owned(),
        visibility: saying.visibility.wire().to_owned(),
        body_sealed: sealed.clone(),
        at: saying.at,
    };
    write::insert_message(tx, row).await?;
    Ok(Said { id, sealed })
}
