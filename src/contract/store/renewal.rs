//! Renewals of the term. That only one waits at a time is kept by an index, whoever writes.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::contract::entity::renewal::{Column, Entity, Model};
use crate::contract::model::AnnexState;
use crate::kit::db::{WriteTx, write_back};
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::Cursor;

/// The one that waits for a signature.
///
/// # Errors
/// What the database says.
pub async fn proposed(db: &impl ConnectionTrait) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::State.eq(AnnexState::Proposed.wire())).one(db).await?)
}

/// How many were signed.
///
/// # Errors
/// What the database says.
pub async fn signed(db: &impl ConnectionTrait) -> Result<i32> {
    let last = Entity::find().filter(Column::Number.is_not_null()).order_by_desc(Column::Number);
    Ok(last.one(db).await?.and_then(|r| r.number).unwrap_or(0))
}

/// A page of all, the newest first.
///
/// # Errors
/// What the database says.
pub async fn page(db: &impl ConnectionTrait, limit: u64, after: Option<Cursor>) -> Result<Vec<Model>> {
    let mut query = Entity::find();
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.id));
    }
    Ok(query.order_by_desc(Column::Id).limit(limit.saturating_add(1)).all(db).await?)
}

/// # Errors
/// 404 for an id that is none.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(|| Error::new(Code::NotFound))
}

/// As [`find`], held until the transaction ends.
///
/// # Errors
/// As [`find`].
pub async fn lock(tx: &WriteTx, id: Uuid) -> Result<Model> {
    let found = Entity::find_by_id(id).lock_exclusive().one(&**tx).await?;
    found.ok_or_else(|| Error::new(Code::NotFound))
}

/// # Errors
/// What the database says.
pub async fn insert(tx: &WriteTx, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Writes the whole row back as the next version.
///
/// # Errors
/// 412 when somebody else was faster.
pub async fn update(tx: &WriteTx, row: &mut Model) -> Result<()> {
    let seen = row.version;
    row.version += 1;
    write_back(tx, row.clone().into_active_model(), Column::Version, seen).await
}
