//! Reading duties and breaches: for those who answer for the agreement, not for every employee.

use std::collections::HashMap;

use uuid::Uuid;

use crate::duties::entity::{TEXT, breach, breach_event};
use crate::duties::model;
use crate::duties::model::matter::{BreachAction, BreachStatus, next};
use crate::duties::requests::{BreachQuery, ObligationQuery};
use crate::duties::store::{breaches, duties, pages};
use crate::duties::views::{Breach, BreachEvent, Obligation, ObligationDetail, ObligationSummary};
use crate::identity::people;
use crate::identity::policy::{Action, Facts, Verdict, authorise, decide};
use crate::kit::actor::Side;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::{Cursor, Page, window};

/// A page of duties.
///
/// # Errors
/// 403 for employees and the administrator; 422 naming the parameter.
pub async fn obligations(ctx: &Ctx, query: &ObligationQuery) -> Result<Page<Obligation>> {
    authorise(&ctx.actor, Action::ListObligations, &Facts::Nothing)?;
    let (limit, after) = window(query.limit, query.cursor.as_deref())?;
    let wanted = pages::Wanted {
        side: query.side.as_deref().map(side).transpose()?,
        verdict: query.state.as_deref().map(verdict).transpose()?,
        kind: query.kind.clone(),
    };
    let rows = pages::duties(ctx.kit.db.reader(), &wanted, ctx.now, limit, after).await?;
    Ok(Page::from_surplus(rows, limit, pages::place).map(|row| Obligation::of(row, ctx.now)))
}

/// One duty.
///
/// # Errors
/// 403 for employees and the administrator; 404 for what does not exist.
pub async fn obligation(ctx: &Ctx, id: Uuid) -> Result<ObligationDetail> {
    authorise(&ctx.actor, Action::ListObligations, &Facts::Nothing)?;
    let db = ctx.kit.db.reader();
    let row = duties::find(db, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let breach_id = breaches::of_duty(db, id).await?.map(|breach| breach.id);
    Ok(ObligationDetail { obligation: Obligation::of(row, ctx.now), breach_id })
}

/// How many duties each side has, by how they stand now.
///
/// # Errors
/// 403 for employees and the administrator.
pub async fn summary(ctx: &Ctx) -> Result<ObligationSummary> {
    authorise(&ctx.actor, Action::ListObligations, &Facts::Nothing)?;
    let mut summary = ObligationSummary::default();
    for (obligor, state, rows, late) in duties::tally(ctx.kit.db.reader(), ctx.now).await? {
        let of_client = obligor == Side::Client.wire();
        let tally = if of_client { &mut summary.client } else { &mut summary.vendor };
        match state.as_str() {
            model::RUNNING => (tally.open, tally.overdue) = (rows, late),
            model::MET => tally.met = rows,
            model::BREACHED => tally.breached = rows,
            _ => {}
        }
    }
    Ok(summary)
}

fn side(text: &str) -> Result<Side> {
    Side::from_wire(text)
        .ok_or_else(|| Error::field("side", "UNKNOWN", "应为 client（甲方）或 vendor（乙方）"))
}

fn verdict(text: &str) -> Result<pages::Judged> {
    pages::Judged::from_wire(text).ok_or_else(|| {
        let known = "应为 open（未结束）、running（进行中）、met（按时）、breached（已超时）或 void（作废）";
        Error::field("state", "UNKNOWN", known)
    })
}

/// A page of breaches.
///
/// # Errors
/// 403 for employees and the administrator; 422 naming the parameter.
pub async fn breaches(ctx: &Ctx, query: &BreachQuery) -> Result<Page<Breach>> {
    authorise(&ctx.actor, Action::ListBreaches, &Facts::Nothing)?;
    let (limit, after) = window(query.limit, query.cursor.as_deref())?;
    let side = query.side.as_deref().map(side).transpose()?;
    let status = query.status.as_deref().map(|text| {
        let known = "应为 asserted、disputed、waived、confirmed 或 superseded";
        BreachStatus::from_wire(text).ok_or_else(|| Error::field("status", "UNKNOWN", known))
    });
    let db = ctx.kit.db.reader();
    let rows = breaches::page(db, side, status.transpose()?, limit, after.map(|c| c.id)).await?;
    let page = Page::from_surplus(rows, limit, |b| Cursor { key: 0, id: b.id });
    Ok(Page { items: open(ctx, page.items).await?, next_cursor: page.next_cursor })
}

/// One breach.
///
/// # Errors
/// 404 for what does not exist and for employees; 403 for the administrator.
pub async fn breach(ctx: &Ctx, id: Uuid) -> Result<Breach> {
    let row = find(ctx, id, Action::ViewBreach).await?;
    open(ctx, vec![row]).await?.pop().ok_or_else(|| Error::new(Code::NotFound))
}

/// The breach, when the caller may do this to it.
pub(super) async fn find(ctx: &Ctx, id: Uuid, action: Action) -> Result<breach::Model> {
    ctx.member()?;
    let row = breaches::find(ctx.kit.db.reader(), id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    authorise(&ctx.actor, action, &Facts::Breach(obligor(&row)?))?;
    Ok(row)
}

pub(super) fn obligor(row: &breach::Model) -> Result<Side> {
    Breach::side(row).ok_or_else(|| Error::new(Code::Internal).because("breaches.obligor"))
}

pub(super) fn status(row: &breach::Model) -> Result<BreachStatus> {
    BreachStatus::from_wire(&row.status).ok_or_else(|| Error::new(Code::Internal).because("breaches.status"))
}

/// What the caller can do about a breach now.
pub(super) fn allowed(ctx: &Ctx, row: &breach::Model) -> Result<Vec<BreachAction>> {
    let (side, status) = (obligor(row)?, status(row)?);
    let may = |a: &BreachAction| decide(&ctx.actor, a.policy(), &Facts::Breach(side)) == Verdict::Allow;
    Ok(BreachAction::ALL.into_iter().filter(|a| next(status, *a).is_some() && may(a)).collect())
}

async fn open(ctx: &Ctx, rows: Vec<breach::Model>) -> Result<Vec<Breach>> {
    let db = ctx.kit.db.reader();
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
    let events = breaches::events(db, &ids).await?;
    let faces = people::named(ctx, db, events.iter().filter_map(|e| e.actor_id)).await?;
    let keys: Vec<Uuid> =
        events.iter().filter_map(|e| e.text_sealed.as_ref().and_then(|s| s.key_id())).collect();
    let keys = ctx.kit.vault.keys_alive(db, &keys).await?;
    let mut histories: HashMap<Uuid, Vec<BreachEvent>> = HashMap::new();
    for event in events {
        let breach_event::Model { id, breach_id, actor_id, text_sealed, .. } = event;
        let key = text_sealed.as_ref().and_then(|s| keys.get(&s.key_id()?));
        let text = key.zip(text_sealed.as_ref()).map(|(k, s)| k.open_text(TEXT, id, s)).transpose()?;
        histories.entry(breach_id).or_default().push(BreachEvent {
            seq: event.seq,
            event: event.event,
            at: event.at,
            actor: actor_id.and_then(|id| faces.get(&id).cloned()),
            side: event.actor_side,
            due_at: event.due_at,
            ended_at: event.ended_at,
            in_force: event.in_force,
            because: event.because,
            text,
        });
    }
    let view = |row: breach::Model| {
        let (status, allowed) = (status(&row)?, allowed(ctx, &row)?);
        let history = histories.remove(&row.id).unwrap_or_default();
        Ok(Breach::of(row, status, allowed, history, ctx.now))
    };
    rows.into_iter().map(view).collect()
}
