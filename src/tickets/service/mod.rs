//! Use cases of tickets, one file per family of verbs. Each authorises, loads, lets the machine decide,
//! and writes row, event, clocks and ledger entry in one transaction.

mod action;
mod announce;
mod body;
pub mod check;
mod create;
mod deeds;
mod detail;
mod doing;
mod find;
pub(super) mod history;
mod hours;
mod link;
mod merge;
mod message;
mod open;
mod read;
mod record;
mod reveal;
pub(super) mod silence;

pub use action::act;
pub use create::create;
pub use find::find;
pub use hours::support_hours;
pub use message::post;
pub use read::{gate, list, messages, show};
pub use record::{clocks, receipt, timeline};
pub use reveal::reveal;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::entity::{event, ticket};
use super::kinds;
use super::machine::{self, Refusal, Situation};
use super::model::standing::Standing;
use super::model::{Action, Kind, State, Visibility};
use super::store::{followers, write};
use crate::clocks::Book;
use crate::contract::book;
use crate::identity::consent;
use crate::identity::policy::{self, Matter, TicketFacts};
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

/// The ticket's row when the caller may do this with it, and what the policy knew.
async fn find_permitted(ctx: &Ctx, id: Uuid, action: policy::Action) -> Result<(ticket::Model, TicketFacts)> {
    let db = ctx.kit.db.reader();
    let row = write::find(db, id).await?;
    let row = row.ok_or_else(|| Error::new(Code::NotFound))?;
    let facts = facts(ctx, db, &row).await?;
    policy::allow(&ctx.actor, action, &facts).require()?;
    Ok((row, facts))
}

/// What the policy must know about a ticket.
async fn facts(ctx: &Ctx, db: &impl ConnectionTrait, row: &ticket::Model) -> Result<TicketFacts> {
    let me = ctx.member()?.person_id;
    // Only of employees does following open anything.
    let asks = row.reporter_id != me && ctx.actor.has(Role::Employee);
    let follows = asks && followers::follows(db, row.id, me).await?;
    let kind = kind(&row.kind)?;
    Ok(TicketFacts {
        reporter: row.reporter_id,
        reporter_side: side(&row.reporter_side)?,
        entered_by: row.entered_by,
        department: row.department_id,
        assignee: row.assignee_id,
        repaired_by: row.repaired_by,
        is_open: row.is_open,
        has_answer: row.has_solution,
        matter: matter(kind),
        is_among_the_client: kinds::is_among_the_client(state(&row.state)?),
        follows,
    })
}

const fn matter(kind: Kind) -> Matter {
    match kind {
        Kind::Fault => Matter::Fault,
        Kind::Incident => Matter::Incident,
        _ => Matter::Other,
    }
}

pub(super) fn standing<'a>(events: impl IntoIterator<Item = &'a event::Model>) -> Standing {
    let public = events.into_iter().filter(|e| e.visibility == Visibility::Public.wire());
    Standing::of(public.map(|e| (e.event.as_str(), e.at, e.detail.as_str())))
}

fn situation(
    (ctx, book): (&Ctx, &Book),
    row: &ticket::Model,
    facts: &TicketFacts,
    standing: Standing,
) -> Result<Situation> {
    let place = (kind(&row.kind)?, state(&row.state)?, row.closed_at);
    situated((ctx, book), place, facts, standing)
}

/// The situation of a ticket in this kind, state, and since this closing.
fn situated(
    (ctx, book): (&Ctx, &Book),
    (kind, state, closed_at): (Kind, State, Option<Timestamp>),
    facts: &TicketFacts,
    standing: Standing,
) -> Result<Situation> {
    let member = ctx.member()?;
    Ok(Situation {
        kind,
        state,
        side: member.side,
        is_manager: ctx.actor.has(Role::ClientManager),
        is_repairer: facts.repaired_by == Some(member.person_id),
        is_reporter: facts.reporter == member.person_id,
        follows: facts.follows,
        has_answer: facts.has_answer,
        reopen_until: reopen_until(book, closed_at),
        standing,
        now: ctx.now,
    })
}

/// The last instant at which a ticket closed at `closed_at` can be opened again (P10, as it was then).
fn reopen_until(book: &Book, closed_at: Option<Timestamp>) -> Option<Timestamp> {
    let days = |at: Timestamp| i64::from(book.at(at).params.reopen_days);
    closed_at.map(|at| at.plus_seconds(days(at) * 86_400))
}

/// The first instant at which the client can remind again; `None` when that is now.
fn remind_after(ctx: &Ctx, reminded_at: Option<Timestamp>) -> Option<Timestamp> {
    let minutes = i64::from(ctx.kit.settings.tickets.remind_minutes);
    reminded_at.map(|at| at.plus_seconds(minutes * 60)).filter(|again| *again > ctx.now)
}

fn allowed_actions(ctx: &Ctx, situation: &Situation, facts: &TicketFacts) -> Vec<Action> {
    let permitted =
        |action: Action| policy::allow(&ctx.actor, action.right(), facts) == policy::Verdict::Allow;
    machine::allowed_actions(situation, permitted)
}

/// The state after the action, or the answer that lists what else can be done.
fn step(ctx: &Ctx, situation: &Situation, facts: &TicketFacts, action: Action) -> Result<State> {
    machine::step(situation, action).map_err(|refusal| {
        let code = match refusal {
            Refusal::NotNow => Code::ActionNotAllowed,
            Refusal::ReopenWindowClosed => Code::ReopenWindowClosed,
        };
        let allowed: Vec<&str> =
            allowed_actions(ctx, situation, facts).into_iter().map(Action::wire).collect();
        Error::new(code).with("allowed_actions", allowed)
    })
}

fn kind(stored: &str) -> Result<Kind> {
    Kind::from_wire(stored).ok_or_else(|| unknown_word("kind"))
}

pub(super) fn state(stored: &str) -> Result<State> {
    State::from_wire(stored).ok_or_else(|| unknown_word("state"))
}

fn side(stored: &str) -> Result<Side> {
    Side::from_wire(stored).ok_or_else(|| unknown_word("reporter_side"))
}

/// A stored word that this program does not know: a newer one wrote it, or somebody edited the database.
fn unknown_word(column: &str) -> Error {
    Error::new(Code::Internal).because(format!("unknown word in column {column}"))
}
