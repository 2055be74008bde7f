//! Attempts at quizzes. One is open at a time; a paper that was handed in never changes.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    TryInsertResult,
};
use uuid::Uuid;

use crate::kit::clock::Timestamp;
use crate::kit::crypto::Sealed;
use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::learning::entity::attempt::{Column, Entity, Model};

/// Papers that the wrong-answer book looks back on.
const MOST_PAPERS: u64 = 300;

/// # Errors
/// What the database says.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// The attempt, held until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &WriteTx, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(&**tx).await?)
}

/// All attempts of a person at these quizzes, the first first.
///
/// # Errors
/// What the database says.
pub async fn of_quizzes(db: &impl ConnectionTrait, person: Uuid, quizzes: &[Uuid]) -> Result<Vec<Model>> {
    if quizzes.is_empty() {
        return Ok(Vec::new());
    }
    let query = Entity::find()
        .filter(Column::PersonId.eq(person))
        .filter(Column::ItemId.is_in(quizzes.iter().copied()));
    Ok(query.order_by_asc(Column::Number).all(db).await?)
}

/// The last papers that a person handed in, the newest first.
///
/// # Errors
/// What the database says.
pub async fn submitted(db: &impl ConnectionTrait, person: Uuid) -> Result<Vec<Model>> {
    let query = Entity::find().filter(Column::PersonId.eq(person)).filter(Column::SubmittedAt.is_not_null());
    Ok(query.order_by_desc(Column::SubmittedAt).order_by_desc(Column::Id).limit(MOST_PAPERS).all(db).await?)
}

/// `false` when somebody took the number at the same moment.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &WriteTx, row: Model) -> Result<bool> {
    let place = [Column::PersonId, Column::ItemId, Column::Number];
    let insert = Entity::insert(row.into_active_model()).on_conflict_do_nothing_on(place);
    let done = insert.exec_without_returning(&**tx).await?;
    Ok(matches!(done, TryInsertResult::Inserted(rows) if rows > 0))
}

/// Writes what was handed in; the attempt is held and open.
///
/// # Errors
/// What the database says.
pub async fn hand_in(
    tx: &WriteTx,
    id: Uuid,
    sheet: Sealed,
    (score, passed): (i32, bool),
    now: Timestamp,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::SheetSealed, sea_orm::Value::from(sheet.0).into())
        .col_expr(Column::Score, score.into())
        .col_expr(Column::Passed, passed.into())
        .col_expr(Column::SubmittedAt, now.0.into())
        .filter(Column::Id.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}
