//! The keyring of the process: data keys are made, wrapped and cached for a minute. Destroying a key destroys what it sealed, in every process within that minute.
//!
//! A key that cannot be had is the same error as a value that does not open, `DECRYPT_FAILED`.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use moka::sync::Cache;
use ring::error::Unspecified;
use ring::rand::{SecureRandom as _, SystemRandom};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::blind::IndexKey;
use super::data_key::{Column, DataKey, KeyScope, Sealed, no_random, random_salt, undecryptable};
use super::kek::{Keks, Owner, kek_of};
use super::key_rows::{self, ACTIVE, Row};
use super::keyfile::{KeyError, KeyFile, Secret};
use super::recent::Recent;
use super::register;
use super::reload::Reloading;
use crate::kit::clock::{Clock, Timestamp};
use crate::kit::db::Db;
use crate::kit::error::Result;
use crate::kit::id::Ids;

const CACHED_KEYS: u64 = 10_000;
const CACHED_FOR: Duration = Duration::from_secs(60);
/// A destroyed key is not cached again for this long: longer than any reader still holds its old row.
const DOOMED_FOR: Duration = Duration::from_secs(120);
/// Live sessions are sealed under a new key every day.
const SESSION_KEY_MILLIS: i64 = 24 * 3600 * 1000;
/// Ids in one question; SQLite takes 32,766 parameters, a page needs a hundred.
const IDS_PER_QUERY: usize = 1000;

/// The keyring of the process.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    deployment: Uuid,
    deployment_key: Uuid,
    index: IndexKey,
    keks: Reloading<Keks>,
    cache: Cache<Uuid, DataKey>,
    doomed: Cache<Uuid, ()>,
    recent: Recent,
    session: Mutex<Option<(DataKey, Timestamp)>>,
    ids: Ids,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("deployment", &self.0.deployment).finish_non_exhaustive()
    }
}

impl Vault {
    /// Opens the keyring: the key file must be private and must be this database's own.
    ///
    /// # Errors
    /// What is wrong with the file or its fit to the database, and what to do; exit status 78.
    pub async fn open(keys_file: &Path, db: &Db, clock: Clock) -> Result<Self, KeyError> {
        let file = KeyFile::load(keys_file)?;
        let found = register::check(db, &Keks::of(&file), &clock).await?;
        Ok(Self(Arc::new(Inner {
            deployment: found.deployment,
            deployment_key: found.deployment_key,
            index: IndexKey::new(&file.index, file.index_version),
            keks: Reloading::new(keys_file, &file, Keks::of),
            cache: Cache::builder().max_capacity(CACHED_KEYS).time_to_live(CACHED_FOR).build(),
            doomed: Cache::builder().max_capacity(CACHED_KEYS).time_to_live(DOOMED_FOR).build(),
            recent: Recent::new(),
            session: Mutex::new(None),
            ids: Ids::new(clock),
        })))
    }

    /// Marries a database and a key file; part of `lvyue migrate`. Repeating it changes nothing.
    ///
    /// # Errors
    /// As [`Vault::open`]; a database that knows other keys is not taken over.
    pub async fn adopt(keys_file: &Path, db: &Db, clock: Clock) -> Result<(), KeyError> {
        let file = KeyFile::load(keys_file)?;
        register::adopt(db, &Keks::of(&file), &clock).await
    }

    /// The id that is bound into every ciphertext, index and ledger entry of this deployment.
    #[must_use]
    pub fn deployment_id(&self) -> Uuid {
        self.0.deployment
    }

    /// Makes a key and stores it, wrapped, in the caller's transaction.
    ///
    /// # Errors
    /// What the database says, or the random source failed.
    pub async fn new_key(
        &self,
        tx: &impl ConnectionTrait,
        id: Uuid,
        scope: KeyScope,
        owner: Uuid,
        now: Timestamp,
    ) -> Result<DataKey> {
        let made = self.make_key(id, scope, owner, now)?;
        made.store(tx).await?;
        Ok(made.key)
    }

