//! Façade: people as other features see them. Names are masked for everybody but the person itself.

use std::collections::HashMap;
use std::fmt;

use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{NAME, PHONE, person};
use super::policy::{Action, Facts, authorise};
use super::{model, store};
use crate::kit::actor::{Member, Role, Side};
use crate::kit::crypto::{DataKey, KeyScope, Sealed};
use crate::kit::ctx::Ctx;
use crate::kit::error::{Code, Error, Result};
use crate::kit::page::{Cursor, Page};

/// A person as lists and timelines show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonRef {
    pub id: Uuid,
    /// Masked (`张*`) unless it is the caller.
    #[schema(examples("张*"))]
    pub display_name: String,
    pub party: Side,
    pub department: Option<String>,
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

/// Refs of those ids that exist: one query for the people, at most one for their keys.
///
/// # Errors
/// What the database says; a name that cannot be opened.
pub async fn refs(ctx: &Ctx, db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, PersonRef>> {
    let rows = store::people_with_departments(db, ids).await?;
    let built = build(ctx, db, rows).await?;
    Ok(built.into_iter().map(|colleague| (colleague.person.id, colleague.person)).collect())
}

/// The membership of a person who is still there; `None` for unknown people and leavers.
///
/// # Errors
/// What the database says.
pub async fn member_of(_ctx: &Ctx, db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Member>> {
    Ok(store::person(db, id).await?.as_ref().and_then(member_from))
}

/// Everybody at the vendor who can be given a ticket.
///
/// # Errors
/// What the database says.
pub async fn vendor_people(ctx: &Ctx) -> Result<Vec<Colleague>> {
    let db = ctx.kit.db.reader();
    let rows = store::active_people(db, Side::Vendor, None, 1_000).await?;
    let mut people = build(ctx, db, rows).await?;
    people.retain(|p| p.roles.iter().any(|r| matches!(r, Role::VendorAgent | Role::VendorLead)));
    Ok(people)
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

/// A person whose columns came with another feature's joined read.
#[derive(Debug)]
pub struct Joined<'a> {
    pub id: Uuid,
    pub party: &'a str,
    pub department: Option<String>,
    pub name_sealed: &'a Sealed,
    pub key_id: Uuid,
    /// NULL for a destroyed key.
    pub wrapped: Option<&'a [u8]>,
}

/// The person as shown; asks the database nothing.
///
/// # Errors
/// A name that cannot be opened.
pub fn from_joined(ctx: &Ctx, row: Joined<'_>) -> Result<PersonRef> {
    let unwrap = |wrapped| ctx.kit.vault.unwrap_row(row.key_id, KeyScope::Person, row.id, Some(wrapped));
    let key = row.wrapped.map(unwrap).transpose()?;
    shown(ctx, row.id, row.party, row.department, row.name_sealed, key.as_ref())
}

async fn build(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    rows: Vec<(person::Model, Option<String>)>,
) -> Result<Vec<Colleague>> {
    let key_ids: Vec<Uuid> = rows.iter().map(|(row, _)| row.key_id).collect();
    let keys = ctx.kit.vault.keys_alive(db, &key_ids).await?;
    rows.into_iter()
        .map(|(row, department)| colleague(ctx, &row, department, keys.get(&row.key_id)))
        .collect()
}

fn colleague(
    ctx: &Ctx,
    row: &person::Model,
    department: Option<String>,
    key: Option<&DataKey>,
) -> Result<Colleague> {
    let person = shown(ctx, row.id, &row.party, department, &row.name_sealed, key)?;
    Ok(Colleague { person, roles: model::roles_from(&row.roles) })
}

fn shown(
    ctx: &Ctx,
    id: Uuid,
    party: &str,
    department: Option<String>,
    name_sealed: &Sealed,
    key: Option<&DataKey>,
) -> Result<PersonRef> {
    let display_name = match key {
        None => SHREDDED.to_owned(),
        Some(key) => {
            let name = key.open_text(NAME, id, name_sealed)?;
            if ctx.actor.person_id() == Some(id) { name } else { model::mask_name(&name) }
        }
    };
    let party = Side::from_wire(party);
    let party = party.ok_or_else(|| Error::new(Code::Internal).because("people.party"))?;
    Ok(PersonRef { id, display_name, party, department })
}
