//! The maintenance log (4.1.1): what was done when and with which result. A kind that has a rhythm and was not
//! done in time becomes a duty that is overdue; doing it ends that duty.

use serde_json::json;

use super::agreement::Dates;
use super::milestones::{MOST_FILES, SHORT};
use super::records::{self, NewRecord, clocks_of};
use super::{agreed, book, enter, payload, shown};
use crate::contract::entity::{MAINTENANCE_NOTE, maintenance, record};
use crate::contract::model::{
    self, ContractRecordKind, ContractRecordState, MaintenanceKind, MaintenanceResult, Phase,
};
use crate::contract::requests::{MaintenanceQuery, NewMaintenance};
use crate::contract::store::{self, maintenance as rows};
use crate::contract::views::MaintenanceEntry;
use crate::duties;
use crate::files;
use crate::identity::policy::Action;
use crate::kit::Kit;
use crate::kit::actor::Side;
use crate::kit::clock::Timestamp;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::kit::page::{Cursor, Page, window};
use crate::kit::text::{Lines, checked};
use crate::ledger;

/// Clocks of phones and servers differ by less than this.
const SLACK_SECONDS: i64 = 300;
const MOST_RESTORE_MINUTES: i32 = 100_000;

/// Writes down what was done.
///
/// # Errors
/// 403; 409 before the agreement is set up; 422 naming the field.
pub async fn log(ctx: &Ctx, key: &IdempotencyKey, body: NewMaintenance) -> Result<Answer> {
    enter(ctx, Action::LogMaintenance)?;
    let payload = payload(&body)?;
    let note = checked("note", &body.note, Lines::Many, SHORT)?;
    check(&body, ctx.now)?;
    let (_, sealing) = agreed(ctx).await?;
    let number = records::number(&ctx.kit, "WH").await?;
    once(ctx, "maintenance.log", key, &payload, async |tx| {
        let id = ctx.kit.ids.fresh()?;
        let files = &body.attachment_ids;
        files::link_to_record(ctx, &**tx, files, id, &sealing).await?;
        let row = maintenance::Model {
            id,
            kind: body.kind.wire().to_owned(),
            number: number.clone(),
            performed_at: body.performed_at,
            result: body.result.wire().to_owned(),
            restore_minutes: body.restore_minutes,
            data_point: body.data_point,
            note_sealed: sealing.seal(MAINTENANCE_NOTE, id, note.as_bytes())?,
            attachments: serde_json::to_string(files).map_err(|e| Error::new(Code::Internal).because(e))?,
            author_id: ctx.member()?.person_id,
            created_at: ctx.now,
        };
        rows::insert(tx, row.clone()).await?;
        let entry = ledger::Entry {
            action: "maintenance.logged",
            object_kind: "maintenance",
            object_id: id,
            detail: json!({
                "number": row.number, "kind": row.kind, "performed_at": row.performed_at,
                "result": row.result, "restore_minutes": row.restore_minutes, "data_point": row.data_point,
                "attachments": files,
            }),
            content: &[&row.note_sealed.0],
        };
        ledger::append(ctx, &**tx, entry).await?;
        if body.result != MaintenanceResult::Failed {
            settle(&ctx.kit, tx, body.kind, body.performed_at).await?;
        }
        let shown = shown::maintenance(ctx, &**tx, &sealing, vec![row]).await?;
        let shown = shown.into_iter().next().ok_or_else(|| Error::new(Code::Internal))?;
        Stored::created(format!("/api/v1/contract/maintenance?kind={}", body.kind.wire()), None, &shown)
    })
    .await
}

fn check(body: &NewMaintenance, now: Timestamp) -> Result<()> {
    let drill = body.kind == MaintenanceKind::RestoreDrill;
    let latest = now.plus_seconds(SLACK_SECONDS);
    if body.performed_at > latest {
        return Err(Error::field("performed_at", "IN_FUTURE", "完成时间不能晚于现在"));
    }
    if body.attachment_ids.len() > MOST_FILES {
        return Err(Error::field("attachment_ids", "TOO_MANY", format!("最多 {MOST_FILES} 个附件")));
    }
    match body.restore_minutes {
        Some(_) if !drill => Err(Error::field("restore_minutes", "NOT_ALLOWED", "只有恢复演练有恢复用时")),
        Some(minutes) if !(0..=MOST_RESTORE_MINUTES).contains(&minutes) => {
            Err(Error::field("restore_minutes", "OUT_OF_RANGE", "恢复用时应为 0 到 100000 分钟"))
        }
        None if drill && body.result == MaintenanceResult::Ok => {
            Err(Error::field("restore_minutes", "REQUIRED", "请写明恢复用了多少分钟"))
        }
        _ => Ok(()),
    }?;
    match body.data_point {
        Some(_) if !drill && body.kind != MaintenanceKind::Backup => {
            Err(Error::field("data_point", "NOT_ALLOWED", "只有备份和恢复演练有数据时点"))
        }
        Some(at) if at > body.performed_at.plus_seconds(SLACK_SECONDS) => {
            Err(Error::field("data_point", "IN_FUTURE", "数据时点不能晚于完成时间"))
        }
        None if drill && body.result == MaintenanceResult::Ok => {
            Err(Error::field("data_point", "REQUIRED", "请写明恢复到哪一时点的数据"))
        }
        _ => Ok(()),
    }
}

