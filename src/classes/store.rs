//! Queries of classes. A class that people change is held first ([`lock`]); who comes to it stands in rows of their
//! own, so that two hundred who sign in at once do not wait for each other's versions.

use std::collections::HashMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, Order, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::entity::{attendance, class};
use super::model::ClassState;
use super::requests::ClassScope;
use crate::kit::clock::Timestamp;
use crate::kit::db::{Fetch, Sql, WriteTx, write_back};
use crate::kit::error::Result;
use crate::kit::page::Cursor;

/// # Errors
/// What the database says.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<class::Model>> {
    Ok(class::Entity::find_by_id(id).one(db).await?)
}

/// The class, held until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn lock(tx: &WriteTx, id: Uuid) -> Result<Option<class::Model>> {
    Ok(class::Entity::find_by_id(id).lock_exclusive().one(&**tx).await?)
}

/// # Errors
/// What the database says.
pub async fn insert(tx: &WriteTx, row: class::Model) -> Result<()> {
    class::Entity::insert(row.into_active_model()).exec_without_returning(&**tx).await?;
    Ok(())
}

/// Writes the whole row back as the next version; it is held.
///
/// # Errors
/// What the database says.
pub async fn update(tx: &WriteTx, row: &mut class::Model) -> Result<()> {
    let seen = row.version;
    row.version += 1;
    write_back(tx, row.clone().into_active_model(), class::Column::Version, seen).await
}

/// Which classes a list is about.
#[derive(Debug)]
pub struct Which {
    pub scope: ClassScope,
    /// Only what was announced.
    pub announced: bool,
    pub me: Uuid,
}

/// Up to `limit + 1` classes.
///
/// # Errors
/// What the database says.
pub async fn page(
    db: &impl ConnectionTrait,
    which: &Which,
    limit: u64,
    after: Option<Cursor>,
) -> Result<Vec<class::Model>> {
    use class::Column as C;
    let to_come = [ClassState::Proposed, ClassState::Agreed, ClassState::Running].map(ClassState::wire);
    let mut query = class::Entity::find();
    if which.announced {
        query = query.filter(C::AnnouncedAt.is_not_null());
    }
    query = match which.scope {
        ClassScope::Upcoming => query.filter(C::State.is_in(to_come)),
        ClassScope::Past => query.filter(C::State.is_not_in(to_come)),
        ClassScope::Mine => {
            let mine = attendance::Entity::find()
                .select_only()
                .column(attendance::Column::ClassId)
                .filter(attendance::Column::PersonId.eq(which.me))
                .filter(
                    Condition::any()
                        .add(attendance::Column::EnrolledAt.is_not_null())
                        .add(attendance::Column::SignedInAt.is_not_null()),
                );
            let mine = sea_orm::QueryTrait::into_query(mine);
            query.filter(Condition::any().add(C::Id.in_subquery(mine)).add(C::TrainerId.eq(which.me)))
        }
    };
    let order = if which.scope == ClassScope::Upcoming { Order::Asc } else { Order::Desc };
    if let Some(after) = after {
        let at = Timestamp(after.key);
        let beyond = |column: C, value: sea_orm::Value| match order {
            Order::Asc => column.gt(value),
            _ => column.lt(value),
        };
        let same = Condition::all().add(C::StartsAt.eq(at)).add(beyond(C::Id, after.id.into()));
        query = query.filter(Condition::any().add(beyond(C::StartsAt, at.into())).add(same));
    }
    let query = query.order_by(C::StartsAt, order.clone()).order_by(C::Id, order);
    Ok(query.limit(limit.saturating_add(1)).all(db).await?)
}

/// How many are enrolled in each of these.
///
/// # Errors
/// What the database says.
pub async fn enrolled(db: &impl Fetch, classes: &[Uuid]) -> Result<HashMap<Uuid, i64>> {
    if classes.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::default();
    sql.push("SELECT class_id, COUNT(*) FROM class_attendances WHERE class_id IN ");
    sql.bind_all(classes.iter().copied()).push(" AND enrolled_at IS NOT NULL GROUP BY class_id");
    let rows = sql.all(db, |columns| Ok((columns.take::<Uuid>()?, columns.take::<i64>()?))).await?;
    Ok(rows.into_iter().collect())
}

/// What one person has to do with these.
///
/// # Errors
/// What the database says.
pub async fn of_person(
    db: &impl ConnectionTrait,
    classes: &[Uuid],
    person: Uuid,
) -> Result<HashMap<Uuid, attendance::Model>> {
    let rows = attendance::Entity::find()
        .filter(attendance::Column::PersonId.eq(person))
        .filter(attendance::Column::ClassId.is_in(classes.iter().copied()))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.class_id, row)).collect())
}

/// Everybody who enrolled or came, by person.
///
/// # Errors
/// What the database says.
pub async fn roster(db: &impl ConnectionTrait, class: Uuid) -> Result<Vec<attendance::Model>> {
    let any = Condition::any()
        .add(attendance::Column::EnrolledAt.is_not_null())
        .add(attendance::Column::SignedInAt.is_not_null());
    let rows = attendance::Entity::find().filter(attendance::Column::ClassId.eq(class)).filter(any);
    Ok(rows.order_by_asc(attendance::Column::PersonId).all(db).await?)
}

/// Writes what is so of one person now; the class is held.
///
/// # Errors
/// What the database says.
pub async fn save(tx: &WriteTx, row: attendance::Model) -> Result<()> {
    use attendance::Column as C;
    let changes = [C::EnrolledAt, C::SignedInAt, C::Method, C::SignedOutAt, C::MarkedBy, C::ReasonSealed];
    let place = OnConflict::columns([C::ClassId, C::PersonId]).update_columns(changes).to_owned();
    let insert = attendance::Entity::insert(row.into_active_model()).on_conflict(place);
    insert.exec_without_returning(&**tx).await?;
    Ok(())
}

/// Classes that begin in the span and that both sides agreed on.
///
/// # Errors
/// What the database says.
pub async fn agreed_between(
    db: &impl ConnectionTrait,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<class::Model>> {
    let states = [ClassState::Agreed, ClassState::Running, ClassState::Held, ClassState::Signed];
    let query = class::Entity::find()
        .filter(class::Column::StartsAt.gte(from))
        .filter(class::Column::StartsAt.lt(to))
        .filter(class::Column::State.is_in(states.map(ClassState::wire)));
    Ok(query.order_by_asc(class::Column::StartsAt).all(db).await?)
}

/// Who was there: class and person.
///
/// # Errors
/// What the database says.
pub async fn present(db: &impl ConnectionTrait, classes: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let query = attendance::Entity::find()
        .select_only()
        .columns([attendance::Column::ClassId, attendance::Column::PersonId])
        .filter(attendance::Column::ClassId.is_in(classes.iter().copied()))
        .filter(attendance::Column::SignedInAt.is_not_null());
    Ok(query.into_tuple().all(db).await?)
}
