//! Writes of the ticket engine, all in the caller's transaction, and the reads that they decide on.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use uuid::Uuid;

use super::sql::{Columns, Sql};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Sealed;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::tickets::entity::{event, message, solution, ticket};
use crate::tickets::model::SolutionState;

/// The ticket's row, to look at.
///
/// # Errors
/// What the database says.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<ticket::Model>> {
    Ok(ticket::Entity::find_by_id(id).one(db).await?)
}

/// The ticket's row, held until the transaction ends: whoever writes to a ticket begins here, so that
/// its events have one order.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &WriteTx, id: Uuid) -> Result<Option<ticket::Model>> {
    Ok(ticket::Entity::find_by_id(id).lock_exclusive().one(&**tx).await?)
}

/// All events of a ticket in their order.
///
/// # Errors
/// What the database says.
pub async fn events(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<event::Model>> {
    let events = event::Entity::find().filter(event::Column::TicketId.eq(id));
    Ok(events.order_by_asc(event::Column::Seq).all(db).await?)
}

/// Tickets whose silence has lasted long enough, the longest first.
///
/// # Errors
/// What the database says.
pub async fn waking(db: &impl ConnectionTrait, now: Timestamp, most: u64) -> Result<Vec<Uuid>> {
    let due = ticket::Entity::find().select_only().column(ticket::Column::Id);
    let due = due.filter(ticket::Column::WakeAt.lte(now)).order_by_asc(ticket::Column::WakeAt);
    Ok(due.limit(most).into_tuple().all(db).await?)
}

/// Tickets with a running duty that was derived with an older version of what is in force.
///
/// # Errors
/// What the database says.
pub async fn derived_before(db: &impl ConnectionTrait, in_force: i32, most: u64) -> Result<Vec<Uuid>> {
    let mut sql = Sql::default();
    sql.push("SELECT t.id FROM tickets t WHERE t.is_open AND EXISTS (SELECT 1 FROM duties d");
    sql.push(" WHERE d.record_id = t.id AND d.state = 'running' AND d.in_force < ").bind(in_force);
    sql.push(") ORDER BY t.id LIMIT ").bind(i64::try_from(most).unwrap_or(i64::MAX));
    let rows = sql.all(db).await?;
    let read = |row| Columns::of(row)?.next();
    Ok(rows.iter().map(read).collect::<std::result::Result<_, sea_orm::DbErr>>()?)
}

/// # Errors
/// What the database says.
pub async fn insert_ticket(tx: &WriteTx, row: ticket::Model) -> Result<()> {
    ticket::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Writes the whole row back, if it still has the version `seen`.
///
/// # Errors
/// 412 when somebody else was faster.
pub async fn update_ticket(tx: &WriteTx, seen: i64, row: ticket::Model) -> Result<()> {
    let id = row.id;
    let mut changes = row.into_active_model().reset_all();
    changes.id = sea_orm::NotSet;
    let update = ticket::Entity::update_many().set(changes);
    let update = update.filter(ticket::Column::Id.eq(id)).filter(ticket::Column::Version.eq(seen));
    match update.exec(&**tx).await?.rows_affected {
        1 => Ok(()),
        _ => Err(Error::new(Code::VersionStale)),
    }
}

/// # Errors
/// What the database says.
pub async fn insert_event(tx: &WriteTx, row: event::Model) -> Result<()> {
    event::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// # Errors
/// What the database says.
pub async fn insert_message(tx: &WriteTx, row: message::Model) -> Result<()> {
    message::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// # Errors
/// What the database says.
pub async fn insert_solution(tx: &WriteTx, row: solution::Model) -> Result<()> {
    solution::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// The latest solution of a ticket, the only one that can still be judged.
///
/// # Errors
/// What the database says.
pub async fn latest_solution(tx: &WriteTx, ticket_id: Uuid) -> Result<Option<solution::Model>> {
    let of_ticket = solution::Entity::find().filter(solution::Column::TicketId.eq(ticket_id));
    Ok(of_ticket.order_by_desc(solution::Column::Number).one(&**tx).await?)
}

/// # Errors
/// What the database says.
pub async fn judge_solution(
    tx: &WriteTx,
    id: Uuid,
    state: SolutionState,
    reason: Option<Sealed>,
) -> Result<()> {
    let verdict = solution::ActiveModel {
        id: Set(id),
        state: Set(state.wire().to_owned()),
        reason_sealed: Set(reason),
        ..Default::default()
    };
    verdict.update(&**tx).await?;
    Ok(())
}
