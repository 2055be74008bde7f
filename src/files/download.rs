//! Use case: somebody reads an attachment. A loose upload opens for its uploader only; one that hangs on
//! something, for whom its owner's gate lets through. Reading somebody else's attachment is written to the ledger.

use std::sync::LazyLock;
use std::time::Duration;

use moka::sync::Cache;
use serde_json::json;
use uuid::Uuid;

use super::entity::{FILE_KEY, Model};
use super::model::Visibility;
use super::sealed::{Place, Reader};
use super::store;
use super::views::AttachmentView;
use super::{Gate, Owner};
use crate::identity::people;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger;

/// A player asks for a video in a hundred ranges: one entry per reader, file and hour is enough. A
/// process that restarts forgets, which gives an entry more, never one less.
static SEEN: LazyLock<Cache<(Uuid, Uuid), ()>> =
    LazyLock::new(|| Cache::builder().max_capacity(100_000).time_to_live(Duration::from_secs(3600)).build());

/// An attachment that the caller may read.
#[derive(Debug)]
pub(super) struct Opened {
    pub view: AttachmentView,
    pub reader: Reader,
}

/// # Errors
/// 404 for one that is not there or not the caller's to see.
pub(super) async fn open(ctx: &Ctx, gate: &Gate, id: Uuid) -> Result<Opened> {
    let not_found = || Error::new(Code::NotFound);
    let person = ctx.member()?.person_id;
    let db = ctx.kit.db.reader();
    let row = store::find(db, id).await?.ok_or_else(not_found)?;
    let owner = row.ticket_id.map(Owner::Ticket).or(row.contract_record_id.map(Owner::ContractRecord));
    let key = match owner {
        None if row.uploader_id == person => people::key_of(ctx, db, person).await?,
        None => return Err(not_found()),
        Some(owner) => {
            let visibility = Visibility::from_wire(&row.visibility)
                .ok_or_else(|| Error::new(Code::Internal).because("attachments.visibility"))?;
            gate(ctx.clone(), owner, visibility).await?
        }
    };
    if key.id != row.key_id {
        // A key that was changed in the meantime still opens what it sealed.
        return opened(ctx, &row, &ctx.kit.vault.key(db, row.key_id).await?, person).await;
    }
    opened(ctx, &row, &key, person).await
}

async fn opened(ctx: &Ctx, row: &Model, key: &crate::kit::crypto::DataKey, person: Uuid) -> Result<Opened> {
    let view = AttachmentView::open(row, key)?;
    let file_key = key.open(FILE_KEY, row.id, &row.file_key_sealed)?;
    let size = u64::try_from(row.size).map_err(|_| Error::new(Code::Internal).because("attachments.size"))?;
    let place = Place { deployment: ctx.kit.vault.deployment_id(), id: row.id };
    let blob = ctx.kit.blobs.blob(row.id).await?;
    let reader = Reader::open(blob, &file_key, place, size).await?;
    if row.uploader_id != person && SEEN.get(&(person, row.id)).is_none() {
        note(ctx, row).await?;
        SEEN.insert((person, row.id), ());
    }
    Ok(Opened { view, reader })
}

async fn note(ctx: &Ctx, row: &Model) -> Result<()> {
    let tx = ctx.kit.db.write_tx().await?;
    let entry = ledger::Entry {
        action: "attachment.read",
        object_kind: "attachment",
        object_id: row.id,
        detail: json!({ "ticket": row.ticket_id, "contract_record": row.contract_record_id }),
        content: &[&row.digest_sealed.0],
    };
    ledger::append(ctx, &*tx, entry).await?;
    tx.commit().await
}
