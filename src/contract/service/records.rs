//! What milestones, deliveries, missed cadences and the exit have in common: held, changed, and written back
//! with their duties, ledger entry and notice in one transaction.

use chrono::Datelike;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{agreed, book};
use crate::clocks::{self, Book, Clock};
use crate::contract::entity::{record, version};
use crate::contract::model::{ContractRecordKind, ContractRecordState};
use crate::contract::store::record as store;
use crate::duties;
use crate::kit::Kit;
use crate::kit::actor::{Role, Side};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger;
use crate::notices::{self, Notice, Recipient};

/// The next number of a kind, as `XQ-2026-000001`. Never inside a write transaction.
///
/// # Errors
/// What the database says.
pub(super) async fn number(kit: &Kit, prefix: &str) -> Result<String> {
    let year = kit.clock.now().shanghai_date().year();
    let number = kit.db.next_number(&format!("contract.{prefix}.{year}")).await?;
    Ok(format!("{prefix}-{year}-{number:06}"))
}

/// A record before it has a row.
pub(super) struct NewRecord<'a> {
    pub id: Uuid,
    pub kind: ContractRecordKind,
    pub number: String,
    pub state: ContractRecordState,
    pub subject: &'a str,
    pub stage: i32,
    pub started_at: Timestamp,
    pub clock: Option<&'static str>,
    pub named_due_at: Option<Timestamp>,
    pub created_by: Option<Uuid>,
}

impl NewRecord<'_> {
    pub(super) fn row(self, now: Timestamp) -> record::Model {
        record::Model {
            id: self.id,
            version: 1,
            kind: self.kind.wire().to_owned(),
            number: self.number,
            state: self.state.wire().to_owned(),
            subject: self.subject.to_owned(),
            stage: self.stage,
            started_at: self.started_at,
            clock: self.clock.map(str::to_owned),
            named_due_at: self.named_due_at,
            created_by: self.created_by,
            created_at: now,
            updated_at: now,
            client_signed_by: None,
            client_signed_at: None,
            vendor_signed_by: None,
            vendor_signed_at: None,
            closed_at: None,
        }
    }
}

/// # Errors
/// A word that this program does not know.
pub(super) fn kind(row: &record::Model) -> Result<ContractRecordKind> {
    ContractRecordKind::from_wire(&row.kind)
        .ok_or_else(|| Error::new(Code::Internal).because("contract_records.kind"))
}

/// # Errors
/// As [`kind`].
pub(super) fn state(row: &record::Model) -> Result<ContractRecordState> {
    ContractRecordState::from_wire(&row.state)
        .ok_or_else(|| Error::new(Code::Internal).because("contract_records.state"))
}

/// The clocks of a record: pure, from what is stored of it. The first version that was submitted fulfils a
/// milestone; that it was returned does not take this back, because the agreement asks for nothing more.
pub(super) fn clocks_of(
    row: &record::Model,
    first: Option<Timestamp>,
    book: &Book,
    now: Timestamp,
) -> Vec<Clock> {
    let Some(def) = row.clock.as_deref().and_then(clocks::def) else { return Vec::new() };
    let stop = first.or(row.closed_at);
    vec![match row.named_due_at {
        Some(due) => clocks::named(def, row.started_at, due, stop, book, now),
        None => clocks::milestone(def, row.started_at, stop, book, now),
    }]
}

pub(super) fn duty_record(row: &record::Model) -> Result<duties::Record> {
    Ok(duties::Record {
        kind: kind(row)?.wire(),
        id: row.id,
        number: row.number.clone(),
        owner_id: None,
        reporter_id: None,
        severity: None,
    })
}

/// A record under change.
pub(super) struct Held<'a> {
    pub ctx: &'a Ctx,
    pub tx: &'a WriteTx,
    pub row: record::Model,
    pub versions: Vec<version::Model>,
    pub key: DataKey,
    seen_clocks: Vec<Clock>,
}

/// What a change leaves behind besides the row.
pub(super) struct Left {
    /// `milestone.submitted`
    pub action: &'static str,
    pub detail: Value,
    pub content: Vec<Vec<u8>>,
    /// Whom it concerns, and what they read; `None` when nobody is told.
    pub told: Option<(Side, String)>,
}

