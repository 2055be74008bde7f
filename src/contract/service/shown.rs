//! From rows to what people see: texts opened, people named as the caller may see them, clocks derived.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::records::{clocks_of, kind, state};
use super::{agreed, book, deliveries, exit, milestones};
use crate::contract::entity::{
    ITEM_NAME, ITEM_NOTE, ITEM_REASON, MAINTENANCE_NOTE, RETURN_REASON, TEXT, item, maintenance, record,
    version,
};
use crate::contract::model::{
    ContractRecordKind, ContractRecordState, IpLabel, ItemKind, ItemState, MaintenanceKind,
    MaintenanceResult, TestKind,
};
use crate::contract::store::record as store;
use crate::contract::views::{
    Delivery, ExitChecklist, MaintenanceEntry, Milestone, MilestoneVersion, RecordClock, RecordItem,
    Signature,
};
use crate::files::{self, Attachment};
use crate::identity::people::{self, PersonRef};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::{Column, DataKey, Sealed};
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::ledger;

/// What rows refer to.
struct Around {
    people: HashMap<Uuid, PersonRef>,
    files: Vec<Attachment>,
    key: DataKey,
}

impl Around {
    async fn of(
        ctx: &Ctx,
        db: &impl ConnectionTrait,
        key: DataKey,
        records: &[Uuid],
        people: impl IntoIterator<Item = Option<Uuid>>,
    ) -> Result<Self> {
        let files = files::of_record(db, records, &key).await?;
        Ok(Self {
            people: people::named(ctx, db, people.into_iter().flatten()).await?,
            files: files.into_values().flatten().collect(),
            key,
        })
    }

    fn person(&self, id: Option<Uuid>) -> Option<PersonRef> {
        self.people.get(&id?).cloned()
    }

    fn signature(&self, by: Option<Uuid>, at: Option<Timestamp>) -> Option<Signature> {
        Some(Signature { by: self.person(by), at: at? })
    }

    fn file(&self, id: Option<Uuid>) -> Option<Attachment> {
        self.files.iter().find(|f| Some(f.id) == id).cloned()
    }

    /// A stored list of ids.
    fn files(&self, stored: &str) -> Vec<Attachment> {
        let ids: Vec<Uuid> = serde_json::from_str(stored).unwrap_or_default();
        ids.into_iter().filter_map(|id| self.file(Some(id))).collect()
    }

    fn text(&self, column: Column, row: Uuid, sealed: Option<&Sealed>) -> Result<Option<String>> {
        sealed.map(|s| self.key.open_text(column, row, s)).transpose()
    }
}

fn unknown(column: &'static str) -> Error {
    Error::new(Code::Internal).because(column)
}

pub(super) async fn milestones(ctx: &Ctx, rows: Vec<record::Model>) -> Result<Vec<Milestone>> {
    let (_, key) = agreed(ctx).await?;
    let db = ctx.kit.db.reader();
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
    let versions = store::versions(db, &ids).await?;
    let people = versions.iter().flat_map(|v| [Some(v.author_id), v.decided_by]);
    let around = Around::of(ctx, db, key, &ids, people).await?;
    let book = book::book(&ctx.kit).await?;
    let one = |row: record::Model| {
        let own: Vec<&version::Model> = versions.iter().filter(|v| v.record_id == row.id).collect();
        let clocks = clocks_of(&row, own.first().map(|v| v.at), &book, ctx.now);
        let kind = kind(&row)?;
        let title = match TestKind::from_wire(&row.subject) {
            Some(test) => format!("第 {} 阶段{}", row.stage, test.title()),
            None => kind.title().to_owned(),
        };
        Ok(Milestone {
            id: row.id,
            version: row.version,
            kind,
            title,
            clause: kind.clause().to_owned(),
            state: state(&row)?,
            stage: row.stage,
            started_at: row.started_at,
            clock: clocks.first().map(|c| RecordClock::of(c, ctx.now)),
            versions: own.into_iter().map(|v| milestone_version(&around, v)).collect::<Result<_>>()?,
            allowed_actions: milestones::allowed(ctx, &row)?,
            number: row.number,
        })
    };
    rows.into_iter().map(one).collect()
}

