//! What the program does by itself about tickets: it ends silences (3 working days, P9) and brings deadlines to
//! what is in force now. Any number of workers may run this at once: each ticket is locked, looked at again,
//! and written in one transaction, so that nothing happens twice.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::entity::ticket;
use super::model::standing::event as words;
use super::model::{SolutionState, State, Visibility};
use super::service::history::{self, By, Step};
use super::service::silence::{self, Ends};
use super::service::{standing, state};
use super::store::write;
use crate::clocks::{self, Book};
use crate::contract::book;
use crate::duties;
use crate::kit::Kit;
use crate::kit::actor::Role;
use crate::kit::clock::Timestamp;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger;
use crate::notices::{self, Notice, Recipient};

/// Tickets of one round; what is left comes with the next.
const BATCH: u64 = 100;

/// Ends the silences that have lasted long enough; how many tickets were touched.
///
/// # Errors
/// What the database says; what was done before stays done.
pub async fn silences(kit: &Kit) -> Result<u64> {
    let (now, book) = (kit.clock.now(), book(kit).await?);
    let mut done = 0;
    for id in write::waking(kit.db.reader(), now, BATCH).await? {
        done += u64::from(end_silence(kit, &book, id, now).await?);
    }
    Ok(done)
}

async fn end_silence(kit: &Kit, book: &Arc<Book>, id: Uuid, now: Timestamp) -> Result<bool> {
    let tx = kit.db.write_tx().await?;
    let Some(row) = write::lock(&tx, id).await? else { return Ok(false) };
    // Another worker, or the client in the last moment, may have been here before.
    if row.wake_at.is_none_or(|at| at > now) {
        return Ok(false);
    }
    let events = write::events(&*tx, id).await?;
    match silence::plan(book, &row, &standing(&events)) {
        Some((ends, at)) if at <= now => end(kit, &tx, book, row, &events, ends, now).await?,
        // The annex or the calendar has changed since.
        planned => {
            let version = row.version;
            let row = ticket::Model { wake_at: planned.map(|(_, at)| at), ..row };
            write::update_ticket(&tx, version, row).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

async fn end(
    kit: &Kit,
    tx: &WriteTx,
    book: &Arc<Book>,
    mut row: ticket::Model,
    events: &[super::entity::event::Model],
    ends: Ends,
    now: Timestamp,
) -> Result<()> {
    let seen = row.version;
    let (from, at) = (state(&row.state)?, history::event_time(now, &row));
    let (event, to, detail) = match ends {
        Ends::Resume => (words::SILENT, State::InProgress, json!({})),
        Ends::Remind(number) => (words::REMINDED, from, json!({ "number": number })),
        Ends::Confirm => {
            if let Some(solution) = write::latest_solution(tx, row.id).await? {
                write::judge_solution(tx, solution.id, SolutionState::Confirmed, None).await?;
            }
            (words::CONFIRMED_BY_SILENCE, State::Closed, json!({ "implied": true }))
        }
        Ends::Close => (words::CLOSED_BY_SILENCE, State::Closed, json!({ "implied": true })),
    };
    if to == State::Closed {
        row.closed_at = Some(at);
    }
    let notice = told(&row, ends);
    let step = Step {
        id: kit.ids.fresh()?,
        event,
        visibility: Visibility::Public,
        from: Some(from),
        to,
        detail,
        text: None,
        content: Vec::new(),
    };
    let change = history::plan((kit, book), tx, By::System(now), &mut row, events, step).await?;
    // A reminder changes nothing that somebody could have seen otherwise.
    row.version += i64::from(from != to);
    let mut to_whom = vec![Recipient::Person(row.reporter_id)];
    to_whom.extend(row.assignee_id.filter(|_| from != to).map(Recipient::Person));
    // The last reminder goes to the managers as well.
    if ends == Ends::Remind(silence::REMINDERS) {
        to_whom.push(Recipient::Role(Role::ClientManager));
    }
    write::update_ticket(tx, seen, row).await?;
    history::save((kit, book), tx, change).await?;
    notices::tell(kit, tx, now, &to_whom, &notice).await
}

fn told(row: &ticket::Model, ends: Ends) -> Notice {
    let number = &row.number;
    let (event, text) = match ends {
        Ends::Resume => {
            ("ticket.silent", format!("工单 {number} 的提问 3 个工作日没有补充，乙方按现有信息继续处理"))
        }
        Ends::Remind(_) => {
            ("ticket.confirm_reminder", format!("工单 {number} 已修复，请确认是否解决；到期没有异议视为确认"))
        }
        Ends::Confirm => {
            ("ticket.confirmed_by_silence", format!("工单 {number} 到期没有异议，已默示确认并关闭"))
        }
        Ends::Close => ("ticket.closed_by_silence", format!("咨询 {number} 3 个工作日没有追问，已自动结束")),
    };
    Notice {
        event: event.to_owned(),
        object_kind: "ticket",
        object_id: row.id,
        number: number.clone(),
        text,
        urgent: false,
        by: None,
    }
}

/// Brings the running clocks of tickets to what is in force now; how many tickets were touched.
///
/// # Errors
/// What the database says; what was done before stays done.
pub async fn rederive(kit: &Kit) -> Result<u64> {
    let (now, book) = (kit.clock.now(), book(kit).await?);
    let mut done = 0;
    for id in write::derived_before(kit.db.reader(), &book, now, BATCH).await? {
        rederive_one(kit, &book, id).await?;
        done += 1;
    }
    Ok(done)
}

async fn rederive_one(kit: &Kit, book: &Arc<Book>, id: Uuid) -> Result<()> {
    let tx = kit.db.write_tx().await?;
    let row = write::lock(&tx, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let at = history::event_time(kit.clock.now(), &row);
    let events = write::events(&*tx, id).await?;
    let history: Vec<_> = events.iter().map(history::clock_event).collect();
    let clocks = clocks::derive(&history, book, at);
    let next = history::next_due(&clocks);
    let (next_due_at, next_due_code) = (next.map(|c| c.due_at), next.map(|c| c.def.code.to_owned()));
    let dues: Vec<Value> = clocks
        .iter()
        .filter(|c| c.is_running())
        .map(|c| json!({ "code": c.def.code, "cycle": c.cycle, "due_at": c.due_at }))
        .collect();
    let entry = ledger::Entry {
        action: "ticket.rederived",
        object_kind: "ticket",
        object_id: id,
        detail: json!({ "number": row.number, "in_force": book.at(at).number, "running": dues }),
        content: &[],
    };
    ledger::append_system(kit, &*tx, entry).await?;
    let (record, version) = (history::record(&row)?, row.version);
    let wake_at = silence::wake_at(book, &row, &standing(&events));
    let row = ticket::Model { next_due_at, next_due_code, wake_at, ..row };
    let concerned = concerned(&row);
    write::update_ticket(&tx, version, row).await?;
    let moved = duties::save(kit, &tx, at, book, &record, (&clocks, &clocks)).await?;
    if let Some(notice) = due_moved(&record, &moved) {
        notices::tell(kit, &tx, at, &concerned, &notice).await?;
    }
    tx.commit().await
}

/// Whom a moved deadline concerns: who reported, and who works on it or leads those who would.
fn concerned(row: &ticket::Model) -> [Recipient; 2] {
    let works = row.assignee_id.map_or(Recipient::Role(Role::VendorLead), Recipient::Person);
    [Recipient::Person(row.reporter_id), works]
}

/// One notice for all deadlines of a ticket that moved, naming the earliest; `None` when none did.
fn due_moved(record: &duties::Record, moved: &[duties::Moved]) -> Option<Notice> {
    let first = moved.first()?;
    let (number, due) = (&record.number, first.to.shanghai().format("%Y-%m-%d %H:%M"));
    let title = clocks::def(&first.code).map_or(first.code.as_str(), |def| def.title);
    let others = match moved.len() {
        1 => String::new(),
        n => format!("，另有 {} 项也有变动", n - 1),
    };
    Some(Notice {
        event: "ticket.due_moved".to_owned(),
        object_kind: "ticket",
        object_id: record.id,
        number: number.clone(),
        text: format!("工单 {number} 的“{title}”到期时间因日历或附件参数变动改为 {due}{others}"),
        urgent: false,
        by: None,
    })
}
