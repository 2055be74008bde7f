//! Texts opened lately, so that a list that is asked for again derives no keys again.
//!
//! A text answers only for the very bytes it was opened from, and those bytes come with the row each time. What
//! nobody asked for during a minute is wiped, and what a key opened that is destroyed is wiped with it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;
use zeroize::Zeroizing;

use super::data_key::{Column, Sealed};
use super::field;

/// Threads rarely wait for each other with so many.
const SHARDS: usize = 64;
/// Texts of one generation of one shard; two generations are held.
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
    column: Column,
    sealed: Box<[u8]>,
    plain: Zeroizing<String>,
}

impl Entry {
    fn is(&self, column: Column, sealed: &Sealed) -> bool {
        self.column == column && *self.sealed == *sealed.0
    }
}

impl Recent {
    pub(super) fn new() -> Self {
        let shard = || Shard { young: HashMap::new(), old: HashMap::new(), turned: Instant::now() };
        Self((0..SHARDS).map(|_| Mutex::new(shard())).collect())
    }

    pub(super) fn get(&self, column: Column, row: Uuid, sealed: &Sealed) -> Option<String> {
        let mut shard = self.shard(row)?;
        if let Some(entry) = shard.young.get(&row) {
            return entry.is(column, sealed).then(|| String::clone(&entry.plain));
        }
        let entry = shard.old.remove(&row).filter(|entry| entry.is(column, sealed))?;
        let plain = String::clone(&entry.plain);
        shard.young.insert(row, entry);
        Some(plain)
    }

    pub(super) fn put(&self, column: Column, row: Uuid, sealed: &Sealed, plain: &str) {
        let Some(mut shard) = self.shard(row) else { return };
        if shard.young.len() >= PER_SHARD {
            shard.turn(Instant::now());
        }
        let entry = Entry { column, sealed: sealed.0.as_slice().into(), plain: plain.to_owned().into() };
        shard.young.insert(row, entry);
    }

    /// Wipes what this key opened.
    pub(super) fn forget(&self, key: Uuid) {
        for shard in &self.0 {
            let mut shard = lock(shard);
            let other = |entry: &Entry| field::key_id(&entry.sealed) != Some(key.into_bytes());
            shard.young.retain(|_, entry| other(entry));
            shard.old.retain(|_, entry| other(entry));
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

    fn shard(&self, row: Uuid) -> Option<MutexGuard<'_, Shard>> {
        // The end of an id is random.
        let place = usize::from(*row.as_bytes().last()?) % SHARDS;
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
    use super::super::data_key::DataKey;
    use super::*;

    const TITLE: Column = Column::new("tickets", "title_sealed");

    fn sealed(text: &str) -> Sealed {
        Sealed(text.as_bytes().to_vec())
    }

    #[test]
    fn answers_only_for_the_very_bytes() {
        let (recent, row, other) = (Recent::new(), Uuid::from_u128(5), Uuid::from_u128(6));
        recent.put(TITLE, row, &sealed("sealed"), "打印机");
        assert_eq!(recent.get(TITLE, row, &sealed("sealed")).as_deref(), Some("打印机"));
        assert_eq!(recent.get(TITLE, row, &sealed("sealeD")), None);
        assert_eq!(recent.get(TITLE, other, &sealed("sealed")), None);
        assert_eq!(recent.get(Column::new("tickets", "scope_sealed"), row, &sealed("sealed")), None);
    }

    #[test]
    fn goes_with_its_key() {
        let recent = Recent::new();
        let made = [10, 11].map(|key| {
            let (row, key) = (Uuid::from_u128(key), Uuid::from_u128(key));
            let key = DataKey::new(key, Zeroizing::new([7; 32]), Uuid::nil());
            (row, key.seal(TITLE, row, "打印机".as_bytes()).unwrap())
        });
        for (row, sealed) in &made {
            recent.put(TITLE, *row, sealed, "打印机");
        }
        recent.forget(Uuid::from_u128(10));
        assert_eq!(recent.get(TITLE, made[0].0, &made[0].1), None);
        assert!(recent.get(TITLE, made[1].0, &made[1].1).is_some());
    }

    #[test]
    fn what_is_not_asked_for_is_gone_after_two_turns_and_what_is_asked_for_stays() {
        let (recent, asked, silent) = (Recent::new(), Uuid::from_u128(1), Uuid::from_u128(2));
        for row in [asked, silent] {
            recent.put(TITLE, row, &sealed("s"), "x");
        }
        let mut now = Instant::now();
        for _ in 0..2 {
            now += GENERATION;
            recent.turn(now);
            assert!(recent.get(TITLE, asked, &sealed("s")).is_some());
        }
        assert!(recent.get(TITLE, silent, &sealed("s")).is_none());
        recent.turn(now + GENERATION / 2);
        assert!(recent.get(TITLE, asked, &sealed("s")).is_some(), "turned too early");
    }

    #[test]
    fn is_bounded() {
        let recent = Recent::new();
        for n in 0..200_000_u128 {
            recent.put(TITLE, Uuid::from_u128(n), &sealed("s"), "x");
        }
        let size = |shard: &Mutex<Shard>| {
            let shard = lock(shard);
            shard.young.len() + shard.old.len()
        };
        let held: usize = recent.0.iter().map(size).sum();
        assert!(held <= 2 * SHARDS * PER_SHARD, "{held}");
    }
}
