//! Planning a class: one side proposes, the other agrees; whatever is changed afterwards needs the other side again.

use chrono::Datelike;
use serde_json::json;
use uuid::Uuid;

use super::{enter, seal_texts, speakers, tell, view, when};
use crate::classes::entity::class;
use crate::classes::model::{ALL, ClassState, Texts};
use crate::classes::requests::NewClass;
use crate::classes::store;
use crate::contract;
use crate::courses;
use crate::identity::people;
use crate::identity::policy::{Action, Facts};
use crate::kit::actor::{Role, Side};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::Sealed;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::http::IdempotencyKey;
use crate::kit::http::idempotency::{Answer, Stored, once};
use crate::kit::text::{Lines, checked, optional};
use crate::ledger;

const LONGEST_MS: i64 = 12 * 3_600_000;
const MOST_AHEAD_MS: i64 = 366 * 86_400_000;
const MOST_PEOPLE: i32 = 10_000;

/// Proposes a class.
///
/// # Errors
/// 403 for others than those who speak for a side; 409 before the agreement is set up; 422 naming the field.
pub async fn propose(ctx: &Ctx, idempotency: &IdempotencyKey, body: NewClass) -> Result<Answer> {
    enter(ctx, Action::ProposeClass, &Facts::Nothing)?;
    let payload = serde_json::to_vec(&body).map_err(|e| Error::new(Code::Internal).because(e))?;
    let me = ctx.member()?.clone();
    let mut plan = checked_plan(ctx, body).await?;
    if plan.trainer_id.is_none() && me.side == Side::Vendor {
        plan.trainer_id = Some(me.person_id);
    }
    let key = contract::key(ctx).await?;
    let year = ctx.now.shanghai_date().year();
    let number = ctx.kit.db.next_number(&format!("class.{year}")).await?;
    let mut row = class::Model {
        id: ctx.kit.ids.fresh()?,
        version: 1,
        number: format!("PX-{year}-{number:06}"),
        category: plan.category.wire().to_owned(),
        course_id: plan.course_id,
        mode: plan.mode.wire().to_owned(),
        state: ClassState::Proposed.wire().to_owned(),
        texts_sealed: Sealed(Vec::new()),
        starts_at: plan.starts_at,
        ends_at: plan.ends_at,
        trainer_id: plan.trainer_id,
        departments: names(&plan.departments)?,
        capacity: plan.capacity,
        proposed_by: me.person_id,
        proposed_side: me.side.wire().to_owned(),
        announced_at: None,
        agreed_by: None,
        agreed_at: None,
        code_secret_sealed: None,
        finished_at: None,
        client_signed_by: None,
        client_signed_at: None,
        vendor_signed_by: None,
        vendor_signed_at: None,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    let texts = Texts { title: plan.title, place: plan.place, agenda: plan.agenda, ..Texts::default() };
    seal_texts(&mut row, &texts, &key)?;
    once(ctx, "classes.propose", idempotency, &payload, async |tx| {
        store::insert(tx, row.clone()).await?;
        enter_plan(ctx, tx, &row, "class.proposed").await?;
        let text = format!("{} 培训计划待你方同意：{} 开始", row.number, when(row.starts_at));
        tell(ctx, tx, &row, &[speakers(other(me.side))], "class.proposed", text).await?;
        let people = people::named(ctx, &**tx, row.trainer_id).await?;
        let mut shown = view(&row, texts.clone(), 0, None, &people)?;
        let standing = super::standing(ctx, &row, None, 0).await?;
        shown.allowed_actions = super::allowed(ctx, &row, &standing);
        Stored::created(format!("/api/v1/training-sessions/{}", row.id), row.version, &shown)
    })
    .await
}

pub(super) const fn other(side: Side) -> Side {
    match side {
        Side::Client => Side::Vendor,
        Side::Vendor => Side::Client,
    }
}

pub(super) fn names(departments: &[String]) -> Result<String> {
    serde_json::to_string(departments).map_err(|e| Error::new(Code::Internal).because(e))
}

/// The ledger entry of a plan: its facts in the open, its words by their digest.
pub(super) async fn enter_plan(
    ctx: &Ctx,
    tx: &crate::kit::db::WriteTx,
    row: &class::Model,
    action: &'static str,
) -> Result<()> {
    let entry = ledger::Entry {
        action,
        object_kind: "class",
        object_id: row.id,
        detail: json!({
            "number": row.number, "category": row.category, "course": row.course_id, "mode": row.mode,
            "starts_at": row.starts_at, "ends_at": row.ends_at, "trainer": row.trainer_id,
            "departments": row.departments, "capacity": row.capacity, "state": row.state,
        }),
        content: &[&row.texts_sealed.0],
    };
    ledger::append(ctx, &**tx, entry).await?;
    Ok(())
}

/// A plan as it may stand: the words trimmed, the times possible, everybody it names there.
pub(super) async fn checked_plan(ctx: &Ctx, mut plan: NewClass) -> Result<NewClass> {
    plan.title = checked("title", &plan.title, Lines::One, 80)?;
    plan.place = optional("place", Some(&plan.place), Lines::One, 200)?.unwrap_or_default();
    plan.agenda = optional("agenda", Some(&plan.agenda), Lines::Many, 2000)?.unwrap_or_default();
    check_times(plan.starts_at, plan.ends_at, ctx.now)?;
    if plan.capacity.is_some_and(|most| !(1..=MOST_PEOPLE).contains(&most)) {
        return Err(Error::field("capacity", "OUT_OF_RANGE", "人数上限应为 1 到 10000"));
    }
    plan.departments = known_departments(ctx, plan.departments).await?;
    if let Some(course) = plan.course_id {
        let catalog = courses::published(&ctx.kit).await?;
        let known = catalog.course(course).is_some_and(|c| c.category == plan.category);
        if !known {
            return Err(Error::field("course_id", "NOT_FOUND", "这一类别下没有这门已发布的课程"));
        }
    }
    if let Some(trainer) = plan.trainer_id {
        require_trainer(ctx, trainer).await?;
    }
    Ok(plan)
}

fn check_times(starts_at: Timestamp, ends_at: Timestamp, now: Timestamp) -> Result<()> {
    if starts_at <= now {
        return Err(Error::field("starts_at", "IN_PAST", "开始时间要晚于现在"));
    }
    if starts_at.since(now) > MOST_AHEAD_MS {
        return Err(Error::field("starts_at", "TOO_FAR", "开始时间不能超过一年"));
    }
    if !(1..=LONGEST_MS).contains(&ends_at.since(starts_at)) {
        return Err(Error::field("ends_at", "OUT_OF_RANGE", "结束时间应在开始之后的 12 小时内"));
    }
    Ok(())
}

async fn known_departments(ctx: &Ctx, mut asked: Vec<String>) -> Result<Vec<String>> {
    if asked.is_empty() || asked.iter().any(|name| name == ALL) {
        return Ok(vec![ALL.to_owned()]);
    }
    asked.sort();
    asked.dedup();
    let known = people::departments(ctx.kit.db.reader(), Side::Client).await?;
    match asked.iter().position(|name| !known.iter().any(|d| d.name == *name)) {
        Some(at) => Err(Error::field(format!("departments[{at}]"), "NOT_FOUND", "甲方没有这个部门")),
        None => Ok(asked),
    }
}

async fn require_trainer(ctx: &Ctx, id: Uuid) -> Result<()> {
    let member = people::member_of(ctx, ctx.kit.db.reader(), id).await?;
    let trains = |m: crate::kit::actor::Member| {
        m.roles.contains(&Role::VendorAgent) || m.roles.contains(&Role::VendorLead)
    };
    if member.is_some_and(trains) {
        return Ok(());
    }
    Err(Error::field("trainer_id", "NOT_FOUND", "讲师应是乙方的在职人员"))
}
