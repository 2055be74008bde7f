//! Renewal of the term (1.3): a later last day, proposed by one side and signed or declined by the other. Only a
//! term that has begun and not ended is renewed: after it the exit runs, and accounts and keys are gone.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::agreement::Dates;
use super::annex::REASON_CHARS;
use super::{agreed, enter, is_party, party, payload};
use crate::contract::entity::{RENEWAL_END_REASON, RENEWAL_REASON, contract, renewal};
use crate::contract::model::{AnnexState, latest_end};
use crate::contract::requests::{AnnexAct, NewRenewal};
use crate::contract::store;
use crate::contract::store::renewal as rows;
use crate::contract::views::{AnnexAction, Renewal, Signature};
use crate::identity::people;
use crate::identity::policy::Action;
use crate::kit::actor::{Role, Side};
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::kit::page::{Cursor, Page, PageQuery, window};
use crate::kit::text::{Lines, checked, optional};
use crate::ledger;
use crate::notices::{self, Notice, Recipient};

/// Proposes a later end; the proposer's side has signed with it.
///
/// # Errors
/// 403; 409 before delivery, after the end, or while another proposal waits; 422 naming the field.
pub async fn propose(ctx: &Ctx, key: &IdempotencyKey, body: NewRenewal) -> Result<Answer> {
    let side = party(ctx)?;
    let me = ctx.member()?.person_id;
    let payload = payload(&body)?;
    let reason = optional("reason", body.reason.as_deref(), Lines::Many, REASON_CHARS)?;
    let (_, sealing) = agreed(ctx).await?;
    once(ctx, "renewals.propose", key, &payload, async |tx| {
        let (_, end) = running(ctx, tx).await?;
        if body.expires_on <= end {
            let text = format!("应晚于现在的到期日 {end}");
            return Err(Error::field("expires_on", "OUT_OF_RANGE", text));
        }
        if body.expires_on > latest_end(end) {
            let text = format!("一次续签最多五年，不晚于 {}", latest_end(end));
            return Err(Error::field("expires_on", "TOO_FAR", text));
        }
        if rows::proposed(&**tx).await?.is_some() {
            let text = "已有一份续签在等签署，请先签署、拒绝或撤回它";
            return Err(Error::new(Code::ActionNotAllowed).detail(text));
        }
        let id = ctx.kit.ids.fresh()?;
        let seal = |text: &String| sealing.seal(RENEWAL_REASON, id, text.as_bytes());
        let mut row = renewal::Model {
            id,
            version: 1,
            number: None,
            state: AnnexState::Proposed.wire().to_owned(),
            ends_on: end.to_string(),
            expires_on: body.expires_on.to_string(),
            reason_sealed: reason.as_ref().map(seal).transpose()?,
            proposed_by: me,
            proposed_side: side.wire().to_owned(),
            proposed_at: ctx.now,
            client_signed_by: None,
            client_signed_at: None,
            vendor_signed_by: None,
            vendor_signed_at: None,
            ended_by: None,
            ended_at: None,
            end_reason_sealed: None,
        };
        sign(&mut row, me, side, ctx);
        rows::insert(tx, row.clone()).await?;
        leave(ctx, tx, &row, AnnexAction::Propose).await?;
        let shown = view(ctx, row).await?;
        Stored::created(format!("/api/v1/contract/renewals/{id}"), shown.version, &shown)
    })
    .await
}

/// The agreement under change, and the last day of a term that runs.
async fn running(ctx: &Ctx, tx: &WriteTx) -> Result<(contract::Model, NaiveDate)> {
    let contract = store::agreement::lock(tx).await?.ok_or_else(|| Error::new(Code::NotSetUp))?;
    let dates = Dates::of(&contract);
    let refused = |text: &'static str| Error::new(Code::ActionNotAllowed).detail(text);
    let (Some(_), Some(end)) = (dates.delivered_on, dates.expires_on) else {
        return Err(refused("交付还没有双方验收签署，期限没有开始，不能续签"));
    };
    if ctx.now.shanghai_date() > end {
        return Err(refused("协议已经届满，正在办理届满清单；继续合作请另签协议"));
    }
    Ok((contract, end))
}

