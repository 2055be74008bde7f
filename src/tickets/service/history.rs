//! Writing history: one event, the ledger entry that vouches for it, and the clocks that follow from it.
//! Stored clocks and deadlines are always what `clocks::derive` makes of the stored events.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::clocks::{self, By, Clock, Event, What};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Sealed;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::ledger;
use crate::tickets::entity::{event, ticket};
use crate::tickets::model::{Action, State, Visibility};
use crate::tickets::store::write;

pub const SUBMITTED: &str = "submitted";
pub const MESSAGE: &str = "message";
pub const ABSORBED: &str = "absorbed";
pub const REVEAL: &str = "reveal";

/// What is about to happen to a ticket.
#[derive(Debug)]
pub struct Step<'a> {
    /// The event's id to be: sealed text is bound to it.
    pub id: Uuid,
    pub event: &'a str,
    pub visibility: Visibility,
    pub from: Option<State>,
    pub to: State,
    /// No personal data, no text of people.
    pub detail: Value,
    pub text: Option<Sealed>,
    /// Sealed contents that the ledger entry vouches for.
    pub content: Vec<Sealed>,
}

/// An event with its effect on the clocks, ready to be stored.
#[derive(Debug)]
pub struct Change {
    event: event::Model,
    before: Vec<Clock>,
    after: Vec<Clock>,
}

impl Change {
    pub fn event(&self) -> &event::Model {
        &self.event
    }
}

/// The time of the next event: the server's, but never before the last one of the ticket.
pub fn event_time(ctx: &Ctx, row: &ticket::Model) -> Timestamp {
    ctx.now.max(row.updated_at)
}

/// Makes the event, has the ledger vouch for it, and brings state and deadline of `row` up to date.
/// `row.cycle` is the cycle that the event belongs to.
///
/// # Errors
/// What the database says.
pub async fn plan(
    ctx: &Ctx,
    tx: &WriteTx,
    row: &mut ticket::Model,
    events: &[event::Model],
    step: Step<'_>,
) -> Result<Change> {
    let at = event_time(ctx, row);
    let seq = events.last().map_or(0, |e| e.seq) + 1;
    let entry = ledger::Entry {
        action: &format!("ticket.{}", step.event),
        object_kind: "ticket",
        object_id: row.id,
        detail: json!({
            "number": row.number, "seq": seq, "cycle": row.cycle, "at": at, "visibility": step.visibility,
            "from_state": step.from, "to_state": step.to, "detail": step.detail,
        }),
        content: &step.content.iter().map(|s| s.0.as_slice()).collect::<Vec<_>>(),
    };
    let ledger_id = ledger::append_later(ctx, tx, entry).await?;
    let event = event::Model {
        id: step.id,
        ticket_id: row.id,
        seq,
        cycle: row.cycle,
        event: step.event.to_owned(),
        actor_id: ctx.actor.person_id(),
        actor_side: ctx.side()?.wire().to_owned(),
        visibility: step.visibility.wire().to_owned(),
        at,
        from_state: step.from.map(|s| s.wire().to_owned()),
        to_state: step.to.wire().to_owned(),
        detail: step.detail.to_string(),
        text_sealed: step.text,
        ledger_id,
    };
    let mut history: Vec<Event> = events.iter().map(clock_event).collect();
    let before = clocks::derive(&history, at);
    history.push(clock_event(&event));
    let after = clocks::derive(&history, at);

    step.to.wire().clone_into(&mut row.state);
    row.is_open = step.to.is_open();
    row.updated_at = at;
    let next = next_due(&after);
    row.next_due_at = next.map(|c| c.due_at);
    row.next_due_code = next.map(|c| c.def.code.to_owned());
    Ok(Change { event, before, after })
}

/// Stores what [`plan`] made; the ticket's row must be stored by then.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &WriteTx, change: Change) -> Result<()> {
    let ticket_id = change.event.ticket_id;
    write::insert_event(tx, change.event).await?;
    write::save_clocks(tx, ticket_id, &change.before, &change.after).await
}

/// The earliest deadline that still runs.
#[must_use]
pub fn next_due(clocks: &[Clock]) -> Option<&Clock> {
    clocks.iter().filter(|c| c.is_running()).min_by_key(|c| c.due_at)
}

/// A stored event, as clocks see it.
#[must_use]
pub fn clock_event(row: &event::Model) -> Event {
    let public = row.visibility == Visibility::Public.wire();
    read_event(&row.event, &row.actor_side, public, row.at, &row.detail)
}

/// As [`clock_event`], from single columns.
#[must_use]
pub fn read_event(event: &str, side: &str, public: bool, at: Timestamp, detail: &str) -> Event {
    let by = match side {
        "client" => By::Client,
        "vendor" => By::Vendor,
        _ => By::System,
    };
    Event { at, by, public, what: what(event, detail) }
}

fn what(event: &str, detail: &str) -> What {
    match event {
        SUBMITTED => return What::Submitted,
        MESSAGE => return What::Said,
        ABSORBED => {
            let detail = parsed(detail);
            return What::Absorbed {
                response_from: instant(&detail, "response_from"),
                solution_from: instant(&detail, "solution_from"),
            };
        }
        _ => {}
    }
    match Action::from_wire(event) {
        Some(Action::Accept) => What::Accepted,
        Some(Action::Assign) => What::Assigned,
        Some(Action::AskClient) => What::AskedClient,
        Some(Action::Supply) => What::Supplied,
        Some(Action::PublishSolution) => What::SolutionPublished { eta: instant(&parsed(detail), "eta") },
        Some(Action::RejectSolution) => What::SolutionRejected,
        Some(Action::MarkRepaired) => What::MarkedRepaired,
        Some(Action::Confirm) => What::Confirmed,
        Some(Action::FailVerification) => What::VerificationFailed,
        Some(Action::Reopen) => What::Reopened,
        Some(Action::Withdraw) => What::Withdrawn,
        Some(Action::Merge) => What::MergedAway,
        Some(Action::Remind) => What::Reminded,
        Some(Action::EscalateToIncident) | None => What::Noted,
    }
}

fn parsed(detail: &str) -> Value {
    serde_json::from_str(detail).unwrap_or_default()
}

fn instant(detail: &Value, name: &str) -> Option<Timestamp> {
    detail.get(name).and_then(Value::as_str).and_then(|text| Timestamp::parse(text).ok())
}
