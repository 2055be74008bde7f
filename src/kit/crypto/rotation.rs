//! Changing key-encryption keys while the program runs: a new one is added to the file, then every data
//! key is wrapped anew in small steps. Values are not touched, because data keys do not change.
//!
//! Nothing is lost when it stops at any point: old keys stay in the file until nothing needs them, and a
//! running process reads the file again when it meets a key it does not know.

use std::path::Path;

use ring::rand::{SecureRandom as _, SystemRandom};

use super::field::SALT;
use super::kek::{Keks, Owner};
use super::keyfile::{KeyError, KeyFile, random};
use super::{key_rows, register};
use crate::kit::clock::Clock;
use crate::kit::db::{Db, Dialect};

/// Rows wrapped anew in one transaction: short enough that writers do not notice.
const BATCH: u64 = 500;

/// What one key-encryption key is in charge of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KekUse {
    pub number: u32,
    pub current: bool,
    pub in_file: bool,
    /// Data keys it wraps.
    pub wraps: u64,
}

/// Every key-encryption key that the file or the database knows, by number.
///
/// # Errors
/// As [`super::Vault::open`].
pub async fn status(keys_file: &Path, db: &Db, clock: &Clock) -> Result<Vec<KekUse>, KeyError> {
    let file = KeyFile::load(keys_file)?;
    register::check(db, &Keks::of(&file), clock).await?;
    let counts = key_rows::counts(db.reader()).await?;
    let mut numbers: Vec<u32> = file.keks.keys().copied().chain(counts.iter().map(|(n, _)| *n)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let wraps = |number| counts.iter().find(|(n, _)| *n == number).map_or(0, |(_, count)| *count);
    Ok(numbers
        .into_iter()
        .map(|number| KekUse {
            number,
            current: number == file.current,
            in_file: file.keks.contains_key(&number),
            wraps: u64::try_from(wraps(number)).unwrap_or(0),
        })
        .collect())
}

/// Adds a key-encryption key and makes it the one for new wrappings; gives its number.
///
/// # Errors
/// As [`super::Vault::open`], or the file cannot be written.
pub async fn rotate_kek(keys_file: &Path, db: &Db, clock: &Clock) -> Result<u32, KeyError> {
    let _one_at_a_time = lock(keys_file)?;
    let mut file = KeyFile::load(keys_file)?;
    let found = register::check(db, &Keks::of(&file), clock).await?;
    // Above what either side ever knew, so that a number means one key for ever.
    let checks = key_rows::checks(db.reader()).await?;
    let known = file.keks.keys().copied().chain(checks.iter().map(|(n, _)| *n));
    let number = known.max().unwrap_or(0).saturating_add(1);
    file.keks.insert(number, random()?);
    file.current = number;
    // The file first: a check value without its key would lock everybody out.
    file.replace(keys_file)?;
    let value = Keks::of(&file).check_value(number, found.deployment.as_bytes())?;
    key_rows::add_check(db.writer(), number, value, clock.now()).await?;
    Ok(number)
}

/// Adds a token key and signs with it; of the old ones the newest stays, so that tokens given out before
/// still pass. Gives the new key's name.
///
/// # Errors
/// The file is not usable or cannot be written.
pub fn rotate_token_key(keys_file: &Path) -> Result<String, KeyError> {
    let _one_at_a_time = lock(keys_file)?;
    let mut file = KeyFile::load(keys_file)?;
    let number = |kid: &String| kid.strip_prefix('k').and_then(|n| n.parse::<u32>().ok());
    let next = file.jwt.keys().filter_map(number).max().unwrap_or(0).saturating_add(1);
    let previous = file.jwt_current.clone();
    file.jwt.retain(|kid, _| *kid == previous);
    file.jwt_current = format!("k{next}");
    file.jwt.insert(file.jwt_current.clone(), random()?);
    file.replace(keys_file)?;
    Ok(file.jwt_current)
}

/// How far wrapping anew has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Wrapped anew in this batch.
    pub done: u64,
    /// Still under another key than the current one.
    pub remaining: u64,
}

/// Wraps one batch of data keys anew under the current key.
///
/// # Errors
/// As [`super::Vault::open`]; a data key that does not unwrap stops it, nothing of the batch is written.
pub async fn rewrap_batch(keys_file: &Path, db: &Db, clock: &Clock) -> Result<Progress, KeyError> {
    let keks = Keks::of(&KeyFile::load(keys_file)?);
    register::check(db, &keks, clock).await?;
    let tx = db.write_tx().await?;
    // On PostgreSQL two may rewrap at once: each leaves the rows the other holds.
    let locked = db.dialect() == Dialect::Postgres;
    let mut done = 0;
    for row in key_rows::not_under(&*tx, keks.current, BATCH, locked).await? {
        let Some(wrapped) = &row.wrapped else { continue };
        let whose =
            Owner { key_id: row.key_id.as_bytes(), scope: &row.scope, owner: row.owner_id.as_bytes() };
        let key = keks.unwrap(whose, wrapped).map_err(|_| KeyError::Damaged(row.key_id))?;
        let mut salt = [0; SALT];
        SystemRandom::new().fill(&mut salt)?;
        let (number, fresh) = keks.wrap(whose, &salt, &key)?;
        done += u64::from(key_rows::rewrap(&*tx, &row, number, fresh).await?);
    }
    let remaining = key_rows::count_not_under(&*tx, keks.current).await?;
    tx.commit().await?;
    Ok(Progress { done, remaining })
}

/// Takes an old key-encryption key out of the file.
///
/// # Errors
/// It is current, unknown, or still wraps data keys.
pub async fn retire_kek(keys_file: &Path, db: &Db, clock: &Clock, number: u32) -> Result<(), KeyError> {
    let _one_at_a_time = lock(keys_file)?;
    let mut file = KeyFile::load(keys_file)?;
    register::check(db, &Keks::of(&file), clock).await?;
    if number == file.current || key_rows::uses(db.writer(), number).await? {
        return Err(KeyError::InUse(number));
    }
    file.keks.remove(&number).ok_or(KeyError::Unknown(number))?;
    file.replace(keys_file)
}

/// Two commands that change the file at once would lose one's key. The lock ends with the file handle.
fn lock(keys_file: &Path) -> Result<std::fs::File, KeyError> {
    let io = |because| KeyError::Io { path: keys_file.into(), because };
    let file = std::fs::File::open(super::keyfile::folder_of(keys_file)).map_err(io)?;
    file.lock().map_err(io)?;
    Ok(file)
}

#[cfg(test)]
#[path = "rotation_tests.rs"]
mod tests;
