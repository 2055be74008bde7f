//! Delivery (3.3.2): a package of items, each accepted or rejected by itself; when all are accepted and both
//! sides have signed, the one-year term begins (1.3). Rejected items come again; what was said about them stays.

use serde_json::json;
use uuid::Uuid;

use super::milestones::SHORT;
use super::records::{self, Held, Left, NewRecord};
use super::{agreed, enter, is_party, party, payload, shown};
use crate::contract::entity::{ITEM_NAME, ITEM_REASON, item, record};
use crate::contract::model::{self, ContractRecordKind, ContractRecordState, ItemKind, ItemState};
use crate::contract::requests::{DeliveredItem, DeliveryAct, NewDelivery};
use crate::contract::store;
use crate::contract::store::record as rows;
use crate::contract::views::{Delivery, DeliveryAction};
use crate::files;
use crate::identity::policy::Action;
use crate::kit::actor::Side;
use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::kit::page::{Cursor, Page, PageQuery, window};
use crate::kit::text::{Lines, checked};
use crate::ledger;

const MOST_ITEMS: usize = 50;
/// What 3.3.2 names.
const NAMED: [ItemKind; 2] = [ItemKind::UserManual, ItemKind::TestReport];

/// Submits a package.
///
/// # Errors
/// 403; 409 before the agreement is set up or while another package waits; 422 naming the field.
pub async fn create(ctx: &Ctx, key: &IdempotencyKey, body: NewDelivery) -> Result<Answer> {
    enter(ctx, Action::ActForVendor)?;
    let payload = payload(&body)?;
    let items = checked_items(&body.items)?;
    let me = ctx.member()?.person_id;
    let number = records::number(&ctx.kit, ContractRecordKind::Delivery.prefix()).await?;
    once(ctx, "delivery.create", key, &payload, async |tx| {
        let (contract, sealing) = agreed(ctx).await?;
        let open = rows::of_kind(&**tx, ContractRecordKind::Delivery).await?;
        if contract.term_set_by.is_some()
            || open.iter().any(|r| r.state != ContractRecordState::Accepted.wire())
        {
            let text = "已有一份交付在验收或已验收，请在原交付上补交";
            return Err(Error::new(Code::ActionNotAllowed).detail(text));
        }
        let id = ctx.kit.ids.fresh()?;
        let new = NewRecord {
            id,
            kind: ContractRecordKind::Delivery,
            number: number.clone(),
            state: ContractRecordState::Submitted,
            subject: "",
            stage: 0,
            started_at: ctx.now,
            clock: None,
            named_due_at: None,
            created_by: Some(me),
        };
        let row = new.row(ctx.now);
        rows::insert(tx, row.clone()).await?;
        let provided = provide(ctx, tx, &sealing, id, &items).await?;
        let content: Vec<&[u8]> =
            provided.iter().filter_map(|i| i.name_sealed.as_ref()).map(|s| s.0.as_slice()).collect();
        let entry = ledger::Entry {
            action: "delivery.submitted",
            object_kind: "contract_record",
            object_id: id,
            detail: json!({ "number": row.number, "items": listed(&provided) }),
            content: &content,
        };
        ledger::append(ctx, &**tx, entry).await?;
        rows::insert_items(tx, provided).await?;
        let text = format!("交付 {} 已提交，共 {} 项，请逐项验收", row.number, items.len());
        let event = ("delivery.submitted", text);
        records::tell(&ctx.kit, tx, ctx.now, &row, &[Side::Client], event, Some(me)).await?;
        let shown = shown::delivery(ctx, &**tx, row).await?;
        Stored::created(format!("/api/v1/contract/deliveries/{id}"), shown.version, &shown)
    })
    .await
}

fn listed(items: &[item::Model]) -> serde_json::Value {
    let one = |i: &item::Model| {
        json!({
            "number": i.number, "round": i.round, "item": i.item, "ip_label": i.ip_label,
            "attachment": i.attachment_id, "sha256": i.sha256,
        })
    };
    items.iter().map(one).collect()
}

