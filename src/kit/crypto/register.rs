//! What the database knows about its keys: the deployment's id, a check value per key-encryption key, and
//! the deployment's own data key. A key file that does not fit is refused before anything is written.

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::data_key::KeyScope;
use super::kek::Keks;
use super::key_rows;
use super::keyfile::KeyError;
use super::vault::fresh_row;
use crate::kit::clock::{Clock, Timestamp};
use crate::kit::db::{Db, Dialect};
use crate::kit::id::Ids;

/// What a prepared database says.
pub(super) struct Found {
    pub(super) deployment: Uuid,
    pub(super) deployment_key: Uuid,
}

/// Prepares the database, or finds it prepared with these very keys.
pub(super) async fn adopt(db: &Db, keks: &Keks, clock: &Clock) -> Result<(), KeyError> {
    let (ids, now) = (Ids::new(clock.clone()), clock.now());
    let tx = db.write_tx().await?;
    if db.dialect() == Dialect::Postgres {
        // Two that start together would each make a deployment; SQLite has one writer anyway.
        tx.execute_unprepared("LOCK TABLE deployment IN EXCLUSIVE MODE").await?;
    }
    let deployment = match key_rows::deployment_id(&*tx).await? {
        Some(id) => id,
        None => {
            let id = ids.fresh()?;
            key_rows::add_deployment(&*tx, id, now).await?;
            id
        }
    };
    let known = key_rows::checks(&*tx).await?;
    if !known.is_empty() {
        verify(&*tx, keks, deployment, &known).await?;
    }
    add_missing(&*tx, keks, deployment, &known, now).await?;
    let scope = KeyScope::Deployment;
    if key_rows::newest(&*tx, scope.wire(), deployment).await?.is_none() {
        let (row, _) = fresh_row(keks, ids.fresh()?, scope, deployment, now)?;
        key_rows::add(&*tx, row).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Checks that the database was prepared with these keys.
pub(super) async fn check(db: &Db, keks: &Keks, clock: &Clock) -> Result<Found, KeyError> {
    if db.pending_migrations().await? > 0 {
        return Err(KeyError::NotPrepared);
    }
    let deployment = key_rows::deployment_id(db.reader()).await?.ok_or(KeyError::NotPrepared)?;
    let known = key_rows::checks(db.reader()).await?;
    if known.is_empty() {
        return Err(KeyError::NotPrepared);
    }
    verify(db.reader(), keks, deployment, &known).await?;
    // A rotation that stopped between file and database is completed here; the keys were just proven.
    if keks.keys.keys().any(|number| known.iter().all(|(k, _)| k != number)) {
        add_missing(db.writer(), keks, deployment, &known, clock.now()).await?;
    }
    let key = key_rows::newest(db.reader(), KeyScope::Deployment.wire(), deployment).await?;
    let deployment_key = key.ok_or(KeyError::NotPrepared)?.key_id;
    Ok(Found { deployment, deployment_key })
}

/// Every key that both know must be the same, and at least one must be known to both.
async fn verify(
    db: &impl ConnectionTrait,
    keks: &Keks,
    deployment: Uuid,
    known: &[(u32, Vec<u8>)],
) -> Result<(), KeyError> {
    let mut proven = false;
    for (number, value) in known {
        if keks.keys.contains_key(number) {
            let ours = keks.check_value(*number, deployment.as_bytes())?;
            if ours != *value {
                return Err(KeyError::Foreign(*number));
            }
            proven = true;
        } else if key_rows::uses(db, *number).await? {
            return Err(KeyError::Incomplete(*number));
        }
    }
    if proven { Ok(()) } else { Err(KeyError::Foreign(keks.current)) }
}

async fn add_missing(
    db: &impl ConnectionTrait,
    keks: &Keks,
    deployment: Uuid,
    known: &[(u32, Vec<u8>)],
    now: Timestamp,
) -> Result<(), KeyError> {
    for number in keks.keys.keys().filter(|n| known.iter().all(|(k, _)| k != *n)) {
        let value = keks.check_value(*number, deployment.as_bytes())?;
        key_rows::add_check(db, *number, value, now).await?;
    }
    Ok(())
}
