//! Live sessions in the database, for an installation of one process without Redis.
//!
//! A small cache spares a request the query. Ending or changing a session clears its entry before the
//! change is answered; a generation number keeps a reader that began earlier from putting the old value
//! back. What other processes change, such as a command line beside the server, is heard of within two
//! seconds, see [`Changes`].

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use moka::sync::Cache;
use sea_orm::{ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::changes::Changes;
use super::entity::live_sessions::{self, Column as C, Entity, Model};
use super::sealing::{Digest, Kernel, Sealing, seal};
use super::value::{LiveSession, NewSession, Rotation};
use super::{GRACE_MILLIS, TOUCH_MILLIS};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::{DataKey, Sealed, SessionKey};
use crate::kit::db::{Columns, Db, Sql};
use crate::kit::error::Result;

const CACHED: u64 = 50_000;
const CACHE_LIFE: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
pub struct EmbeddedSessions {
    db: Db,
    sealing: Sealing,
    cache: Cache<Digest, Arc<LiveSession>>,
    /// Advances with each clearing; see the head of the file.
    generation: Arc<RwLock<u64>>,
    changes: Changes,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    kernel: Kernel,
    authorisation: i64,
    idle_ms: i64,
    absolute_expiry: i64,
    counter: u32,
    rotated_at: i64,
}

impl Stored {
    fn of(live: &LiveSession) -> Self {
        Self {
            kernel: Kernel::of(live),
            authorisation: live.authorisation,
            idle_ms: live.idle_ms,
            absolute_expiry: live.absolute_expiry.0,
            counter: live.counter,
            rotated_at: live.rotated_at.0,
        }
    }

    fn into_live(self, expires_at: Timestamp) -> LiveSession {
        LiveSession {
            actor: self.kernel.actor,
            authorisation: self.authorisation,
            created_at: Timestamp(self.kernel.created_at),
            // The row keeps only when the session ends unused; near the absolute end this is early, never late.
            last_seen_at: expires_at.plus_millis(-self.idle_ms).max(Timestamp(self.kernel.created_at)),
            idle_ms: self.idle_ms,
            absolute_expiry: Timestamp(self.absolute_expiry),
            counter: self.counter,
            rotated_at: Timestamp(self.rotated_at),
            refresh_mac_key: Zeroizing::new(self.kernel.mac),
        }
    }
}

impl EmbeddedSessions {
    pub(super) fn new(db: Db, sealing: Sealing) -> Self {
        let cache = Cache::builder().max_capacity(CACHED).time_to_live(CACHE_LIFE).build();
        Self { db, sealing, cache, generation: Arc::default(), changes: Changes::default() }
    }

    pub(super) async fn create(&self, new: &NewSession, parallel: usize) -> Result<Vec<Uuid>> {
        let live = &new.live;
        let digest = self.sealing.digest(&new.key);
        let value = seal(&self.sealing.key(live.created_at).await?, &digest, &Stored::of(live))?;
        let tx = self.db.write_tx().await?;
        let before = Entity::find()
            .filter(C::AccountId.eq(live.actor.account_id))
            .filter(C::ExpiresAt.gt(live.created_at))
            .order_by_asc(C::SessionId)
            .all(&*tx)
            .await?;
        let surplus = (before.len() + 1).saturating_sub(parallel.max(1));
        let evicted: Vec<Model> = before.into_iter().take(surplus).collect();
        let keys: Vec<Digest> = evicted.iter().map(|m| m.key.clone()).collect();
        let mut counted = None;
        if !keys.is_empty() {
            Entity::delete_many().filter(C::Key.is_in(keys.clone())).exec(&*tx).await?;
            counted = Some(self.changes.count(&*tx).await?);
        }
        let row = live_sessions::ActiveModel {
            key: ActiveValue::Set(digest),
            account_id: ActiveValue::Set(live.actor.account_id),
            session_id: ActiveValue::Set(live.actor.session_id),
            value_sealed: ActiveValue::Set(value),
            created_at: ActiveValue::Set(live.created_at),
            expires_at: ActiveValue::Set(live.expires_at()),
        };
        Entity::insert(row).exec_without_returning(&*tx).await?;
        tx.commit().await?;
        if let Some(counted) = counted {
            counted.made();
        }
        self.forget(&keys);
        Ok(evicted.into_iter().map(|m| m.session_id).collect())
    }

    pub(super) async fn find(&self, key: &SessionKey, now: Timestamp) -> Result<Option<LiveSession>> {
        if self.changes.of_others(self.db.reader()).await? {
            self.forget_all();
        }
        let digest = self.sealing.digest(key);
        // Near its end it may have been used through another process, and go on.
        let cached = self.cache.get(&digest).filter(|live| now < live.expires_at());
        let live = match cached {
            Some(live) => live,
            None => {
                let generation = *self.generation.read().unwrap_or_else(PoisonError::into_inner);
                let Some(live) = self.read(&digest).await? else { return Ok(None) };
                let live = Arc::new(live);
                let held = self.generation.read().unwrap_or_else(PoisonError::into_inner);
                if *held == generation {
                    self.cache.insert(digest.clone(), Arc::clone(&live));
                }
                live
            }
        };
        if now >= live.expires_at() {
            return Ok(None);
        }
        let mut live = LiveSession::clone(&live);
        if now.since(live.last_seen_at) >= TOUCH_MILLIS && live.expires_at() < live.absolute_expiry {
            live.last_seen_at = now;
            // Moves the end only; a row that was ended meanwhile is not there to be moved.
            Entity::update_many()
                .col_expr(C::ExpiresAt, sea_orm::sea_query::Expr::value(live.expires_at()))
                .filter(C::Key.eq(digest.clone()))
                .filter(C::ExpiresAt.gt(now))
                .exec(self.db.writer())
                .await?;
            self.forget(&[digest]);
        }
        Ok(Some(live))
    }

    pub(super) async fn rotate(&self, key: &SessionKey, presented: u32, now: Timestamp) -> Result<Rotation> {
        let digest = self.sealing.digest(key);
        let sealer = self.sealing.key(now).await?;
        let tx = self.db.write_tx().await?;
        let found = Entity::find_by_id(digest.clone()).lock_exclusive().one(&*tx).await?;
        let Some(row) = found else { return Ok(Rotation::Gone) };
        let mut live = self.open(&row).await?;
        if now >= live.expires_at() {
            return Ok(Rotation::Gone);
        }
        let behind = i64::from(live.counter) - i64::from(presented);
        if behind == 1 && now.since(live.rotated_at) <= GRACE_MILLIS {
            return Ok(Rotation::Repeated(live));
        }
        if behind != 0 {
            Entity::delete_by_id(digest.clone()).exec(&*tx).await?;
            let counted = self.changes.count(&*tx).await?;
            tx.commit().await?;
            counted.made();
            self.forget(&[digest]);
            return Ok(Rotation::Reused(live));
        }
        live.counter = live.counter.saturating_add(1);
        live.rotated_at = now;
        live.last_seen_at = now;
        put(&*tx, &sealer, &digest, &live).await?;
        tx.commit().await?;
        self.forget(&[digest]);
        Ok(Rotation::Advanced(live))
    }

    pub(super) async fn end(&self, account: Uuid, session: Uuid) -> Result<bool> {
        let rows = self.rows(account).await?;
        let keys: Vec<Digest> = rows.into_iter().filter(|m| m.session_id == session).map(|m| m.key).collect();
        self.delete(&keys).await?;
        Ok(!keys.is_empty())
    }

    pub(super) async fn end_all(&self, account: Uuid) -> Result<Vec<Uuid>> {
        let rows = self.rows(account).await?;
        let keys: Vec<Digest> = rows.iter().map(|m| m.key.clone()).collect();
        self.delete(&keys).await?;
        Ok(rows.into_iter().map(|m| m.session_id).collect())
    }

    pub(super) async fn list(&self, account: Uuid, now: Timestamp) -> Result<Vec<LiveSession>> {
        let mut live = Vec::new();
        for row in self.rows(account).await?.iter().filter(|r| r.expires_at > now) {
            live.push(self.open(row).await?);
        }
        Ok(live)
    }

    pub(super) async fn update_actor(
        &self,
        account: Uuid,
        authorisation: i64,
        now: Timestamp,
        change: impl Fn(&mut LiveSession),
    ) -> Result<()> {
        let sealer = self.sealing.key(now).await?;
        let tx = self.db.write_tx().await?;
        let rows = Entity::find().filter(C::AccountId.eq(account)).lock_exclusive().all(&*tx).await?;
        let mut changed = Vec::new();
        for row in rows {
            let mut live = self.open(&row).await?;
            if live.authorisation < authorisation {
                live.authorisation = authorisation;
                change(&mut live);
                put(&*tx, &sealer, &row.key, &live).await?;
                changed.push(row.key);
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        let counted = self.changes.count(&*tx).await?;
        tx.commit().await?;
        counted.made();
        self.forget(&changed);
        Ok(())
    }

    pub(super) async fn sweep(&self, now: Timestamp) -> Result<u64> {
        self.sealing.sweep(now).await?;
        let gone = Entity::delete_many().filter(C::ExpiresAt.lte(now)).exec(self.db.writer()).await?;
        Ok(gone.rows_affected)
    }

    async fn rows(&self, account: Uuid) -> Result<Vec<Model>> {
        let query = Entity::find().filter(C::AccountId.eq(account)).order_by_asc(C::SessionId);
        Ok(query.all(self.db.reader()).await?)
    }

    async fn open(&self, row: &Model) -> Result<LiveSession> {
        self.opened(&row.key, &row.value_sealed, row.expires_at).await
    }

    async fn opened(&self, digest: &Digest, value: &Sealed, expires_at: Timestamp) -> Result<LiveSession> {
        let stored: Stored = self.sealing.open(digest, value).await?;
        Ok(stored.into_live(expires_at))
    }

    /// In the thread that asks: with thousands of people the cache rarely has the one who comes.
    async fn read(&self, digest: &Digest) -> Result<Option<LiveSession>> {
        let mut sql = Sql::default();
        sql.push("SELECT value_sealed, expires_at FROM live_sessions WHERE key = ").bind(digest.clone());
        let read = |columns: &mut Columns<'_>| Ok((Sealed(columns.take()?), Timestamp(columns.take()?)));
        match sql.one(self.db.reader(), read).await? {
            Some((value, expires_at)) => Ok(Some(self.opened(digest, &value, expires_at).await?)),
            None => Ok(None),
        }
    }

    async fn delete(&self, keys: &[Digest]) -> Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let tx = self.db.write_tx().await?;
        Entity::delete_many().filter(C::Key.is_in(keys.to_vec())).exec(&*tx).await?;
        let counted = self.changes.count(&*tx).await?;
        tx.commit().await?;
        counted.made();
        self.forget(keys);
        Ok(())
    }

    fn forget(&self, keys: &[Digest]) {
        if keys.is_empty() {
            return;
        }
        let mut generation = self.generation.write().unwrap_or_else(PoisonError::into_inner);
        *generation = generation.wrapping_add(1);
        for key in keys {
            self.cache.invalidate(key);
        }
    }

    fn forget_all(&self) {
        let mut generation = self.generation.write().unwrap_or_else(PoisonError::into_inner);
        *generation = generation.wrapping_add(1);
        self.cache.invalidate_all();
    }
}

async fn put(tx: &impl ConnectionTrait, sealer: &DataKey, digest: &Digest, live: &LiveSession) -> Result<()> {
    Entity::update_many()
        .set(live_sessions::ActiveModel {
            value_sealed: ActiveValue::Set(seal(sealer, digest, &Stored::of(live))?),
            expires_at: ActiveValue::Set(live.expires_at()),
            ..Default::default()
        })
        .filter(C::Key.eq(digest.clone()))
        .exec(tx)
        .await?;
    Ok(())
}
