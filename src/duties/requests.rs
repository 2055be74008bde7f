//! What clients ask about duties and breaches. Unknown fields are refused; values are checked in `service`.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::model::matter::BreachAction;

/// Which duties to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ObligationQuery {
    /// Whose duties: `client` or `vendor`; both when absent.
    pub side: Option<String>,
    /// `open` for what has not ended (running and overdue), or the verdict as of now: `running`, `met`, `breached` (overdue ones included) or `void`.
    pub state: Option<String>,
    /// Kind of the record, as in `fault`.
    #[param(max_length = 40)]
    pub kind: Option<String>,
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    #[param(max_length = 200)]
    pub cursor: Option<String>,
}

/// Which breaches to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BreachQuery {
    /// Whose duty was not fulfilled in time: `client` or `vendor`; both when absent.
    pub side: Option<String>,
    /// `asserted`, `disputed`, `waived`, `confirmed` or `superseded`.
    pub status: Option<String>,
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    #[param(max_length = 200)]
    pub cursor: Option<String>,
}

/// An action and the fields of that action; a field of another action is refused.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreachActionBody {
    pub action: BreachAction,
    /// dispute, waive (1..2000).
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
    /// answer_dispute (1..2000).
    #[schema(max_length = 2000)]
    pub text: Option<String>,
}
