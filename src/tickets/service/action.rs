//! The verbs: permitted by the policy, listed by the machine, done on the version that the caller saw.

use uuid::Uuid;

use super::deeds;
use super::doing::Doing;
use super::{book, enter, find_permitted, link, merge, read, remind_after, situation, standing, step};
use crate::identity::people;
use crate::kit::actor::{Role, Side};
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::tickets::entity::ticket;
use crate::tickets::model::Command;
use crate::tickets::store::write;
use crate::tickets::views::Ticket;

/// Does an action on the version `seen` of a ticket.
///
/// # Errors
/// 422 naming the field; 404 or 403 as the policy says; 412 when the ticket has changed; 409 with what is
/// allowed instead.
pub async fn act(ctx: &Ctx, id: Uuid, seen: i64, command: Command) -> Result<Ticket> {
    enter(ctx)?;
    let action = command.action();
    let (row, facts) = find_permitted(ctx, id, action.right()).await?;
    super::body::sense(&command, ctx.now)?;
    // Refusals need no write lock; whether the version still holds is asked again under the lock.
    current(&row, seen)?;
    let events = write::events(ctx.kit.db.reader(), id).await?;
    let book = book(&ctx.kit).await?;
    let situation = situation((ctx, &book), &row, &facts, standing(&events))?;
    let to = step(ctx, &situation, &facts, action)?;
    check(ctx, &row, &command).await?;
    deeds::check(&book, &situation, &row, &command)?;

    match command {
        Command::Merge(c) => merge::merge(ctx, id, seen, c.into).await?,
        Command::Link(c) => link::link(ctx, id, seen, c.to).await?,
        Command::EscalateToIncident(c) => return link::escalate(ctx, id, seen, &c.text).await,
        command => {
            let tx = ctx.kit.db.write_tx().await?;
            let row = write::lock(&tx, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
            current(&row, seen)?;
            let mut doing = Doing::begin(ctx, &tx, row, book).await?;
            let trace = deeds::apply(&mut doing, &command).await?;
            doing.finish(action, to, trace).await?;
            tx.commit().await?;
        }
    }
    read::written(ctx, ctx.kit.db.reader(), id).await
}

/// # Errors
/// 412 when the row is not the version that was seen; it says which one is there, because who follows a
/// fault for the first time has seen none.
pub(super) fn current(row: &ticket::Model, seen: i64) -> Result<()> {
    if row.version == seen {
        return Ok(());
    }
    Err(Error::new(Code::VersionStale).with("version", row.version))
}

/// What the machine cannot know.
async fn check(ctx: &Ctx, row: &ticket::Model, command: &Command) -> Result<()> {
    match command {
        Command::Assign(c) => {
            let member = people::member_of(ctx, ctx.kit.db.reader(), c.assignee_id).await?;
            let takes = |r: &Role| matches!(r, Role::VendorAgent | Role::VendorLead);
            match member {
                Some(m) if m.side == Side::Vendor && m.roles.iter().any(takes) => Ok(()),
                _ => Err(Error::field("assignee_id", "NOT_ASSIGNABLE", "请选择一位乙方处理人员")),
            }
        }
        Command::Remind(_) => {
            let Some(again) = remind_after(ctx, row.reminded_at) else { return Ok(()) };
            let seconds = again.since(ctx.now).saturating_add(999) / 1000;
            let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
            Err(Error::new(Code::RemindTooSoon).retry_after(seconds))
        }
        _ => Ok(()),
    }
}
