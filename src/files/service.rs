//! Use cases of attachments that run inside other features' transactions: linking and listing.

use std::collections::{HashMap, HashSet};

use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::Owner;
use super::entity::{DIGEST, FILE_KEY, NAME};
use super::model::{LOOSE_SECONDS, Visibility};
use super::store;
use super::views::AttachmentView;
use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger;

/// Hangs the caller's own loose uploads on a ticket (and one of its messages), in the caller's
/// transaction, after the rows of the ticket and the message. The order of `ids` is kept.
///
/// # Errors
/// 422 `ATTACHMENT_NOT_USABLE` when one of them is not the caller's, is linked already, or is a day old.
pub async fn link(
    ctx: &Ctx,
    tx: &impl ConnectionTrait,
    ids: &[Uuid],
    ticket_id: Uuid,
    ticket_key: &DataKey,
    message_id: Option<Uuid>,
    visibility: &str,
) -> Result<Vec<AttachmentView>> {
    let place = Hook { owner: Owner::Ticket(ticket_id), key: ticket_key, message_id, visibility };
    hang(ctx, tx, ids, &place).await
}

/// As [`link`], on a record of the agreement: both sides see it.
///
/// # Errors
/// As [`link`].
pub async fn link_to_record(
    ctx: &Ctx,
    tx: &impl ConnectionTrait,
    ids: &[Uuid],
    record_id: Uuid,
    key: &DataKey,
) -> Result<Vec<AttachmentView>> {
    let owner = Owner::ContractRecord(record_id);
    let place = Hook { owner, key, message_id: None, visibility: Visibility::Public.wire() };
    hang(ctx, tx, ids, &place).await
}

/// Where attachments are hung.
struct Hook<'a> {
    owner: Owner,
    key: &'a DataKey,
    message_id: Option<Uuid>,
    visibility: &'a str,
}

async fn hang(
    ctx: &Ctx,
    tx: &impl ConnectionTrait,
    ids: &[Uuid],
    place: &Hook<'_>,
) -> Result<Vec<AttachmentView>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let not_usable = || Error::new(Code::AttachmentNotUsable);
    if ids.iter().collect::<HashSet<_>>().len() != ids.len() {
        return Err(not_usable());
    }
    let uploader = ctx.member()?.person_id;
    let since = ctx.now.plus_seconds(-LOOSE_SECONDS);
    let rows = store::own_loose(tx, uploader, ids, since).await?;
    let mut rows: HashMap<Uuid, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut linked = Vec::with_capacity(ids.len());
    for id in ids {
        let row = rows.remove(id).ok_or_else(not_usable)?;
        let old = ctx.kit.vault.key(tx, row.key_id).await?;
        let file_key = old.open(FILE_KEY, *id, &row.file_key_sealed)?;
        let name = old.open(NAME, *id, &row.name_sealed)?;
        let digest = old.open(DIGEST, *id, &row.digest_sealed)?;
        let mut view = AttachmentView::open(&row, &old)?;
        view.message_id = place.message_id;
        let to = store::Linked {
            owner: place.owner,
            message_id: place.message_id,
            visibility: place.visibility,
            key_id: place.key.id,
            file_key: place.key.seal(FILE_KEY, *id, &file_key)?,
            name: place.key.seal(NAME, *id, &name)?,
            digest: place.key.seal(DIGEST, *id, &digest)?,
        };
        let (ticket, record) = match place.owner {
            Owner::Ticket(id) => (Some(id), None),
            Owner::ContractRecord(id) => (None, Some(id)),
        };
        let entry = ledger::Entry {
            action: "attachment.link",
            object_kind: "attachment",
            object_id: *id,
            detail: json!({
                "ticket": ticket, "contract_record": record, "message": place.message_id,
                "visibility": place.visibility,
                "media_type": row.media_type, "size": row.size,
            }),
            content: &[&to.name.0.clone(), &to.digest.0.clone()],
        };
        ledger::append(ctx, tx, entry).await?;
        if !store::link(tx, *id, to).await? {
            return Err(not_usable());
        }
        linked.push(view);
    }
    Ok(linked)
}

/// The attachments of one ticket, oldest first, each with the message that carries it.
///
/// # Errors
/// What the database says; a value that does not open.
pub async fn of_ticket(
    _ctx: &Ctx,
    db: &impl ConnectionTrait,
    ticket_id: Uuid,
    ticket_key: &DataKey,
    include_internal: bool,
) -> Result<Vec<AttachmentView>> {
    let rows = store::of_ticket(db, ticket_id, include_internal).await?;
    rows.iter().map(|row| AttachmentView::open(row, ticket_key)).collect()
}

/// The attachments of records of the agreement, by record, oldest first.
///
/// # Errors
/// What the database says; a value that does not open.
pub async fn of_record(
    db: &impl ConnectionTrait,
    records: &[Uuid],
    key: &DataKey,
) -> Result<HashMap<Uuid, Vec<AttachmentView>>> {
    let mut found: HashMap<Uuid, Vec<AttachmentView>> = HashMap::new();
    for row in store::of_records(db, records).await? {
        if let Some(record) = row.contract_record_id {
            found.entry(record).or_default().push(AttachmentView::open(&row, key)?);
        }
    }
    Ok(found)
}
