//! Live sessions: what authorises a request. A token only names a session; whether it lives, who it is
//! and what they may is read here on every request, so that ending a session acts at once.
//!
//! Redis in production (one round trip per request), the database with a small cache in the embedded
//! default. The store knows a session by the digest of its key and seals who it belongs to. When Redis
//! is away the answer is 503 and never "let them in".

mod changes;
mod embedded;
mod entity;
mod remote;
mod sealing;
mod value;

use secrecy::ExposeSecret;
use uuid::Uuid;

use super::clock::Timestamp;
use super::config::Settings;
use super::crypto::{SessionKey, Vault};
use super::db::Db;
use super::error::Result;
use super::redis_link::RedisLink;
use sealing::Sealing;
pub use value::{LiveSession, NewSession, Rotation};

/// How long the refresh token before the current one is still answered: weak networks lose replies.
pub const GRACE_MILLIS: i64 = 60_000;
/// A session's last use is written down at most this often.
const TOUCH_MILLIS: i64 = 60_000;

/// The store; which one is configuration.
#[derive(Clone, Debug)]
pub enum Sessions {
    Redis(remote::RedisSessions),
    Embedded(embedded::EmbeddedSessions),
}

impl Sessions {
    /// Opens the store that the settings name. Nothing is connected before the first use.
    ///
    /// # Errors
    /// A `redis.url` that is none.
    pub fn open(settings: &Settings, db: &Db, vault: &Vault) -> Result<Self> {
        let terms = &settings.session;
        let longest = terms.client_absolute_seconds.max(terms.vendor_absolute_seconds).saturating_mul(1000);
        let sealing = Sealing::new(db.clone(), vault.clone(), longest);
        let url = settings.redis.url.expose_secret();
        if url.is_empty() {
            return Ok(Self::Embedded(embedded::EmbeddedSessions::new(db.clone(), sealing)));
        }
        Ok(Self::Redis(remote::RedisSessions::new(RedisLink::open(url)?, sealing)))
    }

    /// Makes a session live; the oldest of the account beyond `parallel` are ended and returned.
    ///
    /// # Errors
    /// 503 when the store is away.
    pub async fn create(&self, new: &NewSession, parallel: usize) -> Result<Vec<Uuid>> {
        match self {
            Self::Redis(store) => store.create(new, parallel).await,
            Self::Embedded(store) => store.create(new, parallel).await,
        }
    }

    /// The session of that key, when it exists and is past neither its idle nor its absolute limit.
    /// Counts as a use of it.
    ///
    /// # Errors
    /// 503 when the store is away.
    pub async fn find(&self, key: &SessionKey, now: Timestamp) -> Result<Option<LiveSession>> {
        match self {
            Self::Redis(store) => store.find(key, now).await,
            Self::Embedded(store) => store.find(key, now).await,
        }
    }

    /// Judges a refresh counter in one step: the current one advances, the one before it is answered
    /// again for [`GRACE_MILLIS`], anything else ends the session for good, whatever the caller answers.
    ///
    /// # Errors
    /// 503 when the store is away.
    pub async fn rotate(&self, key: &SessionKey, presented: u32, now: Timestamp) -> Result<Rotation> {
        match self {
            Self::Redis(store) => store.rotate(key, presented, now).await,
            Self::Embedded(store) => store.rotate(key, presented, now).await,
        }
    }

    /// Ends one session; false when it was not live.
    ///
    /// # Errors
    /// 503 when the store is away.
    pub async fn end(&self, account: Uuid, session: Uuid) -> Result<bool> {
        match self {
            Self::Redis(store) => store.end(account, session).await,
            Self::Embedded(store) => store.end(account, session).await,
        }
    }

    /// Ends every session of the account and returns which.
    ///
    /// # Errors
    /// 503 when the store is away.
    pub async fn end_all(&self, account: Uuid) -> Result<Vec<Uuid>> {
        match self {
            Self::Redis(store) => store.end_all(account).await,
            Self::Embedded(store) => store.end_all(account).await,
        }
    }

    /// The account's live sessions, oldest first.
    ///
    /// # Errors
    /// 503 when the store is away.
    pub async fn list(&self, account: Uuid, now: Timestamp) -> Result<Vec<LiveSession>> {
        match self {
            Self::Redis(store) => store.list(account, now).await,
            Self::Embedded(store) => store.list(account, now).await,
        }
    }

    /// Changes what the account's live sessions know of it, in all of them at once. `authorisation` is
    /// the account's counter after the change: a session that already knows as much stays as it is, so
    /// that two changes cannot overtake each other.
    ///
    /// # Errors
    /// 503 when the store is away.
    pub async fn update_actor(
        &self,
        account: Uuid,
        authorisation: i64,
        now: Timestamp,
        change: impl Fn(&mut LiveSession) + Send + Sync,
    ) -> Result<()> {
        match self {
            Self::Redis(store) => store.update_actor(account, authorisation, now, change).await,
            Self::Embedded(store) => store.update_actor(account, authorisation, now, change).await,
        }
    }

    /// Whether the store answers; for readiness.
    ///
    /// # Errors
    /// 503 when the store is away.
    pub async fn ping(&self) -> Result<()> {
        match self {
            Self::Redis(store) => store.ping().await,
            Self::Embedded(_) => Ok(()),
        }
    }

    /// Deletes rows of sessions that are over (Redis does so by itself), and keys that none needs any more.
    /// For the worker.
    ///
    /// # Errors
    /// What the database says.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64> {
        match self {
            Self::Redis(store) => store.sweep(now).await,
            Self::Embedded(store) => store.sweep(now).await,
        }
    }
}

#[cfg(test)]
mod tests;
