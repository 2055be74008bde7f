//! Queries of the attachments table; those of media and uploads are in [`media`].

pub(in crate::files) mod media;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use uuid::Uuid;

use crate::files::Owner;
use crate::files::entity::{ActiveModel, Column, Entity, Model};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Sealed;
use crate::kit::error::Result;

fn is_loose() -> Condition {
    Condition::all().add(Column::TicketId.is_null()).add(Column::ContractRecordId.is_null())
}

/// Those of `ids` that belong to `uploader`, hang on nothing, and are newer than `since`.
pub(in crate::files) async fn own_loose(
    db: &impl ConnectionTrait,
    uploader: Uuid,
    ids: &[Uuid],
    since: Timestamp,
) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::UploaderId.eq(uploader))
        .filter(is_loose())
        .filter(Column::CreatedAt.gt(since.0))
        .all(db)
        .await?)
}

/// What linking changes: where it hangs and the same three values under the owner's key.
pub(in crate::files) struct Linked<'a> {
    pub owner: Owner,
    pub message_id: Option<Uuid>,
    pub visibility: &'a str,
    pub key_id: Uuid,
    pub file_key: Sealed,
    pub name: Sealed,
    pub digest: Sealed,
}

/// `false` when somebody linked it in the meantime.
pub(in crate::files) async fn link(db: &impl ConnectionTrait, id: Uuid, to: Linked<'_>) -> Result<bool> {
    let (ticket_id, record_id) = match to.owner {
        Owner::Ticket(id) => (Some(id), None),
        Owner::ContractRecord(id) => (None, Some(id)),
    };
    let change = ActiveModel {
        ticket_id: Set(ticket_id),
        contract_record_id: Set(record_id),
        message_id: Set(to.message_id),
        visibility: Set(to.visibility.to_owned()),
        key_id: Set(to.key_id),
        file_key_sealed: Set(to.file_key),
        name_sealed: Set(to.name),
        digest_sealed: Set(to.digest),
        ..Default::default()
    };
    let done =
        Entity::update_many().set(change).filter(Column::Id.eq(id)).filter(is_loose()).exec(db).await?;
    Ok(done.rows_affected == 1)
}

pub(in crate::files) async fn of_ticket(
    db: &impl ConnectionTrait,
    ticket_id: Uuid,
    include_internal: bool,
) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::TicketId.eq(ticket_id));
    if !include_internal {
        query = query.filter(Column::Visibility.eq("public"));
    }
    Ok(query.order_by_asc(Column::Id).all(db).await?)
}

/// Attachments of records of the agreement, oldest first.
pub(in crate::files) async fn of_records(db: &impl ConnectionTrait, records: &[Uuid]) -> Result<Vec<Model>> {
    let of_records = Entity::find().filter(Column::ContractRecordId.is_in(records.iter().copied()));
    Ok(of_records.order_by_asc(Column::Id).all(db).await?)
}

/// A fresh upload, loose, sealed under the uploader's key.
pub(in crate::files) async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<()> {
    let row = ActiveModel {
        id: Set(row.id),
        uploader_id: Set(row.uploader_id),
        ticket_id: Set(row.ticket_id),
        message_id: Set(row.message_id),
        contract_record_id: Set(row.contract_record_id),
        visibility: Set(row.visibility),
        key_id: Set(row.key_id),
        file_key_sealed: Set(row.file_key_sealed),
        name_sealed: Set(row.name_sealed),
        digest_sealed: Set(row.digest_sealed),
        media_type: Set(row.media_type),
        size: Set(row.size),
        width: Set(row.width),
        height: Set(row.height),
        created_at: Set(row.created_at),
    };
    Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

pub(in crate::files) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

pub(in crate::files) async fn count_loose(
    db: &impl ConnectionTrait,
    uploader: Uuid,
    since: Timestamp,
) -> Result<u64> {
    Ok(Entity::find()
        .filter(Column::UploaderId.eq(uploader))
        .filter(is_loose())
        .filter(Column::CreatedAt.gt(since.0))
        .count(db)
        .await?)
}

/// Ids of uploads that have hung on nothing since before that instant.
pub(in crate::files) async fn loose_before(
    db: &impl ConnectionTrait,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<Uuid>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(is_loose())
        .filter(Column::CreatedAt.lte(before.0))
        .order_by_asc(Column::CreatedAt)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?)
}

/// `false` when it was linked or dropped in the meantime.
pub(in crate::files) async fn drop_loose(db: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let done = Entity::delete_many().filter(Column::Id.eq(id)).filter(is_loose()).exec(db).await?;
    Ok(done.rows_affected == 1)
}

/// Those of `ids` that have a row.
pub(in crate::files) async fn existing(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await?)
}
