//! What clients send about tickets. Unknown fields are refused; what the texts may be is checked in
//! `service::body`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::model::{InvoiceType, Kind, Mode, Severity, Visibility};
use crate::kit::clock::Timestamp;

/// A report. `on_behalf_of` is for the vendor's people: faults and consultations they always report for
/// somebody, incidents for themselves. A field of another kind is refused. Words are read as texts, so that an
/// unknown one is named together with whatever else is wrong.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    #[schema(value_type = Kind)]
    pub kind: String,
    #[schema(min_length = 1, max_length = 80)]
    pub title: String,
    #[schema(min_length = 1, max_length = 5000)]
    pub description: String,
    /// Of a fault or a quality defect; `major` when absent.
    #[schema(value_type = Option<Severity>)]
    pub severity: Option<String>,
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
    /// Of a change, required: the day from which it is wished (2.2.1). A day after today.
    pub wished_on: Option<NaiveDate>,
    /// Of a consultation; `online` when absent.
    #[schema(value_type = Option<Mode>)]
    pub mode: Option<String>,
    /// Of a report, required: when it must be there (3.2.2). An instant in the future.
    pub due_at: Option<Timestamp>,
    /// Of an invoice, required: in 分, more than zero.
    pub amount_cents: Option<i64>,
    /// Of an invoice, required.
    #[schema(value_type = Option<InvoiceType>)]
    pub invoice_type: Option<String>,
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
    /// `mine`, `followed`, `department`, `queue` or `all`; by default `mine` for the client, `queue` for the vendor.
    pub scope: Option<String>,
    /// Kinds, separated by commas.
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
