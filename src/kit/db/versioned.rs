//! Writing a row back under its version: the only way that a mutable row changes. Whoever was slower gets 412 and has
//! lost nothing.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, Iterable, PrimaryKeyToColumn, QueryFilter};

use super::WriteTx;
use crate::kit::error::{Code, Error, Result};

/// Writes the whole row back, when its stored version is still `seen`; the row itself says the next one.
///
/// # Errors
/// 412 when somebody else was faster.
pub async fn write_back<A: ActiveModelTrait>(
    tx: &WriteTx,
    row: A,
    version: <A::Entity as EntityTrait>::Column,
    seen: i64,
) -> Result<()> {
    let mut changes = row.reset_all();
    let mut update = A::Entity::update_many().filter(version.eq(seen));
    for key in <A::Entity as EntityTrait>::PrimaryKey::iter() {
        let column = key.into_column();
        let value = changes.take(column).into_value();
        let value = value.ok_or_else(|| Error::new(Code::Internal).because("a row without its key"))?;
        update = update.filter(column.eq(value));
    }
    match update.set(changes).exec(&**tx).await?.rows_affected {
        1 => Ok(()),
        _ => Err(Error::new(Code::VersionStale)),
    }
}
