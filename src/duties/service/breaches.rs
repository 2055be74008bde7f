//! Breaches as facts: written down once, corrected by adding, never taken back.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::duties::entity::{breach, breach_event, duty};
use crate::duties::model;
use crate::duties::store::breaches as store;
use crate::kit::Kit;
use crate::kit::clock::Timestamp;
use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::ledger;

pub const ASSERTED: &str = "asserted";
pub const CORRECTED: &str = "corrected";
pub const SUPERSEDED: &str = "superseded";

/// A duty whose lateness has to be looked at.
#[derive(Debug)]
pub struct Judged {
    pub duty: duty::Model,
    pub late: bool,
    /// As it was stored before.
    pub was: Option<duty::Model>,
}

/// Brings what is asserted to what is so: a late duty has its breach, with the facts as they are now; one that
/// turned out not to be late keeps it, superseded, with the reason.
///
/// # Errors
/// What the database says.
pub async fn judge(kit: &Kit, tx: &WriteTx, at: Timestamp, judged: Vec<Judged>) -> Result<()> {
    let mut fresh = Vec::new();
    for Judged { duty, late, was } in judged {
        let Some(row) = store::hold_of_duty(tx, duty.id).await? else {
            if late {
                fresh.push(duty);
            }
            continue;
        };
        let facts = (row.due_at, row.ended_at) != (duty.due_at, model::ended_at(&duty));
        let (event, because) = match (late, row.status == SUPERSEDED) {
            (true, true) => (ASSERTED, None),
            (true, false) if facts => (CORRECTED, None),
            (false, false) => (SUPERSEDED, Some(because(&duty, was.as_ref()))),
            _ => continue,
        };
        change(kit, tx, at, row, &duty, event, because).await?;
    }
    assert_all(kit, tx, at, fresh).await
}

/// Why a breach is none after all.
fn because(duty: &duty::Model, was: Option<&duty::Model>) -> &'static str {
    match was {
        Some(was) if was.in_force != duty.in_force => "calendar_or_parameters_reissued",
        _ if duty.void_at.is_some() => "joint_finding",
        _ => "derived_again",
    }
}

async fn change(
    kit: &Kit,
    tx: &WriteTx,
    at: Timestamp,
    row: breach::Model,
    duty: &duty::Model,
    event: &'static str,
    because: Option<&'static str>,
) -> Result<()> {
    let seen = row.version;
    let status = if event == CORRECTED { row.status.clone() } else { event.to_owned() };
    let row = breach::Model {
        version: seen + 1,
        status,
        due_at: duty.due_at,
        ended_at: model::ended_at(duty),
        in_force: duty.in_force,
        updated_at: at,
        ..row
    };
    let mut detail = facts(&row);
    if let (Some(because), Some(members)) = (because, detail.as_object_mut()) {
        members.insert("because".to_owned(), because.into());
    }
    let action = format!("breach.{event}");
    let entry =
        ledger::Entry { action: &action, object_kind: "breach", object_id: row.id, detail, content: &[] };
    let ledger_id = ledger::append_system(kit, &**tx, entry).await?;
    let said = breach_event::Model {
        id: kit.ids.fresh()?,
        seq: store::next_seq(tx, row.id).await?,
        because: because.map(str::to_owned),
        ..asserted(&row, row.id, event, at, ledger_id)
    };
    store::update(tx, seen, row, said).await
}

/// Writes down the breaches of those duties that have none yet. Whoever calls holds the duties.
///
/// # Errors
/// What the database says.
pub async fn assert_all(kit: &Kit, tx: &WriteTx, at: Timestamp, duties: Vec<duty::Model>) -> Result<()> {
    if duties.is_empty() {
        return Ok(());
    }
    let rows = duties.into_iter().map(|duty| Ok(breach_of(duty, kit.ids.fresh()?, at)));
    let mut rows = rows.collect::<Result<Vec<_>>>()?;
    let inserted = store::insert(tx, rows.clone()).await?;
    rows.retain(|row| inserted.contains(&row.id));
    if rows.is_empty() {
        return Ok(());
    }
    let entry = |row: &breach::Model| ledger::Entry {
        action: "breach.asserted",
        object_kind: "breach",
        object_id: row.id,
        detail: facts(row),
        content: &[],
    };
    let ledger_ids = ledger::append_system_all(kit, &**tx, rows.iter().map(entry).collect()).await?;
    let event = |(row, ledger_id): (&breach::Model, Uuid)| {
        Ok(asserted(row, kit.ids.fresh()?, ASSERTED, at, ledger_id))
    };
    let events = rows.iter().zip(ledger_ids).map(event).collect::<Result<Vec<_>>>()?;
    store::insert_events(tx, events).await
}

fn breach_of(duty: duty::Model, id: Uuid, at: Timestamp) -> breach::Model {
    breach::Model {
        id,
        version: 1,
        duty_id: duty.id,
        status: ASSERTED.to_owned(),
        due_at: duty.due_at,
        ended_at: model::ended_at(&duty),
        in_force: duty.in_force,
        record_kind: duty.record_kind,
        record_id: duty.record_id,
        number: duty.number,
        code: duty.code,
        clause: duty.clause,
        cycle: duty.cycle,
        round: duty.round,
        obligor: duty.obligor,
        asserted_at: at,
        updated_at: at,
    }
}

fn asserted(
    row: &breach::Model,
    id: Uuid,
    event: &str,
    at: Timestamp,
    ledger_id: Uuid,
) -> breach_event::Model {
    breach_event::Model {
        id,
        breach_id: row.id,
        seq: 1,
        event: event.to_owned(),
        actor_id: None,
        actor_side: "system".to_owned(),
        at,
        due_at: row.due_at,
        ended_at: row.ended_at,
        in_force: row.in_force,
        because: None,
        text_sealed: None,
        ledger_id,
    }
}

/// What the ledger keeps of a breach: times and names of duties, nothing about people.
fn facts(row: &breach::Model) -> Value {
    json!({
        "duty": row.duty_id, "number": row.number, "code": row.code, "cycle": row.cycle, "round": row.round,
        "obligor": row.obligor, "due_at": row.due_at, "ended_at": row.ended_at, "in_force": row.in_force,
    })
}
