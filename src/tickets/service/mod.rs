//! Use cases of tickets, one file per family of verbs. Each authorises, loads, lets the machine decide,
//! and writes row, event, clocks and ledger entry in one transaction.

mod action;
mod body;
pub mod check;
mod create;
mod history;
mod merge;
mod message;
mod open;
mod read;
mod record;
mod reveal;

pub use action::act;
pub use create::create;
pub use message::post;
pub use read::{gate, list, messages, show};
pub use record::{clocks, receipt, timeline};
pub use reveal::reveal;

use uuid::Uuid;

use super::entity::ticket;
use super::machine::{self, Refusal, Situation};
use super::model::{Action, Kind, State};
use super::store::write;
use crate::identity::consent;
use crate::identity::policy::{self, TicketFacts};
use crate::kit::actor::{Member, Role, Side};
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};

/// Bound to the roster and consented: without both nobody comes near a ticket.
fn enter(ctx: &Ctx) -> Result<&Member> {
    let member = ctx.member()?;
    consent::require(ctx)?;
    Ok(member)
}

/// The ticket's row when the caller may do this with it.
async fn find_permitted(ctx: &Ctx, id: Uuid, action: policy::Action) -> Result<ticket::Model> {
    let row = write::find(ctx.kit.db.reader(), id).await?;
    let row = row.ok_or_else(|| Error::new(Code::NotFound))?;
    policy::allow(&ctx.actor, action, &facts(&row)).require()?;
    Ok(row)
}

/// Reporters are always people of the client; `create` sees to that.
fn facts(row: &ticket::Model) -> TicketFacts {
    TicketFacts {
        reporter: row.reporter_id,
        reporter_side: Side::Client,
        entered_by: row.entered_by,
        department: row.department_id,
        assignee: row.assignee_id,
        repaired_by: row.repaired_by,
        is_open: row.is_open,
        has_solution: row.has_solution,
    }
}

/// The policy's name for an action of the machine.
const fn policy_action(action: Action) -> policy::Action {
    match action {
        Action::Accept => policy::Action::Accept,
        Action::Assign => policy::Action::Assign,
        Action::AskClient => policy::Action::AskClient,
        Action::Supply => policy::Action::Supply,
        Action::PublishSolution => policy::Action::PublishSolution,
        Action::RejectSolution => policy::Action::RejectSolution,
        Action::MarkRepaired => policy::Action::MarkRepaired,
        Action::Confirm => policy::Action::Confirm,
        Action::FailVerification => policy::Action::FailVerification,
        Action::Reopen => policy::Action::Reopen,
        Action::Withdraw => policy::Action::Withdraw,
        Action::Merge => policy::Action::Merge,
        Action::Remind => policy::Action::Remind,
        Action::EscalateToIncident => policy::Action::EscalateToIncident,
    }
}

fn situation(ctx: &Ctx, row: &ticket::Model) -> Result<Situation> {
    let member = ctx.member()?;
    Ok(Situation {
        kind: kind(&row.kind)?,
        state: state(&row.state)?,
        side: member.side,
        is_manager: ctx.actor.has(Role::ClientManager),
        is_repairer: row.repaired_by == Some(member.person_id),
        has_solution: row.has_solution,
        reopen_until: reopen_until(ctx, row.closed_at),
        now: ctx.now,
    })
}

/// The last instant at which a ticket closed at `closed_at` can be opened again.
fn reopen_until(ctx: &Ctx, closed_at: Option<Timestamp>) -> Option<Timestamp> {
    let days = i64::from(ctx.kit.settings.tickets.reopen_days);
    closed_at.map(|at| at.plus_seconds(days * 86_400))
}

/// The first instant at which the client can remind again; `None` when that is now.
fn remind_after(ctx: &Ctx, reminded_at: Option<Timestamp>) -> Option<Timestamp> {
    let minutes = i64::from(ctx.kit.settings.tickets.remind_minutes);
    reminded_at.map(|at| at.plus_seconds(minutes * 60)).filter(|again| *again > ctx.now)
}

fn allowed_actions(ctx: &Ctx, situation: &Situation, facts: &TicketFacts) -> Vec<Action> {
    let permitted =
        |action| policy::allow(&ctx.actor, policy_action(action), facts) == policy::Verdict::Allow;
    machine::allowed_actions(situation, permitted)
}

/// The state after the action, or the answer that lists what else can be done.
fn step(ctx: &Ctx, row: &ticket::Model, action: Action) -> Result<State> {
    let situation = situation(ctx, row)?;
    machine::step(&situation, action).map_err(|refusal| {
        let code = match refusal {
            Refusal::NotNow => Code::ActionNotAllowed,
            Refusal::ReopenWindowClosed => Code::ReopenWindowClosed,
        };
        let allowed: Vec<&str> =
            allowed_actions(ctx, &situation, &facts(row)).into_iter().map(Action::wire).collect();
        Error::new(code).with("allowed_actions", allowed)
    })
}

fn kind(stored: &str) -> Result<Kind> {
    Kind::from_wire(stored).ok_or_else(|| unknown_word("kind"))
}

fn state(stored: &str) -> Result<State> {
    State::from_wire(stored).ok_or_else(|| unknown_word("state"))
}

/// A stored word that this program does not know: a newer one wrote it, or somebody edited the database.
fn unknown_word(column: &str) -> Error {
    Error::new(Code::Internal).because(format!("unknown word in column {column}"))
}
