//! What a live session is, apart from where it is kept.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::kit::actor::Actor;
use crate::kit::clock::Timestamp;
use crate::kit::error::Result;
use crate::kit::id::Ids;

/// 256 random bits that name a session in tokens. Whoever knows it still needs a signature.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionKey(pub [u8; 32]);

impl SessionKey {
    /// # Errors
    /// The system's random source failed.
    pub fn fresh(ids: &Ids) -> Result<Self> {
        Ok(Self(ids.random()?))
    }

    /// As it stands in tokens.
    #[must_use]
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(…)")
    }
}

/// A session as it is now.
#[derive(Clone)]
pub struct LiveSession {
    pub actor: Actor,
    /// The account's authorisation counter that `actor` was read at.
    pub authorisation: i64,
    pub created_at: Timestamp,
    /// Exact to a minute.
    pub last_seen_at: Timestamp,
    pub idle_ms: i64,
    pub absolute_expiry: Timestamp,
    /// Counts refreshes; the current refresh token carries it.
    pub counter: u32,
    pub rotated_at: Timestamp,
    pub refresh_mac_key: Zeroizing<[u8; 32]>,
}

impl LiveSession {
    /// When it ends if it is not used again.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.absolute_expiry.min(self.last_seen_at.plus_millis(self.idle_ms))
    }
}

impl fmt::Debug for LiveSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveSession")
            .field("session_id", &self.actor.session_id)
            .field("counter", &self.counter)
            .finish_non_exhaustive()
    }
}

/// A session to be made live.
#[derive(Debug)]
pub struct NewSession {
    pub key: SessionKey,
    pub live: LiveSession,
}

/// What became of a refresh.
#[derive(Debug)]
pub enum Rotation {
    /// The counter advanced; the session carries the new one.
    Advanced(LiveSession),
    /// The reply to the last refresh was lost: the same current token is due again.
    Repeated(LiveSession),
    /// A token came a second time: the session has been ended.
    Reused(LiveSession),
    /// No such session, or it is over.
    Gone,
}
