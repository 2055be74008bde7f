//! The one agreement, and which reminders of its end were given.

use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, QuerySelect, Set, TryInsertResult};

use crate::contract::entity::{contract, reminder};
use crate::kit::clock::Timestamp;
use crate::kit::db::{WriteTx, write_back};
use crate::kit::error::Result;

/// The agreement; `None` before `lvyue init`.
///
/// # Errors
/// What the database says.
pub async fn find(db: &impl ConnectionTrait) -> Result<Option<contract::Model>> {
    Ok(contract::Entity::find().one(db).await?)
}

/// The agreement, held until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &WriteTx) -> Result<Option<contract::Model>> {
    Ok(contract::Entity::find().lock_exclusive().one(&**tx).await?)
}

/// # Errors
/// What the database says.
pub async fn insert(tx: &WriteTx, row: contract::Model) -> Result<()> {
    contract::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Writes the whole row back as the next version.
///
/// # Errors
/// 412 when somebody else was faster.
pub async fn update(tx: &WriteTx, mut row: contract::Model) -> Result<()> {
    let seen = row.version;
    row.version += 1;
    write_back(tx, row.into_active_model(), contract::Column::Version, seen).await
}

/// Claims a reminder in the transaction of its notice; `false` when it was given before.
///
/// # Errors
/// What the database says.
pub async fn claim_reminder(tx: &WriteTx, expires_on: &str, days: i32, at: Timestamp) -> Result<bool> {
    let row = reminder::ActiveModel { expires_on: Set(expires_on.to_owned()), days: Set(days), at: Set(at) };
    let place = [reminder::Column::ExpiresOn, reminder::Column::Days];
    let done =
        reminder::Entity::insert(row).on_conflict_do_nothing_on(place).exec_without_returning(&**tx).await?;
    Ok(matches!(done, TryInsertResult::Inserted(rows) if rows > 0))
}