fn checked_items(items: &[DeliveredItem]) -> Result<Vec<DeliveredItem>> {
    if items.is_empty() || items.len() > MOST_ITEMS {
        return Err(Error::field("items", "OUT_OF_RANGE", format!("应有 1 到 {MOST_ITEMS} 项")));
    }
    for named in NAMED {
        if !items.iter().any(|i| i.item == named) {
            let text = format!("第 3.3.2 条要求的“{}”还没有列入", named.title());
            return Err(Error::field("items", "REQUIRED", text));
        }
    }
    items.iter().enumerate().map(|(n, item)| checked_item(&format!("items[{n}]."), item)).collect()
}

fn checked_item(place: &str, item: &DeliveredItem) -> Result<DeliveredItem> {
    if !item.item.is_deliverable() {
        return Err(Error::field(format!("{place}item"), "NOT_ALLOWED", "这不是交付物"));
    }
    proof(place, item.attachment_id, item.sha256.as_deref())?;
    let name = checked(&format!("{place}name"), &item.name, Lines::One, 80)?;
    Ok(DeliveredItem { name, ..item.clone() })
}

/// A file or a digest: something that can be compared later.
pub(super) fn proof(place: &str, attachment: Option<Uuid>, sha256: Option<&str>) -> Result<()> {
    match (attachment, sha256) {
        (None, None) => {
            Err(Error::field(format!("{place}attachment_id"), "REQUIRED", "请上传文件，或写明文件的 SHA-256"))
        }
        (_, Some(hex)) if hex.len() != 64 || !hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) => {
            Err(Error::field(format!("{place}sha256"), "WRONG_VALUE", "应为 64 位小写十六进制"))
        }
        _ => Ok(()),
    }
}

async fn provide(
    ctx: &Ctx,
    tx: &WriteTx,
    key: &DataKey,
    record: Uuid,
    items: &[DeliveredItem],
) -> Result<Vec<item::Model>> {
    let mut rows = Vec::with_capacity(items.len());
    for (item, number) in items.iter().zip(1..) {
        rows.push(one(ctx, tx, key, (record, number, 1), item).await?);
    }
    Ok(rows)
}

async fn one(
    ctx: &Ctx,
    tx: &WriteTx,
    key: &DataKey,
    (record_id, number, round): (Uuid, i32, i32),
    item: &DeliveredItem,
) -> Result<item::Model> {
    let id = ctx.kit.ids.fresh()?;
    files::link_to_record(ctx, &**tx, item.attachment_id.as_slice(), record_id, key).await?;
    Ok(item::Model {
        id,
        record_id,
        number,
        round,
        item: item.item.wire().to_owned(),
        state: ItemState::Provided.wire().to_owned(),
        name_sealed: Some(key.seal(ITEM_NAME, id, item.name.as_bytes())?),
        ip_label: Some(item.ip_label.wire().to_owned()),
        attachment_id: item.attachment_id,
        sha256: item.sha256.clone(),
        note_sealed: None,
        provided_by: ctx.actor.person_id(),
        provided_at: Some(ctx.now),
        decided_by: None,
        decided_at: None,
        reason_sealed: None,
    })
}

/// The last round of every item.
pub(in crate::contract) fn current(items: &[item::Model]) -> Vec<&item::Model> {
    let last = |i: &&item::Model| !items.iter().any(|o| o.number == i.number && o.round > i.round);
    items.iter().filter(last).collect()
}

/// What the caller can do with a delivery.
pub(in crate::contract) fn allowed(
    ctx: &Ctx,
    row: &record::Model,
    items: &[item::Model],
) -> Vec<DeliveryAction> {
    let Some(side) = is_party(ctx).filter(|_| row.state != ContractRecordState::Accepted.wire()) else {
        return Vec::new();
    };
    let items = current(items);
    let any = |state: ItemState| items.iter().any(|i| i.state == state.wire());
    let signed = match side {
        Side::Client => row.client_signed_at.is_some(),
        Side::Vendor => row.vendor_signed_at.is_some(),
    };
    let mut can = Vec::new();
    if side == Side::Client && any(ItemState::Provided) {
        can.extend([DeliveryAction::AcceptItem, DeliveryAction::RejectItem]);
    }
    if side == Side::Vendor && any(ItemState::Rejected) {
        can.push(DeliveryAction::Resubmit);
    }
    if !signed && items.iter().all(|i| i.state == ItemState::Accepted.wire()) {
        can.push(DeliveryAction::Sign);
    }
    can
}

