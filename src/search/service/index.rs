//! Keeping the index: what of a document changed is worked out from its old and new text, and only the rows
//! of those tokens are written. One writer at a time: the row of `search_state` is the lock.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::kit::Kit;
use crate::kit::db::{Fetch, WriteTx};
use crate::kit::error::Result;
use crate::search::model::tokens::{Impacts, impacts};
use crate::search::model::{Entry, RULES, postings};
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
            // Nothing stands there yet that other rules have made.
            if state.docs == 0 {
                state.rules = RULES;
            }
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

/// What a rebuilt index has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    pub docs: usize,
    /// The rules of before, when they were others.
    pub from_rules: Option<i32>,
    pub rules: i32,
}

/// Makes every token anew from the stored texts. Questions find what they found until it is done; whoever publishes
/// waits. Doing it again changes nothing.
///
/// # Errors
/// What the database says.
pub async fn rebuild(kit: &Kit) -> Result<Rebuilt> {
    let tx = kit.db.write_tx().await?;
    let mut state = index::lock(&tx).await?;
    index::clear(&tx).await?;
    let mut docs = 0;
    for block in 0..=postings::split(state.last_doc).0 {
        let mut changes = Changes::new();
        for (doc, entry) in entries::by_docs(&*tx, postings::docs(block)).await? {
            change(&mut changes, doc, &Impacts::new(), &impacts(&entry));
            docs += 1;
        }
        write(&tx, changes).await?;
    }
    let from_rules = Some(state.rules).filter(|rules| *rules != RULES);
    state.rules = RULES;
    index::save(&tx, state).await?;
    tx.commit().await?;
    Ok(Rebuilt { docs, from_rules, rules: RULES })
}

/// Whether the index was made by other rules than this program's.
///
/// # Errors
/// What the database says.
pub async fn is_outdated(db: &impl Fetch) -> Result<bool> {
    let state = index::state(db).await?;
    Ok(state.docs > 0 && state.rules != RULES)
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
