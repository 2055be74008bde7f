//! Rows of breaches and of what was said about them.

use std::collections::HashSet;

use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use crate::duties::entity::{breach, breach_event};
use crate::duties::model::matter::BreachStatus;
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;
use crate::kit::db::{WriteTx, write_back};
use crate::kit::error::Result;

/// The breach of a duty, held until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn hold_of_duty(tx: &WriteTx, duty: Uuid) -> Result<Option<breach::Model>> {
    let of_duty = breach::Entity::find().filter(breach::Column::DutyId.eq(duty));
    Ok(of_duty.lock_exclusive().one(&**tx).await?)
}

/// As [`hold_of_duty`], to look at.
///
/// # Errors
/// What the database says.
pub async fn of_duty(db: &impl ConnectionTrait, duty: Uuid) -> Result<Option<breach::Model>> {
    Ok(breach::Entity::find().filter(breach::Column::DutyId.eq(duty)).one(db).await?)
}

/// Adds the breaches of duties that have none yet, and says which.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &WriteTx, rows: Vec<breach::Model>) -> Result<HashSet<Uuid>> {
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    let there = OnConflict::column(breach::Column::DutyId).do_nothing().to_owned();
    let mut insert = breach::Entity::insert_many(rows).on_conflict(there).into_query();
    insert.returning(Query::returning().column(breach::Column::Id));
    let rows = tx.query_all(&insert).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<std::result::Result<_, DbErr>>()?)
}

/// # Errors
/// What the database says.
pub async fn insert_events(tx: &WriteTx, events: Vec<breach_event::Model>) -> Result<()> {
    let events = events.into_iter().map(IntoActiveModel::into_active_model);
    breach_event::Entity::insert_many(events).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Writes the row back with its next version and adds what happened to it.
///
/// # Errors
/// 412 when somebody else was faster.
pub async fn update(tx: &WriteTx, seen: i64, row: breach::Model, event: breach_event::Model) -> Result<()> {
    write_back(tx, row.into_active_model(), breach::Column::Version, seen).await?;
    breach_event::Entity::insert(event.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// The number of the next event of a breach that is held.
///
/// # Errors
/// What the database says.
pub async fn next_seq(tx: &WriteTx, breach: Uuid) -> Result<i64> {
    let of_breach = breach_event::Entity::find().filter(breach_event::Column::BreachId.eq(breach));
    let last = of_breach.order_by_desc(breach_event::Column::Seq).one(&**tx).await?;
    Ok(last.map_or(0, |e| e.seq) + 1)
}

/// # Errors
/// What the database says.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<breach::Model>> {
    Ok(breach::Entity::find_by_id(id).one(db).await?)
}

/// The breach, held until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &WriteTx, id: Uuid) -> Result<Option<breach::Model>> {
    Ok(breach::Entity::find_by_id(id).lock_exclusive().one(&**tx).await?)
}

/// Up to `limit + 1` breaches, the latest first.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &impl ConnectionTrait,
    side: Option<Side>,
    status: Option<BreachStatus>,
    limit: u64,
    before: Option<Uuid>,
) -> Result<Vec<breach::Model>> {
    let mut query = breach::Entity::find();
    if let Some(side) = side {
        query = query.filter(breach::Column::Obligor.eq(side.wire()));
    }
    if let Some(status) = status {
        query = query.filter(breach::Column::Status.eq(status.wire()));
    }
    if let Some(before) = before {
        query = query.filter(breach::Column::Id.lt(before));
    }
    Ok(query.order_by_desc(breach::Column::Id).limit(limit.saturating_add(1)).all(db).await?)
}

/// Breaches of duties that fell due in a span; a month of an agreement has tens of them.
///
/// # Errors
/// What the database says.
pub async fn due_between(
    db: &impl ConnectionTrait,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<breach::Model>> {
    let due =
        breach::Entity::find().filter(breach::Column::DueAt.gte(from)).filter(breach::Column::DueAt.lt(to));
    Ok(due.all(db).await?)
}

/// What happened to these breaches, in order.
///
/// # Errors
/// What the database says.
pub async fn events(db: &impl ConnectionTrait, breaches: &[Uuid]) -> Result<Vec<breach_event::Model>> {
    if breaches.is_empty() {
        return Ok(Vec::new());
    }
    let of_these = breach_event::Column::BreachId.is_in(breaches.iter().copied());
    let events = breach_event::Entity::find().filter(of_these);
    Ok(events
        .order_by_asc(breach_event::Column::BreachId)
        .order_by_asc(breach_event::Column::Seq)
        .all(db)
        .await?)
}
