//! What parameter sets and calendar years have in common: a proposal, two signatures, an effect that comes late
//! enough. Nothing is changed after it was proposed; who wants something else declines and proposes anew.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{book, enter, is_party, party};
use crate::contract::entity::{ANNEX_REASON, END_REASON, PRIVATE, annex};
use crate::contract::model::{AnnexKind, AnnexState, NOTICE_SECONDS, other};
use crate::contract::requests::AnnexAct;
use crate::contract::store::annex as store;
use crate::contract::views::{AnnexAction, Signature};
use crate::identity::people;
use crate::identity::policy::Action;
use crate::kit::actor::{Role, Side};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::{DataKey, Sealed};
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::text::{Lines, checked};
use crate::ledger;
use crate::notices::{self, Notice, Recipient};

pub(super) const REASON_CHARS: usize = 500;

/// A proposal before it has a row.
pub(super) struct Proposal {
    pub id: Uuid,
    pub kind: AnnexKind,
    pub year: Option<i32>,
    /// The number of the signed version that it was written against; 0 for none.
    pub base: i32,
    pub document: String,
    pub private: Option<Sealed>,
    pub reason: Option<Sealed>,
    pub source: Option<String>,
    pub asked_from: Option<Timestamp>,
}

/// Seals what a proposal does not show to everybody.
pub(super) fn seal(key: &DataKey, id: Uuid, private: &[u8]) -> Result<Sealed> {
    key.seal(PRIVATE, id, private)
}

pub(super) fn seal_reason(key: &DataKey, id: Uuid, reason: &str) -> Result<Sealed> {
    key.seal(ANNEX_REASON, id, reason.as_bytes())
}

/// Who proposes: a party, whose proposal is its signature, or the keeper of the system, who signs nothing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Proposer {
    Party(Uuid, Side),
    Keeper(Option<Uuid>),
}

/// The row of a proposal, signed by the side that makes it.
pub(super) fn row(proposal: Proposal, by: Proposer, now: Timestamp) -> annex::Model {
    let mut row = annex::Model {
        id: proposal.id,
        version: 1,
        kind: proposal.kind.wire().to_owned(),
        year: proposal.year,
        number: None,
        base: proposal.base,
        state: AnnexState::Proposed.wire().to_owned(),
        document: proposal.document,
        private_sealed: proposal.private,
        reason_sealed: proposal.reason,
        source: proposal.source,
        asked_from: proposal.asked_from,
        proposed_by: None,
        proposed_side: "system".to_owned(),
        proposed_at: now,
        client_signed_by: None,
        client_signed_at: None,
        vendor_signed_by: None,
        vendor_signed_at: None,
        ended_by: None,
        ended_at: None,
        end_reason_sealed: None,
        effective_from: None,
    };
    match by {
        Proposer::Party(person, side) => {
            row.proposed_by = Some(person);
            side.wire().clone_into(&mut row.proposed_side);
            sign(&mut row, person, side, now);
        }
        Proposer::Keeper(person) => row.proposed_by = person,
    }
    row
}

pub(super) fn sign(row: &mut annex::Model, person: Uuid, side: Side, now: Timestamp) {
    match side {
        Side::Client => (row.client_signed_by, row.client_signed_at) = (Some(person), Some(now)),
        Side::Vendor => (row.vendor_signed_by, row.vendor_signed_at) = (Some(person), Some(now)),
    }
}

fn is_signed_by(row: &annex::Model, side: Side) -> bool {
    match side {
        Side::Client => row.client_signed_at.is_some(),
        Side::Vendor => row.vendor_signed_at.is_some(),
    }
}

/// What the caller can do with a version.
pub(super) fn allowed(ctx: &Ctx, row: &annex::Model) -> Vec<AnnexAction> {
    let Some(side) = is_party(ctx) else { return Vec::new() };
    if row.state != AnnexState::Proposed.wire() {
        return Vec::new();
    }
    match (is_signed_by(row, side), row.proposed_side == side.wire()) {
        (false, _) => vec![AnnexAction::Sign, AnnexAction::Decline],
        (true, true) => vec![AnnexAction::Withdraw],
        // The keeper's proposal: who signed it first can still take the signature's effect away.
        (true, false) => vec![AnnexAction::Decline],
    }
}