    /// Makes a key that the caller stores: for what stores it together with the rest, or keeps the wrapped
    /// bytes beside what they protect as well.
    ///
    /// # Errors
    /// The random source failed.
    pub fn make_key(&self, id: Uuid, scope: KeyScope, owner: Uuid, now: Timestamp) -> Result<NewKey> {
        let (row, key) = fresh_row(&self.0.keks.get(), id, scope, owner, now).map_err(no_random)?;
        // Not cached: the transaction may still be undone.
        Ok(NewKey { key: self.data_key(id, key), row })
    }

    /// The key of that id, from the cache or the table.
    ///
    /// # Errors
    /// `DECRYPT_FAILED` for a key that is unknown, destroyed or damaged; what the database says.
    pub async fn key(&self, db: &impl ConnectionTrait, id: Uuid) -> Result<DataKey> {
        if let Some(key) = self.0.cache.get(&id) {
            return Ok(key);
        }
        let row = key_rows::find(db, id).await?.ok_or_else(|| undecryptable("unknown data key"))?;
        self.unwrap_stored(&row)?.ok_or_else(|| undecryptable("the data key was destroyed"))
    }

    /// The key that an owner's data is sealed under now; `None` when it has none.
    ///
    /// # Errors
    /// As [`Vault::key`].
    pub async fn key_of(
        &self,
        db: &impl ConnectionTrait,
        scope: KeyScope,
        owner: Uuid,
    ) -> Result<Option<DataKey>> {
        match key_rows::newest(db, scope.wire(), owner).await? {
            Some(row) => self.unwrap_stored(&row),
            None => Ok(None),
        }
    }

