//! Keeping the index: what of a document changed is worked out from its old and new text, and only the rows
//! of those tokens are written. One writer at a time: the row of `search_state` is the lock.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::kit::db::WriteTx;
use crate::kit::error::Result;
use crate::search::model::tokens::{Impacts, impacts};
use crate::search::model::{Entry, postings};
use crate::search::store::{entries, index};

/// Block → token → place within the block → the new impact, or `None` where the token no longer stands.
type Changes = BTreeMap<i32, BTreeMap<String, BTreeMap<u16, Option<u8>>>>;

/// Makes a material findable as it is now, in the caller's transaction.
///
/// # Errors
/// What the database says.
pub async fn put(tx: &WriteTx, entry: &Entry) -> Result<()> {
    put_all(tx, std::slice::from_ref(entry)).await
}

/// As [`put`] for many: a token that stands in a thousand of them is written once. No material twice.
///
/// # Errors
/// What the database says.
pub async fn put_all(tx: &WriteTx, all: &[Entry]) -> Result<()> {
    let mut state = index::lock(tx).await?;
    let ids: Vec<Uuid> = all.iter().map(|e| e.id).collect();
    let there = entries::by_ids(&**tx, &ids).await?;
    let mut changes = Changes::new();
    let mut fresh = Vec::new();
    for entry in all {
        if let Some((doc, old)) = there.get(&entry.id) {
            if old != entry {
                change(&mut changes, *doc, &impacts(old), &impacts(entry));
                entries::update(tx, *doc, entry).await?;
            }
        } else {
            state.last_doc += 1;
            state.docs += 1;
            change(&mut changes, state.last_doc, &Impacts::new(), &impacts(entry));
            fresh.push((state.last_doc, entry));
        }
    }
    entries::insert(tx, &fresh).await?;
    write(tx, changes).await?;
    index::save(tx, state).await
}

/// Makes a material unfindable; one that is not there stays so.
///
/// # Errors
/// What the database says.
pub async fn remove(tx: &WriteTx, id: Uuid) -> Result<()> {
    let mut state = index::lock(tx).await?;
    let Some((doc, old)) = entries::by_ids(&**tx, &[id]).await?.remove(&id) else { return Ok(()) };
    let mut changes = Changes::new();
    change(&mut changes, doc, &impacts(&old), &Impacts::new());
    write(tx, changes).await?;
    entries::delete(tx, doc).await?;
    state.docs -= 1;
    index::save(tx, state).await
}

fn change(changes: &mut Changes, doc: i32, old: &Impacts, new: &Impacts) {
    let (block, place) = postings::split(doc);
    let gone = old.keys().filter(|token| !new.contains_key(*token)).map(|token| (token, None));
    let other = new.iter().filter(|(token, impact)| old.get(*token) != Some(impact));
    let tokens = changes.entry(block).or_default();
    for (token, impact) in gone.chain(other.map(|(token, impact)| (token, Some(*impact)))) {
        tokens.entry(token.clone()).or_default().insert(place, impact);
    }
}

async fn write(tx: &WriteTx, changes: Changes) -> Result<()> {
    for (block, tokens) in changes {
        let mut rows = index::block(tx, block, tokens.keys()).await?;
        for (token, places) in tokens {
            let bytes = rows.entry(token).or_default();
            for (place, impact) in places {
                postings::set(bytes, place, impact);
            }
        }
        index::write(tx, block, rows).await?;
    }
    Ok(())
}