/// Signs, declines or withdraws, on the version `seen`.
///
/// # Errors
/// 404, 403, 412; 409 with what is allowed instead, or when the version that it was written against is no
/// longer the newest.
pub(super) async fn act(
    ctx: &Ctx,
    kind: AnnexKind,
    id: Uuid,
    seen: i64,
    body: AnnexAct,
) -> Result<annex::Model> {
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
    let key = key_for(ctx).await?;
    let tx = ctx.kit.db.write_tx().await?;
    // Two second signatures of two proposals must not get the same number: all that wait are held.
    store::hold_proposed(&tx, kind).await?;
    let mut row = store::lock(&tx, kind, id).await?;
    if row.version != seen {
        return Err(Error::new(Code::VersionStale));
    }
    let can = allowed(ctx, &row);
    if !can.contains(&action) {
        let names: Vec<Value> = can.iter().map(|a| json!(a)).collect();
        return Err(Error::new(Code::ActionNotAllowed).with("allowed_actions", names));
    }
    match action {
        AnnexAction::Sign => {
            sign(&mut row, me, side, ctx.now);
            if is_signed_by(&row, other(side)) {
                agree(ctx, &tx, kind, &mut row).await?;
            }
        }
        // A proposal is a version of its own and never an action on one.
        AnnexAction::Propose => return Err(Error::new(Code::ActionNotAllowed)),
        AnnexAction::Decline | AnnexAction::Withdraw => {
            let state =
                if action == AnnexAction::Decline { AnnexState::Declined } else { AnnexState::Withdrawn };
            state.wire().clone_into(&mut row.state);
            (row.ended_by, row.ended_at) = (Some(me), Some(ctx.now));
            row.end_reason_sealed =
                reason.map(|text| key.seal(END_REASON, id, text.as_bytes())).transpose()?;
        }
    }
    store::update(&tx, &mut row).await?;
    record(ctx, &tx, &row, action).await?;
    tell(ctx, &tx, &row, action).await?;
    tx.commit().await?;
    if row.number.is_some() {
        book::forget(&ctx.kit);
    }
    Ok(row)
}

/// Both have signed: the version gets its number and the instant from which it counts.
async fn agree(ctx: &Ctx, tx: &WriteTx, kind: AnnexKind, row: &mut annex::Model) -> Result<()> {
    let latest = store::latest(&**tx, kind).await?;
    let current = base(&**tx, kind, row.year).await?;
    if current != row.base {
        return Err(Error::new(Code::ProposalStale));
    }
    let earliest = ctx.now.plus_seconds(NOTICE_SECONDS);
    let asked = row.asked_from.map_or(earliest, |asked| asked.max(earliest));
    let after = latest.as_ref().and_then(|l| l.effective_from).map(|last| last.plus_millis(1));
    row.number = Some(latest.and_then(|l| l.number).unwrap_or(0) + 1);
    row.effective_from = Some(after.map_or(asked, |after| asked.max(after)));
    AnnexState::Signed.wire().clone_into(&mut row.state);
    Ok(())
}

/// The number of the signed version that a proposal of this kind (and year) replaces; 0 for none.
pub(super) async fn base(
    db: &impl sea_orm::ConnectionTrait,
    kind: AnnexKind,
    year: Option<i32>,
) -> Result<i32> {
    let signed = store::signed(db).await?;
    let same = signed.iter().filter(|r| r.kind == kind.wire() && r.year == year);
    Ok(same.filter_map(|r| r.number).max().unwrap_or(0))
}

/// The book as it would be if this version were signed now.
///
/// # Errors
/// What the database says.
pub(super) async fn foreseen(
    db: &impl sea_orm::ConnectionTrait,
    row: &annex::Model,
    now: Timestamp,
) -> Result<crate::clocks::Book> {
    let mut signed = store::signed(db).await?;
    let mut row = row.clone();
    let from = now.plus_seconds(NOTICE_SECONDS);
    row.effective_from = Some(row.asked_from.map_or(from, |asked| asked.max(from)));
    row.number = Some(row.base + 1);
    signed.push(row);
    signed.sort_by_key(|r| (r.effective_from, r.id));
    book::of(&signed)
}

/// The agreement's key; before `lvyue init` the deployment's.
///
/// # Errors
/// What the database says.
pub(super) async fn key_for(ctx: &Ctx) -> Result<DataKey> {
    match super::agreed(ctx).await {
        Ok((_, key)) => Ok(key),
        Err(e) if e.is(Code::NotSetUp) => ctx.kit.vault.deployment_key(ctx.kit.db.reader()).await,
        Err(e) => Err(e),
    }
}

