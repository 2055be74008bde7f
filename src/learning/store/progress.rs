//! The player of a person and what they have seen.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter, QueryTrait,
};
use uuid::Uuid;

use crate::kit::clock::Timestamp;
use crate::kit::db::{Columns, Fetch, Sql, WriteTx};
use crate::kit::error::Result;
use crate::learning::entity::progress::{Column, Entity, Model};
use crate::learning::model::watching::Player;

fn player(columns: &mut Columns<'_>) -> std::result::Result<Player, sea_orm::DbErr> {
    Ok(Player {
        name: columns.take()?,
        version_id: columns.take()?,
        seq: columns.take()?,
        credit_ms: columns.take()?,
        at: Timestamp(columns.take()?),
    })
}

fn of(person: Uuid) -> Sql {
    let mut sql = Sql::default();
    sql.push("SELECT name, version_id, seq, credit_ms, at FROM learning_players WHERE person_id = ")
        .bind(person);
    sql
}

/// # Errors
/// What the database says.
pub async fn find_player(db: &impl Fetch, person: Uuid) -> Result<Option<Player>> {
    of(person).one(db, player).await
}

/// The player of a person, held until the transaction ends: beats that come at once are taken one after the other.
///
/// # Errors
/// What the database says.
pub async fn hold_player(tx: &WriteTx, person: Uuid) -> Result<Option<Player>> {
    let mut sql = of(person);
    if tx.backend() == DbBackend::Postgres {
        sql.push(" FOR UPDATE");
    }
    sql.one(&**tx, player).await
}

/// Makes the row of somebody who never played anything; whoever is second waits for the first.
///
/// # Errors
/// What the database says.
pub async fn first_player(tx: &WriteTx, person: Uuid, p: &Player) -> Result<()> {
    let mut sql = Sql::default();
    sql.push("INSERT INTO learning_players (person_id, name, version_id, seq, credit_ms, at) VALUES ");
    sql.bind_all::<sea_orm::Value>([
        person.into(),
        p.name.as_str().into(),
        p.version_id.into(),
        p.seq.into(),
        p.credit_ms.into(),
        p.at.0.into(),
    ]);
    sql.push(" ON CONFLICT (person_id) DO NOTHING");
    sql.run(&**tx).await?;
    Ok(())
}

/// Writes the player back together with what was seen.
pub async fn save(tx: &WriteTx, person: Uuid, p: &Player, row: Option<Model>) {
    let values: [sea_orm::Value; 6] = [
        p.name.as_str().into(),
        p.version_id.into(),
        p.seq.into(),
        p.credit_ms.into(),
        p.at.0.into(),
        person.into(),
    ];
    let text = "UPDATE learning_players SET name = $1, version_id = $2, seq = $3, credit_ms = $4, at = $5 \
                WHERE person_id = $6";
    tx.later(sea_orm::Statement::from_sql_and_values(tx.backend(), text, values)).await;
    if let Some(row) = row {
        tx.later(upsert(row).build(tx.backend())).await;
    }
}

fn upsert(row: Model) -> sea_orm::Insert<crate::learning::entity::progress::ActiveModel> {
    use Column as C;
    let changes = [C::Intervals, C::Coverage, C::PositionMs, C::Page, C::DwellMs, C::CompletedAt];
    let place = OnConflict::columns([C::PersonId, C::VersionId]).update_columns(changes).to_owned();
    Entity::insert(row.into_active_model().into()).on_conflict(place)
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
