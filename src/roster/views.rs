//! What clients see.

use serde::Serialize;
use utoipa::ToSchema;

use crate::identity::people::PersonRef;
use crate::kit::clock::Timestamp;

/// A code for one person, shown this once.
#[derive(Serialize, ToSchema)]
pub struct Invitation {
    pub person: PersonRef,
    #[schema(examples("7ZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-Z"))]
    pub code: String,
    pub expires_at: Timestamp,
    /// Using it ends every session of the person and takes the place of their WeChat account.
    pub replaces: bool,
}

/// An employee who may see what their department reported.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delegate {
    pub person: PersonRef,
}
