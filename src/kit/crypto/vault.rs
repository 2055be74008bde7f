//! Data keys: made, wrapped, cached for a minute, and used to seal and open column values.

use sea_orm::{ConnectionTrait, DeriveValueType};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::kit::clock::Timestamp;
use crate::kit::error::{Code, Error, Result};

/// A sealed column value; only a [`DataKey`] opens it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveValueType)]
pub struct Sealed(pub Vec<u8>);

/// A sealed column, as it is bound into the ciphertext.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub table: &'static str,
    pub column: &'static str,
}

impl Column {
    #[must_use]
    pub const fn new(table: &'static str, column: &'static str) -> Self {
        Self { table, column }
    }
}

/// Whose data a key protects; destroying the key destroys just those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyScope {
    Deployment,
    Person,
    Account,
    Ticket,
    Session,
}

/// An unwrapped data key; cloning is cheap.
#[derive(Clone, Debug)]
pub struct DataKey {
    pub id: Uuid,
}

/// The keyring of the process.
#[derive(Clone, Debug)]
pub struct Vault {}

impl DataKey {
    pub fn seal(&self, _column: Column, _row: Uuid, _plain: &[u8]) -> Result<Sealed> {
        Err(Error::new(Code::Internal))
    }

    pub fn open(&self, _column: Column, _row: Uuid, _sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
        Err(Error::new(Code::DecryptFailed))
    }

    pub fn open_text(&self, _column: Column, _row: Uuid, _sealed: &Sealed) -> Result<String> {
        Err(Error::new(Code::DecryptFailed))
    }
}

impl Vault {
    /// Makes a key and stores it, wrapped, in the caller's transaction.
    pub async fn new_key(
        &self,
        _tx: &impl ConnectionTrait,
        _id: Uuid,
        _scope: KeyScope,
        _owner: Uuid,
        _now: Timestamp,
    ) -> Result<DataKey> {
        Err(Error::new(Code::Internal))
    }

    /// The key of that id, from the cache or the table.
    pub async fn key(&self, _db: &impl ConnectionTrait, _id: Uuid) -> Result<DataKey> {
        Err(Error::new(Code::DecryptFailed))
    }

    /// Several keys with at most one query.
    pub async fn keys(&self, _db: &impl ConnectionTrait, _ids: &[Uuid]) -> Result<Vec<DataKey>> {
        Err(Error::new(Code::DecryptFailed))
    }

    pub fn unwrap_row(&self, _: Uuid, _: KeyScope, _: Uuid, _: Option<&[u8]>) -> Result<DataKey> {
        Err(Error::new(Code::DecryptFailed))
    }

    /// The deployment's own key: idempotency bodies, device labels of nobody yet, and the like.
    pub async fn deployment_key(&self, _db: &impl ConnectionTrait) -> Result<DataKey> {
        Err(Error::new(Code::DecryptFailed))
    }

    /// 16 bytes that are equal when the normalised values are equal, per column and deployment.
    pub fn blind(&self, _column: Column, _normalised: &[u8]) -> Result<Vec<u8>> {
        Err(Error::new(Code::Internal))
    }

    /// Keyed digest of anything that must be compared but not known (codes, idempotency keys, bodies).
    pub fn digest(&self, _purpose: &'static str, _value: &[u8]) -> Vec<u8> {
        Vec::new()
    }
}
