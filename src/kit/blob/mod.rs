//! Sealed file contents outside the database. What is stored here is always ciphertext; names are ids
//! that the program made.
//!
//! A blob appears whole or not at all: it is written beside the others, made durable, then renamed. What
//! a crash leaves behind is a draft, which [`Blobs::sweep_drafts`] removes.

mod fs;

use std::path::PathBuf;

use uuid::Uuid;

pub use fs::{Blob, Draft};

use crate::kit::clock::Timestamp;
use crate::kit::config::{self, ConfigError};
use crate::kit::error::Result;

/// The store.
#[derive(Clone, Debug)]
pub enum Blobs {
    Fs(PathBuf),
}

impl Blobs {
    /// Folders are made when first needed.
    ///
    /// # Errors
    /// A `blob.url` that names no store: the process must not start (exit status 78).
    pub fn open(settings: &config::Blob) -> Result<Self, ConfigError> {
        match settings.url.strip_prefix("file://") {
            Some(folder) if !folder.is_empty() => Ok(Self::Fs(PathBuf::from(folder))),
            _ => Err(ConfigError::Wrong(format!(
                "blob.url 是 {}，目前只支持本机目录，应写成 file://目录，例如 file://var/blobs",
                // A bucket's URL may hold credentials.
                settings.url.split("://").next().unwrap_or_default()
            ))),
        }
    }

    /// Begins a blob that nobody sees until [`Draft::publish`]; dropped, it is gone.
    ///
    /// # Errors
    /// `STORAGE_FULL` when there is no room; the folder cannot be written.
    pub async fn draft(&self, id: Uuid) -> Result<Draft> {
        let Self::Fs(root) = self;
        Draft::begin(root, id).await
    }

    /// Opens a published blob.
    ///
    /// # Errors
    /// It is not there, or cannot be read.
    pub async fn blob(&self, id: Uuid) -> Result<Blob> {
        let Self::Fs(root) = self;
        Blob::open(root, id).await
    }

    /// Removes a blob; one that is not there is removed already.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub async fn delete(&self, id: Uuid) -> Result<()> {
        let Self::Fs(root) = self;
        fs::delete(root, id).await
    }

    /// The ids of the published blobs of one of 256 shards.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn shard(&self, shard: u8) -> Result<Vec<Uuid>> {
        let Self::Fs(root) = self;
        fs::shard(root, shard).await
    }

    /// Removes drafts last written before that instant; returns how many.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn sweep_drafts(&self, before: Timestamp) -> Result<usize> {
        let Self::Fs(root) = self;
        fs::sweep_drafts(root, before).await
    }
}

#[cfg(test)]
mod tests;