impl<'a> Held<'a> {
    /// Holds the record as the caller saw it.
    ///
    /// # Errors
    /// 404 for a record that is none of these kinds; 412 when it has changed.
    pub(super) async fn begin(
        ctx: &'a Ctx,
        tx: &'a WriteTx,
        (id, seen): (Uuid, i64),
        kinds: impl Fn(ContractRecordKind) -> bool,
    ) -> Result<Self> {
        let row = store::lock(tx, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        if !kinds(kind(&row)?) {
            return Err(Error::new(Code::NotFound));
        }
        if row.version != seen {
            return Err(Error::new(Code::VersionStale));
        }
        let (_, key) = agreed(ctx).await?;
        let versions = store::versions(&**tx, &[id]).await?;
        let book = book::book(&ctx.kit).await?;
        let seen_clocks = clocks_of(&row, versions.first().map(|v| v.at), &book, ctx.now);
        Ok(Self { ctx, tx, row, versions, key, seen_clocks })
    }

    /// Writes everything that follows from the change.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn finish(mut self, left: Left) -> Result<()> {
        let Self { ctx, tx, .. } = self;
        self.row.updated_at = ctx.now;
        store::update(tx, &mut self.row).await?;
        let first = store::versions(&**tx, &[self.row.id]).await?.first().map(|v| v.at);
        let book = book::book(&ctx.kit).await?;
        let after = clocks_of(&self.row, first, &book, ctx.now);
        let record = duty_record(&self.row)?;
        duties::save(&ctx.kit, tx, ctx.now, &book, &record, (&self.seen_clocks, &after)).await?;
        append(ctx, tx, &self.row, &left).await?;
        let Some((side, text)) = left.told else { return Ok(()) };
        tell(&ctx.kit, tx, ctx.now, &self.row, &[side], (left.action, text), ctx.actor.person_id()).await
    }
}

/// Writes a new record with its duties and its ledger entry; `false` when it is there already.
///
/// # Errors
/// What the database says.
pub(super) async fn open(kit: &Kit, tx: &WriteTx, row: &record::Model, book: &Book) -> Result<bool> {
    if !store::insert(tx, row.clone()).await? {
        return Ok(false);
    }
    let clocks = clocks_of(row, None, book, row.created_at);
    duties::save(kit, tx, row.created_at, book, &duty_record(row)?, (&[], &clocks)).await?;
    let entry = ledger::Entry {
        action: "contract_record.opened",
        object_kind: "contract_record",
        object_id: row.id,
        detail: detail(row),
        content: &[],
    };
    ledger::append_system(kit, &**tx, entry).await?;
    Ok(true)
}

fn detail(row: &record::Model) -> Value {
    json!({
        "kind": row.kind, "number": row.number, "state": row.state, "subject": row.subject,
        "stage": row.stage, "clock": row.clock, "started_at": row.started_at, "due_at": row.named_due_at,
    })
}

async fn append(ctx: &Ctx, tx: &WriteTx, row: &record::Model, left: &Left) -> Result<()> {
    let mut detail = detail(row);
    if let (Some(members), Some(own)) = (detail.as_object_mut(), left.detail.as_object()) {
        members.extend(own.clone());
    }
    let content: Vec<&[u8]> = left.content.iter().map(Vec::as_slice).collect();
    let entry = ledger::Entry {
        action: left.action,
        object_kind: "contract_record",
        object_id: row.id,
        detail,
        content: &content,
    };
    ledger::append(ctx, &**tx, entry).await?;
    Ok(())
}

/// Tells those who act for these sides.
///
/// # Errors
/// What the database says.
pub(super) async fn tell(
    kit: &Kit,
    tx: &WriteTx,
    at: Timestamp,
    row: &record::Model,
    sides: &[Side],
    (event, text): (&str, String),
    by: Option<Uuid>,
) -> Result<()> {
    let notice = Notice {
        event: event.to_owned(),
        object_kind: "contract_record",
        object_id: row.id,
        number: row.number.clone(),
        text,
        urgent: false,
        by,
    };
    let role = |side: &Side| match side {
        Side::Client => Recipient::Role(Role::ClientManager),
        Side::Vendor => Recipient::Role(Role::VendorLead),
    };
    notices::tell(kit, tx, at, &sides.iter().map(role).collect::<Vec<_>>(), &notice).await
}

/// A deadline moved because another annex or calendar came into force: written down, and told to both sides.
///
/// # Errors
/// What the database says.
pub(super) async fn moved(
    kit: &Kit,
    tx: &WriteTx,
    row: &record::Model,
    from: Timestamp,
    to: Timestamp,
) -> Result<()> {
    let entry = ledger::Entry {
        action: "contract_record.due_moved",
        object_kind: "contract_record",
        object_id: row.id,
        detail: json!({ "number": row.number, "clock": row.clock, "from": from, "to": to }),
        content: &[],
    };
    ledger::append_system(kit, &**tx, entry).await?;
    let due = to.shanghai().format("%Y-%m-%d %H:%M");
    let text = format!("{} {} 的到期时间因日历或参数变动改为 {due}", kind(row)?.title(), row.number);
    let sides = [Side::Client, Side::Vendor];
    tell(kit, tx, kit.clock.now(), row, &sides, ("contract_record.due_moved", text), None).await
}

/// The refusal that lists what can be done instead.
pub(super) fn not_now(allowed: &[&str]) -> Error {
    Error::new(Code::ActionNotAllowed).with("allowed_actions", allowed.to_vec())
}
