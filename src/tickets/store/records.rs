//! Records of tickets: texts, versions and signatures. A record is never removed, only brought further.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::tickets::entity::record;
use crate::tickets::model::records::RecordType;

/// All records of a ticket, in the order in which they were made.
///
/// # Errors
/// What the database says.
pub async fn of(db: &impl ConnectionTrait, ticket: Uuid) -> Result<Vec<record::Model>> {
    let rows = record::Entity::find().filter(record::Column::TicketId.eq(ticket));
    Ok(rows.order_by_asc(record::Column::Id).all(db).await?)
}

/// The latest record of a type.
///
/// # Errors
/// What the database says.
pub async fn latest(
    db: &impl ConnectionTrait,
    ticket: Uuid,
    record_type: RecordType,
) -> Result<Option<record::Model>> {
    let rows = record::Entity::find()
        .filter(record::Column::TicketId.eq(ticket))
        .filter(record::Column::RecordType.eq(record_type.wire()));
    Ok(rows.order_by_desc(record::Column::Number).one(db).await?)
}

/// # Errors
/// What the database says.
pub async fn insert(tx: &WriteTx, row: record::Model) -> Result<()> {
    record::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Writes a whole record back.
///
/// # Errors
/// What the database says.
pub async fn update(tx: &WriteTx, row: record::Model) -> Result<()> {
    let id: Uuid = row.id;
    let mut changes = row.into_active_model().reset_all();
    changes.id = sea_orm::NotSet;
    record::Entity::update_many().set(changes).filter(record::Column::Id.eq(id)).exec(&**tx).await?;
    Ok(())
}
