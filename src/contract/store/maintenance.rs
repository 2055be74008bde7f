//! The maintenance log: rows are only added.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use crate::contract::entity::maintenance::{Column, Entity, Model};
use crate::contract::model::{MaintenanceKind, MaintenanceResult};
use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::kit::page::Cursor;

/// # Errors
/// What the database says.
pub async fn insert(tx: &WriteTx, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// A page, the latest entry first.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &impl ConnectionTrait,
    kind: Option<MaintenanceKind>,
    limit: u64,
    after: Option<Cursor>,
) -> Result<Vec<Model>> {
    let mut query = Entity::find();
    if let Some(kind) = kind {
        query = query.filter(Column::Kind.eq(kind.wire()));
    }
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.id));
    }
    Ok(query.order_by_desc(Column::Id).limit(limit.saturating_add(1)).all(db).await?)
}

/// What was done last of a kind and did not fail.
///
/// # Errors
/// What the database says.
pub async fn last(db: &impl ConnectionTrait, kind: MaintenanceKind) -> Result<Option<Model>> {
    let done = Entity::find()
        .filter(Column::Kind.eq(kind.wire()))
        .filter(Column::Result.ne(MaintenanceResult::Failed.wire()));
    Ok(done.order_by_desc(Column::PerformedAt).one(db).await?)
}
