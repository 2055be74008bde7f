//! Sealing of session values under the data key of scope "session" that changes daily. A stolen copy of
//! the store tells neither whose sessions it holds nor how to refresh them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::value::LiveSession;
use crate::kit::actor::Actor;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::{Column, DataKey, Sealed, SessionKey, Vault};
use crate::kit::db::Db;
use crate::kit::error::{Code, Error, Result};

const VALUE: Column = Column::new("live_sessions", "value_sealed");

/// How the store knows a session: a keyed digest, so that its contents cannot be turned into tokens.
pub(super) type Digest = Vec<u8>;

#[derive(Clone, Debug)]
pub(super) struct Sealing {
    db: Db,
    vault: Vault,
    /// How far back a live session can reach.
    longest_ms: i64,
}

/// A day's key seals until the day ends; a second day is for clocks that disagree.
const SLACK_MILLIS: i64 = 2 * 86_400_000;

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
    pub(super) fn new(db: Db, vault: Vault, longest_ms: i64) -> Self {
        Self { db, vault, longest_ms }
    }

    /// Destroys the keys that no live session can need: what a stolen old copy holds stays shut.
    pub(super) async fn sweep(&self, now: Timestamp) -> Result<()> {
        let before = now.plus_millis(-self.longest_ms).plus_millis(-SLACK_MILLIS);
        let tx = self.db.write_tx().await?;
        self.vault.destroy_session_keys(&*tx, before, now).await?;
        tx.commit().await
    }

    pub(super) fn digest(&self, key: &SessionKey) -> Digest {
        self.vault.digest("session", &key.0)
    }

    /// Today's key. Never ask inside a write transaction: the first of the day is stored by a write of its own.
    pub(super) async fn key(&self, now: Timestamp) -> Result<DataKey> {
        self.vault.session_key(&self.db, now).await
    }

    pub(super) async fn open<T: for<'de> Deserialize<'de>>(
        &self,
        digest: &[u8],
        sealed: &Sealed,
    ) -> Result<T> {
        let id = sealed.key_id();
        let id = id.ok_or_else(|| Error::new(Code::DecryptFailed).because("session value too short"))?;
        let key = self.vault.key(self.db.reader(), id).await?;
        let plain = key.open(VALUE, row(digest)?, sealed)?;
        serde_json::from_slice(&plain).map_err(broken)
    }
}

pub(super) fn seal(key: &DataKey, digest: &[u8], plain: &impl Serialize) -> Result<Sealed> {
    let bytes = Zeroizing::new(serde_json::to_vec(plain).map_err(broken)?);
    key.seal(VALUE, row(digest)?, &bytes)
}

fn row(digest: &[u8]) -> Result<Uuid> {
    let head = digest.get(..16).and_then(|b| Uuid::from_slice(b).ok());
    head.ok_or_else(|| Error::new(Code::Internal).because("digest shorter than 16 bytes"))
}

fn broken(err: serde_json::Error) -> Error {
    Error::new(Code::DecryptFailed).because(format!("session value: {:?}", err.classify()))
}