/// A page of the log, the latest entry first.
///
/// # Errors
/// 403 for those who may not read the agreement; 422 naming the parameter.
pub async fn list(ctx: &Ctx, query: &MaintenanceQuery) -> Result<Page<MaintenanceEntry>> {
    enter(ctx, Action::ReadContract)?;
    let (limit, after) = window(query.limit, query.cursor.as_deref())?;
    let (_, key) = agreed(ctx).await?;
    let db = ctx.kit.db.reader();
    let found = rows::page(db, query.kind, limit, after).await?;
    let page = Page::from_surplus(found, limit, |r| Cursor { key: 0, id: r.id });
    let items = shown::maintenance(ctx, db, &key, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// Ends the overdue duty of this kind: it was done, late.
async fn settle(kit: &Kit, tx: &WriteTx, kind: MaintenanceKind, at: Timestamp) -> Result<()> {
    let missed = store::record::of_kind(&**tx, ContractRecordKind::MissedCadence).await?;
    let open = |r: &&record::Model| {
        r.subject == kind.wire() && r.state != ContractRecordState::Accepted.wire() && r.started_at < at
    };
    let book = book::book(kit).await?;
    let now = kit.clock.now();
    for row in missed.iter().filter(open) {
        let before = clocks_of(row, None, &book, now);
        let mut row = row.clone();
        row.closed_at = Some(at.max(row.started_at));
        row.updated_at = now;
        ContractRecordState::Accepted.wire().clone_into(&mut row.state);
        store::record::update(tx, &mut row).await?;
        let after = clocks_of(&row, None, &book, now);
        let record = records::duty_record(&row)?;
        duties::save(kit, tx, now, &book, &record, (&before, &after)).await?;
    }
    Ok(())
}

/// Looks at every rhythm: what was not done in time becomes an overdue duty, once.
///
/// # Errors
/// What the database says.
pub(in crate::contract) async fn look_out(kit: &Kit) -> Result<u32> {
    let now = kit.clock.now();
    let db = kit.db.reader();
    let Some(contract) = store::agreement::find(db).await? else { return Ok(0) };
    let dates = Dates::of(&contract);
    let phase = model::phase(dates.delivered_on, dates.expires_on, now.shanghai_date());
    let Some(began) = dates.delivered_on.filter(|_| phase == Phase::Maintenance) else { return Ok(0) };
    // What was due before this system knew the agreement stands on paper.
    let began = model::midnight(began).max(contract.created_at);
    let book = book::book(kit).await?;
    let missed = store::record::of_kind(db, ContractRecordKind::MissedCadence).await?;
    let mut opened = 0;
    for kind in MaintenanceKind::ALL {
        let Some(days) = kind.cadence_days() else { continue };
        let last = rows::last(db, *kind).await?.map_or(began, |r| r.performed_at.max(began));
        let due = model::cadence_due(last, days);
        let known =
            |r: &record::Model| r.subject == kind.wire() && r.state != ContractRecordState::Accepted.wire();
        if now <= due || missed.iter().any(known) {
            continue;
        }
        let number = records::number(kit, ContractRecordKind::MissedCadence.prefix()).await?;
        let new = NewRecord {
            id: kit.ids.fresh()?,
            kind: ContractRecordKind::MissedCadence,
            number,
            state: ContractRecordState::Open,
            subject: kind.wire(),
            stage: 0,
            started_at: last,
            clock: Some("M"),
            named_due_at: Some(due),
            created_by: None,
        };
        let row = new.row(now);
        let tx = kit.db.write_tx().await?;
        if records::open(kit, &tx, &row, &book).await? {
            let text = format!("{}已超过约定的间隔（{days} 天）没有记录", kind.title());
            let event = ("maintenance.missed", text);
            records::tell(kit, &tx, now, &row, &[Side::Client, Side::Vendor], event, None).await?;
            opened += 1;
        }
        tx.commit().await?;
    }
    Ok(opened)
}
