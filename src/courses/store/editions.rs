//! Editions, and the generation that tells processes when to read them again.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::courses::entity::{course, edition, generation};
use crate::kit::clock::Timestamp;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};

/// # Errors
/// What the database says.
pub async fn generation(db: &impl ConnectionTrait) -> Result<i64> {
    let row = generation::Entity::find_by_id(1).one(db).await?;
    Ok(row.ok_or_else(|| Error::new(Code::Internal).because("no generation of courses"))?.number)
}

/// The documents of all editions in force.
///
/// # Errors
/// What the database says.
pub async fn in_force(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    let to_course = edition::Entity::belongs_to(course::Entity)
        .from(edition::Column::CourseId)
        .to(course::Column::Id)
        .into();
    let current = Expr::col((edition::Entity, edition::Column::Number))
        .equals((course::Entity, course::Column::InForce));
    Ok(edition::Entity::find()
        .select_only()
        .column(edition::Column::Document)
        .join(JoinType::InnerJoin, to_course)
        .filter(Condition::all().add(current))
        .into_tuple()
        .all(db)
        .await?)
}

/// When its first edition was published.
///
/// # Errors
/// What the database says.
pub async fn first_published_at(db: &impl ConnectionTrait, course: Uuid) -> Result<Option<Timestamp>> {
    let first = edition::Entity::find().filter(edition::Column::CourseId.eq(course));
    let first =
        first.select_only().column(edition::Column::PublishedAt).order_by_asc(edition::Column::Number);
    Ok(first.into_tuple().one(db).await?)
}

/// The document of one edition.
///
/// # Errors
/// What the database says.
pub async fn document(db: &impl ConnectionTrait, course: Uuid, number: i32) -> Result<Option<String>> {
    let of_course = edition::Entity::find().filter(edition::Column::CourseId.eq(course));
    let one = of_course.filter(edition::Column::Number.eq(number));
    Ok(one.select_only().column(edition::Column::Document).into_tuple().one(db).await?)
}

/// # Errors
/// What the database says.
pub async fn insert(tx: &WriteTx, row: edition::Model) -> Result<()> {
    edition::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// What learners see has changed. Writes that do so follow each other, because all want this row.
///
/// # Errors
/// What the database says.
pub async fn raise_generation(tx: &WriteTx) -> Result<()> {
    let raised = Expr::col(generation::Column::Number).add(1);
    generation::Entity::update_many().col_expr(generation::Column::Number, raised).exec(&**tx).await?;
    Ok(())
}
