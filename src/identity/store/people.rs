//! People and departments.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::super::entity::{department, person};
use super::super::model::ACTIVE;
use super::super::people::Enrolled;
use crate::kit::actor::{Role, Side};
use crate::kit::clock::Timestamp;
use crate::kit::db::{Columns, Fetch, Sql};
use crate::kit::error::Result;

/// SQLite takes 32,766 parameters in one statement, but plans get slow long before.
const IDS_PER_QUERY: usize = 500;

type Named = (person::Model, Option<String>);

pub async fn person(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<person::Model>> {
    Ok(person::Entity::find_by_id(id).one(db).await?)
}

pub async fn people_with_departments(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Named>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS_PER_QUERY) {
        let query = person::Entity::find().filter(person::Column::Id.is_in(some.to_vec()));
        all.extend(named(query.find_also_related(department::Entity).all(db).await?));
    }
    Ok(all)
}

pub async fn active_people(
    db: &impl ConnectionTrait,
    side: Side,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Named>> {
    let mut query = person::Entity::find()
        .filter(person::Column::Party.eq(side.wire()))
        .filter(person::Column::Status.eq(ACTIVE))
        .order_by_asc(person::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(person::Column::Id.gt(after));
    }
    Ok(named(query.find_also_related(department::Entity).all(db).await?))
}

/// Ids and roles of those who are more than employees; the condition is that of the index `people_staff`.
pub async fn staff(db: &impl Fetch) -> Result<Vec<(Uuid, String)>> {
    let mut sql = Sql::default();
    sql.push("SELECT id, roles FROM people WHERE party IN ('client', 'vendor')");
    sql.push(" AND status = 'active' AND roles <> 'employee'");
    sql.all(db, |columns: &mut Columns<'_>| Ok((columns.take()?, columns.take()?))).await
}

pub async fn still_there(db: &impl Fetch, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut there = Vec::with_capacity(ids.len());
    for some in ids.chunks(IDS_PER_QUERY) {
        let mut sql = Sql::default();
        sql.push("SELECT id FROM people WHERE status = 'active' AND id IN ").bind_all(some.iter().copied());
        there.extend(sql.all(db, |columns| columns.take::<Uuid>()).await?);
    }
    Ok(there)
}

/// # Errors
/// What the database says.
pub async fn department_names(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<(Uuid, String)>> {
    let query = department::Entity::find().filter(department::Column::Id.is_in(ids)).select_only();
    let query = query.columns([department::Column::Id, department::Column::Name]);
    Ok(query.into_tuple().all(db).await?)
}

/// # Errors
/// What the database says.
pub async fn departments(db: &impl ConnectionTrait, side: Side) -> Result<Vec<department::Model>> {
    let query = department::Entity::find().filter(department::Column::Party.eq(side.wire()));
    Ok(query.order_by_asc(department::Column::Name).all(db).await?)
}

/// # Errors
/// What the database says.
pub async fn roll(db: &impl Fetch, side: Side) -> Result<Vec<Enrolled>> {
    let mut sql = Sql::default();
    sql.push("SELECT id, department_id, created_at FROM people WHERE party = ").bind(side.wire());
    sql.push(" AND status = 'active' ORDER BY id");
    let read = |columns: &mut Columns<'_>| {
        let (id, department_id) = (columns.take()?, columns.take()?);
        Ok(Enrolled { id, department_id, joined_at: Timestamp(columns.take()?) })
    };
    sql.all(db, read).await
}

fn named(rows: Vec<(person::Model, Option<department::Model>)>) -> Vec<Named> {
    rows.into_iter().map(|(person, department)| (person, department.map(|d| d.name))).collect()
}

pub async fn person_by_number(db: &impl ConnectionTrait, index: &[u8]) -> Result<Option<person::Model>> {
    let query = person::Entity::find().filter(person::Column::EmployeeNoBidx.eq(index.to_vec()));
    Ok(query.one(db).await?)
}

/// The person who has both; the numbers are the same one under each party.
pub async fn person_by_phone_and_number(
    db: &impl ConnectionTrait,
    phone: &[u8],
    numbers: Vec<Vec<u8>>,
) -> Result<Option<person::Model>> {
    let query = person::Entity::find()
        .filter(person::Column::PhoneBidx.eq(phone.to_vec()))
        .filter(person::Column::EmployeeNoBidx.is_in(numbers));
    Ok(query.one(db).await?)
}

pub async fn phone_owner(db: &impl ConnectionTrait, index: &[u8]) -> Result<Option<Uuid>> {
    let query = person::Entity::find().filter(person::Column::PhoneBidx.eq(index.to_vec()));
    Ok(query.one(db).await?.map(|row| row.id))
}

/// Makes the number free for somebody else of the same load; the new one follows in the same transaction.
pub async fn release_phone(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    person::Entity::update_many()
        .col_expr(person::Column::PhoneBidx, Expr::value(Option::<Vec<u8>>::None))
        .filter(person::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

pub async fn add_person(tx: &impl ConnectionTrait, row: person::Model) -> Result<()> {
    person::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn replace_person(tx: &impl ConnectionTrait, row: person::Model) -> Result<()> {
    row.into_active_model().reset_all().update(tx).await?;
    Ok(())
}

pub async fn set_status(
    tx: &impl ConnectionTrait,
    row: &person::Model,
    status: &str,
    now: Timestamp,
) -> Result<()> {
    let status = ActiveValue::Set(status.to_owned());
    change(tx, row, person::ActiveModel { status, ..Default::default() }, now).await
}

pub async fn set_roles(
    tx: &impl ConnectionTrait,
    row: &person::Model,
    roles: String,
    now: Timestamp,
) -> Result<()> {
    let roles = ActiveValue::Set(roles);
    change(tx, row, person::ActiveModel { roles, ..Default::default() }, now).await
}

/// Writes these columns, with the next version.
async fn change(
    tx: &impl ConnectionTrait,
    row: &person::Model,
    mut columns: person::ActiveModel,
    now: Timestamp,
) -> Result<()> {
    columns.version = ActiveValue::Set(row.version.saturating_add(1));
    columns.updated_at = ActiveValue::Set(now);
    person::Entity::update_many().set(columns).filter(person::Column::Id.eq(row.id)).exec(tx).await?;
    Ok(())
}

/// Everybody of the client who may see their department; a few.
pub async fn department_viewers(db: &impl ConnectionTrait) -> Result<Vec<Named>> {
    let query = person::Entity::find()
        .filter(person::Column::Party.eq(Side::Client.wire()))
        .filter(person::Column::Status.eq(ACTIVE))
        .filter(person::Column::Roles.contains(Role::DepartmentViewer.wire()))
        .order_by_asc(person::Column::Id);
    Ok(named(query.find_also_related(department::Entity).all(db).await?))
}

pub async fn department(db: &impl ConnectionTrait, side: Side, name: &str) -> Result<Option<Uuid>> {
    let query = department::Entity::find()
        .filter(department::Column::Party.eq(side.wire()))
        .filter(department::Column::Name.eq(name));
    Ok(query.one(db).await?.map(|row| row.id))
}

pub async fn add_department(
    tx: &impl ConnectionTrait,
    id: Uuid,
    side: Side,
    name: &str,
    now: Timestamp,
) -> Result<()> {
    let row = department::Model { id, party: side.wire().to_owned(), name: name.to_owned(), created_at: now };
    department::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}
