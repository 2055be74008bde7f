//! Texts opened lately, so that a list that is asked for again derives no keys again.
//!
//! A text answers only for the very bytes it was opened from, and those bytes come with the row each time: what is
//! held of them is a hash under a key of this process. What nobody asked for during a minute is wiped, and what a key
//! opened that is destroyed is wiped with it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;
use zeroize::Zeroizing;

use super::data_key::{Column, Sealed};
use super::field;

/// Threads rarely wait for each other with so many.
const SHARDS: usize = 64;
/// Texts of one shard: what a table of 8,192 places holds before it grows. All shards together hold 458,752 texts in
/// some 50 MB, which takes twenty thousand people who look at their lists within a minute.
const PER_SHARD: usize = 7_168;
/// Half minutes after which a text is wiped that nobody asked for.
const KEPT_TURNS: u32 = 2;

pub(super) struct Recent {
    shards: Vec<Mutex<HashMap<Uuid, Entry>>>,
    fingerprints: RandomState,
    turn: AtomicU32,
}

/// Four machine words and the text: there may be very many.
struct Entry {
    fingerprint: u64,
    key: u32,
    asked: u32,
    plain: Zeroizing<Box<str>>,
}

impl Recent {
    pub(super) fn new() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            fingerprints: RandomState::new(),
            turn: AtomicU32::new(0),
        }
    }

    pub(super) fn get(&self, column: Column, row: Uuid, sealed: &Sealed) -> Option<String> {
        let fingerprint = self.fingerprint(column, sealed);
        let mut shard = self.shard(row)?;
        let entry = shard.get_mut(&row).filter(|entry| entry.fingerprint == fingerprint)?;
        entry.asked = self.turn.load(Ordering::Relaxed);
        Some(entry.plain.as_ref().to_owned())
    }

    pub(super) fn put(&self, column: Column, row: Uuid, sealed: &Sealed, plain: &str) {
        let Some(key) = self.key(field::key_id(&sealed.0)) else { return };
        let entry = Entry {
            fingerprint: self.fingerprint(column, sealed),
            key,
            asked: self.turn.load(Ordering::Relaxed),
            plain: Zeroizing::new(plain.into()),
        };
        let Some(mut shard) = self.shard(row) else { return };
        // Full of what was asked for within the minute: taking turns would only lose what is asked for next.
        if shard.len() < PER_SHARD || shard.contains_key(&row) {
            shard.insert(row, entry);
        }
    }

    /// Wipes what this key opened.
    pub(super) fn forget(&self, key: Uuid) {
        let Some(key) = self.key(Some(key.into_bytes())) else { return };
        for shard in &self.shards {
            lock(shard).retain(|_, entry| entry.key != key);
        }
    }

    /// Wipes what was not asked for lately; called every half minute.
    pub(super) fn turn(&self) {
        let now = self.turn.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        for shard in &self.shards {
            let mut shard = lock(shard);
            shard.retain(|_, entry| now.wrapping_sub(entry.asked) < KEPT_TURNS);
            if shard.is_empty() {
                // The room of a rush is given back.
                *shard = HashMap::new();
            }
        }
    }

    fn fingerprint(&self, column: Column, sealed: &Sealed) -> u64 {
        self.fingerprints.hash_one((column.table, column.column, sealed.0.as_slice()))
    }

    /// Short: two keys that share it are forgotten together.
    fn key(&self, id: Option<[u8; 16]>) -> Option<u32> {
        let hash = self.fingerprints.hash_one(id?);
        u32::try_from(hash >> 32).ok()
    }

    fn shard(&self, row: Uuid) -> Option<MutexGuard<'_, HashMap<Uuid, Entry>>> {
        // The end of an id is random.
        let place = usize::from(*row.as_bytes().last()?) % SHARDS;
        self.shards.get(place).map(lock)
    }
}

fn lock(shard: &Mutex<HashMap<Uuid, Entry>>) -> MutexGuard<'_, HashMap<Uuid, Entry>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::data_key::DataKey;
    use super::*;

    const TITLE: Column = Column::new("tickets", "title_sealed");

    fn sealed(key: u128, row: Uuid, text: &str) -> Sealed {
        let key = DataKey::new(Uuid::from_u128(key), Zeroizing::new([7; 32]), Uuid::nil());
        key.seal(TITLE, row, text.as_bytes()).unwrap()
    }

    #[test]
    fn answers_only_for_the_very_bytes() {
        let (recent, row, other) = (Recent::new(), Uuid::from_u128(5), Uuid::from_u128(6));
        let value = sealed(1, row, "打印机");
        recent.put(TITLE, row, &value, "打印机");
        assert_eq!(recent.get(TITLE, row, &value).as_deref(), Some("打印机"));
        assert_eq!(recent.get(TITLE, other, &value), None);
        assert_eq!(recent.get(Column::new("tickets", "scope_sealed"), row, &value), None);
        for bit in 0..value.0.len() * 8 {
            let mut changed = value.clone();
            changed.0[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(recent.get(TITLE, row, &changed), None, "bit {bit}");
        }
        let later = sealed(1, row, "扫描仪");
        recent.put(TITLE, row, &later, "扫描仪");
        assert_eq!(recent.get(TITLE, row, &later).as_deref(), Some("扫描仪"));
        assert_eq!(recent.get(TITLE, row, &value), None);
    }

    #[test]
    fn goes_with_its_key() {
        let recent = Recent::new();
        let made = [10, 11].map(|key| (Uuid::from_u128(key), sealed(key, Uuid::from_u128(key), "打印机")));
        for (row, sealed) in &made {
            recent.put(TITLE, *row, sealed, "打印机");
        }
        recent.forget(Uuid::from_u128(10));
        assert_eq!(recent.get(TITLE, made[0].0, &made[0].1), None);
        assert!(recent.get(TITLE, made[1].0, &made[1].1).is_some());
    }

    #[test]
    fn what_is_not_asked_for_is_gone_after_a_minute_and_what_is_asked_for_stays() {
        let (recent, asked, silent) = (Recent::new(), Uuid::from_u128(1), Uuid::from_u128(2));
        let [first, second] = [asked, silent].map(|row| sealed(1, row, "x"));
        recent.put(TITLE, asked, &first, "x");
        recent.put(TITLE, silent, &second, "x");
        for _ in 0..3 {
            recent.turn();
            assert!(recent.get(TITLE, asked, &first).is_some());
        }
        assert!(recent.get(TITLE, silent, &second).is_none());
        recent.turn();
        assert!(recent.get(TITLE, asked, &first).is_some(), "turned too early");
    }

    #[test]
    fn is_bounded_and_what_is_held_stays() {
        let (recent, value) = (Recent::new(), sealed(1, Uuid::nil(), "x"));
        for n in 0..600_000_u128 {
            recent.put(TITLE, Uuid::from_u128(n), &value, "x");
        }
        let held: usize = recent.shards.iter().map(|shard| lock(shard).len()).sum();
        assert_eq!(held, SHARDS * PER_SHARD);
        assert!(recent.get(TITLE, Uuid::from_u128(0), &value).is_some());
        assert!(recent.get(TITLE, Uuid::from_u128(599_999), &value).is_none());
        recent.turn();
        recent.turn();
        recent.put(TITLE, Uuid::from_u128(599_999), &value, "x");
        assert!(recent.get(TITLE, Uuid::from_u128(599_999), &value).is_some());
    }
}
