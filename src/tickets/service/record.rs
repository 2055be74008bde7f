//! The record of a ticket: what happened, the clocks with their explanation, and the receipt.

use serde_json::Value;
use uuid::Uuid;

use super::open::{self, Faces, Thread};
use super::read::{ALL, Seen, surplus};
use super::{book, enter};
use crate::clocks;
use crate::kit::ctx::Ctx;
use crate::kit::error::Result;
use crate::kit::page::{Cursor, Page, PageQuery, window};
use crate::ledger;
use crate::tickets::model::Action;
use crate::tickets::model::standing::event as words;
use crate::tickets::store::show::{self, Want};
use crate::tickets::views::{self, beijing};

/// What happened, oldest first, each with its place in the ledger.
///
/// # Errors
/// As for messages.
pub async fn timeline(ctx: &Ctx, id: Uuid, page: &PageQuery) -> Result<Page<views::TimelineItem>> {
    enter(ctx)?;
    let (limit, after) = window(page.limit, page.cursor.as_deref())?;
    let db = ctx.kit.db.reader();
    let seen = Seen::load(ctx, db, id).await?;
    let after = after.map_or(0, |c| i32::try_from(c.key).unwrap_or(i32::MAX));
    let events = Some((after, surplus(limit)));
    let want = Want { internal: seen.internal, events, messages: None, solutions: false };
    let rows = show::thread(db, id, want).await?;
    let page = Page::from_surplus(rows, limit, |r| Cursor { key: i64::from(r.n), id: r.id });
    let ledger_ids: Vec<Uuid> = page.items.iter().filter_map(|r| r.ledger_id).collect();
    let mut places = ledger::places(db, &ledger_ids).await?;
    let faces = Faces::of(ctx, db, page.items.iter().map(|r| r.author)).await?;
    let item = |r: &show::ThreadRow| {
        let place = r.ledger_id.and_then(|id| places.remove(&id));
        let mut detail: Value = serde_json::from_str(&r.detail).unwrap_or_default();
        if let Some(members) = detail.as_object_mut() {
            members.insert("from_state".to_owned(), r.from_state.clone().into());
            members.insert("to_state".to_owned(), r.state.clone().into());
        }
        Ok(views::TimelineItem {
            id: r.id,
            at: r.at,
            actor: faces.person(r.author)?,
            side: r.side.clone(),
            event: r.word.clone(),
            text: sentence(&r.word, &r.visibility),
            detail,
            ledger: place.map_or_else(views::Place::default, |(seq, hash)| views::Place {
                seq: Some(seq),
                hash: Some(hash),
            }),
        })
    };
    let items = page.items.iter().map(item).collect::<Result<_>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

fn sentence(event: &str, visibility: &str) -> Option<String> {
    let text = match event {
        words::SUBMITTED => "提交工单",
        words::MESSAGE if visibility == "internal" => "写了内部备注",
        words::MESSAGE => "回复",
        words::ABSORBED => "另一工单合并到此",
        words::REVEAL => "查看了报告人的联系方式",
        words::LINKED => "与另一工单关联",
        words::SILENT => "甲方 3 个工作日未补充，转回处理",
        words::REMINDED => "提醒甲方确认",
        words::CONFIRMED_BY_SILENCE => "期满无异议，默示确认",
        words::CLOSED_BY_SILENCE => "3 个工作日没有追问，自动结束",
        other => Action::from_wire(other)?.title(),
    };
    Some(text.to_owned())
}

/// The clocks with their explanation.
///
/// # Errors
/// 404 for a ticket that is not theirs to see.
pub async fn clocks(ctx: &Ctx, id: Uuid) -> Result<Page<views::TracedClock>> {
    enter(ctx)?;
    let db = ctx.kit.db.reader();
    let seen = Seen::load(ctx, db, id).await?;
    let want = Want { internal: true, events: Some((0, ALL)), messages: None, solutions: false };
    let rows = show::thread(db, id, want).await?;
    let events = Thread::new(&Faces::nobody(), &seen.key, &rows).clock_events();
    let waits = clocks::waits(&events);
    let book = book(&ctx.kit).await?;
    let traced = |c: &clocks::Clock| views::TracedClock {
        clock: views::Clock::of(c, ctx.now),
        trace: clocks::trace(c, &waits, &book, ctx.now),
    };
    Ok(Page::whole(clocks::derive(&events, &book, ctx.now).iter().map(traced).collect()))
}

/// 回执.
///
/// # Errors
/// 404 for a ticket that is not theirs to see.
pub async fn receipt(ctx: &Ctx, id: Uuid) -> Result<views::Receipt> {
    enter(ctx)?;
    let db = ctx.kit.db.reader();
    let seen = Seen::load(ctx, db, id).await?;
    let want = Want { internal: false, events: Some((0, 1)), messages: None, solutions: false };
    let first = show::thread(db, id, want).await?;
    let entry = first.first().and_then(|r| r.ledger_id);
    let places = ledger::places(db, entry.as_slice()).await?;
    let stub = open::receipt(&seen.head);
    let text = format!(
        "收讫确认：工单 {} 已于 {} 进入本系统。时限从这一刻起算。内容摘要（SHA-256）：{}",
        stub.number,
        beijing(stub.received_at),
        stub.digest
    );
    let ledger_seq = entry.and_then(|e| places.get(&e)).map(|(seq, _)| *seq);
    Ok(views::Receipt { stub, ledger_seq, text })
}
