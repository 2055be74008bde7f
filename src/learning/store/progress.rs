//! The player of a person and what they have seen.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::learning::entity::player;
use crate::learning::entity::progress::{Column, Entity, Model};
use crate::learning::model::watching::Player;

fn played(row: player::Model) -> Player {
    let player::Model { name, version_id, seq, credit_ms, at, .. } = row;
    Player { name, version_id, seq, credit_ms, at }
}

fn row_of(person_id: Uuid, p: &Player) -> player::ActiveModel {
    let Player { name, version_id, seq, credit_ms, at } = p.clone();
    player::Model { person_id, name, version_id, seq, credit_ms, at }.into_active_model()
}

/// # Errors
/// What the database says.
pub async fn find_player(db: &impl ConnectionTrait, person: Uuid) -> Result<Option<Player>> {
    Ok(player::Entity::find_by_id(person).one(db).await?.map(played))
}

/// The player of a person, held until the transaction ends: beats that come at once are taken one after the other.
///
/// # Errors
/// What the database says.
pub async fn hold_player(tx: &WriteTx, person: Uuid) -> Result<Option<Player>> {
    Ok(player::Entity::find_by_id(person).lock_exclusive().one(&**tx).await?.map(played))
}

/// Makes the row of somebody who never played anything; whoever is second waits for the first.
///
/// # Errors
/// What the database says.
pub async fn first_player(tx: &WriteTx, person: Uuid, p: &Player) -> Result<()> {
    let insert = player::Entity::insert(row_of(person, p));
    insert.on_conflict_do_nothing_on([player::Column::PersonId]).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Writes the player back together with what was seen; the player is held.
pub async fn save(tx: &WriteTx, person: Uuid, p: &Player, row: Model) {
    let mut changes = row_of(person, p).reset_all();
    changes.person_id = NotSet;
    let update = player::Entity::update_many().set(changes).filter(player::Column::PersonId.eq(person));
    tx.later(update.build(tx.backend())).await;
    tx.later(upsert(row).build(tx.backend())).await;
}

fn upsert(row: Model) -> sea_orm::Insert<crate::learning::entity::progress::ActiveModel> {
    use Column as C;
    let changes = [C::Intervals, C::Coverage, C::PositionMs, C::Page, C::DwellMs, C::CompletedAt];
    let place = OnConflict::columns([C::PersonId, C::VersionId]).update_columns(changes).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(place)
}

/// Writes what was seen of a version, or a quiz that was passed.
///
/// # Errors
/// What the database says.
pub async fn put(tx: &WriteTx, row: Model) -> Result<()> {
    tx.execute_raw(upsert(row).build(tx.backend())).await?;
    Ok(())
}

/// All that a person has seen of one course.
///
/// # Errors
/// What the database says.
pub async fn of_course(db: &impl ConnectionTrait, person: Uuid, course: Uuid) -> Result<Vec<Model>> {
    let query = Entity::find().filter(Column::PersonId.eq(person)).filter(Column::CourseId.eq(course));
    Ok(query.all(db).await?)
}

/// All that a person has seen.
///
/// # Errors
/// What the database says.
pub async fn of_person(db: &impl ConnectionTrait, person: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::PersonId.eq(person)).all(db).await?)
}
