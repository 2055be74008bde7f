//! Façade: people as other features see them. Names are masked for everybody but the person itself.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;

use moka::sync::Cache;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{NAME, PHONE, person};
use super::policy::{Action, Facts, authorise};
use super::service::binding::employee_no_index;
use super::{model, store};
use crate::kit::Kit;
use crate::kit::actor::{Member, Role, Side};
use crate::kit::clock::Timestamp;
use crate::kit::crypto::{DataKey, blind};
use crate::kit::ctx::Ctx;
use crate::kit::db::Fetch;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::{Cursor, Page};
use crate::kit::shared_text::SharedText;

/// A person as lists and timelines show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonRef {
    pub id: Uuid,
    /// Masked (`张*`) unless it is the caller.
    #[schema(value_type = String, examples("张*"))]
    pub display_name: SharedText,
    pub party: Side,
    #[schema(value_type = Option<String>)]
    pub department: Option<SharedText>,
}

/// A person that work can be given to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Colleague {
    #[serde(flatten)]
    pub person: PersonRef,
    pub roles: Vec<Role>,
}

/// Unmasked, for a reveal; the caller records it with [`super::reveals::record`].
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    /// E.164 digits without `+`.
    pub phone: Option<String>,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contact(…)")
    }
}

/// What stands for somebody whose key was destroyed.
const SHREDDED: &str = "（已注销）";

