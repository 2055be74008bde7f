//! Use cases of classes. Each asks the policy, holds what it changes, and writes rows, notices and the ledger entry in
//! one transaction.

pub mod act;
pub mod evidence;
pub mod plan;
pub mod sign_in;

use uuid::Uuid;

use super::entity::{CODE_SECRET, REASON, TEXTS, attendance, class};
use super::model::{ALL, ClassAction, ClassMode, ClassState, Method, Standing, Texts};
use super::requests::{ClassQuery, ClassScope};
use super::store::{self, Which};
use super::views::{Attendance, ClassView, MyAttendance, RosterSignature, RosterSignatures};
use crate::contract;
use crate::courses::model::Category;
use crate::files;
use crate::identity::policy::{self, Action, ClassFacts, Facts, authorise};
use crate::identity::{consent, people};
use crate::kit::actor::{Role, Side};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::DataKey;
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::{Cursor, Page, window};
use crate::notices::{Notice, Recipient};

const MOST_FILES: usize = 9;

/// Bound, consented and permitted.
fn enter(ctx: &Ctx, action: Action, facts: &Facts<'_>) -> Result<()> {
    authorise(&ctx.actor, action, facts)?;
    consent::require(ctx)
}

fn facts(row: &class::Model) -> ClassFacts {
    ClassFacts { announced: row.announced_at.is_some(), trainer: row.trainer_id }
}

/// A class that the caller sees.
fn seen(ctx: &Ctx, row: Option<class::Model>, action: Action) -> Result<class::Model> {
    let Some(row) = row else {
        enter(ctx, Action::ListClasses, &Facts::Nothing)?;
        return Err(Error::new(Code::NotFound));
    };
    enter(ctx, action, &Facts::Class(&facts(&row)))?;
    Ok(row)
}

fn unknown(what: &str) -> Error {
    Error::new(Code::Internal).because(format!("classes.{what}"))
}

fn state(row: &class::Model) -> Result<ClassState> {
    ClassState::from_wire(&row.state).ok_or_else(|| unknown("state"))
}

fn departments(row: &class::Model) -> Result<Vec<String>> {
    serde_json::from_str(&row.departments).map_err(|_| unknown("departments"))
}

fn texts(row: &class::Model, key: &DataKey) -> Result<Texts> {
    let plain = key.open(TEXTS, row.id, &row.texts_sealed)?;
    serde_json::from_slice(&plain).map_err(|_| unknown("texts"))
}

fn seal_texts(row: &mut class::Model, texts: &Texts, key: &DataKey) -> Result<()> {
    let plain = serde_json::to_vec(texts).map_err(|e| Error::new(Code::Internal).because(e))?;
    row.texts_sealed = key.seal(TEXTS, row.id, &plain)?;
    Ok(())
}

/// The name of the caller's department.
async fn my_department(ctx: &Ctx) -> Result<Option<String>> {
    let Some(id) = ctx.member()?.department_id else { return Ok(None) };
    let names = people::department_names(ctx.kit.db.reader(), [id]).await?;
    Ok(names.get(&id).map(|name| name.to_string()))
}

/// What decides what the caller can do with it now.
async fn standing(
    ctx: &Ctx,
    row: &class::Model,
    mine: Option<&attendance::Model>,
    enrolled: i64,
) -> Result<Standing> {
    let side = ctx.side()?;
    let invited = departments(row)?;
    let mine_is = my_department(ctx).await?;
    let is_mine = |name: &String| name == ALL || Some(name) == mine_is.as_ref();
    Ok(Standing {
        state: state(row)?,
        proposed_side: Side::from_wire(&row.proposed_side).ok_or_else(|| unknown("proposed_side"))?,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        client_signed: row.client_signed_at.is_some(),
        vendor_signed: row.vendor_signed_at.is_some(),
        side,
        invited: side == Side::Client && invited.iter().any(is_mine),
        enrolled: mine.is_some_and(|m| m.enrolled_at.is_some()),
        full: row.capacity.is_some_and(|most| enrolled >= i64::from(most)),
    })
}

