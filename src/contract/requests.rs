//! What clients send about the agreement. Decoded strictly; texts are checked by the services.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::model::{IpLabel, ItemKind, MaintenanceKind, MaintenanceResult};
use crate::calendar::{Span, Unit};
use crate::kit::clock::Timestamp;
use crate::kit::http::by_action;

/// Which parameters change, by code, in the form of `config/agreement.example.toml`; the others stay.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposedParameters {
    #[schema(value_type = Object, examples(json!({ "P9": 5 })))]
    pub changes: BTreeMap<String, Value>,
    /// 1..500 characters.
    pub reason: String,
    /// Not before this instant; at the earliest 60 seconds after the second signature.
    pub effective_from: Option<Timestamp>,
    /// Only show what it would change and move: nothing is stored, signed or told.
    #[serde(default)]
    pub preview: bool,
}

by_action! {
    /// A version of an annex, or a renewal, that waits for signatures.
    AnnexAct {
        /// In the name of the caller's side, which must not have signed yet.
        Sign {}
        /// By the side that did not propose it.
        Decline {
            /// 1..500 characters.
            reason: String,
        }
        /// By the side that proposed it.
        Withdraw {}
    }
}

/// A later end of the term (1.3).
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRenewal {
    /// The new last day, Asia/Shanghai: after the present one, at most five years after it.
    #[schema(examples("2027-12-07"))]
    pub expires_on: NaiveDate,
    /// 1..500 characters.
    pub reason: Option<String>,
}

/// A year of the calendar: exactly one of `year_file` and `notice_text`.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarImport {
    /// `{year, notices?, days_off: [{date, name}], make_up_workdays: [{date, name}]}`.
    #[schema(value_type = Option<Object>)]
    pub year_file: Option<Value>,
    /// The text of the State Council's notice, pasted whole.
    #[schema(max_length = 20000)]
    pub notice_text: Option<String>,
    /// Where it comes from, as 国办发明电〔2025〕7号; 1..200 characters.
    pub source: String,
    /// Only show what it would change and move: nothing is stored, signed or told.
    #[serde(default)]
    pub preview: bool,
}

/// A question to the calendar: when is this allowance used up?
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DueQuestion {
    /// The instant of receipt.
    pub start: Timestamp,
    pub unit: Unit,
    /// 1 or more, in the unit.
    #[schema(minimum = 1)]
    pub amount: u32,
    #[serde(default)]
    pub pauses: Vec<Span>,
}

/// The tests of one development stage (7.2.1).
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStage {
    /// 第几阶段, 1..50.
    #[schema(minimum = 1, maximum = 50)]
    pub stage: i32,
}

by_action! {
    /// What can be done with a milestone.
    MilestoneAct {
        /// A new version, by the side that owes it.
        Submit {
            /// 1..5000 characters.
            text: String,
            /// Uploaded before, up to 9.
            #[serde(default)]
            attachment_ids: Vec<Uuid>,
        }
        Accept {}
        Return {
            /// 1..2000 characters.
            reason: String,
        }
        /// The client sets the date of the development plan, for which the agreement names none (3.1).
        Demand {
            due_at: Timestamp,
        }
    }
}

/// One thing of a delivery.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveredItem {
    /// `source_code`, `technical_docs`, `user_manual`, `test_report`, `design` or `other`.
    pub item: ItemKind,
    /// 1..80 characters.
    pub name: String,
    pub ip_label: IpLabel,
    /// The file itself, uploaded before; or its digest where it is handed over elsewhere.
    pub attachment_id: Option<Uuid>,
    /// SHA-256 in hex of what is handed over elsewhere (a repository archive).
    pub sha256: Option<String>,
}

/// A package for acceptance (3.3.2).
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDelivery {
    /// 1..50 items, among them the user manual and the test report, which 3.3.2 names.
    pub items: Vec<DeliveredItem>,
}

by_action! {
    /// What can be done with a delivery.
    DeliveryAct {
        AcceptItem {
            number: i32,
        }
        RejectItem {
            number: i32,
            /// 1..2000 characters.
            reason: String,
        }
        /// A rejected item once more.
        Resubmit {
            number: i32,
            name: Option<String>,
            ip_label: Option<IpLabel>,
            attachment_id: Option<Uuid>,
            sha256: Option<String>,
        }
        /// Both sides, once every item is accepted; the second signature begins the term (1.3).
        Sign {}
    }
}

/// Something that was done in the course of maintenance (4.1.1).
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMaintenance {
    pub kind: MaintenanceKind,
    pub performed_at: Timestamp,
    pub result: MaintenanceResult,
    /// 1..2000 characters.
    pub note: String,
    /// Of a restore drill: how long it took.
    pub restore_minutes: Option<i32>,
    /// Of a backup or a restore drill: the instant whose data it holds.
    pub data_point: Option<Timestamp>,
    #[serde(default)]
    pub attachment_ids: Vec<Uuid>,
}

/// Filter of the maintenance log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MaintenanceQuery {
    pub kind: Option<MaintenanceKind>,
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    #[param(max_length = 200)]
    pub cursor: Option<String>,
}

by_action! {
    /// What can be done with the exit checklist.
    ExitAct {
        /// By the vendor.
        Done {
            number: i32,
            /// 1..2000 characters.
            note: String,
            attachment_id: Option<Uuid>,
            sha256: Option<String>,
        }
        /// By the client.
        Confirm {
            number: i32,
        }
        /// By the client: not done as it should be.
        Return {
            number: i32,
            /// 1..2000 characters.
            reason: String,
        }
    }
}

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FeeQuery {
    /// `2026-11`, Asia/Shanghai.
    pub month: String,
}
