//! What clients see of duties and breaches.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{breach, duty};
use super::model;
use super::model::matter::{BreachAction, BreachStatus};
use crate::clocks::{self, Basis, Verdict};
use crate::identity::people::PersonRef;
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;

/// What a duty or a breach belongs to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DutyRecord)]
pub struct RecordView {
    /// A kind of ticket, or `milestone` and the like.
    #[schema(examples("fault"))]
    pub kind: String,
    pub id: Uuid,
    #[schema(examples("GZ-2026-000123"))]
    pub number: String,
}

/// A duty of one side of the agreement, running or ended.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Obligation {
    pub id: Uuid,
    #[schema(examples("R8"))]
    pub code: String,
    /// Clause of the agreement that it follows from.
    #[schema(examples("4.2"))]
    pub clause: String,
    #[schema(examples("响应"))]
    pub title: String,
    /// Who owes it: `client` or `vendor`.
    pub obligor: String,
    /// What it rests on: late is a breach only where that is the agreement.
    pub basis: Basis,
    /// `natural_hours`, `working_hours`, `working_days`, `natural_days`, or `instant` for a date that was named.
    pub unit: String,
    /// Of the unit; 0 for a date that was named.
    pub amount: i64,
    pub cycle: i32,
    pub round: i32,
    pub started_at: Timestamp,
    /// The last instant that is in time.
    pub due_at: Timestamp,
    /// It rests on a day that no published calendar has settled.
    pub provisional: bool,
    pub stopped_at: Option<Timestamp>,
    /// When it fell away.
    pub voided_at: Option<Timestamp>,
    /// As of now; `breached` as soon as it is overdue.
    pub verdict: Verdict,
    pub record: RecordView,
    /// Version of parameters and calendar that decided.
    pub in_force: i32,
}

impl Obligation {
    #[must_use]
    pub fn of(row: duty::Model, now: Timestamp) -> Self {
        Self {
            verdict: model::verdict(&row, now),
            title: title(&row.code),
            basis: clocks::def(&row.code).map_or(Basis::Agreement, |def| def.basis),
            id: row.id,
            code: row.code,
            clause: row.clause,
            obligor: row.obligor,
            unit: row.unit,
            amount: row.amount,
            cycle: row.cycle,
            round: row.round,
            started_at: row.started_at,
            due_at: row.due_at,
            provisional: row.provisional,
            stopped_at: row.stopped_at,
            voided_at: row.void_at,
            record: RecordView { kind: row.record_kind, id: row.record_id, number: row.number },
            in_force: row.in_force,
        }
    }
}

/// One duty, with the breach that was written down of it, if one was.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ObligationDetail {
    #[serde(flatten)]
    pub obligation: Obligation,
    pub breach_id: Option<Uuid>,
}

/// What one side owes by the agreement, as numbers; targets and statutory deadlines are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tally {
    /// Running, overdue ones included.
    pub open: i64,
    /// Of the open ones.
    pub overdue: i64,
    pub met: i64,
    /// Ended late.
    pub breached: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ObligationSummary {
    pub client: Tally,
    pub vendor: Tally,
}

fn title(code: &str) -> String {
    clocks::def(code).map_or(code, |def| def.title).to_owned()
}

/// One thing that happened to a breach. Rows are only added: what was superseded or withdrawn stays visible.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BreachEvent {
    pub seq: i64,
    /// `asserted`, `corrected`, `superseded`, or an action of people.
    pub event: String,
    pub at: Timestamp,
    /// `null` when the instants themselves said so.
    pub actor: Option<PersonRef>,
    /// `client`, `vendor` or `system`.
    pub side: String,
    /// Due and end as they stood then.
    pub due_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Version of parameters and calendar that decided then.
    pub in_force: i32,
    /// Why a verdict was superseded: `calendar_or_parameters_reissued`, `joint_finding` or `derived_again`.
    pub because: Option<String>,
    /// What was said; `null` where nothing was, or when its key was destroyed.
    pub text: Option<String>,
}

/// A duty that was not fulfilled in time, and what both sides say about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Breach {
    pub id: Uuid,
    pub version: i64,
    pub status: BreachStatus,
    pub code: String,
    pub clause: String,
    pub title: String,
    /// Who owed it: `client` or `vendor`.
    pub obligor: String,
    pub cycle: i32,
    pub record: RecordView,
    pub due_at: Timestamp,
    /// When the duty ended; `null` while it is still open.
    pub ended_at: Option<Timestamp>,
    /// Seconds from due to the end, or to now while it is open; rounded down.
    pub late_seconds: i64,
    /// Version of parameters and calendar that decided.
    pub in_force: i32,
    pub asserted_at: Timestamp,
    pub allowed_actions: Vec<BreachAction>,
    /// Oldest first.
    pub history: Vec<BreachEvent>,
}

impl Breach {
    #[must_use]
    pub fn of(
        row: breach::Model,
        status: BreachStatus,
        allowed_actions: Vec<BreachAction>,
        history: Vec<BreachEvent>,
        now: Timestamp,
    ) -> Self {
        Self {
            id: row.id,
            version: row.version,
            status,
            title: title(&row.code),
            late_seconds: row.ended_at.unwrap_or(now).since(row.due_at).max(0) / 1000,
            code: row.code,
            clause: row.clause,
            obligor: row.obligor,
            cycle: row.cycle,
            record: RecordView { kind: row.record_kind, id: row.record_id, number: row.number },
            due_at: row.due_at,
            ended_at: row.ended_at,
            in_force: row.in_force,
            asserted_at: row.asserted_at,
            allowed_actions,
            history,
        }
    }

    /// The side that owed the duty.
    #[must_use]
    pub fn side(row: &breach::Model) -> Option<Side> {
        Side::from_wire(&row.obligor)
    }
}
