//! Editions, and the generation that tells processes when to read them again.

use sea_orm::sea_query::Expr;
use sea_orm::{Condition, ConnectionTrait, EntityTrait, ExprTrait, JoinType, QueryFilter, QuerySelect};

use crate::courses::entity::{course, edition, generation};
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
