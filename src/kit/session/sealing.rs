//! Sealing of session values under a data key of scope "session" that changes daily. A stolen copy of
//! the store tells neither whose sessions it holds nor how to refresh them.

use std::sync::{Arc, PoisonError, RwLock};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::entity::data_keys;
use super::value::{LiveSession, SessionKey};
use crate::kit::actor::Actor;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::{Column, DataKey, KeyScope, Sealed, Vault};
use crate::kit::db::Db;
use crate::kit::error::{Code, Error, Result};
use crate::kit::id::Ids;

const VALUE: Column = Column::new("live_sessions", "value_sealed");
/// A new key seals after this long; older ones only open.
const KEY_LIFE_MILLIS: i64 = 86_400_000;

/// How the store knows a session: a keyed digest, so that its contents cannot be turned into tokens.
pub(super) type Digest = Vec<u8>;

#[derive(Clone, Debug)]
pub(super) struct Sealing {
    db: Db,
    vault: Vault,
    ids: Arc<Ids>,
    current: Arc<RwLock<Option<(DataKey, Timestamp)>>>,
}

/// The sealed part of a session: what never changes, and what [`super::Sessions::update_actor`] changes.
#[derive(Serialize, Deserialize)]
pub(super) struct Kernel {
    pub actor: Actor,
    pub created_at: i64,
    pub mac: [u8; 32],
}

impl Kernel {
    pub(super) fn of(live: &LiveSession) -> Self {
        Self { actor: live.actor.clone(), created_at: live.created_at.0, mac: *live.refresh_mac_key }
    }
}

impl Sealing {
    pub(super) fn new(db: Db, vault: Vault, ids: Arc<Ids>) -> Self {
        Self { db, vault, ids, current: Arc::default() }
    }

    pub(super) fn digest(&self, key: &SessionKey) -> Digest {
        self.vault.digest("session", key.as_bytes())
    }

    /// Never call it inside a write transaction: it may begin one.
    pub(super) async fn seal(&self, digest: &[u8], plain: &impl Serialize, now: Timestamp) -> Result<Sealed> {
        let key = self.current(now).await?;
        let bytes = Zeroizing::new(serde_json::to_vec(plain).map_err(broken)?);
        key.seal(VALUE, row(digest)?, &bytes)
    }

    pub(super) async fn open<T: for<'de> Deserialize<'de>>(
        &self,
        digest: &[u8],
        sealed: &Sealed,
    ) -> Result<T> {
        // Format 1 of sealed values: version byte, then the id of the key.
        let id = sealed.0.get(1..17).and_then(|b| Uuid::from_slice(b).ok());
        let id = id.ok_or_else(|| Error::new(Code::DecryptFailed).because("session value too short"))?;
        let key = self.vault.key(self.db.reader(), id).await?;
        let plain = key.open(VALUE, row(digest)?, sealed)?;
        serde_json::from_slice(&plain).map_err(broken)
    }

    /// Sees to it that a following [`Self::seal`] needs no transaction of its own.
    pub(super) async fn warm(&self, now: Timestamp) -> Result<()> {
        self.current(now).await.map(drop)
    }

    async fn current(&self, now: Timestamp) -> Result<DataKey> {
        let cached = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((key, made)) = cached
            && now.since(made) < KEY_LIFE_MILLIS
        {
            return Ok(key);
        }
        // Another process may have made today's key already; two of them on one day do no harm.
        let young = data_keys::Entity::find()
            .filter(data_keys::Column::Scope.eq("session"))
            .filter(data_keys::Column::State.eq("active"))
            .filter(data_keys::Column::CreatedAt.gt(now.plus_millis(-KEY_LIFE_MILLIS)))
            .order_by_desc(data_keys::Column::CreatedAt)
            .limit(1)
            .one(self.db.reader())
            .await?;
        let (key, made) = match young {
            Some(row) => (self.vault.key(self.db.reader(), row.key_id).await?, row.created_at),
            None => {
                let tx = self.db.write_tx().await?;
                let id = self.ids.fresh()?;
                // A session key belongs to nobody but itself.
                let key = self.vault.new_key(&*tx, id, KeyScope::Session, id, now).await?;
                tx.commit().await?;
                (key, now)
            }
        };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some((key.clone(), made));
        Ok(key)
    }
}

fn row(digest: &[u8]) -> Result<Uuid> {
    let head = digest.get(..16).and_then(|b| Uuid::from_slice(b).ok());
    head.ok_or_else(|| Error::new(Code::Internal).because("digest shorter than 16 bytes"))
}

fn broken(err: serde_json::Error) -> Error {
    Error::new(Code::DecryptFailed).because(format!("session value: {:?}", err.classify()))
}
