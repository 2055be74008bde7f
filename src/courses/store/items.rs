//! Items of courses. Their course is held while they are written.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::courses::entity::item::{Column, Entity, Model};
use crate::kit::db::WriteTx;
use crate::kit::error::Result;

/// In the order of the course, removed ones too.
///
/// # Errors
/// What the database says.
pub async fn of_course(db: &impl ConnectionTrait, course: Uuid) -> Result<Vec<Model>> {
    let of_course = Entity::find().filter(Column::CourseId.eq(course));
    let ordered = of_course.order_by_asc(Column::SectionNo).order_by_asc(Column::Position);
    Ok(ordered.order_by_asc(Column::Id).all(db).await?)
}

/// # Errors
/// What the database says.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// How many items each of these courses has.
///
/// # Errors
/// What the database says.
pub async fn counts(db: &impl ConnectionTrait, courses: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    let counted: Vec<(Uuid, i64)> = Entity::find()
        .select_only()
        .column(Column::CourseId)
        .column_as(Expr::col(Column::Id).count(), "items")
        .filter(Column::CourseId.is_in(courses.iter().copied()))
        .filter(Column::Removed.eq(false))
        .group_by(Column::CourseId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counted.into_iter().collect())
}

/// # Errors
/// What the database says.
pub async fn insert(tx: &WriteTx, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// # Errors
/// What the database says.
pub async fn update(tx: &WriteTx, row: Model) -> Result<()> {
    row.into_active_model().reset_all().update(&**tx).await?;
    Ok(())
}
