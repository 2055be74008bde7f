//! Versions of items.

use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use crate::courses::entity::version::{Entity, Model};
use crate::kit::error::Result;

/// # Errors
/// What the database says.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}
