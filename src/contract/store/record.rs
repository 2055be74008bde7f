//! Records that the agreement itself owes, with the versions and items that hang on them.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, TryInsertResult,
};
use uuid::Uuid;

use crate::contract::entity::{item, record, version};
use crate::contract::model::ContractRecordKind;
use crate::kit::db::{WriteTx, write_back};
use crate::kit::error::Result;
use crate::kit::page::Cursor;

/// # Errors
/// What the database says.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<record::Model>> {
    Ok(record::Entity::find_by_id(id).one(db).await?)
}

/// The record, held until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &WriteTx, id: Uuid) -> Result<Option<record::Model>> {
    Ok(record::Entity::find_by_id(id).lock_exclusive().one(&**tx).await?)
}

/// All records of a kind, the oldest first. There are tens of them in the life of an agreement.
///
/// # Errors
/// What the database says.
pub async fn of_kind(db: &impl ConnectionTrait, kind: ContractRecordKind) -> Result<Vec<record::Model>> {
    let of_kind = record::Entity::find().filter(record::Column::Kind.eq(kind.wire()));
    Ok(of_kind.order_by_asc(record::Column::Id).all(db).await?)
}

/// A page of records of these kinds, the newest first.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &impl ConnectionTrait,
    kinds: &[ContractRecordKind],
    limit: u64,
    after: Option<Cursor>,
) -> Result<Vec<record::Model>> {
    let mut query = record::Entity::find().filter(record::Column::Kind.is_in(kinds.iter().map(|k| k.wire())));
    if let Some(after) = after {
        query = query.filter(record::Column::Id.lt(after.id));
    }
    Ok(query.order_by_desc(record::Column::Id).limit(limit.saturating_add(1)).all(db).await?)
}

/// The next records by id, for whoever goes through all.
///
/// # Errors
/// What the database says.
pub async fn after(db: &impl ConnectionTrait, last: Uuid, most: u64) -> Result<Vec<record::Model>> {
    let rows = record::Entity::find().filter(record::Column::Id.gt(last));
    Ok(rows.order_by_asc(record::Column::Id).limit(most).all(db).await?)
}

/// `false` when the same record is there already.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &WriteTx, row: record::Model) -> Result<bool> {
    let place =
        [record::Column::Kind, record::Column::Subject, record::Column::Stage, record::Column::StartedAt];
    let insert = record::Entity::insert(row.into_active_model()).on_conflict_do_nothing_on(place);
    match insert.exec_without_returning(&**tx).await? {
        TryInsertResult::Inserted(rows) => Ok(rows > 0),
        TryInsertResult::Empty | TryInsertResult::Conflicted => Ok(false),
    }
}

/// Writes the whole row back as the next version.
///
/// # Errors
/// 412 when somebody else was faster.
pub async fn update(tx: &WriteTx, row: &mut record::Model) -> Result<()> {
    let seen = row.version;
    row.version += 1;
    write_back(tx, row.clone().into_active_model(), record::Column::Version, seen).await
}

/// The versions of these records, by record and number.
///
/// # Errors
/// What the database says.
pub async fn versions(db: &impl ConnectionTrait, records: &[Uuid]) -> Result<Vec<version::Model>> {
    let of_records = version::Entity::find().filter(version::Column::RecordId.is_in(records.iter().copied()));
    Ok(of_records.order_by_asc(version::Column::Number).all(db).await?)
}

/// # Errors
/// What the database says.
pub async fn insert_version(tx: &WriteTx, row: version::Model) -> Result<()> {
    version::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Writes what was decided about a version; its record is held.
///
/// # Errors
/// What the database says.
pub async fn update_version(tx: &WriteTx, row: version::Model) -> Result<()> {
    row.into_active_model().reset_all().update(&**tx).await?;
    Ok(())
}

/// The items of these records, every round, by number and round.
///
/// # Errors
/// What the database says.
pub async fn items(db: &impl ConnectionTrait, records: &[Uuid]) -> Result<Vec<item::Model>> {
    let of_records = item::Entity::find().filter(item::Column::RecordId.is_in(records.iter().copied()));
    let ordered = of_records.order_by_asc(item::Column::Number).order_by_asc(item::Column::Round);
    Ok(ordered.all(db).await?)
}

/// # Errors
/// What the database says.
pub async fn insert_items(tx: &WriteTx, rows: Vec<item::Model>) -> Result<()> {
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    item::Entity::insert_many(rows).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Writes an item back; its record is held.
///
/// # Errors
/// What the database says.
pub async fn update_item(tx: &WriteTx, row: item::Model) -> Result<()> {
    row.into_active_model().reset_all().update(&**tx).await?;
    Ok(())
}
