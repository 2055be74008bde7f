//! The end of the agreement (5.2.3, 个人信息保护法 21): accounts revoked, data returned, keys destroyed, and a
//! certificate of it. The vendor does each and says how, the client confirms; nothing is ticked off by itself.

use serde_json::json;
use uuid::Uuid;

use super::deliveries::{current, proof};
use super::milestones::SHORT;
use super::records::{self, Held, Left};
use super::{enter, is_party, party, shown};
use crate::contract::entity::{ITEM_NOTE, ITEM_REASON, item, record};
use crate::contract::model::{ContractRecordKind, ContractRecordState, ItemKind, ItemState};
use crate::contract::requests::ExitAct;
use crate::contract::store::record as rows;
use crate::contract::views::{ExitAction, ExitChecklist};
use crate::files;
use crate::identity::policy::Action;
use crate::kit::actor::Side;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::text::{Lines, checked};

/// The checklist.
///
/// # Errors
/// 403; 404 before the term has ended.
pub async fn show(ctx: &Ctx) -> Result<ExitChecklist> {
    enter(ctx, Action::ReadContract)?;
    let db = ctx.kit.db.reader();
    let row = rows::of_kind(db, ContractRecordKind::Exit).await?.into_iter().next();
    shown::exit(ctx, db, row.ok_or_else(|| Error::new(Code::NotFound))?).await
}

/// The items that the vendor owes at the end, untouched.
pub(super) fn items(record_id: Uuid, ids: &[Uuid]) -> Vec<item::Model> {
    let item = |((kind, id), number): ((&ItemKind, &Uuid), i32)| item::Model {
        id: *id,
        record_id,
        number,
        round: 1,
        item: kind.wire().to_owned(),
        state: ItemState::Open.wire().to_owned(),
        name_sealed: None,
        ip_label: None,
        attachment_id: None,
        sha256: None,
        note_sealed: None,
        provided_by: None,
        provided_at: None,
        decided_by: None,
        decided_at: None,
        reason_sealed: None,
    };
    ItemKind::EXIT.iter().zip(ids).zip(1..).map(item).collect()
}

/// What the caller can do with the checklist.
pub(in crate::contract) fn allowed(ctx: &Ctx, row: &record::Model, items: &[item::Model]) -> Vec<ExitAction> {
    let Some(side) = is_party(ctx).filter(|_| row.state != ContractRecordState::Accepted.wire()) else {
        return Vec::new();
    };
    let any =
        |states: &[ItemState]| current(items).iter().any(|i| states.iter().any(|s| i.state == s.wire()));
    match side {
        Side::Vendor if any(&[ItemState::Open, ItemState::Rejected]) => vec![ExitAction::Done],
        Side::Client if any(&[ItemState::Provided]) => vec![ExitAction::Confirm, ExitAction::Return],
        _ => Vec::new(),
    }
}

/// Does, confirms or returns an item. The last confirmation closes the checklist.
///
/// # Errors
/// 403, 404, 412; 409 with what is allowed instead; 422 naming the field.
pub async fn act(ctx: &Ctx, seen: i64, body: ExitAct) -> Result<ExitChecklist> {
    enter(ctx, Action::ReadContract)?;
    party(ctx)?;
    let row = rows::of_kind(ctx.kit.db.reader(), ContractRecordKind::Exit).await?.into_iter().next();
    let id = row.ok_or_else(|| Error::new(Code::NotFound))?.id;
    let asked = match &body {
        ExitAct::Done { .. } => ExitAction::Done,
        ExitAct::Confirm { .. } => ExitAction::Confirm,
        ExitAct::Return { .. } => ExitAction::Return,
    };
    let tx = ctx.kit.db.write_tx().await?;
    let mut held = Held::begin(ctx, &tx, (id, seen), |k| k == ContractRecordKind::Exit).await?;
    let items = rows::items(&*tx, &[id]).await?;
    let can = allowed(ctx, &held.row, &items);
    if !can.contains(&asked) {
        return Err(records::not_now(&can.iter().map(|a| a.wire()).collect::<Vec<_>>()));
    }
    let left = match body {
        ExitAct::Done { number, note, attachment_id, sha256 } => {
            let note = checked("note", &note, Lines::Many, SHORT)?;
            if attachment_id.is_some() || sha256.is_some() {
                proof("", attachment_id, sha256.as_deref())?;
            }
            let old = of_number(&items, number, &[ItemState::Open, ItemState::Rejected])?;
            done(&held, old, &note, attachment_id, sha256).await?
        }
        ExitAct::Confirm { number } => {
            let row = of_number(&items, number, &[ItemState::Provided])?;
            let others = current(&items);
            let last = others.iter().all(|i| i.id == row.id || i.state == ItemState::Accepted.wire());
            if last {
                ContractRecordState::Accepted.wire().clone_into(&mut held.row.state);
                held.row.closed_at = Some(ctx.now);
            }
            decide(&held, row, None).await?
        }
        ExitAct::Return { number, reason } => {
            let reason = checked("reason", &reason, Lines::Many, SHORT)?;
            let row = of_number(&items, number, &[ItemState::Provided])?;
            decide(&held, row, Some(&reason)).await?
        }
    };
    held.finish(left).await?;
    tx.commit().await?;
    show(ctx).await
}

