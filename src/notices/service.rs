//! Telling people, and what they do with it.

use std::collections::HashSet;

use serde_json::json;
use uuid::Uuid;

use super::model::{Line, Notice, Recipient};
use super::requests::ReadBody;
use super::store::{self, Which};
use super::views::{Inbox, NoticeView, Unread};
use crate::identity::people;
use crate::identity::policy::{Action, Facts, authorise};
use crate::kit::Kit;
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Error, Result};
use crate::kit::page::{Cursor, Page, PageQuery, window};
use crate::ledger;

/// Most notices that one call marks as read by name.
const MOST_IDS: usize = 100;

/// Tells everybody among `to` who is still there, once each, in the caller's transaction.
///
/// # Errors
/// What the database says.
pub async fn tell(kit: &Kit, tx: &WriteTx, at: Timestamp, to: &[Recipient], notice: &Notice) -> Result<()> {
    let lines = lines(tx, to, notice).await?;
    if lines.is_empty() {
        return Ok(());
    }
    let people: Vec<Uuid> = lines.iter().map(|l| l.person_id).collect();
    let recent = store::recent(tx, &people, &[notice.object_id], at).await?;
    let mut fresh = Vec::new();
    for line in lines {
        match recent.get(&(line.person_id, line.object_id, line.event.clone())) {
            Some(id) => store::renew(tx, *id, &line, at).await?,
            None => fresh.push(line),
        }
    }
    deliver_new(kit, tx, at, fresh).await
}

/// As [`tell`] about what was made in this transaction, so that nothing can have been told about it yet.
///
/// # Errors
/// What the database says.
pub async fn tell_new(
    kit: &Kit,
    tx: &WriteTx,
    at: Timestamp,
    to: &[Recipient],
    notice: &Notice,
) -> Result<()> {
    deliver_new(kit, tx, at, lines(tx, to, notice).await?).await
}

/// One line for each person.
async fn lines(tx: &WriteTx, to: &[Recipient], notice: &Notice) -> Result<Vec<Line>> {
    let mut persons: Vec<Uuid> = Vec::new();
    let mut roles = Vec::new();
    for recipient in to {
        match recipient {
            Recipient::Person(id) => persons.push(*id),
            Recipient::Role(role) => roles.push(*role),
        }
    }
    // Nobody is told of their own doing: a question less for most of what people do themselves.
    persons.retain(|id| Some(*id) != notice.by);
    let mut told = HashSet::new();
    if !persons.is_empty() {
        told.extend(people::still_there(&**tx, &persons).await?);
    }
    if !roles.is_empty() {
        let staff = people::staff(&**tx).await?;
        let holds = |m: &&people::Staff| m.roles.iter().any(|r| roles.contains(r));
        told.extend(staff.iter().filter(holds).map(|m| m.id));
    }
    let line = |person_id| Line {
        person_id,
        event: notice.event.clone(),
        object_kind: notice.object_kind,
        object_id: notice.object_id,
        number: notice.number.clone(),
        text: notice.text.clone(),
        urgent: notice.urgent,
    };
    Ok(told.into_iter().filter(|id| Some(*id) != notice.by).map(line).collect())
}

/// As [`tell`] for what cannot have been told before, such as a warning that was claimed: nothing is looked
/// up, each line is a notice.
///
/// # Errors
/// What the database says.
pub async fn deliver_new(kit: &Kit, tx: &WriteTx, at: Timestamp, lines: Vec<Line>) -> Result<()> {
    let ids = lines.iter().map(|_| kit.ids.fresh()).collect::<Result<Vec<_>>>()?;
    store::insert(tx, &ids, &lines, at).await
}

/// A page of the caller's notices, the newest first, with the number of unread ones.
///
/// # Errors
/// 403 until the account is bound; 422 naming the parameter.
pub async fn list(ctx: &Ctx, unread: bool, page: &PageQuery) -> Result<Inbox> {
    authorise(&ctx.actor, Action::ReadInbox, &Facts::Nothing)?;
    let me = ctx.member()?.person_id;
    let (limit, after) = window(page.limit, page.cursor.as_deref())?;
    let db = ctx.kit.db.reader();
    let rows = store::page(db, me, unread, limit, after.map(|c| c.id)).await?;
    let page = Page::from_surplus(rows, limit, |n| Cursor { key: 0, id: n.id }).map(NoticeView::of);
    Ok(Inbox { items: page.items, next_cursor: page.next_cursor, unread: store::unread(db, me).await? })
}

/// Marks notices of the caller as read; what is not theirs or read already stays as it is.
///
/// # Errors
/// 403 until the account is bound; 422 for a body that names neither or both.
pub async fn read(ctx: &Ctx, body: ReadBody) -> Result<Unread> {
    authorise(&ctx.actor, Action::ReadInbox, &Facts::Nothing)?;
    let me = ctx.member()?.person_id;
    let which = match (body.ids, body.all_before) {
        (Some(ids), None) if ids.is_empty() || ids.len() > MOST_IDS => {
            return Err(Error::field("ids", "OUT_OF_RANGE", "一次请选择 1 到 100 条通知"));
        }
        (Some(ids), None) => Which::These(ids),
        (None, Some(at)) => Which::AllBefore(at),
        (None, None) => return Err(Error::field("ids", "REQUIRED", "请选择要标为已读的通知")),
        (Some(_), Some(_)) => {
            return Err(Error::field("all_before", "NOT_ALLOWED", "要么选择几条，要么全部，不能同时给出"));
        }
    };
    let tx = ctx.kit.db.write_tx().await?;
    let read = store::mark_read(&tx, me, which, ctx.now).await?;
    if read > 0 {
        // When somebody knew of something can matter later: being told is proved by having read it.
        let entry = ledger::Entry {
            action: "inbox.read",
            object_kind: "person",
            object_id: me,
            detail: json!({ "count": read }),
            content: &[],
        };
        ledger::append(ctx, &*tx, entry).await?;
    }
    tx.commit().await?;
    Ok(Unread { unread: store::unread(ctx.kit.db.reader(), me).await? })
}
