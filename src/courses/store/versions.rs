//! Versions of items. Only a draft is ever changed; what was part of an edition stays as it was.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use crate::courses::entity::version::{Column, Entity, Model};
use crate::kit::db::WriteTx;
use crate::kit::error::Result;

/// # Errors
/// What the database says.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// The latest version of each of these items, and the latest that was published.
#[derive(Clone, Debug, Default)]
pub struct Latest {
    pub any: Option<Model>,
    pub published: Option<Model>,
}

impl Latest {
    /// The version that is not published yet.
    #[must_use]
    pub fn draft(&self) -> Option<&Model> {
        self.any.as_ref().filter(|v| v.edition.is_none())
    }
}

/// # Errors
/// What the database says.
pub async fn latest(db: &impl ConnectionTrait, items: &[Uuid]) -> Result<HashMap<Uuid, Latest>> {
    let mut found: HashMap<Uuid, Latest> = HashMap::new();
    let versions = Entity::find().filter(Column::ItemId.is_in(items.iter().copied()));
    for row in versions.order_by_asc(Column::Number).all(db).await? {
        let latest = found.entry(row.item_id).or_default();
        if row.edition.is_some() {
            latest.published = Some(row.clone());
        }
        latest.any = Some(row);
    }
    Ok(found)
}

/// # Errors
/// What the database says.
pub async fn insert(tx: &WriteTx, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Writes a draft back; its course is held.
///
/// # Errors
/// What the database says.
pub async fn update(tx: &WriteTx, row: Model) -> Result<()> {
    row.into_active_model().reset_all().update(&**tx).await?;
    Ok(())
}
