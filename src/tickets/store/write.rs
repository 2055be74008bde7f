//! Writes of the ticket engine, all in the caller's transaction, and the reads that they decide on.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set,
};
use uuid::Uuid;

use crate::clocks::Book;
use crate::duties;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Sealed;
use crate::kit::db::{Columns, Fetch, Sql, WriteTx, write_back};
use crate::kit::error::Result;
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

/// Open tickets with a running duty that has yet to follow a version that came into force by `now`.
///
/// # Errors
/// What the database says.
pub async fn derived_before(db: &impl Fetch, book: &Book, now: Timestamp, most: u64) -> Result<Vec<Uuid>> {
    let mut sql = Sql::default();
    sql.push("SELECT t.id FROM tickets t WHERE t.is_open AND EXISTS (SELECT 1 FROM duties d");
    sql.push(" WHERE d.record_id = t.id AND ");
    duties::push_behind(&mut sql, book, now);
    sql.push(") ORDER BY t.id").limit(i64::try_from(most).unwrap_or(i64::MAX));
    sql.all(db, |columns| columns.take()).await
}

/// The next tickets by id, for whoever goes through all.
///
/// # Errors
/// What the database says.
pub async fn after(db: &impl ConnectionTrait, last: Uuid, most: u64) -> Result<Vec<ticket::Model>> {
    let rows = ticket::Entity::find().filter(ticket::Column::Id.gt(last));
    Ok(rows.order_by_asc(ticket::Column::Id).limit(most).all(db).await?)
}

/// All events of some tickets, each ticket's in their order.
///
/// # Errors
/// What the database says.
pub async fn events_of(db: &impl ConnectionTrait, tickets: &[Uuid]) -> Result<Vec<event::Model>> {
    let events = event::Entity::find().filter(event::Column::TicketId.is_in(tickets.iter().copied()));
    let ordered = events.order_by_asc(event::Column::TicketId).order_by_asc(event::Column::Seq);
    Ok(ordered.all(db).await?)
}

/// A stored duty that belongs to no ticket and no record of the agreement.
#[derive(Debug)]
pub struct Lone {
    pub number: String,
    pub code: String,
    pub cycle: i32,
    pub round: i32,
    pub due_at: Timestamp,
}

/// Stored duties that belong to nothing, the first ones, and how many there are.
///
/// # Errors
/// What the database says.
pub async fn lone_duties(db: &impl Fetch, most: u64) -> Result<(Vec<Lone>, i64)> {
    let lone = "FROM duties d WHERE NOT EXISTS (SELECT 1 FROM tickets t WHERE t.id = d.record_id) \
                AND NOT EXISTS (SELECT 1 FROM contract_records r WHERE r.id = d.record_id)";
    let mut sql = Sql::default();
    sql.push("SELECT number, code, cycle, round, due_at ").push(lone).push(" ORDER BY d.id");
    sql.limit(i64::try_from(most).unwrap_or(i64::MAX));
    let read = |columns: &mut Columns<'_>| {
        Ok(Lone {
            number: columns.take()?,
            code: columns.take()?,
            cycle: columns.take()?,
            round: columns.take()?,
            due_at: Timestamp(columns.take()?),
        })
    };
    let first = sql.all(db, read).await?;
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) ").push(lone);
    let count = sql.one(db, |columns| columns.take()).await?;
    Ok((first, count.unwrap_or(0)))
}

/// # Errors
/// What the database says.
pub async fn insert_ticket(tx: &WriteTx, row: ticket::Model) -> Result<()> {
    tx.later(ticket::Entity::insert(row.into_active_model()).build(tx.backend())).await;
    Ok(())
}

/// Writes the whole row back, if it still has the version `seen`.
///
/// # Errors
/// 412 when somebody else was faster.
pub async fn update_ticket(tx: &WriteTx, seen: i64, row: ticket::Model) -> Result<()> {
    let mut changes = row.into_active_model();
    // A key that was destroyed or rewrapped since this row was read stays so.
    changes.key_wrapped = sea_orm::NotSet;
    write_back(tx, changes, ticket::Column::Version, seen).await
}

/// # Errors
/// What the database says.
pub async fn insert_event(tx: &WriteTx, row: event::Model) -> Result<()> {
    tx.later(event::Entity::insert(row.into_active_model()).build(tx.backend())).await;
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
