//! Milestones: the requirement document (2.1), the development plan (3.1), the first progress report (3.2.1) and
//! the inspections of every stage (7.2.1). One side submits version after version, the other accepts or returns.

use serde_json::json;
use uuid::Uuid;

use super::file::AgreementFile;
use super::records::{self, Held, Left, NewRecord};
use super::{agreed, book, enter, is_party, party, payload, shown};
use crate::clocks::{D15, D30};
use crate::contract::entity::{RETURN_REASON, TEXT, record, version};
use crate::contract::model::{ContractRecordKind, ContractRecordState, TestKind, midnight, other};
use crate::contract::requests::{MilestoneAct, NewStage};
use crate::contract::store::record as store;
use crate::contract::views::{Milestone, MilestoneAction};
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
use crate::kit::page::Page;
use crate::kit::text::{Lines, checked};

pub(super) const MOST_FILES: usize = 9;
const LONG: usize = 5000;
pub(super) const SHORT: usize = 2000;
/// A date further away than this is a slip of the pen.
const MOST_AHEAD_MS: i64 = 366 * 86_400_000;

/// Numbers of the records that begin with the agreement, taken before its transaction.
pub(super) struct Numbers([(ContractRecordKind, String); 3]);

impl Numbers {
    /// # Errors
    /// What the database says.
    pub(super) async fn take(kit: &Kit) -> Result<Self> {
        let one = async |kind: ContractRecordKind| {
            Ok::<_, Error>((kind, records::number(kit, kind.prefix()).await?))
        };
        Ok(Self([
            one(ContractRecordKind::RequirementDoc).await?,
            one(ContractRecordKind::DevPlan).await?,
            one(ContractRecordKind::FirstReport).await?,
        ]))
    }
}

/// The milestones that begin with the signing. One whose time had run out before this system knew the agreement
/// gets no clock: whether it was kept stands on paper, and nothing here could prove a breach.
///
/// # Errors
/// What the database says.
pub(super) async fn open_at_signing(
    kit: &Kit,
    tx: &WriteTx,
    file: &AgreementFile,
    numbers: Numbers,
    now: Timestamp,
) -> Result<()> {
    let book = book::of(&crate::contract::store::annex::signed(&**tx).await?)?;
    let started_at = midnight(file.signed_on);
    for (kind, number) in numbers.0 {
        let def = match kind {
            ContractRecordKind::RequirementDoc => Some(&D15),
            ContractRecordKind::FirstReport => Some(&D30),
            _ => None,
        };
        let runs = |def: &&'static crate::clocks::ClockDef| {
            let due = crate::clocks::milestone(def, started_at, None, &book, now).due_at;
            file.delivered_on.is_none() && due >= now
        };
        let new = NewRecord {
            id: kit.ids.fresh()?,
            kind,
            number,
            state: ContractRecordState::Open,
            subject: "",
            stage: 0,
            started_at,
            clock: def.filter(runs).map(|def| def.code),
            named_due_at: None,
            created_by: None,
        };
        records::open(kit, tx, &new.row(now), &book).await?;
    }
    Ok(())
}

/// All milestones, in the order in which they began.
///
/// # Errors
/// 403 for those who may not read the agreement; 409 before it is set up.
pub async fn list(ctx: &Ctx) -> Result<Page<Milestone>> {
    enter(ctx, Action::ReadContract)?;
    let mut rows = Vec::new();
    for kind in ContractRecordKind::ALL.iter().filter(|k| k.is_milestone()) {
        rows.extend(store::of_kind(ctx.kit.db.reader(), *kind).await?);
    }
    rows.sort_by_key(|r| (r.started_at, r.id));
    Ok(Page::whole(shown::milestones(ctx, rows).await?))
}

