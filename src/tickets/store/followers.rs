//! Who follows which ticket, and which tickets belong together.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::sql::{Columns, Sql};
use crate::kit::clock::Timestamp;
use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::tickets::entity::{follower, link};

/// # Errors
/// What the database says.
pub async fn follows(db: &impl ConnectionTrait, ticket: Uuid, person: Uuid) -> Result<bool> {
    Ok(follower::Entity::find_by_id((ticket, person)).one(db).await?.is_some())
}

/// # Errors
/// What the database says.
pub async fn follow(tx: &WriteTx, ticket_id: Uuid, person_id: Uuid, at: Timestamp) -> Result<()> {
    let row = follower::Model { ticket_id, person_id, at };
    let insert = follower::Entity::insert(row.into_active_model()).on_conflict_do_nothing();
    insert.exec_without_returning(&**tx).await?;
    Ok(())
}

/// # Errors
/// What the database says.
pub async fn of(db: &impl ConnectionTrait, ticket: Uuid) -> Result<Vec<follower::Model>> {
    Ok(follower::Entity::find().filter(follower::Column::TicketId.eq(ticket)).all(db).await?)
}

/// # Errors
/// What the database says.
pub async fn insert_link(tx: &WriteTx, row: link::Model) -> Result<()> {
    link::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Whether two tickets are linked, whichever way.
///
/// # Errors
/// What the database says.
pub async fn linked(db: &impl ConnectionTrait, one: Uuid, other: Uuid) -> Result<bool> {
    let there = link::Entity::find_by_id((one, other)).one(db).await?;
    Ok(there.is_some() || link::Entity::find_by_id((other, one)).one(db).await?.is_some())
}

/// The other end of a link, with what decides who may see it.
#[derive(Debug)]
pub struct Linked {
    pub id: Uuid,
    pub number: String,
    pub kind: String,
    pub state: String,
    pub is_open: bool,
    pub reporter: Uuid,
    pub reporter_side: String,
    pub entered_by: Uuid,
    pub assignee: Option<Uuid>,
    pub relation: String,
    /// Whether the link was made from the other end.
    pub backwards: bool,
}

/// The links of a ticket, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn links(db: &impl ConnectionTrait, ticket: Uuid) -> Result<Vec<Linked>> {
    let mut sql = Sql::default();
    let columns = "t.id, t.number, t.kind, t.state, t.is_open, t.reporter_id, t.reporter_side, t.entered_by, \
                   t.assignee_id, l.relation";
    sql.push(&format!("SELECT {columns}, FALSE AS backwards, l.at FROM ticket_links l"));
    sql.push(" JOIN tickets t ON t.id = l.to_id WHERE l.from_id = ").bind(ticket);
    sql.push(&format!(" UNION ALL SELECT {columns}, TRUE AS backwards, l.at FROM ticket_links l"));
    sql.push(" JOIN tickets t ON t.id = l.from_id WHERE l.to_id = ").bind(ticket).push(" ORDER BY 12, 1");
    let rows = sql.all(db).await?;
    let read = |row| {
        let mut columns = Columns::of(row)?;
        Ok(Linked {
            id: columns.next()?,
            number: columns.next()?,
            kind: columns.next()?,
            state: columns.next()?,
            is_open: columns.next()?,
            reporter: columns.next()?,
            reporter_side: columns.next()?,
            entered_by: columns.next()?,
            assignee: columns.next()?,
            relation: columns.next()?,
            backwards: columns.next()?,
        })
    };
    Ok(rows.iter().map(read).collect::<std::result::Result<_, sea_orm::DbErr>>()?)
}
