//! Parameter sets on their way into force: the changes are read strictly, shown with every deadline that they
//! would move, and count for nothing until both sides signed.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::annex::{self, Proposal, Proposer, REASON_CHARS};
use super::calendar::{head, moved};
use super::{agreed, book, enter, party, payload};
use crate::clocks::{Annex, ParamError, Params, People, param};
use crate::contract::entity::{PRIVATE, annex as row};
use crate::contract::model::AnnexKind;
use crate::contract::requests::{AnnexAct, ProposedParameters};
use crate::contract::store::annex as store;
use crate::contract::views::{ParameterChange, ParameterPreview, ParameterValue, ParameterVersion};
use crate::identity::policy::Action;
use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::db::Fetch;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::kit::http::{IdempotencyKey, ok};
use crate::kit::page::{Cursor, Page, PageQuery, window};
use crate::kit::text::{Lines, checked};

/// A parameter set asked for later than this is a slip of the pen.
const MOST_AHEAD_MS: i64 = 366 * 86_400_000;

/// Proposes changes to the newest signed set, or only shows what they would do.
///
/// # Errors
/// 403; 409 before the agreement is set up; 422 naming the parameter.
pub async fn propose(ctx: &Ctx, key: &IdempotencyKey, body: ProposedParameters) -> Result<Answer> {
    let side = party(ctx)?;
    let me = ctx.member()?.person_id;
    let payload = payload(&body)?;
    let reason = checked("reason", &body.reason, Lines::Many, REASON_CHARS)?;
    if body.changes.is_empty() {
        return Err(Error::field("changes", "REQUIRED", "请写明要改的参数"));
    }
    let late = |at: crate::kit::clock::Timestamp| at.since(ctx.now) > MOST_AHEAD_MS;
    if body.effective_from.is_some_and(late) {
        return Err(Error::field("effective_from", "TOO_FAR", "生效时间不能超过一年"));
    }
    let (_, sealing) = agreed(ctx).await?;
    let by = Proposer::Party(me, side);
    if body.preview {
        let db = ctx.kit.db.reader();
        let row = draft(ctx, db, &sealing, &body, by).await?;
        return Ok(ok(&foresee(ctx, db, &row).await?));
    }
    once(ctx, "parameters.propose", key, &payload, async |tx| {
        let mut row = draft(ctx, &**tx, &sealing, &body, by).await?;
        row.reason_sealed = Some(annex::seal_reason(&sealing, row.id, &reason)?);
        annex::propose(ctx, tx, &row).await?;
        let shown = view(ctx, &**tx, &row).await?;
        Stored::created(format!("/api/v1/contract/parameters/{}", row.id), row.version, &shown)
    })
    .await
}

/// The proposal as a row that is not stored yet, against the newest signed set.
async fn draft(
    ctx: &Ctx,
    db: &impl Fetch,
    sealing: &DataKey,
    body: &ProposedParameters,
    by: Proposer,
) -> Result<row::Model> {
    let base = store::latest(db, AnnexKind::Parameters).await?;
    let base = base.ok_or_else(|| Error::new(Code::NotSetUp))?;
    let before = whole(ctx, &base).await?;
    let after = changed(&before, &body.changes)?;
    if after == before {
        return Err(Error::field("changes", "UNCHANGED", "与现行参数相同，没有改动"));
    }
    let id = ctx.kit.ids.fresh()?;
    let proposal = Proposal {
        id,
        kind: AnnexKind::Parameters,
        year: None,
        base: base.number.unwrap_or(0),
        document: document(&after.params)?,
        private: Some(annex::seal(sealing, id, people_text(&after.people).as_bytes())?),
        reason: None,
        source: None,
        asked_from: body.effective_from,
    };
    Ok(annex::row(proposal, by, ctx.now))
}

