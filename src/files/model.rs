//! Pure rules of attachments.

/// An upload that hangs on nothing is dropped after this long.
pub const LOOSE_SECONDS: i64 = 24 * 3600;

/// Who may see an attachment of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    Public,
    /// The vendor's own people only.
    Internal,
}

impl Visibility {
    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
        }
    }

    #[must_use]
    pub fn from_wire(text: &str) -> Option<Self> {
        [Self::Public, Self::Internal].into_iter().find(|v| v.wire() == text)
    }
}
