//! Versions of parameter sets and calendar years.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::contract::entity::annex::{Column, Entity, Model};
use crate::contract::model::{AnnexKind, AnnexState};
use crate::kit::db::{WriteTx, write_back};
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::Cursor;

/// Everything that both signed, in the order in which it takes effect.
///
/// # Errors
/// What the database says.
pub async fn signed(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let signed = Entity::find().filter(Column::State.eq(AnnexState::Signed.wire()));
    Ok(signed.order_by_asc(Column::EffectiveFrom).order_by_asc(Column::Id).all(db).await?)
}

/// The version of this kind that was signed last, whether or not it is in force yet.
///
/// # Errors
/// What the database says.
pub async fn latest(db: &impl ConnectionTrait, kind: AnnexKind) -> Result<Option<Model>> {
    let signed = Entity::find().filter(Column::Kind.eq(kind.wire())).filter(Column::Number.is_not_null());
    Ok(signed.order_by_desc(Column::Number).one(db).await?)
}

/// A page of all versions, the newest proposal first.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &impl ConnectionTrait,
    kind: AnnexKind,
    limit: u64,
    after: Option<Cursor>,
) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::Kind.eq(kind.wire()));
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.id));
    }
    Ok(query.order_by_desc(Column::Id).limit(limit.saturating_add(1)).all(db).await?)
}

/// What waits for a signature.
///
/// # Errors
/// What the database says.
pub async fn proposed(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let proposed = Entity::find().filter(Column::State.eq(AnnexState::Proposed.wire()));
    Ok(proposed.order_by_asc(Column::Id).all(db).await?)
}

/// Holds everything of a kind that waits for a signature, in one order for everybody.
///
/// # Errors
/// What the database says.
pub async fn hold_proposed(tx: &WriteTx, kind: AnnexKind) -> Result<()> {
    let proposed = Entity::find()
        .filter(Column::Kind.eq(kind.wire()))
        .filter(Column::State.eq(AnnexState::Proposed.wire()));
    proposed.order_by_asc(Column::Id).lock_exclusive().all(&**tx).await?;
    Ok(())
}

/// # Errors
/// 404 for an id that is none of this kind.
pub async fn find(db: &impl ConnectionTrait, kind: AnnexKind, id: Uuid) -> Result<Model> {
    let found = Entity::find_by_id(id).filter(Column::Kind.eq(kind.wire())).one(db).await?;
    found.ok_or_else(|| Error::new(Code::NotFound))
}

/// As [`find`], held until the transaction ends.
///
/// # Errors
/// As [`find`].
pub async fn lock(tx: &WriteTx, kind: AnnexKind, id: Uuid) -> Result<Model> {
    let found = Entity::find_by_id(id).filter(Column::Kind.eq(kind.wire())).lock_exclusive();
    found.one(&**tx).await?.ok_or_else(|| Error::new(Code::NotFound))
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
