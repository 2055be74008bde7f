//! Gives committed entries their place. One worker at a time holds the lease; it reads a batch and hashes
//! it without any lock, then writes places, checkpoint and the emptied queue in one short transaction, so
//! that writers hardly notice. Within a second of its commit every entry has its place.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::chain::{GENESIS, link};
use super::entry::Hash;
use super::merkle::{Frontier, leaf};
use super::store::{self, Batch, Placed};
use crate::kit::Kit;
use crate::kit::clock::Clock;
use crate::kit::db::Db;
use crate::kit::error::{Code, Error, Result};

/// Entries placed in one transaction: short enough for writers, long enough for thousands a second.
const BATCH: u64 = 1000;
/// Pause between looks at an empty queue.
const PAUSE: Duration = Duration::from_millis(250);
/// Pause after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// How long a worker that stops answering keeps the others out.
const LEASE_MILLIS: i64 = 5_000;

/// What one look at the queue did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Nothing waits.
    Idle,
    /// Another worker does it.
    Elsewhere,
    /// So many entries got their place.
    Placed(usize),
}

/// Runs until told to stop; a batch that has begun is finished. Any number of processes may run it.
pub async fn run(kit: Arc<Kit>, stop: CancellationToken) {
    let Ok(holder) = kit.ids.fresh() else {
        tracing::error!("ledger sequencer: no id");
        return;
    };
    while !stop.is_cancelled() {
        let pause = match once(&kit.db, &kit.clock, holder).await {
            Ok(Pass::Placed(n)) if n as u64 == BATCH => {
                // More waits; let writers in first.
                tokio::task::yield_now().await;
                continue;
            }
            Ok(_) => PAUSE,
            Err(err) => {
                metrics::counter!("lvyue_ledger_failures_total").increment(1);
                tracing::error!(error = %err, "ledger sequencer: batch failed");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    if let Err(err) = store::release_lease(kit.db.writer(), holder).await {
        tracing::warn!(error = %err, "ledger sequencer: lease not released");
    }
}

/// Places at most one batch.
///
/// # Errors
/// What the database says; a last place that its checkpoint does not cover.
pub async fn once(db: &Db, clock: &Clock, holder: Uuid) -> Result<Pass> {
    let reader = db.reader();
    let waiting = store::backlog(reader).await?;
    metrics::gauge!("lvyue_ledger_backlog").set(waiting as f64);
    if waiting == 0 {
        return Ok(Pass::Idle);
    }
    let now = clock.now();
    if store::leased_by_other(reader, holder, now).await? {
        return Ok(Pass::Elsewhere);
    }
    let began = Instant::now();
    let deployment = store::deployment(reader).await?;
    let before = store::tip(reader).await?;
    let entries = store::next_batch(reader, BATCH).await?;
    if entries.is_empty() {
        return Ok(Pass::Idle);
    }
    let (mut hash, mut frontier) = match &before {
        Some(tip) => (tip.hash, tip.frontier()?),
        None => (GENESIS, Frontier::default()),
    };
    // Each batch has a time of its own, later than the one before whatever the machine's clock does: so
    // the verifier knows where batches ended and misses a checkpoint that is gone.
    let placed_at = before.as_ref().map_or(now.0, |tip| now.0.max(tip.placed_at + 1));
    let mut placed = Vec::with_capacity(entries.len());
    for entry in &entries {
        let seq = frontier.size() + 1;
        hash = link(deployment, seq, placed_at, &entry.digest(), &hash);
        frontier.push(leaf(&hash));
        placed.push(Placed { seq: number(seq)?, entry_id: entry.id, hash });
    }
    let size_before = number(frontier.size())? - number(placed.len() as u64)?;
    let batch = Batch { placed, placed_at, root: frontier.root(), frontier: frontier.to_bytes() };

    let tx = db.write_tx().await?;
    // From here on nobody else sequences: the lease's row is locked until the commit.
    if !store::take_lease(&*tx, holder, now, now.plus_millis(LEASE_MILLIS)).await?
        || store::size(&*tx).await? != size_before
    {
        return Ok(Pass::Elsewhere);
    }
    store::write_batch(&*tx, &batch).await?;
    tx.commit().await?;
    metrics::counter!("lvyue_ledger_placed_total").increment(batch.placed.len() as u64);
    metrics::histogram!("lvyue_ledger_batch_seconds").record(began.elapsed().as_secs_f64());
    Ok(Pass::Placed(batch.placed.len()))
}

/// The last place and the tree up to it.
pub(super) struct Tip {
    pub size: u64,
    pub hash: Hash,
    pub placed_at: i64,
    pub root: Hash,
    pub frontier: Vec<u8>,
}

impl Tip {
    fn frontier(&self) -> Result<Frontier> {
        // Building on a broken frontier would hide what broke it.
        Frontier::from_bytes(self.size, &self.frontier)
            .filter(|f| f.root() == self.root)
            .ok_or_else(|| Error::new(Code::Internal).because("the last ledger checkpoint does not fit"))
    }
}

fn number(n: u64) -> Result<i64> {
    i64::try_from(n).map_err(|_| Error::new(Code::Internal).because("the ledger is too large"))
}

#[cfg(test)]
mod tests;
