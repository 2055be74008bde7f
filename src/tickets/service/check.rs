//! Whether what is stored about clocks is what follows from the stored events, and whether the events are those
//! that the ledger vouches for. It always must be; this is how tests, and whoever doubts, find out.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use super::{history, silence, standing};
use crate::clocks::{self, Book};
use crate::duties::{Compared, Difference, Looked, Stored};
use crate::kit::clock::Timestamp;
use crate::kit::db::Db;
use crate::kit::error::Result;
use crate::ledger::{self, Said};
use crate::tickets::entity::{event, ticket};
use crate::tickets::store::write;

/// Tickets of one page, with all that hangs on them.
const PAGE: u64 = 200;
/// Somebody may write between the reads of a page: what differs is looked at so often again.
const AGAIN: u32 = 3;

/// Compares the clocks of every ticket, page by page. Reads only.
///
/// # Errors
/// What the database says.
pub async fn compare(db: &Db, book: &Book, now: Timestamp, compared: &mut Compared) -> Result<()> {
    let mut last = Uuid::nil();
    loop {
        let rows = write::after(db.reader(), last, PAGE).await?;
        let Some(end) = rows.last() else { break };
        last = end.id;
        for (id, mut found) in look(db, book, now, rows).await? {
            let mut tries = 0;
            while !found.wrong.is_empty() && tries < AGAIN {
                tries += 1;
                let row = write::find(db.reader(), id).await?;
                let again = look(db, book, now, row.into_iter().collect()).await?;
                found = again.into_iter().next().map(|(_, found)| found).unwrap_or_default();
            }
            compared.add(found);
        }
    }
    let (first, count) = write::lone_duties(db.reader(), PAGE).await?;
    let named = u64::try_from(first.len()).unwrap_or(u64::MAX);
    compared.differ(first.into_iter().map(|lone| Difference {
        number: lone.number,
        clock: Some((lone.code, lone.cycle, lone.round)),
        what: "没有这条记录，到期",
        stored: Some(lone.due_at.to_string()),
        derived: None,
    }));
    compared.different += u64::try_from(count).unwrap_or(0).saturating_sub(named);
    Ok(())
}

async fn look(db: &Db, book: &Book, now: Timestamp, rows: Vec<ticket::Model>) -> Result<Vec<(Uuid, Looked)>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut events: HashMap<Uuid, Vec<event::Model>> = HashMap::new();
    let mut entries = Vec::new();
    for event in write::events_of(db.reader(), &ids).await? {
        entries.push(event.ledger_id);
        events.entry(event.ticket_id).or_default().push(event);
    }
    let said = ledger::said(db.reader(), &entries).await?;
    let stored = Stored::of(db.reader(), &ids).await?;
    let one = |row: ticket::Model| {
        let events = events.remove(&row.id).unwrap_or_default();
        let mut found = one(book, now, &row, &events, &stored)?;
        for event in &events {
            match said.get(&event.ledger_id) {
                Some(said) => found.wrong.extend(edited(&row.number, event, said)),
                None => found.unvouched += 1,
            }
        }
        Ok((row.id, found))
    };
    rows.into_iter().map(one).collect()
}

/// An event that is not what its ledger entry says.
fn edited(number: &str, event: &event::Model, said: &Said) -> Option<Difference> {
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let vouched = history::vouched(number, event, json(&event.detail));
    let by = (event.actor_id, event.actor_side.as_str());
    let same = by == (said.actor_id, said.actor_side.as_str())
        && history::ledger_action(event) == said.action
        && vouched == json(&said.detail);
    let shown = |action: &str, side: &str, detail: &Value| Some(format!("{action} {side} {detail}"));
    (!same).then(|| Difference {
        number: number.to_owned(),
        clock: None,
        what: "事件与存证",
        stored: shown(&history::ledger_action(event), &event.actor_side, &vouched),
        derived: shown(&said.action, &said.actor_side, &json(&said.detail)),
    })
}

fn one(
    book: &Book,
    now: Timestamp,
    row: &ticket::Model,
    events: &[event::Model],
    stored: &Stored,
) -> Result<Looked> {
    let behind = stored.behind(row.id, book, now);
    let history: Vec<_> = events.iter().map(history::clock_event).collect();
    let derived = clocks::derive(&history, book, behind.unwrap_or(now));
    let mut wrong = stored.differences(book, &history::record(row)?, &derived);
    let mut differs = |what, stored: Option<String>, derived: Option<String>| {
        if stored != derived {
            wrong.push(Difference { number: row.number.clone(), clock: None, what, stored, derived });
        }
    };
    let next = history::next_due(&derived);
    differs("下一个到期", row.next_due_at.map(text), next.map(|c| text(c.due_at)));
    differs("下一个到期的时钟", row.next_due_code.clone(), next.map(|c| c.def.code.to_owned()));
    let wakes = silence::wake_at(book, row, &standing(events));
    differs("沉默期满", row.wake_at.map(text), wakes.map(text));
    differs("状态", Some(row.state.clone()), events.last().map(|e| e.to_state.clone()));
    let broken = events.iter().zip(1..).find(|(event, seq)| event.seq != *seq);
    let seq = |n: i32| Some(n.to_string());
    differs("事件序号", broken.and_then(|(e, _)| seq(e.seq)), broken.and_then(|(_, n)| seq(n)));
    let clocks = u64::try_from(derived.len()).unwrap_or(u64::MAX);
    Ok(Looked { clocks, waits: behind.is_some(), unvouched: 0, wrong })
}

fn text(at: Timestamp) -> String {
    at.to_string()
}