/// Stores a proposal of a party in the transaction of its idempotency key.
///
/// # Errors
/// What the database says.
pub(super) async fn propose(ctx: &Ctx, tx: &WriteTx, row: &annex::Model) -> Result<()> {
    store::insert(tx, row.clone()).await?;
    record(ctx, tx, row, AnnexAction::Propose).await?;
    tell(ctx, tx, row, AnnexAction::Propose).await
}

/// What the ledger keeps: the digest covers the document itself, and what is sealed as it is stored.
pub(super) fn entry_detail(row: &annex::Model) -> Value {
    json!({
        "kind": row.kind, "year": row.year, "number": row.number, "state": row.state, "base": row.base,
        "effective_from": row.effective_from, "source": row.source,
    })
}

async fn record(ctx: &Ctx, tx: &WriteTx, row: &annex::Model, action: AnnexAction) -> Result<()> {
    let private = row.private_sealed.as_ref().map(|s| s.0.clone()).unwrap_or_default();
    let entry = ledger::Entry {
        action: action.ledger(),
        object_kind: "annex_version",
        object_id: row.id,
        detail: entry_detail(row),
        content: &[row.document.as_bytes(), &private],
    };
    ledger::append(ctx, &**tx, entry).await?;
    Ok(())
}

/// The short name of a version that people read: 附件参数第 2 版, 2027 年日历.
pub(super) fn title(row: &annex::Model) -> String {
    match (AnnexKind::from_wire(&row.kind), row.year) {
        (Some(AnnexKind::Calendar), Some(year)) => format!("{year} 年日历"),
        _ => row.number.map_or_else(|| "附件参数".to_owned(), |n| format!("附件参数第 {n} 版")),
    }
}

async fn tell(ctx: &Ctx, tx: &WriteTx, row: &annex::Model, action: AnnexAction) -> Result<()> {
    let title = title(row);
    let text = match (action, row.effective_from) {
        (AnnexAction::Propose, _) => format!("{title}有新的提议，等待对方签署"),
        (AnnexAction::Sign, Some(from)) => {
            format!("{title}双方已签署，自 {} 起生效", from.shanghai().format("%Y-%m-%d %H:%M"))
        }
        (AnnexAction::Sign, None) => format!("{title}已有一方签署，等待另一方"),
        (AnnexAction::Decline, _) => format!("{title}的提议未获同意"),
        (AnnexAction::Withdraw, _) => format!("{title}的提议已撤回"),
    };
    let notice = Notice {
        event: action.ledger().to_owned(),
        object_kind: "annex_version",
        object_id: row.id,
        number: title,
        text,
        urgent: false,
        by: ctx.actor.person_id(),
    };
    let to = [Recipient::Role(Role::ClientManager), Recipient::Role(Role::VendorLead)];
    notices::tell(&ctx.kit, tx, ctx.now, &to, &notice).await
}

/// Both signatures, for people to read.
pub(super) struct Faces(std::collections::HashMap<Uuid, people::PersonRef>);

impl Faces {
    /// # Errors
    /// What the database says.
    pub(super) async fn of(ctx: &Ctx, rows: &[annex::Model]) -> Result<Self> {
        let ids = rows.iter().flat_map(|r| {
            [r.proposed_by, r.client_signed_by, r.vendor_signed_by, r.ended_by].into_iter().flatten()
        });
        Ok(Self(people::named(ctx, ctx.kit.db.reader(), ids).await?))
    }

    pub(super) fn person(&self, id: Option<Uuid>) -> Option<people::PersonRef> {
        self.0.get(&id?).cloned()
    }

    pub(super) fn signature(&self, by: Option<Uuid>, at: Option<Timestamp>) -> Option<Signature> {
        Some(Signature { by: self.person(by), at: at? })
    }
}

/// A sealed text of a version, by whichever key it was sealed.
///
/// # Errors
/// What does not open.
pub(super) async fn open(
    ctx: &Ctx,
    column: crate::kit::crypto::Column,
    id: Uuid,
    sealed: Option<&Sealed>,
) -> Result<Option<String>> {
    let Some(sealed) = sealed else { return Ok(None) };
    let key_id = sealed.key_id().ok_or_else(|| Error::new(Code::DecryptFailed))?;
    let key = ctx.kit.vault.key(ctx.kit.db.reader(), key_id).await?;
    key.open_text(column, id, sealed).map(Some)
}
