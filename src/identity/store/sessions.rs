//! The record of sessions (device list, how each ended) and of looks at unmasked data.

use sea_orm::{
    ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::super::entity::{reveal, session};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Sealed;
use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::kit::session::LiveSession;

pub async fn sessions(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<session::Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(session::Entity::find().filter(session::Column::Id.is_in(ids.to_vec())).all(db).await?)
}

/// With whatever else waits in the transaction.
pub async fn add_session(tx: &WriteTx, live: &LiveSession, device: Sealed) {
    let row = session::Model {
        id: live.actor.session_id,
        account_id: live.actor.account_id,
        device_sealed: device,
        created_at: live.created_at,
        last_seen_at: live.last_seen_at,
        expires_at: live.expires_at(),
        ended_at: None,
        end_reason: None,
    };
    tx.later(session::Entity::insert(row.into_active_model()).build(tx.backend())).await;
}

/// A refresh is worth writing down; single requests are not.
pub async fn touch_session(db: &impl ConnectionTrait, live: &LiveSession) -> Result<()> {
    session::Entity::update_many()
        .set(session::ActiveModel {
            last_seen_at: ActiveValue::Set(live.last_seen_at),
            expires_at: ActiveValue::Set(live.expires_at()),
            ..Default::default()
        })
        .filter(session::Column::Id.eq(live.actor.session_id))
        .exec(db)
        .await?;
    Ok(())
}

/// The first reason stays.
pub async fn end_sessions(
    tx: &impl ConnectionTrait,
    ids: &[Uuid],
    now: Timestamp,
    reason: &str,
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    session::Entity::update_many()
        .set(session::ActiveModel {
            ended_at: ActiveValue::Set(Some(now)),
            end_reason: ActiveValue::Set(Some(reason.to_owned())),
            ..Default::default()
        })
        .filter(session::Column::Id.is_in(ids.to_vec()))
        .filter(session::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Newest first.
pub async fn reveals_of(
    db: &impl ConnectionTrait,
    subject: Uuid,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<reveal::Model>> {
    let mut query = reveal::Entity::find()
        .filter(reveal::Column::SubjectId.eq(subject))
        .order_by_desc(reveal::Column::Id)
        .limit(limit);
    if let Some(before) = before {
        query = query.filter(reveal::Column::Id.lt(before));
    }
    Ok(query.all(db).await?)
}
