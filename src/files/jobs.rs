//! What nobody needs any more: loose and unfinished uploads of yesterday, drafts of crashed processes, and blobs whose
//! row was never committed.

use uuid::Uuid;

use super::model::LOOSE_SECONDS;
use super::{store, uploads};
use crate::kit::Kit;
use crate::kit::clock::Timestamp;
use crate::kit::error::Result;

/// Loose uploads dropped in one round.
const BATCH: u64 = 200;
/// Shards of the store looked through in one round; the whole store in sixteen rounds.
const SHARDS: i64 = 16;
/// About how often the worker calls; only tells the rounds apart.
const ROUND_MILLIS: i64 = 300_000;

/// What one round removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub loose: usize,
    pub drafts: usize,
    pub orphans: usize,
}

/// One round; safe to run anywhere, any number of times.
///
/// # Errors
/// What the database or the store says; what was removed stays removed.
pub async fn sweep(kit: &Kit) -> Result<Swept> {
    let now = kit.clock.now();
    let before = now.plus_seconds(-LOOSE_SECONDS);
    let mut swept = Swept { drafts: kit.blobs.sweep_drafts(before).await?, ..Swept::default() };
    for id in store::loose_before(kit.db.reader(), before, BATCH).await? {
        // The row first: a blob without a row is an orphan, a row without a blob would be a broken promise.
        if store::drop_loose(kit.db.writer(), id).await? {
            kit.blobs.delete(id).await?;
            swept.loose += 1;
        }
    }
    for id in store::media::loose_before(kit.db.reader(), before, BATCH).await? {
        let tx = kit.db.write_tx().await?;
        store::media::drop_upload_of(&*tx, id).await?;
        if store::media::drop_loose(&*tx, id).await? {
            tx.commit().await?;
            kit.blobs.delete(id).await?;
            swept.loose += 1;
        }
    }
    for id in store::media::unfinished_before(kit.db.reader(), before, BATCH).await? {
        uploads::forget(kit, id).await?;
        swept.loose += 1;
    }
    let round = now.0.div_euclid(ROUND_MILLIS).rem_euclid(256 / SHARDS);
    for shard in round * SHARDS..(round + 1) * SHARDS {
        swept.orphans += orphans(kit, u8::try_from(shard).unwrap_or(0), before).await?;
    }
    Ok(swept)
}

async fn orphans(kit: &Kit, shard: u8, before: Timestamp) -> Result<usize> {
    let mut old = kit.blobs.shard(shard).await?;
    old.retain(|id| made_at(id).is_some_and(|at| at < before));
    let mut gone = 0;
    for ids in old.chunks(500) {
        let mut known = store::existing(kit.db.reader(), ids).await?;
        known.extend(store::media::existing(kit.db.reader(), ids).await?);
        for id in ids.iter().filter(|id| !known.contains(id)) {
            kit.blobs.delete(*id).await?;
            gone += 1;
        }
    }
    Ok(gone)
}

/// A UUIDv7 tells when it was made.
fn made_at(id: &Uuid) -> Option<Timestamp> {
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    Some(Timestamp(i64::try_from(seconds).ok()? * 1000 + i64::from(nanos / 1_000_000)))
}
