//! Merging: the source ends, its clocks fall away (what was overdue stays overdue); duties that still ran
//! there go on in the target from when they began.

use serde_json::json;
use uuid::Uuid;

use super::action::current;
use super::history::{self, Step};
use super::{facts, state, step};
use crate::clocks::{self, Book, Clock, ClockDef, R8, S24};
use crate::identity::policy::{self, Verdict};
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::tickets::entity::{event, ticket};
use crate::tickets::model::{Action, State, Visibility};
use crate::tickets::store::write;

/// Merges `id`, as seen in version `seen`, into another ticket.
///
/// # Errors
/// 422 for a target that the caller cannot see, that is not open, or that is the ticket itself; 412.
pub(super) async fn merge(ctx: &Ctx, tx: &WriteTx, id: Uuid, seen: i64, into: Uuid) -> Result<()> {
    if id == into {
        return Err(Error::field("into", "SAME_TICKET", "不能合并到自己"));
    }
    // Always in the same order, so that two merges across each other do not wait for each other.
    let (first, second) = (id.min(into), id.max(into));
    let mut rows = Vec::with_capacity(2);
    for id in [first, second] {
        rows.extend(write::lock(tx, id).await?);
    }
    let missing = || Error::field("into", "NOT_FOUND", "没有这张工单");
    let mut take = |id: Uuid| rows.iter().position(|r| r.id == id).map(|place| rows.swap_remove(place));
    let source = take(id).ok_or_else(|| Error::new(Code::NotFound))?;
    let target = take(into).ok_or_else(missing)?;
    current(&source, seen)?;
    if policy::allow(&ctx.actor, policy::Action::View, &facts(&target)) != Verdict::Allow {
        return Err(missing());
    }
    if !target.is_open {
        return Err(Error::field("into", "NOT_OPEN", "只能合并到未结束的工单"));
    }
    let to = step(ctx, &source, Action::Merge)?;
    let events = write::events(&**tx, id).await?;
    let running = running(&events, ctx.now);
    let clock_start = source.clock_start;
    end(ctx, tx, source, &events, (into, to)).await?;
    absorb(ctx, tx, target, id, clock_start, &running).await
}

fn running(events: &[event::Model], now: Timestamp) -> Vec<Clock> {
    let history: Vec<_> = events.iter().map(history::clock_event).collect();
    clocks::derive(&history, &Book::builtin(), now).into_iter().filter(Clock::is_running).collect()
}

async fn end(
    ctx: &Ctx,
    tx: &WriteTx,
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
    let change = history::plan(ctx, tx, &mut row, events, step).await?;
    row.version += 1;
    row.merged_into = Some(into);
    if ctx.side()? == Side::Vendor {
        // An ended ticket of nobody would be out of the sight of whoever ended it.
        row.assignee_id = row.assignee_id.or(ctx.actor.person_id());
    }
    write::update_ticket(tx, seen, row).await?;
    history::save(ctx, tx, change).await
}

async fn absorb(
    ctx: &Ctx,
    tx: &WriteTx,
    mut row: ticket::Model,
    source: Uuid,
    clock_start: Timestamp,
    running: &[Clock],
) -> Result<()> {
    let seen = row.version;
    let events = write::events(&**tx, row.id).await?;
    let since = |def: &ClockDef| running.iter().find(|c| c.def == def).map(|c| c.started_at);
    let same = state(&row.state)?;
    let step = Step {
        id: ctx.kit.ids.fresh()?,
        event: history::ABSORBED,
        visibility: Visibility::Public,
        from: Some(same),
        to: same,
        detail: json!({
            "source": source, "response_from": since(&R8), "solution_from": since(&S24),
        }),
        text: None,
        content: Vec::new(),
    };
    row.clock_start = row.clock_start.min(clock_start);
    let change = history::plan(ctx, tx, &mut row, &events, step).await?;
    row.version += 1;
    write::update_ticket(tx, seen, row).await?;
    history::save(ctx, tx, change).await
}
