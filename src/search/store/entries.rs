//! What can be found: the materials as they were published.

use std::collections::HashMap;

use sea_orm::DbErr;
use uuid::Uuid;

use crate::kit::db::{Columns, Fetch, Sql, WriteTx};
use crate::kit::error::Result;
use crate::search::model::Entry;

/// Rows in one INSERT, and ids in one question.
const AT_ONCE: usize = 500;

const COLUMNS: &str = "doc, id, course_id, kind, title, body, tags, category";

fn entry(c: &mut Columns<'_>) -> std::result::Result<(i32, Entry), DbErr> {
    let doc = c.take()?;
    let (id, course_id, kind) = (c.take()?, c.take()?, c.take()?);
    let (title, body, tags): (_, _, String) = (c.take()?, c.take()?, c.take()?);
    let tags = serde_json::from_str(&tags).map_err(|e| DbErr::Json(e.to_string()))?;
    Ok((doc, Entry { id, course_id, kind, title, body, tags, category: c.take()? }))
}

fn list(tags: &[String]) -> String {
    serde_json::Value::from(tags).to_string()
}

/// Materials with the numbers of their documents.
pub async fn by_ids(db: &impl Fetch, ids: &[Uuid]) -> Result<HashMap<Uuid, (i32, Entry)>> {
    let mut found = HashMap::new();
    for ids in ids.chunks(AT_ONCE) {
        let mut sql = Sql::default();
        sql.push("SELECT ").push(COLUMNS).push(" FROM search_entries WHERE id IN ");
        sql.bind_all(ids.iter().copied());
        found.extend(sql.all(db, entry).await?.into_iter().map(|(doc, entry)| (entry.id, (doc, entry))));
    }
    Ok(found)
}

/// Materials by the numbers of their documents.
pub async fn by_docs(db: &impl Fetch, docs: impl IntoIterator<Item = i32>) -> Result<HashMap<i32, Entry>> {
    let mut sql = Sql::default();
    sql.push("SELECT ").push(COLUMNS).push(" FROM search_entries WHERE doc IN ").bind_all(docs);
    Ok(sql.all(db, entry).await?.into_iter().collect())
}

pub async fn insert(tx: &WriteTx, fresh: &[(i32, &Entry)]) -> Result<()> {
    for rows in fresh.chunks(AT_ONCE) {
        let mut sql = Sql::default();
        sql.push("INSERT INTO search_entries (").push(COLUMNS).push(") VALUES ");
        for (at, (doc, e)) in rows.iter().enumerate() {
            sql.push(if at == 0 { "" } else { ", " });
            let values: [sea_orm::Value; 8] = [
                (*doc).into(),
                e.id.into(),
                e.course_id.into(),
                e.kind.as_str().into(),
                e.title.as_str().into(),
                e.body.as_str().into(),
                list(&e.tags).into(),
                e.category.as_str().into(),
            ];
            sql.bind_all(values);
        }
        sql.run(&**tx).await?;
    }
    Ok(())
}

pub async fn update(tx: &WriteTx, doc: i32, e: &Entry) -> Result<()> {
    let mut sql = Sql::default();
    sql.push("UPDATE search_entries SET course_id = ").bind(e.course_id);
    sql.push(", kind = ").bind(e.kind.as_str()).push(", title = ").bind(e.title.as_str());
    sql.push(", body = ").bind(e.body.as_str()).push(", tags = ").bind(list(&e.tags));
    sql.push(", category = ").bind(e.category.as_str()).push(" WHERE doc = ").bind(doc);
    sql.run(&**tx).await?;
    Ok(())
}

pub async fn delete(tx: &WriteTx, doc: i32) -> Result<()> {
    let mut sql = Sql::default();
    sql.push("DELETE FROM search_entries WHERE doc = ").bind(doc);
    sql.run(&**tx).await?;
    Ok(())
}