/// What the caller can do with it now.
fn allowed(ctx: &Ctx, row: &class::Model, standing: &Standing) -> Vec<ClassAction> {
    let facts = facts(row);
    let may = |action: &ClassAction| {
        let verdict = policy::decide(&ctx.actor, action.policy(), &Facts::Class(&facts));
        verdict == policy::Verdict::Allow && action.is_open(standing, ctx.now)
    };
    ClassAction::ALL.iter().copied().filter(may).collect()
}

fn not_now(allowed: &[ClassAction]) -> Error {
    let names: Vec<&str> = allowed.iter().map(|a| a.wire()).collect();
    Error::new(Code::ActionNotAllowed).with("allowed_actions", names)
}

/// Tells these people about a class; whoever did it is not told.
async fn tell(
    ctx: &Ctx,
    tx: &crate::kit::db::WriteTx,
    row: &class::Model,
    to: &[Recipient],
    event: &str,
    text: String,
) -> Result<()> {
    let notice = Notice {
        event: event.to_owned(),
        object_kind: "class",
        object_id: row.id,
        number: row.number.clone(),
        text,
        urgent: false,
        by: ctx.actor.person_id(),
    };
    crate::notices::tell(&ctx.kit, tx, ctx.now, to, &notice).await
}

/// Who speaks for a side.
const fn speakers(side: Side) -> Recipient {
    match side {
        Side::Client => Recipient::Role(Role::ClientManager),
        Side::Vendor => Recipient::Role(Role::VendorLead),
    }
}

/// `11-20 14:00`, as people in China read a clock.
fn when(at: Timestamp) -> String {
    at.shanghai().format("%m-%d %H:%M").to_string()
}

