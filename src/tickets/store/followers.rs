//! Who follows which ticket, and which tickets belong together.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::kit::clock::Timestamp;
use crate::kit::db::{Columns, Fetch, Sql, WriteTx};
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
pub async fn links(db: &impl Fetch, ticket: Uuid) -> Result<Vec<Linked>> {
    let mut sql = Sql::default();
    let columns = "t.id, t.number, t.kind, t.state, t.is_open, t.reporter_id, t.reporter_side, t.entered_by, \
                   t.assignee_id, l.relation";
    sql.push(&format!("SELECT {columns}, FALSE AS backwards, l.at FROM ticket_links l"));
    sql.push(" JOIN tickets t ON t.id = l.to_id WHERE l.from_id = ").bind(ticket);
    sql.push(&format!(" UNION ALL SELECT {columns}, TRUE AS backwards, l.at FROM ticket_links l"));
    sql.push(" JOIN tickets t ON t.id = l.from_id WHERE l.to_id = ").bind(ticket).push(" ORDER BY 12, 1");
    let read = |columns: &mut Columns<'_>| {
        Ok(Linked {
            id: columns.take()?,
            number: columns.take()?,
            kind: columns.take()?,
            state: columns.take()?,
            is_open: columns.take()?,
            reporter: columns.take()?,
            reporter_side: columns.take()?,
            entered_by: columns.take()?,
            assignee: columns.take()?,
            relation: columns.take()?,
            backwards: columns.take()?,
        })
    };
    sql.all(db, read).await
}