/// Versions, the newest proposal first.
///
/// # Errors
/// 403 for those who may not read the agreement; 422 naming the parameter.
pub async fn list(ctx: &Ctx, page: &PageQuery) -> Result<Page<ParameterVersion>> {
    enter(ctx, Action::ReadContract)?;
    let (limit, after) = window(page.limit, page.cursor.as_deref())?;
    let rows = store::page(ctx.kit.db.reader(), AnnexKind::Parameters, limit, after).await?;
    let page = Page::from_surplus(rows, limit, |r| Cursor { key: 0, id: r.id });
    let mut items = Vec::with_capacity(page.items.len());
    for row in &page.items {
        items.push(view(ctx, ctx.kit.db.reader(), row).await?);
    }
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// # Errors
/// 403 or 404.
pub async fn show(ctx: &Ctx, id: Uuid) -> Result<ParameterVersion> {
    enter(ctx, Action::ReadContract)?;
    let db = ctx.kit.db.reader();
    view(ctx, db, &store::find(db, AnnexKind::Parameters, id).await?).await
}

/// Signs, declines or withdraws a set.
///
/// # Errors
/// As the signing of any annex.
pub async fn act(ctx: &Ctx, id: Uuid, seen: i64, body: AnnexAct) -> Result<ParameterVersion> {
    let row = annex::act(ctx, AnnexKind::Parameters, id, seen, body).await?;
    view(ctx, ctx.kit.db.reader(), &row).await
}

/// The stored form of the public values.
pub(super) fn document(params: &Params) -> Result<String> {
    serde_json::to_string(&params.values()).map_err(|e| Error::new(Code::Internal).because(e))
}

/// The stored form of what names people: sealed.
pub(super) fn people_text(people: &People) -> String {
    json!({ "incident": people.incident, "client": people.client, "vendor": people.vendor }).to_string()
}

/// The whole set of a stored version, people included.
async fn whole(ctx: &Ctx, row: &row::Model) -> Result<Annex> {
    let values = book::values(row)?;
    let mut annex =
        Annex::parse(&values).map_err(|_| Error::new(Code::Internal).because("stored parameters"))?;
    if let Some(text) = annex::open(ctx, PRIVATE, row.id, row.private_sealed.as_ref()).await? {
        let people: Value = serde_json::from_str(&text).unwrap_or_default();
        let lines = |name: &str| -> Vec<String> {
            let list = people.get(name).and_then(Value::as_array);
            list.into_iter().flatten().filter_map(|line| line.as_str().map(str::to_owned)).collect()
        };
        annex.people =
            People { incident: lines("incident"), client: lines("client"), vendor: lines("vendor") };
    }
    Ok(annex)
}

/// The set with these values in place of its own.
fn changed(before: &Annex, changes: &BTreeMap<String, Value>) -> Result<Annex> {
    let mut values = before.params.values();
    values.extend(changes.iter().map(|(code, value)| (code.clone(), value.clone())));
    let mut after = Annex::parse(&values).map_err(|wrong| refused(&wrong))?;
    // Who is named stays named, unless the change says otherwise.
    if !changes.get("P11").is_some_and(Value::is_object) {
        after.people.incident.clone_from(&before.people.incident);
    }
    if !changes.contains_key("P16") {
        after.people.client.clone_from(&before.people.client);
        after.people.vendor.clone_from(&before.people.vendor);
    }
    Ok(after)
}

fn refused(wrong: &[ParamError]) -> Error {
    wrong.iter().fold(Error::new(Code::Invalid), |error, e| {
        error.with_field(format!("changes.{}", e.place), "INVALID", e.text.clone())
    })
}

/// Values with their titles and meanings, in order; P16 and the list of P11 stay sealed.
pub(super) fn shown(values: &BTreeMap<String, Value>) -> Vec<ParameterValue> {
    let value = |param: &crate::clocks::Param| {
        Some(ParameterValue {
            code: param.code.to_owned(),
            title: param.title.to_owned(),
            text: param.meaning.to_owned(),
            value: values.get(param.code)?.clone(),
        })
    };
    crate::clocks::PARAMS.iter().filter_map(value).collect()
}

/// What a proposal is about, in a line: 附件参数 P9、P14; the names of people are not told apart.
pub(super) fn summary(signed: &[row::Model], row: &row::Model) -> Result<String> {
    let base = signed.iter().find(|r| r.kind == row.kind && r.number == Some(row.base));
    let before = base.map(book::values).transpose()?.unwrap_or_else(|| Params::default().values());
    let after = book::values(row)?;
    let codes: Vec<&str> = after
        .iter()
        .filter(|(code, value)| before.get(*code) != Some(value))
        .map(|(c, _)| c.as_str())
        .collect();
    Ok(format!("{} {}", AnnexKind::Parameters.title(), codes.join("、")).trim().to_owned())
}

/// What a version changes, and while it is proposed, moves.
async fn foresee(ctx: &Ctx, db: &impl Fetch, row: &row::Model) -> Result<ParameterPreview> {
    let signed = store::signed(db).await?;
    let base = signed.iter().find(|r| r.kind == row.kind && r.number == Some(row.base));
    let before = base.map(book::values).transpose()?.unwrap_or_else(|| Params::default().values());
    let after = book::values(row)?;
    let change = |(code, after): (&String, &Value)| {
        let before = before.get(code).unwrap_or(&Value::Null);
        (before != after).then(|| ParameterChange {
            code: code.clone(),
            title: param(code).map_or_else(String::new, |p| p.title.to_owned()),
            before: before.clone(),
            after: after.clone(),
        })
    };
    let people = |row: &row::Model| {
        let (ctx, row) = (ctx.clone(), row.clone());
        async move { annex::open(&ctx, PRIVATE, row.id, row.private_sealed.as_ref()).await }
    };
    let people_changed = match base {
        Some(base) => people(base).await? != people(row).await?,
        None => false,
    };
    let (moved, moved_total) = moved(db, row, ctx.now).await?;
    let changes = after.iter().filter_map(change).collect();
    Ok(ParameterPreview { changes, people_changed, moved, moved_total })
}

async fn view(ctx: &Ctx, db: &impl Fetch, row: &row::Model) -> Result<ParameterVersion> {
    let ParameterPreview { changes, people_changed, moved, moved_total } = foresee(ctx, db, row).await?;
    Ok(ParameterVersion {
        head: head(ctx, row).await?,
        asked_from: row.asked_from,
        changes,
        people_changed,
        moved,
        moved_total,
    })
}