/// A page of deliveries, the newest first.
///
/// # Errors
/// 403 for those who may not read the agreement; 422 naming the parameter.
pub async fn list(ctx: &Ctx, page: &PageQuery) -> Result<Page<Delivery>> {
    enter(ctx, Action::ReadContract)?;
    let (limit, after) = window(page.limit, page.cursor.as_deref())?;
    let db = ctx.kit.db.reader();
    let found = rows::page(db, &[ContractRecordKind::Delivery], limit, after).await?;
    let page = Page::from_surplus(found, limit, |r| Cursor { key: 0, id: r.id });
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(shown::delivery(ctx, db, row).await?);
    }
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// # Errors
/// 403 or 404.
pub async fn show(ctx: &Ctx, id: Uuid) -> Result<Delivery> {
    enter(ctx, Action::ReadContract)?;
    let db = ctx.kit.db.reader();
    let row = rows::find(db, id).await?.filter(|r| r.kind == ContractRecordKind::Delivery.wire());
    shown::delivery(ctx, db, row.ok_or_else(|| Error::new(Code::NotFound))?).await
}

/// Accepts or rejects an item, submits it again, or signs the whole.
///
/// # Errors
/// 403, 404, 412; 409 with what is allowed instead; 422 naming the field.
pub async fn act(ctx: &Ctx, id: Uuid, seen: i64, body: DeliveryAct) -> Result<Delivery> {
    enter(ctx, Action::ReadContract)?;
    let side = party(ctx)?;
    let asked = match &body {
        DeliveryAct::AcceptItem { .. } => DeliveryAction::AcceptItem,
        DeliveryAct::RejectItem { .. } => DeliveryAction::RejectItem,
        DeliveryAct::Resubmit { .. } => DeliveryAction::Resubmit,
        DeliveryAct::Sign {} => DeliveryAction::Sign,
    };
    let tx = ctx.kit.db.write_tx().await?;
    let mut held = Held::begin(ctx, &tx, (id, seen), |k| k == ContractRecordKind::Delivery).await?;
    let items = rows::items(&*tx, &[id]).await?;
    let can = allowed(ctx, &held.row, &items);
    if !can.contains(&asked) {
        return Err(records::not_now(&can.iter().map(|a| a.wire()).collect::<Vec<_>>()));
    }
    let left = match body {
        DeliveryAct::AcceptItem { number } => decide(&mut held, &items, number, None).await?,
        DeliveryAct::RejectItem { number, reason } => {
            let reason = checked("reason", &reason, Lines::Many, SHORT)?;
            decide(&mut held, &items, number, Some(&reason)).await?
        }
        DeliveryAct::Resubmit { number, name, ip_label, attachment_id, sha256 } => {
            let old = of_number(&items, number, ItemState::Rejected)?;
            let open = |s: &crate::kit::crypto::Sealed| held.key.open_text(ITEM_NAME, old.id, s);
            let old_name = old.name_sealed.as_ref().map(open).transpose()?.unwrap_or_default();
            let label = old.ip_label.as_deref().and_then(model::IpLabel::from_wire);
            let kind = ItemKind::from_wire(&old.item);
            let unknown = || Error::new(Code::Internal).because("contract_items");
            let item = DeliveredItem {
                item: kind.ok_or_else(unknown)?,
                name: name.unwrap_or(old_name),
                ip_label: ip_label.or(label).ok_or_else(unknown)?,
                attachment_id,
                sha256,
            };
            let item = checked_item("", &item)?;
            let row = one(ctx, &tx, &held.key, (id, number, old.round + 1), &item).await?;
            let detail = json!({ "items": listed(std::slice::from_ref(&row)) });
            rows::insert_items(&tx, vec![row]).await?;
            ContractRecordState::Submitted.wire().clone_into(&mut held.row.state);
            let text = format!("交付 {} 第 {number} 项已补交，请验收", held.row.number);
            left("delivery.resubmitted", detail, Vec::new(), Side::Client, text)
        }
        DeliveryAct::Sign {} => sign(&mut held, side).await?,
    };
    held.finish(left).await?;
    tx.commit().await?;
    show(ctx, id).await
}

