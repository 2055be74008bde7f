//! Two tickets that belong together: linked by hand, or because one became a security incident. Both
//! timelines say so, in one transaction.

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::action::current;
use super::create;
use super::doing::{Doing, Trace};
use super::history::{self, By, Step};
use super::merge::with_other;
use super::{book, facts, read, state};
use crate::clocks::Book;
use crate::identity::policy::{self, Facts, Verdict, authorise};
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::tickets::entity::{link, ticket};
use crate::tickets::model::standing::event as words;
use crate::tickets::model::{Action, Kind, Relation, Visibility};
use crate::tickets::service::body::Report;
use crate::tickets::store::{followers, numbers, write};
use crate::tickets::views::Ticket;

/// Links `id`, as seen in version `seen`, to another ticket.
///
/// # Errors
/// 422 for a ticket that the caller cannot see, that is linked already, or that is the ticket itself; 412.
pub(super) async fn link(ctx: &Ctx, id: Uuid, seen: i64, to: Uuid) -> Result<()> {
    if id == to {
        return Err(Error::field("to", "SAME_TICKET", "不能关联自己"));
    }
    let book = book(&ctx.kit).await?;
    let tx = ctx.kit.db.write_tx().await?;
    let (source, target) = with_other(ctx, &tx, (id, seen), ("to", to)).await?;
    if followers::linked(&*tx, id, to).await? {
        return Err(Error::field("to", "ALREADY_LINKED", "这两张工单已经关联"));
    }
    join(ctx, &tx, &book, (source, Action::Link, Relation::Related), target).await?;
    tx.commit().await
}

/// Makes an incident out of what a ticket is about. Who may not see the ticket itself (the administrator) is
/// answered with the incident.
///
/// # Errors
/// 412; what the database says.
pub(super) async fn escalate(ctx: &Ctx, id: Uuid, seen: i64, text: &str) -> Result<Ticket> {
    authorise(&ctx.actor, policy::Action::DeclareIncident, &Facts::Nothing)?;
    let number = numbers::next(&ctx.kit.db, Kind::Incident, ctx.now).await?;
    let book = book(&ctx.kit).await?;
    let tx = ctx.kit.db.write_tx().await?;
    let source = write::lock(&tx, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    current(&source, seen)?;
    let report = Report::incident(format!("由工单 {} 升级", source.number), text.to_owned());
    let incident = create::insert(ctx, &tx, &book, &report, ctx.member()?, number).await?.row;
    let sight = facts(ctx, &*tx, &source).await?;
    join(ctx, &tx, &book, (source, Action::EscalateToIncident, Relation::Incident), incident.clone()).await?;
    tx.commit().await?;
    let seen = policy::allow(&ctx.actor, policy::Action::View, &sight) == Verdict::Allow;
    read::written(ctx, ctx.kit.db.reader(), if seen { id } else { incident.id }).await
}

/// Writes the link with an event on either side.
async fn join(
    ctx: &Ctx,
    tx: &WriteTx,
    book: &Arc<Book>,
    (source, action, relation): (ticket::Model, Action, Relation),
    mut target: ticket::Model,
) -> Result<()> {
    let from_id = source.id;
    let doing = Doing::begin(ctx, tx, source, Arc::clone(book)).await?;
    let link = link::Model {
        from_id,
        to_id: target.id,
        relation: relation.wire().to_owned(),
        made_by: doing.me,
        at: doing.at,
    };
    followers::insert_link(tx, link).await?;
    let to = doing.from;
    doing.finish(action, to, Trace::default().with(&json!({ "ticket": target.id }))).await?;

    let seen = target.version;
    let events = write::events(&**tx, target.id).await?;
    let same = state(&target.state)?;
    let step = Step {
        id: ctx.kit.ids.fresh()?,
        event: words::LINKED,
        visibility: Visibility::Public,
        from: Some(same),
        to: same,
        detail: json!({ "ticket": from_id, "relation": relation }),
        text: None,
        content: Vec::new(),
    };
    let change = history::plan((&ctx.kit, book), tx, By::Person(ctx), &mut target, &events, step).await?;
    target.version += 1;
    write::update_ticket(tx, seen, target).await?;
    history::save((&ctx.kit, book), tx, change).await
}
