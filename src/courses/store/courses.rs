//! Courses as they are written. A row that people change is written back only if it still has the version seen.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::courses::entity::course::{Column, Entity, Model};
use crate::courses::model::{Category, State};
use crate::kit::db::{WriteTx, write_back};
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::Cursor;

/// # Errors
/// What the database says.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// # Errors
/// What the database says.
pub async fn of_slug(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Slug.eq(slug)).one(db).await?)
}

/// The course, held until the transaction ends.
///
/// # Errors
/// 404 for an id that is no course.
pub async fn lock(tx: &WriteTx, id: Uuid) -> Result<Model> {
    let row = Entity::find_by_id(id).lock_exclusive().one(&**tx).await?;
    row.ok_or_else(|| Error::new(Code::NotFound))
}

/// A page, the newest first.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &impl ConnectionTrait,
    state: Option<State>,
    category: Option<Category>,
    limit: u64,
    after: Option<Cursor>,
) -> Result<Vec<Model>> {
    let mut query = Entity::find();
    if let Some(state) = state {
        query = query.filter(Column::State.eq(state.wire()));
    }
    if let Some(category) = category {
        query = query.filter(Column::Category.eq(category.wire()));
    }
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.id));
    }
    Ok(query.order_by_desc(Column::Id).limit(limit.saturating_add(1)).all(db).await?)
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
