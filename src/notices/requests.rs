//! What clients ask of the inbox. Unknown fields are refused.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::kit::clock::Timestamp;

/// Which notices to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InboxQuery {
    /// `true`: only those not read yet.
    pub unread: Option<bool>,
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    #[param(max_length = 200)]
    pub cursor: Option<String>,
}

/// One of the two: some notices by their ids, or all up to an instant.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadBody {
    #[schema(min_items = 1, max_items = 100)]
    pub ids: Option<Vec<Uuid>>,
    /// Everything told up to this instant, itself included.
    pub all_before: Option<Timestamp>,
}
