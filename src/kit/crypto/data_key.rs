//! A data key and what it does: sealing and opening the values of one person, account or ticket.
//!
//! Whatever goes wrong with a sealed value is one error, `DECRYPT_FAILED`: the caller learns nothing about
//! why, and nothing ever falls back to plain text.

use std::fmt;
use std::sync::Arc;

use ring::error::Unspecified;
use ring::rand::{SecureRandom as _, SystemRandom};
use sea_orm::DeriveValueType;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::field::{self, Place, SALT};
use super::keyfile::Secret;
use crate::kit::error::{Code, Error, Result};

/// A sealed column value; only a [`DataKey`] opens it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveValueType)]
pub struct Sealed(pub Vec<u8>);

impl Sealed {
    /// The id of the key it was sealed under.
    #[must_use]
    pub fn key_id(&self) -> Option<Uuid> {
        field::key_id(&self.0).map(Uuid::from_bytes)
    }
}

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
    Contract,
    Session,
}

impl KeyScope {
    /// As stored and as bound into the wrapping.
    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Deployment => "deployment",
            Self::Person => "person",
            Self::Account => "account",
            Self::Ticket => "ticket",
            Self::Contract => "contract",
            Self::Session => "session",
        }
    }
}

/// An unwrapped data key; cloning is cheap, the last clone wipes it.
#[derive(Clone)]
pub struct DataKey {
    pub id: Uuid,
    /// `None` once destroyed.
    inner: Option<Arc<KeyBytes>>,
}

struct KeyBytes {
    key: Secret,
    deployment: [u8; 16],
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What stands where a text was whose key was destroyed.
pub const SHREDDED: &str = "内容已销毁";

/// The one answer to whatever cannot be opened.
pub(super) fn undecryptable(cause: &'static str) -> Error {
    Error::new(Code::DecryptFailed).because(cause)
}

pub(super) fn no_random(_: Unspecified) -> Error {
    Error::new(Code::Internal).because("the system's random source or the sealing failed")
}

impl DataKey {
    pub(super) fn new(id: Uuid, key: Secret, deployment: Uuid) -> Self {
        Self { id, inner: Some(Arc::new(KeyBytes { key, deployment: deployment.into_bytes() })) }
    }

    /// The key of what was shredded: its texts read as `SHREDDED`, so that a page of which one row was
    /// shredded still shows the others. Nothing else opens, and nothing is sealed under it.
    #[must_use]
    pub fn destroyed(id: Uuid) -> Self {
        Self { id, inner: None }
    }

    #[must_use]
    pub fn is_destroyed(&self) -> bool {
        self.inner.is_none()
    }

    fn bytes_of(&self) -> Result<&KeyBytes> {
        self.inner.as_deref().ok_or_else(|| undecryptable("the data key was destroyed"))
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes_of().unwrap().key.as_slice()
    }

    /// Seals a value for exactly this column of exactly this row.
    ///
    /// # Errors
    /// The system's random source failed.
    pub fn seal(&self, column: Column, row: Uuid, plain: &[u8]) -> Result<Sealed> {
        let salt = random_salt().map_err(no_random)?;
        let bytes = self.bytes_of()?;
        field::seal(&bytes.key, self.place(bytes, column, &row), &salt, plain).map(Sealed).map_err(no_random)
    }

    /// # Errors
    /// `DECRYPT_FAILED`: changed, moved, truncated, or sealed under another key.
    pub fn open(&self, column: Column, row: Uuid, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
        let bytes = self.bytes_of()?;
        field::open(&bytes.key, self.place(bytes, column, &row), &sealed.0)
            .map_err(|_| undecryptable("a sealed value did not open"))
    }

    /// # Errors
    /// As [`DataKey::open`], or the value is not text.
    pub fn open_text(&self, column: Column, row: Uuid, sealed: &Sealed) -> Result<String> {
        if self.is_destroyed() {
            return Ok(SHREDDED.to_owned());
        }
        let mut plain = self.open(column, row, sealed)?;
        String::from_utf8(std::mem::take(&mut *plain))
            .map_err(|_| undecryptable("a sealed value is not UTF-8"))
    }

    fn place<'a>(&'a self, bytes: &'a KeyBytes, column: Column, row: &'a Uuid) -> Place<'a> {
        Place {
            deployment: &bytes.deployment,
            table: column.table,
            column: column.column,
            row: row.as_bytes(),
            key_id: self.id.as_bytes(),
        }
    }
}

pub(super) fn random_salt() -> Result<[u8; SALT], Unspecified> {
    let mut salt = [0; SALT];
    SystemRandom::new().fill(&mut salt)?;
    Ok(salt)
}
