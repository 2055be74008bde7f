//! A text that many rows of one answer show.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// Cloning it copies nothing. Between threads that clone it all the time a copy of its own is quicker, see
/// [`SharedText::apart`].
#[derive(Clone, PartialEq, Eq)]
pub struct SharedText(Arc<str>);

impl SharedText {
    /// The same text, whose clones are counted apart.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self(Arc::from(&*self.0))
    }
}

impl From<String> for SharedText {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl Deref for SharedText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SharedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Serialize for SharedText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
