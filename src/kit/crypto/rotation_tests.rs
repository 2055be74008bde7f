//! Keys change under a running program, the change stops at bad moments, and no value is ever lost.

use uuid::Uuid;

use super::super::vault::tests::{Bench, NAME, NOW};
use super::super::{DataKey, KeyScope, Sealed, Tokens, Vault};
use super::*;

impl Bench {
    /// Seals one value under each of `count` new keys.
    async fn fill(&self, vault: &Vault, count: usize) -> Vec<(Uuid, Sealed)> {
        let tx = self.db.write_tx().await.unwrap();
        let mut made = Vec::new();
        for _ in 0..count {
            let id = self.id();
            let key: DataKey = vault.new_key(&*tx, id, KeyScope::Person, self.id(), NOW).await.unwrap();
            made.push((id, key.seal(NAME, id, b"value").unwrap()));
        }
        tx.commit().await.unwrap();
        made
    }

    async fn all_open(&self, vault: &Vault, values: &[(Uuid, Sealed)]) {
        for (id, sealed) in values {
            let key = vault.key(self.db.reader(), *id).await.unwrap();
            assert_eq!(key.open(NAME, *id, sealed).unwrap().as_slice(), b"value");
        }
    }

    async fn status(&self) -> Vec<(u32, bool, u64)> {
        let all = status(&self.keys, &self.db, &self.clock).await.unwrap();
        all.into_iter().map(|k| (k.number, k.current, k.wraps)).collect()
    }
}

#[actix_web::test]
async fn every_value_opens_at_every_step_of_a_rotation() {
    let (b, running) = Bench::prepared().await;
    let values = b.fill(&running, 1100).await;
    assert_eq!(b.status().await, [(1, true, 1101)]);
    assert_eq!(rotate_kek(&b.keys, &b.db, &b.clock).await.unwrap(), 2);
    assert_eq!(b.status().await, [(1, false, 1101), (2, true, 0)]);
    assert!(matches!(retire_kek(&b.keys, &b.db, &b.clock, 1).await.unwrap_err(), KeyError::InUse(1)));

    // The running process still wraps under the old key until it meets the new one.
    let mut values = [values, b.fill(&running, 3).await].concat();
    let mut left = Vec::new();
    loop {
        let batch = rewrap_batch(&b.keys, &b.db, &b.clock).await.unwrap();
        left.push(batch.remaining);
        if batch.remaining == 0 {
            break;
        }
        values.extend(b.fill(&b.open().await.unwrap(), 1).await);
    }
    assert_eq!(left, [604, 104, 0]);
    b.all_open(&running, &values).await;
    b.all_open(&b.open().await.unwrap(), &values).await;
    // By now the running process has read the file again.
    b.fill(&running, 1).await;
    assert_eq!(b.status().await, [(1, false, 0), (2, true, 1107)]);

    retire_kek(&b.keys, &b.db, &b.clock, 1).await.unwrap();
    assert_eq!(b.status().await, [(2, true, 1107)]);
    b.all_open(&b.open().await.unwrap(), &values).await;
    // A number never means a second key.
    assert_eq!(rotate_kek(&b.keys, &b.db, &b.clock).await.unwrap(), 3);
}

#[actix_web::test]
async fn a_rotation_that_stopped_after_the_file_is_completed_by_the_next_start() {
    let (b, vault) = Bench::prepared().await;
    let values = b.fill(&vault, 2).await;
    let mut file = KeyFile::load(&b.keys).unwrap();
    file.keks.insert(2, random().unwrap());
    file.current = 2;
    file.replace(&b.keys).unwrap();
    b.all_open(&b.open().await.unwrap(), &values).await;
    assert_eq!(key_rows::checks(b.db.reader()).await.unwrap().len(), 2);
    // Another file that calls another key number 2 is foreign from now on.
    file.keks.insert(2, random().unwrap());
    file.replace(&b.keys).unwrap();
    assert!(matches!(b.open().await.unwrap_err(), KeyError::Foreign(2)));
}

#[actix_web::test]
async fn destroyed_keys_stay_destroyed_and_damaged_ones_stop_the_work() {
    let (b, vault) = Bench::prepared().await;
    let values = b.fill(&vault, 2).await;
    vault.destroy(b.db.writer(), values[0].0, NOW).await.unwrap();
    rotate_kek(&b.keys, &b.db, &b.clock).await.unwrap();
    let row = key_rows::find(b.db.reader(), values[1].0).await.unwrap().unwrap();
    let mut damaged = row.wrapped.clone().unwrap();
    damaged[70] ^= 1;
    key_rows::rewrap(b.db.writer(), &row, 1, damaged.clone()).await.unwrap();
    let err = rewrap_batch(&b.keys, &b.db, &b.clock).await.unwrap_err();
    assert!(matches!(err, KeyError::Damaged(id) if id == values[1].0));
    assert_eq!(b.status().await, [(1, false, 2), (2, true, 0)]);
    let bad = key_rows::find(b.db.reader(), values[1].0).await.unwrap().unwrap();
    key_rows::rewrap(b.db.writer(), &bad, 1, row.wrapped.unwrap()).await.unwrap();
    assert_eq!(rewrap_batch(&b.keys, &b.db, &b.clock).await.unwrap(), Progress { done: 2, remaining: 0 });
    assert!(vault.key(b.db.reader(), values[0].0).await.is_err());
    b.all_open(&vault, &values[1..]).await;
}

#[actix_web::test]
async fn unknown_or_current_keys_are_not_retired() {
    let (b, _) = Bench::prepared().await;
    assert!(matches!(retire_kek(&b.keys, &b.db, &b.clock, 1).await.unwrap_err(), KeyError::InUse(1)));
    assert!(matches!(retire_kek(&b.keys, &b.db, &b.clock, 9).await.unwrap_err(), KeyError::Unknown(9)));
}

#[actix_web::test]
async fn token_keys_overlap_by_one_generation() {
    let (b, _) = Bench::prepared().await;
    let claims = super::super::Claims::new(b.id(), &super::super::SessionKey([1; 32]), b.id(), NOW, 600);
    let tokens = Tokens::open(&b.keys).unwrap();
    let first = tokens.sign_access(&claims).unwrap();
    assert_eq!(rotate_token_key(&b.keys).unwrap(), "k2");
    let second = Tokens::open(&b.keys).unwrap().sign_access(&claims).unwrap();
    tokens.check_access(&second, NOW).unwrap();
    Tokens::open(&b.keys).unwrap().check_access(&first, NOW).unwrap();
    assert_eq!(rotate_token_key(&b.keys).unwrap(), "k3");
    let third = Tokens::open(&b.keys).unwrap();
    third.check_access(&second, NOW).unwrap();
    third.check_access(&first, NOW).unwrap_err();
}

#[actix_web::test]
async fn two_rotations_at_once_lose_no_key() {
    let (b, _) = Bench::prepared().await;
    std::thread::scope(|s| {
        for _ in 0..6 {
            s.spawn(|| rotate_token_key(&b.keys).unwrap());
        }
    });
    assert_eq!(KeyFile::load(&b.keys).unwrap().jwt_current, "k7");
}
