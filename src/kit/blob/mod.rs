//! Sealed file contents outside the database.

/// The store.
#[derive(Clone, Debug)]
pub enum Blobs {}