fn milestone_version(around: &Around, row: &version::Model) -> Result<MilestoneVersion> {
    let state =
        ContractRecordState::from_wire(&row.state).ok_or_else(|| unknown("contract_versions.state"))?;
    Ok(MilestoneVersion {
        number: row.number,
        state,
        text: around.key.open_text(TEXT, row.id, &row.text_sealed)?,
        digest: ledger::hex(&ledger::lp_digest(&[&row.text_sealed.0])),
        attachments: around.files(&row.attachments),
        author: around.person(Some(row.author_id)),
        at: row.at,
        decided: around.signature(row.decided_by, row.decided_at),
        reason: around.text(RETURN_REASON, row.id, row.reason_sealed.as_ref())?,
    })
}

fn items(around: &Around, rows: &[item::Model]) -> Result<Vec<RecordItem>> {
    let one = |row: &item::Model| {
        let kind = ItemKind::from_wire(&row.item).ok_or_else(|| unknown("contract_items.item"))?;
        Ok(RecordItem {
            number: row.number,
            round: row.round,
            item: kind,
            title: kind.title().to_owned(),
            name: around.text(ITEM_NAME, row.id, row.name_sealed.as_ref())?,
            ip_label: row.ip_label.as_deref().and_then(IpLabel::from_wire),
            state: ItemState::from_wire(&row.state).ok_or_else(|| unknown("contract_items.state"))?,
            attachment: around.file(row.attachment_id),
            sha256: row.sha256.clone(),
            note: around.text(ITEM_NOTE, row.id, row.note_sealed.as_ref())?,
            provided: around.signature(row.provided_by, row.provided_at),
            decided: around.signature(row.decided_by, row.decided_at),
            reason: around.text(ITEM_REASON, row.id, row.reason_sealed.as_ref())?,
        })
    };
    rows.iter().map(one).collect()
}

async fn with_items(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    row: &record::Model,
) -> Result<(Vec<item::Model>, Around)> {
    let (_, key) = agreed(ctx).await?;
    let rows = store::items(db, &[row.id]).await?;
    let people = rows.iter().flat_map(|i| [i.provided_by, i.decided_by]);
    let people: Vec<_> = people.chain([row.client_signed_by, row.vendor_signed_by]).collect();
    let around = Around::of(ctx, db, key, &[row.id], people).await?;
    Ok((rows, around))
}

pub(super) async fn delivery(ctx: &Ctx, db: &impl ConnectionTrait, row: record::Model) -> Result<Delivery> {
    let (rows, around) = with_items(ctx, db, &row).await?;
    Ok(Delivery {
        id: row.id,
        version: row.version,
        state: state(&row)?,
        submitted_at: row.started_at,
        items: items(&around, &rows)?,
        client_signed: around.signature(row.client_signed_by, row.client_signed_at),
        vendor_signed: around.signature(row.vendor_signed_by, row.vendor_signed_at),
        allowed_actions: deliveries::allowed(ctx, &row, &rows),
        number: row.number,
    })
}

pub(super) async fn exit(ctx: &Ctx, db: &impl ConnectionTrait, row: record::Model) -> Result<ExitChecklist> {
    debug_assert_eq!(row.kind, ContractRecordKind::Exit.wire());
    let (rows, around) = with_items(ctx, db, &row).await?;
    Ok(ExitChecklist {
        id: row.id,
        version: row.version,
        state: state(&row)?,
        began_at: row.started_at,
        closed_at: row.closed_at,
        items: items(&around, &rows)?,
        allowed_actions: exit::allowed(ctx, &row, &rows),
        number: row.number,
    })
}

pub(super) async fn maintenance(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    key: &DataKey,
    rows: Vec<maintenance::Model>,
) -> Result<Vec<MaintenanceEntry>> {
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
    let people: Vec<_> = rows.iter().map(|r| Some(r.author_id)).collect();
    let around = Around::of(ctx, db, key.clone(), &ids, people).await?;
    let one = |row: maintenance::Model| {
        Ok(MaintenanceEntry {
            id: row.id,
            kind: MaintenanceKind::from_wire(&row.kind).ok_or_else(|| unknown("maintenance_records.kind"))?,
            performed_at: row.performed_at,
            result: MaintenanceResult::from_wire(&row.result)
                .ok_or_else(|| unknown("maintenance_records.result"))?,
            restore_minutes: row.restore_minutes,
            data_point: row.data_point,
            note: around.key.open_text(MAINTENANCE_NOTE, row.id, &row.note_sealed)?,
            attachments: around.files(&row.attachments),
            author: around.person(Some(row.author_id)),
            created_at: row.created_at,
            number: row.number,
        })
    };
    rows.into_iter().map(one).collect()
}
