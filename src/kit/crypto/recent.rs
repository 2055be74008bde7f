//! Data keys unwrapped lately, so that a list that is asked for again derives nothing again.
//!
//! An entry answers only for the very bytes it was unwrapped from, and those bytes come with the row each
//! time: a destroyed key has none, so nothing here outlives its row. What nobody asked for during a minute
//! is wiped.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::data_key::DataKey;

/// Threads rarely wait for each other with so many.
const SHARDS: usize = 64;
/// Keys of one generation of one shard; two generations are held.
const PER_SHARD: usize = 512;
/// How long a generation is the young one.
const GENERATION: Duration = Duration::from_secs(30);

pub(super) struct Recent(Vec<Mutex<Shard>>);

struct Shard {
    young: HashMap<Uuid, Entry>,
    old: HashMap<Uuid, Entry>,
    turned: Instant,
}

struct Entry {
    wrapped: Box<[u8]>,
    /// Scope and owner are bound into the wrapping; asking under another name is not a hit.
    scope: &'static str,
    owner: Uuid,
    key: DataKey,
}

impl Entry {
    fn is(&self, scope: &'static str, owner: Uuid, wrapped: &[u8]) -> bool {
        self.owner == owner && self.scope == scope && *self.wrapped == *wrapped
    }
}

impl Recent {
    pub(super) fn new() -> Self {
        let shard = || Shard { young: HashMap::new(), old: HashMap::new(), turned: Instant::now() };
        Self((0..SHARDS).map(|_| Mutex::new(shard())).collect())
    }

    pub(super) fn get(&self, id: Uuid, scope: &'static str, owner: Uuid, wrapped: &[u8]) -> Option<DataKey> {
        let mut shard = self.shard(id)?;
        if let Some(entry) = shard.young.get(&id) {
            return entry.is(scope, owner, wrapped).then(|| entry.key.clone());
        }
        let entry = shard.old.remove(&id).filter(|entry| entry.is(scope, owner, wrapped))?;
        let key = entry.key.clone();
        shard.young.insert(id, entry);
        Some(key)
    }

    pub(super) fn put(&self, id: Uuid, scope: &'static str, owner: Uuid, wrapped: &[u8], key: &DataKey) {
        let Some(mut shard) = self.shard(id) else { return };
        if shard.young.len() >= PER_SHARD {
            shard.turn(Instant::now());
        }
        shard.young.insert(id, Entry { wrapped: wrapped.into(), scope, owner, key: key.clone() });
    }

    pub(super) fn forget(&self, id: Uuid) {
        if let Some(mut shard) = self.shard(id) {
            shard.young.remove(&id);
            shard.old.remove(&id);
        }
    }

    /// Wipes what was not asked for lately; called now and then.
    pub(super) fn turn(&self, now: Instant) {
        for shard in &self.0 {
            let mut shard = lock(shard);
            if now.saturating_duration_since(shard.turned) >= GENERATION {
                shard.turn(now);
            }
        }
    }

    fn shard(&self, id: Uuid) -> Option<MutexGuard<'_, Shard>> {
        // The end of an id is random.
        let place = usize::from(*id.as_bytes().last()?) % SHARDS;
        self.0.get(place).map(lock)
    }
}

impl Shard {
    fn turn(&mut self, now: Instant) {
        self.old = std::mem::take(&mut self.young);
        self.turned = now;
    }
}

fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn key(id: Uuid) -> DataKey {
        DataKey::new(id, Zeroizing::new([7; 32]), Uuid::nil())
    }

    #[test]
    fn answers_only_for_the_very_bytes() {
        let (recent, id, owner) = (Recent::new(), Uuid::from_u128(5), Uuid::from_u128(6));
        recent.put(id, "ticket", owner, b"wrapped", &key(id));
        assert!(recent.get(id, "ticket", owner, b"wrapped").is_some());
        assert!(recent.get(id, "ticket", owner, b"wrappeD").is_none());
        assert!(recent.get(id, "person", owner, b"wrapped").is_none());
        assert!(recent.get(id, "ticket", id, b"wrapped").is_none());
        assert!(recent.get(owner, "ticket", owner, b"wrapped").is_none());
        recent.forget(id);
        assert!(recent.get(id, "ticket", owner, b"wrapped").is_none());
    }

    #[test]
    fn what_is_not_asked_for_is_gone_after_two_turns_and_what_is_asked_for_stays() {
        let (recent, asked, silent) = (Recent::new(), Uuid::from_u128(1), Uuid::from_u128(2));
        for id in [asked, silent] {
            recent.put(id, "ticket", id, b"w", &key(id));
        }
        let mut now = Instant::now();
        for _ in 0..2 {
            now += GENERATION;
            recent.turn(now);
            assert!(recent.get(asked, "ticket", asked, b"w").is_some());
        }
        assert!(recent.get(silent, "ticket", silent, b"w").is_none());
        recent.turn(now + GENERATION / 2);
        assert!(recent.get(asked, "ticket", asked, b"w").is_some(), "turned too early");
    }

    #[test]
    fn is_bounded() {
        let recent = Recent::new();
        for n in 0..200_000_u128 {
            let id = Uuid::from_u128(n);
            recent.put(id, "ticket", id, b"w", &key(id));
        }
        let size = |shard: &Mutex<Shard>| {
            let shard = lock(shard);
            shard.young.len() + shard.old.len()
        };
        let held: usize = recent.0.iter().map(size).sum();
        assert!(held <= 2 * SHARDS * PER_SHARD, "{held}");
    }
}
