//! Merging: the source ends, its clocks fall away (what was overdue stays overdue); duties that still ran
//! there go on in the target from when they began. Both timelines stay, and whoever reported or followed the
//! source follows the target.

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::action::current;
use super::history::{self, By, Step};
use super::{book, facts, situation, standing, state, step};
use crate::clocks::{self, Book, What};
use crate::identity::policy::{self, Verdict};
use crate::kit::actor::Side;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::tickets::entity::{event, ticket};
use crate::tickets::model::standing::event as words;
use crate::tickets::model::{Action, State, Visibility};
use crate::tickets::store::{followers, write};

/// Merges `id`, as seen in version `seen`, into another ticket.
///
/// # Errors
/// 422 for a target that the caller cannot see, that is not open, of another kind, or the ticket itself; 412.
pub(super) async fn merge(ctx: &Ctx, id: Uuid, seen: i64, into: Uuid) -> Result<()> {
    if id == into {
        return Err(Error::field("into", "SAME_TICKET", "不能合并到自己"));
    }
    let book = book(&ctx.kit).await?;
    let tx = ctx.kit.db.write_tx().await?;
    let (source, target) = with_other(ctx, &tx, (id, seen), ("into", into)).await?;
    if target.kind != source.kind {
        return Err(Error::field("into", "OTHER_KIND", "只能合并到同一类工单"));
    }
    if !target.is_open {
        return Err(Error::field("into", "NOT_OPEN", "只能合并到未结束的工单"));
    }
    let events = write::events(&*tx, id).await?;
    let own = facts(ctx, &*tx, &source).await?;
    let to = step(ctx, &situation((ctx, &book), &source, &own, standing(&events))?, &own, Action::Merge)?;
    let history: Vec<_> = events.iter().map(history::clock_event).collect();
    let handed_on = What::absorbed(&clocks::derive(&history, &book, ctx.now));
    carry_followers(&tx, &source, &target).await?;
    let clock_start = source.clock_start;
    end(ctx, &tx, &book, source, &events, (into, to)).await?;
    let target = ticket::Model { clock_start: target.clock_start.min(clock_start), ..target };
    absorb(ctx, &tx, &book, target, id, handed_on).await?;
    tx.commit().await
}

/// A ticket as it was seen, and another that the caller can see and names in `field`. Both are locked, always in
/// the same order, so that two of these across each other do not wait for each other.
///
/// # Errors
/// 404; 412; 422 for another that is not there or not for the caller to see.
pub(super) async fn with_other(
    ctx: &Ctx,
    tx: &WriteTx,
    (id, seen): (Uuid, i64),
    (field, other): (&str, Uuid),
) -> Result<(ticket::Model, ticket::Model)> {
    let first = write::lock(tx, id.min(other)).await?;
    let second = write::lock(tx, id.max(other)).await?;
    let (source, target) = if id < other { (first, second) } else { (second, first) };
    let missing = || Error::field(field, "NOT_FOUND", "没有这张工单");
    let source = source.ok_or_else(|| Error::new(Code::NotFound))?;
    let target = target.ok_or_else(missing)?;
    current(&source, seen)?;
    let sight = facts(ctx, &**tx, &target).await?;
    if policy::allow(&ctx.actor, policy::Action::View, &sight) != Verdict::Allow {
        return Err(missing());
    }
    Ok((source, target))
}

/// Who waits for the source waits for the target.
async fn carry_followers(tx: &WriteTx, source: &ticket::Model, target: &ticket::Model) -> Result<()> {
    let mut people: Vec<(Uuid, _)> =
        followers::of(&**tx, source.id).await?.into_iter().map(|f| (f.person_id, f.at)).collect();
    if source.reporter_side == Side::Client.wire() {
        people.push((source.reporter_id, source.received_at));
    }
    for (person, at) in people.into_iter().filter(|(person, _)| *person != target.reporter_id) {
        followers::follow(tx, target.id, person, at).await?;
    }
    Ok(())
}

async fn end(
    ctx: &Ctx,
    tx: &WriteTx,
    book: &Arc<Book>,
    mut row: ticket::Model,
    events: &[event::Model],
    (into, to): (Uuid, State),
) -> Result<()> {
    let seen = row.version;
    let step = Step {
        id: ctx.kit.ids.fresh()?,
        event: Action::Merge.wire(),
        visibility: Visibility::Public,
        from: Some(state(&row.state)?),
        to,
        detail: json!({ "into": into }),
        text: None,
        content: Vec::new(),
    };
    let change = history::plan((&ctx.kit, book), tx, By::Person(ctx), &mut row, events, step).await?;
    row.version += 1;
    row.merged_into = Some(into);
    if ctx.side()? == Side::Vendor {
        // An ended ticket of nobody would be out of the sight of whoever ended it.
        row.assignee_id = row.assignee_id.or(ctx.actor.person_id());
    }
    write::update_ticket(tx, seen, row).await?;
    history::save((&ctx.kit, book), tx, change).await
}

async fn absorb(
    ctx: &Ctx,
    tx: &WriteTx,
    book: &Arc<Book>,
    mut row: ticket::Model,
    source: Uuid,
    handed_on: What,
) -> Result<()> {
    let What::Absorbed { response_from, solution_from, duty_from } = handed_on else { return Ok(()) };
    let seen = row.version;
    let events = write::events(&**tx, row.id).await?;
    let same = state(&row.state)?;
    let step = Step {
        id: ctx.kit.ids.fresh()?,
        event: words::ABSORBED,
        visibility: Visibility::Public,
        from: Some(same),
        to: same,
        detail: json!({
            "source": source, "response_from": response_from, "solution_from": solution_from,
            "duty_from": duty_from,
        }),
        text: None,
        content: Vec::new(),
    };
    let change = history::plan((&ctx.kit, book), tx, By::Person(ctx), &mut row, &events, step).await?;
    row.version += 1;
    write::update_ticket(tx, seen, row).await?;
    history::save((&ctx.kit, book), tx, change).await
}