/// A page of classes as this person sees them.
///
/// # Errors
/// 403, 428; 409 before the agreement is set up; 422 naming the parameter.
pub async fn list(ctx: &Ctx, query: &ClassQuery) -> Result<Page<ClassView>> {
    enter(ctx, Action::ListClasses, &Facts::Nothing)?;
    let (limit, after) = window(query.limit, query.cursor.as_deref())?;
    let db = ctx.kit.db.reader();
    let key = contract::key(ctx).await?;
    let proposal = ClassFacts { announced: false, trainer: None };
    let sees_plans = policy::decide(&ctx.actor, Action::ViewClass, &Facts::Class(&proposal));
    let which = Which {
        scope: query.scope.unwrap_or(ClassScope::Upcoming),
        announced: sees_plans != policy::Verdict::Allow,
        me: ctx.member()?.person_id,
    };
    let rows = store::page(db, &which, limit, after).await?;
    let page = Page::from_surplus(rows, limit, |r| Cursor { key: r.starts_at.0, id: r.id });
    let ids: Vec<Uuid> = page.items.iter().map(|r| r.id).collect();
    let (enrolled, mine) = (store::enrolled(db, &ids).await?, store::of_person(db, &ids, which.me).await?);
    let named = page.items.iter().flat_map(people_of).collect::<Vec<_>>();
    let names = people::named(ctx, db, named).await?;
    let mut items = Vec::new();
    for row in &page.items {
        let count = enrolled.get(&row.id).copied().unwrap_or(0);
        items.push(view(row, texts(row, &key)?, count, mine.get(&row.id), &names)?);
    }
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// One class with all that the caller may see.
///
/// # Errors
/// 403, 404, 428; 409 before the agreement is set up.
pub async fn show(ctx: &Ctx, id: Uuid) -> Result<ClassView> {
    let db = ctx.kit.db.reader();
    let row = seen(ctx, store::find(db, id).await?, Action::ViewClass)?;
    whole(ctx, &row).await
}

async fn whole(ctx: &Ctx, row: &class::Model) -> Result<ClassView> {
    let db = ctx.kit.db.reader();
    let key = contract::key(ctx).await?;
    let me = ctx.member()?.person_id;
    let enrolled = store::enrolled(db, &[row.id]).await?.get(&row.id).copied().unwrap_or(0);
    let mine = store::of_person(db, &[row.id], me).await?.remove(&row.id);
    let may = policy::decide(&ctx.actor, Action::SeeRoster, &Facts::Class(&facts(row)));
    let sees_roster = may == policy::Verdict::Allow;
    let roster = if sees_roster { store::roster(db, row.id).await? } else { Vec::new() };
    let named = people_of(row).into_iter().chain(roster.iter().map(|r| r.person_id));
    let names = people::named(ctx, db, named.collect::<Vec<_>>()).await?;
    let mut view = view(row, texts(row, &key)?, enrolled, mine.as_ref(), &names)?;
    view.allowed_actions = allowed(ctx, row, &standing(ctx, row, mine.as_ref(), enrolled).await?);
    if sees_roster {
        view.photos = files::of_record(db, &[row.id], &key).await?.remove(&row.id).unwrap_or_default();
        view.roster = Some(lines(&roster, &names, &key)?);
    }
    Ok(view)
}

type Names = std::collections::HashMap<Uuid, people::PersonRef>;

fn people_of(row: &class::Model) -> Vec<Uuid> {
    let named = [row.trainer_id, row.agreed_by, row.client_signed_by, row.vendor_signed_by];
    named.into_iter().flatten().collect()
}

fn lines(roster: &[attendance::Model], names: &Names, key: &DataKey) -> Result<Vec<Attendance>> {
    let line = |row: &attendance::Model| {
        let person = names.get(&row.person_id).cloned().ok_or_else(|| unknown("person"))?;
        Ok(Attendance {
            person,
            enrolled: row.enrolled_at.is_some(),
            signed_in_at: row.signed_in_at,
            method: row.method.as_deref().and_then(Method::from_wire),
            signed_out_at: row.signed_out_at,
            reason: row.reason_sealed.as_ref().map(|r| key.open_text(REASON, row.id, r)).transpose()?,
        })
    };
    roster.iter().map(line).collect()
}

fn view(
    row: &class::Model,
    texts: Texts,
    enrolled: i64,
    mine: Option<&attendance::Model>,
    names: &Names,
) -> Result<ClassView> {
    let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned());
    let signature = |by, at: Option<Timestamp>| at.map(|at| RosterSignature { by: name(by), at });
    Ok(ClassView {
        id: row.id,
        number: row.number.clone(),
        version: row.version,
        category: Category::from_wire(&row.category).ok_or_else(|| unknown("category"))?,
        course_id: row.course_id,
        title: texts.title,
        mode: ClassMode::from_wire(&row.mode).ok_or_else(|| unknown("mode"))?,
        place: texts.place,
        agenda: texts.agenda,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        trainer: name(row.trainer_id),
        departments: departments(row)?,
        capacity: row.capacity,
        state: state(row)?,
        agreed_by: name(row.agreed_by),
        agreed_at: row.agreed_at,
        reason: texts.reason,
        enrolled,
        my: MyAttendance {
            enrolled: mine.is_some_and(|m| m.enrolled_at.is_some()),
            signed_in_at: mine.and_then(|m| m.signed_in_at),
            signed_out_at: mine.and_then(|m| m.signed_out_at),
        },
        minutes: texts.minutes,
        photos: Vec::new(),
        roster: None,
        signed: RosterSignatures {
            client: signature(row.client_signed_by, row.client_signed_at),
            vendor: signature(row.vendor_signed_by, row.vendor_signed_at),
        },
        allowed_actions: Vec::new(),
    })
}

/// What the codes of this class are made of.
fn secret(row: &class::Model, key: &DataKey) -> Result<zeroize::Zeroizing<Vec<u8>>> {
    let sealed = row.code_secret_sealed.as_ref().ok_or_else(|| unknown("code_secret"))?;
    key.open(CODE_SECRET, row.id, sealed)
}