/// # Errors
/// 403, 404; 409 before the agreement is set up.
pub async fn show(ctx: &Ctx, id: Uuid) -> Result<Milestone> {
    enter(ctx, Action::ReadContract)?;
    let row = store::find(ctx.kit.db.reader(), id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    if !records::kind(&row)?.is_milestone() {
        return Err(Error::new(Code::NotFound));
    }
    let shown = shown::milestones(ctx, vec![row]).await?;
    shown.into_iter().next().ok_or_else(|| Error::new(Code::NotFound))
}

/// Begins the inspections of a stage: one record for each kind of test.
///
/// # Errors
/// 403 for others than the vendor's lead; 409 before the agreement is set up, or for a stage that has begun.
pub async fn begin_stage(ctx: &Ctx, key: &IdempotencyKey, body: NewStage) -> Result<Answer> {
    enter(ctx, Action::ActForVendor)?;
    let payload = payload(&body)?;
    if !(1..=50).contains(&body.stage) {
        return Err(Error::field("stage", "OUT_OF_RANGE", "阶段应为 1 到 50"));
    }
    agreed(ctx).await?;
    let me = ctx.member()?.person_id;
    let mut numbers = Vec::new();
    for test in TestKind::ALL {
        numbers.push((*test, records::number(&ctx.kit, ContractRecordKind::StageInspection.prefix()).await?));
    }
    once(ctx, "stage.begin", key, &payload, async |tx| {
        let begun = store::of_kind(&**tx, ContractRecordKind::StageInspection).await?;
        if begun.iter().any(|r| r.stage == body.stage) {
            return Err(Error::new(Code::ActionNotAllowed).detail("这个阶段的检测已经开始"));
        }
        let mut rows = Vec::new();
        for (test, number) in numbers.clone() {
            let new = NewRecord {
                id: ctx.kit.ids.fresh()?,
                kind: ContractRecordKind::StageInspection,
                number,
                state: ContractRecordState::Open,
                subject: test.wire(),
                stage: body.stage,
                started_at: ctx.now,
                clock: None,
                named_due_at: None,
                created_by: Some(me),
            };
            let row = new.row(ctx.now);
            records::open(&ctx.kit, tx, &row, &*book::book(&ctx.kit).await?).await?;
            rows.push(row);
        }
        let shown = Page::whole(shown::milestones(ctx, rows).await?);
        Stored::created("/api/v1/contract/milestones", None, &shown)
    })
    .await
}

/// What the caller can do with a milestone.
pub(in crate::contract) fn allowed(ctx: &Ctx, row: &record::Model) -> Result<Vec<MilestoneAction>> {
    let Some(side) = is_party(ctx) else { return Ok(Vec::new()) };
    let (kind, state) = (records::kind(row)?, records::state(row)?);
    let provides = kind.provider() == side;
    // A plan is written on as the work goes on; the other milestones are done when they are accepted.
    let again = kind == ContractRecordKind::DevPlan && state == ContractRecordState::Accepted;
    let mut can = Vec::new();
    if provides && (matches!(state, ContractRecordState::Open | ContractRecordState::Returned) || again) {
        can.push(MilestoneAction::Submit);
    }
    if !provides && state == ContractRecordState::Submitted {
        can.extend([MilestoneAction::Accept, MilestoneAction::Return]);
    }
    if kind == ContractRecordKind::DevPlan
        && side == Side::Client
        && state == ContractRecordState::Open
        && row.clock.is_none()
    {
        can.push(MilestoneAction::Demand);
    }
    Ok(can)
}

/// Submits, accepts, returns, or sets the date of the plan.
///
/// # Errors
/// 403, 404, 412; 409 with what is allowed instead; 422 naming the field.
pub async fn act(ctx: &Ctx, id: Uuid, seen: i64, body: MilestoneAct) -> Result<Milestone> {
    enter(ctx, Action::ReadContract)?;
    party(ctx)?;
    let asked = match &body {
        MilestoneAct::Submit { .. } => MilestoneAction::Submit,
        MilestoneAct::Accept {} => MilestoneAction::Accept,
        MilestoneAct::Return { .. } => MilestoneAction::Return,
        MilestoneAct::Demand { .. } => MilestoneAction::Demand,
    };
    let tx = ctx.kit.db.write_tx().await?;
    let mut held = Held::begin(ctx, &tx, (id, seen), ContractRecordKind::is_milestone).await?;
    let can = allowed(ctx, &held.row)?;
    if !can.contains(&asked) {
        return Err(records::not_now(&can.iter().map(|a| a.wire()).collect::<Vec<_>>()));
    }
    let kind = records::kind(&held.row)?;
    let title = format!("{} {}", kind.title(), held.row.number);
    let left = match body {
        MilestoneAct::Submit { text, attachment_ids } => {
            let text = checked("text", &text, Lines::Many, LONG)?;
            let content = submit(&mut held, &text, &attachment_ids).await?;
            let told = Some((other(kind.provider()), format!("{title} 已提交，请确认")));
            let number = i32::try_from(held.versions.len()).unwrap_or(i32::MAX);
            Left { action: "milestone.submitted", detail: json!({ "number": number }), content, told }
        }
        MilestoneAct::Accept {} => {
            decide(&mut held, ContractRecordState::Accepted, None).await?;
            let told = Some((kind.provider(), format!("{title} 已确认")));
            Left { action: "milestone.accepted", detail: json!({}), content: Vec::new(), told }
        }
        MilestoneAct::Return { reason } => {
            let reason = checked("reason", &reason, Lines::Many, SHORT)?;
            let content = decide(&mut held, ContractRecordState::Returned, Some(&reason)).await?;
            let told = Some((kind.provider(), format!("{title} 已退回，请修改后再提交")));
            Left { action: "milestone.returned", detail: json!({}), content, told }
        }
        MilestoneAct::Demand { due_at } => {
            if due_at <= ctx.now {
                return Err(Error::field("due_at", "IN_PAST", "日期要晚于现在"));
            }
            if due_at.since(ctx.now) > MOST_AHEAD_MS {
                return Err(Error::field("due_at", "TOO_FAR", "日期不能超过一年"));
            }
            held.row.clock = Some("X".to_owned());
            held.row.started_at = ctx.now;
            held.row.named_due_at = Some(due_at);
            let told = Some((Side::Vendor, format!("{title} 甲方已指定提交日期")));
            Left { action: "milestone.demanded", detail: json!({}), content: Vec::new(), told }
        }
    };
    held.finish(left).await?;
    tx.commit().await?;
    show(ctx, id).await
}

async fn submit(held: &mut Held<'_>, text: &str, files: &[Uuid]) -> Result<Vec<Vec<u8>>> {
    let ctx = held.ctx;
    if files.len() > MOST_FILES {
        return Err(Error::field("attachment_ids", "TOO_MANY", format!("最多 {MOST_FILES} 个附件")));
    }
    let id = ctx.kit.ids.fresh()?;
    let text = held.key.seal(TEXT, id, text.as_bytes())?;
    files::link_to_record(ctx, &**held.tx, files, held.row.id, &held.key).await?;
    let last = held.versions.last().map_or(0, |v| v.number);
    let row = version::Model {
        id,
        record_id: held.row.id,
        number: last + 1,
        state: "submitted".to_owned(),
        text_sealed: text.clone(),
        attachments: serde_json::to_string(files).map_err(|e| Error::new(Code::Internal).because(e))?,
        author_id: ctx.member()?.person_id,
        at: ctx.now,
        decided_by: None,
        decided_at: None,
        reason_sealed: None,
    };
    store::insert_version(held.tx, row.clone()).await?;
    held.versions.push(row);
    ContractRecordState::Submitted.wire().clone_into(&mut held.row.state);
    Ok(vec![text.0])
}

async fn decide(held: &mut Held<'_>, to: ContractRecordState, reason: Option<&str>) -> Result<Vec<Vec<u8>>> {
    let last = held.versions.last().cloned();
    let last = last.ok_or_else(|| Error::new(Code::Internal).because("submitted without a version"))?;
    let reason = reason.map(|r| held.key.seal(RETURN_REASON, last.id, r.as_bytes())).transpose()?;
    let decided = version::Model {
        state: to.wire().to_owned(),
        decided_by: held.ctx.actor.person_id(),
        decided_at: Some(held.ctx.now),
        reason_sealed: reason.clone(),
        ..last
    };
    store::update_version(held.tx, decided).await?;
    to.wire().clone_into(&mut held.row.state);
    held.row.closed_at = None;
    Ok(reason.into_iter().map(|r| r.0).collect())
}

/// Derives what still runs with what is in force now; who waits for it is told when its deadline moved.
///
/// # Errors
/// What the database says.
pub(in crate::contract) async fn derive_again(kit: &Kit) -> Result<u32> {
    let (db, now) = (kit.db.reader(), kit.clock.now());
    let book = book::book(kit).await?;
    let mut moved = 0;
    let counted =
        [ContractRecordKind::RequirementDoc, ContractRecordKind::DevPlan, ContractRecordKind::FirstReport];
    for kind in counted {
        for row in store::of_kind(db, kind).await? {
            if duties::Stored::of(db, &[row.id]).await?.behind(row.id, &book, now).is_none() {
                continue;
            }
            let clocks = records::clocks_of(&row, None, &book, now);
            let record = records::duty_record(&row)?;
            let tx = kit.db.write_tx().await?;
            // Somebody may have submitted it meanwhile: then their transaction has derived it.
            let held = store::lock(&tx, row.id).await?;
            if held.is_none_or(|held| held.version != row.version) {
                continue;
            }
            duties::save(kit, &tx, now, &book, &record, (&clocks, &clocks)).await?;
            let before = records::clocks_of(&row, None, &book, book.at(now).from.plus_millis(-1));
            if let Some((was, is)) = before.first().zip(clocks.first()).filter(|(b, a)| b.due_at != a.due_at)
            {
                records::moved(kit, &tx, &row, was.due_at, is.due_at).await?;
                moved += 1;
            }
            tx.commit().await?;
        }
    }
    Ok(moved)
}