fn sign(row: &mut renewal::Model, person: Uuid, side: Side, ctx: &Ctx) {
    match side {
        Side::Client => (row.client_signed_by, row.client_signed_at) = (Some(person), Some(ctx.now)),
        Side::Vendor => (row.vendor_signed_by, row.vendor_signed_at) = (Some(person), Some(ctx.now)),
    }
}

/// All renewals, the newest first.
///
/// # Errors
/// 403 for those who may not read the agreement; 422 naming the parameter.
pub async fn list(ctx: &Ctx, page: &PageQuery) -> Result<Page<Renewal>> {
    enter(ctx, Action::ReadContract)?;
    let (limit, after) = window(page.limit, page.cursor.as_deref())?;
    let db = ctx.kit.db.reader();
    let page =
        Page::from_surplus(rows::page(db, limit, after).await?, limit, |r| Cursor { key: 0, id: r.id });
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(view(ctx, row).await?);
    }
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// # Errors
/// 403 or 404.
pub async fn show(ctx: &Ctx, id: Uuid) -> Result<Renewal> {
    enter(ctx, Action::ReadContract)?;
    view(ctx, rows::find(ctx.kit.db.reader(), id).await?).await
}

/// Signs, declines or withdraws. With the second signature the term ends on the new day.
///
/// # Errors
/// 403, 404, 412; 409 with what is allowed instead, after the end, or when the end is no longer the one that the
/// proposal was written against; 422 naming the field.
pub async fn act(ctx: &Ctx, id: Uuid, seen: i64, body: AnnexAct) -> Result<Renewal> {
    enter(ctx, Action::ReadContract)?;
    let side = party(ctx)?;
    let me = ctx.member()?.person_id;
    let (action, reason) = match body {
        AnnexAct::Sign {} => (AnnexAction::Sign, None),
        AnnexAct::Withdraw {} => (AnnexAction::Withdraw, None),
        AnnexAct::Decline { reason } => {
            (AnnexAction::Decline, Some(checked("reason", &reason, Lines::Many, REASON_CHARS)?))
        }
    };
    let (_, key) = agreed(ctx).await?;
    let tx = ctx.kit.db.write_tx().await?;
    let mut row = rows::lock(&tx, id).await?;
    if row.version != seen {
        return Err(Error::new(Code::VersionStale));
    }
    let can = allowed(ctx, &row);
    if !can.contains(&action) {
        return Err(Error::new(Code::ActionNotAllowed).with("allowed_actions", json!(can)));
    }
    if action == AnnexAction::Sign {
        sign(&mut row, me, side, ctx);
        extend(ctx, &tx, &mut row).await?;
    } else {
        let declined = action == AnnexAction::Decline;
        let state = if declined { AnnexState::Declined } else { AnnexState::Withdrawn };
        state.wire().clone_into(&mut row.state);
        (row.ended_by, row.ended_at) = (Some(me), Some(ctx.now));
        row.end_reason_sealed =
            reason.map(|text| key.seal(RENEWAL_END_REASON, id, text.as_bytes())).transpose()?;
    }
    rows::update(&tx, &mut row).await?;
    leave(ctx, &tx, &row, action).await?;
    let shown = view(ctx, row).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Both have signed: the term, its reminders and the exit follow the new day.
async fn extend(ctx: &Ctx, tx: &WriteTx, row: &mut renewal::Model) -> Result<()> {
    let (mut contract, end) = running(ctx, tx).await?;
    if row.ends_on != end.to_string() {
        return Err(Error::new(Code::ProposalStale));
    }
    row.number = Some(rows::signed(&**tx).await? + 1);
    AnnexState::Signed.wire().clone_into(&mut row.state);
    contract.expires_on = Some(row.expires_on.clone());
    contract.updated_at = ctx.now;
    store::agreement::update(tx, contract).await
}

/// What the caller can do: the other side signs or declines, the own takes back.
pub(super) fn allowed(ctx: &Ctx, row: &renewal::Model) -> Vec<AnnexAction> {
    let Some(side) = is_party(ctx).filter(|_| row.state == AnnexState::Proposed.wire()) else {
        return Vec::new();
    };
    match row.proposed_side == side.wire() {
        true => vec![AnnexAction::Withdraw],
        false => vec![AnnexAction::Sign, AnnexAction::Decline],
    }
}

async fn leave(ctx: &Ctx, tx: &WriteTx, row: &renewal::Model, action: AnnexAction) -> Result<()> {
    let (event, text) = match action {
        AnnexAction::Propose => ("renewal.proposed", format!("提议续签至 {}，等待对方签署", row.expires_on)),
        AnnexAction::Sign => ("renewal.signed", format!("续签双方已签署，协议期至 {}", row.expires_on)),
        AnnexAction::Decline => ("renewal.declined", format!("续签至 {} 的提议未获同意", row.expires_on)),
        AnnexAction::Withdraw => ("renewal.withdrawn", format!("续签至 {} 的提议已撤回", row.expires_on)),
    };
    let said = [&row.reason_sealed, &row.end_reason_sealed];
    let content: Vec<&[u8]> = said.into_iter().flatten().map(|s| s.0.as_slice()).collect();
    let entry = ledger::Entry {
        action: event,
        object_kind: "renewal",
        object_id: row.id,
        detail: json!({
            "number": row.number, "state": row.state, "ends_on": row.ends_on, "expires_on": row.expires_on,
        }),
        content: &content,
    };
    ledger::append(ctx, &**tx, entry).await?;
    let notice = Notice {
        event: event.to_owned(),
        object_kind: "renewal",
        object_id: row.id,
        number: "续签".to_owned(),
        text,
        urgent: false,
        by: ctx.actor.person_id(),
    };
    let to = [Role::ClientManager, Role::VendorLead, Role::Admin].map(Recipient::Role);
    notices::tell(&ctx.kit, tx, ctx.now, &to, &notice).await
}

async fn view(ctx: &Ctx, row: renewal::Model) -> Result<Renewal> {
    let (_, key) = agreed(ctx).await?;
    let ids = [Some(row.proposed_by), row.client_signed_by, row.vendor_signed_by, row.ended_by];
    let people = people::named(ctx, ctx.kit.db.reader(), ids.into_iter().flatten()).await?;
    let person = |id: Option<Uuid>| people.get(&id?).cloned();
    let signature = |by, at: Option<_>| Some(Signature { by: person(by), at: at? });
    let unreadable = |column: &'static str| move || Error::new(Code::Internal).because(column);
    let open = |column, sealed: Option<&crate::kit::crypto::Sealed>| {
        sealed.map(|s| key.open_text(column, row.id, s)).transpose()
    };
    Ok(Renewal {
        id: row.id,
        version: row.version,
        state: AnnexState::from_wire(&row.state).ok_or_else(unreadable("renewals.state"))?,
        number: row.number,
        ends_on: row.ends_on.parse().ok().ok_or_else(unreadable("renewals.ends_on"))?,
        expires_on: row.expires_on.parse().ok().ok_or_else(unreadable("renewals.expires_on"))?,
        reason: open(RENEWAL_REASON, row.reason_sealed.as_ref())?,
        proposed_side: row.proposed_side.clone(),
        proposed_by: person(Some(row.proposed_by)),
        proposed_at: row.proposed_at,
        client_signed: signature(row.client_signed_by, row.client_signed_at),
        vendor_signed: signature(row.vendor_signed_by, row.vendor_signed_at),
        ended: signature(row.ended_by, row.ended_at),
        end_reason: open(RENEWAL_END_REASON, row.end_reason_sealed.as_ref())?,
        allowed_actions: allowed(ctx, &row),
    })
}
