//! What a live session is, apart from where it is kept.

use std::fmt;

use zeroize::Zeroizing;

use crate::kit::actor::Actor;
use crate::kit::clock::Timestamp;
use crate::kit::crypto::SessionKey;

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
