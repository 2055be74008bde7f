//! Rows of the inbox. Writing is a few statements for any number of people, because the look-out for
//! deadlines tells hundreds at once.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::{Builder, Uuid};

use super::entity::{Column, Entity, Model};
use super::model::{COALESCE_MS, Line};
use crate::kit::clock::Timestamp;
use crate::kit::db::WriteTx;
use crate::kit::db::{Columns, Fetch, Sql};
use crate::kit::error::Result;

/// Ids in one question: SQLite takes 32,766 parameters.
const AT_ONCE: usize = 1000;
/// Rows in one INSERT: few enough that its text is compiled once and kept, however many there are to write.
const ROWS: usize = 100;
/// Unread ones are counted up to here: a badge shows no more.
const MOST_UNREAD: i64 = 100;

/// Who was told what lately: (person, object, event) → the notice.
pub type Recent = HashMap<(Uuid, Uuid, String), Uuid>;

/// What these people were told about these objects within the time in which the same is not told twice. Ids carry
/// the time at which a notice was first given.
pub async fn recent(tx: &WriteTx, people: &[Uuid], objects: &[Uuid], now: Timestamp) -> Result<Recent> {
    let since = u64::try_from(now.plus_millis(1 - COALESCE_MS).0).unwrap_or(0);
    let since = Builder::from_unix_timestamp_millis(since, &[0; 10]).into_uuid();
    let mut found = Recent::new();
    for people in people.chunks(AT_ONCE) {
        for objects in objects.chunks(AT_ONCE) {
            let mut sql = Sql::default();
            sql.push("SELECT id, person_id, object_id, event FROM notices WHERE person_id IN ");
            sql.bind_all(people.iter().copied()).push(" AND id > ").bind(since);
            sql.push(" AND object_id IN ").bind_all(objects.iter().copied());
            let read = |columns: &mut Columns<'_>| {
                let id = columns.take()?;
                Ok(((columns.take()?, columns.take()?, columns.take()?), id))
            };
            found.extend(sql.all(&**tx, read).await?);
        }
    }
    Ok(found)
}

/// Adds a notice for each line, with whatever else waits in the transaction; `ids` are theirs.
pub async fn insert(tx: &WriteTx, ids: &[Uuid], lines: &[Line], now: Timestamp) -> Result<()> {
    let row = |(id, line): (&Uuid, &Line)| Model {
        id: *id,
        person_id: line.person_id,
        event: line.event.clone(),
        object_kind: line.object_kind.to_owned(),
        object_id: line.object_id,
        number: line.number.clone(),
        text: line.text.clone(),
        urgent: line.urgent,
        count: 1,
        at: now,
        read_at: None,
    };
    let rows: Vec<Model> = ids.iter().zip(lines).map(row).collect();
    for rows in rows.chunks(ROWS) {
        let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
        tx.later(Entity::insert_many(rows).build(tx.backend())).await;
    }
    Ok(())
}

/// Brings a notice up to date: it is unread again and says what is so now.
pub async fn renew(tx: &WriteTx, id: Uuid, line: &Line, now: Timestamp) -> Result<()> {
    let mut sql = Sql::default();
    sql.push("UPDATE notices SET read_at = NULL, count = count + 1, at = ").bind(now.0);
    sql.push(", text = ").bind(line.text.as_str()).push(", number = ").bind(line.number.as_str());
    sql.push(", urgent = (urgent OR ").bind(line.urgent).push(") WHERE person_id = ").bind(line.person_id);
    sql.push(" AND id = ").bind(id);
    sql.run(&**tx).await?;
    Ok(())
}

/// Up to `limit + 1` notices of a person, the newest first.
pub async fn page(
    db: &impl ConnectionTrait,
    person: Uuid,
    unread: bool,
    limit: u64,
    before: Option<Uuid>,
) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::PersonId.eq(person));
    if unread {
        query = query.filter(Column::ReadAt.is_null());
    }
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    Ok(query.order_by_desc(Column::Id).limit(limit.saturating_add(1)).all(db).await?)
}

/// How many a person has not read, up to a hundred.
pub async fn unread(db: &impl Fetch, person: Uuid) -> Result<i64> {
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) FROM (SELECT 1 FROM notices WHERE person_id = ").bind(person);
    sql.push(" AND read_at IS NULL LIMIT ").bind(MOST_UNREAD).push(") x");
    Ok(sql.one(db, |columns| columns.take()).await?.unwrap_or(0))
}

/// Which notices a person has read.
#[derive(Debug)]
pub enum Which {
    These(Vec<Uuid>),
    AllBefore(Timestamp),
}

/// Marks those of the person that are not read yet, and says how many.
pub async fn mark_read(tx: &WriteTx, person: Uuid, which: Which, now: Timestamp) -> Result<u64> {
    let these = match which {
        Which::These(ids) => Column::Id.is_in(ids),
        Which::AllBefore(at) => Column::At.lte(at),
    };
    let update = Entity::update_many().col_expr(Column::ReadAt, Expr::value(now.0));
    let update = update.filter(Column::PersonId.eq(person)).filter(Column::ReadAt.is_null()).filter(these);
    Ok(update.exec(&**tx).await?.rows_affected)
}
