//! Certificates: rows are only added.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, TryInsertResult,
};
use uuid::Uuid;

use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::learning::entity::certificate::{Column, Entity, Model};

/// `false` when the person has one for this edition already.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &WriteTx, row: Model) -> Result<bool> {
    let place = [Column::PersonId, Column::CourseId, Column::Edition];
    let insert = Entity::insert(row.into_active_model()).on_conflict_do_nothing_on(place);
    let done = insert.exec_without_returning(&**tx).await?;
    Ok(matches!(done, TryInsertResult::Inserted(rows) if rows > 0))
}

/// Of a person, the latest first.
///
/// # Errors
/// What the database says.
pub async fn of_person(db: &impl ConnectionTrait, person: Uuid) -> Result<Vec<Model>> {
    let query = Entity::find().filter(Column::PersonId.eq(person));
    Ok(query.order_by_desc(Column::IssuedAt).order_by_desc(Column::Id).all(db).await?)
}

/// The latest of a person for one course.
///
/// # Errors
/// What the database says.
pub async fn latest(db: &impl ConnectionTrait, person: Uuid, course: Uuid) -> Result<Option<Model>> {
    let query = Entity::find().filter(Column::PersonId.eq(person)).filter(Column::CourseId.eq(course));
    Ok(query.order_by_desc(Column::Edition).one(db).await?)
}

/// # Errors
/// What the database says.
pub async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::CheckCode.eq(code)).one(db).await?)
}
