//! What is asked of the search. Unknown fields are refused.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What to find, and where.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Full-width forms, case and traditional characters make no difference. Nothing finds nothing.
    #[param(max_length = 200)]
    pub q: Option<String>,
    /// `tickets`, `materials`, or both separated by a comma (the default). Tickets are found by their number or
    /// its digits, and by words of kind and state.
    #[serde(rename = "in")]
    pub types: Option<String>,
    /// How many items, 1..50, default 20.
    #[param(minimum = 1, maximum = 50)]
    pub limit: Option<u32>,
}

/// A ticket that is being written. It is neither stored nor logged.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    #[serde(default)]
    #[schema(max_length = 80)]
    pub title: String,
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub description: String,
}

/// Which of the suggested materials solved it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Solved {
    pub material_id: Uuid,
}