fn of_number(items: &[item::Model], number: i32, states: &[ItemState]) -> Result<item::Model> {
    let fits = |i: &&item::Model| i.number == number && states.iter().any(|s| i.state == s.wire());
    let found = current(items).into_iter().find(fits);
    found.cloned().ok_or_else(|| Error::field("number", "NOT_FOUND", "没有这一项，或它不在这个状态"))
}

async fn done(
    held: &Held<'_>,
    old: item::Model,
    note: &str,
    attachment_id: Option<Uuid>,
    sha256: Option<String>,
) -> Result<Left> {
    let ctx = held.ctx;
    files::link_to_record(ctx, &**held.tx, attachment_id.as_slice(), held.row.id, &held.key).await?;
    let again = old.state == ItemState::Rejected.wire();
    let id = if again { ctx.kit.ids.fresh()? } else { old.id };
    let note = held.key.seal(ITEM_NOTE, id, note.as_bytes())?;
    let row = item::Model {
        id,
        round: if again { old.round + 1 } else { old.round },
        state: ItemState::Provided.wire().to_owned(),
        attachment_id,
        sha256,
        note_sealed: Some(note.clone()),
        provided_by: ctx.actor.person_id(),
        provided_at: Some(ctx.now),
        decided_by: None,
        decided_at: None,
        reason_sealed: None,
        ..old
    };
    let title = title(&row);
    let detail = json!({ "item": row.item, "round": row.round, "sha256": row.sha256 });
    if again {
        rows::insert_items(held.tx, vec![row]).await?
    } else {
        rows::update_item(held.tx, row).await?
    }
    let told = Some((Side::Client, format!("届满清单：{title}已完成，请确认")));
    Ok(Left { action: "exit.done", detail, content: vec![note.0], told })
}

async fn decide(held: &Held<'_>, row: item::Model, reason: Option<&str>) -> Result<Left> {
    let sealed = reason.map(|r| held.key.seal(ITEM_REASON, row.id, r.as_bytes())).transpose()?;
    let state = if reason.is_some() { ItemState::Rejected } else { ItemState::Accepted };
    let decided = item::Model {
        state: state.wire().to_owned(),
        decided_by: held.ctx.actor.person_id(),
        decided_at: Some(held.ctx.now),
        reason_sealed: sealed.clone(),
        ..row
    };
    let said = if reason.is_some() { "被退回" } else { "已确认" };
    let told = Some((Side::Vendor, format!("届满清单：{}{said}", title(&decided))));
    let detail = json!({ "item": decided.item, "round": decided.round, "accepted": reason.is_none() });
    rows::update_item(held.tx, decided).await?;
    Ok(Left { action: "exit.decided", detail, content: sealed.into_iter().map(|s| s.0).collect(), told })
}

fn title(row: &item::Model) -> &'static str {
    ItemKind::from_wire(&row.item).map_or("", ItemKind::title)
}
