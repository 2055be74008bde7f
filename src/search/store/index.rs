//! Where tokens stand, block by block, and the row that numbers the documents.

use std::collections::BTreeMap;

use sea_orm::DbErr;

use crate::kit::db::{Columns, Fetch, Sql, WriteTx};
use crate::kit::error::{Code, Error, Result};
use crate::search::model::RULES;

/// Tokens in one statement: well below what SQLite takes as parameters.
const AT_ONCE: usize = 1000;

/// How many documents there are, and the last number that was given to one. Numbers are not used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub last_doc: i32,
    pub docs: i32,
    /// By which rules the tokens were made.
    pub rules: i32,
}

/// Questions have few lengths, or each would be a statement of its own: the last token fills up.
const PADDED: usize = 8;

fn read(c: &mut Columns<'_>) -> std::result::Result<State, DbErr> {
    Ok(State { last_doc: c.take()?, docs: c.take()?, rules: c.take()? })
}

/// Reads the state and keeps others from changing the index until the transaction ends.
pub async fn lock(tx: &WriteTx) -> Result<State> {
    let mut sql = Sql::default();
    sql.push("UPDATE search_state SET docs = docs WHERE id = 1 RETURNING last_doc, docs, rules");
    let state = sql.one(&**tx, read).await?;
    state.ok_or_else(|| Error::new(Code::Internal).because("search_state has no row"))
}

pub async fn save(tx: &WriteTx, state: State) -> Result<()> {
    let mut sql = Sql::default();
    sql.push("UPDATE search_state SET last_doc = ").bind(state.last_doc);
    sql.push(", docs = ").bind(state.docs).push(", rules = ").bind(state.rules).push(" WHERE id = 1");
    sql.run(&**tx).await?;
    Ok(())
}

/// Forgets where every token stands.
pub async fn clear(tx: &WriteTx) -> Result<()> {
    let mut sql = Sql::default();
    sql.push("DELETE FROM search_postings");
    sql.run(&**tx).await?;
    Ok(())
}

/// What a block has of these tokens.
pub async fn block(
    tx: &WriteTx,
    block: i32,
    tokens: impl Iterator<Item = &String>,
) -> Result<BTreeMap<String, Vec<u8>>> {
    let tokens: Vec<&String> = tokens.collect();
    let mut rows = BTreeMap::new();
    for tokens in tokens.chunks(AT_ONCE) {
        let mut sql = Sql::default();
        sql.push("SELECT token, docs FROM search_postings WHERE block = ").bind(block);
        sql.push(" AND token IN ").bind_all(tokens.iter().map(|t| t.as_str()));
        let read = |c: &mut Columns<'_>| Ok((c.take()?, c.take()?));
        rows.extend(sql.all(&**tx, read).await?);
    }
    Ok(rows)
}

/// Writes what a block has of these tokens; a token that stands nowhere there any more has no row.
pub async fn write(tx: &WriteTx, block: i32, rows: BTreeMap<String, Vec<u8>>) -> Result<()> {
    let (gone, there): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, docs)| docs.is_empty());
    for gone in gone.chunks(AT_ONCE) {
        let mut sql = Sql::default();
        sql.push("DELETE FROM search_postings WHERE block = ").bind(block);
        sql.push(" AND token IN ").bind_all(gone.iter().map(|(token, _)| token.as_str()));
        sql.run(&**tx).await?;
    }
    for rows in there.chunks(AT_ONCE) {
        let mut sql = Sql::default();
        sql.push("INSERT INTO search_postings (token, block, docs) VALUES ");
        for (at, (token, docs)) in rows.iter().enumerate() {
            sql.push(if at == 0 { "(" } else { ", (" }).bind(token.as_str()).push(", ").bind(block);
            sql.push(", ").bind(docs.clone()).push(")");
        }
        sql.push(" ON CONFLICT (token, block) DO UPDATE SET docs = excluded.docs");
        sql.run(&**tx).await?;
    }
    Ok(())
}

/// The state as it is now.
pub async fn state(db: &impl Fetch) -> Result<State> {
    let mut sql = Sql::default();
    sql.push("SELECT last_doc, docs, rules FROM search_state WHERE id = 1");
    Ok(sql.one(db, read).await?.unwrap_or(State { last_doc: 0, docs: 0, rules: RULES }))
}

/// In how many documents each of these tokens stands, for those that stand anywhere.
pub async fn frequencies(db: &impl Fetch, tokens: &[String]) -> Result<Vec<(String, i64)>> {
    if tokens.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::default();
    sql.push("SELECT token, SUM(length(docs)) / 2 FROM search_postings WHERE token IN ");
    sql.bind_all(padded(tokens)).push(" GROUP BY token");
    sql.all(db, |c| Ok((c.take()?, c.take()?))).await
}

/// Where these tokens stand: token, block, documents.
pub async fn postings(db: &impl Fetch, tokens: &[String]) -> Result<Vec<(String, i32, Vec<u8>)>> {
    let mut sql = Sql::default();
    sql.push("SELECT token, block, docs FROM search_postings WHERE token IN ").bind_all(padded(tokens));
    sql.all(db, |c| Ok((c.take()?, c.take()?, c.take()?))).await
}

fn padded(tokens: &[String]) -> impl Iterator<Item = &str> {
    let length = tokens.len().next_multiple_of(PADDED);
    tokens.iter().chain(tokens.iter().rev().cycle().take(length - tokens.len())).map(String::as_str)
}
