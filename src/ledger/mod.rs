//! The append-only ledger: each write adds its entry in its own transaction; the sequencer gives
//! committed entries their place and chains them; the verifier names the first bad one.
//!
//! What it promises: once a batch has its checkpoint, no row of it can be changed, dropped, inserted or
//! moved without `verify` naming it. Who can rewrite the whole database can also rewrite the chain:
//! against that stand checkpoints kept elsewhere (`verify` takes them) and proofs handed out before.

pub mod chain;
pub mod entity;
mod entry;
pub mod merkle;
pub mod prove;
pub mod sequencer;
mod store;
#[cfg(test)]
mod testing;
mod verify;

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::kit::Kit;
use crate::kit::ctx::Ctx;
use crate::kit::db::WriteTx;
use crate::kit::error::Result;

pub use entry::{Entry, Hash, Stored, lp_digest};
pub use verify::{Bad, Fault, Report, verify, verify_against};

/// Adds the entry in the caller's transaction and returns its id. A person acts with the roster's id, an
/// account that is not bound yet with its own.
///
/// # Errors
/// What the database says; a `detail` with floats.
pub async fn append(ctx: &Ctx, tx: &impl ConnectionTrait, entry: Entry<'_>) -> Result<Uuid> {
    let id = ctx.kit.ids.fresh()?;
    store::insert_entry(tx, id, ctx.now, by(ctx), &entry).await?;
    Ok(id)
}

/// As [`append`], together with the other writes of the transaction, see `kit::db::Tx::later`.
///
/// # Errors
/// A `detail` with floats.
pub async fn append_later(ctx: &Ctx, tx: &WriteTx, entry: Entry<'_>) -> Result<Uuid> {
    let id = ctx.kit.ids.fresh()?;
    for insert in store::entry_rows(tx.backend(), id, ctx.now, by(ctx), &entry)? {
        tx.later(insert).await;
    }
    Ok(id)
}

fn by(ctx: &Ctx) -> store::By<'static> {
    let (actor_id, actor_side) = match &ctx.actor.member {
        Some(member) => (member.person_id, member.side.wire()),
        None => (ctx.actor.account_id, "unbound"),
    };
    store::By { actor_id: Some(actor_id), actor_side, request_id: Some(ctx.request_id) }
}

/// Adds an entry about something the program did by itself.
///
/// # Errors
/// As [`append`].
pub async fn append_system(kit: &Kit, tx: &impl ConnectionTrait, entry: Entry<'_>) -> Result<Uuid> {
    let id = kit.ids.fresh()?;
    let by = store::By { actor_id: None, actor_side: "system", request_id: None };
    store::insert_entry(tx, id, kit.clock.now(), by, &entry).await?;
    Ok(id)
}

/// As [`append_system`], for many at once; the ids are in the order of the entries.
///
/// # Errors
/// As [`append`].
pub async fn append_system_all(
    kit: &Kit,
    tx: &impl ConnectionTrait,
    entries: Vec<Entry<'_>>,
) -> Result<Vec<Uuid>> {
    let with_id = |entry| Ok((kit.ids.fresh()?, entry));
    let entries: Vec<(Uuid, Entry<'_>)> = entries.into_iter().map(with_id).collect::<Result<_>>()?;
    let by = store::By { actor_id: None, actor_side: "system", request_id: None };
    store::insert_entries(tx, kit.clock.now(), by, &entries).await?;
    Ok(entries.into_iter().map(|(id, _)| id).collect())
}

/// Place (from 1) and chain hash (hex) of those entries that have one already.
///
/// # Errors
/// What the database says.
pub async fn places(db: &impl ConnectionTrait, entries: &[Uuid]) -> Result<HashMap<Uuid, (i64, String)>> {
    let found = store::places_of(db, entries).await?;
    Ok(found.into_iter().map(|p| (p.entry_id, (p.seq, hex(&p.hash)))).collect())
}

/// What an entry says: who did what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub actor_id: Option<Uuid>,
    pub actor_side: String,
    pub action: String,
    /// JSON.
    pub detail: String,
}

/// What these entries say, whether or not they have a place yet. [`verify`] tells whether they can be believed.
///
/// # Errors
/// What the database says.
pub async fn said(db: &impl ConnectionTrait, entries: &[Uuid]) -> Result<HashMap<Uuid, Said>> {
    let mut found = HashMap::new();
    for entry in store::entries(db, entries).await? {
        let said = Said {
            actor_id: entry.actor_id,
            actor_side: entry.actor_side,
            action: entry.action,
            detail: entry.detail,
        };
        found.insert(entry.id, said);
    }
    Ok(found)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        for half in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
        out
    })
}