/// The membership of a person who is still there; `None` for unknown people and leavers.
///
/// # Errors
/// What the database says.
pub async fn member_of(_ctx: &Ctx, db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Member>> {
    Ok(store::person(db, id).await?.as_ref().and_then(member_from))
}

/// Somebody of the vendor who acts from the command line, by the number in the roster.
///
/// # Errors
/// 404 for a number that is not there, or whose person has left.
pub async fn vendor_by_number(kit: &Kit, employee_no: &str) -> Result<Member> {
    let number = blind::employee_no("employee_no", employee_no)?;
    let index = employee_no_index(kit, Side::Vendor, &number)?;
    let row = store::person_by_number(kit.db.reader(), &index).await?;
    let unknown = || Error::new(Code::NotFound).detail("乙方名册里没有这个工号，或此人已离职");
    row.as_ref().and_then(member_from).ok_or_else(unknown)
}

/// Somebody with more than an employee's role.
#[derive(Clone, Debug)]
pub struct Staff {
    pub id: Uuid,
    pub roles: Vec<Role>,
}

/// Everybody who is told things by their role: a few of both sides, out of an index of their own.
///
/// # Errors
/// What the database says.
pub async fn staff(db: &impl Fetch) -> Result<Vec<Staff>> {
    let rows = store::staff(db).await?;
    Ok(rows.into_iter().map(|(id, roles)| Staff { id, roles: model::roles_from(&roles) }).collect())
}

/// Those of these people who have not left.
///
/// # Errors
/// What the database says.
pub async fn still_there(db: &impl Fetch, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    store::still_there(db, ids).await
}

/// A department by its name.
#[derive(Clone, Debug)]
pub struct Department {
    pub id: Uuid,
    pub name: String,
}

/// The departments of one side, by name.
///
/// # Errors
/// What the database says.
pub async fn departments(db: &impl ConnectionTrait, side: Side) -> Result<Vec<Department>> {
    let rows = store::departments(db, side).await?;
    Ok(rows.into_iter().map(|row| Department { id: row.id, name: row.name }).collect())
}

/// Somebody on the roll of one side, without a name.
#[derive(Clone, Debug)]
pub struct Enrolled {
    pub id: Uuid,
    pub department_id: Option<Uuid>,
    pub joined_at: Timestamp,
}

/// Everybody of one side who is still there.
///
/// # Errors
/// What the database says.
pub async fn roll(db: &impl Fetch, side: Side) -> Result<Vec<Enrolled>> {
    store::roll(db, side).await
}

/// When somebody came onto the roster; `None` for unknown people.
///
/// # Errors
/// What the database says.
pub async fn joined_at(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Timestamp>> {
    Ok(store::person(db, id).await?.map(|row| row.created_at))
}

/// `张**`, for somebody who holds a certificate up; one whose key was destroyed has none.
///
/// # Errors
/// What the database says; a name that cannot be opened.
pub async fn initials(kit: &Kit, db: &impl ConnectionTrait, id: Uuid) -> Result<Option<String>> {
    let Some(row) = store::person(db, id).await? else { return Ok(None) };
    let keys = kit.vault.keys_alive(db, &[row.key_id]).await?;
    let Some(key) = keys.get(&row.key_id) else { return Ok(None) };
    let name = key.open_text(NAME, row.id, &row.name_sealed)?;
    Ok(name.chars().next().map(|first| format!("{first}**")))
}

/// Name and phone, unmasked.
///
/// # Errors
/// 404 for an unknown person; `DECRYPT_FAILED` for one whose key was destroyed.
pub async fn contact_of(ctx: &Ctx, db: &impl ConnectionTrait, id: Uuid) -> Result<Contact> {
    let row = store::person(db, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let key = ctx.kit.vault.key(db, row.key_id).await?;
    Ok(Contact {
        name: key.open_text(NAME, row.id, &row.name_sealed)?,
        phone: row.phone_sealed.as_ref().map(|p| key.open_text(PHONE, row.id, p)).transpose()?,
    })
}

/// The key of a person's data: what somebody brings in seals under it until it belongs to a ticket.
///
/// # Errors
/// 404 for an unknown person; `DECRYPT_FAILED` for one whose key was destroyed.
pub async fn key_of(ctx: &Ctx, db: &impl ConnectionTrait, id: Uuid) -> Result<DataKey> {
    let row = store::person(db, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    ctx.kit.vault.key(db, row.key_id).await
}

/// A page of the people of one side, for whom work is assigned to or reported for.
///
/// # Errors
/// 403 for others than the vendor's people; what the database says.
pub async fn page(ctx: &Ctx, side: Side, limit: u64, after: Option<Cursor>) -> Result<Page<Colleague>> {
    authorise(&ctx.actor, Action::ListPeople, &Facts::Nothing)?;
    let db = ctx.kit.db.reader();
    let rows = store::active_people(db, side, after.map(|c| c.id), limit.saturating_add(1)).await?;
    let people = build(ctx, db, rows).await?;
    Ok(Page::from_surplus(people, limit, |p| Cursor { key: 0, id: p.person.id }))
}

/// The membership that a roster row gives; leavers have none.
pub(super) fn member_from(row: &person::Model) -> Option<Member> {
    (row.status == model::ACTIVE).then_some(())?;
    Some(Member {
        person_id: row.id,
        side: Side::from_wire(&row.party)?,
        roles: model::roles_from(&row.roles),
        department_id: row.department_id,
    })
}

/// A person as opened before. Good while the key lives and until the roster changes in this process; gone
/// after a minute like the keys themselves, for what another process changed.
#[derive(Clone)]
struct Opened {
    key_id: Uuid,
    whole: PersonRef,
    masked: SharedText,
}

/// Everybody of a large company; as many as sessions are remembered of.
static OPENED: LazyLock<Cache<Uuid, Opened>> =
    LazyLock::new(|| Cache::builder().max_capacity(50_000).time_to_live(Duration::from_secs(60)).build());

/// Names of departments; there are few, and none ever gets another name.
static DEPARTMENTS: LazyLock<Cache<Uuid, SharedText>> = LazyLock::new(|| Cache::new(10_000));

/// After a change of the roster: nobody is shown as they were before.
pub(super) fn forget_opened() {
    OPENED.invalidate_all();
}

/// The names of departments. Asks the database only for those that were not met before.
///
/// # Errors
/// What the database says.
pub async fn department_names(
    db: &impl ConnectionTrait,
    departments: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, SharedText>> {
    let mut found = HashMap::new();
    let mut missing = Vec::new();
    let mut last = None;
    for id in departments {
        if last.replace(id) == Some(id) || found.contains_key(&id) || missing.contains(&id) {
            continue;
        }
        match DEPARTMENTS.get(&id) {
            Some(name) => drop(found.insert(id, name.apart())),
            None => missing.push(id),
        }
    }
    if !missing.is_empty() {
        for (id, name) in store::department_names(db, missing).await? {
            let name = SharedText::from(name);
            found.insert(id, name.apart());
            DEPARTMENTS.insert(id, name);
        }
    }
    Ok(found)
}

/// The people that rows name, as the caller sees them. Asks the database only for those that were not met
/// lately: on pages of lists they are nearly always the same.
///
/// # Errors
/// What the database says; a name that cannot be opened.
pub async fn named(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, PersonRef>> {
    let mut found: HashMap<Uuid, PersonRef> = HashMap::new();
    let mut missing = Vec::new();
    let mut last = None;
    for id in people {
        // Rows of a list often name one person after the other.
        if last.replace(id) == Some(id) || found.contains_key(&id) || missing.contains(&id) {
            continue;
        }
        let opened = OPENED.get(&id).filter(|o| !ctx.kit.vault.is_doomed(o.key_id));
        match opened {
            Some(opened) => drop(found.insert(id, opened.shown_to(ctx))),
            None => missing.push(id),
        }
    }
    if !missing.is_empty() {
        let rows = store::people_with_departments(db, &missing).await?;
        let key_ids: Vec<Uuid> = rows.iter().map(|(row, _)| row.key_id).collect();
        let keys = ctx.kit.vault.keys_alive(db, &key_ids).await?;
        for (row, department) in rows {
            let opened = opened(row, department, &keys)?;
            found.insert(opened.whole.id, opened.shown_to(ctx));
            if keys.contains_key(&opened.key_id) {
                OPENED.insert(opened.whole.id, opened);
            }
        }
    }
    Ok(found)
}

impl Opened {
    fn shown_to(&self, ctx: &Ctx) -> PersonRef {
        let whole = &self.whole;
        let name = if ctx.actor.person_id() == Some(whole.id) { &whole.display_name } else { &self.masked };
        PersonRef {
            id: whole.id,
            display_name: name.apart(),
            party: whole.party,
            department: whole.department.as_ref().map(SharedText::apart),
        }
    }
}

fn opened(row: person::Model, department: Option<String>, keys: &HashMap<Uuid, DataKey>) -> Result<Opened> {
    let name = keys.get(&row.key_id).map(|key| key.open_text(NAME, row.id, &row.name_sealed)).transpose()?;
    let masked = name.as_deref().map_or_else(|| SHREDDED.to_owned(), model::mask_name);
    let party = Side::from_wire(&row.party);
    let party = party.ok_or_else(|| Error::new(Code::Internal).because("people.party"))?;
    let display_name = name.unwrap_or_else(|| SHREDDED.to_owned());
    Ok(Opened {
        key_id: row.key_id,
        whole: PersonRef {
            id: row.id,
            display_name: display_name.into(),
            party,
            department: department.map(SharedText::from),
        },
        masked: masked.into(),
    })
}

pub(super) async fn build(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    rows: Vec<(person::Model, Option<String>)>,
) -> Result<Vec<Colleague>> {
    let key_ids: Vec<Uuid> = rows.iter().map(|(row, _)| row.key_id).collect();
    let keys = ctx.kit.vault.keys_alive(db, &key_ids).await?;
    rows.into_iter().map(|(row, department)| colleague(ctx, row, department, &keys)).collect()
}

fn colleague(
    ctx: &Ctx,
    row: person::Model,
    department: Option<String>,
    keys: &HashMap<Uuid, DataKey>,
) -> Result<Colleague> {
    let roles = model::roles_from(&row.roles);
    Ok(Colleague { person: opened(row, department, keys)?.shown_to(ctx), roles })
}
