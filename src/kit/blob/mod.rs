//! Sealed file contents outside the database.

use std::path::PathBuf;

use crate::kit::config::{self, ConfigError};

/// The store.
#[derive(Clone, Debug)]
pub enum Blobs {
    Fs(PathBuf),
}

impl Blobs {
    /// # Errors
    /// A `blob.url` that names no store.
    pub fn open(settings: &config::Blob) -> Result<Self, ConfigError> {
        match settings.url.strip_prefix("file://") {
            Some(folder) => Ok(Self::Fs(PathBuf::from(folder))),
            None => Err(ConfigError::Wrong("blob.url 应以 file:// 开头".to_owned())),
        }
    }
}
