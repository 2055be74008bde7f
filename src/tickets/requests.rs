//! What clients send about tickets. Unknown fields are refused; what the texts may be is checked in
//! `service::body`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::model::{Action, Severity, SolutionType, Visibility};
use crate::kit::clock::Timestamp;

/// A report. `on_behalf_of` is for the vendor's people, who always report for somebody.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    /// For now `fault`.
    #[schema(examples("fault"))]
    pub kind: String,
    #[schema(min_length = 1, max_length = 80)]
    pub title: String,
    #[schema(min_length = 1, max_length = 5000)]
    pub description: String,
    /// `major` when absent.
    pub severity: Option<Severity>,
    pub occurred_at: Option<Timestamp>,
    /// Who and what is affected.
    #[schema(max_length = 200)]
    pub scope: Option<String>,
    #[schema(max_length = 2000)]
    pub steps_tried: Option<String>,
    /// How to reach the reporter, when not as the roster says.
    #[schema(max_length = 100)]
    pub contact: Option<String>,
    #[serde(default)]
    #[schema(max_items = 9)]
    pub attachment_ids: Vec<Uuid>,
    pub on_behalf_of: Option<Uuid>,
}

#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    #[schema(min_length = 1, max_length = 5000)]
    pub body: String,
    pub visibility: Visibility,
    #[serde(default)]
    #[schema(max_items = 9)]
    pub attachment_ids: Vec<Uuid>,
}

/// An action and the fields of that action; a field of another action is refused.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionBody {
    pub action: Action,
    /// accept (1..2000), supply, publish_solution (1..5000); mark_repaired, remind: optional.
    pub text: Option<String>,
    /// assign.
    pub assignee_id: Option<Uuid>,
    /// assign, optional: an internal note.
    pub note: Option<String>,
    /// ask_client.
    pub question: Option<String>,
    /// supply, optional.
    pub attachment_ids: Option<Vec<Uuid>>,
    /// publish_solution.
    pub solution_type: Option<SolutionType>,
    /// publish_solution: the promised time; required for `workaround` and `plan`.
    pub eta: Option<Timestamp>,
    /// reject_solution, fail_verification, reopen, withdraw.
    pub reason: Option<String>,
    /// confirm.
    #[schema(minimum = 1, maximum = 5)]
    pub rating: Option<i32>,
    /// confirm, optional.
    pub comment: Option<String>,
    /// merge.
    pub into: Option<Uuid>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealBody {
    #[schema(min_length = 3, max_length = 200)]
    pub purpose: String,
}

/// Which tickets to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// `mine`, `department`, `queue` or `all`; by default `mine` for the client, `queue` for the vendor.
    pub scope: Option<String>,
    pub kind: Option<String>,
    /// States, separated by commas.
    pub state: Option<String>,
    /// `me`, `none`, or the id of a person.
    pub assignee: Option<String>,
    /// Beginning of a number.
    pub q: Option<String>,
    /// Only tickets whose next deadline is before this instant.
    pub due_before: Option<Timestamp>,
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}