fn left(
    action: &'static str,
    detail: serde_json::Value,
    content: Vec<Vec<u8>>,
    to: Side,
    text: String,
) -> Left {
    Left { action, detail, content, told: Some((to, text)) }
}

fn of_number(items: &[item::Model], number: i32, state: ItemState) -> Result<item::Model> {
    let found = current(items).into_iter().find(|i| i.number == number && i.state == state.wire());
    found.cloned().ok_or_else(|| Error::field("number", "NOT_FOUND", "没有这一项，或它不在这个状态"))
}

async fn decide(
    held: &mut Held<'_>,
    items: &[item::Model],
    number: i32,
    reason: Option<&str>,
) -> Result<Left> {
    let row = of_number(items, number, ItemState::Provided)?;
    let sealed = reason.map(|r| held.key.seal(ITEM_REASON, row.id, r.as_bytes())).transpose()?;
    let state = if reason.is_some() { ItemState::Rejected } else { ItemState::Accepted };
    let decided = item::Model {
        state: state.wire().to_owned(),
        decided_by: held.ctx.actor.person_id(),
        decided_at: Some(held.ctx.now),
        reason_sealed: sealed.clone(),
        ..row
    };
    let detail = json!({ "items": listed(std::slice::from_ref(&decided)), "accepted": reason.is_none() });
    rows::update_item(held.tx, decided).await?;
    if state == ItemState::Rejected {
        ContractRecordState::Returned.wire().clone_into(&mut held.row.state);
    }
    let said = if reason.is_some() { "退回，请补交" } else { "通过" };
    let text = format!("交付 {} 第 {number} 项已{said}", held.row.number);
    let content = sealed.into_iter().map(|s| s.0).collect();
    Ok(left("delivery.item_decided", detail, content, Side::Vendor, text))
}

/// A signature on the whole; the second begins the term.
async fn sign(held: &mut Held<'_>, side: Side) -> Result<Left> {
    let (ctx, row) = (held.ctx, &mut held.row);
    let me = ctx.actor.person_id();
    match side {
        Side::Client => (row.client_signed_by, row.client_signed_at) = (me, Some(ctx.now)),
        Side::Vendor => (row.vendor_signed_by, row.vendor_signed_at) = (me, Some(ctx.now)),
    }
    if row.client_signed_at.is_none() || row.vendor_signed_at.is_none() {
        let text = format!("交付 {} 已有一方签署验收，等待另一方", row.number);
        return Ok(left("delivery.signed", json!({}), Vec::new(), model::other(side), text));
    }
    ContractRecordState::Accepted.wire().clone_into(&mut row.state);
    row.closed_at = Some(ctx.now);
    let contract = store::agreement::lock(held.tx).await?.ok_or_else(|| Error::new(Code::NotSetUp))?;
    let delivered_on = ctx.now.shanghai_date();
    let expires_on = model::expires_on(delivered_on);
    let mut contract = contract;
    contract.delivered_on = Some(delivered_on.to_string());
    contract.expires_on = Some(expires_on.to_string());
    contract.term_set_by = Some("delivery".to_owned());
    contract.updated_at = ctx.now;
    store::agreement::update(held.tx, contract).await?;
    let text = format!("交付 {} 双方已签署验收，协议期至 {expires_on}", row.number);
    let event = ("term.begun", text.clone());
    records::tell(&ctx.kit, held.tx, ctx.now, row, &[side], event, None).await?;
    let detail = json!({ "delivered_on": delivered_on.to_string(), "expires_on": expires_on.to_string() });
    Ok(left("delivery.accepted", detail, Vec::new(), model::other(side), text))
}
