//! Queries of the ledger.

use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::entity::{entry, place, queue};
use super::entry::{Entry, canonical, lp_digest};
use crate::kit::clock::Timestamp;
use crate::kit::error::Result;

/// Who did it.
pub(super) struct By<'a> {
    pub actor_id: Option<Uuid>,
    pub actor_side: &'a str,
    pub request_id: Option<Uuid>,
}

/// The entry and its mark for the sequencer, in the caller's transaction: both or neither.
pub(super) async fn insert_entry(
    tx: &impl ConnectionTrait,
    id: Uuid,
    at: Timestamp,
    by: By<'_>,
    new: &Entry<'_>,
) -> Result<()> {
    let row = entry::ActiveModel {
        id: Set(id),
        at: Set(at.0),
        actor_id: Set(by.actor_id),
        actor_side: Set(by.actor_side.to_owned()),
        action: Set(new.action.to_owned()),
        object_kind: Set(new.object_kind.to_owned()),
        object_id: Set(new.object_id),
        request_id: Set(by.request_id),
        detail: Set(canonical(&new.detail)?),
        content_digest: Set(lp_digest(new.content).to_vec()),
    };
    entry::Entity::insert(row).exec_without_returning(tx).await?;
    queue::Entity::insert(queue::ActiveModel { entry_id: Set(id) }).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) async fn places_of(db: &impl ConnectionTrait, entries: &[Uuid]) -> Result<Vec<place::Model>> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let of_these = place::COLUMN.entry_id.is_in(entries.iter().copied());
    Ok(place::Entity::find().filter(of_these).all(db).await?)
}