    /// Several keys, in the order asked, with at most one query.
    ///
    /// # Errors
    /// As [`Vault::key`], for the first that cannot be had.
    pub async fn keys(&self, db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<DataKey>> {
        let living = self.keys_alive(db, ids).await?;
        ids.iter()
            .map(|id| living.get(id).cloned().ok_or_else(|| undecryptable("unknown or destroyed data key")))
            .collect()
    }

    /// Those of the keys that were not destroyed, with at most one query: for lists in which what was
    /// shredded shows as shredded.
    ///
    /// # Errors
    /// `DECRYPT_FAILED` for a damaged key; what the database says.
    pub async fn keys_alive(
        &self,
        db: &impl ConnectionTrait,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, DataKey>> {
        let mut found = HashMap::with_capacity(ids.len());
        let mut missing = Vec::new();
        for id in ids {
            match self.0.cache.get(id) {
                Some(key) => drop(found.insert(*id, key)),
                None => missing.push(*id),
            }
        }
        missing.sort_unstable();
        missing.dedup();
        for some in missing.chunks(IDS_PER_QUERY) {
            for row in key_rows::find_all(db, some.to_vec()).await? {
                if let Some(key) = self.unwrap_stored(&row)? {
                    found.insert(row.key_id, key);
                }
            }
        }
        Ok(found)
    }

    /// A key whose wrapped bytes came with the row that is read. They are NULL for a destroyed one.
    ///
    /// # Errors
    /// `DECRYPT_FAILED` for a key that is destroyed, damaged, or of another scope or owner.
    pub fn unwrap_row(
        &self,
        key_id: Uuid,
        scope: KeyScope,
        owner: Uuid,
        wrapped: Option<&[u8]>,
    ) -> Result<DataKey> {
        let wrapped = wrapped.ok_or_else(|| undecryptable("the data key was destroyed"))?;
        self.unwrap_bytes(key_id, scope.wire(), owner, wrapped)
    }

    /// A text that lists show again and again; opened with `key` unless these very bytes were lately.
    ///
    /// # Errors
    /// As [`DataKey::open_text`], and what `key` says.
    pub fn listed_text(
        &self,
        column: Column,
        row: Uuid,
        sealed: &Sealed,
        key: impl FnOnce() -> Result<DataKey>,
    ) -> Result<String> {
        if let Some(text) = self.0.recent.get(column, row, sealed) {
            return Ok(text);
        }
        let text = key()?.open_text(column, row, sealed)?;
        self.0.recent.put(column, row, sealed, &text);
        Ok(text)
    }

    /// Wipes texts that nobody asked for lately; called every half minute.
    pub fn forget_quiet(&self) {
        self.0.recent.turn();
    }

    /// The deployment's own key: idempotency bodies, device labels of nobody yet, and the like.
    ///
    /// # Errors
    /// As [`Vault::key`].
    pub async fn deployment_key(&self, db: &impl ConnectionTrait) -> Result<DataKey> {
        self.key(db, self.0.deployment_key).await
    }

    /// The key under which live sessions are sealed today; yesterday's still opens (a sealed value names its key).
    ///
    /// # Errors
    /// As [`Vault::new_key`].
    pub async fn session_key(&self, db: &Db, now: Timestamp) -> Result<DataKey> {
        let fresh = |made: Timestamp| (0..SESSION_KEY_MILLIS).contains(&now.since(made));
        if let Some((key, _)) = self.session_slot().as_ref().filter(|(_, made)| fresh(*made)) {
            return Ok(key.clone());
        }
        let scope = KeyScope::Session;
        let stored = key_rows::newest(db.reader(), scope.wire(), self.0.deployment).await?;
        let (key, made) = match stored.filter(|row| fresh(row.created_at)) {
            Some(row) => (
                self.unwrap_stored(&row)?.ok_or_else(|| undecryptable("the session key was destroyed"))?,
                row.created_at,
            ),
            // Two processes may each make one; both serve, both are found by their ids.
            None => {
                let id = self.0.ids.fresh()?;
                (self.new_key(db.writer(), id, scope, self.0.deployment, now).await?, now)
            }
        };
        *self.session_slot() = Some((key.clone(), made));
        Ok(key)
    }

    /// Destroys session keys made before an instant no live session reaches back to; says how many.
    ///
    /// # Errors
    /// What the database says.
    pub async fn destroy_session_keys(
        &self,
        tx: &impl ConnectionTrait,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<usize> {
        let old = key_rows::older(tx, KeyScope::Session.wire(), self.0.deployment, before).await?;
        for id in &old {
            self.destroy(tx, *id, now).await?;
        }
        Ok(old.len())
    }

    /// Forgets a key for good, in the caller's transaction; false when it was destroyed before.
    /// Other processes may still hold it for a minute.
    ///
    /// # Errors
    /// What the database says.
    pub async fn destroy(&self, tx: &impl ConnectionTrait, key_id: Uuid, now: Timestamp) -> Result<bool> {
        // First of all, so that no reader that started before the commit puts it back into the cache.
        self.evict(key_id);
        Ok(key_rows::destroy(tx, key_id, now).await?)
    }

    /// Whether this process has just destroyed the key: what was opened with it must not be shown any more.
    #[must_use]
    pub fn is_doomed(&self, key_id: Uuid) -> bool {
        self.0.doomed.contains_key(&key_id)
    }

    /// Drops a key from the cache and keeps it out for two minutes.
    pub fn evict(&self, key_id: Uuid) {
        self.0.doomed.insert(key_id, ());
        self.0.cache.invalidate(&key_id);
        self.0.recent.forget(key_id);
        let mut session = self.session_slot();
        if session.as_ref().is_some_and(|(key, _)| key.id == key_id) {
            *session = None;
        }
    }

    /// 16 bytes that are equal when the normalised values are equal, per column and deployment.
    ///
    /// # Errors
    /// None that can be brought about; the type follows the cryptography.
    pub fn blind(&self, column: Column, normalised: &[u8]) -> Result<Vec<u8>> {
        let deployment = self.0.deployment.as_bytes();
        self.0.index.blind(deployment, column.table, column.column, normalised).map_err(no_random)
    }

    /// Keyed digest of anything that must be compared but not known (codes, idempotency keys, bodies).
    pub fn digest(&self, purpose: &'static str, value: &[u8]) -> Vec<u8> {
        // Deriving 32 bytes cannot fail: HKDF gives up to 8,160.
        self.0.index.digest(self.0.deployment.as_bytes(), purpose, value).unwrap_or_default()
    }

    fn unwrap_stored(&self, row: &Row) -> Result<Option<DataKey>> {
        match &row.wrapped {
            Some(wrapped) => self.unwrap(row.key_id, &row.scope, row.owner_id, wrapped).map(Some),
            None => Ok(None),
        }
    }

    fn unwrap_bytes(&self, id: Uuid, scope: &str, owner: Uuid, wrapped: &[u8]) -> Result<DataKey> {
        let whose = Owner { key_id: id.as_bytes(), scope, owner: owner.as_bytes() };
        // `keys rotate` and `keys rewrap` may have gone on beside this running process.
        let known = |keks: &Keks| kek_of(wrapped).is_none_or(|number| keks.keys.contains_key(&number));
        let keks = self.0.keks.get_with(known);
        let key = keks.unwrap(whose, wrapped).map_err(|_| undecryptable("a data key did not unwrap"))?;
        Ok(self.data_key(id, key))
    }

    fn unwrap(&self, id: Uuid, scope: &str, owner: Uuid, wrapped: &[u8]) -> Result<DataKey> {
        let key = self.unwrap_bytes(id, scope, owner, wrapped)?;
        if !self.0.doomed.contains_key(&id) {
            self.0.cache.insert(id, key.clone());
            // Destroyed between the question and the insert?
            if self.0.doomed.contains_key(&id) {
                self.0.cache.invalidate(&id);
            }
        }
        Ok(key)
    }

    fn data_key(&self, id: Uuid, key: Secret) -> DataKey {
        DataKey::new(id, key, self.0.deployment)
    }

    fn session_slot(&self) -> std::sync::MutexGuard<'_, Option<(DataKey, Timestamp)>> {
        self.0.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A key that is not stored yet.
pub struct NewKey {
    pub key: DataKey,
    row: Row,
}

impl NewKey {
    /// As `data_keys` will have it.
    #[must_use]
    pub fn wrapped(&self) -> Option<Vec<u8>> {
        self.row.wrapped.clone()
    }

    /// What stores it.
    #[must_use]
    pub fn insert(&self, backend: DbBackend) -> Statement {
        key_rows::insert(backend, self.row.clone())
    }

    async fn store(&self, tx: &impl ConnectionTrait) -> Result<()> {
        Ok(key_rows::add(tx, self.row.clone()).await?)
    }
}

/// A new key and its row.
pub(super) fn fresh_row(
    keks: &Keks,
    id: Uuid,
    scope: KeyScope,
    owner: Uuid,
    now: Timestamp,
) -> Result<(Row, Secret), Unspecified> {
    let mut key: Secret = Zeroizing::new([0; 32]);
    SystemRandom::new().fill(key.as_mut())?;
    let whose = Owner { key_id: id.as_bytes(), scope: scope.wire(), owner: owner.as_bytes() };
    let (kek, wrapped) = keks.wrap(whose, &random_salt()?, &key)?;
    let row = Row {
        key_id: id,
        scope: scope.wire().to_owned(),
        owner_id: owner,
        kek_id: key_rows::to_sql(kek),
        wrapped: Some(wrapped),
        state: ACTIVE.to_owned(),
        created_at: now,
        destroyed_at: None,
    };
    Ok((row, key))
}

#[cfg(test)]
#[path = "vault_tests.rs"]
pub(super) mod tests;
